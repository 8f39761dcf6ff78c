# %% [markdown]
# # PyTorch traps
#
# PyTorch's attention is fast and well tested.
# It also has habits that have cost everybody an afternoon: most of these mistakes raise no error,
# and give numbers of the right shape.
# Each trap below is shown by a cell, with the way out.
#
# | You see | Look at |
# |---|---|
# | one map where there should be one for each head | [Averaged weights](#averaged-weights) |
# | sentences that influence each other | [The batch comes second](#the-batch-comes-second) |
# | words that look at exactly what they should not | [Two meanings of True](#two-meanings-of-true) |
# | NaN, or NaN only sometimes | [A word with nothing to look at](#a-word-with-nothing-to-look-at) |
# | a causal mask that hides the whole cache | [A causal mask that is not square](#a-causal-mask-that-is-not-square) |
# | attention that is not *self* | [Once is not enough](#once-is-not-enough) |
# | other numbers at each call | [Dropout is on](#dropout-is-on) |
# | an error about `Double` and `Float` | [Two kinds of numbers](#two-kinds-of-numbers) |
# | a layer that you cannot reproduce | [Weights are stored transposed](#weights-are-stored-transposed) |
# | heads that are mixed up | [`view` does not move numbers](#view-does-not-move-numbers) |
#
# The versions are pinned in the course's `constraints.txt`; the first cell prints yours.

# %%
import copy
import math
import warnings

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
print("PyTorch", torch.__version__.split("+")[0])

# %% [markdown]
# ## Averaged weights
#
# `nn.MultiheadAttention` returns its weights averaged over the heads.
# Two heads that look at different words become one that looks at both.

# %%
mha = nn.MultiheadAttention(embed_dim=16, num_heads=4, batch_first=True).eval()
x = torch.randn(2, 5, 16)  # (batch, n_tokens, d_model)

_, averaged = mha(x, x, x)
_, by_head = mha(x, x, x, average_attn_weights=False)
print("default", tuple(averaged.shape), "  asked for", tuple(by_head.shape))

assert averaged.shape == (2, 5, 5)
assert by_head.shape == (2, 4, 5, 5)
assert torch.allclose(by_head.mean(dim=1), averaged, atol=1e-6)

# %% [markdown]
# **The way out:** `average_attn_weights=False`.
# See [chapter 9](09_multi_head.py).

# %% [markdown]
# ## The batch comes second
#
# Without `batch_first=True` the axes are (n_tokens, batch, d_model).
# Give it a batch of sentences in the usual order, and it runs: each first axis is taken for a
# sentence, and word 0 of one sentence attends to word 0 of the others.
# The shape of the output looks right.

# %%
batch_second = nn.MultiheadAttention(16, 4).eval()  # the default
batch_second.load_state_dict(mha.state_dict())

right, right_weights = mha(x, x, x)
wrong, wrong_weights = batch_second(x, x, x)
print("outputs", tuple(right.shape), tuple(wrong.shape))
print("weights", tuple(right_weights.shape), tuple(wrong_weights.shape))

changed = x.clone()
changed[1] += 1.0  # only the second sentence
moved_right = (mha(changed, changed, changed)[0] - right)[0].abs().max().item()
changed_wrong = batch_second(changed, changed, changed)[0]
moved_wrong = (changed_wrong - wrong)[0].abs().max().item()
print(f"the first sentence moves by {moved_right:.3f} and {moved_wrong:.3f}")

assert right.shape == wrong.shape
assert moved_right < 1e-6 < 1e-3 < moved_wrong

# %% [markdown]
# **The way out:** `batch_first=True`, in `nn.TransformerEncoderLayer` too; and look at the shape
# of the *weights*, which gives it away.
# `F.scaled_dot_product_attention` always has the tokens second to last.

# %% [markdown]
# ## Two meanings of True
#
# For `F.scaled_dot_product_attention` a `True` in a mask means *may attend*.
# For `nn.MultiheadAttention` and the Transformer layers it means *may not attend*.
#
# | | `True` | a number |
# |---|---|---|
# | `F.scaled_dot_product_attention`, `attn_mask` | may attend | is added to the scores |
# | `nn.MultiheadAttention`, `attn_mask` | may **not** attend | is added to the scores |
# | `nn.MultiheadAttention`, `key_padding_mask` | is padding, may **not** | is added to the scores |
# | `nn.TransformerEncoderLayer`, `src_mask` | may **not** attend | is added to the scores |
# | this book | may attend | not used |

# %%
may_attend = torch.ones(5, 5, dtype=torch.bool).tril()  # the past and oneself
as_values = torch.eye(5).expand(2, 5, 5)

