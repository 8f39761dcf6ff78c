# %% [markdown]
# # Part two: Attention
#
# **How does a Transformer let each word ask, answer and hand on?**
#
# The first attention of part one becomes the real one, a matrix at a time.
# At the end you have written the equation at the heart of every Transformer, with several heads,
# and PyTorch agrees with you.
#
# ## What you bring
#
# [`simple_self_attention`](05_first_attention.py): scores, [`softmax`](04_softmax.py), a mix.
# It put *apple′* at (1.405, .468) beside *phones*, and at (.468, 1.405) beside *juice*.
#
# ## What you leave with
#
# [`qkv_projections`](06_query_key_value.py) makes three vectors of one word: what it looks for,
# what it is found by, what it hands over.
# [`attention_scores`](07_matrix_form.py) compares all queries with all keys in one product, and
# [`scaled_dot_product_attention`](08_scaling.py) is the whole equation.
# On the way a sentence of nine words is worked through, from its queries to its output.
# Then [`split_heads`](09_multi_head.py) and [`concat_heads`](09_multi_head.py) give a word several
# questions at once, and [`multi_head_attention`](09_multi_head.py) holds it all.
#
# The dot moves twice.
# Scores divided by a root are calmer, and the dot comes back to (1.296, .432).
# Two heads, and a matrix after them, take it to (1.783, 0): onto the axis of *phones*.
# Beside *juice* it goes to (0, 1.783).

# %% tags=["demo"]
from figures.style import *

# %% tags=["demo"] alt="Map with the axes tech and fruit: love at (0, 0), apple at (1, 1), phones at (2, 0), juice at (0, 2). Grey dots at (1.4, 0.5) and (0.5, 1.4) show where part one ended. Arrows from apple lead past them, one down to (1.8, 0) on the tech axis beside phones, one left to (0, 1.8) on the fruit axis beside juice."
vectors = {  # (tech, fruit, feeling, thing)
    "love": [0, 0, 1, 0],
    "apple": [1, 1, 0, 1],
    "phones": [2, 0, 0, 1],
    "juice": [0, 2, 0, 1],
}
vectors = {word: np.array(numbers, float) for word, numbers in vectors.items()}
W_Q = np.array([[1.0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 4, 0]])
W_K = np.diag([1.0, 1, 1, 0])
W_O = np.array([[1.5, -0.5, 0, 0.5], [-0.5, 1.5, 0, 0.5], [0, 0, 1, 0], [0, 0, 0, 1]])


def look(q, K, V, size):
    """Where one query leads its word."""
    strengths = np.exp(q @ K.T / np.sqrt(size))
    return strengths / strengths.sum() @ V


def apple_beside(last):
    """Where apple lies after part one, after the root, and after two heads."""
    apple = vectors["apple"]
    X = np.array([vectors["love"], apple, vectors[last]])
    plain, three = X[:, :3], apple[:3]  # without `thing`: the words of part one
    q, K = apple @ W_Q, np.array([x @ W_K for x in X])
    kind = look(q[:2], K[:, :2], X[:, :2], 2)  # W_V leaves each word as it is
    feeling = look(q[2:], K[:, 2:], X[:, 2:], 2)
    both = np.array([*kind, *feeling]) @ W_O
    return look(three, plain, plain, 1), look(three, plain, plain, 3), both.round(9)


before, calmer, beside_phones = apple_beside("phones")
before_juice, _, beside_juice = apple_beside("juice")
assert np.allclose(before, [1.405, 0.468, 0.063], atol=5e-4)
assert np.allclose(before_juice, [0.468, 1.405, 0.063], atol=5e-4)
assert np.allclose(calmer, [1.296, 0.432, 0.136], atol=5e-4)
assert np.allclose(beside_phones, [1.783, 0, 0.894, 0.997], atol=6e-4)
assert np.allclose(beside_juice, [0, 1.783, 0.894, 0.997], atol=6e-4)

fig, ax = plt.subplots(figsize=(4.2, 4.0))
draw_map(ax, vectors, moved={"": beside_phones, " ": beside_juice})
ax.text(1.0, -0.24, "apple′ (phones)", fontsize=10)
ax.text(0.26, 1.72, "apple′ (juice)", fontsize=10)
for dot, place in [(before, (1.5, 0.5)), (before_juice, (-0.12, 1.24))]:
    ax.plot(*dot[:2], "o", color=GREY, markersize=7)
    ax.text(*place, "part one", color=INK, fontsize=10)
ax.set_title("part two: two heads move it further")
plt.show()

# %% [markdown]
# *Figure: where part one left the dot, and where part two takes it.
# The matrices were chosen for this: they show what attention can do, not what training finds.*
#
# ## What is still missing
#
# Every matrix was made by hand.
# Each word sees the whole sentence, which a model that writes cannot.
# Nothing knows in which order the words stand.
# And a toy in the plane is not a real model.
# [Part three](part_beyond_one_head.py) takes these up, one by one.
