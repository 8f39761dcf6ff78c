# %% [markdown]
# # 5. A first attention
#
# **Can every word do it at once?**
#
# *Time:* 30 minutes. *Difficulty:* 2 of 5.
#
# After this chapter you can
#
# - let every word of a sentence score, share and mix, not only *apple*,
# - read a table of attention weights, and say what its rows and columns add up to,
# - say what this first version can never learn.
#
# [Chapter 4](04_softmax.py) moved *apple* to (1.405, .468, .063) beside *phones*: scores, shares,
# mixture.
# *love* and *phones* would like a new vector too.

# %% nbgrader={"grade_id": "first_attention_setup", "locked": true}
import math

import numpy as np

rng = np.random.default_rng(0)

# %% tags=["demo"]
from figures.style import *

# %% [markdown]
# ## Predict first
#
# > **Your guess, before you run anything.**
# > In "love apple phones", *apple* scores *phones* 2, and *phones* scores *apple* 2.
# > *apple* gives *phones* .468 of its attention.
# > Does *phones* give *apple* more than that, the same, or less?
#
# Write the guess down.
# The section *The weights are not a mirror* answers it.

# %% [markdown]
# ## Apple once more
#
# Here is the last number of chapter 4 again: *apple* scores every word, softmax makes shares,
# and the shares mix the vectors.

# %%
words = ["love", "apple", "phones"]
X = np.array(  # (3, 3): one word per row
    [
        [0.0, 0.0, 1.0],  # love    (tech, fruit, feeling)
        [1.0, 1.0, 0.0],  # apple
        [2.0, 0.0, 0.0],  # phones
    ]
)
apple_scores = X[1] @ X.T  # (3,): apple with love, apple, phones
apple_weights = np.exp(apple_scores) / np.exp(apple_scores).sum()  # (3,)
apple_new = apple_weights @ X  # (3,)
print("scores ", apple_scores)
print("weights", apple_weights.round(3))
print("apple′ ", apple_new.round(3))

assert np.allclose(apple_weights, [0.063, 0.468, 0.468], atol=5e-4)
assert np.allclose(apple_new, [1.405, 0.468, 0.063], atol=5e-4)

# %% [markdown]
# ## Every word takes its turn
#
# Nothing in those three lines is about *apple*, only the number of its row.
# So put them in a loop.
# Each word reads the *old* vectors of all words, and writes its new vector on a fresh sheet.

# %%
new_vectors, weight_rows = [], []
for i in range(3):
    strengths = []
    for j in range(3):
        score = sum(X[i, c] * X[j, c] for c in range(3))
        strengths.append(math.exp(score))
    shares = [strength / sum(strengths) for strength in strengths]
    mixture = [sum(shares[j] * X[j, c] for j in range(3)) for c in range(3)]
    weight_rows.append(shares)
    new_vectors.append(mixture)
    print(f"{words[i]:6s} weights {np.round(shares, 3)}   new {np.round(mixture, 3)}")

assert np.allclose(new_vectors[1], apple_new)

# %% [markdown]
# This is [self-attention](glossary.md#self-attention) in its first form.
# It is called *self* because the sentence looks at itself: the words that ask and the words
# that answer are the same.

# %% [markdown]
# ## All scores in one table
#
# The scores of all words with all words are one matrix product.
# Row *i* belongs to the word that looks, column *j* to the word that is looked at.
#
# $$
# S = X X^{\top} \qquad s_{ij} = x_i \cdot x_j
# $$
#
# Each row of scores then becomes a row of weights, and each row of weights mixes the words:
#
# $$
# a_{ij} = \frac{e^{s_{ij}}}{\sum_k e^{s_{ik}}} \qquad y_i = \sum_j a_{ij} \, x_j
# $$

# %%
S = X @ X.T  # (3, 3)
A = np.array([np.exp(row) / np.exp(row).sum() for row in S])  # (3, 3)
Y = A @ X  # (3, 3): all new vectors

assert np.allclose(A, weight_rows)
assert np.allclose(Y, new_vectors)
print(S, A.round(3), sep="\n\n")