by_function = F.scaled_dot_product_attention(x, x, as_values, attn_mask=may_attend)
_, by_class = mha(x, x, x, attn_mask=~may_attend)
_, inverted = mha(x, x, x, attn_mask=may_attend)

future = ~may_attend
assert (by_function[:, future] == 0).all()
assert (by_class[:, future] == 0).all()
assert not (inverted[:, future] == 0).all(), "the same mask sees only the future"

# %% [markdown]
# A mask of 0 and 1 as numbers is worse, because numbers are added to the scores: then 0 hides
# nothing, and 1 is a small hint.

# %%
_, added = mha(x, x, x, attn_mask=(~may_attend).float())
print(
    "weights of the future, with a mask of numbers 0 and 1:",
    added[0, 0, 1:].detach().numpy().round(2),
)

assert (added[:, future] > 0).all()

minus_infinity = torch.zeros(5, 5).masked_fill(~may_attend, float("-inf"))
_, by_number = mha(x, x, x, attn_mask=minus_infinity)
assert torch.allclose(by_number, by_class, atol=1e-6)

# %% [markdown]
# **The way out:** name a mask by what `True` says, as `may_attend` here; make it boolean; test that
# one weight that must be 0 is 0.
# See [chapter 10](10_masks.py).

# %% [markdown]
# ## A word with nothing to look at
#
# If a mask hides every key of a query, its softmax is 0 divided by 0.
# What comes out depends on which door you use, and, for the class, on whether you ask for the
# weights.

# %%
hidden = torch.zeros(5, 5, dtype=torch.bool)
hidden[2] = True  # word 2 may look at nothing; True hides, for the class

row_of_minus_infinity = torch.full((5,), float("-inf"))
by_softmax = torch.softmax(row_of_minus_infinity, dim=-1)
by_function = F.scaled_dot_product_attention(x, x, x, attn_mask=~hidden)
asked, _ = mha(x, x, x, attn_mask=hidden, need_weights=True)
not_asked, _ = mha(x, x, x, attn_mask=hidden, need_weights=False)
with torch.no_grad():
    no_gradient, _ = mha(x, x, x, attn_mask=hidden, need_weights=False)


def state(row):
    """Is this row NaN, zero, or numbers?"""
    if row.isnan().any():
        return "NaN"
    return "zero" if (row == 0).all() else "numbers"


doors = {
    "torch.softmax": by_softmax,
    "scaled_dot_product_attention": by_function[:, 2],
    "MultiheadAttention, need_weights=True": asked[:, 2],
    "MultiheadAttention, need_weights=False": not_asked[:, 2],
    "the same in evaluation, no_grad": no_gradient[:, 2],
}
for name, row in doors.items():
    print(f"{name:40s}{state(row)}")

assert [state(row) for row in doors.values()] == ["NaN", "zero", "NaN", "zero", "NaN"]

# %% [markdown]
# So a model can train without a NaN and give NaN when it is used.
# Other versions of PyTorch have answered otherwise: the list is for the version printed above.
#
# A NaN in one row spreads: the next layer mixes it into every row, and one training step puts it
# into every parameter.

# %%
with torch.no_grad():
    next_layer, _ = mha(asked, asked, asked)
assert next_layer.isnan().all()

# %% [markdown]
# **The way out:** never hide every key; let padding look at itself, or at the first word, and leave
# its output out of the loss.
# See [chapter 10](10_masks.py).

# %% [markdown]
# ## A causal mask that is not square
#
# With a cache of keys there is one query and many keys.
# `is_causal=True` counts from the *top left*: query 0 may look at key 0 only, so the newest token
# sees the oldest key and nothing else.

# %%
query = torch.randn(1, 1, 16)  # the newest token
keys = torch.randn(1, 6, 16)  # the cache
as_values = torch.eye(6)[None]

seen = F.scaled_dot_product_attention(query, keys, as_values, is_causal=True)
should_see = F.scaled_dot_product_attention(query, keys, as_values)
print("is_causal=True:", seen.numpy().round(2))
print("no mask:       ", should_see.numpy().round(2))

assert torch.equal(seen, torch.tensor([[[1.0, 0, 0, 0, 0, 0]]]))
assert (should_see > 0).all()

# %% [markdown]
# **The way out:** no mask for one new token, since all of the cache lies in its past.
# See [chapter 14](14_cost.py).
#
# In `nn.MultiheadAttention`, `is_causal=True` is only a hint: it must come with `attn_mask`.

# %%
try:
    mha(x, x, x, is_causal=True)
    refused = False
except RuntimeError as error:
    refused = True
    print(str(error)[:60], "…")
assert refused

