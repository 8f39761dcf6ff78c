# %% [markdown]
# # 3. Dot product
#
# **Who is related to *apple*?**
#
# *Time:* 35 minutes. *Difficulty:* 2 of 5.
#
# After this chapter you can
#
# - give two words a score with a dot product, by hand and on paper,
# - say what the score owes to the lengths of two arrows, and what to the angle between them,
# - score one word against every word of a sentence.
#
# [Chapter 2](02_mixing.py) moved *apple* to (1.3, .5, .1) with the weights .1, .5, .4.
# We had chosen them by hand, because we know that *phones* matters more than *love*.
# A computer does not.
# It needs a number that says how much two words have to do with each other: a
# [score](glossary.md#attention-score).

# %% nbgrader={"grade_id": "dot_product_setup", "locked": true}
import math

import numpy as np

rng = np.random.default_rng(0)

# %% tags=["demo"]
from figures.style import *

# %%
chosen = (
    0.1 * np.array([0, 0, 1]) + 0.5 * np.array([1, 1, 0]) + 0.4 * np.array([2, 0, 0])
)
print("apple′ of chapter 2:", chosen.round(2))

assert np.allclose(chosen, [1.3, 0.5, 0.1])

# %% [markdown]
# ## Predict first
#
# > **Your guess, before you run anything.**
# > Think of each word as an arrow on the map (tech, fruit).
# > *apple* points halfway between the two axes, to (2, 2).
# > *phones* points along tech, to (4, 0).
# > *apple* now gives a score to *phones*, and one to itself.
# > Which score is larger?
#
# Write the guess down.
# The next section answers it.

# %% [markdown]
# ## Words as arrows
#
# In this chapter we leave the axis *feeling* aside, so that every word is an arrow on paper, and
# draw the map twice as large.
# *love* gets a new place for once, at (−1, 0), so that one word points the other way.

# %%
love = np.array([-1.0, 0.0])  # (tech, fruit)
apple = np.array([2.0, 2.0])
phones = np.array([4.0, 0.0])
juice = np.array([0.0, 4.0])

# %% [markdown]
# The [dot product](glossary.md#dot-product) of two arrows multiplies what they have on the same
# axis, and adds up.
# Both have much tech: a large score.
# One has tech and the other has none: that axis adds nothing.
# One has tech, and the other has minus tech: the score goes down.
#
# $$
# q \cdot k = \sum_i q_i k_i
# $$
#
# $q$ is the word that asks, called the *query*, and $k$ the word that is asked, called the
# *key*.
# Chapter 6 says where these names come from.

# %%
by_hand = 0.0
for name, a, p in zip(["tech", "fruit"], apple, phones):
    print(f"{name:5s}  apple {a:.0f} times phones {p:.0f} = {a * p:.0f}")
    by_hand = by_hand + a * p
print("score:", by_hand)

# %% [markdown]
# NumPy writes the dot product as `@`.

# %%
to_love = apple @ love
to_apple = apple @ apple
to_phones = apple @ phones
print("apple scores love", to_love, "  apple", to_apple, "  phones", to_phones)

assert to_phones == by_hand
assert (to_love, to_apple, to_phones) == (-2, 8, 8)

# %% [markdown]
# So the answer to the prediction is *neither*: both scores are 8.
# *love* gets −2.

# %% tags=["demo"] alt="Four arrows from the origin of the map. Apple points to (2, 2), phones to (4, 0), juice to (0, 4), love to (−1, 0). Beside them the scores that apple gives: apple 8, phones 8, juice 8, love −2."
fig, ax = plt.subplots(figsize=(4.8, 4.0))
ax.set(xlim=(-2.1, 5.4), ylim=(-0.6, 4.9), xlabel="tech", ylabel="fruit")
ax.set_aspect("equal")
ax.grid(color="#E4E4E4", linewidth=0.8)
places = {
    "love": (-1.9, 0.25),
    "apple": (2.1, 2.1),
    "phones": (3.1, 0.3),
    "juice": (0.2, 4.1),
}
arrows = {"love": love, "apple": apple, "phones": phones, "juice": juice}
for word, arrow in arrows.items():
    colour = COLOURS["apple"] if word == "apple" else INK
    style = {"arrowstyle": "-|>", "color": colour, "linewidth": 2.5}
    ax.annotate("", arrow, (0, 0), arrowprops={**style, "shrinkA": 0, "shrinkB": 0})
    ax.text(
        *places[word],
        f"{word}\nscore {apple @ arrow:.0f}".replace("-", "−"),
        color=colour,
    )