# %% tags=["demo"] alt="Two tables with the rows and columns love, apple, phones. Scores: 1 0 0, 0 2 2, 0 2 4, the same when mirrored at the diagonal. Weights: .58 .21 .21, .06 .47 .47, .02 .12 .87, not the same when mirrored."
fig, axes = plt.subplots(1, 2, figsize=(5.0, 3.0))
draw_matrix(axes[0], S, rows=words, columns=words, colour=GREY, digits=0)
draw_matrix(axes[1], A, rows=[""] * 3, columns=words, colour=PURPLE)
for ax, name in zip(axes, ["scores (3, 3)", "weights (3, 3)"]):
    ax.set_xticklabels(words, rotation=45, ha="left", rotation_mode="anchor")
    ax.set_xlabel(name)
axes[0].set_ylabel("the word that looks")
plt.show()

# %% [markdown]
# *Figure: scores left, weights right; each row of weights sums to 1.
# Read a row: how one word spends its attention.
# Read a column: how much attention one word receives.
# Such a picture is called an [attention map](glossary.md#attention-map).*

# %% [markdown]
# ## The weights are not a mirror
#
# The table of scores is a mirror: $x_i \cdot x_j = x_j \cdot x_i$.
# The table of weights is not.

# %%
print("apple -> phones", A[1, 2].round(3), "   phones -> apple", A[2, 1].round(3))
print("the second is", (A[2, 1] / A[1, 2]).round(2), "of the first")

assert np.array_equal(S, S.T)
assert not np.allclose(A, A.T)
assert np.allclose([A[1, 2], A[2, 1]], [0.468, 0.117], atol=5e-4)

# %% [markdown]
# *phones* gives *apple* .117, a quarter of what it gets back, though both scores are 2.
# So the answer to the prediction is *less*.
# Why?
# A share depends on the other scores in its row.
# In the row of *apple*, 2 is the highest score.
# In the row of *phones*, the highest is 4: its own.

# %%
print("row sums   ", A.sum(axis=1))
print("column sums", A.sum(axis=0).round(3))

assert np.allclose(A.sum(axis=1), 1)
assert not np.allclose(A.sum(axis=0), 1)

# %% [markdown]
# Each word spends exactly 1.
# What it receives may be more, as for *phones*, or less, as for *love*.

# %% [markdown]
# ## Gravity, and where it breaks
#
# Think of words as bodies in space that pull on one another.
# *phones* pulls *apple* towards tech; in another sentence *juice* pulls it towards fruit.
#
# The picture breaks in three places.
# Gravity pulls both bodies with the same force, and attention does not: .468 one way, .117 the
# other.
# A body does not pull itself, and a word does: its own row holds its own weight.
# And gravity grows when bodies come near, while a dot product asks for direction and length,
# not for distance.

# %% tags=["demo"] alt="Map with the axes tech and fruit. Three filled dots: love (0, 0), apple (1, 1), phones (2, 0). An arrow from each leads to an open dot: love′ (0.64, 0.21), apple′ (1.4, 0.47), phones′ (1.85, 0.12). All open dots lie inside the triangle of the filled ones."
fig, ax = plt.subplots(figsize=(4.2, 4.0))
ax.plot(*X[[0, 1, 2, 0], :2].T, color="#D0D0D0", linewidth=1)
draw_map(ax, dict(zip(words, X)), moved={"apple′": Y[1]})
for i, offset in [(0, (8, 6)), (2, (-10, 14))]:
    arrow = {"arrowstyle": "->", "color": INK, "linewidth": 1.2}
    ax.annotate("", Y[i, :2], X[i, :2], arrowprops=arrow)
    ax.plot(*Y[i, :2], "o", color="white", markeredgecolor=INK, markersize=9)
    ax.annotate(words[i] + "′", Y[i, :2], xytext=offset, textcoords="offset points")
for text in ax.texts:
    if text.get_text() in ("love", "phones"):
        text.set_position((-14, -20))
ax.set_title("every word moves")
plt.show()

# %% [markdown]
# *Figure: the small map, with three new dots at once.
# A mixture with shares stays inside the triangle of the words it mixes.*
#
# Look at *love*.
# Its scores for *apple* and *phones* are both 0, and still it has moved towards tech.
# A score of 0 is not a weight of 0: only differences of scores count, and softmax gives every
# word something.

