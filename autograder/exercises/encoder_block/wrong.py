"""What learners write for encoder_block."""

import math

import numpy as np


def _norm(x, gain, shift):
    centred = x - x.mean(axis=-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-5) * gain + shift


def _relu(x):
    return np.maximum(x, 0)


def _scores(X, attention, n_heads):
    W_Q, b_Q, W_K, b_K, W_V, b_V, _, _ = attention

    def heads(W, b):
        H = X @ W + b
        return H.reshape(*H.shape[:-1], n_heads, -1).swapaxes(-2, -3)

    Q, K, V = heads(W_Q, b_Q), heads(W_K, b_K), heads(W_V, b_V)
    return Q @ K.swapaxes(-1, -2), V, math.sqrt(Q.shape[-1])


def _softmax(scores, axis=-1):
    strengths = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return strengths / strengths.sum(axis=axis, keepdims=True)


def _masked(scores, mask):
    return scores if mask is None else np.where(np.expand_dims(mask, -3), scores, -np.inf)


def _merge(H):
    H = H.swapaxes(-2, -3)
    return H.reshape(*H.shape[:-2], -1)


def _merged(X, attention, n_heads, mask):
    scores, V, root = _scores(X, attention, n_heads)
    return _merge(_softmax(_masked(scores / root, mask)) @ V)


def _attend(X, attention, n_heads, mask):
    return _merged(X, attention, n_heads, mask) @ attention[6] + attention[7]


def _feed(Y, feed_forward, relu=_relu):
    W_1, b_1, W_2, b_2 = feed_forward
    return relu(Y @ W_1 + b_1) @ W_2 + b_2


def _rest(X, attended, norm_1, feed_forward, norm_2, norm=_norm):
    Y = norm(X + attended, *norm_1)
    return norm(Y + _feed(Y, feed_forward), *norm_2)


