"""What learners write for attention_backward."""

import math

import numpy as np


def _flip(array):
    return np.swapaxes(array, -1, -2)


def _softmax(scores, axis=-1):
    strengths = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return strengths / strengths.sum(axis=axis, keepdims=True)


def _weights(Q, K):
    return _softmax(Q @ _flip(K) / math.sqrt(Q.shape[-1]))


def _through_softmax(weights, d_weights):
    return weights * (d_weights - (weights * d_weights).sum(axis=-1, keepdims=True))


def _scores_gradient(dO, Q, K, V):
    weights = _weights(Q, K)
    return _through_softmax(weights, dO @ _flip(V)) / math.sqrt(Q.shape[-1]), weights


def _finish(d_scores, weights, dO, Q, K):
    return d_scores @ K, _flip(d_scores) @ Q, _flip(weights) @ dO


def softmax_step_left_out(dO, Q, K, V):
    """The gradient of the weights is taken for that of the scores: the softmax step is missing.

    Hint: if one score grows, what happens to the weights of all the other words?
    """
    return _finish(dO @ _flip(V) / math.sqrt(Q.shape[-1]), _weights(Q, K), dO, Q, K)


def average_not_subtracted(dO, Q, K, V):
    """In the softmax step only the weights multiply: the row's average is not subtracted.

    Hint: what must the gradients of one row of scores add up to?
    """
    weights = _weights(Q, K)
    return _finish(weights * (dO @ _flip(V)) / math.sqrt(Q.shape[-1]), weights, dO, Q, K)


def diagonal_of_the_jacobian(dO, Q, K, V):
    """Only w (1 − w) is used: that a score also lowers all other weights is left out.

    Hint: the softmax step needs every pair of words, not each word alone.
    """
    weights = _weights(Q, K)
    d_scores = weights * (1 - weights) * (dO @ _flip(V)) / math.sqrt(Q.shape[-1])
    return _finish(d_scores, weights, dO, Q, K)


def plain_average(dO, Q, K, V):
    """A plain average is subtracted; it should be weighted by the row's weights.

    Hint: a word with a tiny weight should count little in the average.
    """
    weights, d_weights = _weights(Q, K), dO @ _flip(V)
    d_scores = weights * (d_weights - d_weights.mean(axis=-1, keepdims=True))
    return _finish(d_scores / math.sqrt(Q.shape[-1]), weights, dO, Q, K)


def average_over_queries(dO, Q, K, V):
    """The average runs over the queries; each row should subtract its own.

    Hint: name the axis along which the weights of one query lie.
    """
    weights, d_weights = _weights(Q, K), dO @ _flip(V)
    d_scores = weights * (d_weights - (weights * d_weights).sum(axis=-2, keepdims=True))
    return _finish(d_scores / math.sqrt(Q.shape[-1]), weights, dO, Q, K)


def average_over_everything(dO, Q, K, V):
    """One average is taken over the whole array; each row should subtract its own.

    Hint: `sum` needs an axis here, and keeps it.
    """
    weights, d_weights = _weights(Q, K), dO @ _flip(V)
    d_scores = weights * (d_weights - (weights * d_weights).sum())
    return _finish(d_scores / math.sqrt(Q.shape[-1]), weights, dO, Q, K)


def average_loses_its_axis(dO, Q, K, V):
    """The averages lose their axis, so each column subtracts another row's average.

    Hint: `keepdims=True` keeps the summed axis, and the subtraction lines up.
    """
    weights, d_weights = _weights(Q, K), dO @ _flip(V)
    d_scores = weights * (d_weights - (weights * d_weights).sum(axis=-1))
    return _finish(d_scores / math.sqrt(Q.shape[-1]), weights, dO, Q, K)


def scale_forgotten_on_the_way_back(dO, Q, K, V):
    """The weights are scaled by √d_k, but the gradient does not pass through that division.

    Hint: what was divided on the way forth is divided on the way back.
    """
    d_scores, weights = _scores_gradient(dO, Q, K, V)
    return _finish(d_scores * math.sqrt(Q.shape[-1]), weights, dO, Q, K)


def scale_forgotten_on_the_way_forth(dO, Q, K, V):
    """The weights are computed from unscaled scores.

    Hint: divide the scores by √d_k before the softmax.
    """
    weights = _softmax(Q @ _flip(K))
    d_scores = _through_softmax(weights, dO @ _flip(V)) / math.sqrt(Q.shape[-1])
    return _finish(d_scores, weights, dO, Q, K)


def never_scaled(dO, Q, K, V):
    """The division by √d_k is missing on both ways.

    Hint: these are gradients of softmax(Q Kᵀ) V; which division is left out?
    """
    weights = _softmax(Q @ _flip(K))
    return _finish(_through_softmax(weights, dO @ _flip(V)), weights, dO, Q, K)