# %%
print("love: scores", S[0], "  weights", A[0].round(3), "  love′", Y[0].round(3))

assert S[0, 2] == 0 and A[0, 2] > 0.2

# %% [markdown]
# ## PyTorch agrees
#
# With `torch.softmax` the whole sentence is two short lines.
# PyTorch also has all of it in one function.
# That function divides the scores by a number first, for a reason that comes in
# [chapter 8](08_scaling.py); `scale=1.0` turns this off.

# %% nbgrader={"grade_id": "first_attention_torch", "locked": true}
import torch
import torch.nn.functional as F

# %%
words_in = torch.tensor(X)  # (3, 3)
weights_from_torch = torch.softmax(words_in @ words_in.T, dim=-1)
new_from_torch = F.scaled_dot_product_attention(words_in, words_in, words_in, scale=1.0)

assert np.allclose(weights_from_torch.numpy(), A)
assert np.allclose(new_from_torch.numpy(), Y)
print(new_from_torch.numpy().round(3))

# %% [markdown]
# ## A question left open: Apple watch
#
# Take "love apple watch".
# To *watch* is something one does, as to *love* is, and a watch is a device.
# So give *watch* one unit of tech and one of the third number: (1, 0, 1).

# %%
watch_words = ["love", "apple", "watch"]


def weights_beside(watch):
    """The weights in "love apple watch", (3, 3), for one vector of *watch*."""
    vectors = np.array([X[0], X[1], watch])
    return np.array([np.exp(s) / np.exp(s).sum() for s in vectors @ vectors.T])


plain = weights_beside(np.array([1.0, 0.0, 1.0]))
apple_watch = plain[1] @ np.array([X[0], X[1], [1.0, 0.0, 1.0]])
for word, row in zip(watch_words, plain):
    print(f"{word:5s}", row.round(3))
print("apple′", apple_watch.round(3))

assert np.allclose(plain[1], [0.090, 0.665, 0.245], atol=5e-4)
assert np.allclose(apple_watch, [0.910, 0.665, 0.335], atol=5e-4)

# %% [markdown]
# *apple* mostly looks at itself, and hardly moves: .910 of tech, .665 of fruit.
# A reader knows at once that *Apple watch* is one product.
# Could this calculation learn it, from a thousand sentences about watches?
#
# It could not.
# There is no number in it to change, but the word vectors themselves.
# Let us try that: make *watch* louder on the tech axis, so that *apple* looks at it.

# %%
louder = weights_beside(np.array([3.0, 0.0, 1.0]))
print("apple -> watch", plain[1, 2].round(3), "->", louder[1, 2].round(3))
print("watch -> watch", plain[2, 2].round(3), "->", louder[2, 2].round(3))

assert louder[1, 2] > 0.7 and louder[2, 2] > 0.99

# %% [markdown]
# *apple* now looks at *watch*.
# But *watch* has gone deaf to everybody else: it gives .999 to itself.
# And what it hands over has changed as well, to three units of tech, more than *phones* has.
#
# One vector does three jobs here: it asks, it is found, and it is handed over.
# Turn it for one job, and it turns for all three.
# How could *apple* ask for a product, *watch* be found as one, and neither be spoilt for its
# other jobs?
# [Chapter 6](06_query_key_value.py) answers that.

# %% [markdown]
# ## A common mistake
#
# > **"Attention is symmetric: apple looks at phones as much as phones looks at apple."**
# > The plain *scores* are symmetric, the *weights* are not: .468 and .117.
# > One of our sources says "symmetry" for the similarity, which is right, and then leaves the
# > impression that each word shapes the other just as strongly, which is not.
# > See [*What we changed and why*](errata.py).
# >
# > **"The words are updated one after another."**
# > All new vectors come from the *old* ones.
# > Overwrite *love* before *apple* has looked, and *apple* sees another sentence.

# %%
one_by_one = X.copy()
for i in range(3):
    row = one_by_one[i] @ one_by_one.T
    one_by_one[i] = np.exp(row) / np.exp(row).sum() @ one_by_one
