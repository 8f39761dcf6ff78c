# %% [markdown]
# # Part one: One word
#
# **How can its neighbours tell a word what it means?**
#
# *apple* is a company in one sentence and a fruit in the next, and a table of words gives it the
# same numbers in both.
# Here you build the smallest machine that lets the sentence decide.
# It is made of sums, products and one exponential.
#
# ## What you bring
#
# School arithmetic, and a little Python: a list, a loop, a function.
# [Chapter 0](00_start_here.py) shows how to run a cell and how to hand in.
#
# On the map with the axes (tech, fruit), *apple* lies at (1, 1): half way between *phones* and
# *juice*, whatever the sentence.
#
# ## What you leave with
#
# Functions of your own.
# [`embed`](01_two_meanings.py) gives each word its numbers.
# [`score_row`](03_dot_product.py) compares one word with all, [`softmax`](04_softmax.py) turns
# the scores into shares, and [`mix`](02_mixing.py) blends the words by their shares.
# [`simple_self_attention`](05_first_attention.py) is these three in a row, for every word at once.
#
# The dot has moved.
# With shares chosen by hand it first goes to (1.3, .5), and then the words choose the shares
# themselves: *apple′* lies at (1.405, .468) beside *phones*, and at (.468, 1.405) beside *juice*.

# %% tags=["demo"]
from figures.style import *

# %% tags=["demo"] alt="Map with the axes tech and fruit: love at (0, 0), phones at (2, 0), juice at (0, 2). From apple at (1, 1) one arrow leads right and down to (1.4, 0.5), beside phones, and one leads left and up to (0.5, 1.4), beside juice."
vectors = {
    "love": [0, 0, 1],
    "apple": [1, 1, 0],
    "phones": [2, 0, 0],
    "juice": [0, 2, 0],
}
vectors = {word: np.array(numbers, float) for word, numbers in vectors.items()}
apple, by_hand = vectors["apple"], np.array([0.1, 0.5, 0.4])


def apple_beside(last):
    """The shares that apple takes of its sentence, and where they lead it."""
    X = np.array([vectors["love"], apple, vectors[last]])  # (tech, fruit, feeling)
    strengths = np.exp(apple @ X.T)
    return by_hand @ X, strengths / strengths.sum() @ X


first, beside_phones = apple_beside("phones")
_, beside_juice = apple_beside("juice")
assert np.allclose(first, [1.3, 0.5, 0.1])
assert np.allclose(beside_phones, [1.405, 0.468, 0.063], atol=5e-4)
assert np.allclose(beside_juice, [0.468, 1.405, 0.063], atol=5e-4)

fig, ax = plt.subplots(figsize=(4.2, 4.0))
moved = {"apple′ (phones)": beside_phones, "apple′ (juice)": beside_juice}
draw_map(ax, vectors, moved=moved)
ax.set_title("part one: the sentence moves the apple")
plt.show()

# %% [markdown]
# *Figure: where the dot of apple begins, and where part one leaves it.
# The words and their numbers were set by hand.*
#
# ## What is still missing
#
# Nothing here can be learned.
# One vector does three jobs: it asks, it answers, and it is what is handed on.
# Beside *watch* that goes wrong: what makes *apple* look at *watch* makes *watch* deaf to the rest.
# [Part two](part_attention.py) gives each job a vector of its own.
