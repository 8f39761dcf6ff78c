# %% [markdown]
# # 11. Order
#
# **Is "phones apple love" the same sentence as "love apple phones"?**
#
# *Time:* 45 minutes. *Difficulty:* 3 of 5.
#
# After this chapter you can
#
# - say what attention does when the words are shuffled, and prove it by running it,
# - name two sentences with the same words that it cannot tell apart,
# - build the position vectors of the first Transformer, and say why they are clock hands,
# - say what learned positions can do, and what they cannot.
#
# [Chapter 10](10_masks.py) told each word which others it may see.
# It did not tell any word *where* the others stand.
# We begin with the whole sentence in view, and with the apple that we know.

# %% nbgrader={"grade_id": "order_setup", "locked": true}
import itertools
import math

import numpy as np

rng = np.random.default_rng(0)

# %% tags=["demo"]
from figures.style import *


# %%
def look(X, i):
    """Word i looks at all words of X: its weights (n,), and its new vector (d,)."""
    strengths = np.exp(X[i] @ X.T / math.sqrt(len(X[i])))
    weights = strengths / strengths.sum()
    return weights, weights @ X


sentence = ["love", "apple", "phones"]
X = np.array(  # (3, 3), (tech, fruit, feeling)
    [
        [0.0, 0.0, 1.0],  # love
        [1.0, 1.0, 0.0],  # apple
        [2.0, 0.0, 0.0],  # phones
    ]
)
apple_weights, apple_new = look(X, 1)
print("love apple phones: apple′ =", np.round(apple_new, 3))

assert np.allclose(apple_new, [1.296, 0.432, 0.136], atol=5e-4)

# %% [markdown]
# ## Predict first
#
# > **Your guess, before you run anything.**
# > Turn the sentence round: "phones apple love".
# > Will apple′ move towards tech, because *phones* now comes first; move away from it; or stay
# > where it is?
#
# Write the guess down.
# The next section answers it.

# %% [markdown]
# ## Shuffle the words
#
# Three words can stand in six orders.
# Here is apple′ in each of them.

# %%
for order in itertools.permutations([0, 1, 2]):
    _, new = look(X[list(order)], order.index(1))
    words = " ".join(sentence[i] for i in order)
    print(f"{words:18s} apple′ =", np.round(new, 3))
    assert np.allclose(new, apple_new)

# %% [markdown]
# It stays where it is.
# The score of two words depends on the two words, and a sum does not care in which order it is
# added up.
# To attention, a sentence is a *bag* of words.
#
# The same for all words at once: shuffle the rows of $X$, and the rows of the output are
# shuffled in the same way, with nothing else changed.
# This is called [permutation equivariance](glossary.md#permutation-equivariance).

# %%
order = [2, 0, 1]  # phones, love, apple


def whole_sentence(X):
    """All words look at all words: the new rows (n, d), one after the other."""
    return np.array([look(X, i)[1] for i in range(len(X))])


assert np.allclose(whole_sentence(X[order]), whole_sentence(X)[order])

scores = X[order] @ X[order].T / math.sqrt(3)  # the matrix line: both axes are shuffled
assert np.allclose(scores, (X @ X.T / math.sqrt(3))[order][:, order])
print("rows shuffled before or after: the same numbers")

# %% tags=["demo"] alt="Two grids of attention weights. For love apple phones the row of apple is 0.14, 0.43, 0.43. For phones love apple the rows and columns stand in another order, and the row of apple is 0.43, 0.14, 0.43: the same numbers, moved along with their words."
fig, axes = plt.subplots(1, 2, figsize=(5.0, 2.6))
for ax, chosen in zip(axes, [[0, 1, 2], order]):
    rows = np.array([look(X[chosen], i)[0] for i in range(3)])
    tokens = [sentence[i] for i in chosen]
    draw_matrix(ax, rows, tokens, tokens, colour=PURPLE)
    ax.tick_params(axis="x", rotation=40)
plt.show()

# %% [markdown]
# *Figure: the weights before and after the shuffle.
# Each number has moved along with its two words, and none has changed.*

# %% [markdown]
# ## Does it matter?
#
# "love phones apple" is odd, but we would understand it.
# Here is a pair that cannot be forgiven.
#
# - the **apple** *phones* beside the orange *juice*
# - the **apple** *juice* beside the orange *phones*
#
# The same seven words, *the* twice among them; once the apple is a company, once it is a fruit.
# We call such a pair [twins](glossary.md#twins).
# Give every word a random vector, and random $W_Q$, $W_K$, $W_V$: no choice of numbers helps.

