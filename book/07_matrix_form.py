# %% [markdown]
# # 7. The matrix form
#
# **How does a computer do the whole sentence?**
#
# *Time:* 35 minutes. *Difficulty:* 2 of 5.
#
# After this chapter you can
#
# - read $Q K^{\top}$ as a table: who asks, who answers,
# - follow a sentence through small matrices, from words to new vectors, by hand,
# - say what a toy with two axes shows, and what it cannot show.
#
# [Chapter 6](06_query_key_value.py) gave each word a query, a key and a value, and let one word
# ask.
# A sentence has many words, and a model reads thousands of sentences.

# %% nbgrader={"grade_id": "matrix_form_setup", "locked": true}
import math
import time

import numpy as np

rng = np.random.default_rng(0)

# %% tags=["demo"]
from figures.style import *

# %% [markdown]
# ## Predict first
#
# > **Your guess, before you run anything.**
# > Nine words ask nine words: that makes 81 scores.
# > We compute them word by word from left to right, and then once more with the words that ask
# > in a shuffled order.
# > How many of the 81 scores come out different: none, about half, or nearly all?
#
# Write the guess down.
# The section *In any order* answers it.

# %% [markdown]
# ## Where chapter 6 stopped
#
# Here are the queries, keys and values of "love apple watch" that chapter 6 made, one word per
# row, and its result again: *apple* asks.

# %%
words = ["love", "apple", "watch"]
Q = np.array([[0.0, 0.5], [2.0, 0.0], [1.0, 0.5]])  # (3, 2)
K = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0]])  # (3, 2)
V = np.array([[0.0, 0.0], [1.0, 1.0], [1.0, 0.0]])  # (3, 2)

apple_scores = [float(Q[1] @ K[j]) for j in range(3)]
apple_weights = np.exp(apple_scores) / np.exp(apple_scores).sum()
print("scores", apple_scores, "  weights", apple_weights.round(3))
print("apple′", (apple_weights @ V).round(3))

assert apple_scores == [0, 0, 2]
assert np.allclose(apple_weights @ V, [0.893, 0.107], atol=5e-4)

# %% [markdown]
# ## The table, number by number
#
# Let every word ask.
# The score of the word that asks, *i*, with the word that answers, *j*, goes into row *i* and
# column *j*.

# %%
table = [[0.0] * 3 for _ in range(3)]
for i in range(3):
    for j in range(3):
        for c in range(2):
            table[i][j] += float(Q[i, c] * K[j, c])
for word, row in zip(words, table):
    print(f"{word:6s}", row)

assert table[1] == apple_scores

# %% [markdown]
# ## The table, in one product
#
# Three loops inside one another are what a matrix product is.
# Entry *(i, j)* of a product is a row of the first matrix with a *column* of the second.
# The keys are rows, so $K$ has to be turned on its side first: $K^{\top}$, its
# [transpose](glossary.md#transpose).
#
# $$
# S = Q K^{\top} \qquad s_{ij} = q_i \cdot k_j
# $$

# %%
S = Q @ K.T  # (3, 2) @ (2, 3) -> (3, 3)

assert np.array_equal(S, table)
print(S)

# %% tags=["demo"] alt="Three grids. A blue one, the queries Q, 3 by 2, with the row of apple (2, 0) framed. An orange one, the keys turned on their side, 2 by 3, with the column of watch (1, 0) framed. A grey one, the scores, 3 by 3, with the entry in row apple and column watch framed: 2."
fig, axes = plt.subplots(1, 3, figsize=(5.0, 2.6), width_ratios=[2, 3, 3])
draw_matrix(axes[0], Q, rows=words, colour=COLOURS["Q"], digits=1)
draw_matrix(axes[1], K.T, columns=words, colour=COLOURS["K"], digits=1)
draw_matrix(axes[2], S, columns=words, colour=GREY, digits=1)
frame = {"fill": False, "edgecolor": INK, "linewidth": 2.5}
axes[0].add_patch(plt.Rectangle((-0.5, 0.5), 2, 1, **frame))
axes[1].add_patch(plt.Rectangle((1.5, -0.5), 1, 2, **frame))
axes[2].add_patch(plt.Rectangle((1.5, 0.5), 1, 1, **frame))
names = ["Q  (3, 2)", "K turned  (2, 3)", "scores  (3, 3)"]
turned = {"rotation": 60, "ha": "left", "rotation_mode": "anchor"}
for ax, name, colour in zip(axes, names, [BLUE, ORANGE, INK]):
    ax.set_xlabel(name, color=colour)
    plt.setp(ax.get_xticklabels(), **turned)
