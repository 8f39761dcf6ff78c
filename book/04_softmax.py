# %% [markdown]
# # 4. Softmax
#
# **How do scores become shares of attention?**
#
# *Time:* 30 minutes. *Difficulty:* 2 of 5.
#
# After this chapter you can
#
# - turn a row of scores into shares that are positive and sum to 1,
# - say why the exponential is there, and what a temperature does,
# - compute a softmax that survives scores of a thousand.
#
# In [chapter 3](03_dot_product.py), *apple* scored *love* −2, itself 8 and *phones* 8.
# Scores can be negative, and they add up to anything.
# To mix vectors we need something else: a budget of attention, cut into shares.

# %% nbgrader={"grade_id": "softmax_setup", "locked": true}
import math

import numpy as np

rng = np.random.default_rng(0)

# %% tags=["demo"]
from figures.style import *

# %% [markdown]
# ## Predict first
#
# > **Your guess, before you run anything.**
# > *apple* scores three words: *love* 1, *apple* 3, *phones* 6.
# > The score of *phones* is twice the score of *apple*.
# > Will its share of attention be about twice as large, about five times, or about twenty times?
#
# Write the guess down.
# The next section answers it.

# %% [markdown]
# ## Why not divide by the sum?
#
# The obvious way to turn numbers into shares is to divide each by their sum.

# %%
words = ["love", "apple", "phones"]
scores = np.array([1.0, 3.0, 6.0])

plain = scores / scores.sum()
for word, share in zip(words, plain):
    print(f"{word:7s} {share:.2f}")

assert np.isclose(plain.sum(), 1)

# %% [markdown]
# That looks fair: .10, .30 and .60.
# Then a score is negative, as one dot product of chapter 3 was, and the idea breaks.

# %%
arrows = np.array([[-1.0, 0.0], [2.0, 2.0], [4.0, 0.0]])  # love, apple, phones
arrow_scores = np.array([arrow @ arrows[1] for arrow in arrows])
print("scores of chapter 3:", arrow_scores)
print("shares of attention:", np.round(arrow_scores / arrow_scores.sum(), 3))
print("three scores that cancel out add up to", np.array([-3.0, 1.0, 2.0]).sum())

assert arrow_scores.tolist() == [-2, 8, 8]
assert (arrow_scores / arrow_scores.sum()).min() < 0

# %% [markdown]
# A share of −.143 means nothing, and scores that add up to 0 cannot be divided at all.
# Something must first make every score positive, and keep their order.

# %% [markdown]
# ## Two moves
#
# Softmax makes two moves.
# First, each score $s$ becomes a *strength* $e^{s}$.
# The number $e$ is 2.718…: one more in the score, and the strength is 2.718 times as large; one
# less, and it is divided by 2.718, so that it gets small and never reaches 0.
# Second, each strength is divided by the total.
#
# $$
# w_j = \frac{e^{s_j}}{\sum_k e^{s_k}}
# $$
#
# Here is the row of *apple*, one word at a time.

# %%
strengths = []
for word, score in zip(words, scores):
    strengths.append(math.exp(score))
    print(f"{word:7s} score {score:.0f}   strength {strengths[-1]:8.3f}")

total = sum(strengths)
shares = [strength / total for strength in strengths]
print("total", round(total, 3), "  shares", [round(share, 4) for share in shares])

# %% [markdown]
# The share of *phones* is .9465, and that of *apple* .0471.
# So the answer to the prediction is *about twenty times*, not twice.
# NumPy does the same to the whole row at once.

# %%
weights = np.exp(scores) / np.exp(scores).sum()

assert np.allclose(weights, shares)
assert np.isclose(weights.sum(), 1)
print(np.round(weights, 4), "  phones : apple =", round(weights[2] / weights[1], 1))

# %% [markdown]
# Why twenty?
# The ratio of two shares is $e^{s_i} / e^{s_j} = e^{s_i - s_j}$: only the *difference*
# of the scores counts.
# *phones* is 3 ahead of *apple*, and $e^{3} \approx 20.1$.

