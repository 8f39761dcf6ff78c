# %% [markdown]
# # 6. Query, key, value
#
# **Why three vectors for one word?**
#
# *Time:* 35 minutes. *Difficulty:* 2 of 5.
#
# After this chapter you can
#
# - say what the query, the key and the value of a word are for,
# - make all three from one word vector, with three matrices,
# - change whom a word looks at without changing what it is handed.
#
# [Chapter 5](05_first_attention.py) let every word look at every word, and stopped at
# *Apple watch*: two words that name one product, and nothing in the calculation that could
# learn it.

# %% nbgrader={"grade_id": "query_key_value_setup", "locked": true}
import math

import numpy as np

rng = np.random.default_rng(0)

# %% tags=["demo"]
from figures.style import *

# %% [markdown]
# ## Predict first
#
# > **Your guess, before you run anything.**
# > In this chapter a matrix $W_K$ decides how each word can be *found*, and a matrix $W_V$
# > decides what it *hands over* once it is found.
# > We then swap $W_K$ for another matrix.
# > What changes: how much *apple* looks at each word, what each word hands over, or both?
#
# Write the guess down.
# The section *Swap one matrix* answers it.

# %% [markdown]
# ## Where chapter 5 stopped
#
# Here is its last number again: *apple* in "love apple watch".
# A watch is half a device and half something that one does, as one loves.

# %%
sentence = ["love", "apple", "watch"]
static = {  # (tech, fruit, feeling)
    "love": np.array([0.0, 0.0, 1.0]),
    "apple": np.array([1.0, 1.0, 0.0]),
    "watch": np.array([1.0, 0.0, 1.0]),
}
plain_scores = np.array([static["apple"] @ static[word] for word in sentence])
plain_weights = np.exp(plain_scores) / np.exp(plain_scores).sum()
plain_apple = sum(w * static[word] for w, word in zip(plain_weights, sentence))
print("scores ", plain_scores)
print("weights", plain_weights.round(3))
print("apple′ ", plain_apple.round(3))
print("tech : fruit =", (plain_apple[0] / plain_apple[1]).round(1))

assert np.allclose(plain_weights, [0.090, 0.665, 0.245], atol=5e-4)
assert np.allclose(plain_apple, [0.910, 0.665, 0.335], atol=5e-4)

# %% [markdown]
# *apple* looks mostly at itself, and hardly moves.
# Two things stand in the way.
#
# 1. There is nothing to learn.
#    Vectors go in, dot products come out, and no number in between can be turned.
# 2. One vector has to do three jobs.
#    It asks, it is found, and it is handed over, always with the same numbers.

# %% [markdown]
# ## Three jobs, three vectors
#
# Give each job a vector of its own.
#
# - The [query](glossary.md#query) says what a word is *looking for*.
# - The [key](glossary.md#key) says what a word can be *found by*.
# - The [value](glossary.md#value) is what a word *hands over* when it is found.
#
# Think of a library.
# Your query is the topic in your head.
# The keys are the labels on the backs of the books.
# The values are what stands inside.
#
# The picture breaks in two places.
# You leave a library with one book, and attention leaves with a blend of all of them.
# And a librarian wrote the labels, while here every label is *computed* from the word itself.

# %% [markdown]
# ## One more number for each word
#
# Which fact about *watch* would help *apple*?
# It names a kind of product, as *phones* and *juice* do.
# Three numbers have no room for that, so each word gets a fourth.

# %%
vectors = {  # (tech, fruit, feeling, product)
    "love": np.array([0.0, 0.0, 1.0, 0.0]),
    "apple": np.array([1.0, 1.0, 0.0, 0.0]),
    "watch": np.array([1.0, 0.0, 1.0, 1.0]),
    "phones": np.array([2.0, 0.0, 0.0, 1.0]),
    "juice": np.array([0.0, 2.0, 0.0, 1.0]),
}
d_model = 4
apple = vectors["apple"]
new_scores = np.array([apple @ vectors[word] for word in sentence])