# %%
company, fruit = (
    "the apple phones beside the orange juice",
    "the apple juice beside the orange phones",
)
twin_phones, twin_juice = company.split(), fruit.split()
assert sorted(twin_phones) == sorted(twin_juice)

d = 16
vocabulary = sorted(set(twin_phones))
E = rng.normal(size=(len(vocabulary), d))  # one row for each word
W_Q, W_K, W_V = rng.normal(size=(3, d, d)) / math.sqrt(d)


def apple_in(X):
    """The new vector of the word at place 1, with queries, keys and values: (d,)."""
    strengths = np.exp((X @ W_K) @ (X[1] @ W_Q) / math.sqrt(d))
    return strengths / strengths.sum() @ (X @ W_V)


X_phones = E[[vocabulary.index(word) for word in twin_phones]]  # (7, d)
X_juice = E[[vocabulary.index(word) for word in twin_juice]]
gap = np.abs(apple_in(X_phones) - apple_in(X_juice)).max()
print(f"largest difference between the two apples: {gap:.1e}")

assert np.allclose(apple_in(X_phones), apple_in(X_juice))

# %% [markdown]
# The difference is rounding, and nothing else.
# So a model that decides from this vector gives both twins the same answer, and for one of them
# it is wrong.
# That needs no experiment: it follows from the formula.
# Chapter 13 lets models learn on twins and finds just that.
#
# The cure: tell each word its place, in numbers, before attention begins.

# %% [markdown]
# ## How to write a place in numbers
#
# **The place itself: 0, 1, 2, 3, …**
# The numbers grow without end.
# In the long sentence of chapter 10, *phone* stands at place 21.
# Its place alone would score $21 \times 21 = 441$ with itself, and drown all meaning.
#
# **A fraction of the length: 0, 1/n, 2/n, …**
# These stay small.
# But then "the next word" is a step of 1/3 in one sentence and of 1/22 in another.
#
# **A clock hand.**
# It never grows, and each step turns it by the same angle.
# A hand has two numbers: how far up (the sine of its angle), and how far across (the cosine).

# %%
for place in range(5):
    up, across = math.sin(place), math.cos(place)
    length = math.hypot(up, across)
    print(f"place {place}: ({up:6.3f}, {across:6.3f})   length {length:.1f}")

# %% [markdown]
# One hand is not enough: it comes round again.
# Seven turns are nearly 44 steps, so the places 0 and 44 look alike.
# A second hand, 100 times slower, tells them apart, as the hour hand does for the minute hand.

# %%
for speed in [1.0, 0.01]:
    there, here = 44 * speed, 0.0
    gap = math.hypot(math.sin(there) - math.sin(here), math.cos(there) - math.cos(here))
    print(f"speed {speed}: the hands of the places 0 and 44 are {gap:.3f} apart")

# %% [markdown]
# The first Transformer had 256 hands, in 512 columns, each a little slower than the one before.
# Hand $i$ turns at the speed $10000^{-2i/d}$, and owns the columns $2i$ and $2i + 1$.
#
# $$
# \begin{aligned}
# P_{p,\,2i} &= \sin\left(\frac{p}{10000^{2i/d}}\right) \\
# P_{p,\,2i+1} &= \cos\left(\frac{p}{10000^{2i/d}}\right)
# \end{aligned}
# $$
#
# Here are all hands of *one* place, first by a loop, then by one line.

# %%
d_model, place = 8, 3
speeds = 10000.0 ** (-np.arange(0, d_model, 2) / d_model)  # (4,): one for each hand
for i, speed in enumerate(speeds):
    angle = place * speed
    sine, cosine = math.sin(angle), math.cos(angle)
    print(f"hand {i}: speed {speed:.3f}, sine {sine:.4f}, cosine {cosine:.4f}")

hands = np.exp(1j * place * speeds)  # (4,): a hand is one complex number, cos + i sin
assert np.allclose(hands.imag, [math.sin(place * speed) for speed in speeds])
assert np.allclose(hands.real, [math.cos(place * speed) for speed in speeds])

# %% tags=["demo"] alt="Two heat maps with 40 places as rows and 16 hands as columns, one for the sines and one for the cosines. The fast hands on the left make narrow stripes; towards the right the stripes grow wider, until the slow hands hardly change over the 40 places."
many = np.exp(1j * np.outer(np.arange(40), 10000.0 ** (-np.arange(0, 32, 2) / 32)))
fig, axes = plt.subplots(1, 2, sharey=True, figsize=(5.0, 3.6))
for ax, part, title in zip(axes, [many.imag, many.real], ["sines", "cosines"]):
    shown = ax.imshow(part, cmap="PuOr", vmin=-1, vmax=1, aspect="auto")
    ax.set(title=title, xlabel="hand (fast to slow)")