# %%
assert np.isclose(weights[2] / weights[1], np.exp(6 - 3))

# %% [markdown]
# > **Names.** The numbers before softmax are *scores*, the numbers after it are *weights*.
# > A score is about two words; a weight sets that score beside all others of its row.
# > Both names are kept apart in the whole book.
# > Weights are positive and sum to 1, as probabilities do, but nobody has drawn anything at
# > random: they say how a budget is spent.

# %% [markdown]
# ## The apple of the running example
#
# Chapter 1 gave each word three numbers: (tech, fruit, feeling).
# Let *apple* score every word by a dot product, take shares, and mix.

# %%
love, apple = np.array([0.0, 0.0, 1.0]), np.array([1.0, 1.0, 0.0])
phones, juice = np.array([2.0, 0.0, 0.0]), np.array([0.0, 2.0, 0.0])


def apple_beside(noun):
    """The weights of *apple* in "love apple …", and the mixed vector apple′ (3,)."""
    row = np.array([apple @ love, apple @ apple, apple @ noun])  # (n,)
    shares = np.exp(row) / np.exp(row).sum()  # (n,)
    return shares, shares[0] * love + shares[1] * apple + shares[2] * noun


beside_phones, apple_phones = apple_beside(phones)
beside_juice, apple_juice = apple_beside(juice)
print(
    "phones: weights", np.round(beside_phones, 3), " apple′", np.round(apple_phones, 3)
)
print("juice:  weights", np.round(beside_juice, 3), " apple′", np.round(apple_juice, 3))

assert np.allclose(beside_phones, beside_juice)
assert np.allclose(apple_phones, [1.405, 0.468, 0.063], atol=5e-4)
assert np.allclose(apple_juice, [0.468, 1.405, 0.063], atol=5e-4)

# %% [markdown]
# Nobody chose a weight this time.
# The same vector went in twice, (1, 1, 0), and even the weights are the same twice.
# Two vectors came out: one nearer to tech, one nearer to fruit.

# %% tags=["demo"] alt="Map with the axes tech and fruit. From apple at (1, 1) one arrow leads right and down to apple′ beside phones at (1.4, 0.5), another left and up to apple′ beside juice at (0.5, 1.4)."
fig, ax = plt.subplots(figsize=(4.2, 4.0))
draw_map(
    ax,
    {"love": love, "apple": apple, "phones": phones, "juice": juice},
    moved={"apple′ (phones)": apple_phones, "apple′ (juice)": apple_juice},
)
ax.set_title("softmax shares move the apple")
plt.show()

# %% [markdown]
# *Figure: the small map. The same apple, mixed with the shares of two sentences, lands in two
# places.*

# %% [markdown]
# ## Temperature: how sharp is the choice?
#
# Divide all scores by a number $T$ before the softmax, and the differences shrink or grow.
# This number is called the *temperature*.
# A high one makes the shares alike, a low one lets the winner take nearly everything.
# Hence the name: softmax chooses the *maximum*, but it chooses softly.

# %%
for T in [0.5, 1.0, 3.0, 100.0]:
    tempered = np.exp(scores / T) / np.exp(scores / T).sum()
    print(
        f"T = {T:5.1f}   ", "  ".join(f"{w} {s:.3f}" for w, s in zip(words, tempered))
    )

# %% tags=["demo", "live:temperature"] alt="Three groups of bars for the words love, apple and phones. At temperature 0.5 phones has nearly all of the attention; at 1 it has 95 percent; at 5 the shares are 19, 29 and 52 percent."
temperatures = [0.5, 1.0, 5.0]
fig, axes = plt.subplots(1, 3, sharey=True, figsize=(5.0, 2.5))
for ax, T in zip(axes, temperatures):
    tempered = np.exp(scores / T) / np.exp(scores / T).sum()
    bars = ax.bar(words, tempered, color=[GREY, COLOURS["apple"], INK])
    ax.bar_label(bars, [f"{share:.2f}" for share in tempered], fontsize=10)
    ax.set(title=f"T = {T:g}", ylim=(0, 1.12))
    ax.tick_params(axis="x", rotation=35)
