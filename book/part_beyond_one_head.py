# %% [markdown]
# # Part three: Beyond one head
#
# **What does attention read, learn and cost, and does a real model do this?**
#
# The mechanism is complete; now it has to stand up.
# Each chapter puts one question to it, and some of the answers are no.
#
# ## What you bring
#
# [`scaled_dot_product_attention`](08_scaling.py) and
# [`multi_head_attention`](09_multi_head.py), both with a `mask` that has had little to do so far.
# The dot starts where one head, divided by the root, had put it: (1.296, .432) beside *phones*,
# (.432, 1.296) beside *juice*.
#
# ## What you leave with
#
# [`causal_mask`](10_masks.py) and [`padding_mask`](10_masks.py) say who may look at whom, and
# [`sinusoidal_positions`](11_order.py) says who stands where.
# [`attention_backward`](12_gradient.py) is how attention learns: the hardest exercise of the
# book, and no later one needs it.
# [`score_bytes`](14_cost.py) and [`attend_with_cache`](14_cost.py) count the price, and save some
# of it.
# [`bert_attention_weights`](15_real_transformer.py) repeats the arithmetic of a real model, and
# [`encoder_block`](16_transformer_block.py) puts your own functions together until they equal
# PyTorch's.
#
# The dot has two ends.
# For a model that reads left to right it stays in the middle, at (.760, .760) in both sentences.
# One whole block takes it to (1.276, −.111) beside *phones*, and to (−.111, 1.276) beside *juice*.

# %% tags=["demo"]
from figures.style import *

# %% tags=["demo"] alt="Map with the axes tech and fruit: love at (0, 0), apple at (1, 1), phones at (2, 0), juice at (0, 2). Grey dots at (1.3, 0.4) and (0.4, 1.3) show where the part starts. One arrow from apple leads to (0.8, 0.8): left to right, in both sentences. Two more lead down to (1.3, −0.1) and left to (−0.1, 1.3), after a whole block."
vectors = {
    "love": [0, 0, 1],
    "apple": [1, 1, 0],
    "phones": [2, 0, 0],
    "juice": [0, 2, 0],
}
vectors = {word: np.array(numbers, float) for word, numbers in vectors.items()}
apple = vectors["apple"]
# more tech than fruit? more fruit than tech?
W_1 = np.array([[1.0, -1.0], [-1.0, 1.0], [0.0, 0.0]])


def look(X):
    """Where apple's look at these words leads it."""
    strengths = np.exp(apple @ X.T / np.sqrt(3))
    return strengths / strengths.sum() @ X


def norm(word):
    """One word with mean 0 and spread 1."""
    return (word - word.mean()) / word.std()


def apple_beside(last):
    """Where apple lies after attention, after attention left to right, and after a block."""
    X = np.array([vectors["love"], apple, vectors[last]])
    middle = norm(apple + look(X))
    hidden = np.maximum(0, middle @ W_1 - 0.5)
    return look(X), look(X[:2]), norm(middle + 2 * np.array([*hidden, 0]))


start, left_to_right, beside_phones = apple_beside("phones")
start_juice, the_same, beside_juice = apple_beside("juice")
assert np.allclose(start, [1.296, 0.432, 0.136], atol=5e-4)
assert np.allclose(start_juice, [0.432, 1.296, 0.136], atol=5e-4)
assert np.allclose(left_to_right, [0.760, 0.760, 0.240], atol=5e-4)
assert left_to_right.tobytes() == the_same.tobytes()
assert np.allclose(beside_phones, [1.276, -0.111, -1.166], atol=1e-3)
assert np.allclose(beside_juice, [-0.111, 1.276, -1.166], atol=1e-3)

fig, ax = plt.subplots(figsize=(4.2, 4.0))
draw_map(ax, vectors, moved={"": left_to_right, " ": beside_phones, "  ": beside_juice})
ax.text(0.66, 0.56, "left to right", fontsize=10, ha="right")
ax.text(1.36, -0.26, "a block (phones)", fontsize=10)
ax.text(0.02, 1.42, "a block (juice)", fontsize=10)
for dot, place in [(start, (1.4, 0.44)), (start_juice, (0.5, 1.2))]:
    ax.plot(*dot[:2], "o", color=GREY, markersize=7)
    ax.text(*place, "start", color=INK, fontsize=10)
ax.set_title("part three: what is read, and a whole block")
plt.show()

# %% [markdown]
# *Figure: the dot of apple in part three.
# A block ends with a layer norm, which sets the size of a word: compare directions, not lengths.
# Here too the numbers were set by hand.*
#
# ## What is still missing
#
# You have built the parts of a language model, and not trained one.
# How text becomes tokens, and how a model of many blocks is trained and made to answer, is
# outside this book; the last chapter says
# [where to go next](16_transformer_block.py#where-to-go-next).
# And a map of weights says where a head looked, not why a model decides as it does: chapters 13
# and 15 put that to the test.
#
# To look things up there is [the whole mechanism on one page](whole_mechanism.py), and the same
# [in three dimensions](explorer.py).