def norm_before_each_part(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The norms stand before attention and feed-forward: that is a pre-norm block.

    Hint: add first, then normalise the sum.
    """
    Y = X + _attend(_norm(X, *norm_1), attention, n_heads, mask)
    return Y + _feed(_norm(Y, *norm_2), feed_forward)


def norm_before_adding(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """Each part's output is normalised, and then added; the sum should be normalised.

    Hint: add first, then normalise the sum.
    """
    Y = X + _norm(_attend(X, attention, n_heads, mask), *norm_1)
    return Y + _norm(_feed(Y, feed_forward), *norm_2)


def no_residuals(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """Neither residual is there: what went in is never added to what comes out.

    Hint: each part adds to the word; it does not replace it.
    """
    Y = _norm(_attend(X, attention, n_heads, mask), *norm_1)
    return _norm(_feed(Y, feed_forward), *norm_2)


def no_residual_around_attention(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The residual around attention is missing: the word itself is lost.

    Hint: attention adds to X; it does not replace it.
    """
    return _rest(0, _attend(X, attention, n_heads, mask), norm_1, feed_forward, norm_2)


def no_residual_around_feed_forward(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The residual around the feed-forward part is missing.

    Hint: what goes into the feed-forward part is added to what comes out.
    """
    Y = _norm(X + _attend(X, attention, n_heads, mask), *norm_1)
    return _norm(_feed(Y, feed_forward), *norm_2)


def first_input_added_twice(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The second residual adds X, the input of the block; it should add the part's own input.

    Hint: what goes into the feed-forward part is the first norm's output.
    """
    Y = _norm(X + _attend(X, attention, n_heads, mask), *norm_1)
    return _norm(X + _feed(Y, feed_forward), *norm_2)


def feed_forward_reads_the_input(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The feed-forward part reads X; it should read what attention and the norm have made.

    Hint: the two parts stand one after the other, not side by side.
    """
    Y = _norm(X + _attend(X, attention, n_heads, mask), *norm_1)
    return _norm(Y + _feed(X, feed_forward), *norm_2)


def feed_forward_first(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The feed-forward part stands before attention.

    Hint: first the words speak with each other, then each thinks for itself.
    """
    Y = _norm(X + _feed(X, feed_forward), *norm_1)
    return _norm(Y + _attend(Y, attention, n_heads, mask), *norm_2)


def no_norms(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """Nothing is normalised.

    Hint: norm_1 and norm_2 are not used; where do they belong?
    """
    Y = X + _attend(X, attention, n_heads, mask)
    return Y + _feed(Y, feed_forward)


def no_first_norm(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The sum after attention is not normalised.

    Hint: norm_1 is not used; where does it belong?
    """
    Y = X + _attend(X, attention, n_heads, mask)
    return _norm(Y + _feed(Y, feed_forward), *norm_2)


def no_last_norm(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The sum after the feed-forward part is not normalised.

    Hint: norm_2 is not used; where does it belong?
    """
    Y = _norm(X + _attend(X, attention, n_heads, mask), *norm_1)
    return Y + _feed(Y, feed_forward)


def norms_exchanged(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The two norms are exchanged: norm_2 stands after attention.

    Hint: norm_1 comes first.
    """
    return _rest(X, _attend(X, attention, n_heads, mask), norm_2, feed_forward, norm_1)


def one_norm_used_twice(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The first norm's gain and shift are used in both places.

    Hint: the second norm has its own gain and shift.
    """
    return _rest(X, _attend(X, attention, n_heads, mask), norm_1, feed_forward, norm_1)


def gain_and_shift_left_out(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The sums are normalised, but gain and shift are not used.

    Hint: after the division, multiply by the gain and add the shift.
    """

    def bare(x, gain, shift):
        return _norm(x, np.ones_like(gain), np.zeros_like(shift))

    return _rest(X, _attend(X, attention, n_heads, mask), norm_1, feed_forward, norm_2, bare)


def gain_and_shift_exchanged(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """Gain and shift are exchanged: the shift multiplies and the gain is added.

    Hint: the pair is (gain, shift), in this order.
    """
    return _rest(X, _attend(X, attention, n_heads, mask), norm_1[::-1], feed_forward, norm_2[::-1])


def normalised_over_the_words(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The mean and the spread are taken over the words; each word should have its own.

    Hint: one word is one row. Along which axis do its numbers lie?
    """

    def over_words(x, gain, shift):
        centred = x - x.mean(axis=-2, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-2, keepdims=True) + 1e-5)
        return centred / spread * gain + shift

    attended = _attend(X, attention, n_heads, mask)
    return _rest(X, attended, norm_1, feed_forward, norm_2, over_words)


def normalised_over_everything(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """One mean and one spread are taken for the whole array; each word should have its own.

    Hint: `mean` and `var` need `axis=-1, keepdims=True`.
    """

    def over_all(x, gain, shift):
        return (x - x.mean()) / np.sqrt(x.var() + 1e-5) * gain + shift

    attended = _attend(X, attention, n_heads, mask)
    return _rest(X, attended, norm_1, feed_forward, norm_2, over_all)


def mean_not_subtracted(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The sums are divided by their root mean square; the mean is not subtracted.

    Hint: that is RMSNorm. LayerNorm subtracts the mean first.
    """

    def rms(x, gain, shift):
        return x / np.sqrt((x**2).mean(axis=-1, keepdims=True) + 1e-5) * gain + shift

    attended = _attend(X, attention, n_heads, mask)
    return _rest(X, attended, norm_1, feed_forward, norm_2, rms)


def variance_with_d_minus_one(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The variance is divided by d − 1; a layer norm divides by d.

    Hint: look for `ddof=1`, or for torch's `std`, which does it by itself.
    """

    def unbiased(x, gain, shift):
        centred = x - x.mean(axis=-1, keepdims=True)
        variance = (centred**2).sum(axis=-1, keepdims=True) / (x.shape[-1] - 1)
        return centred / np.sqrt(variance + 1e-5) * gain + shift

    attended = _attend(X, attention, n_heads, mask)
    return _rest(X, attended, norm_1, feed_forward, norm_2, unbiased)


def divided_by_the_variance(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The norm divides by the variance; it should divide by its root.

    Hint: the standard deviation is the root of the variance.
    """

    def no_root(x, gain, shift):
        centred = x - x.mean(axis=-1, keepdims=True)
        return centred / ((centred**2).mean(axis=-1, keepdims=True) + 1e-5) * gain + shift

    attended = _attend(X, attention, n_heads, mask)
    return _rest(X, attended, norm_1, feed_forward, norm_2, no_root)


def nothing_added_to_the_variance(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The 1e-5 is missing, so words of tiny numbers are blown up.

    Hint: 1e-5 is added to the variance, before the root.
    """

    def bare(x, gain, shift):
        centred = x - x.mean(axis=-1, keepdims=True)
        return centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True)) * gain + shift

    attended = _attend(X, attention, n_heads, mask)
    return _rest(X, attended, norm_1, feed_forward, norm_2, bare)


def added_after_the_root(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The 1e-5 is added to the standard deviation; it belongs to the variance.

    Hint: add first, then take the root.
    """

    def late(x, gain, shift):
        centred = x - x.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True)) + 1e-5
        return centred / spread * gain + shift

    attended = _attend(X, attention, n_heads, mask)
    return _rest(X, attended, norm_1, feed_forward, norm_2, late)


def no_relu(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The ReLU is missing, so the two matrices are as good as one.

    Hint: between W_1 and W_2, negative numbers become 0.
    """
    Y = _norm(X + _attend(X, attention, n_heads, mask), *norm_1)
    return _norm(Y + _feed(Y, feed_forward, relu=lambda x: x), *norm_2)


def gelu(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """This is a GELU, as in BERT; the exercise asks for a ReLU.

    Hint: negative numbers become 0, positive ones stay.
    """

    def curve(x):
        return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))

    Y = _norm(X + _attend(X, attention, n_heads, mask), *norm_1)
    return _norm(Y + _feed(Y, feed_forward, relu=curve), *norm_2)


def relu_at_the_end(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The ReLU stands after W_2; it belongs between the two matrices.

    Hint: widen, cut off below 0, narrow again.
    """
    W_1, b_1, W_2, b_2 = feed_forward
    Y = _norm(X + _attend(X, attention, n_heads, mask), *norm_1)
    return _norm(Y + _relu((Y @ W_1 + b_1) @ W_2 + b_2), *norm_2)


def feed_forward_without_biases(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """b_1 and b_2 are not used.

    Hint: each matrix of the feed-forward part has its bias.
    """
    W_1, b_1, W_2, b_2 = feed_forward
    attended = _attend(X, attention, n_heads, mask)
    return _rest(X, attended, norm_1, (W_1, b_1 * 0, W_2, b_2 * 0), norm_2)


def attention_without_biases(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The biases of attention are not used.

    Hint: attention has eight arrays here; the four of chapter 9 have a bias each.
    """
    bare = tuple(array * (array.ndim == 2) for array in attention)
    return _rest(X, _attend(X, bare, n_heads, mask), norm_1, feed_forward, norm_2)


def output_bias_left_out(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """b_O is not added after W_O.

    Hint: the last matrix of attention has a bias too.
    """
    attended = _attend(X, attention, n_heads, mask) - attention[7]
    return _rest(X, attended, norm_1, feed_forward, norm_2)


def output_matrix_left_out(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The heads are merged, but W_O is not used.

    Hint: what mixes the heads after they have been laid side by side?
    """
    return _rest(X, _merged(X, attention, n_heads, mask), norm_1, feed_forward, norm_2)


def matrices_transposed(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The matrices of attention are transposed; here they are used as they come, x @ W.

    Hint: PyTorch stores them the other way round; the exercise hands them over as the book does.
    """
    turned = tuple(array.T for array in attention)
    return _rest(X, _attend(X, turned, n_heads, mask), norm_1, feed_forward, norm_2)


def one_head(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """n_heads is not used: all columns form one head.

    Hint: split the columns of Q, K and V into n_heads parts before the scores.
    """
    return _rest(X, _attend(X, attention, 1, mask), norm_1, feed_forward, norm_2)


def heads_merged_without_transpose(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The heads are merged by a reshape alone, so numbers of different words are mixed.

    Hint: bring the axis of heads beside the axis of numbers first, then reshape.
    """
    scores, V, root = _scores(X, attention, n_heads)
    H = _softmax(_masked(scores / root, mask)) @ V
    attended = H.reshape(X.shape) @ attention[6] + attention[7]
    return _rest(X, attended, norm_1, feed_forward, norm_2)


def never_scaled(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The scores are not divided by √d_head.

    Hint: which division did chapter 8 put between the scores and the softmax?
    """
    scores, V, _ = _scores(X, attention, n_heads)
    H = _merge(_softmax(_masked(scores, mask)) @ V)
    return _rest(X, H @ attention[6] + attention[7], norm_1, feed_forward, norm_2)


def scaled_by_the_model_width(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The scores are divided by √d_model; each head has only d_head numbers.

    Hint: how many numbers meet in one score?
    """
    scores, V, _ = _scores(X, attention, n_heads)
    H = _merge(_softmax(_masked(scores / math.sqrt(X.shape[-1]), mask)) @ V)
    return _rest(X, H @ attention[6] + attention[7], norm_1, feed_forward, norm_2)


def softmax_over_the_queries(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The softmax runs over the queries; each query should share its attention over the keys.

    Hint: along which axis do the weights of one query lie?
    """
    scores, V, root = _scores(X, attention, n_heads)
    H = _merge(_softmax(_masked(scores / root, mask), axis=-2) @ V)
    return _rest(X, H @ attention[6] + attention[7], norm_1, feed_forward, norm_2)


def no_maximum_subtracted(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """Large scores overflow: e to the power of 1000 is not a number that fits.

    Hint: shift each row by its maximum before the exponential.
    """
    scores, V, root = _scores(X, attention, n_heads)
    strengths = np.exp(_masked(scores / root, mask))
    H = _merge(strengths / strengths.sum(axis=-1, keepdims=True) @ V)
    return _rest(X, H @ attention[6] + attention[7], norm_1, feed_forward, norm_2)


def mask_dropped(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The mask is not used.

    Hint: hand it on to attention.
    """
    attended = _attend(X, attention, n_heads, None)
    return _rest(X, attended, norm_1, feed_forward, norm_2)


def mask_inverted(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The mask is turned round: True is taken for "may not".

    Hint: in this book True means that a query may attend to a key.
    """
    mask = mask if mask is None else ~np.asarray(mask)
    return _rest(X, _attend(X, attention, n_heads, mask), norm_1, feed_forward, norm_2)


def mask_after_softmax(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The mask multiplies the weights after the softmax, so they no longer sum to 1.

    Hint: forbid before the softmax, by a score of minus infinity.
    """
    scores, V, root = _scores(X, attention, n_heads)
    weights = _softmax(scores / root)
    weights = weights if mask is None else weights * np.expand_dims(mask, -3)
    attended = _merge(weights @ V) @ attention[6] + attention[7]
    return _rest(X, attended, norm_1, feed_forward, norm_2)


def mask_times_scores(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The mask multiplies the scores, and a score of 0 still gets a share.

    Hint: which score gets a share of exactly 0?
    """
    scores, V, root = _scores(X, attention, n_heads)
    scores = scores / root if mask is None else scores / root * np.expand_dims(mask, -3)
    attended = _merge(_softmax(scores) @ V) @ attention[6] + attention[7]
    return _rest(X, attended, norm_1, feed_forward, norm_2)


def mask_without_an_axis_for_heads(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The mask has no axis for heads and gets none, so its batches are taken for heads.

    Hint: put an axis of length 1 before the last two axes of the mask.
    """
    scores, V, root = _scores(X, attention, n_heads)
    scores = scores / root if mask is None else np.where(mask, scores / root, -np.inf)
    attended = _merge(_softmax(scores) @ V) @ attention[6] + attention[7]
    return _rest(X, attended, norm_1, feed_forward, norm_2)


def one_batch_axis_in_the_mask(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The mask's axis for heads is put in as axis 1: right behind one batch axis only.

    Hint: count from the end; the axis of heads stands before the last two.
    """
    if mask is not None and mask.ndim > 2:
        mask = mask[:, None]
    scores, V, root = _scores(X, attention, n_heads)
    scores = scores / root if mask is None else np.where(mask, scores / root, -np.inf)
    attended = _merge(_softmax(scores) @ V) @ attention[6] + attention[7]
    return _rest(X, attended, norm_1, feed_forward, norm_2)


def changes_its_input(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The answer is right, but the caller's words are overwritten.

    Hint: `X += …` writes into the caller's array; `X = X + …` makes a new one.
    """
    X += _attend(X, attention, n_heads, mask)
    return _rest(X, 0, norm_1, feed_forward, norm_2)


def always_float64(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The numbers are right, but float32 words come back as float64.

    Hint: `math.sqrt` of a size is a Python number and keeps the dtype; `np.sqrt` does not.
    """
    attended = _attend(X, attention, n_heads, mask)
    return _rest(X.astype(np.float64), attended, norm_1, feed_forward, norm_2)


def weights_returned_too(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """Two results come back, the block's output and the weights; only the first is asked for.

    Hint: return one array of the shape of X.
    """
    scores, _, root = _scores(X, attention, n_heads)
    attended = _attend(X, attention, n_heads, mask)
    block = _rest(X, attended, norm_1, feed_forward, norm_2)
    return block, _softmax(_masked(scores / root, mask))