axes[0].set_ylabel("share of attention")
plt.show()

# %% [markdown]
# *Figure: the scores 1, 3, 6 at three temperatures, rounded to two digits; no share is quite 0.
# Chapter 8 meets a temperature that depends on the length of the vectors: $\sqrt{d_k}$.*

# %% [markdown]
# ## When the numbers grow
#
# Exponentials grow fast.
# Somewhere, $e^{s}$ no longer fits into a floating-point number.

# %%
with np.errstate(over="ignore", invalid="ignore"):
    for dtype in [np.float32, np.float64]:
        largest = max(s for s in range(1000) if np.isfinite(np.exp(dtype(s))))
        print(f"{dtype.__name__}: e to the {largest} fits, {largest + 1} gives inf")

    big = np.array([1000.0, 1001.0])
    print("softmax by the formula:", np.exp(big) / np.exp(big).sum())

# %% [markdown]
# Infinity divided by infinity is NaN, *not a number*.
# The way out is in something we have seen already: only differences count.
# Take 50 away from every score, or add 3, and no share changes.

# %%
for shift in [0.0, 3.0, -50.0]:
    moved = np.exp(scores + shift)
    print(f"scores {scores + shift}: shares", np.round(moved / moved.sum(), 4))
    assert np.allclose(moved / moved.sum(), weights)

# %% [markdown]
# So each row may be shifted by whatever number keeps its exponentials small.
# Which one is best is left to your exercise.

# %% [markdown]
# ## PyTorch agrees
#
# PyTorch has softmax built in.
# `dim` says along which axis the shares sum to 1.

# %% nbgrader={"grade_id": "softmax_torch", "locked": true}
import torch

# %%
from_torch = torch.softmax(torch.tensor(scores), dim=-1)
print(from_torch)

assert np.allclose(from_torch.numpy(), weights)
assert torch.isfinite(torch.softmax(torch.tensor([1000.0, 1001.0]), dim=-1)).all()

# %% [markdown]
# ## Which step is missing?
#
# One of our sources shows attention weights for the word *making* in "The Transformer is making
# it possible to understand language".
# Its scores are in the first row below, its weights in the second.
# Something is wrong with the second row.
# Can you see it before you run the cell?

# %%
making_scores = np.array([0.1, 0.8, 0.2, 0.9, 0.7, 0.3, 0.1, 0.6, 0.4])
making_printed = np.array([0.02, 0.25, 0.03, 0.35, 0.20, 0.04, 0.02, 0.15, 0.06])
making_weights = np.exp(making_scores) / np.exp(making_scores).sum()

print("printed:", making_printed, " sum", round(making_printed.sum(), 2))
print("softmax:", np.round(making_weights, 3), " sum", round(making_weights.sum(), 2))

# %% [markdown]
# The printed weights sum to 1.12: the last move, the division by the total, cannot have been
# made.
# It is an easy slip; mix an apple with itself in these shares, and it comes out 12 percent too
# long.
# Is that all? Make the division for the source, and look for a temperature that gives the row.

# %%
repaired = making_printed / making_printed.sum()


def shares_at(T):
    """The softmax of the printed scores at temperature T, (9,)."""
    return np.exp(making_scores / T) / np.exp(making_scores / T).sum()


gaps = {T: np.abs(shares_at(T) - repaired).max() for T in np.arange(0.05, 2.0, 0.01)}
nearest = min(gaps, key=gaps.get)
gap_at_one = np.abs(shares_at(1.0) - repaired).max()
print(f"nearest temperature {nearest:.2f}, largest gap {gaps[nearest]:.3f}")
print(f"at temperature 1, as in the formula above, the largest gap is {gap_at_one:.3f}")