plt.show()

# %% [markdown]
# *Figure: words as arrows, and the score that apple gives to each.
# Three arrows of different directions get the same score.*

# %% [markdown]
# ## PyTorch agrees

# %% nbgrader={"grade_id": "dot_product_torch", "locked": true}
import torch

# %%
from_torch = torch.dot(torch.tensor(apple), torch.tensor(phones))
print(from_torch)

assert from_torch.item() == to_phones

# %% [markdown]
# ## Length times length times cosine
#
# How can *phones*, which points elsewhere, be as related to *apple* as *apple* itself?
# Lengths and directions both go into a dot product, and the number does not say how much came
# from which:
#
# $$
# q \cdot k = \lVert q \rVert \, \lVert k \rVert \cos\theta
# $$
#
# The two lengths are what a ruler says.
# The cosine looks at the angle $\theta$ alone: 1 for the same direction, 0 for a right angle,
# −1 for opposite ones.

# %%
print("         length  angle  cosine   length × length × cosine")
for word, arrow in [("love", love), ("apple", apple), ("phones", phones)]:
    length = math.hypot(*arrow)
    angle = math.atan2(apple[1], apple[0]) - math.atan2(arrow[1], arrow[0])
    product = math.hypot(*apple) * length * math.cos(angle)
    degrees = abs(round(math.degrees(angle)))
    print(
        f"{word:7s} {length:6.2f} {degrees:5d}° {math.cos(angle):7.3f} {product:9.2f}"
    )
    assert np.isclose(product, apple @ arrow)

# %% [markdown]
# Now the two 8s come apart.
# *apple* points exactly where *apple* points: the cosine is 1.
# *phones* is 45° off, and its cosine only .707; but it is longer, 4 against 2.83, and that
# makes up for it.
#
# Take one arrow, and first make it longer, then turn it around.

# %% tags=["demo", "live:arrows"] alt="Two curves. Left: the score of phones grows in a straight line from 0 to 16 as phones gets longer, while the cosine stays at 0.71. Right: phones is turned around, and the score falls from 11.3 at 0 degrees through 0 at 90 degrees to −11.3 at 180 degrees."
fig, (longer, turned) = plt.subplots(1, 2, figsize=(5.0, 3.0), sharey=True)
factors = np.linspace(0, 2, 50)
longer.plot(factors, 8 * factors, color=INK, linewidth=2)
longer.plot(factors, 0 * factors + math.sqrt(0.5), color=GREY, linewidth=2)
longer.text(0.25, 9, "score")
longer.text(0.85, 1.3, "cosine .71")
longer.set(title="phones, made longer", xlabel="times as long", ylim=(-13, 17))

angles = np.linspace(0, 180, 100)
scores_turned = math.sqrt(8) * 4 * np.cos(np.radians(angles))
turned.plot(angles, scores_turned, color=INK, linewidth=2)
turned.plot(90, 0, "o", color=INK)
turned.text(98, 1, "90°: score 0", fontsize=10)
turned.set(title="phones, turned away", xlabel="degrees from apple")
turned.set_xticks([0, 45, 90, 135, 180])
for ax in (longer, turned):
    ax.axhline(0, color=GREY, linewidth=0.8)
plt.show()

# %% [markdown]
# *Figure: what the score owes to length (left), and to direction (right).
# The cosine sees only the turning.*
#
# If you want direction alone, divide the lengths out; what is left is the cosine.

