# %% [markdown]
# # The whole mechanism on one page
#
# Everything between a sentence and its new vectors, with the shapes.
# It is made to be printed: the figure first, then the formulas, then a check that they are right.
#
# The letters: $n$ tokens; $d_{model}$ numbers for each; $h$ heads; $d_k$ numbers in a query and a
# key, $d_v$ in a value, for each head.
# A row is a token.

# %%
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)

# %% tags=["demo"]
from figures.style import *

# %% tags=["demo"] alt="Flow from top to bottom. Tokens become X by a table and positions, n by d_model. X goes to three boxes: Q, K and V. Q and K meet in the scores, n by n, which are scaled, masked and turned into weights by softmax. The weights and V meet in the output of a head, n by d_v. The heads are set side by side, multiplied by W_O and added to X."
fig, ax = plt.subplots(figsize=(4.9, 7.6))
ax.set(xlim=(0, 10), ylim=(0, 17.4))
ax.axis("off")


def box(x, y, width, text, shape, colour=GREY):
    """A box with a formula, and under it the shape of what comes out."""
    ax.add_patch(
        plt.Rectangle(
            (x - width / 2, y - 0.68),
            width,
            1.36,
            facecolor="white",
            edgecolor=colour,
            lw=1.6,
        )
    )
    ax.text(x, y + 0.22, text, ha="center", va="center", fontsize=11)
    ax.text(x, y - 0.36, shape, ha="center", va="center", fontsize=10, color=colour)


def arrow(start, end):
    """An arrow between two points."""
    style = {
        "arrowstyle": "->",
        "color": INK,
        "linewidth": 1.1,
        "shrinkA": 0,
        "shrinkB": 0,
    }
    ax.annotate("", end, start, arrowprops=style)


box(5, 16.5, 8.4, "love   apple   phones", "n tokens", PURPLE)
box(5, 14.3, 8.4, "X = embedding + position", "n × d_model", INK)
box(1.75, 12.0, 2.9, "Q = X W_Q", "n × d_k", COLOURS["Q"])
box(5.0, 12.0, 2.9, "K = X W_K", "n × d_k", COLOURS["K"])
box(8.25, 12.0, 2.9, "V = X W_V", "n × d_v", COLOURS["V"])
box(3.4, 9.7, 5.4, "scores = Q Kᵀ / √d_k", "n × n", INK)
box(3.4, 7.5, 5.4, "forbidden scores → −∞", "mask, n × n", INK)
box(3.4, 5.3, 5.4, "weights = softmax(scores)", "n × n, rows sum to 1", INK)
box(5.0, 3.1, 6.4, "head = weights V", "n × d_v", COLOURS["V"])
box(5.0, 0.9, 8.4, "X + [head₁ … headₕ] W_O", "n × d_model", PURPLE)
for start, end in [
    ((5, 15.82), (5, 14.98)),
    ((3.2, 13.62), (1.9, 12.68)),
    ((5, 13.62), (5, 12.68)),
    ((6.8, 13.62), (8.1, 12.68)),
    ((1.9, 11.32), (2.8, 10.38)),
    ((4.9, 11.32), (4.0, 10.38)),
    ((3.4, 9.02), (3.4, 8.18)),
    ((3.4, 6.82), (3.4, 5.98)),
    ((3.6, 4.62), (4.2, 3.78)),
    ((8.25, 11.32), (7.4, 3.78)),
    ((5, 2.42), (5, 1.58)),
]:
    arrow(start, end)
plt.show()