axes[0].set_ylabel("place in the sentence")
fig.colorbar(shown, ax=axes, shrink=0.8)
plt.show()

# %% [markdown]
# *Figure: 16 hands at 40 places, sines and cosines apart so that the waves can be seen.
# In the table of the paper they take turns, column by column.*

# %% [markdown]
# ## A step is a turn
#
# Why hands, and not any numbers that differ?
# Because going $k$ places further turns each hand by the same angle, wherever you start.
# A turn is a matrix, and a matrix is something that $W_Q$ and $W_K$ can learn.
#
# $$
# \begin{aligned}
# & \begin{pmatrix} \sin(\omega (p + k)) \\ \cos(\omega (p + k)) \end{pmatrix} = \\
# & \begin{pmatrix} \cos \omega k & \sin \omega k \\ -\sin \omega k & \cos \omega k \end{pmatrix}
# \begin{pmatrix} \sin \omega p \\ \cos \omega p \end{pmatrix}
# \end{aligned}
# $$

# %%
k = 5
for speed in speeds:
    c, s = math.cos(speed * k), math.sin(speed * k)
    turn = np.array([[c, s], [-s, c]])  # the same for every place
    for p in [0, 1, 17, 300]:
        here = np.array([math.sin(speed * p), math.cos(speed * p)])
        there = np.array([math.sin(speed * (p + k)), math.cos(speed * (p + k))])
        assert np.allclose(turn @ here, there)

print("four hands, four places: a step of", k, "is one and the same turn")

# %% [markdown]
# It follows that the dot product of two places depends on their *distance* alone.
# Each hand adds the cosine of the angle between its two positions.


# %%
def one_place(p, d):
    """All sines of one place, then all cosines: (d,) for an even d."""
    hands = np.exp(1j * p * 10000.0 ** (-np.arange(0, d, 2) / d))
    return np.concatenate([hands.imag, hands.real])


for p in [0, 4, 90]:
    near, far = (
        one_place(p, 64) @ one_place(p + 3, 64),
        one_place(p, 64) @ one_place(p + 30, 64),
    )
    print(f"from place {p:2d}: 3 steps {near:.3f}, 30 steps {far:.3f}")
    assert np.isclose(near, one_place(0, 64) @ one_place(3, 64))
    assert np.isclose(far, one_place(30, 64) @ one_place(0, 64))

assert np.isclose(one_place(7, 64) @ one_place(7, 64), 32)  # one for each hand

# %% tags=["demo"] alt="A curve of the dot product of two places against their distance from minus 40 to 40, for 64 columns. It peaks at 32 for distance 0, falls to about 24 within five steps on both sides, then slowly and in waves to about 16, and is symmetric."
distances = np.arange(-40, 41)
fig, ax = plt.subplots(figsize=(5.0, 2.8))
ax.plot(
    distances,
    [one_place(50, 64) @ one_place(50 + k, 64) for k in distances],
    color=INK,
)
ax.set(xlabel="distance in words", ylabel="dot product", ylim=(0, 34))
plt.show()

# %% [markdown]
# *Figure: how much two places are alike, for 64 columns.
# Neighbours are alike, and the curve is the same on both sides: only $W_Q$ and $W_K$ can tell
# left from right.*

# %% [markdown]
# ## Tell each word its place
#
# The vector of the place is called a [positional encoding](glossary.md#positional-encoding).
# It is *added* to the vector of the word.
# Now the twins differ.

# %%
places = np.array([one_place(p, d) for p in range(7)])  # (7, d)
first, second = apple_in(X_phones + places), apple_in(X_juice + places)
print(
    "largest difference between the two apples:", round(np.abs(first - second).max(), 3)
)

assert not np.allclose(first, second)

# %% [markdown]
# That they differ is all that this shows.
# Which of them is the fruit, a model has to learn: chapter 13.
#
# To see the effect on the map, we keep places and meanings apart.
# One clock hand is *appended* to queries and keys, and the values stay as they were.
# (The 1.5 says how much the place counts beside the meaning.)

