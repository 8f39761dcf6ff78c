# %% [markdown]
# # 12. The gradient
#
# **Which numbers should change so that *apple* moves, and by how much?**
#
# *Time:* 55 minutes. *Difficulty:* 5 of 5.
#
# After this chapter you can
#
# - say what a gradient tells about each number that went into a result,
# - walk back through attention by hand: values, weights, scores, query and keys,
# - say why the step through softmax takes an average away,
# - check a gradient in two ways that know nothing of each other.
#
# Up to [chapter 11](11_order.py) the numbers that move *apple* were set by hand or drawn at random.
# A model finds its numbers by itself: it starts anywhere, and changes each of them a little in
# the direction that makes the result better.
# For that it has to know the direction of every single number.
# This chapter finds it for one layer of attention and one word;
# [chapter 13](13_learning.py) then takes the step a few hundred times.

# %% nbgrader={"grade_id": "gradient_setup", "locked": true}
import math

import numpy as np

# %% tags=["demo"]
from figures.style import *

# %% [markdown]
# The last number first: *apple* beside *phones*, by scaled attention.

# %%
words = ["love", "apple", "phones"]
K = V = np.array([[0.0, 0, 1], [1, 1, 0], [2, 0, 0]])  # (tech, fruit, feeling)
q = V[1]  # (3,), the query of *apple*
strengths = np.exp(q @ K.T / math.sqrt(3))
weights = strengths / strengths.sum()
apple_new = weights @ V
print("weights", np.round(weights, 3), "  apple′", np.round(apple_new, 3))

assert np.allclose(weights, [0.136, 0.432, 0.432], atol=5e-4)
assert np.allclose(apple_new, [1.296, 0.432, 0.136], atol=5e-4)

# %% [markdown]
# ## Predict first
#
# > **Your guess, before you run anything.**
# > We want apple′ further on the tech side: more tech, less fruit.
# > *apple* itself has as much of one as of the other.
# > Raise the score that *apple* gives to *itself* a little, and leave the other two scores.
# > Does apple′ move towards tech, towards fruit, or not at all?
#
# Write the guess down.
# The figure of this chapter answers it.

# %% [markdown]
# ## The gradient by hand
#
# PyTorch does this for a whole model in one line, `loss.backward()`.
# Let us do it once ourselves, for one query.
# The question of a gradient is always the same: if this number grows a little, how does the
# result move?
#
# Take *apple* beside *phones*, with Q, K and V as three separate inputs that happen to
# be equal.
# The result we care about is how far apple′ lies on the tech side: tech minus fruit.
# So one unit more of each number of apple′ counts (1, −1, 0).
# These are the **upstream** numbers: what the rest of the model tells the layer.

# %%
upstream = np.array([1.0, -1.0, 0.0])  # what one unit more of each output is worth


def tech_side(q, K, V):
    """Tech minus fruit of apple′, a number; and the weights (3,)."""
    strengths = np.exp(q @ K.T / math.sqrt(3))
    weights = strengths / strengths.sum()
    return weights @ V @ upstream, weights


worth, weights = tech_side(q, K, V)
print("tech minus fruit of apple′:", round(worth, 3))
assert np.isclose(worth, 1.296 - 0.432, atol=1e-3)

# %% [markdown]
# Now walk back, one step at a time.
#
# **Values.** apple′ is $\sum_j w_j v_j$, so value $j$ counts as much as its weight.
#
# **Weights.** If the weight of word $j$ grows by one unit, apple′ gains $v_j$, which is worth
# $g_j = v_j \cdot \text{upstream}$.
#
# **Scores.** Here is the one hard step.
# If a score grows, its own weight grows and *all others shrink*, for the budget stays 1.
# Softmax gives $\partial w_i / \partial s_j = w_i (\delta_{ij} - w_j)$, where $\delta_{ij}$ is 1
# if $i = j$ and 0 if not.

# %%
worth_of_weight = [float(np.dot(v, upstream)) for v in V]
worth_of_score = []
for j in range(3):
    total = 0.0
    for i in range(3):
        total += worth_of_weight[i] * weights[i] * ((i == j) - weights[j])
    worth_of_score.append(total)

print("worth of one more unit of weight:", worth_of_weight)
print("worth of one more unit of score: ", np.round(worth_of_score, 3))
assert np.isclose(sum(worth_of_score), 0)

# %% [markdown]
# The last line says something.
# The worths of the scores sum to 0, because only differences of scores count (chapter 4).
# *phones* is worth more than average and its score should rise; *love* and *apple* should fall.
# Written out, the double sum shrinks: take from each $g_j$ the *average* of all $g$, weighted by
# the weights, and multiply by $w_j$.
#
# $$
# \frac{\partial}{\partial s_j} = w_j \Big( g_j - \sum_i w_i\, g_i \Big)
# $$