plt.show()

# %% [markdown]
# *Figure: a row of Q meets a column of the turned K, and leaves one score.
# The two 2s in the middle of (3, 2) and (2, 3) are the length of a query and of a key, $d_k$.
# They must agree, and they vanish.*
#
# The words that ask and the words that answer need not be equally many.
# Let only *apple* ask, and the table has one row; the columns stay.

# %%
print(Q[1:2] @ K.T, "shape", (Q[1:2] @ K.T).shape)

assert (Q[1:2] @ K.T).shape == (1, 3)

# %% [markdown]
# ## Nine words
#
# Back to "The Transformer is making it possible to understand language", with the toy vectors
# of chapter 6: random numbers that know no English.

# %%
nine = ["the", "transformer", "is", "making", "it"]
nine += ["possible", "to", "understand", "language"]
toy = np.random.default_rng(9)
X_nine = toy.normal(size=(9, 4)).round(1) + 0.0
W_Q_nine = (toy.normal(size=(4, 3)) / 2).round(1) + 0.0
W_K_nine = (toy.normal(size=(4, 3)) / 2).round(1) + 0.0
Q_nine = np.array([x @ W_Q_nine for x in X_nine])  # (9, 3)
K_nine = np.array([x @ W_K_nine for x in X_nine])  # (9, 3)

making = nine.index("making")
making_scores = [float(Q_nine[making] @ k) for k in K_nine]
for word, score in zip(nine, making_scores):
    print(f"making -> {word:12s} {score:5.2f}")

S_nine = Q_nine @ K_nine.T  # (9, 9)
assert np.allclose(Q_nine[making], [-0.61, -0.44, 1.12])
assert np.allclose(S_nine[making], making_scores)

# %% tags=["demo"] alt="A table of 9 by 9 scores, a row for each word that asks and a column for each word that answers. The row of making is framed: -2.0, 1.1, -1.3, -1.0, -1.7, -1.7, 1.0, 1.6, -1.6. The others lie between -4.4 and 3.1."
fig, ax = plt.subplots(figsize=(5.0, 4.7))
shown = S_nine.round(1) + 0.0  # + 0.0 turns -0.0 into 0.0
draw_matrix(ax, shown, rows=nine, columns=nine, colour=GREY, digits=1)
ax.add_patch(plt.Rectangle((-0.5, making - 0.5), 9, 1, **frame))
ax.set_xticks(range(9), nine, **turned)
ax.set_xlabel("the word that answers")
ax.set_ylabel("the word that asks")
plt.show()

# %% [markdown]
# *Figure: all 81 scores, (9, 3) times (3, 9), in one matrix product.*
#
# One of our sources draws the row of *making* with other numbers, made up for its picture; we
# met them in [chapter 4](04_softmax.py).

# %% [markdown]
# ## In any order
#
# Now the prediction: shuffle the words that ask.

# %%
in_order, shuffled = np.zeros((9, 9)), np.zeros((9, 9))
for i in range(9):
    in_order[i] = [Q_nine[i] @ k for k in K_nine]
for i in rng.permutation(9):
    shuffled[i] = [Q_nine[i] @ k for k in K_nine]
print("scores that differ:", int((in_order != shuffled).sum()), "of", in_order.size)

assert np.array_equal(in_order, shuffled)

# %% [markdown]
# *None.*
# No row of the table needs another row, and no score needs another score.
# So a computer may fill in all 81 at the same time, and that is what people mean when they call
# attention [parallel](glossary.md#parallel).
# An older kind of network, the recurrent one, reads a word, changes its memory, and only then
# can read the next.
#
# Parallel does not mean cheap: twice as many words make four times as many scores
# ([chapter 14](14_cost.py) counts).

# %%
for n_words in [9, 18, 36]:
    print(f"{n_words:2d} words, {n_words * n_words:4d} scores")