assert 0.01 < gaps[nearest] < gap_at_one

# %% [markdown]
# It is not all: the row comes near a softmax at a temperature of about .31, which the source does
# not mention, and even there it is off by .016.
# The true weights are much more even, because scores between 0.1 and 0.9 differ little.
# The page [*What we changed and why*](errata.py) collects such finds.

# %% [markdown]
# ## A common mistake
#
# > **"Softmax divides each score by the sum."**
# > It divides each *exponential* by the sum of exponentials.
# > With plain division *phones* would get .60 instead of .95, and a negative score would
# > break it.
#
# > **"Softmax deletes the losers."**
# > It never does: for the scores −2, 8, 8 the first share is small, and not zero.

# %%
small = np.exp(arrow_scores) / np.exp(arrow_scores).sum()
print(small)

assert 0 < small[0] < 1e-4

# %% [markdown]
# ## Exercise: `softmax`
#
# *Difficulty:* 2 of 5. *Time:* 10 minutes. *Points:* 8.
#
# So far we took the softmax of *one row*.
# A model has thousands of rows, in arrays with several axes.
# Write a softmax that works along any axis of any array, for scores of any size.
#
# <details><summary>Hint 1: the axis</summary>
#
# `x.sum(axis=axis)` removes the axis that it sums over.
# With `keepdims=True` the axis stays, with length 1, and a division lines up.
#
# </details>
#
# <details><summary>Hint 2: large scores</summary>
#
# Shares do not change when all scores of a row are shifted by the same number.
# Shift each row so that its largest exponential is a harmless one.
#
# </details>
#
# <details><summary>Hint 3: a plan in three lines</summary>
#
# Shift the scores along `axis`; take exponentials; divide by their total along `axis`.
# None of the three lines needs a loop, and none may write into `x`.
#
# </details>


# %% nbgrader={"grade_id": "softmax", "solution": true}
# exercise: softmax
def softmax(x, axis=-1):
    """Turn scores into shares that are positive and sum to 1 along one axis.

    x: array of scores, any shape; not changed.
    axis: the axis along which the shares sum to 1.
    Returns an array of the shape of x, with its dtype if that is a float.
    """
    ### BEGIN SOLUTION
    strengths = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return strengths / strengths.sum(axis=axis, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"grade_id": "softmax_first_look", "points": 1}
try:
    row = softmax(np.array([1.0, 3.0, 6.0]))
except NotImplementedError:
    raise NotImplementedError(
        "Fill in softmax in the cell above, then run both cells"
    ) from None

assert row is not None, "softmax returned None: is there a `return`?"
assert np.isclose(row.sum(), 1), "What must the shares of a row add up to?"
assert np.allclose(row, [0.0064, 0.0471, 0.9465], atol=1e-4), (
    "These are not the shares of 1, 3, 6"
)

# %% nbgrader={"grade_id": "softmax_of_a_matrix", "points": 2}
table = np.array([[1.0, 3.0, 6.0], [0.0, 0.0, 0.0]])

rows = softmax(table)
assert rows.shape == (2, 3), (
    f"Expected the shape (2, 3) of the scores, got {rows.shape}"
)
assert np.allclose(rows.sum(axis=-1), 1), "The columns sum to 1, and the rows do not"
assert np.allclose(rows[1], 1 / 3), "Equal scores should get equal shares"
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("softmax", softmax, "one_row", "each_row_by_itself")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "softmax_any_axis", "points": 2}
columns = softmax(np.array([[1.0, 3.0, 6.0], [0.0, 0.0, 0.0]]), axis=0)
assert np.allclose(columns.sum(axis=0), 1), (
    "Does every `max` and every `sum` get `axis=axis`?"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("softmax", softmax, "any_axis", "batch_axes")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "softmax_large_scores", "points": 2}
large = softmax(np.array([1000.0, 1001.0]))
assert np.isfinite(large).all(), (
    "Large scores overflow: e to the power of 1000 does not fit"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("softmax", softmax, "large_scores", "rows_far_apart")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "softmax_good_manners", "points": 1}