# %% [markdown]
# ## Once is not enough
#
# `nn.MultiheadAttention` takes queries, keys and values, and does not care where they are from.
# *Self*-attention is when all three are the same tokens: `mha(x, x, x)`.
# The projections to Q, K and V happen inside: do not project first.

# %%
y = torch.randn(2, 7, 16)  # other tokens
_, self_weights = mha(x, x, x)
_, cross_weights = mha(x, y, y)  # cross-attention: x asks, y answers
print("self", tuple(self_weights.shape), "  cross", tuple(cross_weights.shape))

assert self_weights.shape == (2, 5, 5)
assert cross_weights.shape == (2, 5, 7)
names = [name for name, _ in mha.named_parameters()]
assert "in_proj_weight" in names and "out_proj.weight" in names, "W_O is inside too"

# %% [markdown]
# `F.scaled_dot_product_attention` is the opposite: it projects nothing, has no parameters and no
# heads of its own, and expects Q, K and V.

# %% [markdown]
# ## Dropout is on
#
# A new module is in training mode.
# Dropout then sets some attention weights to zero and enlarges the others, so rows do not sum to 1
# and two calls differ.
# `nn.TransformerEncoderLayer` has a dropout of .1 unless you say otherwise.

# %%
dropping = nn.MultiheadAttention(16, 4, dropout=0.5, batch_first=True)
_, first = dropping(x, x, x)
_, second = dropping(x, x, x)
print("sums of rows:", [round(s, 2) for s in first[0].sum(dim=-1).tolist()])

assert not torch.allclose(first, second)
assert not torch.allclose(first.sum(dim=-1), torch.ones(2, 5))

dropping.eval()
assert torch.equal(dropping(x, x, x)[1], dropping(x, x, x)[1])
assert nn.TransformerEncoderLayer(16, 4).dropout.p == 0.1

# %% [markdown]
# The function has no mode.
# Its `dropout_p` drops whenever it is not 0, in evaluation too.

# %%
one, two = (F.scaled_dot_product_attention(x, x, x, dropout_p=0.5) for _ in range(2))
assert not torch.allclose(one, two)

# %% [markdown]
# **The way out:** `model.eval()` before you look at weights or compare numbers; and for the function
# `dropout_p=p if self.training else 0.0`.

# %% [markdown]
# ## Two kinds of numbers
#
# NumPy's numbers are float64, PyTorch's parameters float32.
# Together they raise, and that is the kind case.

# %%
from_numpy = torch.from_numpy(np.ones((2, 5, 16)))
try:
    mha(from_numpy, from_numpy, from_numpy)
    refused = False
except RuntimeError as error:
    refused = True
    print(error)
assert refused and from_numpy.dtype == torch.float64

# %% [markdown]
# The unkind case is silent: a float32 array that becomes float64 on the way, and is then twice as
# large and often slower.
# Under NumPy 2 a NumPy number is enough, and a Python number is not.

# %%
scores = np.ones((4, 4), dtype=np.float32)
print(
    "by np.sqrt:",
    (scores / np.sqrt(64)).dtype,
    "  by math.sqrt:",
    (scores / math.sqrt(64)).dtype,
)

assert (scores / np.sqrt(64)).dtype == np.float64
assert (scores / math.sqrt(64)).dtype == np.float32

# %% [markdown]
# Whole numbers are a third kind: `torch.tensor([1, 2])` has no decimals, and softmax refuses it.

# %%
try:
    torch.softmax(torch.tensor([1, 2]), dim=-1)
    refused = False
except (RuntimeError, NotImplementedError) as error:
    refused = True
    print(error)
assert refused

# %% [markdown]
# Half precision ends at 65504, so the usual −1e9 of a hand-made mask does not fit into it.

# %%
assert torch.finfo(torch.float16).max == 65504
assert torch.tensor(-1e9).to(torch.float16) == float("-inf")
assert torch.finfo(torch.bfloat16).max > 1e38

# %% [markdown]
# **The way out:** `.float()` or `.double()` at the border, once; `float("-inf")` or a boolean mask
# instead of −1e9; and compare float32 results with a tolerance of about 1e-5.
#
# `torch.from_numpy` also shares its memory with the array: change one, and both change.

# %%
array = np.zeros(3)
shared, copied = torch.from_numpy(array), torch.tensor(array)
array[0] = 7.0
assert shared[0] == 7 and copied[0] == 0

# %% [markdown]
# ## Weights are stored transposed
#
# This book writes $Q = X W_Q$, with $W_Q$ of the shape (d_model, d_k).
# `nn.Linear` keeps the transpose, (out, in), and adds a bias.
# `nn.MultiheadAttention` keeps all three in one matrix, Q on top, then K, then V.

