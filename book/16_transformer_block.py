# %% [markdown]
# # 16. The block
#
# **Where does it sit, and what comes next?**
#
# *Time:* 60 minutes. *Difficulty:* 4 of 5.
#
# After this chapter you can
#
# - name the four parts of a Transformer block, and say what each is for,
# - show what happens to the words of a sentence when attention is stacked alone,
# - assemble an encoder block from your own functions, equal to PyTorch's,
# - choose where to go from here.
#
# [Chapter 15](15_real_transformer.py) watched *apple* on its way through six layers of a real model.
# In each of them attention was only the first half.
# This chapter builds the other half, and closes the book.

# %% nbgrader={"grade_id": "transformer_block_setup", "locked": true}
import math

import numpy as np

rng = np.random.default_rng(0)

# %% tags=["demo"]
from figures.style import *

# %% [markdown]
# The last number of the running example, once more:
# *apple* in "love apple phones", after scaled attention with Q = K = V = X.

# %%
sentence = ["love", "apple", "phones"]
X = np.array(
    [[0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [2.0, 0.0, 0.0]]
)  # (tech, fruit, feeling)
apple = X[1]

strengths = np.exp(apple @ X.T / math.sqrt(3))
apple_attended = strengths / strengths.sum() @ X  # (3,)
print("apple ", apple, "  apple′", np.round(apple_attended, 3))

assert np.allclose(apple_attended, [1.296, 0.432, 0.136], atol=5e-4)

# %% [markdown]
# ## Predict first
#
# > **Your guess, before you run anything.**
# > A block of the first Transformer has words of 512 numbers, 8 heads, and beside attention a
# > *feed-forward* part.
# > What share of the block's learned numbers belongs to attention: about nine tenths, about a
# > half, or about a third?
#
# Write the guess down.
# *A common mistake*, below, counts them.

# %% [markdown]
# ## Attention alone makes all words alike
#
# Each output of attention is a mixture.
# What happens when mixtures are mixed again, and again?
# Here is attention stacked on itself, by the library, with Q = K = V.

# %% nbgrader={"grade_id": "transformer_block_torch", "locked": true}
import torch
import torch.nn.functional as F
from torch import nn

# %%
alone = torch.tensor(X)[None]  # (1, 3, 3)
kept = torch.tensor(X)[None]
for layer in range(1, 13):
    alone = F.scaled_dot_product_attention(alone, alone, alone)
    kept = kept + F.scaled_dot_product_attention(kept, kept, kept)
    if layer in [1, 2, 4, 12]:
        gap = (alone[0, 0] - alone[0, 1]).abs().max()
        print(f"layer {layer:2d}   love and apple differ by {gap:.4f}", end="")
        print(f"   longest word, with residual: {kept.norm(dim=-1).max():8.1f}")

assert gap < 1e-4
assert not torch.allclose(kept[0, 0], kept[0, 1])

# %% [markdown]
# After four rounds *love* and *apple* are the same vector, to all four digits shown.
# Everything has been averaged away.
# The cure is the **residual**: attention does not *replace* a word, it *adds* to it.
#
# $$
# x \;\leftarrow\; x + \text{attention}(x)
# $$
#
# Then a word keeps what it was.
# The last column shows the price: the numbers grow with every layer.

# %% [markdown]
# ## Layer norm: keep the size in hand
#
# A **layer norm** takes one word and moves its numbers so that their mean is 0 and their spread
# is 1.
# Then it multiplies each by a learned *gain* and adds a learned *shift*, so that the model may
# choose another size.
# One number after the other:

# %%
added = [float(a + b) for a, b in zip(apple, apple_attended)]

mean = sum(added) / 3
variance = sum((number - mean) ** 2 for number in added) / 3
normalised = [(number - mean) / math.sqrt(variance + 1e-5) for number in added]
print("apple + apple′   ", np.round(added, 3))
print("after layer norm ", np.round(normalised, 3))

assert math.isclose(sum(normalised), 0, abs_tol=1e-12)

# %% [markdown]
# The small number $10^{-5}$ keeps the division safe when all numbers of a word are alike.
# Now in a line, and by the library.

# %%
word = apple + apple_attended  # (3,)
in_a_line = (word - word.mean()) / math.sqrt(word.var() + 1e-5)
by_torch = F.layer_norm(torch.tensor(word), (3,))

assert np.allclose(in_a_line, normalised)
assert np.allclose(by_torch.numpy(), normalised)

# %% [markdown]
# It looks at *one word only*, over its own numbers.
# So a long sentence and its neighbours in the batch change nothing.
# Large words come out as small ones do: multiply the word by 100, and the norm hardly notices.

# %%
hundredfold = F.layer_norm(torch.tensor(100 * word), (3,))
print(np.round(hundredfold.numpy(), 3))

assert np.allclose(hundredfold, normalised, atol=1e-4)

# %% [markdown]
# ## Feed-forward: each word by itself
#
# Attention carries things from word to word, and what it carries is a mixture: a sum of values.
# Somebody has to *conclude*.
# The **feed-forward** part takes one word, makes it wider with a matrix, sets all negative
# numbers to 0 (that is a **ReLU**), and makes it narrow again.
#
# $$
# \begin{aligned}
# & \text{feed-forward}(x) \\
# & {} = \max(0,\; x W_1 + b_1)\, W_2 + b_2
# \end{aligned}
# $$
#
# Here are two hidden numbers, made by hand.
# One asks "clearly more tech than fruit?", the other "clearly more fruit than tech?".

# %%
W_1 = np.array([[1.0, -1.0], [-1.0, 1.0], [0.0, 0.0]])  # (3, 2)
b_1 = np.array([-0.5, -0.5])
W_2 = np.array([[2.0, 0.0, 0.0], [0.0, 2.0, 0.0]])  # (2, 3)
b_2 = np.zeros(3)

apple_with_juice = np.array([0.432, 1.296, 0.136])  # the mirror image, from chapter 8
for label, x in [
    ("apple alone ", apple),
    ("with phones ", apple_attended),
    ("with juice  ", apple_with_juice),
]:
    hidden = [max(0.0, float(x @ W_1[:, j] + b_1[j])) for j in range(2)]
    out = np.array(hidden) @ W_2 + b_2
    print(
        label, np.round(x, 2), "  hidden", np.round(hidden, 3), "  adds", out.round(3)
    )

    line = np.maximum(0, x @ W_1 + b_1) @ W_2 + b_2
    library = F.linear(
        torch.relu(F.linear(*map(torch.tensor, (x, W_1.T, b_1)))), torch.tensor(W_2.T)
    )
    assert np.allclose(line, out) and np.allclose(library.numpy(), out)

# %% [markdown]
# Alone, *apple* sets off neither.
# Beside *phones* the first one fires and pushes apple′ further to the tech side, beside *juice*
# the second one pushes it to fruit.
# Attention fetched the hint; the feed-forward part drew the conclusion.
#
# This toy was made by hand. It does not show that a trained model has such tidy numbers.
#
# Without the ReLU there would be nothing to conclude with: two matrices in a row are one matrix.

# %%
W_both = W_1 @ W_2  # (3, 3)
b_both = b_1 @ W_2 + b_2

assert np.allclose((apple @ W_1 + b_1) @ W_2 + b_2, apple @ W_both + b_both)

# %% [markdown]
# ## One word through one block
#
# Now put the parts in a row, as in the first Transformer: attention, add, normalise;
# feed-forward, add, normalise.
# Here is the way of *apple*, with one head, plain matrices and no gains.

# %%
stations = {"apple comes in": apple}
stations["attention says"] = apple_attended
stations["added"] = apple + apple_attended
middle = (stations["added"] - word.mean()) / math.sqrt(word.var() + 1e-5)
stations["normalised"] = middle
stations["feed-forward says"] = np.maximum(0, middle @ W_1 + b_1) @ W_2 + b_2
stations["added again"] = middle + stations["feed-forward says"]
late = stations["added again"]
stations["apple goes out"] = (late - late.mean()) / math.sqrt(late.var() + 1e-5)

for station, vector in stations.items():
    print(f"{station:18s}", np.round(vector, 3))

# %% [markdown]
# PyTorch has the whole block under one name.
# We set its matrices to ours and compare the row of *apple*.
# `nn.Linear` keeps its matrix transposed, (columns out, columns in).

# %%
block = nn.TransformerEncoderLayer(3, 1, dim_feedforward=2, batch_first=True)
block = block.double().eval()  # eval: no dropout
with torch.no_grad():
    block.self_attn.in_proj_weight.copy_(torch.eye(3).repeat(3, 1))
    block.self_attn.out_proj.weight.copy_(torch.eye(3))
    for linear, W, b in [(block.linear1, W_1, b_1), (block.linear2, W_2, b_2)]:
        linear.weight.copy_(torch.tensor(W.T))
        linear.bias.copy_(torch.tensor(b))
    outputs = block(torch.tensor(X)[None])[0]  # (3, 3)

print("PyTorch says      ", np.round(outputs[1].numpy(), 3))
assert np.allclose(outputs[1].numpy(), stations["apple goes out"])

# %% tags=["demo"] alt="Flow from bottom to top. X goes into multi-head attention; a purple line leads around it; both meet in a plus sign, then layer norm. The result goes into feed-forward, again with a purple line around it, a plus sign and a layer norm. Beside each part stands how many learned numbers it has when words have 512 numbers."
fig, ax = plt.subplots(figsize=(4.6, 5.4))
ax.set(xlim=(0, 10), ylim=(0, 13.4))
ax.axis("off")
for y, text, count, colour in [
    (2.6, "multi-head attention", "1 050 624", INK),
    (5.6, "layer norm", "1 024", GREY),
    (7.7, "feed-forward, ReLU", "2 099 712", INK),
    (10.7, "layer norm", "1 024", GREY),
]:
    box = {"facecolor": "white", "edgecolor": colour, "linewidth": 1.8, "pad": 6}
    ax.text(4.4, y, text, ha="center", va="center", bbox=box)
    ax.text(8.3, y, count, ha="left", va="center", fontsize=10, color=GREY)
for low, high in [(0.9, 2.1), (3.1, 3.8), (4.5, 5.1), (6.1, 7.2), (8.2, 8.9)]:
    ax.annotate("", (4.4, high), (4.4, low), arrowprops={"arrowstyle": "->"})
for low, high in [(9.6, 10.2), (11.2, 12.3)]:
    ax.annotate("", (4.4, high), (4.4, low), arrowprops={"arrowstyle": "->"})
for low, plus in [(1.4, 4.15), (6.6, 9.25)]:
    ax.plot([4.4, 0.6, 0.6, 4.0], [low, low, plus, plus], color=COLOURS["apple"])
    ax.text(4.4, plus, "+", ha="center", va="center", fontsize=16)
ax.text(4.4, 0.4, "X: n words", ha="center", va="center")
ax.text(4.4, 12.8, "n new words", ha="center", va="center")
ax.text(8.3, 12.8, "numbers", color=GREY, fontsize=10, va="center")
plt.show()

# %% [markdown]
# *Figure: one block.
# The purple lines are the residuals: a word can pass a whole block and be only added to.
# The numbers at the side are for words of 512 numbers.*
#
# The page [*The whole mechanism on one page*](whole_mechanism.py) shows what is inside the
# first box.

# %% [markdown]
# ## A common mistake
#
# > **"Attention is the Transformer."**
# > It is the only part in which words meet.
# > It is neither the larger part nor, alone, a part that can be stacked.

# %%
vaswani = nn.TransformerEncoderLayer(512, 8, dim_feedforward=2048)
sizes = {"attention": 0, "feed-forward": 0, "norms": 0}
for name, parameter in vaswani.named_parameters():
    part = {"self": "attention", "line": "feed-forward", "norm": "norms"}[name[:4]]
    sizes[part] += parameter.numel()
total = sum(sizes.values())
for part, size in sizes.items():
    print(f"{part:12s} {size:9,d}   {size / total:.3f}")

assert sizes == {"attention": 1_050_624, "feed-forward": 2_099_712, "norms": 2_048}
assert 0.33 < sizes["attention"] / total < 0.34

# %% [markdown]
# One third: that is the answer to the prediction.
# The other two thirds treat each word by itself.
# And the two need each other.
# Without attention, *apple* never hears of *phones*:

# %%
torch.manual_seed(0)
with torch.no_grad():
    deaf = nn.TransformerEncoderLayer(3, 1, dim_feedforward=2, batch_first=True)
    deaf = deaf.double().eval()
    deaf.self_attn.out_proj.weight.zero_()
    juice = torch.tensor([[0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [0.0, 2.0, 0.0]])
    beside_phones = deaf(torch.tensor(X)[None])[0, 1]
    beside_juice = deaf(juice.double()[None])[0, 1]

assert torch.allclose(beside_phones, beside_juice)
print("with attention silent, apple′ in both sentences:", beside_juice.numpy().round(3))

# %% [markdown]
# ## Variations you will meet
#
# | | first Transformer, encoder | BERT, MiniLM (chapter 15) | GPT-2 |
# |---|---|---|---|
# | norm | after adding (*post-norm*) | after adding | before each part (*pre-norm*) |
# | curve | ReLU | GELU | GELU |
# | mask | padding | padding | causal |
# | positions | sinusoids | learned | learned |
#
# A **pre-norm** block normalises what goes *into* a part, and leaves the purple line free from
# end to end.
# Deep stacks are then easier to train (Xiong and others).
# Newer models change a detail in nearly every row, and keep the picture.

# %%
torch.manual_seed(0)
post = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True).eval()
torch.manual_seed(0)
pre = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True, norm_first=True).eval()
some_words = torch.randn(1, 5, 8)
with torch.no_grad():
    outputs_post, outputs_pre = post(some_words), pre(some_words)

