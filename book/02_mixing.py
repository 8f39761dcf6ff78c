# %% [markdown]
# # 2. Mixing
#
# **How can *phones* pull *apple*?**
#
# *Time:* 30 minutes. *Difficulty:* 2 of 5.
#
# After this chapter you can
#
# - make a new vector for a word by mixing in its neighbours,
# - say what the weights of a mix may be, and what goes wrong when they do not sum to 1,
# - read a mix off the map, and say why the weights are not the meaning.
#
# [Chapter 1](01_two_meanings.py) left *apple* at (1, 1, 0), as far from *phones* as from
# *juice*, in every sentence.
# Its neighbours hold the clue.
# So let *apple* borrow from them.

# %% nbgrader={"grade_id": "mixing_setup", "locked": true}
import numpy as np

rng = np.random.default_rng(0)

# %% tags=["demo"]
from figures.style import *

# %%
love = np.array([0.0, 0.0, 1.0])  # (tech, fruit, feeling)
apple = np.array([1.0, 1.0, 0.0])
phones = np.array([2.0, 0.0, 0.0])
juice = np.array([0.0, 2.0, 0.0])

assert np.isclose(np.linalg.norm(apple - phones), np.linalg.norm(apple - juice))

# %% [markdown]
# ## Predict first
#
# > **Your guess, before you run anything.**
# > Take one tenth of *love*, half of *apple*, and four tenths of *phones*, and add them up.
# > *apple* has as much fruit as tech: 1 and 1.
# > In the mix, how many times as large as the fruit will the tech be: still as large, about
# > one and a half times, or more than twice?
#
# Write the guess down.
# The next section answers it.

# %% [markdown]
# ## Half of this, and a bit of that
#
# Nobody mixes the letters of *apple* and *phones*.
# What is mixed are their vectors, number by number, as one mixes paints.
# How much of each goes in is called its
# [weight](glossary.md#attention-weight).
#
# We choose three weights by hand: *love* .1, *apple* .5, *phones* .4.
# Each says how much *apple* looks at that word while its new vector is made.
# *apple* looks at itself too: it should not forget where it came from.

# %%
parts = [(0.1, love), (0.5, apple), (0.4, phones)]

by_hand = []
for axis, name in enumerate(["tech", "fruit", "feeling"]):
    number = 0.0
    for weight, vector in parts:
        number = number + weight * vector[axis]
    by_hand.append(number)
    print(f"{name:8s} {number:.1f}")

# %% [markdown]
# NumPy multiplies and adds whole vectors, so that the same sum fits on one line.
#
# $$
# \begin{aligned}
# \text{apple}' = {} & 0.1\,\text{love} + 0.5\,\text{apple} \\
# & {} + 0.4\,\text{phones}
# \end{aligned}
# $$

# %%
apple_phones = 0.1 * love + 0.5 * apple + 0.4 * phones
print("apple′ beside phones:", np.round(apple_phones, 3))
print("tech over fruit:", round(apple_phones[0] / apple_phones[1], 2))

assert np.allclose(apple_phones, by_hand)
assert np.allclose(apple_phones, [1.3, 0.5, 0.1])

# %% [markdown]
# *apple* went in with as much tech as fruit, and came out with 2.6 times as much.
# So the answer to the prediction is *more than twice*.
# Tech rose because *phones* has a lot of it; fruit fell because only *apple* brought any, and
# only half of *apple* went in.
#
# In the other sentence, *juice* stands where *phones* stood.

# %%
apple_juice = 0.1 * love + 0.5 * apple + 0.4 * juice
print("apple′ beside juice: ", np.round(apple_juice, 3))

assert np.allclose(apple_juice, [0.5, 1.3, 0.1])

# %% tags=["demo"] alt="Map with the axes tech and fruit. From apple at (1, 1) one arrow leads to apple′ beside phones at (1.3, 0.5), and another to apple′ beside juice at (0.5, 1.3)."
words = {"love": love, "apple": apple, "phones": phones, "juice": juice}
fig, ax = plt.subplots(figsize=(4.2, 4.0))
draw_map(
    ax,
    words,
    moved={"apple′ (phones)": apple_phones, "apple′ (juice)": apple_juice},
)
ax.set_title("one recipe, two neighbours")
plt.show()

# %% [markdown]
# *Figure: the small map.
# The same word, mixed with the same weights, moves towards the neighbour that it has.
# It also moves a little towards love, at (0, 0).*

# %% [markdown]
# ## PyTorch agrees
#
# PyTorch has a layer that does chapters 1 and 2 in one go: it looks words up in a table, and
# adds their vectors with weights.
# It is called a *bag*, because a bag does not know the order of what is in it.