print("apple′ from the old vectors", Y[1].round(3))
print("apple′ after love was overwritten", one_by_one[1].round(3))

assert not np.allclose(one_by_one[1], Y[1], atol=0.01)

# %% [markdown]
# ## Exercise: `simple_self_attention`
#
# *Difficulty:* 2 of 5. *Time:* 12 minutes. *Points:* 8.
#
# So far we had one sentence of three words, and small numbers.
# Write it for sentences of any length, for a batch of sentences at once, and for word vectors
# of any size.
# You may paste your `softmax` of chapter 4 into the answer cell, above the function.
#
# <details><summary>Hint 1: one sentence of a batch</summary>
#
# The scores of a batch are `(..., n, n)`: the last two axes of `X` take part, the others pass.
# `.T` turns *all* axes round; `np.swapaxes` turns two.
#
# </details>
#
# <details><summary>Hint 2: whose budget?</summary>
#
# Row *i* is what word *i* spends.
# Which axis must sum to 1, and what keeps that axis in place for the division?
#
# </details>
#
# <details><summary>Hint 3: long vectors</summary>
#
# A word vector of length 40 has the score 1600 with itself.
# Chapter 4 has the remedy, and each row needs its own.
#
# </details>


# %% nbgrader={"grade_id": "simple_self_attention", "solution": true}
# exercise: simple_self_attention
def simple_self_attention(X):
    """Let every word mix the vectors of its sentence, by plain dot products.

    X: word vectors, (..., n, d), floats or whole numbers, one per row; not changed.
    Returns (Y, A): the new vectors, (..., n, d), and the weights, (..., n, n), where
    A[..., i, j] is what word i gives to word j. Nothing is scaled yet.
    """
    ### BEGIN SOLUTION
    scores = X @ np.swapaxes(X, -1, -2)  # (..., n, n)
    strengths = np.exp(scores - scores.max(axis=-1, keepdims=True))
    A = strengths / strengths.sum(axis=-1, keepdims=True)
    return A @ X, A
    ### END SOLUTION


# %% nbgrader={"grade_id": "simple_self_attention_first_look", "points": 1}
sentence = np.array(  # love apple phones
    [[0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [2.0, 0.0, 0.0]]
)
try:
    results = simple_self_attention(sentence)
except NotImplementedError:
    raise NotImplementedError(
        "Fill in simple_self_attention in the cell above, then run both cells"
    ) from None

assert results is not None, "simple_self_attention returned None: is there a `return`?"
assert len(results) == 2, "Two results are asked for: the new vectors and the weights"
assert np.allclose(results[0][1], [1.405, 0.468, 0.063], atol=5e-4), (
    "The new vectors come first: that of apple should be (1.405, 0.468, 0.063)"
)
assert np.allclose(results[1][1], [0.063, 0.468, 0.468], atol=5e-4), (
    "The weights come second: those of apple should be .063, .468, .468"
)

# %% nbgrader={"grade_id": "simple_self_attention_of_a_sentence", "points": 2}
five = np.array([[1.0, 0.5], [0.0, 1.0], [2.0, 0.0], [0.5, 0.5], [0.0, 0.0]])
vectors_new, weights = simple_self_attention(five)
assert weights.shape == (5, 5), "The weights have one row and one column per word"
assert np.allclose(weights.sum(axis=-1), 1), (
    "The columns sum to 1, and the rows do not: each word that looks has one budget"
)
assert np.allclose(weights[4], 0.2), "A word whose scores are all 0 looks at all alike"
assert np.allclose(vectors_new[4], five.mean(axis=0)), (
    "The new vector of such a word should be the mean"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("simple_self_attention", simple_self_attention, "few_words", "any_sentence")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "simple_self_attention_of_a_batch", "points": 2}
sentence = np.array([[0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [2.0, 0.0, 0.0]])
pair = np.stack([sentence, sentence[::-1]])  # (2, 3, 3)
vectors_new, weights = simple_self_attention(pair)
assert weights.shape == (2, 3, 3), "In a batch, each sentence attends to itself only"
assert np.allclose(vectors_new[0], vectors_new[1][::-1]), (
    "Each sentence of a batch should be treated by itself"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("simple_self_attention", simple_self_attention, "batch_axes")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "simple_self_attention_long_vectors", "points": 2}
vectors_new, weights = simple_self_attention(np.array([[40.0, 0.0], [0.0, 40.0]]))
assert np.isfinite(weights).all(), (
    "Large scores overflow: e to the power of 1600 does not fit"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("simple_self_attention", simple_self_attention, "long_vectors", "far_apart")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "simple_self_attention_good_manners", "points": 1}
words_given = np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 0.0]], dtype=np.float32)
words_before = words_given.copy()
for result in simple_self_attention(words_given):
    assert result.dtype == np.float32, "float32 words should give float32 results"