# %%
landed = {}
for order in itertools.permutations([0, 1, 2]):
    meaning = X[list(order)]  # (3, 3)
    hand = np.array([[math.sin(p), math.cos(p)] for p in range(3)])  # (3, 2)
    asked = np.concatenate([meaning, 1.5 * hand], axis=1)  # (3, 5): queries and keys
    strengths = np.exp(asked[order.index(1)] @ asked.T / math.sqrt(5))
    words = " ".join(sentence[i] for i in order)
    landed[words] = strengths / strengths.sum() @ meaning
    print(f"{words:18s} apple′ =", np.round(landed[words], 3))

assert np.allclose(landed["love apple phones"], landed["phones apple love"])
assert not np.allclose(landed["love apple phones"], landed["apple phones love"])

# %% tags=["demo"] alt="Map with the axes tech and fruit. Without places, apple′ is one dot at (1.3, 0.4) for all six orders. With places there are three dots: next to phones at (1.3, 0.6), in the middle at (1.2, 0.5), and next to love at (1.0, 0.7)."
fig, ax = plt.subplots(figsize=(4.2, 4.0))
moved = {
    "": landed["love apple phones"],
    " ": landed["apple love phones"],
    "  ": landed["apple phones love"],
}
draw_map(ax, dict(zip(sentence, X)), moved=moved)
ax.plot(*apple_new[:2], "o", color=GREY, markersize=7)
ax.text(0.9, 0.63, "next to love", ha="right", fontsize=10)
ax.text(1.1, 0.44, "in the middle", ha="right", fontsize=10)
ax.text(1.4, 0.58, "next to phones", fontsize=10)
ax.text(1.4, 0.36, "no places", fontsize=10)
ax.set_title("three dots instead of one")
plt.show()

# %% [markdown]
# *Figure: the small map.
# Without places, all six orders land on the grey dot.
# With one hand they land on three: in the middle, next to phones, or next to love.*
#
# Three, not six: our toy has no $W_Q$ and $W_K$, so a sentence and its mirror image still look
# alike.

# %% [markdown]
# ## PyTorch agrees

# %% nbgrader={"grade_id": "order_torch", "locked": true}
import torch
import torch.nn.functional as F
from torch import nn


# %%
def through_torch(X):
    """The new vectors of all words, by the library: (n, d)."""
    rows = (np.array([[x @ W for x in X]]) for W in (W_Q, W_K, W_V))  # (1, n, d) each
    Q, K, V = map(torch.tensor, rows)
    return F.scaled_dot_product_attention(Q, K, V)[0].numpy()


shuffle = rng.permutation(7)
assert np.allclose(through_torch(X_phones)[1], apple_in(X_phones))
assert np.allclose(through_torch(X_phones[shuffle]), through_torch(X_phones)[shuffle])

moved_words = X_phones[shuffle] + places  # the words move, the places do not
assert np.allclose(through_torch(X_phones + places)[1], first)
assert not np.allclose(
    through_torch(moved_words), through_torch(X_phones + places)[shuffle]
)
print("without places: equivariant; with places: no longer")

# %% [markdown]
# ## Learned positions
#
# Nobody has to choose the numbers of a place.
# They can be a table like that of the words: one row for each place, random at first, and
# learned together with all the rest.
# GPT-2 and BERT do so.

# %%
torch.manual_seed(0)
n_places = 7
learned = nn.Embedding(n_places, d, dtype=torch.float64)  # (7, d), to be learned
with torch.no_grad():
    rows = learned(torch.arange(n_places)).numpy()

gap = np.abs(apple_in(X_phones + rows) - apple_in(X_juice + rows)).max()
print("largest difference between the two apples:", round(float(gap), 3))
assert gap > 1e-3

try:
    learned(torch.tensor(n_places))
    raise AssertionError("a table of 7 places has no place 7")
except IndexError as error:
    print("place 7:", error)

# %% [markdown]
# Even random rows tell the twins apart: all that is needed is that places differ.
# But a table has an end.
# Place 7 was never learned, and there is no row for it.
# Sinusoids can be computed for any place; whether a model that has only seen short texts knows
# what to do with them is another matter, and often it does not (Press and others, below).

# %% [markdown]
# ## Turning instead of adding
#
# Many newer models add nothing.
# They *turn* the query and the key of a word by the angle of its place, just before the dot
# product.
# This is called RoPE, *rotary position embedding*.
# Then the score depends on both words and on the step from one to the other, and on nothing
# else.