# %% nbgrader={"grade_id": "mixing_torch", "locked": true}
import torch

# %%
table = torch.tensor([[0.0, 0, 1], [1, 1, 0], [2, 0, 0], [0, 2, 0]])  # (4, 3)
sentence = torch.tensor([[0, 1, 2]])  # love, apple, phones
weights_in_torch = torch.tensor([[0.1, 0.5, 0.4]])

bag = torch.nn.functional.embedding_bag(
    sentence, table, per_sample_weights=weights_in_torch, mode="sum"
)
print(bag)

assert np.allclose(bag[0].numpy(), apple_phones)

# %% [markdown]
# ## Inside the triangle
#
# Where can *apple′* land, if we may choose the weights?
# Let us try two thousand recipes, each with three positive weights that sum to 1.

# %%
recipes = rng.dirichlet([1, 1, 1], size=2000)  # (2000, 3): random shares
landed = np.array([a * love + b * apple + c * phones for a, b, c in recipes])
tech, fruit = landed[:, 0], landed[:, 1]

inside = (
    (fruit >= 0)  # above the side love–phones
    & (fruit <= tech + 1e-12)  # below the side love–apple
    & (tech + fruit <= 2 + 1e-12)  # below the side apple–phones
)
print(f"{inside.sum()} of {len(landed)} recipes land inside the triangle")

assert inside.all()

# %% tags=["demo", "live:mixing"] alt="The triangle love, apple, phones on the map, filled with small grey dots, none outside. Inside it the dot apple′ at (1.3, 0.5), tied to the three corners by lines with the weights 0.1, 0.5 and 0.4."
fig, ax = plt.subplots(figsize=(4.8, 3.4))
ax.plot(tech, fruit, ".", color="#D5D5D5", markersize=3, zorder=0)
draw_map(ax, {"apple": apple, "phones": phones})
ax.plot(0, 0, "o", color=INK, markersize=8)
ax.text(-0.05, -0.22, "love")
ax.set(ylim=(-0.35, 1.45))
ax.fill([0, 1, 2], [0, 1, 0], fill=False, edgecolor=GREY, linewidth=1)
for corner, weight in [(love, 0.1), (apple, 0.5), (phones, 0.4)]:
    line = np.array([corner, apple_phones])
    ax.plot(line[:, 0], line[:, 1], color=PURPLE, linewidth=12 * weight, alpha=0.6)
    middle = 0.5 * corner + 0.5 * apple_phones
    box = {"boxstyle": "round,pad=0.15", "color": "white"}
    ax.text(*middle[:2], weight, ha="center", va="center", bbox=box)
ax.plot(*apple_phones[:2], "o", color="white", markeredgecolor=PURPLE, markersize=11)
ax.annotate("apple′", apple_phones[:2], (1.42, 0.55))
plt.show()

# %% [markdown]
# *Figure: every mix of three words lies inside their triangle.
# The thicker the line to a corner, the larger its weight.
# A weight that grows pulls the dot to its corner; a weight of 1 puts it there.*
#
# A mix stays among the words that go into it.
# *apple* cannot come out more technical than *phones*: the clue sets the limit.
# For a sentence of more words the triangle becomes a shape with more corners, and the rule
# stays.

# %% [markdown]
# ## Why the weights sum to 1
#
# Mix *apple* with nothing but *apple*.
# Whatever the weights, it should come out as it went in.

# %%
for weights in [(0.1, 0.5, 0.4), (1.0, 3.0, 6.0), (0.5, 0.9, -0.4)]:
    only_apple = sum(weight * apple for weight in weights)
    print("sum", round(sum(weights), 2), "  only apple:", np.round(only_apple, 2))

# %% [markdown]
# Weights that sum to 10 give an apple ten times too long, far off the map.
# Then the size of a vector says how large the weights were, and no longer what the word means.
#
# The third row sums to 1, but one of its weights is negative.
# Such a mix can leave the triangle: it runs away from the word with the negative weight.
# With −.4 for *phones* there is more fruit than tech, and none of the two thousand recipes had
# that.

# %%
outside = 0.5 * love + 0.9 * apple - 0.4 * phones
print("tech, fruit, feeling:", np.round(outside, 2))

assert outside[1] > outside[0]  # above the side love–apple

# %% [markdown]
# So we ask two things of the weights: none is negative, and they sum to 1.
# They share out a budget.

# %% [markdown]
# ## Which weights are the right ones?
#
# One of our sources explains the sentence *love apple phones* five times, and each time *apple*
# has other weights: .1, .5, .4 chosen by hand; shares made from −2, 8, 8 and from 1, 3, 6, as
# chapter 4 will do it; .25, .50, .25 from a small example with matrices; and last, in words, low,
# medium, high.
# Where does *apple* land with the first four?