# %%
cosine = apple @ phones / (np.linalg.norm(apple) * np.linalg.norm(phones))
from_torch = torch.nn.functional.cosine_similarity(
    torch.tensor(apple), torch.tensor(phones), dim=0
)
print(round(cosine, 3), from_torch)

assert np.isclose(cosine, from_torch.item())
assert np.isclose(cosine, math.cos(math.radians(45)))

# %% [markdown]
# ## What the score does not say
#
# One of our sources says that related words live close together or point in similar directions,
# and that their dot product is then high.
# That is a good first picture, and it holds where all arrows are about equally long.
# Where they are not, three notions of *related* part ways.

# %%
near = 0.5 * apple  # same direction, close by, short
far = 2 * phones  # 45 degrees off, far away, long
for word, arrow in [("half an apple", near), ("twice phones", far)]:
    distance = np.linalg.norm(apple - arrow)
    same_way = apple @ arrow / (np.linalg.norm(apple) * np.linalg.norm(arrow))
    print(f"{word:13s} score {apple @ arrow:4.0f}", end="   ")
    print(f"cosine {same_way:.2f}   distance {distance:.2f}")

assert apple @ near < apple @ far
assert np.linalg.norm(apple - near) < np.linalg.norm(apple - far)

# %% [markdown]
# *half an apple* points the same way and lies close by, and yet it gets a quarter of the score of
# *twice phones*.
# So a dot product is one way to ask who is related, and not the only one.
# Why does attention use it, then?
# It costs little, and a whole table of scores is one matrix product.
# The lengths can even be of use: a longer key gets larger scores from all words that point its
# way.
# The page [*What we changed and why*](errata.py) has the details.

# %% [markdown]
# ## Back to the small map
#
# In the running example *apple* is (1, 1, 0) again, and *love* stands at (0, 0, 1).
# There *apple* gives *love* 0, and itself, *phones* and *juice* 2 each.
# A new word, *cider*, moves in at (.3, 1.7, 0).
# What will its score be?

# %%
small_apple = np.array([1.0, 1.0, 0.0])
small_words = {
    "love": np.array([0.0, 0.0, 1.0]),
    "apple": small_apple,
    "phones": np.array([2.0, 0.0, 0.0]),
    "juice": np.array([0.0, 2.0, 0.0]),
    "cider": np.array([0.3, 1.7, 0.0]),
}
for word, vector in small_words.items():
    print(f"apple scores {word:7s}", small_apple @ vector)
    assert np.isclose(small_apple @ vector, 0 if word == "love" else 2)

# %% [markdown]
# 2 again: what *cider* has less of fruit than *juice*, it has more of tech.

# %% tags=["demo"] alt="The small map with love, apple, phones, juice and the new dot cider at (0.3, 1.7). A dashed line runs from juice through cider and apple to phones: every word on it gets the score 2 from apple. Of the parallel lines, one further out has the score 3, one further in 1, and the one through the origin, where love is, 0."
fig, ax = plt.subplots(figsize=(4.2, 4.0))
circle = {"boxstyle": "circle,pad=0.2", "facecolor": "white", "edgecolor": PURPLE}
for score in [0, 1, 2, 3]:
    half = score / 2
    ax.axline((half, half), slope=-1, color=GREY, linestyle="--", zorder=0)
    ax.text(half + 0.25, half - 0.25, score, ha="center", va="center", bbox=circle)
draw_map(ax, small_words)
ax.set_title("lines of equal score from apple")
plt.show()

# %% [markdown]
# *Figure: the small map, with one more dot.
# All words on one dashed line get the same score from apple, the number in the circle: it only
# asks how far they reach in its own direction.*

# %% [markdown]
# ## A common mistake
#
# > **"The dot product is the cosine."**
# > It is the cosine times two lengths.
# > They agree where both arrows have length 1.
#
# > **"A negative score is an error."**
# > It says that two arrows point away from each other.
# > Chapter 4 turns scores of any sign into shares.
#
# > **"A score of 8 means that they are strongly related."**
# > Alone, an 8 means nothing: make every arrow ten times as long, and it becomes 800.
# > A score counts beside the other scores of its row.