def scaled_by_d_k(dO, Q, K, V):
    """The scores are divided by d_k; it should be its square root.

    Hint: the spread of a dot product grows with √d_k.
    """
    d_k = Q.shape[-1]
    weights = _softmax(Q @ _flip(K) / d_k)
    return _finish(_through_softmax(weights, dO @ _flip(V)) / d_k, weights, dO, Q, K)


def scaled_by_the_width_of_values(dO, Q, K, V):
    """The scale is taken from the width of the values, not of the queries and keys.

    Hint: which two arrays meet in a score?
    """
    root = math.sqrt(V.shape[-1])
    weights = _softmax(Q @ _flip(K) / root)
    return _finish(_through_softmax(weights, dO @ _flip(V)) / root, weights, dO, Q, K)


def scaled_twice_on_the_way_back(dO, Q, K, V):
    """The gradient is divided by √d_k twice.

    Hint: the division happened once on the way forth, so it happens once on the way back.
    """
    d_scores, weights = _scores_gradient(dO, Q, K, V)
    return _finish(d_scores / math.sqrt(Q.shape[-1]), weights, dO, Q, K)


def scale_also_on_the_values(dO, Q, K, V):
    """The gradient of the values is divided by √d_k too; the values meet no such division.

    Hint: follow the path of V to the output: it only passes the weights.
    """
    d_scores, weights = _scores_gradient(dO, Q, K, V)
    dQ, dK, dV = _finish(d_scores, weights, dO, Q, K)
    return dQ, dK, dV / math.sqrt(Q.shape[-1])


def weights_not_transposed(dO, Q, K, V):
    """For dV the weights are not transposed: each query gets what each value should.

    Hint: value j collects from every query i. Over which axis must the product sum?
    """
    d_scores, weights = _scores_gradient(dO, Q, K, V)
    return d_scores @ K, _flip(d_scores) @ Q, weights @ dO


def scores_not_transposed(dO, Q, K, V):
    """For dK the gradient of the scores is not transposed.

    Hint: key j collects from every query i. Over which axis must the product sum?
    """
    d_scores, weights = _scores_gradient(dO, Q, K, V)
    return d_scores @ K, d_scores @ Q, _flip(weights) @ dO


def scores_transposed_for_the_queries(dO, Q, K, V):
    """For dQ the gradient of the scores is transposed, and should not be.

    Hint: query i collects from every key j of its own row.
    """
    d_scores, weights = _scores_gradient(dO, Q, K, V)
    return _flip(d_scores) @ K, _flip(d_scores) @ Q, _flip(weights) @ dO


def queries_and_keys_exchanged(dO, Q, K, V):
    """dQ is built from the queries and dK from the keys; each needs the other.

    Hint: how fast a product grows with one factor is told by the other factor.
    """
    d_scores, weights = _scores_gradient(dO, Q, K, V)
    return d_scores @ Q, _flip(d_scores) @ K, _flip(weights) @ dO


def values_not_transposed(dO, Q, K, V):
    """The worth of a weight is taken from dO @ V, without the transpose.

    Hint: the weight of word j is worth dO · v_j; v_j is a row of V.
    """
    weights = _weights(Q, K)
    d_scores = _through_softmax(weights, dO @ V) / math.sqrt(Q.shape[-1])
    return _finish(d_scores, weights, dO, Q, K)


def transpose_of_all_axes(dO, Q, K, V):
    """`.T` turns all axes around, also those of the batch.

    Hint: with batch axes, swap the last two.
    """
    scale = 1 / math.sqrt(Q.shape[-1])
    weights = _softmax(Q @ K.T * scale)
    d_scores = _through_softmax(weights, dO @ V.T) * scale
    return d_scores @ K, d_scores.T @ Q, weights.T @ dO


def batch_added_up(dO, Q, K, V):
    """Keys and values hear from every sentence of the batch, not only from their own.

    Hint: the sum runs over the queries of one sentence; the batch axes stay.
    """
    d_scores, weights = _scores_gradient(dO, Q, K, V)
    dQ, dK, dV = _finish(d_scores, weights, dO, Q, K)
    leading = tuple(range(K.ndim - 2))
    dK = np.broadcast_to(dK.sum(axis=leading, keepdims=True), K.shape).copy()
    return dQ, dK, np.broadcast_to(dV.sum(axis=leading, keepdims=True), V.shape).copy()


def upstream_ignored(dO, Q, K, V):
    """These are the gradients of the sum of all outputs: dO is not used.

    Hint: dO says how much each output is worth; where does it enter?
    """
    ones = np.ones_like(dO)
    d_scores, weights = _scores_gradient(ones, Q, K, V)
    return _finish(d_scores, weights, ones, Q, K)