assert np.array_equal(new_scores, plain_scores)

# %% [markdown]
# The new number alone changes nothing for *apple*: its own is 0, and so each of its dot
# products is what it was.
# The word would have to *ask* for it.

# %% [markdown]
# ## Three matrices make the three vectors
#
# A word's vector $x$ goes through three matrices:
#
# $$
# \begin{aligned}
# q &= x \, W_Q \\
# k &= x \, W_K \\
# v &= x \, W_V
# \end{aligned}
# $$
#
# Each matrix has one row per number that goes in, and one column per number that comes out.
# A vector times such a matrix is called a [projection](glossary.md#projection).
# We choose the entries by hand, so that the arithmetic can be read.
# In a real model they start as small random numbers and are learned
# ([chapter 13](13_learning.py)).

# %%
W_Q = np.array(  # what is asked:  "which product?"  "what is it about?"
    [
        [1.0, 0.0],  # tech
        [1.0, 0.0],  # fruit
        [0.0, 0.5],  # feeling
        [0.0, 0.0],  # product
    ]
)
W_K = np.array(  # what is answered, column by column
    [
        [0.0, 0.0],  # tech
        [0.0, 1.0],  # fruit
        [0.0, 0.0],  # feeling
        [1.0, 0.0],  # product
    ]
)
W_V = np.array(  # what is handed over: tech and fruit, no more
    [
        [1.0, 0.0],  # tech
        [0.0, 1.0],  # fruit
        [0.0, 0.0],  # feeling
        [0.0, 0.0],  # product
    ]
)

# %% [markdown]
# The query of *apple*, one multiplication at a time:
# each number of the query is a sum over the four numbers of the word.
#
# $$
# q_j = \sum_{i} x_i \, W_{Q,\,ij}
# $$

# %%
q_by_hand = []
for j in range(2):
    total = 0.0
    for i in range(d_model):
        total += apple[i] * W_Q[i, j]
    q_by_hand.append(float(total))
print("query of apple", q_by_hand)

# %% [markdown]
# *apple* asks "which product?" with strength 2: one for its tech, one for its fruit.
# As a matrix product, this is one short line.
# The key and the value of *apple* come from the same four numbers.

# %%
q_apple = apple @ W_Q  # (4,) @ (4, 2) -> (2,)
k_apple = apple @ W_K
v_apple = apple @ W_V
print("query", q_apple, "  key", k_apple, "  value", v_apple)

assert np.array_equal(q_apple, q_by_hand)

# %% [markdown]
# ## Every word is a candidate
#
# Now each word of the sentence gets its key and its value, through the *same* matrices.
# There are three matrices in all, not three for each word.

# %%
for word in sentence:
    x = vectors[word]
    print(f"{word:6s} query {x @ W_Q}   key {x @ W_K}   value {x @ W_V}")

# %% tags=["demo"] alt="Three grids side by side, one row each for love, apple and watch. Blue queries: love 0 and 0.5, apple 2 and 0, watch 1 and 0.5. Orange keys: love 0 and 0, apple 0 and 1, watch 1 and 0. Green values: love 0 and 0, apple 1 and 1, watch 1 and 0."
fig, axes = plt.subplots(1, 3, figsize=(5.0, 3.1))
for ax, W, name in zip(axes, [W_Q, W_K, W_V], "QKV"):
    grid = [vectors[word] @ W for word in sentence]
    rows = sentence if name == "Q" else [""] * 3
    columns = ["tech", "fruit"] if name == "V" else ["product", "about"]
    draw_matrix(ax, grid, rows=rows, columns=columns, colour=COLOURS[name], digits=1)
    ax.set_xticklabels(columns, rotation=45, ha="left", rotation_mode="anchor")
    titles = {"Q": "queries", "K": "keys", "V": "values"}
    ax.set_xlabel(f"{titles[name]} (3, 2)", color=COLOURS[name], fontweight="bold")