assert not torch.allclose(outputs_post, outputs_pre)
assert torch.allclose(outputs_post.mean(dim=-1), torch.zeros(1, 5), atol=1e-6)
print("means of the words, post-norm:", outputs_post.mean(dim=-1)[0].numpy().round(3))
print("means of the words, pre-norm: ", outputs_pre.mean(dim=-1)[0].numpy().round(3))

# %% [markdown]
# ## Exercise: `encoder_block`, the capstone
#
# *Difficulty:* 4 of 5. *Time:* 25 minutes. *Points:* 15.
#
# We followed *one word, one sentence, one head*.
# Assemble the whole block from your own functions, so that it equals
# `nn.TransformerEncoderLayer` in eval mode, with its defaults: post-norm and ReLU.
# Paste what you need from chapters 4, 8 and 9 into the answer cell, above `encoder_block`:
# chapters do not know of each other.
#
# The parameters come in four groups, in the order in which a word meets them.
# All matrices are used as in the rest of the book, `x @ W`.
# Attention has a bias for each matrix, as in chapter 15.
#
# <details><summary>Hint 1: start with silent parts</summary>
#
# The tests go from simple to whole.
# First write a block that only adds and normalises, twice.
# Then put in the feed-forward part, and attention last.
#
# </details>
#
# <details><summary>Hint 2: the biases of attention</summary>
#
# Your `multi_head_attention` of chapter 9 makes Q, K and V by three products.
# Add the bias to each before the heads are split, and the last bias after W_O.
#
# </details>
#
# <details><summary>Hint 3: the layer norm</summary>
#
# Write it as a small function of a word, a gain and a shift.
# Mean and variance run over the last axis and keep it.
# The 1e-5 goes to the variance, before the root.
#
# </details>