def softmax_over_the_queries(dO, Q, K, V):
    """The softmax runs over the queries; each query should share its attention over the keys.

    Hint: along which axis do the weights of one query lie?
    """
    scale = 1 / math.sqrt(Q.shape[-1])
    weights, d_weights = _softmax(Q @ _flip(K) * scale, axis=-2), dO @ _flip(V)
    d_scores = weights * (d_weights - (weights * d_weights).sum(axis=-2, keepdims=True))
    return _finish(d_scores * scale, weights, dO, Q, K)


def no_maximum_subtracted(dO, Q, K, V):
    """Large scores overflow: e to the power of 1000 is not a number that fits.

    Hint: shift each row by its maximum before the exponential.
    """
    scale = 1 / math.sqrt(Q.shape[-1])
    strengths = np.exp(Q @ _flip(K) * scale)
    weights = strengths / strengths.sum(axis=-1, keepdims=True)
    return _finish(_through_softmax(weights, dO @ _flip(V)) * scale, weights, dO, Q, K)


def sign_turned(dO, Q, K, V):
    """The sign is turned: this is the step downhill, not the gradient.

    Hint: the optimiser subtracts the gradient; you should not.
    """
    d_scores, weights = _scores_gradient(dO, Q, K, V)
    return tuple(-grad for grad in _finish(d_scores, weights, dO, Q, K))


def values_first(dO, Q, K, V):
    """The gradients come in the order in which they are found: (dV, dQ, dK).

    Hint: return them in the order of the arguments, (dQ, dK, dV).
    """
    d_scores, weights = _scores_gradient(dO, Q, K, V)
    dQ, dK, dV = _finish(d_scores, weights, dO, Q, K)
    return dV, dQ, dK


def keys_before_queries(dO, Q, K, V):
    """dK stands before dQ in the result.

    Hint: return them in the order of the arguments, (dQ, dK, dV).
    """
    d_scores, weights = _scores_gradient(dO, Q, K, V)
    dQ, dK, dV = _finish(d_scores, weights, dO, Q, K)
    return dK, dQ, dV


def two_gradients(dO, Q, K, V):
    """Only two gradients come back: that of the values is missing.

    Hint: three arrays went in beside dO; each has a gradient.
    """
    d_scores, weights = _scores_gradient(dO, Q, K, V)
    return _finish(d_scores, weights, dO, Q, K)[:2]


def forward_results(dO, Q, K, V):
    """This is the way forth, output and weights; the gradients are asked for.

    Hint: start from dO and walk back.
    """
    weights = _weights(Q, K)
    return weights @ V, weights


def coarse_differences(dO, Q, K, V):
    """These are finite differences: near the gradient, and not equal to it.

    Hint: differences are good for a check. The exact way back takes four products.
    """

    def worth(*arrays):
        return (dO * (_weights(arrays[0], arrays[1]) @ arrays[2])).sum()

    grads = []
    for position in range(3):
        grad = np.zeros_like((Q, K, V)[position])
        for index in np.ndindex(grad.shape):
            arrays = [Q.copy(), K.copy(), V.copy()]
            arrays[position][index] += 1e-3
            grad[index] = (worth(*arrays) - worth(Q, K, V)) / 1e-3
        grads.append(grad)
    return tuple(grads)


def changes_its_input(dO, Q, K, V):
    """The gradients are right, but the caller's queries are overwritten.

    Hint: `Q /= …` writes into the caller's array; `Q / …` makes a new one.
    """
    d_scores, weights = _scores_gradient(dO, Q, K, V)
    grads = _finish(d_scores, weights, dO, Q, K)
    Q /= math.sqrt(Q.shape[-1])
    return grads


def always_float64(dO, Q, K, V):
    """The numbers are right, but float32 arrays come back as float64.

    Hint: `math.sqrt` gives a Python number, which keeps the dtype; `np.sqrt` does not.
    """
    dO, Q, K, V = (array.astype(np.float64) for array in (dO, Q, K, V))
    d_scores, weights = _scores_gradient(dO, Q, K, V)
    return _finish(d_scores, weights, dO, Q, K)


def the_books_example(dO, Q, K, V):
    """The same gradients come back whatever the inputs are.

    Hint: does your answer use its arguments?
    """
    dQ = np.array([[0.35121975, -0.21543209, -0.06789383]])
    dV = np.outer([0.1362, 0.4319, 0.4319], [1.0, -1.0, 0.0])
    return dQ, np.outer([-0.0679, -0.2154, 0.2833], [1.0, 1.0, 0.0]), dV