# %%
unit_apple = apple / np.linalg.norm(apple)
unit_phones = phones / np.linalg.norm(phones)
print(
    "dot",
    apple @ phones,
    "  dot of length-1 arrows",
    round(unit_apple @ unit_phones, 3),
)
print("ten times as long:", (10 * apple) @ (10 * phones))

assert np.isclose(unit_apple @ unit_phones, cosine)
assert not np.isclose(apple @ phones, cosine)
assert (10 * apple) @ (10 * phones) == 800

# %% [markdown]
# ## Exercise: `score_row`
#
# *Difficulty:* 2 of 5. *Time:* 10 minutes. *Points:* 6.
#
# So far *apple* scored one word at a time.
# Write a function in which one query scores every word of a sentence: one row of scores.
# The words are the rows of `K`.
# With axes in front of them, `K` is a pile of sentences, and the same query scores them all.
#
# <details><summary>Hint 1: the shapes</summary>
#
# A query of 2 numbers and a `K` of shape (3, 2) give 3 scores.
# The axis that both have disappears.
#
# </details>
#
# <details><summary>Hint 2: with a sum</summary>
#
# `K * q` multiplies every row of `K` by `q`, number by number.
# Which axis is left to add up? Count it from the end.
#
# </details>
#
# <details><summary>Hint 3: with a product</summary>
#
# `@` sums over the last axis of what stands on its left.
# Which of the two belongs there, so that nothing needs to be transposed?
#
# </details>


# %% nbgrader={"grade_id": "score_row", "solution": true}
# exercise: score_row
def score_row(q, K):
    """Score every row of K by its dot product with q.

    q: array (d,), the query; not changed.
    K: array (n, d), one key per row; or (..., n, d), a pile of sentences; not changed.
    Returns an array (n,), or (..., n), with the dtype of q and K if both are the same.
    """
    ### BEGIN SOLUTION
    return K @ q
    ### END SOLUTION


# %% nbgrader={"grade_id": "score_row_first_look", "points": 1}
asking = np.array([2.0, 2.0])
asked = np.array([[-1.0, 0.0], [2.0, 2.0], [4.0, 0.0]])  # love, apple, phones
try:
    scores = score_row(asking, asked)
except NotImplementedError:
    raise NotImplementedError(
        "Fill in score_row in the cell above, then run both cells"
    ) from None

assert scores is not None, "score_row returned None: is there a `return`?"
assert np.shape(scores) == (3,), f"Expected one score for each of 3 words, got {scores}"
assert np.allclose(scores, [-2, 8, 8]), f"Expected the scores -2, 8, 8, got {scores}"

# %% nbgrader={"grade_id": "score_row_of_one_sentence", "points": 2}
two_keys = np.array([[3.0, 4.0], [0.0, 5.0]])
assert np.allclose(score_row(np.array([1.0, 2.0]), two_keys), [11, 10]), (
    "Each row of K should be multiplied by q and added up: 3 + 8 and 0 + 10"
)
assert np.allclose(score_row(np.array([3.0, 4.0]), 2 * two_keys), [50, 40]), (
    "A key twice as long should get twice the score"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("score_row", score_row, "one_sentence", "smallest_sentences", "length_counts")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "score_row_of_many_sentences", "points": 2}
pile = np.arange(24.0).reshape(2, 3, 4)  # 2 sentences, 3 words, 4 numbers
rows = score_row(np.array([1.0, 0.0, 0.0, 1.0]), pile)
assert np.shape(rows) == (2, 3), (
    f"2 sentences of 3 words have scores of shape (2, 3), got {np.shape(rows)}"
)
assert np.allclose(rows, [[3, 11, 19], [27, 35, 43]]), (
    "Right for one sentence; in a pile, the sum runs over the last axis of K"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("score_row", score_row, "piles_of_sentences")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "score_row_good_manners", "points": 1}