scores_before = np.array([1.0, 3.0, 6.0], dtype=np.float32)
scores_given = scores_before.copy()
shares_back = softmax(scores_given)
assert np.array_equal(scores_given, scores_before), "It overwrites the caller's scores"
assert shares_back.dtype == np.float32, "float32 scores should give float32 shares"
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("softmax", softmax, "keeps_dtype", "integer_scores", "leaves_its_input_alone")
### END HIDDEN TESTS

# %% [markdown] recall="BCAC"
# ## Recall
#
# Choose an answer to see what is right or wrong with it.
#
# **1. Two words have the scores 2 and 5. Which scores would give the same shares?**
#
# <details><summary>A. 4 and 10</summary>
#
# No. Doubling doubles the difference, and the difference is what counts: 6 instead of 3.
#
# </details>
#
# <details><summary>B. 102 and 105</summary>
#
# Yes. The difference is still 3, and the same shift on both changes no share.
#
# </details>
#
# <details><summary>C. 0.2 and 0.5</summary>
#
# No. The difference shrinks to 0.3, and so the shares come closer together: a higher
# temperature.
#
# </details>
#
# **2. Why does softmax use an exponential before it divides?**
#
# <details><summary>A. To make the numbers smaller, so that they cannot overflow</summary>
#
# No. $e^{s}$ is always larger than $s$, and it is what overflows.
#
# </details>
#
# <details><summary>B. To set small scores to zero</summary>
#
# No. An exponential is never zero, so every word keeps some share.
#
# </details>
#
# <details><summary>C. To make every score positive and keep their order</summary>
#
# Yes. Then the division by the total gives shares, also where scores were negative.
#
# </details>
#
# **3. A matrix of scores has one row per word. Which sums are 1 after a softmax with `axis=-1`?**
#
# <details><summary>A. The sum of each row</summary>
#
# Yes. Each word spends one budget over all the words.
#
# </details>
#
# <details><summary>B. The sum of each column</summary>
#
# No. A word may be looked at by everybody or by nobody; its column sums to anything.
#
# </details>
#
# <details><summary>C. The sum of the whole matrix</summary>
#
# No. There are as many budgets as there are words.
#
# </details>
#
# **4. What does a very high temperature do to the shares?**
#
# <details><summary>A. The largest score takes all</summary>
#
# No. That is what a very low one does.
#
# </details>
#
# <details><summary>B. Nothing, because only differences count</summary>
#
# No. A temperature divides the scores, and so it shrinks their differences.
#
# </details>
#
# <details><summary>C. It makes them nearly equal</summary>
#
# Yes. All differences shrink towards 0, and $e^{0} = 1$ for everybody.
#
# </details>

# %% [markdown]
# ## Recap
#
# - Softmax turns *scores* into *weights*: exponentials, divided by their total.
# - Weights are positive and sum to 1 along an axis; no word gets exactly nothing.
# - Only differences of scores count, so each row may be shifted: that keeps large scores safe.
# - Dividing the scores by a temperature makes the choice sharper or softer.
#
# **What you have now:** `softmax(x, axis=-1)`.
# **Next:** [chapter 5](05_first_attention.py) lets every word take shares at once.

# %% [markdown]
# ## References
#
# - J. S. Bridle, [*Training Stochastic Model Recognition Algorithms as Networks can Lead to
#   Maximum Mutual Information Estimation of
#   Parameters*](https://papers.nips.cc/paper/195-training-stochastic-model-recognition-algorithms-as-networks-can-lead-to-maximum-mutual-information-estimation-of-parameters),
#   1989: where the name softmax comes from.
# - P. Blanchard, D. J. Higham, N. J. Higham, [*Accurately computing the log-sum-exp and softmax
#   functions*](https://doi.org/10.1093/imanum/draa038), 2021: why the shift by the maximum is safe.