# %% nbgrader={"grade_id": "encoder_block", "solution": true}
# exercise: encoder_block
def encoder_block(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """One block of a Transformer encoder: post-norm, ReLU, no dropout.

    X: (..., n, d_model), a word per row; not changed.
    attention: (W_Q, b_Q, W_K, b_K, W_V, b_V, W_O, b_O), matrices (d_model, d_model),
        biases (d_model,); each head has d_model / n_heads columns.
    norm_1: (gain, shift), each (d_model,), of the norm after attention.
    feed_forward: (W_1, b_1, W_2, b_2), of shapes (d_model, d_ff), (d_ff,),
        (d_ff, d_model) and (d_model,).
    norm_2: (gain, shift), each (d_model,), of the norm after the feed-forward part.
    mask: None, or True where a query may attend, at least two axes, broadcast to
        (..., n, n); no axis for heads.
    Returns an array of the shape of X. Both norms add 1e-5 to the variance.
    Source: Vaswani and others, 2017, section 3.1.
    """
    ### BEGIN SOLUTION
    W_Q, b_Q, W_K, b_K, W_V, b_V, W_O, b_O = attention
    W_1, b_1, W_2, b_2 = feed_forward

    def norm(x, gain, shift):
        centred = x - x.mean(axis=-1, keepdims=True)
        variance = (centred**2).mean(axis=-1, keepdims=True)
        return centred / np.sqrt(variance + 1e-5) * gain + shift

    def heads(W, b):
        H = (X @ W + b).reshape(*X.shape[:-1], n_heads, -1)
        return np.swapaxes(H, -2, -3)  # (..., h, n, d_head)

    Q, K, V = heads(W_Q, b_Q), heads(W_K, b_K), heads(W_V, b_V)
    scores = Q @ np.swapaxes(K, -1, -2) / math.sqrt(Q.shape[-1])
    if mask is not None:
        scores = np.where(np.expand_dims(mask, -3), scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    merged = np.swapaxes(weights @ V, -2, -3).reshape(X.shape)
    Y = norm(X + merged @ W_O + b_O, *norm_1)
    return norm(Y + np.maximum(Y @ W_1 + b_1, 0) @ W_2 + b_2, *norm_2)
    ### END SOLUTION


# %% nbgrader={"grade_id": "encoder_block_first_look", "points": 1}
def parameters_of(layer):
    """The four groups of an `nn.TransformerEncoderLayer`, as `x @ W` wants them."""
    W = layer.self_attn.in_proj_weight.detach().numpy().T  # (d, 3 d)
    b = layer.self_attn.in_proj_bias.detach().numpy()  # (3 d,)
    qkv = [p for pair in zip(np.split(W, 3, axis=1), np.split(b, 3)) for p in pair]
    linears = [layer.self_attn.out_proj, layer.linear1, layer.linear2]
    rest = [p.detach().numpy().T for linear in linears for p in linear.parameters()]
    norms = [
        tuple(p.detach().numpy() for p in n.parameters())
        for n in (layer.norm1, layer.norm2)
    ]
    return tuple(qkv + rest[:2]), norms[0], tuple(rest[2:]), norms[1]


three = np.array([[0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [2.0, 0.0, 0.0]])  # apple: row 1
small = nn.TransformerEncoderLayer(3, 1, dim_feedforward=2, batch_first=True)
small = small.double().eval()
try:
    new_words = encoder_block(three, *parameters_of(small), 1)
except NotImplementedError:
    raise NotImplementedError(
        "Fill in encoder_block in the cell above, then run both cells"
    ) from None

assert new_words is not None, "encoder_block returned None: is there a `return`?"
assert isinstance(new_words, np.ndarray), "Return one array of the shape of X"
assert new_words.shape == (3, 3), f"Expected the shape (3, 3), got {new_words.shape}"

# %% nbgrader={"grade_id": "encoder_block_adds_and_normalises", "points": 2}
square, bias, unit = np.zeros((3, 3)), np.zeros(3), (np.ones(3), np.zeros(3))
silent = (square, bias) * 4, unit, (square, bias) * 2, unit
only_norms = encoder_block(three, *silent, 1)
assert np.allclose(only_norms.mean(axis=-1), 0), (
    "Each word's numbers should have mean 0"
)
assert np.allclose(
    only_norms, F.layer_norm(torch.tensor(three), (3,)).numpy(), atol=1e-4
), "With attention and feed-forward silent, each word is only added to 0 and normalised"
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("encoder_block", encoder_block, "residuals_and_norms")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "encoder_block_feed_forward", "points": 2}
widen, narrow = np.array([[1.0, -1.0], [-1.0, 1.0], [0.0, 0.0]]), 2 * np.eye(2, 3)
cut = np.array([-0.5, -0.5])
thinking = (square, bias) * 4, unit, (widen, cut, narrow, bias), unit
with torch.no_grad():
    once = F.layer_norm(torch.tensor(three), (3,))
    hidden_numbers = torch.relu(once @ torch.tensor(widen) + torch.tensor(cut))
    thought = hidden_numbers @ torch.tensor(narrow)
    expected = F.layer_norm(once + thought, (3,)).numpy()
assert np.allclose(encoder_block(three, *thinking, 1), expected), (
    "The feed-forward part is off: W_1, b_1, ReLU, W_2, b_2, then the residual"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("encoder_block", encoder_block, "feed_forward_alone")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "encoder_block_attention", "points": 2}
way = (np.eye(3), bias) * 4, unit, (widen, cut, narrow, bias), unit  # as in the story
assert np.allclose(
    encoder_block(three, *way, 1)[1], [1.276, -0.111, -1.166], atol=1e-3
), "Expected the way of apple: attention, add, normalise; feed-forward, add, normalise"
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("encoder_block", encoder_block, "attention_alone")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "encoder_block_equals_pytorch", "points": 3}
torch.manual_seed(1)
layer = nn.TransformerEncoderLayer(8, 2, dim_feedforward=12, batch_first=True)
layer = layer.double().eval()
with torch.no_grad():
    for parameter in layer.parameters():
        parameter.copy_(torch.randn_like(parameter))  # every bias and gain counts
    several = torch.randn(5, 8, dtype=torch.float64)
    wanted = layer(several[None])[0].numpy()
assert np.allclose(encoder_block(several.numpy(), *parameters_of(layer), 2), wanted), (
    "Everything together, with biases, gains and shifts: PyTorch's layer differs"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("encoder_block", encoder_block, "whole_block")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "encoder_block_batches", "points": 2}
two = np.stack([several.numpy(), several.numpy()[::-1]])  # (2, 5, 8)
both = encoder_block(two, *parameters_of(layer), 2)
assert both.shape == two.shape, "Leading axes pass through: expected the shape of X"
assert np.allclose(both[0], wanted), "No sentence sees another"
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("encoder_block", encoder_block, "batch_axes", "small_and_large_words")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "encoder_block_masks", "points": 2}
later = nn.Transformer.generate_square_subsequent_mask(5)  # minus infinity where hidden
backwards = (later == 0).numpy()  # True: may attend
with torch.no_grad():
    theirs = layer(several[None], src_mask=torch.tensor(~backwards))[
        0
    ].numpy()  # True: may not