plt.show()

# %% [markdown]
# *Figure: one word is one row, three times.
# Queries are blue, keys orange and values green in this whole book.*

# %% [markdown]
# ## Apple asks
#
# Compare the query of *apple* with every key, its own included.
# The dot products are the scores; softmax turns them into weights; the weights mix the
# *values*.
#
# $$
# \begin{aligned}
# s_j &= q_{\mathrm{apple}} \cdot k_j \\
# w &= \mathrm{softmax}(s) \\
# \mathrm{apple}' &= \sum_j w_j \, v_j
# \end{aligned}
# $$

# %%
scores, mixture = [], np.zeros(2)
for word in sentence:
    scores.append(float(q_apple @ (vectors[word] @ W_K)))
total = sum(math.exp(score) for score in scores)
for word, score in zip(sentence, scores):
    weight = math.exp(score) / total
    mixture += weight * (vectors[word] @ W_V)
    print(f"{word:6s} score {score:.0f}   weight {weight:.3f}")
print("apple′", mixture.round(3), "  tech : fruit =", round(mixture[0] / mixture[1], 1))

assert np.allclose(mixture, [0.893, 0.107], atol=5e-4)

# %% [markdown]
# *watch* gets .787 of the attention, where plain dot products gave it .245.
# In the new apple there is 8.4 times as much tech as fruit; before, it was 1.4 times.

# %% tags=["demo"] alt="Map with the axes tech and fruit. From apple at (1, 1) one short arrow leads to apple′ by plain dot products at (0.91, 0.67); a longer one leads to apple′ by query, key and value at (0.89, 0.11), close to the tech axis and to watch at (1, 0)."
fig, ax = plt.subplots(figsize=(4.2, 4.0))
here = {word: vectors[word] for word in ["love", "apple", "watch", "phones", "juice"]}
draw_map(ax, here)
arrow = {"arrowstyle": "->", "color": COLOURS["apple"], "linewidth": 1.5}
for label, end in {
    "apple′ (plain)": plain_apple[:2],
    "apple′ (q, k, v)": mixture,
}.items():
    ax.annotate("", end, apple[:2], arrowprops=arrow)
    ax.plot(*end, "o", color="white", markeredgecolor=COLOURS["apple"], markersize=9)
    ax.annotate(label, end, xytext=(9, 2), textcoords="offset points")
for text in ax.texts:
    if text.get_text() in ("watch", "phones"):
        text.set_position((-12, -20))
ax.set_title("apple watch: a query finds the product")
plt.show()

# %% [markdown]
# *Figure: the small map.
# With the same words, the new apple comes to lie by the tech axis.*
#
# What the toy does not show: that anybody could find such matrices.
# We built them to do this, and nothing has been learned yet.

# %% [markdown]
# ## A question has a direction
#
# In chapter 5, *apple* scored *phones* exactly as *phones* scored *apple*.
# Queries and keys end that.

# %%
q_phones, k_phones = vectors["phones"] @ W_Q, vectors["phones"] @ W_K
print("apple asks, phones answers:", q_apple @ k_phones)
print("phones asks, apple answers:", q_phones @ k_apple)

assert vectors["apple"] @ vectors["phones"] == vectors["phones"] @ vectors["apple"]
assert (q_apple @ k_phones, q_phones @ k_apple) == (2, 0)

# %% [markdown]
# *phones* can tell *apple* which apple it is, and *apple* has no news for *phones*.

# %% [markdown]
# ## Swap one matrix
#
# Now the prediction.
# A second key matrix makes words findable by their feeling instead.

# %%
W_K_feeling = np.zeros((4, 2))
W_K_feeling[2, 0] = 1.0  # feeling answers the first question
W_K_feeling[1, 1] = 1.0  # fruit answers the second, as before