assert 18 * 18 == 4 * 9 * 9

# %% [markdown]
# Here is the same arithmetic for 300 words, once with loops in Python and once as a product.
# How many times faster the product is depends on the machine.

# %% tags=["demo"]
many_queries, many_keys = np.random.default_rng(1).normal(size=(2, 300, 64))
many_queries @ many_keys.T  # the first product of a kind is slow: do not time it
started = time.perf_counter()
slowly = [[float(q @ k) for k in many_keys] for q in many_queries]
loop_seconds = time.perf_counter() - started
started = time.perf_counter()
quickly = many_queries @ many_keys.T
print(f"loops {loop_seconds * 1000:.0f} ms", end="   ")
print(f"one product {(time.perf_counter() - started) * 1000:.1f} ms")

assert np.allclose(slowly, quickly)

# %% [markdown]
# ## From words to new vectors, by hand
#
# One of our sources works through "love apple phones" with two numbers for each word.
# Its matrices were lost when it was turned into text, but its table of scores survived.
# These matrices give that table again.

# %%
toy_words = ["love", "apple", "phones"]
X = np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 0.0]])  # (3, 2), (tech, fruit)
W_Q = np.array([[1.0, 0.0], [0.0, 1.0]])  # the query is the word itself
W_K = np.array([[1.0, 0.0], [1.0, 1.0]])
toy_Q = np.array([x @ W_Q for x in X])
toy_K = np.array([x @ W_K for x in X])
toy_S = toy_Q @ toy_K.T  # (3, 3)
print("keys", toy_K.tolist())
for word, row in zip(toy_words, toy_S):
    print(f"query {word:6s}", row)

assert np.array_equal(toy_S, [[1, 1, 0], [2, 3, 2], [2, 4, 4]])

# %% [markdown]
# Now each row becomes weights.
# Before the softmax the scores are divided by $\sqrt{2}$, the root of the length of a key.
# Take that as a promise for now; [chapter 8](08_scaling.py) keeps it.

# %%
weight_rows = []
for row in toy_S:
    strengths = [math.exp(score / math.sqrt(2)) for score in row]
    weight_rows.append([strength / sum(strengths) for strength in strengths])
toy_A = np.array(weight_rows)  # (3, 3)
for word, row in zip(toy_words, toy_A):
    print(f"{word:6s}", row.round(3))
print("last row, rounded to two places, sums to", toy_A[2].round(2).sum().round(2))

assert np.allclose(toy_A[1], [0.248, 0.503, 0.248], atol=5e-4)
assert np.allclose(toy_A[2], [0.108, 0.446, 0.446], atol=5e-4)

# %% [markdown]
# The rows sum to 1; rounded to two digits, the last one does not, and so we print three.
#
# The value matrix of the source is lost for good.
# We choose one that deepens what a word has more of: tech counts double and takes one from
# fruit, and the other way round.

# %%
W_V = np.array([[2.0, -1.0], [-1.0, 2.0]])
toy_V = np.array([x @ W_V for x in X])  # (3, 2)
apple_new = sum(weight * v for weight, v in zip(toy_A[1], toy_V))
print("values", toy_V.tolist())
print("apple′ beside phones", apple_new.round(2))

assert np.allclose(apple_new, [1.25, 0.50], atol=0.01)
assert np.allclose(apple_new, toy_A[1] @ toy_V)

# %% [markdown]
# And beside *juice*, with the same matrices and the same starting vector (1, 1)?

# %%
with_juice = np.array([[0.0, 1.0], [1.0, 1.0], [0.0, 2.0]])  # love, apple, juice
juice_scores = np.array([(X[1] @ W_Q) @ (x @ W_K) for x in with_juice])
strengths = np.exp(juice_scores / math.sqrt(2))
juice_weights = strengths / strengths.sum()
apple_juice = juice_weights @ np.array([x @ W_V for x in with_juice])
print("scores", juice_scores, "  weights", juice_weights.round(3))
print("apple′ beside juice", apple_juice.round(2))

assert np.allclose(apple_juice, [-1.01, 2.87], atol=0.01)