# %%
rows = {
    "by hand": (0.1, 0.5, 0.4),
    "of −2, 8, 8": (0.0, 0.5, 0.5),  # these and the next are rounded
    "of 1, 3, 6": (0.0064, 0.0471, 0.9465),
    "by matrices": (0.25, 0.50, 0.25),
}
for name, (a, b, c) in rows.items():
    landing = a * love + b * apple + c * phones
    print(f"{name:12s} {a:6.4f} {b:6.4f} {c:6.4f}   apple′", np.round(landing, 2))
    assert np.isclose(a + b + c, 1)

# %% [markdown]
# Four rows, four apples, and the last has no more tech than before.
# None of the rows is the true one: each is a fair example on its own page, but the source does
# not say that they are different examples ([*What we changed and why*](errata.py) lists them).
# In this book we say which weights are chosen by hand (.1, .5, .4), which are computed (from
# chapter 4 on), and which come from something learned (chapter 13).
#
# To compute weights, we need two things: a number that says how much two words have to do with
# each other, and a way to make shares of such numbers.
# They are the next two chapters.

# %% [markdown]
# ## A common mistake
#
# > **"The weights are the meaning."**
# > The weights say how much of each word goes in.
# > The meaning, as far as there is one, is in the vector that comes out.
#
# You have seen the same weights give two different apples.
# It goes the other way round too: here two very different rows of weights give the same vector.

# %%
itself = 1.0 * apple
half_and_half = 0.5 * phones + 0.5 * juice
print(itself, half_and_half)

assert np.array_equal(itself, half_and_half)
assert not np.allclose(apple_phones, apple_juice)

# %% [markdown]
# In the first row all weight is on *apple*; in the second *apple* has none.
# Whoever is shown only the weights would tell two different stories about one and the same
# vector.

# %% [markdown]
# ## Exercise: `mix`
#
# *Difficulty:* 2 of 5. *Time:* 12 minutes. *Points:* 6.
#
# So far we wrote every word of the mix by its name.
# Write a function for a sentence of any length, whose words are the rows of a matrix.
# A model reads many sentences at once: with axes in front, each sentence is mixed with its
# own weights.
# Begin with one sentence; it already earns half of the points.
#
# <details><summary>Hint 1: what meets what</summary>
#
# Weight i belongs to row i, and multiplies all the numbers of that row.
# The words disappear in the sum; the numbers of a vector stay.
#
# </details>
#
# <details><summary>Hint 2: lining up</summary>
#
# An array of shape (n, 1) times one of shape (n, d) multiplies each row by its own number.
# How do weights of shape (n,) get that last axis of length 1?
#
# </details>
#
# <details><summary>Hint 3: a pile of sentences</summary>
#
# Count axes from the end, and no axis in front can disturb you.
# In `X` the words are on axis −2; in indices, `...` stands for all the axes in front.
#
# </details>


# %% nbgrader={"grade_id": "mix", "solution": true}
# exercise: mix
def mix(weights, X):
    """Add up the rows of X, each multiplied by its weight.

    weights: array (n,), used as they are; or (..., n) for a pile of sentences.
    X: array (n, d), a row is a word; or (..., n, d) with the same axes in front.
    Returns an array (d,), or (..., d), with the dtype of weights and X if both are the
    same float. Neither is changed.
    """
    ### BEGIN SOLUTION
    return (weights[..., None] * X).sum(axis=-2)
    ### END SOLUTION