def apple_with(key_matrix):
    """Weights of *apple* (3,), values (3, 2) and apple′ (2,) under one key matrix."""
    scores = [q_apple @ (vectors[word] @ key_matrix) for word in sentence]
    values = np.array([vectors[word] @ W_V for word in sentence])
    shares = np.exp(scores) / np.exp(scores).sum()
    return shares, values, shares @ values


before, values_before, apple_before = apple_with(W_K)
after, values_after, apple_after = apple_with(W_K_feeling)
print("weights", before.round(3), "->", after.round(3))
print("apple′ ", apple_before.round(3), "->", apple_after.round(3))
print("largest change of a weight", np.abs(after - before).max().round(2))
print("largest change of a value ", np.abs(values_after - values_before).max())

assert np.allclose(apple_before, mixture)  # the loop above, in two matrix lines
assert np.abs(after - before).max() > 0.3
assert np.array_equal(values_before, values_after)

# %% tags=["demo", "live:swap_keys"] alt="Two groups of bars for the weights of apple over love, apple and watch. With the key matrix that reads product: .11, .11, .79. With the one that reads feeling: .47, .06, .47. Under each bar stands the value that the word hands over, the same in both groups: love (0, 0), apple (1, 1), watch (1, 0)."
fig, axes = plt.subplots(1, 2, sharey=True, figsize=(5.0, 2.8))
for ax, weights, name in zip(axes, [before, after], ["product", "feeling"]):
    bars = ax.bar(sentence, weights, color=[GREY, COLOURS["apple"], INK])
    ax.bar_label(bars, [f"{w:.2f}" for w in weights])
    ax.set(title=f"keys read {name}", ylim=(0, 1))
    labels = [f"{w}\n({v[0]:.0f}, {v[1]:.0f})" for w, v in zip(sentence, values_before)]
    ax.set_xticks(range(3), labels)
axes[0].set_ylabel("weight, for apple")
fig.supxlabel("below each word: the value it hands over", color=GREEN, fontsize=11)
plt.show()

# %% [markdown]
# *Figure: two key matrices.
# The weights of apple change; the values under the words stay.*
#
# So only the first of the three is right: the weights change, and what each word hands over
# does not.
# Queries and keys decide *how much*; values decide *what*.
#
# Each pair $W_Q$, $W_K$ is one way of being related, and training can search for the one that a
# task needs: *apple* with a product, an adjective with its noun, a pronoun with an earlier noun,
# a question word with the answer.
# Whether a trained model has found such a pair must be tested
# ([chapter 15](15_real_transformer.py)).

# %% [markdown]
# ## PyTorch agrees
#
# PyTorch calls such a matrix a linear layer.
# It stores the matrix turned on its side, `(out, in)`, so ours goes in transposed.

# %% nbgrader={"grade_id": "query_key_value_torch", "locked": true}
import torch

# %%
words_in = torch.tensor(  # (3, 4), (tech, fruit, feeling, product)
    [
        [0.0, 0.0, 1.0, 0.0],  # love
        [1.0, 1.0, 0.0, 0.0],  # apple
        [1.0, 0.0, 1.0, 1.0],  # watch
    ],
    dtype=torch.float64,
)
made = []  # queries, keys, values, (3, 2) each
for W in (W_Q, W_K, W_V):
    layer = torch.nn.Linear(4, 2, bias=False, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(W.T))  # (2, 4)
        made.append(layer(words_in))
    for word, row in zip(sentence, made[-1].numpy()):
        assert np.allclose(row, vectors[word] @ W)

new = torch.nn.functional.scaled_dot_product_attention(*made, scale=1.0)
print("apple′ from PyTorch", new[1].numpy().round(3))

assert np.allclose(new[1].numpy(), mixture)

# %% [markdown]
# How many numbers does a model learn here?
# The first Transformer had 512 numbers for a word, and 64 for each of its three vectors.