# %% tags=["demo"] alt="Map with the axes tech and fruit. Love at (0, 1), apple at (1, 1), phones at (2, 0), juice at (0, 2). From apple one short arrow leads right and down to apple′ beside phones at (1.25, 0.5), a long one left and up to apple′ beside juice at (-1.01, 2.87), outside of the words."
fig, ax = plt.subplots(figsize=(4.6, 4.4))
on_map = dict(zip([*toy_words, "juice"], [*X, with_juice[2]]))
moved = {"apple′ (phones)": apple_new, "apple′ (juice)": apple_juice}
draw_map(ax, on_map, moved=moved)
ax.set(xlim=(-1.5, 2.9), ylim=(-0.35, 3.3), title="the restored toy")
plt.show()

# %% [markdown]
# *Figure: the small map with the toy's words.
# The new apples are mixtures of values, and values need not lie where words lie: no word has a
# tech of −1.*

# %% [markdown]
# ## What the toy cannot show
#
# Look at the row of *apple* once more: .248, .503, .248.
# *love* gets exactly as much as *phones*, against the story that *phones* decides.
# Have we restored the wrong matrices?
#
# No.
# The weights come from the table, and the table is the source's own.
# It even says what the words must be.
# In it, the row of *apple* is the row of *love* plus half the row of *phones*.
# So a word *apple* − *love* − *phones*/2 would score 0 with every key.
# But the keys fill the plane, and only the zero vector scores 0 with all of a plane.
# Whatever the matrices are, *apple* = *love* + *phones*/2.

# %%
print("rows : ", toy_S[0] + toy_S[2] / 2, "=", toy_S[1])
print("words:", X[0] + X[2] / 2, "=", X[1])

assert np.array_equal(toy_S[0] + toy_S[2] / 2, toy_S[1])
assert np.array_equal(X[0] + X[2] / 2, X[1])
assert np.linalg.matrix_rank(toy_S) == 2  # queries and keys fill the plane

# %% [markdown]
# So in this toy *love* is a part of *apple*, and cannot be neutral
# ([*What we changed and why*](errata.py) tries a thousand other solutions).
# It shows how the matrices work together, and not that attention finds what matters.
# Two numbers for a word are too few for that: chapter 6 needed a fourth before *apple* could
# ask for a product.
# The first Transformer had 512.

# %% [markdown]
# ## PyTorch agrees
#
# `F.scaled_dot_product_attention` goes the whole way, for all words at once: scores, division
# by the root, softmax, mixture.
# Its rows are all three new vectors.

# %% nbgrader={"grade_id": "matrix_form_torch", "locked": true}
import torch
import torch.nn.functional as F

# %%
scores_from_torch = torch.tensor(Q_nine) @ torch.tensor(K_nine).T
outputs = F.scaled_dot_product_attention(*map(torch.tensor, (toy_Q, toy_K, toy_V)))
print(outputs.numpy().round(2))

assert np.allclose(scores_from_torch.numpy(), S_nine)
assert np.allclose(outputs[1].numpy(), apple_new)
for row, output in zip(toy_A, outputs.numpy()):
    assert np.allclose(row @ toy_V, output)

# %% [markdown]
# ## The table as a story
#
# | What a word would say, if it could | What the computer does | Shape |
# |---|---|---|
# | "What do I need from this sentence?" | a query for each word | $(n, d_k)$ |
# | "Let me hold my question against every label." | $Q K^{\top}$, one row for each word | $(n, n)$ |
# | "The better the match, the more I listen." | softmax of each row | $(n, n)$ |
# | "I collect what they hand over, in these shares." | weights times $V$ | $(n, d_v)$ |
# | "That is who I am in this sentence." | one new row for each word | $(n, d_v)$ |
#
# Words want nothing and say nothing, of course.
# The right side is all that happens.
# Here it is once with three words and the sizes of the first Transformer, 512 and 64.

# %%
words_512, to_64 = torch.randn(3, 512), torch.randn(3, 512, 64)
Q_64, K_64, V_64 = words_512 @ to_64  # (3, 3, 64): one product for each of the three
new_64 = F.scaled_dot_product_attention(Q_64, K_64, V_64)
for name, table in [("Q", Q_64), ("scores", Q_64 @ K_64.T), ("new rows", new_64)]:
    print(f"{name:8s}", tuple(table.shape))