# %% tags=["demo"] alt="Map with the axes tech and fruit: love at (0, 0), apple at (1, 1), phones at (2, 0), and apple′ at (1.30, 0.43). Three arrows start at apple′. The one for the score of phones leads right and down, towards phones. The one for the score of apple leads left and up, towards apple, and the one for love leads left."
fig, ax = plt.subplots(figsize=(5.0, 3.4))
draw_map(ax, dict(zip(words, V)))
ax.set(xlim=(-0.2, 2.5), ylim=(-0.2, 1.3))
pulls = [weight * (v - apple_new) for weight, v in zip(weights, V)]  # three of (3,)
for word, pull, place in zip(words, pulls, [(-78, -8), (-80, 2), (6, 0)]):
    end = apple_new[:2] + pull[:2]
    arrow = {"arrowstyle": "->", "color": PURPLE, "linewidth": 1.8}
    ax.annotate("", end, apple_new[:2], arrowprops=arrow)
    ax.annotate(f"score of {word}", end, place, textcoords="offset points", fontsize=10)
ax.plot(*apple_new[:2], "o", color="white", markeredgecolor=PURPLE, markersize=9)
ax.annotate("apple′", apple_new[:2], (8, 6), textcoords="offset points")
ax.set_title("what one more unit of each score does")
plt.show()

assert np.allclose([pull @ upstream for pull in pulls], worth_of_score)
assert np.allclose(sum(pulls), 0)

# %% [markdown]
# *Figure: where apple′ goes when one score grows, drawn for a whole unit as if the way stayed
# straight.
# A growing score pulls apple′ towards its own word, and the three pulls cancel out.*
#
# That answers the prediction: apple′ moves towards fruit.
# *apple* is neutral, but apple′ already leans towards tech, by .864, and more of a neutral word
# pulls it back.
# What counts is a word's worth compared with the average, and not its worth alone.

# %% [markdown]
# **Query and keys.** A score is $q \cdot k_j / \sqrt{d_k}$, so the query hears from every key and
# each key hears from the query.

# %%
g = upstream @ V.T  # (3,)
g_scores = weights * (g - (weights * g).sum())  # (3,)
g_q = g_scores @ K / math.sqrt(3)  # (3,)
g_phones_key = g_scores[2] * q / math.sqrt(3)  # (3,)
g_phones_value = weights[2] * upstream  # (3,)

assert np.allclose(g_scores, worth_of_score)
print("query of apple  ", np.round(g_q, 3))
print("key of phones   ", np.round(g_phones_key, 3))
print("value of phones ", np.round(g_phones_value, 3))

# %% [markdown]
# ## Two checks
#
# A gradient by hand is wrong until it is checked.
# **Check 1, finite differences.** Move one number by a little to both sides, and see how the
# result moves.

# %%
step = 1e-5
by_differences = np.zeros(3)
for place_in_q in range(3):
    up, down = q.copy(), q.copy()
    up[place_in_q] += step
    down[place_in_q] -= step
    change = tech_side(up, K, V)[0] - tech_side(down, K, V)[0]
    by_differences[place_in_q] = change / (2 * step)

print("by hand       ", g_q)
print("by differences", by_differences)
assert np.allclose(g_q, by_differences, atol=1e-9)

# %% [markdown]
# **Check 2, autograd.** PyTorch keeps a record of every operation and walks it back.

# %% nbgrader={"grade_id": "gradient_torch", "locked": true}
import torch
import torch.nn.functional as F

# %%
leaves = [torch.tensor(array, requires_grad=True) for array in (q[None], K, V)]
F.scaled_dot_product_attention(*leaves).backward(torch.tensor(upstream)[None])
from_autograd = [leaf.grad.numpy() for leaf in leaves]

assert np.allclose(from_autograd[0][0], g_q)
assert np.allclose(from_autograd[1][2], g_phones_key)
assert np.allclose(from_autograd[2][2], g_phones_value)

# %% [markdown]
# ## A common mistake
#
# > **"The larger the weight, the larger the gradient of its score."**
# > The weight is only one factor.
# > The other is the distance between the word's worth and the average, and as the weight grows the
# > average comes closer and closer to that very word.

# %%
scores = q @ K.T / math.sqrt(3)  # (3,)
sizes = []
for extra in [-4, 0, 2, 4, 8]:  # added to the score of *phones*
    strengths = np.exp(scores + extra * np.array([0, 0, 1]))
    shares = strengths / strengths.sum()
    sizes.append(shares[2] * (g[2] - (shares * g).sum()))
    print(f"weight of phones {shares[2]:.4f}   worth of its score {sizes[-1]:.4f}")

assert sizes[0] < sizes[1] > sizes[2] > sizes[3] > sizes[4]
assert sizes[0] < 0.03 and sizes[4] < 0.001