assert np.array_equal(words_given, words_before), (
    "The function changed its input: the caller's words"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require(
    "simple_self_attention",
    simple_self_attention,
    "keeps_dtype",
    "whole_numbers",
    "leaves_its_input_alone",
)
### END HIDDEN TESTS

# %% [markdown] recall="ACBB"
# ## Recall
#
# Choose an answer to see what is right or wrong with it.
#
# **1. A sentence has 7 words, each a vector of 20 numbers. What is the shape of the weights?**
#
# <details><summary>A. (7, 7)</summary>
#
# Yes. One row for each word that looks, one column for each word that is looked at.
#
# </details>
#
# <details><summary>B. (7, 20)</summary>
#
# No. That is the shape of the words, old and new.
#
# </details>
#
# <details><summary>C. (20, 20)</summary>
#
# No. That would compare the 20 numbers with one another, not the words.
#
# </details>
#
# **2. Two words score each other 2. When do they give each other different weights?**
#
# <details><summary>A. Never, because the score is the same both ways</summary>
#
# No. A weight also depends on the other scores of its row.
#
# </details>
#
# <details><summary>B. Only if a softmax along the wrong axis was taken</summary>
#
# No. It happens with the right axis, as for apple and phones above.
#
# </details>
#
# <details><summary>C. When the rest of their rows differ</summary>
#
# Yes. Each row is a budget of its own, and a 2 may be its best score or a poor one.
#
# </details>
#
# **3. One column of the weights sums to 1.8. What does that say?**
#
# <details><summary>A. The softmax is wrong</summary>
#
# No. A softmax makes the rows sum to 1; a column may sum to anything up to the number of words.
#
# </details>
#
# <details><summary>B. The words look at this one more than at an average one</summary>
#
# Yes. There is 1 to spend for each word, so an average column sums to 1.
#
# </details>
#
# <details><summary>C. This word spends more attention than the other words do</summary>
#
# No. What a word spends is its row, and every row sums to 1.
#
# </details>
#
# **4. What can this first attention learn from many sentences?**
#
# <details><summary>A. Which words should look at which, once the vectors are given</summary>
#
# No. That follows from the word vectors by fixed arithmetic; nothing else can be turned.
#
# </details>
#
# <details><summary>B. Nothing of its own: it has no numbers to change</summary>
#
# Yes. Only the word vectors could be changed, and a change made for one job of a vector
# changes its two other jobs.
#
# </details>
#
# <details><summary>C. A softmax that fits the sentences better</summary>
#
# No. Softmax has nothing that could be learned.
#
# </details>

# %% [markdown]
# ## Recap
#
# - Every word scores, shares and mixes, all from the old vectors.
# - The scores are $X X^{\top}$, the weights are their softmax row by row, and the new vectors
#   are the weights times $X$.
# - Plain scores are symmetric; weights are not, because each row is a budget of its own.
# - Nothing here can be learned, and one vector does three jobs.
#
# **What you have now:** `simple_self_attention(X)`.
# **Next:** [chapter 6](06_query_key_value.py) gives each word three vectors, so that *apple* can
# find *watch*.

# %% [markdown]
# ## References
#
# - A. Vaswani and others, [*Attention Is All You Need*](https://arxiv.org/abs/1706.03762), 2017:
#   self-attention is introduced in section 2, also under its name intra-attention.
# - J. Cheng, L. Dong, M. Lapata, [*Long Short-Term Memory-Networks for Machine
#   Reading*](https://arxiv.org/abs/1601.06733), 2016: intra-attention, words of one sentence
#   that look at one another.