assert new_64.shape == (3, 64)  # chapter 9 leads back from 64 to 512

# %% [markdown]
# ## A common mistake
#
# > **"Attention handles one word after the other."**
# > A loop is how we *explain* it.
# > Above, the order of the words that ask changed no score.
# > It is another matter when a model *writes*: it can ask only once a word is there
# > ([chapter 10](10_masks.py)).

# %% [markdown]
# > **"Q times K is `Q * K`."**
# > That multiplies number by number, and so it pairs each word with itself only.
# > Summed up, it is the diagonal of the table; 72 of 81 scores are never made.

# %%
paired = (Q_nine * K_nine) @ np.ones(3)  # (9,): summed up
print(paired.round(2))

assert np.allclose(paired, np.diag(S_nine)) and S_nine.size - paired.size == 72

# %% [markdown]
# ## Exercise: `attention_scores`
#
# *Difficulty:* 2 of 5. *Time:* 8 minutes. *Points:* 6.
#
# So far we had one sentence, and as many words that ask as words that answer.
# Write the table of scores for any number of each, and for a batch of sentences.
#
# <details><summary>Hint 1: rows and columns</summary>
#
# The words that ask are the rows, and the words that answer are the columns.
# Start with one sentence of 2 queries and 5 keys: is your table (2, 5)?
#
# </details>
#
# <details><summary>Hint 2: a batch</summary>
#
# `K.T` turns *all* axes round, so that the batch ends up last.
# Look for a NumPy function that swaps two axes, and count them from the end.
#
# </details>
#
# <details><summary>Hint 3: no more than the scores</summary>
#
# One product is enough.
# There is no division and no softmax in this function.
#
# </details>


# %% nbgrader={"grade_id": "attention_scores", "solution": true}
# exercise: attention_scores
def attention_scores(Q, K):
    """Compare every query with every key by a dot product.

    Q: queries, (..., n, d_k), one per row; floats or whole numbers; not changed.
    K: keys, (..., m, d_k), with the same leading axes; not changed.
    Returns the scores, (..., n, m): entry (i, j) is query i with key j, not scaled.
    """
    ### BEGIN SOLUTION
    return Q @ np.swapaxes(K, -1, -2)
    ### END SOLUTION


# %% nbgrader={"grade_id": "attention_scores_first_look", "points": 1}
queries = np.array([[0.0, 0.5], [2.0, 0.0], [1.0, 0.5]])  # love apple watch
keys = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
try:
    scores = attention_scores(queries, keys)
except NotImplementedError:
    raise NotImplementedError(
        "Fill in attention_scores in the cell above, then run both cells"
    ) from None

assert scores is not None, "attention_scores returned None: is there a `return`?"
assert np.allclose(scores[1], [0, 0, 2]), "Row 1 should be apple's scores: 0, 0, 2"
assert np.allclose(scores, [[0, 0.5, 0], [0, 0, 2], [0, 0.5, 1]]), (
    "Rows ask, columns answer"
)

# %% nbgrader={"grade_id": "attention_scores_of_any_table", "points": 2}
queries = np.array([[0.0, 1.0, 2.0], [1.0, 0.0, -1.0]])
keys = np.array(
    [[1.0, 2.0, 0.0], [0.0, 1.0, 1.0], [3.0, 0.0, 1.0], [0, 0, 0], [1, 1, 1]]
)
scores = attention_scores(queries, keys)
assert scores.shape == (2, 5), (
    f"Two queries and five keys should give a table (2, 5), got {scores.shape}"
)
assert np.allclose(scores, [[2, 3, 2, 0, 3], [1, -1, 2, 0, 0]]), (
    "Entry (i, j) is the dot product of query i and key j: no scale and no softmax yet"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("attention_scores", attention_scores, "small_tables", "any_table")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "attention_scores_of_a_batch", "points": 2}