# %% [markdown]
# Near the middle a score matters most.
# At both ends it hardly matters: a word with almost no weight is not heard, and a word with almost
# all of it has nobody left to take weight from.
# That is the saturation of [chapter 8](08_scaling.py), seen from the way back.

# %% [markdown]
# ## Exercise: `attention_backward`
#
# *Difficulty:* 5 of 5. *Time:* 35 minutes. *Points:* 12.
#
# We walked back for *one query*.
# Write the way back for all queries of a sentence, and for leading batch axes, for
# `softmax(Q Kᵀ / √d_k) V` without a mask.
# This is the hardest exercise of the book, and no later chapter needs it.
#
# <details><summary>Hint 1: what is shared</summary>
#
# A query asks alone, so its gradient needs only its own row.
# A key and a value serve *every* query.
# What they get is the sum over all queries, and a matrix product sums.
#
# </details>
#
# <details><summary>Hint 2: let the shapes lead</summary>
#
# Each gradient has the shape of what it belongs to.
# Write the shapes beside `dO`, the weights and `V`; for most steps only one product fits.
# To transpose with batch axes, swap the last two.
#
# </details>
#
# <details><summary>Hint 3: a plan</summary>
#
# Compute the weights again, safely.
# Then go back through the four steps of the story: values, weights, scores, and at last
# queries and keys.
# In the third step each *row* subtracts an average of its own.
# The division by √d_k happened on the way forth, so it happens once on the way back.
#
# </details>


# %% nbgrader={"grade_id": "attention_backward", "solution": true}
# exercise: attention_backward
def attention_backward(dO, Q, K, V):
    """The gradients of softmax(Q Kᵀ / √d_k) V for upstream gradients dO.

    dO: (..., n, d_v), how much one unit more of each output is worth.
    Q: (..., n, d_k), one query per row.
    K: (..., m, d_k), one key per row.
    V: (..., m, d_v), one value per row.
    Returns a tuple (dQ, dK, dV), each with the shape of its input.
    """
    ### BEGIN SOLUTION
    scale = 1 / math.sqrt(Q.shape[-1])
    scores = Q @ np.swapaxes(K, -1, -2) * scale  # (..., n, m)
    strengths = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = strengths / strengths.sum(axis=-1, keepdims=True)
    d_weights = dO @ np.swapaxes(V, -1, -2)  # (..., n, m)
    average = (weights * d_weights).sum(axis=-1, keepdims=True)
    d_scores = weights * (d_weights - average) * scale
    dK = np.swapaxes(d_scores, -1, -2) @ Q
    return d_scores @ K, dK, np.swapaxes(weights, -1, -2) @ dO
    ### END SOLUTION