# %%
q, k = complex(1.0, 2.0), complex(0.5, -1.0)  # one hand of a query and of a key
for p_query, p_key in [(5, 2), (8, 5), (103, 100)]:
    turned_q, turned_k = q * np.exp(1j * p_query), k * np.exp(1j * p_key)
    score = (turned_q * turned_k.conjugate()).real  # the dot product of two hands
    print(f"query at {p_query}, key at {p_key}: {score:.4f}")
    assert np.isclose(score, (q * np.exp(3j) * k.conjugate()).real)

# %% [markdown]
# ## A common mistake
#
# > **"Attention reads from left to right."**
# > It does not read in any direction: shuffled words give shuffled outputs.
# > What reads left to right is a model with a causal mask, and what knows of places is a
# > model that was told.
#
# > **"The causal mask tells a model the order."**
# > A little of it, and not at once.
# > In one layer, the last word still sees a bag: exchange two words before it, and nothing
# > changes.
# > In a second layer it notices, because those two words have seen different things by then.

# %%
x = torch.tensor(X)[None]  # love apple phones
y = x[:, [1, 0, 2]]  # apple love phones
for n_layers in [1, 2]:
    x, y = (F.scaled_dot_product_attention(z, z, z, is_causal=True) for z in (x, y))
    same = torch.allclose(x[0, 2], y[0, 2])
    print(f"after {n_layers} layer(s), phones′ is the same in both orders: {same}")
    assert same == (n_layers == 1)

# %% [markdown]
# ## Exercise: `sinusoidal_positions`
#
# *Difficulty:* 3 of 5. *Time:* 12 minutes. *Points:* 6.
#
# Write the whole table: n places, d columns, sines in the even columns and cosines in the odd
# ones, as in the paper.
#
# The paper has an even d.
# We allow an odd one as well, and decide: the last column then is the sine of the last hand,
# and its cosine is left out.
# The speeds are $10000^{-2i/d}$ with the d that was asked for.
#
# <details><summary>Hint 1: hands and columns</summary>
#
# Hand i owns two columns, 2i and 2i + 1, and both have its speed.
# How many hands are there if d is 8, and how many if d is 5?
#
# </details>
#
# <details><summary>Hint 2: all angles at once</summary>
#
# An angle is a place times a speed.
# Places as a column and speeds as a row give a table of all angles, one column for each hand.
#
# </details>
#
# <details><summary>Hint 3: taking turns</summary>
#
# Make an empty table (n, d).
# A slice with the step 2 reaches every second column: one slice for sines, one for cosines.
# With an odd d, one of the two is a column shorter.
#
# </details>