# %%
layers = [torch.nn.Linear(512, 64, bias=False) for _ in "QKV"]
n_learned = sum(layer.weight.numel() for layer in layers)
print("three words:", [tuple(layer(torch.zeros(3, 512)).shape) for layer in layers])
print(n_learned, "numbers to learn, whether a sentence has 3 words or 3000")

assert n_learned == 3 * 512 * 64 == 98_304

# %% [markdown]
# ## Nine words
#
# The sentence "The Transformer is making it possible to understand language" goes with us
# through chapters 6, 7 and 8.
# It is the sentence whose shares summed to 1.12 in chapter 4; from here on we make our own.
# Its vectors are *toys*: drawn at random, rounded to one decimal, and they know no English.
# They show how the calculation runs, not what the words mean.
# The three sizes differ on purpose: 4 numbers for a word, 3 for a query or key, 2 for a value.

# %%
nine = ["the", "transformer", "is", "making", "it"]
nine += ["possible", "to", "understand", "language"]
toy = np.random.default_rng(9)  # its own generator: chapters 7 and 8 draw the same
X_nine = toy.normal(size=(9, 4)).round(1) + 0.0  # + 0.0 turns -0.0 into 0.0
W_Q_nine = (toy.normal(size=(4, 3)) / 2).round(1) + 0.0
W_K_nine = (toy.normal(size=(4, 3)) / 2).round(1) + 0.0
W_V_nine = (toy.normal(size=(4, 2)) / 2).round(1) + 0.0

making = X_nine[nine.index("making")]
print("making: word ", making)
print("        query", making @ W_Q_nine)
for word, x in zip(nine, X_nine):
    print(
        f"{word:12s} key {(x @ W_K_nine).round(2)!s:21} value {(x @ W_V_nine).round(2)}"
    )

assert np.allclose(making @ W_Q_nine, [-0.61, -0.44, 1.12])

# %% [markdown]
# *making* has a key and a value too, and each of the other eight words has a query.
# [Chapter 7](07_matrix_form.py) compares all the queries with all the keys.

# %% [markdown]
# ## A common mistake
#
# > **"Q, K and V are three different words."**
# > They are three views of each word.
# > All three are computed from the same vector: change the word, and all three change.

# %%
greener = vectors["apple"] + np.array([0.0, 1.0, 0.0, 0.0])  # one unit more fruit
for name, W in [("query", W_Q), ("key", W_K), ("value", W_V)]:
    print(f"{name:5s} {vectors['apple'] @ W} -> {greener @ W}")
    assert not np.array_equal(vectors["apple"] @ W, greener @ W)

# %% [markdown]
# > **"The query is compared with the keys of all *other* words."**
# > Two of our sources say so, and it is nearly right.
# > The word's own key is in the list as well, and takes its share: above, *apple* gives .107 to
# > itself.
# > Leave it out, and the weights are different ones.
# > The page [*What we changed and why*](errata.py) has the reference.

# %%
others = np.exp([scores[0], scores[2]]) / np.exp([scores[0], scores[2]]).sum()
print("with its own key", before.round(3), "  without", others.round(3))

assert abs(before[1] - 0.107) < 5e-4 and abs(others[1] - before[2]) > 0.09

# %% [markdown]
# ## Exercise: `qkv_projections`
#
# *Difficulty:* 2 of 5. *Time:* 8 minutes. *Points:* 6.
#
# So far we took one word after another.
# Now make the queries, keys and values of all words of a sentence, and of all sentences in a
# batch, without a loop.
#
# <details><summary>Hint 1: shapes</summary>
#
# A sentence is `(n, d_model)` and a matrix `(d_model, d_k)`.
# In which order do they stand, so that the two `d_model` meet in the middle?
#
# </details>
#
# <details><summary>Hint 2: many sentences</summary>
#
# `A @ B` multiplies along the last two axes, and lets all axes before them pass.
# So the line that does one sentence may already do a batch: no loop, no reshape.
#
# </details>
#
# <details><summary>Hint 3: the result</summary>
#
# Three arrays come back, in the order of the name: queries, keys, values.
# Each has its own matrix.
# No scores, no softmax and no scaling yet.
#
# </details>