# %%
stored_Q, stored_K, stored_V = mha.in_proj_weight.chunk(3)  # each (d_model, d_model)
b_Q, b_K, b_V = mha.in_proj_bias.chunk(3)
Q = x @ stored_Q.T + b_Q  # (batch, n, d_model)
K = F.linear(x, stored_K, b_K)  # the same, as nn.Linear does it

first_head = F.scaled_dot_product_attention(
    Q[..., :4], K[..., :4], torch.eye(5).expand(2, 5, 5)
)  # with the identity as values: the weights of head 0

assert mha.in_proj_weight.shape == (48, 16)
assert torch.allclose(first_head, by_head[:, 0], atol=1e-6)
assert nn.Linear(3, 8).weight.shape == (8, 3)

# %% [markdown]
# With square matrices a forgotten transpose raises nothing: compare values, never only shapes.

# %%
forgotten = x @ stored_Q + b_Q
assert forgotten.shape == Q.shape and not torch.allclose(forgotten, Q, atol=1e-2)

# %% [markdown]
# ## `view` does not move numbers
#
# `view` and `reshape` read the same numbers in the same order with other brackets.
# Swapping axes is `transpose`.
# To cut 16 columns into 4 heads needs both; a reshape straight to the wanted shape runs, and puts
# pieces of different words into one head.

# %%
X = torch.arange(12).reshape(3, 4)  # 3 words; 2 heads of 2 columns
straight = X.reshape(2, 3, 2)
print("columns of head 0:", X[:, :2].tolist())
print("reshape gives:    ", straight[0].tolist())

assert not torch.equal(straight[0], X[:, :2])

# %% [markdown]
# After a `transpose` the numbers lie in another order in memory; `view` then raises, and `reshape`
# copies.

# %%
try:
    X.T.view(-1)
    refused = False
except RuntimeError:
    refused = True
assert refused and X.T.reshape(-1).tolist() == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]

# %% [markdown]
# And `.T` is for matrices only: with batch axes it turns all the axes round, or refuses, as the
# version likes.
# The last two axes change places by `.mT`, which is `.transpose(-2, -1)`.

# %%
K = torch.randn(2, 5, 16)
assert K.mT.shape == (2, 16, 5)
assert torch.equal(K.mT, K.transpose(-2, -1))
assert np.ones((2, 5, 16)).T.shape == (16, 5, 2), "NumPy turns all of them round"

# %% [markdown]
# See [chapter 7](07_matrix_form.py) and [chapter 9](09_multi_head.py).

# %% [markdown]
# ## Smaller ones
#
# **`F.softmax` without `dim`** guesses an axis, with a warning that is easily lost.

# %%
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    F.softmax(torch.randn(2, 3, 4))
assert any("dim" in str(warning.message) for warning in caught)

# %% [markdown]
# **More heads are not more numbers.**
# `embed_dim` is shared out: 8 heads of 512 have 64 columns each, not 512.

# %%
sizes = [
    sum(p.numel() for p in nn.MultiheadAttention(512, h).parameters()) for h in (1, 8)
]
assert nn.MultiheadAttention(512, 8).head_dim == 64
assert sizes[0] == sizes[1]

# %% [markdown]
# **A new `nn.TransformerEncoderLayer`** is of 2017: normalisation *after* the residual path, ReLU,
# a hidden layer of 2048 whatever the width, tokens first.
# Most models of today normalise before.

# %%
layer = nn.TransformerEncoderLayer(16, 4)
assert layer.norm_first is False and layer.activation is F.relu
assert layer.linear1.out_features == 2048
assert layer.self_attn.batch_first is False

# %% [markdown]
# **`nn.TransformerEncoder` copies** the layer it is given, so all layers start from the same numbers.

# %%
stack = nn.TransformerEncoder(
    nn.TransformerEncoderLayer(16, 4, batch_first=True), 2, enable_nested_tensor=False
)
first, second = stack.layers
assert first is not second
assert torch.equal(first.linear1.weight, second.linear1.weight)

# %% [markdown]
# **Training and evaluation take different roads.**
# In evaluation PyTorch may use fused kernels, so results agree to rounding and not bit for bit.

# %%
calm = nn.TransformerEncoderLayer(16, 4, dropout=0.0, batch_first=True)
with torch.no_grad():
    slow, fast = calm(x), copy.deepcopy(calm).eval()(x)
print("largest difference:", (slow - fast).abs().max().item())
assert torch.allclose(slow, fast, atol=1e-5)

# %% [markdown]
# ## References
#
# - [`torch.nn.functional.scaled_dot_product_attention`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html)
# - [`torch.nn.MultiheadAttention`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html)
# - [`torch.nn.TransformerEncoderLayer`](https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerEncoderLayer.html)