# %% nbgrader={"grade_id": "attention_backward_first_look", "points": 1}
words_in = np.array([[0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [2.0, 0.0, 0.0]])
worth_out = np.array([[1.0, -1.0, 0.0]])  # for the one query *apple*
try:
    grads = attention_backward(worth_out, words_in[[1]], words_in, words_in)
except NotImplementedError:
    raise NotImplementedError(
        "Fill in attention_backward in the cell above, then run both cells"
    ) from None

assert grads is not None, "attention_backward returned None: is there a `return`?"
assert len(grads) == 3, "Expected three results, in the order (dQ, dK, dV)"
for grad, array in zip(grads, [words_in[[1]], words_in, words_in]):
    assert grad.shape == array.shape, "Each gradient has the shape of its input"

# %% nbgrader={"grade_id": "attention_backward_values", "points": 2}
assert np.allclose(grads[2][2], [0.432, -0.432, 0], atol=1e-3), (
    "A value counts as much as its weight, times what the output is worth: see dV"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("attention_backward", attention_backward, "gradient_of_the_values")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "attention_backward_queries", "points": 3}
nudge = np.random.default_rng(1)
dO_, Q_, K_, V_ = (nudge.normal(size=s) for s in [(2, 5), (2, 3), (4, 3), (4, 5)])


def worth_of(Q_, K_, V_):
    """The number whose gradients are asked for."""
    outputs = F.scaled_dot_product_attention(*map(torch.tensor, (Q_, K_, V_)))
    return (outputs.numpy() * dO_).sum()


def moved_up(array, row, column, amount=1e-5):
    """A copy of an array with one number moved."""
    copy = array.copy()
    copy[row, column] += amount
    return copy


change = worth_of(moved_up(Q_, 1, 2), K_, V_) - worth_of(
    moved_up(Q_, 1, 2, -1e-5), K_, V_
)
assert np.isclose(attention_backward(dO_, Q_, K_, V_)[0][1, 2], change / 2e-5), (
    "In the softmax step each row subtracts an average of its own: dQ disagrees with "
    "finite differences"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("attention_backward", attention_backward, "gradient_of_the_queries")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "attention_backward_keys", "points": 3}
change = worth_of(Q_, moved_up(K_, 3, 0), V_) - worth_of(
    Q_, moved_up(K_, 3, 0, -1e-5), V_
)
assert np.isclose(attention_backward(dO_, Q_, K_, V_)[1][3, 0], change / 2e-5), (
    "Every query adds its part to the gradient of each key: dK is not their sum"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("attention_backward", attention_backward, "gradient_of_the_keys", "all_three")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "attention_backward_batches", "points": 2}
two = [np.stack([array, 2 * array]) for array in (dO_, Q_, K_, V_)]
for both, second in zip(
    attention_backward(*two), attention_backward(*[array[1] for array in two])
):
    assert both.shape[0] == 2, (
        "Leading axes (batches, heads) pass through: were two sentences added up?"
    )
    assert np.allclose(both[1], second), "No sentence hears from another"
### BEGIN HIDDEN TESTS
from autograder.checks import require

require(
    "attention_backward", attention_backward, "batch_axes", "one_key", "large_scores"
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "attention_backward_good_manners", "points": 1}
narrow = [array.astype(np.float32) for array in (dO_, Q_, K_, V_)]
before = [array.copy() for array in narrow]
for grad in attention_backward(*narrow):
    assert grad.dtype == np.float32, "float32 in should give float32 gradients"
for array, original in zip(narrow, before):
    assert np.array_equal(array, original), (
        "The function changed its input: one of the caller's arrays"
    )
### BEGIN HIDDEN TESTS
from autograder.checks import require

require(
    "attention_backward", attention_backward, "keeps_dtype", "leaves_its_input_alone"
)
### END HIDDEN TESTS

# %% [markdown] recall="CBAB"
# ## Recall
#
# Choose an answer to see what is right or wrong with it.
#
# **1. The gradient of a number is −2. What does that say?**
#
# <details><summary>A. The number should become −2</summary>
#
# No. A gradient is about a change, not about the value to reach.
#
# </details>
#
# <details><summary>B. The number is wrong by 2</summary>
#
# No. It says nothing about right or wrong, only how the result reacts.
#
# </details>
#
# <details><summary>C. If the number grows a little, the result falls by about twice as much</summary>
#
# Yes. And it says so for small changes only: further away the way may bend.
#
# </details>
#
# **2. All weights go to *phones* already, and the scores get a gradient. How large is it?**
#
# <details><summary>A. Very large, because the weight is large</summary>
#
# No. The weight multiplies the difference from the average, and that difference is gone.
#
# </details>
#
# <details><summary>B. Close to zero for every score</summary>
#
# Yes. The average is the worth of *phones* itself, and all the other weights are zero: the
# softmax is saturated, as in chapter 8.
#
# </details>
#
# <details><summary>C. One for phones, zero for the others</summary>
#
# No. Those are the weights, not the gradient.
#
# </details>
#
# **3. Why is the gradient of a key a sum over queries?**
#
# <details><summary>A. Every query met this key, and each meeting moved the result</summary>
#
# Yes. Whatever is used several times hears from each use.
#
# </details>
#
# <details><summary>B. Because softmax sums over the keys</summary>
#
# No. That sum is inside one row; the sum here runs over rows.
#
# </details>
#
# <details><summary>C. To average out noise</summary>
#
# No. It is a sum and not an average, and there is no noise in it.
#
# </details>
#
# **4. Finite differences and autograd agree with your gradient. Why look at both?**
#
# <details><summary>A. Two checks make the gradient more exact</summary>
#
# No. A check changes nothing; it only finds out.
#
# </details>
#
# <details><summary>B. They can be wrong in different ways</summary>
#
# Yes. One uses nothing but the way forth, the other walks back by rules of its own.
# A mistake that fools both is unlikely.
#
# </details>
#
# <details><summary>C. Autograd works for one query only</summary>
#
# No. It works for a whole model; that is what it is for.
#
# </details>

# %% [markdown]
# ## Recap
#
# - A gradient says of each number how much the result moves if that number grows a little.
# - On the way back a value counts as much as its weight, and a weight as much as its value is worth.
# - The gradient of softmax subtracts from each worth the row's weighted average.
#   So the worths of the scores sum to 0, and a saturated row has almost no gradient.
# - A key and a value serve every query, so they hear from every query.
# - Finite differences and autograd are two independent checks of a gradient.
#
# **What you have now:** `attention_backward(dO, Q, K, V)`.
# **Next:** [chapter 13](13_learning.py) lets a model learn to tell the two apples apart.

# %% [markdown]
# ## References
#
# - A. G. Baydin and others, [*Automatic Differentiation in Machine Learning: a
#   Survey*](https://arxiv.org/abs/1502.05767), 2018.