# %% nbgrader={"grade_id": "mix_first_look", "points": 1}
X_example = np.array([[0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [2.0, 0.0, 0.0]])
try:
    mixed = mix(np.array([0.1, 0.5, 0.4]), X_example)
except NotImplementedError:
    raise NotImplementedError(
        "Fill in mix in the cell above, then run both cells"
    ) from None

assert mixed is not None, "mix returned None: is there a `return`?"
assert np.shape(mixed) == (3,), f"Expected a vector of 3 numbers, got {mixed}"
assert np.allclose(mixed, [1.3, 0.5, 0.1]), "The mix of chapter 2 is (1.3, .5, .1)"

# %% nbgrader={"grade_id": "mix_of_one_sentence", "points": 2}
two_words = np.array([[4.0, 0.0, 8.0], [0.0, 8.0, 0.0]])
assert np.allclose(mix(np.array([0.25, 0.75]), two_words), [1, 6, 2]), (
    "Each weight should multiply one row, and then the rows are added"
)
assert np.allclose(mix(np.array([3.0, -1.0]), two_words), [12, -8, 24]), (
    "The weights should be used as they come, also where they do not sum to 1"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("mix", mix, "one_sentence", "smallest_sentences", "weights_as_they_are")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "mix_of_many_sentences", "points": 2}
pile = np.array([[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]])  # (2, 2, 2)
their_weights = np.array([[1.0, 0.0], [0.5, 0.5]])  # (2, 2)
assert np.shape(mix(their_weights, pile)) == (2, 2), (
    "2 sentences should give 2 mixes of 2 numbers each"
)
assert np.allclose(mix(their_weights, pile), [[1, 2], [6, 7]]), (
    "Right for one sentence; in a pile, each sentence has weights of its own"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("mix", mix, "piles_of_sentences")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "mix_good_manners", "points": 1}
X_given = np.array([[4.0, 0.0], [0.0, 8.0]], dtype=np.float32)
X_before = X_given.copy()
mixed_back = mix(np.array([0.25, 0.75], dtype=np.float32), X_given)
assert np.array_equal(X_given, X_before), (
    "The function changed its input: the caller's vectors"
)
assert mixed_back.dtype == np.float32, "float32 in should give float32 out"
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("mix", mix, "keeps_dtype", "whole_number_vectors", "leaves_its_input_alone")
### END HIDDEN TESTS

# %% [markdown] recall="BCAB"
# ## Recall
#
# Choose an answer to see what is right or wrong with it.
#
# **1. *apple* is mixed with the weights *love* 0, *apple* 0, *phones* 1. What comes out?**
#
# <details><summary>A. apple, since it is its own vector that is made</summary>
#
# No. With the weight 0, nothing of the old *apple* goes in.
#
# </details>
#
# <details><summary>B. exactly phones</summary>
#
# Yes. A weight of 1 puts the mix on that corner of the triangle.
#
# </details>
#
# <details><summary>C. a point halfway between apple and phones</summary>
#
# No. That needs .5 and .5.
#
# </details>
#
# **2. Why do we want weights that sum to 1?**
#
# <details><summary>A. So that each word gets the same share</summary>
#
# No. The shares may differ as much as they like.
#
# </details>
#
# <details><summary>B. Because they are probabilities that a word is right</summary>
#
# No. They say how a budget is spent; nothing is drawn, and nothing is true or false.
#
# </details>
#
# <details><summary>C. So that a mix of equal vectors is that vector</summary>
#
# Yes. Otherwise the size of the weights would change the size of the result.
#
# </details>
#
# **3. The weights are positive and sum to 1. Can *apple′* have more tech than each word that
# goes into it?**
#
# <details><summary>A. No, it stays among the words that are mixed</summary>
#
# Yes. The mix lies inside the triangle, so the largest number of a corner is the limit.
#
# </details>
#
# <details><summary>B. Yes, if phones has a large weight</summary>
#
# No. Even the weight 1 only reaches *phones* itself.
#
# </details>
#
# <details><summary>C. Yes, because the numbers of three words are added up</summary>
#
# No. Each is made smaller by its weight before it is added.
#
# </details>
#
# **4. In two sentences, *apple* has the weights .1, .5, .4. What follows?**
#
# <details><summary>A. It means the same in both, since the weights are the meaning</summary>
#
# No. With *phones* or with *juice* in the third place, two different vectors come out.
#
# </details>
#
# <details><summary>B. It takes the same amounts, of whatever stands there</summary>
#
# Yes. The weights are amounts; the vectors are the content.
#
# </details>
#
# <details><summary>C. The third word is the same</summary>
#
# No. The weights do not say which word they belong to.
#
# </details>

# %% [markdown]
# ## Recap
#
# - *apple′* is a mix: each vector of the sentence times its weight, added up.
# - With .1, .5, .4 *apple* moves to (1.3, .5, .1) beside *phones*, and to (.5, 1.3, .1) beside
#   *juice*.
# - Weights are not negative and sum to 1: the mix then stays among the words that go in.
# - The weights are amounts and not the meaning, and here we chose them by hand.
#
# **What you have now:** `mix(weights, X)`.
# **Next:** [chapter 3](03_dot_product.py) finds the number that says how much two words have to
# do with each other.

# %% [markdown]
# ## References
#
# - D. Bahdanau, K. Cho, Y. Bengio, [*Neural Machine Translation by Jointly Learning to Align and
#   Translate*](https://arxiv.org/abs/1409.0473), 2014: a weighted sum of vectors, with weights
#   that are learned.
# - M. Zaheer and others, [*Deep Sets*](https://arxiv.org/abs/1703.06114), 2017: why a sum is
#   the natural thing to do with a bag whose order does not count.