K_given = np.array([[3.0, 4.0], [0.0, 5.0]], dtype=np.float32)
K_before = K_given.copy()
scores_back = score_row(np.array([1.0, 2.0], dtype=np.float32), K_given)
assert np.array_equal(K_given, K_before), (
    "The function changed its input: the caller's K"
)
assert scores_back.dtype == np.float32, "float32 in should give float32 out"
### BEGIN HIDDEN TESTS
from autograder.checks import require

require(
    "score_row", score_row, "keeps_dtype", "whole_numbers", "leaves_its_input_alone"
)
### END HIDDEN TESTS

# %% [markdown] recall="ACBC"
# ## Recall
#
# Choose an answer to see what is right or wrong with it.
#
# **1. What is the dot product of (1, 2) and (3, −1)?**
#
# <details><summary>A. 1</summary>
#
# Yes. 1 times 3 is 3, 2 times −1 is −2, and together they make 1.
#
# </details>
#
# <details><summary>B. (3, −2)</summary>
#
# No. These are the products; they still have to be added.
#
# </details>
#
# <details><summary>C. 5</summary>
#
# No. The second product is −2, and its sign counts.
#
# </details>
#
# **2. An arrow is made three times as long. What happens to its score, and to its cosine?**
#
# <details><summary>A. Both become three times as large</summary>
#
# No. The cosine depends on directions only.
#
# </details>
#
# <details><summary>B. Neither changes, since the arrow still points the same way</summary>
#
# No. The score is length times length times cosine.
#
# </details>
#
# <details><summary>C. The score becomes three times as large, the cosine stays</summary>
#
# Yes. One of the two lengths has grown by three, and the angle is the same.
#
# </details>
#
# **3. Two words have the score 0. What do you know?**
#
# <details><summary>A. They are far apart on the map, and so have little in common</summary>
#
# No. *phones* and *juice* score 0 wherever they stand on their axes, near or far.
#
# </details>
#
# <details><summary>B. They are at a right angle, or one of them is all zeros</summary>
#
# Yes. What one has, the other lacks, or it all cancels out.
#
# </details>
#
# <details><summary>C. They are opposites, and point away from each other</summary>
#
# No. Opposite arrows have a negative score.
#
# </details>
#
# **4. The scores of *apple* are −2, 8, 8. Why can they not be the weights of a mix?**
#
# <details><summary>A. Because two of them are equal, and shares differ</summary>
#
# No. Two words may well get the same weight.
#
# </details>
#
# <details><summary>B. Because they are whole numbers</summary>
#
# No. 0, 0 and 1 would be fine weights.
#
# </details>
#
# <details><summary>C. Because one is negative, and they sum to 14</summary>
#
# Yes. Weights are shares of a budget: none below 0, and 1 in all.
#
# </details>

# %% [markdown]
# ## Recap
#
# - A dot product multiplies two vectors number by number and adds up: one pair, one score.
# - It is length times length times cosine; the cosine is direction alone.
# - *apple* scores *love* −2, itself 8 and *phones* 8: the two 8s have different reasons.
# - A score counts beside the others of its row, and it may have any size and sign.
#
# **What you have now:** `score_row(q, K)`.
# **Next:** [chapter 4](04_softmax.py) turns −2, 8, 8 into shares of attention.

# %% [markdown]
# ## References
#
# - M.-T. Luong, H. Pham, C. D. Manning, [*Effective Approaches to Attention-based Neural Machine
#   Translation*](https://arxiv.org/abs/1508.04025), 2015: the dot product as a score of
#   attention, beside two others.
# - A. Vaswani and others, [*Attention Is All You Need*](https://arxiv.org/abs/1706.03762), 2017,
#   section 3.2.1: why the Transformer uses it.
# - H. Steck, C. Ekanadham, N. Kallus, [*Is Cosine-Similarity of Embeddings Really About
#   Similarity?*](https://arxiv.org/abs/2403.05440), 2024: the cosine has its own traps.