# %% nbgrader={"grade_id": "sinusoidal_positions", "solution": true}
# exercise: sinusoidal_positions
def sinusoidal_positions(n, d):
    """Make the position vectors of the first Transformer, one row for each place.

    n: the number of places, counted from 0.
    d: the number of columns, even or odd.
    Returns (n, d): sines in the even columns, cosines in the odd ones
    (Vaswani and others, 2017, section 3.5).
    """
    ### BEGIN SOLUTION
    angles = np.arange(n)[:, None] / 10000 ** (np.arange(0, d, 2) / d)
    table = np.empty((n, d))
    table[:, 0::2] = np.sin(angles)
    table[:, 1::2] = np.cos(angles[:, : d // 2])
    return table
    ### END SOLUTION


# %% nbgrader={"grade_id": "sinusoidal_positions_of_one_hand", "points": 2}
try:
    small = sinusoidal_positions(3, 2)
except NotImplementedError:
    raise NotImplementedError(
        "Fill in sinusoidal_positions in the cell above, then run both cells"
    ) from None

assert small is not None, "sinusoidal_positions returned None: is there a `return`?"
assert small.shape == (3, 2), f"Expected (places, columns) = (3, 2), got {small.shape}"
assert not np.allclose(small[0], [1, 0]), "Sine and cosine are exchanged"
assert np.allclose(small[0], [0, 1]), "The places begin at 0: the first row is (0, 1)"
assert np.allclose(small[2], [math.sin(2), math.cos(2)]), (
    "This is not the hand of place 2"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("sinusoidal_positions", sinusoidal_positions, "one_pair")
require("sinusoidal_positions", sinusoidal_positions, "float64_numbers")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "sinusoidal_positions_of_many_hands", "points": 3}
wide = sinusoidal_positions(5, 8)
assert np.allclose(wide[3, 2:4], [math.sin(0.3), math.cos(0.3)]), (
    "Hand 1 of 4 has the speed 0.1, and owns the columns 2 and 3, both at this speed"
)
angles = [3, 0.3, 0.03, 0.003]  # of the four hands, at place 3
assert np.allclose(wide[3, [0, 2, 4, 6]], [math.sin(angle) for angle in angles]), (
    "The sine belongs in the even columns"
)
assert np.allclose(wide[3, [1, 3, 5, 7]], [math.cos(angle) for angle in angles]), (
    "The odd ones should be cosines"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("sinusoidal_positions", sinusoidal_positions, "two_pairs", "many_pairs")
require("sinusoidal_positions", sinusoidal_positions, "distant_places")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "sinusoidal_positions_of_odd_width", "points": 1}
odd = sinusoidal_positions(3, 5)
assert odd.shape == (3, 5), f"The table has d columns, odd or even; got {odd.shape}"
assert np.isclose(odd[2, 4], math.sin(2 / 10000 ** (4 / 5))), (
    "With an odd d, the last column is a sine, with the speed 10000 ** (-(d - 1) / d)"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("sinusoidal_positions", sinusoidal_positions, "odd_width")
### END HIDDEN TESTS

# %% [markdown] recall="ACBA"
# ## Recall
#
# Choose an answer to see what is right or wrong with it.
#
# **1. You shuffle the rows of X. What happens to the output of attention without positions?**
#
# <details><summary>A. Its rows are shuffled in the same way</summary>
#
# Yes. Each word takes its result along; no number changes.
#
# </details>
#
# <details><summary>B. Nothing at all</summary>
#
# No. Each row belongs to a word, and the words have moved.
#
# </details>
#
# <details><summary>C. All its numbers change</summary>
#
# No. That would need something that knows of places.
#
# </details>
#
# **2. Can larger matrices or more heads tell the twins apart, without positions?**
#
# <details><summary>A. Yes, if there are enough of them</summary>
#
# No. The argument did not use the numbers in the matrices, nor how many there are.
#
# </details>
#
# <details><summary>B. Yes, after enough training</summary>
#
# No. Training chooses numbers, and no choice helps.
#
# </details>
#
# <details><summary>C. No</summary>
#
# Yes. Both twins are the same bag of words, and so the two apples are equal.
#
# </details>
#
# **3. What is the same for every place when you go five places further?**
#
# <details><summary>A. The sum of the position vector grows by 5</summary>
#
# No. A hand never grows; that is what it is for.
#
# </details>
#
# <details><summary>B. Each hand turns by an angle of its own, wherever you start</summary>
#
# Yes. So a step is one matrix, and dot products depend on distances.
#
# </details>
#
# <details><summary>C. Each hand turns by the same angle as all the others</summary>
#
# No. The hands have different speeds.
#
# </details>
#
# **4. A model has a learned table of 512 positions. What about word number 513?**
#
# <details><summary>A. There is no row for it</summary>
#
# Yes. The text must be cut, or the table made longer and trained again.
#
# </details>
#
# <details><summary>B. It gets the row of word 1 again</summary>
#
# No. A table does not come round; asking for the row is an error.
#
# </details>
#
# <details><summary>C. Its row is computed by the formula</summary>
#
# No. That would be sinusoids; learned rows follow no formula.
#
# </details>

# %% [markdown]
# ## Recap
#
# - Shuffle the words, and attention shuffles its results: it sees a bag.
# - Twins have the same words and opposite meanings; without positions their apples are equal,
#   whatever the weights.
# - A place is written as clock hands: they never grow, and a step is a turn.
# - Dot products of places depend on their distance alone.
# - Learned positions work as well, as far as their table reaches.
#
# **What you have now:** `sinusoidal_positions(n, d)`.
# **Next:** [chapter 12](12_gradient.py) asks which numbers should change so that *apple* moves.

# %% [markdown]
# ## References
#
# - A. Vaswani and others, [*Attention Is All You Need*](https://arxiv.org/abs/1706.03762), 2017:
#   section 3.5, sinusoids, and learned positions that did as well.
# - O. Press, N. A. Smith, M. Lewis, [*Train Short, Test Long*](https://arxiv.org/abs/2108.12409),
#   2021: sinusoids on texts longer than those of training.
# - J. Su and others, [*RoFormer: Enhanced Transformer with Rotary Position
#   Embedding*](https://arxiv.org/abs/2104.09864), 2021: turning instead of adding.
# - A. Haviv and others, [*Transformer Language Models without Positional Encodings Still Learn
#   Positional Information*](https://arxiv.org/abs/2203.16634), 2022: what a causal mask gives
#   away.