ours = encoder_block(several.numpy(), *parameters_of(layer), 2, mask=backwards)
assert np.allclose(ours, theirs), "The mask says who may attend to whom: True means may"
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("encoder_block", encoder_block, "masks")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "encoder_block_good_manners", "points": 1}
slim = [tuple(p.astype(np.float32) for p in part) for part in parameters_of(layer)]
words_given = several.numpy().astype(np.float32)
words_before = words_given.copy()
assert encoder_block(words_given, *slim, 2).dtype == np.float32, (
    "float32 words should give float32 words"
)
assert np.array_equal(words_given, words_before), (
    "The function changed its input: the caller's words"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("encoder_block", encoder_block, "keeps_dtype", "leaves_its_input_alone")
### END HIDDEN TESTS

# %% [markdown]
# ## Where to go next
#
# You can now read most of a Transformer.
# What is left, and where it is told well:
#
# - **A whole model, line by line.** Harvard's
#   [*The Annotated Transformer*](https://nlp.seas.harvard.edu/annotated-transformer/) builds
#   encoder and decoder; cross-attention, where Q comes from one text and K and V from another,
#   is your function with other inputs.
# - **A GPT from nothing.** S. Raschka, [*Build a Large Language Model (From
#   Scratch)*](https://github.com/rasbt/LLMs-from-scratch); A. Karpathy,
#   [*nanoGPT*](https://github.com/karpathy/nanoGPT).
# - **Where tokens come from.** A. Karpathy, [*minbpe*](https://github.com/karpathy/minbpe).
# - **What is inside a trained one.** [*ARENA*](https://github.com/callummcdougall/ARENA_3.0)
#   teaches to change a part and watch the answer, which a map alone cannot do.
# - **Pictures, sounds, proteins.** The block stays; what counts as a word changes. Start from
#   the page [*Applications*](applications.md).

# %% [markdown] recall="CABBA"
# ## Recall
#
# Choose an answer to see what is right or wrong with it.
#
# **1. What does the residual around attention do?**
#
# <details><summary>A. It repeats attention a second time</summary>
#
# No. It goes around attention and computes nothing.
#
# </details>
#
# <details><summary>B. It scales the scores</summary>
#
# No. That is the division by the root of the key's width, inside attention.
#
# </details>
#
# <details><summary>C. It adds the word that came in to what attention says</summary>
#
# Yes. So a word keeps what it was, and attention stacked on attention does not make all words
# alike.
#
# </details>
#
# **2. A sentence gets ten more words. What changes in the layer norm of apple?**
#
# <details><summary>A. Nothing, for the same numbers of apple</summary>
#
# Yes. Mean and spread are taken over the numbers of one word.
#
# </details>
#
# <details><summary>B. Its mean runs over more words</summary>
#
# No. It never looks at another word.
#
# </details>
#
# <details><summary>C. It divides by a larger spread</summary>
#
# No. The spread is that of the numbers of apple itself.
#
# </details>
#
# **3. In which part of a block can apple hear of phones?**
#
# <details><summary>A. In the feed-forward part</summary>
#
# No. It treats each word by itself.
#
# </details>
#
# <details><summary>B. In attention only</summary>
#
# Yes. With attention silent, apple′ was the same in both sentences.
#
# </details>
#
# <details><summary>C. In all parts</summary>
#
# No. Norms and feed-forward see one word at a time.
#
# </details>
#
# **4. The ReLU between the two matrices is taken out. What is left?**
#
# <details><summary>A. Attention without values</summary>
#
# No. Attention is another part and is not touched.
#
# </details>
#
# <details><summary>B. One matrix, written as two</summary>
#
# Yes. A product of matrices is a matrix, so nothing could be concluded that a single one cannot.
#
# </details>
#
# <details><summary>C. A layer norm</summary>
#
# No. Nothing is normalised there.
#
# </details>
#
# **5. What is different in a pre-norm block?**
#
# <details><summary>A. Each part reads normalised words, and the sum is left as it is</summary>
#
# Yes. The residual line is then free from the first block to the last.
#
# </details>
#
# <details><summary>B. The norm stands between Q and K</summary>
#
# No. It stands before attention and before the feed-forward part.
#
# </details>
#
# <details><summary>C. It has no norms</summary>
#
# No. It has two as well, in other places.
#
# </details>

# %% [markdown]
# ## Recap
#
# - Attention stacked alone makes all words alike; the residual keeps them apart.
# - The layer norm keeps each word's numbers in one size, word by word.
# - The feed-forward part draws conclusions in each word, and holds two thirds of the numbers.
# - Attention is the only place where words meet.
#
# **What you have now:** `encoder_block(X, attention, norm_1, feed_forward, norm_2, n_heads,
# mask=None)`, equal to PyTorch's, from your own functions.
# **Next:** the world. *apple* comes along.

# %% [markdown]
# ## References
#
# - A. Vaswani and others, [*Attention Is All You Need*](https://arxiv.org/abs/1706.03762), 2017.
# - J. L. Ba, J. R. Kiros, G. E. Hinton, [*Layer
#   Normalization*](https://arxiv.org/abs/1607.06450), 2016.
# - K. He and others, [*Deep Residual Learning for Image
#   Recognition*](https://arxiv.org/abs/1512.03385), 2015: the residual.
# - Y. Dong, J.-B. Cordonnier, A. Loukas, [*Attention is Not All You Need: Pure Attention Loses
#   Rank Doubly Exponentially with Depth*](https://arxiv.org/abs/2103.03404), 2021.
# - R. Xiong and others, [*On Layer Normalization in the Transformer
#   Architecture*](https://arxiv.org/abs/2002.04745), 2020: pre-norm and post-norm.