# %% nbgrader={"grade_id": "qkv_projections", "solution": true}
# exercise: qkv_projections
def qkv_projections(X, W_Q, W_K, W_V):
    """Make the queries, keys and values of every word.

    X: word vectors, (..., n, d_model), floats or whole numbers; not changed.
    W_Q, W_K: (d_model, d_k). W_V: (d_model, d_v), where d_v may differ from d_k.
    Returns (Q, K, V): (..., n, d_k), (..., n, d_k) and (..., n, d_v).
    """
    ### BEGIN SOLUTION
    return X @ W_Q, X @ W_K, X @ W_V
    ### END SOLUTION


# %% nbgrader={"grade_id": "qkv_projections_first_look", "points": 1}
apple_row = np.array([[1.0, 1.0, 0.0, 0.0]])
to_query = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 0.5], [0.0, 0.0]])
to_key = np.array([[0.0, 0.0], [0.0, 1.0], [0.0, 0.0], [1.0, 0.0]])
to_value = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0], [0.0, 0.0]])
try:
    three = qkv_projections(apple_row, to_query, to_key, to_value)
except NotImplementedError:
    raise NotImplementedError(
        "Fill in qkv_projections in the cell above, then run both cells"
    ) from None

assert three is not None, "qkv_projections returned None: is there a `return`?"
assert len(three) == 3, "Three results are asked for: queries, keys and values"
assert np.allclose(three[0], [[2, 0]]), "The query of apple should be (2, 0)"
assert np.allclose(three[1], [[0, 1]]), "The key of apple should be (0, 1)"
assert np.allclose(three[2], [[1, 1]]), "The value of apple should be (1, 1)"

# %% nbgrader={"grade_id": "qkv_projections_of_a_sentence", "points": 2}
words = np.array([[1.1, -0.5, 0.4, 0.3], [0.0, 2.5, 0.8, 0.3]])  # transformer making
to_query = np.array(
    [[0.0, 0.3, 0.0], [-0.2, 0, 0.5], [-0.1, -0.4, -0.5], [-0.1, -0.4, 0.9]]
)
to_key = to_query[::-1].copy()
to_value = np.array([[0.2, 0.2], [-0.7, 1.2], [0.1, -0.3], [-0.4, -0.1]])
Q, K, V = qkv_projections(words, to_query, to_key, to_value)
assert Q.shape == (2, 3) and K.shape == (2, 3), "One row per word, d_k numbers in each"
assert V.shape == (2, 2), "The values have a size of their own, d_v = 2: made with W_V?"
assert np.allclose(Q[1], [-0.61, -0.44, 1.12]), (
    "The query of making should be (-0.61, -0.44, 1.12), as in *Nine words*"
)
assert np.allclose(V[1], [-1.79, 2.73]), (
    "The value of making should be (-1.79, 2.73), as in *Nine words*"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("qkv_projections", qkv_projections, "one_word", "a_sentence")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "qkv_projections_of_a_batch", "points": 2}
words = np.array([[1.0, -0.5], [0.0, 2.5], [3.0, 1.0]])
turn = np.array([[0.0, 1.0], [-1.0, 0.0]])
swap, first = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[1.0], [0.0]])
Q, K, V = qkv_projections(np.stack([words, words[::-1]]), turn, swap, first)
assert V.shape == (2, 3, 1), (
    "Leading axes (batches, heads) pass through untouched: two sentences in, two out"
)
assert np.allclose(Q[0, 1], [-2.5, 0]), "The matrices are transposed"
assert np.allclose(K[1], K[0][::-1]), "Each sentence should be projected by itself"
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("qkv_projections", qkv_projections, "square_matrices", "batch_axes")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "qkv_projections_good_manners", "points": 1}
given = np.ones((3, 4), dtype=np.float32)
to_three = np.eye(4, 3, dtype=np.float32)
for result in qkv_projections(given, to_three, to_three, to_three):
    assert result.dtype == np.float32, "float32 words should give float32 vectors"