# %% [markdown]
# *Figure: one layer of self-attention, from tokens to new vectors.
# The boxes from Q to the head exist $h$ times, side by side.*
#
# The same with numbers, to turn and to touch: [the mechanism in three
# dimensions](explorer.py).
#
# ## Formula by formula
#
# | | Formula | Shape | In words | Chapter |
# |---|---|---|---|---|
# | 1 | $X = E[\text{tokens}]$ | $(n, d_{model})$ | look each token up | [1](01_two_meanings.py) |
# | 2 | $X \leftarrow X + P$ | $(n, d_{model})$ | say where it stands | [11](11_order.py) |
# | 3 | $Q = X W_Q$ | $(n, d_k)$ | what each token looks for | [6](06_query_key_value.py) |
# | 4 | $K = X W_K$ | $(n, d_k)$ | by what it is found | [6](06_query_key_value.py) |
# | 5 | $V = X W_V$ | $(n, d_v)$ | what it passes on | [6](06_query_key_value.py) |
# | 6 | $S = Q K^\top / \sqrt{d_k}$ | $(n, n)$ | how well query $i$ fits key $j$ | [7](07_matrix_form.py), [8](08_scaling.py) |
# | 7 | $S_{ij} = -\infty$ where forbidden | $(n, n)$ | who may look at whom | [10](10_masks.py) |
# | 8 | $A_{ij} = e^{S_{ij}} / \sum_k e^{S_{ik}}$ | $(n, n)$ | shares; each row sums to 1 | [4](04_softmax.py) |
# | 9 | $\text{head} = A V$ | $(n, d_v)$ | mix | [2](02_mixing.py), [5](05_first_attention.py) |
# | 10 | $[\text{head}_1 \dots \text{head}_h]\, W_O$ | $(n, d_{model})$ | what the heads found, mixed | [9](09_multi_head.py) |
# | 11 | $X \leftarrow X + \dots$ | $(n, d_{model})$ | added, not replaced | [16](16_transformer_block.py) |
#
# In one line, for one head:
#
# $$
# \begin{aligned}
# & \mathrm{Attention}(Q, K, V) \\
# & {} = \mathrm{softmax}\!\left(\frac{Q K^{\top}}{\sqrt{d_k}}\right) V
# \end{aligned}
# $$
#
# and for all of them:
#
# $$
# \begin{aligned}
# & \mathrm{head}_i = {} \\
# & \mathrm{Attention}(X W_Q^i, X W_K^i, X W_V^i) \\
# & \mathrm{MultiHead}(X) \\
# & {} = [\mathrm{head}_1, \dots, \mathrm{head}_h]\, W_O
# \end{aligned}
# $$
#
# | | Number |
# |---|---|
# | parameters of a layer, $d_k = d_v = d_{model} / h$, without biases | $4\, d_{model}^2$ |
# | multiplications in the projections | $4\, n\, d_{model}^2$ |
# | multiplications in the two products with the $n \times n$ tables | $2\, n^2\, d_{model}$ |
# | numbers in the tables of weights | $h\, n^2$ |

# %% [markdown]
# ## Does it hold?
#
# One word through one head of PyTorch's layer, with plain loops, formula 3 to formula 9.

# %%
n, d_model, h = 3, 8, 2
d_k = d_model // h
layer = nn.MultiheadAttention(d_model, h, bias=False, batch_first=True).double()
X = torch.randn(n, d_model, dtype=torch.float64)
in_rows = layer.in_proj_weight.detach()  # Q, then K, then V; each transposed
W_Q, W_K, W_V = (in_rows[start : start + d_k].T for start in (0, d_model, 2 * d_model))

q = X[1] @ W_Q  # formula 3, the query of the middle word
keys = [x @ W_K for x in X]  # formula 4
values = [x @ W_V for x in X]  # formula 5
row = [float(q @ k) / math.sqrt(d_k) for k in keys]  # formula 6
strengths = [math.exp(s) for s in row]
weights = [strength / sum(strengths) for strength in strengths]  # formula 8
head = sum(w * v for w, v in zip(weights, values))  # formula 9

with torch.no_grad():
    _, from_torch = layer(X[None], X[None], X[None], average_attn_weights=False)
print("by hand   ", np.round(weights, 6))
print("by PyTorch", np.round(from_torch[0, 0, 1].numpy(), 6))

assert np.allclose(weights, from_torch[0, 0, 1])
assert np.isclose(sum(weights), 1)
assert head.shape == (d_k,)

# %% [markdown]
# Formula 10 and 11: the heads side by side, $W_O$, and the old vectors added.

# %%
with torch.no_grad():
    attended, _ = layer(X[None], X[None], X[None])
    without_W_O = torch.linalg.solve(layer.out_proj.weight, attended[0].T).T  # undo it
new_X = X + attended[0]

assert np.allclose(without_W_O[1, :d_k], head), "columns 0 to 3 are head 0"
assert new_X.shape == X.shape
assert sum(p.numel() for p in layer.parameters()) == 4 * d_model**2

# %% [markdown]
# And formula 7: with a causal mask the first word sees itself only, so its output is its value.

# %%
Q, K, V = torch.randn(3, 1, n, d_k)
first = F.scaled_dot_product_attention(Q, K, V, is_causal=True)[0, 0]
assert torch.allclose(first, V[0, 0])

# %% [markdown]
# ## References
#
# - A. Vaswani and others, [*Attention Is All You Need*](https://arxiv.org/abs/1706.03762), 2017,
#   section 3.2.