queries = np.array([[0.0, 0.5], [2.0, 0.0], [1.0, 0.5]])
keys = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
scores = attention_scores(np.stack([queries, -queries]), np.stack([keys, keys]))
assert scores.shape == (2, 3, 3), (
    "In a batch, each sentence has a table of its own: is the batch axis first?"
)
assert np.allclose(scores[1], -scores[0]), (
    "In a batch, each sentence has a table of its own"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("attention_scores", attention_scores, "square_batches", "batch_axes")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "attention_scores_good_manners", "points": 1}
queries_given = np.array([[0.0, 0.5], [2.0, 0.0]], dtype=np.float32)
keys_given = np.array([[0.0, 1.0], [1.0, 0.0]], dtype=np.float32)
before = queries_given.copy(), keys_given.copy()
scores = attention_scores(queries_given, keys_given)
assert scores.dtype == np.float32, "float32 queries and keys should give float32 scores"
assert np.array_equal(queries_given, before[0]), (
    "The function changed its input: the caller's queries"
)
assert np.array_equal(keys_given, before[1]), (
    "The function changed its input: the caller's keys"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require(
    "attention_scores",
    attention_scores,
    "keeps_dtype",
    "whole_numbers",
    "leaves_its_input_alone",
)
### END HIDDEN TESTS

# %% [markdown] recall="BACA"
# ## Recall
#
# Choose an answer to see what is right or wrong with it.
#
# **1. 4 words ask 6 words, and each query has 8 numbers. What is the shape of the scores?**
#
# <details><summary>A. (8, 8)</summary>
#
# No. The 8s meet in the middle of the product, and vanish.
#
# </details>
#
# <details><summary>B. (4, 6)</summary>
#
# Yes. One row for each word that asks, one column for each word that answers.
#
# </details>
#
# <details><summary>C. (6, 4)</summary>
#
# No. That is the table turned on its side: rows are the words that ask.
#
# </details>
#
# **2. What do you find in column *phones* of the table of scores?**
#
# <details><summary>A. How each query matches the key of phones</summary>
#
# Yes. Down the column the queries change, and the key stays.
#
# </details>
#
# <details><summary>B. How the query of phones matches each key</summary>
#
# No. That is the row of phones.
#
# </details>
#
# <details><summary>C. How much attention phones spends</summary>
#
# No. Scores are not attention yet, and what a word spends is in its row.
#
# </details>
#
# **3. Why can a computer fill in the whole table at once?**
#
# <details><summary>A. Because the table is small</summary>
#
# No. It grows with the square of the number of words, and is made at once all the same.
#
# </details>
#
# <details><summary>B. Because attention does not depend on the words</summary>
#
# No. Every score depends on two words.
#
# </details>
#
# <details><summary>C. Because no score needs another score</summary>
#
# Yes. Each one is a dot product of one query and one key, and those are there from the start.
#
# </details>
#
# **4. In the toy with two axes, *apple* gives *love* as much as *phones*. What would change
# that?**
#
# <details><summary>A. Another table of scores</summary>
#
# Yes. Equal scores get equal shares, and the weights come from the table alone.
#
# </details>
#
# <details><summary>B. Other matrices that give the same table</summary>
#
# No. The same scores make the same weights, whatever made the scores.
#
# </details>
#
# <details><summary>C. Another value matrix</summary>
#
# No. Values are mixed with the weights, and have no part in making them.
#
# </details>

# %% [markdown]
# ## Recap
#
# - $Q K^{\top}$ is a table: row *i* is the word that asks, column *j* the word that answers.
# - The $d_k$ numbers of a query and of a key meet in the product and vanish: (n, d_k) and
#   (m, d_k) leave (n, m).
# - No score needs another, so all can be made at once; there are n × m of them.
# - A toy in the plane shows how the matrices work together, and not what a model learns.
#
# **What you have now:** `attention_scores(Q, K)`.
# **Next:** [chapter 8](08_scaling.py) asks why the scores are divided by $\sqrt{d_k}$, and
# finishes the nine words.

# %% [markdown]
# ## References
#
# - A. Vaswani and others, [*Attention Is All You Need*](https://arxiv.org/abs/1706.03762), 2017:
#   the matrix form is equation 1; table 1 compares what can run in parallel.
# - A. Rush and others, [*The Annotated
#   Transformer*](https://nlp.seas.harvard.edu/annotated-transformer/), 2018 and 2022: the paper
#   beside running code.