assert (given == 1).all(), "The function changed its input: the caller's words"
### BEGIN HIDDEN TESTS
from autograder.checks import require

require(
    "qkv_projections",
    qkv_projections,
    "keeps_dtype",
    "whole_numbers",
    "leaves_its_input_alone",
)
### END HIDDEN TESTS

# %% [markdown] recall="CABB"
# ## Recall
#
# Choose an answer to see what is right or wrong with it.
#
# **1. A word is looked at by the others. Which of its three vectors do they compare with?**
#
# <details><summary>A. Its query</summary>
#
# No. The query is used when the word itself does the looking.
#
# </details>
#
# <details><summary>B. Its value</summary>
#
# No. The value is handed over after the comparison, and has no part in it.
#
# </details>
#
# <details><summary>C. Its key</summary>
#
# Yes. The key is what a word can be found by.
#
# </details>
#
# **2. A sentence has 100 words. How many matrices make its queries, keys and values?**
#
# <details><summary>A. 3</summary>
#
# Yes. All words share the same three, and so a sentence may have any length.
#
# </details>
#
# <details><summary>B. 100</summary>
#
# No. Then a model could not read a sentence of 101 words.
#
# </details>
#
# <details><summary>C. 300</summary>
#
# No. There are 300 *vectors*; the matrices are shared by all words.
#
# </details>
#
# **3. Only the value matrix is replaced by another. What stays exactly as it was?**
#
# <details><summary>A. The output of each word</summary>
#
# No. The outputs are mixtures of the values, and the values are new.
#
# </details>
#
# <details><summary>B. The attention weights</summary>
#
# Yes. They come from queries and keys alone.
#
# </details>
#
# <details><summary>C. Both the weights and the outputs</summary>
#
# No. Only the weights depend on queries and keys alone.
#
# </details>
#
# **4. Why may the score from *apple* to *phones* differ from the score from *phones* to
# *apple*?**
#
# <details><summary>A. Because softmax is taken row by row</summary>
#
# No. That makes the weights differ, already in chapter 5; a score comes before the softmax.
#
# </details>
#
# <details><summary>B. Because asking and being found use different matrices</summary>
#
# Yes. One is the query of apple with the key of phones, the other the query of phones with the
# key of apple.
#
# </details>
#
# <details><summary>C. Because a dot product depends on the order of its two vectors</summary>
#
# No. A dot product of two vectors is the same both ways round; here they are different vectors.
#
# </details>

# %% [markdown]
# ## Recap
#
# - Each word gets a *query* (what it looks for), a *key* (what it is found by) and a *value*
#   (what it hands over).
# - All three are the word's vector times a matrix; the three matrices are shared by all words
#   and learned.
# - Queries and keys decide the weights; the weights mix the values.
# - A score has a direction: from the word that asks to the word that answers, its own key
#   included.
#
# **What you have now:** `qkv_projections(X, W_Q, W_K, W_V)`.
# **Next:** [chapter 7](07_matrix_form.py) compares all queries with all keys in one matrix product.

# %% [markdown]
# ## References
#
# - A. Vaswani and others, [*Attention Is All You Need*](https://arxiv.org/abs/1706.03762), 2017:
#   queries, keys and values in section 3.2; the sizes 512 and 64 in section 3.2.2.
# - D. Bahdanau, K. Cho, Y. Bengio, [*Neural Machine Translation by Jointly Learning to Align
#   and Translate*](https://arxiv.org/abs/1409.0473), 2014: attention before it had these names.
# - J. Alammar, [*The Illustrated
#   Transformer*](https://jalammar.github.io/illustrated-transformer/), 2018: the three vectors,
#   drawn.
