# %% [markdown]
# # 9. Several heads
#
# **How can *apple* ask several questions at once?**
#
# *Time:* 55 minutes. *Difficulty:* 4 of 5.
#
# After this chapter you can
#
# - say why one head has one budget, and what a second head adds,
# - follow a word through two heads and through $W_O$, number by number,
# - split an array into heads and merge it again, without mixing up the words,
# - read what `nn.MultiheadAttention` gives back, and avoid its traps.
#
# [Chapter 8](08_scaling.py) finished scaled dot-product attention.
# There, *apple* had one question, and so one row of weights.
# Here is where it stood.

# %% nbgrader={"grade_id": "multi_head_setup", "locked": true}
import math

import numpy as np

rng = np.random.default_rng(0)

# %% tags=["demo"]
from figures.style import *

# %%
sentence = ["love", "apple", "phones"]
small = np.array([[0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [2.0, 0.0, 0.0]])  # (3, 3)

strengths = np.exp(small[1] @ small.T / math.sqrt(3))
apple_so_far = strengths / strengths.sum() @ small
print("apple′ at the end of chapter 8:", np.round(apple_so_far, 3))

assert np.allclose(apple_so_far, [1.296, 0.432, 0.136], atol=5e-4)

# %% [markdown]
# ## Predict first
#
# *apple* has two questions for its sentence.
# The first: *what kind of thing am I?*
# Asked alone, it gives *phones* .45 of the attention.
# The second: *how do people feel about me?*
# Asked alone, it gives *love* .89 of the attention.
#
# > **Your guess, before you run anything.**
# > Now one head asks both questions at once: it adds up the scores of both, and takes one
# > softmax.
# > What is left for *phones*: still about .45, about .2, or nearly nothing?
#
# Write the guess down.
# A cell below answers it.

# %% [markdown]
# ## Two questions
#
# Each word gets a fourth number, so that a question can tell a *thing* from a feeling.
# The columns are now (tech, fruit, feeling, thing).

# %%
love = np.array([0.0, 0.0, 1.0, 0.0])
apple = np.array([1.0, 1.0, 0.0, 1.0])
phones = np.array([2.0, 0.0, 0.0, 1.0])
juice = np.array([0.0, 2.0, 0.0, 1.0])
X = np.array([love, apple, phones])  # (3, 4)
print(X)

# %% [markdown]
# The matrices are chosen by hand, so that you can read them.
# Their first two columns belong to the first question, their last two to the second.
#
# - The *kind* question compares tech with tech and fruit with fruit.
# - The *feeling* question is asked by things, and answered by words that have a feeling.

# %%
W_Q = np.array(
    [
        [1.0, 0.0, 0.0, 0.0],  # tech
        [0.0, 1.0, 0.0, 0.0],  # fruit
        [0.0, 0.0, 0.0, 0.0],  # feeling
        [0.0, 0.0, 4.0, 0.0],  # thing: asks loudly for a feeling
    ]
)
W_K = np.diag([1.0, 1.0, 1.0, 0.0])  # tech, fruit and feeling can be found
W_V = np.eye(4)  # every word hands over what it is

Q, K, V = (np.array([x @ W for x in X]) for W in (W_Q, W_K, W_V))  # (3, 4) each
print("the query of apple:", Q[1])
print("its first question:", Q[1, :2], "  its second:", Q[1, 2:])

# %% [markdown]
# Now *apple* looks round, with one question at a time.
# Each question uses two columns of the query and the same two columns of the keys and values.
# Such a strip of columns, with a softmax of its own, is called a
# [head](glossary.md#head).


# %%
def look(q, keys, values):
    """One query looks at all words of a sentence: its weights, and the mixed value."""
    scores = [
        sum(a * b for a, b in zip(q, key)) / math.sqrt(len(q)) for key in keys
    ]  # one for each word
    strengths = [math.exp(score) for score in scores]
    weights = [strength / sum(strengths) for strength in strengths]
    return weights, sum(w * value for w, value in zip(weights, values))


kind_weights, kind = look(Q[1, :2], K[:, :2], V[:, :2])
feeling_weights, feeling = look(Q[1, 2:], K[:, 2:], V[:, 2:])
for word, a, b in zip(sentence, kind_weights, feeling_weights):
    print(f"{word:7s} kind {a:.3f}   feeling {b:.3f}")

assert np.allclose(kind_weights, [0.108, 0.446, 0.446], atol=5e-4)
assert np.allclose(feeling_weights, [0.894, 0.053, 0.053], atol=5e-4)

# %% [markdown]
# Two questions, two rows of weights, two budgets.
# Now the same columns as *one* head, four columns wide.

# %%
wide_weights, wide = look(Q[1], K, V)
for word, w in zip(sentence, wide_weights):
    print(f"{word:7s} {w:.3f}")

kind_scores, feeling_scores = Q[1, :2] @ K[:, :2].T, Q[1, 2:] @ K[:, 2:].T
assert np.allclose(Q[1] @ K.T, kind_scores + feeling_scores)
assert np.allclose(wide_weights, [0.576, 0.212, 0.212], atol=5e-4)

# %% [markdown]
# So the answer to the prediction is *about .2*.
# A dot product over four columns is the sum of two dot products over two columns.
# One head adds the two scores, and then chooses once: what *love* gains, *phones* loses.
# (Its root is that of 4 columns, so its scores are also a little smaller.)
# Two heads choose twice.
#
# With other matrices the wide head could have kept *phones* at .45.
# What it cannot do is give *apple* two rows of weights.

# %% [markdown]
# ## The whole sentence
#
# Every word asks both questions: first in a loop, one word after the other.

# %%
kinds = [look(Q[i, :2], K[:, :2], V[:, :2]) for i in range(3)]
feelings = [look(Q[i, 2:], K[:, 2:], V[:, 2:]) for i in range(3)]

# %% [markdown]
# Then the matrix line, one head after the other.

# %%
kind_table = Q[:, :2] @ K[:, :2].T / math.sqrt(2)  # (3, 3)
kind_map = np.array([np.exp(row) / np.exp(row).sum() for row in kind_table])
kind_rows = kind_map @ V[:, :2]  # (3, 2)

feeling_table = Q[:, 2:] @ K[:, 2:].T / math.sqrt(2)  # (3, 3)
feeling_map = np.array([np.exp(row) / np.exp(row).sum() for row in feeling_table])
feeling_rows = feeling_map @ V[:, 2:]  # (3, 2)

assert np.allclose(kind_map, [weights for weights, _ in kinds])
assert np.allclose(kind_rows, [mixed for _, mixed in kinds])
assert np.allclose(feeling_map, [weights for weights, _ in feelings])
assert np.allclose(feeling_rows, [mixed for _, mixed in feelings])
print(np.round(kind_map, 3), np.round(feeling_map, 3), sep="\n\n")

# %% [markdown]
# The root is $\sqrt{2}$, because each head is two columns wide.
# In both maps *love* spreads its attention evenly: our matrices give it no question, all its
# scores are 0, and equal scores get equal shares.

# %% tags=["demo"] alt="Two grids of weights for the sentence love apple phones. In the kind head, the row of apple is 0.11, 0.45, 0.45 and the row of phones 0.05, 0.19, 0.77. In the feeling head, the rows of apple and phones have 0.89 on love, and in both heads the row of love is 0.33 everywhere."
fig, axes = plt.subplots(1, 2, figsize=(5.0, 2.5))
for ax, grid, title in zip(axes, [kind_map, feeling_map], ["kind", "feeling"]):
    name = f"{title} head (3, 3)"
    draw_matrix(ax, grid, sentence, sentence, name, colour=PURPLE)
    ax.tick_params(axis="x", rotation=40)
axes[0].set_ylabel("query")
axes[1].set_yticks([])
plt.show()

# %% [markdown]
# *Figure: the weights of both heads.
# Rows ask, columns are looked at, every row sums to 1 in each head.*

# %% [markdown]
# ## $W_O$ brings the heads together
#
# *apple* now has two results of two numbers each.
# Side by side they make a row of four.

# %%
apple_heads = np.array([*kind, *feeling])  # (4,)
print("(tech, fruit, feeling, thing):", np.round(apple_heads, 3))

assert np.allclose(apple_heads, [1.337, 0.446, 0.894, 0.106], atol=6e-4)

# %% [markdown]
# Something is odd.
# The feeling head looked away from all things, so *apple* has nearly lost its *thing*: .106.
# And up to here, no number of one head has met a number of the other.
# One more matrix lets them meet, [$W_O$](glossary.md#W_O), the *output projection*.
#
# $$
# \begin{aligned}
# & \mathrm{MultiHead} \\
# & {} = [\mathrm{head}_1, \dots, \mathrm{head}_h] \, W_O
# \end{aligned}
# $$
#
# Ours sharpens the kind: what is left of the smaller one goes.
# And it restores *thing* from the columns of both heads: what is tech or fruit is a thing.

# %%
W_O = np.array(
    [
        [1.5, -0.5, 0.0, 0.5],  # what tech adds to (tech, fruit, feeling, thing)
        [-0.5, 1.5, 0.0, 0.5],  # what fruit adds
        [0.0, 0.0, 1.0, 0.0],
        [0.0, 0.0, 0.0, 1.0],
    ]
)
apple_new = apple_heads @ W_O
print("apple′ (tech, fruit, feeling, thing):", np.round(apple_new, 3))

assert np.allclose(apple_new, [1.783, 0, 0.894, 0.997], atol=6e-4)

# %% [markdown]
# There is a second way to read the same product.
# The first two rows of $W_O$ belong to the first head, the last two to the second.
# So each head *adds* its own part to the output:
# $\mathrm{head}_1 W_O^{(1)} + \mathrm{head}_2 W_O^{(2)}$.

# %%
part_of_kind = kind @ W_O[:2]  # (4,)
part_of_feeling = feeling @ W_O[2:]  # (4,)
assert np.allclose(part_of_kind + part_of_feeling, apple_new)

output = kind_rows @ W_O[:2] + feeling_rows @ W_O[2:]  # (3, 4), all words at once
assert np.allclose(output[1], apple_new)
print(np.round(output, 3))

# %% [markdown]
# $W_O$ has one more task: widths.
# A head of the first Transformer turns 512 columns into 64, and 64 cannot take the place of 512.
# Eight heads side by side are $8 \times 64 = 512$ columns again; and where the widths differ,
# $W_O$ leads back.
# One of our sources stops at 64, and another leaves $W_O$ out; see
# [*What we changed and why*](errata.py).

# %% [markdown]
# Beside *juice*, the same four matrices do this.

# %%
X_juice = [love, apple, juice]
Q_j, K_j, V_j = (np.array([x @ W for x in X_juice]) for W in (W_Q, W_K, W_V))
_, kind_j = look(Q_j[1, :2], K_j[:, :2], V_j[:, :2])
_, feeling_j = look(Q_j[1, 2:], K_j[:, 2:], V_j[:, 2:])
apple_juice = kind_j @ W_O[:2] + feeling_j @ W_O[2:]
print("apple′ beside phones", np.round(apple_new, 3))
print("apple′ beside juice ", np.round(apple_juice, 3))

assert np.allclose(apple_juice, apple_new[[1, 0, 2, 3]])

# %% tags=["demo"] alt="Map with the axes tech and fruit. From apple at (1, 1) an arrow leads down to apple′ beside phones at (1.8, 0), on the tech axis near phones, and another leads left to apple′ beside juice at (0, 1.8), on the fruit axis near juice. A grey dot at (1.3, 0.4) shows where one head left apple beside phones in chapter 8."
fig, ax = plt.subplots(figsize=(4.2, 4.0))
words = {"love": love, "apple": apple, "phones": phones, "juice": juice}
draw_map(ax, words, moved={"": apple_new[:2], " ": apple_juice[:2]})
ax.text(1.0, -0.24, "apple′ (phones)", fontsize=10)
ax.text(0.42, 1.62, "apple′ (juice)", fontsize=10)
ax.plot(*apple_so_far[:2], "o", color=GREY, markersize=7)
ax.text(1.2, 0.4, "chapter 8", color=INK, fontsize=10, ha="right")
ax.set_title("two heads and $W_O$ move the apple")
plt.show()

# %% [markdown]
# *Figure: the small map once more.
# Two heads and $W_O$ take the apple to the axis of its sentence.
# The matrices were chosen for that: the toy shows what heads can do, not what training finds.*

# %% [markdown]
# ## Do more heads cost more?
#
# Count the numbers in the four matrices.
# With $d_{model} = 512$, compare one head of 512 columns with eight heads of 64.

# %%
for n_heads, d_head in [(1, 512), (8, 64), (64, 8)]:
    n_numbers = 3 * 512 * (n_heads * d_head) + (n_heads * d_head) * 512
    print(f"{n_heads:2d} heads of {d_head:3d} columns: {n_numbers} numbers to learn")
    assert n_numbers == 4 * 512**2

# %% [markdown]
# The columns are shared out, not copied, so more heads have no more numbers to learn.
# What grows is the number of maps, one for each head; chapter 14 counts their bytes.

# %% [markdown]
# ## How the pieces lie in memory
#
# In code, the heads get an axis of their own: from $(n, h \cdot d_{head})$ to
# $(h, n, d_{head})$.
# In this form, the results of our two heads are one array.

# %%
H = np.array([kind_rows, feeling_rows])  # (2, 3, 2): head, word, column
print(H.shape)
print(np.round(H, 3))

# %% [markdown]
# Merging them should give the row of *apple* that we had.
# Here is what a bare `reshape` makes of it.
# The shape is right, and no error is raised.

# %%
bare = H.reshape(3, 4)
print("wanted, row of apple:", np.round(apple_heads, 3))
print("bare reshape, row 1 :", np.round(bare[1], 3))

assert bare.shape == (3, 4)
assert not np.allclose(bare[1], apple_heads)

# %% [markdown]
# A reshape never moves a number: it reads them in the order in which they lie in memory.
# In $(h, n, d_{head})$, all words of the first head come before any word of the second.
# So each row of the bare reshape holds pieces of *different words*.

# %% tags=["demo", "live:merge"] alt="Two grids of three rows and four columns; each cell names the word that its number belongs to, and its colour the head. Right merge: the rows are love, apple and phones, each with two cells of head one and two of head two. Bare reshape: the first row holds love, love, apple, apple of head one, the second phones, phones of head one and love, love of head two, the third apple, apple, phones, phones of head two."
word_of = np.indices((2, 3, 2))[1]  # which word each number of H belongs to
head_of = np.indices((2, 3, 2))[0]
tints = ["#E7C6E7", "#DDDDDD"]
right = [[(t, head) for head in (0, 1) for _ in (0, 1)] for t in range(3)]
wrong = np.stack([word_of, head_of], axis=-1).reshape(3, 4, 2)

fig, axes = plt.subplots(2, 1, figsize=(4.2, 3.9))
titles = ["right merge (3, 4)", "bare reshape (3, 4)"]
for ax, grid, title in zip(axes, [right, wrong], titles):
    for row in range(3):
        for column in range(4):
            word, head = grid[row][column]
            look_of = {"facecolor": tints[head], "edgecolor": INK, "clip_on": False}
            ax.add_patch(plt.Rectangle((column, row), 1, 1, **look_of))
            middle = (column + 0.5, row + 0.5)
            ax.text(*middle, sentence[word], ha="center", va="center")
    ax.set(xlim=(0, 4), ylim=(3, 0), xticks=[], title=title)
    ax.set_yticks([0.5, 1.5, 2.5], ["row 0", "row 1", "row 2"])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
plt.show()

# %% [markdown]
# *Figure: each cell names the word its number belongs to; purple is the first head, grey the
# second.
# In the right merge a row is one word; in the bare reshape it holds pieces of two.*
#
# Between the two lies one step: an axis must change places before the reshape.
# Splitting has the same trap, the other way round.

# %% [markdown]
# ## PyTorch agrees
#
# `nn.MultiheadAttention` is the same layer, with matrices to be learned; we copy ours in.
# PyTorch stores each matrix transposed, and the first three on top of each other.

# %% nbgrader={"grade_id": "multi_head_torch", "locked": true}
import torch
from torch import nn

# %%
layer = nn.MultiheadAttention(
    embed_dim=4, num_heads=2, bias=False, batch_first=True, dtype=torch.float64
)
with torch.no_grad():
    layer.in_proj_weight.copy_(torch.tensor(np.vstack([W_Q.T, W_K.T, W_V.T])))
    layer.out_proj.weight.copy_(torch.tensor(W_O.T))

    x = torch.tensor(X)[None]  # (1, 3, 4): a batch of one sentence
    from_torch, maps = layer(x, x, x, average_attn_weights=False)

print("output", tuple(from_torch.shape), "  weights", tuple(maps.shape))
assert np.allclose(from_torch[0].numpy(), output)
assert np.allclose(maps[0, 0].numpy(), kind_map)
assert np.allclose(maps[0, 1].numpy(), feeling_map)

# %% [markdown]
# Loop, matrix line and library agree on every number.
#
# ## A snippet to read twice
#
# One of our sources shows multi-head attention with a layer of 512 columns and eight heads, and
# feeds it three tensors of random numbers.
# Run it, and look at what it prints.
# What is missing before this can be called *self*-attention?

# %%
torch.manual_seed(0)
mha = nn.MultiheadAttention(embed_dim=512, num_heads=8)
query, key, value = torch.randn(3, 10, 1, 512)  # (10, 1, 512) each
with torch.no_grad():
    theirs, averaged = mha(query, key, value)
    _, per_head = mha(query, key, value, average_attn_weights=False)
    ours, _ = mha(query, query, query)

print("output", tuple(theirs.shape), "weights", tuple(averaged.shape))
print("one map for each head", tuple(per_head.shape))

assert theirs.shape == ours.shape == (10, 1, 512)
assert averaged.shape == (1, 10, 10) and per_head.shape == (1, 8, 10, 10)
assert torch.allclose(averaged, per_head.mean(dim=1), atol=1e-6)

# %% [markdown]
# Queries, keys and values came from three unrelated tensors.
# In self-attention all three are made from one: `mha(x, x, x)`.
# The shapes are the same, so no error tells you.
# And the weights (1, 10, 10) are the mean over eight heads, unless you say
# `average_attn_weights=False`: the mean of two rows is the answer to neither question.
#
# The first axis here is the ten words, and the second the one sentence: that is the layer's
# habit, unless you say `batch_first=True`.
# Mix the two up, and it runs, and words attend across sentences
# ([PyTorch traps](pytorch_traps.py) shows it).

# %% [markdown]
# ## A common mistake
#
# > **"Head 1 does syntax, head 2 does meaning, head 3 does long distances."**
# > Nobody assigns a role to a head.
# > All start from random numbers, and training changes all of them at once.
# > Even the *order* of the heads means nothing: exchange two heads, with their columns of
# > $W_Q, W_K, W_V$ and their rows of $W_O$, and the layer computes the same output.

# %%
exchanged = [2, 3, 0, 1]  # the feeling head first
with torch.no_grad():
    blocks = [W_Q[:, exchanged].T, W_K[:, exchanged].T, W_V[:, exchanged].T]
    layer.in_proj_weight.copy_(torch.tensor(np.vstack(blocks)))
    layer.out_proj.weight.copy_(torch.tensor(W_O[exchanged].T))
    again, _ = layer(x, x, x)

print("largest difference:", float((again - from_torch).abs().max()))
assert np.allclose(again[0].numpy(), output)

# %% [markdown]
# In trained models, some heads do follow a pattern that has a name, such as *the next word* or
# *the verb of this object*; many have none that anybody has found.
# And many can be taken away after training with little loss (Michel and others, below).
# The names of *our* two heads were put there by hand.
# Two of our sources list roles as if they were given out; a third says *might*, which is right.
# See [*What we changed and why*](errata.py).
#
# > **"A reshape is a transpose."**
# > Both can turn (2, 3) into (3, 2).
# > A transpose moves the numbers along; a reshape cuts the same long line at other places.

# %%
line = np.arange(6).reshape(2, 3)
print(line.T, line.reshape(3, 2), sep="\n\n")

assert line.T.shape == line.reshape(3, 2).shape
assert not np.array_equal(line.T, line.reshape(3, 2))

# %% [markdown]
# ## Exercise: `split_heads`
#
# *Difficulty:* 2 of 5. *Time:* 8 minutes. *Points:* 4.
#
# We cut two heads out by hand, `Q[:, :2]` and `Q[:, 2:]`, from one sentence.
# Write the general cut: any number of heads, any number of batch axes in front.
# Head 0 gets the first columns of every word, head 1 the next ones, and so on.
#
# <details><summary>Hint 1: how wide is a head?</summary>
#
# `width // n_heads` columns.
# You may take it for granted that the division leaves nothing over.
#
# </details>
#
# <details><summary>Hint 2: from one axis, two</summary>
#
# A reshape may cut the last axis into two, heads and columns of a head.
# In which order do they lie in memory, when the columns of a head lie side by side?
#
# </details>
#
# <details><summary>Hint 3: a plan in two lines</summary>
#
# Cut the last axis in two, so that there is (…, word, head, column).
# Then let two axes change places, named from the end, so that a batch does no harm.
#
# </details>


# %% nbgrader={"grade_id": "split_heads", "solution": true}
# exercise: split_heads
def split_heads(X, n_heads):
    """Give every head its own columns of every word.

    X: (..., n, h * d_head) rows of words; not changed.
    n_heads: h, the number of heads.
    Returns (..., h, n, d_head), with the dtype of X.
    """
    ### BEGIN SOLUTION
    *batch, n_tokens, width = X.shape
    pieces = X.reshape(*batch, n_tokens, n_heads, width // n_heads)
    return np.swapaxes(pieces, -3, -2)
    ### END SOLUTION


# %% nbgrader={"grade_id": "split_heads_of_one_sentence", "points": 2}
table = np.array([[0.0, 1.0, 2.0, 3.0], [10.0, 11.0, 12.0, 13.0]])
try:
    heads = split_heads(table, 2)
except NotImplementedError:
    raise NotImplementedError(
        "Fill in split_heads in the cell above, then run both cells"
    ) from None

assert heads is not None, "split_heads returned None: is there a `return`?"
assert heads.shape == (2, 2, 2), (
    f"Expected (heads, words, columns) = (2, 2, 2), got {heads.shape}"
)
assert heads[0].tolist() != [[0, 1], [2, 3]], (
    "The reshape alone cuts the words apart: head 0 needs 0, 1 and 10, 11"
)
assert heads[0].tolist() == [[0, 1], [10, 11]], "Head 0 gets the first columns of all"
assert heads[1].tolist() == [[2, 3], [12, 13]], "Head 1 gets the next columns of all"
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("split_heads", split_heads, "two_heads", "any_number_of_heads")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "split_heads_of_a_batch", "points": 2}
two_sentences = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
heads = split_heads(two_sentences, 2)
assert heads.shape == (2, 2, 3, 2), (
    f"Expected (sentences, heads, words, columns) = (2, 2, 3, 2), got {heads.shape}"
)
assert np.array_equal(heads[1], split_heads(two_sentences[1], 2)), (
    "A sentence in a batch should be split as it is alone"
)
assert heads.dtype == np.float32, "float32 rows should give float32 heads"
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("split_heads", split_heads, "small_and_square", "batch_axes")
require("split_heads", split_heads, "keeps_dtype", "leaves_its_input_alone")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise: `concat_heads`
#
# *Difficulty:* 2 of 5. *Time:* 5 minutes. *Points:* 4.
#
# The way back: put the results of all heads side by side, one row for each word.
# For every array, `concat_heads(split_heads(X, h))` gives X again.
#
# <details><summary>Hint 1: think backwards</summary>
#
# `split_heads` took two steps.
# Undo the second one first.
#
# </details>
#
# <details><summary>Hint 2: what must lie side by side?</summary>
#
# A reshape melts neighbouring axes into one.
# Heads and columns of a head are to be melted; are they neighbours?
#
# </details>
#
# <details><summary>Hint 3: a plan in two lines</summary>
#
# Let words and heads change places.
# Then melt the last two axes into one of `n_heads * d_head`.
#
# </details>


# %% nbgrader={"grade_id": "concat_heads", "solution": true}
# exercise: concat_heads
def concat_heads(H):
    """Put the results of all heads side by side, one row for each word.

    H: (..., h, n, d_head); not changed.
    Returns (..., n, h * d_head), with the dtype of H.
    """
    ### BEGIN SOLUTION
    *batch, n_heads, n_tokens, d_head = H.shape
    return np.swapaxes(H, -3, -2).reshape(*batch, n_tokens, n_heads * d_head)
    ### END SOLUTION


# %% nbgrader={"grade_id": "concat_heads_of_one_sentence", "points": 2}
two_heads = np.array([[[0.0, 1.0], [10.0, 11.0]], [[2.0, 3.0], [12.0, 13.0]]])
try:
    rows = concat_heads(two_heads)
except NotImplementedError:
    raise NotImplementedError(
        "Fill in concat_heads in the cell above, then run both cells"
    ) from None

assert rows is not None, "concat_heads returned None: is there a `return`?"
assert rows.shape == (2, 4), (
    f"Expected (words, heads * columns) = (2, 4), got {rows.shape}"
)
assert rows[0].tolist() != [0, 1, 10, 11], (
    "The heads are merged without the transpose: row 0 holds pieces of two words"
)
assert rows[0].tolist() != [0, 2, 1, 3], "The heads are interleaved"
assert rows.tolist() == [[0, 1, 2, 3], [10, 11, 12, 13]], (
    "A word's row is its result from the first head, then its result from the second"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("concat_heads", concat_heads, "two_heads", "any_number_of_heads")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "concat_heads_of_a_batch", "points": 2}
H_batch = np.arange(24, dtype=np.float32).reshape(2, 2, 3, 2)
rows = concat_heads(H_batch)
assert rows.shape == (2, 3, 4), (
    f"Expected (sentences, words, columns) = (2, 3, 4), got {rows.shape}"
)
assert np.array_equal(rows[1], concat_heads(H_batch[1])), (
    "A sentence in a batch should be merged as it is alone"
)
assert rows.dtype == np.float32, "float32 heads should give float32 rows"
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("concat_heads", concat_heads, "small_and_square", "batch_axes")
require("concat_heads", concat_heads, "keeps_dtype", "leaves_its_input_alone")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise: `multi_head_attention`
#
# *Difficulty:* 4 of 5. *Time:* 20 minutes. *Points:* 10.
#
# Now all of it, for any number of heads and any batch: project, split, attend in each head,
# merge, and let $W_O$ mix.
#
# Bring your own functions: `split_heads` and `concat_heads` are above, your softmax is in
# chapter 4 and your attention in chapter 8.
# Copy what you need into the answer cell, so that this notebook stands on its own.
#
# A [mask](glossary.md#mask) says which keys a query may attend to: True means *may*.
# It has the axes (…, queries, keys), as in chapter 8, and none for the heads.
#
# <details><summary>Hint 1: what does each head see?</summary>
#
# Multiply X by the three matrices, and split the three results.
# From then on, the axis of the heads is one more batch axis: scores and softmax need no loop.
#
# </details>
#
# <details><summary>Hint 2: the scale and the mask</summary>
#
# Each head is d_head columns wide, and so the scores are divided by its root.
# Scores are (…, h, n, n) and a mask is (…, n, n): one axis has to be put in, at the right
# place.
# A score that may not count becomes minus infinity *before* the softmax.
#
# </details>
#
# <details><summary>Hint 3: a plan in five lines</summary>
#
# Q, K, V split into heads; scores, scaled; the mask; softmax along the keys; weights times
# values.
# Then merge, multiply by $W_O$, and return the output and the weights, in this order.
#
# </details>


# %% nbgrader={"grade_id": "multi_head_attention", "solution": true}
# exercise: multi_head_attention
def multi_head_attention(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """Let every word ask n_heads questions at once.

    X: (..., n, d_model) rows of words, floats or whole numbers.
    W_Q, W_K, W_V: (d_model, h * d_head); head 0 owns the first d_head columns.
    W_O: (h * d_head, d_model).
    mask: (..., n, n), (..., 1, n) or None; True where a query may attend to a key.
    Returns (output, weights): (..., n, d_model) and (..., h, n, n).
    """
    ### BEGIN SOLUTION
    Q, K, V = (split_heads(X @ W, n_heads) for W in (W_Q, W_K, W_V))
    scores = Q @ np.swapaxes(K, -1, -2) / math.sqrt(Q.shape[-1])
    if mask is not None:
        scores = np.where(mask[..., None, :, :], scores, -np.inf)
    strengths = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = strengths / strengths.sum(axis=-1, keepdims=True)
    return concat_heads(weights @ V) @ W_O, weights
    ### END SOLUTION


# %% nbgrader={"grade_id": "multi_head_example", "locked": true}
# The sentences and matrices of this chapter, once more: the tests below use them.
words_phones = np.array([[0.0, 0, 1, 0], [1, 1, 0, 1], [2, 0, 0, 1]])  # (3, 4)
words_juice = np.array([[0.0, 0, 1, 0], [1, 1, 0, 1], [0, 2, 0, 1]])
to_query = np.array([[1.0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 4, 0]])
to_key, to_value = np.diag([1.0, 1.0, 1.0, 0.0]), np.eye(4)
to_output = np.array(
    [[1.5, -0.5, 0, 0.5], [-0.5, 1.5, 0, 0.5], [0, 0, 1, 0], [0, 0, 0, 1]]
)
matrices = to_query, to_key, to_value, to_output

# %% nbgrader={"grade_id": "multi_head_attention_weights", "points": 2}
try:
    answer = multi_head_attention(words_phones, *matrices, 2)
except NotImplementedError:
    raise NotImplementedError(
        "Fill in the three exercises above, then run their cells and this one"
    ) from None

assert isinstance(answer, tuple | list) and len(answer) == 2, (
    "Two results are asked for: the output and the weights"
)
assert answer[1].shape == (2, 3, 3), (
    f"Expected weights (heads, queries, keys) = (2, 3, 3), got {answer[1].shape}"
)
assert np.allclose(answer[1].sum(axis=-1), 1), "Each row of each head should sum to 1"
assert np.allclose(answer[1][:, 0], 1 / 3), "All scores of love are 0: equal shares"
apple_rows = [[0.108, 0.446, 0.446], [0.894, 0.053, 0.053]]
assert np.allclose(answer[1][:, 1], apple_rows, atol=6e-4), (
    "Expected apple's weights of the story: check the split, the root, the softmax"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

mha_answer = multi_head_attention
require(
    "multi_head_attention", mha_answer, "weights_of_one_head", "weights_of_each_head"
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "multi_head_attention_output", "points": 3}
answer = multi_head_attention(words_phones, *matrices, 2)
assert answer[0].shape == (3, 4), f"Expected the output (3, 4), got {answer[0].shape}"
assert not np.allclose(answer[0][1], [1.337, 0.446, 0.894, 0.106], atol=1e-3), (
    "W_O is forgotten"
)
assert np.allclose(answer[0][1], [1.783, 0, 0.894, 0.997], atol=1e-3), (
    "The heads stand side by side, in order, before W_O mixes them: this is not apple′"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

mha_answer = multi_head_attention
require("multi_head_attention", mha_answer, "output_of_one_head", "output_of_all_heads")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "multi_head_attention_batches", "points": 2}
pair = np.stack([words_phones, words_juice])  # (2, 3, 4)
both = multi_head_attention(pair, *matrices, 2)
assert both[1].shape == (2, 2, 3, 3), (
    "Expected weights (sentences, heads, queries, keys) = (2, 2, 3, 3),"
    f" got {both[1].shape}"
)
assert np.allclose(both[0][0], multi_head_attention(words_phones, *matrices, 2)[0]), (
    "A sentence in a batch should come out as it does alone"
)
assert np.allclose(both[0][1, 1], [0, 1.783, 0.894, 0.997], atol=1e-3), (
    "Leading batch axes stay in front: the second sentence is off"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("multi_head_attention", multi_head_attention, "equal_sizes", "batch_axes")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "multi_head_attention_masks", "points": 2}
no_love = np.array([[False, True, True]])  # nobody may attend to love
hidden = multi_head_attention(words_phones, *matrices, 2, mask=no_love)[1]
assert np.allclose(hidden.sum(axis=-1), 1), (
    "The weights are multiplied by the mask after the softmax"
)
assert np.all(hidden[:, :, 0] == 0), (
    "A hidden word still gets a share: minus infinity, not 0, hides a score"
)
assert np.allclose(hidden[1, 1], [0, 0.5, 0.5]), (
    "With love hidden, apple and phones should share the second head's budget: .5, .5"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

mha_answer = multi_head_attention
require(
    "multi_head_attention", mha_answer, "mask_of_one_sentence", "mask_of_each_sentence"
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "multi_head_attention_good_manners", "points": 1}
single = [A.astype(np.float32) for A in (words_phones, *matrices)]
answer = multi_head_attention(*single, 2)
assert answer[0].dtype == np.float32, "float32 in, float32 out: is there an `np.sqrt`?"
assert answer[1].dtype == np.float32, "The weights should be float32 too"
assert np.array_equal(single[1], to_query), (
    "The function changed its input: the caller's W_Q"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("multi_head_attention", multi_head_attention, "large_scores", "keeps_dtype")
require("multi_head_attention", multi_head_attention, "whole_numbers")
require("multi_head_attention", multi_head_attention, "leaves_its_inputs_alone")
### END HIDDEN TESTS

# %% [markdown] recall="CABB"
# ## Recall
#
# Choose an answer to see what is right or wrong with it.
#
# **1. Why can one wide head not do what two heads do?**
#
# <details><summary>A. It has fewer numbers to learn</summary>
#
# No. The four matrices have the same size in both cases.
#
# </details>
#
# <details><summary>B. It cannot see all the words</summary>
#
# No. Every head sees all words of the sentence.
#
# </details>
#
# <details><summary>C. It takes one softmax for each word</summary>
#
# Yes. It adds up the scores of all its columns and then chooses once: one row of weights.
#
# </details>
#
# **2. A layer has d_model = 512 and eight heads of 64 columns. By what are the scores divided?**
#
# <details><summary>A. 8</summary>
#
# Yes. It is the root of 64, the width of one head. That there are also eight heads is an
# accident.
#
# </details>
#
# <details><summary>B. 22.6</summary>
#
# No. That is the root of 512, the width of all heads together; a dot product of one head adds
# up 64 products.
#
# </details>
#
# <details><summary>C. 64</summary>
#
# No. That is the width of a head; the square root is missing.
#
# </details>
#
# **3. H has the shape (8, 10, 64). What does H.reshape(10, 512) give?**
#
# <details><summary>A. An error</summary>
#
# No. The number of numbers fits, so it runs; that is what makes it a trap.
#
# </details>
#
# <details><summary>B. Rows that mix different words</summary>
#
# Yes. The first row holds eight words of head 0. Words and heads must change places first.
#
# </details>
#
# <details><summary>C. One row for each word, the heads side by side</summary>
#
# No. It has the shape of that, and other contents.
#
# </details>
#
# **4. Who decides that a head looks at feelings?**
#
# <details><summary>A. Whoever writes the model, by numbering the heads</summary>
#
# No. Exchanging two heads changes nothing in the output, so the number carries no role.
#
# </details>
#
# <details><summary>B. Training, if at all</summary>
#
# Yes. What a head looks at comes from its learned columns, and many heads follow no pattern
# that has a name.
#
# </details>
#
# <details><summary>C. The words of the sentence</summary>
#
# No. They decide the weights in this sentence; what the head asks for is in its matrices.
#
# </details>

# %% [markdown]
# ## Recap
#
# - A head is a strip of columns of $Q$, $K$ and $V$ with a softmax of its own.
# - One head is one budget; two heads are two, with no more numbers to learn.
# - Side by side and times $W_O$, or each head times its rows of $W_O$ and added: it is the same.
# - Split: reshape, then swap. Merge: swap, then reshape. A bare reshape mixes the words, and
#   raises no error.
# - `nn.MultiheadAttention` averages the weights and takes words first, unless you say otherwise.
#
# **What you have now:** `split_heads`, `concat_heads`, `multi_head_attention`.
# **Next:** [chapter 10](10_masks.py) asks what a GPT has read when it reads *apple*.

# %% [markdown]
# ## References
#
# - A. Vaswani and others, [*Attention Is All You Need*](https://arxiv.org/abs/1706.03762), 2017:
#   section 3.2.2 is multi-head attention.
# - P. Michel, O. Levy, G. Neubig, [*Are Sixteen Heads Really Better than
#   One?*](https://arxiv.org/abs/1905.10650), 2019: many heads can be taken away after training.
# - K. Clark and others, [*What Does BERT Look At?*](https://arxiv.org/abs/1906.04341), 2019: heads
#   with a pattern that has a name, and heads without.
# - [`torch.nn.MultiheadAttention`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html):
#   its arguments, read with this chapter's traps in mind.
