# %% [markdown]
# # 8. Scaling
#
# **Why divide by $\sqrt{d_k}$?**
#
# *Time:* 50 minutes. *Difficulty:* 3 of 5.
#
# After this chapter you can
#
# - say how large a dot product of long vectors is, before you compute it,
# - show what large scores do to a softmax, and to what a model can learn,
# - write the whole equation of attention, with a mask.
#
# [Chapter 7](07_matrix_form.py) divided its scores by $\sqrt{2}$, got .248, .503, .248 for *apple*,
# and promised a reason.

# %% nbgrader={"grade_id": "scaling_setup", "locked": true}
import math

import numpy as np

rng = np.random.default_rng(0)

# %% tags=["demo"]
from figures.style import *

# %% [markdown]
# ## Predict first
#
# > **Your guess, before you run anything.**
# > A query and a key have 64 numbers each.
# > Every number is drawn at random, with mean 0 and a typical size of 1.
# > How far from 0 is their dot product, typically: about 1, about 8, or about 64?
#
# Write the guess down.
# The section *Long vectors, large scores* answers it.

# %% [markdown]
# ## Where chapter 7 stopped
#
# In the restored toy, *apple* scored *love*, *apple* and *phones* 2, 3 and 2.
# Here are its weights once more, without the division and with it.

# %%
toy_scores = np.array([2.0, 3.0, 2.0])
undivided = np.exp(toy_scores) / np.exp(toy_scores).sum()
divided = np.exp(toy_scores / math.sqrt(2)) / np.exp(toy_scores / math.sqrt(2)).sum()
print("undivided", undivided.round(3), "  divided", divided.round(3))

assert np.allclose(divided, [0.248, 0.503, 0.248], atol=5e-4)

# %% [markdown]
# A division of all scores is a temperature ([chapter 4](04_softmax.py)): the choice gets
# softer.
# With two numbers in a key that matters little.
# The keys of the first Transformer have 64.

# %% [markdown]
# ## Long vectors, large scores
#
# Draw a query and a key, and add up the products, one number at a time.

# %%
d_k = 64
q, k = rng.normal(size=d_k), rng.normal(size=d_k)
running = [0.0]
for c in range(d_k):
    running.append(running[-1] + float(q[c] * k[c]))
print("after 1, 4, 16, 64 products:", [round(running[n], 2) for n in (1, 4, 16, 64)])

assert np.isclose(running[-1], q @ k)

# %% [markdown]
# One pair proves nothing, so we draw 400 queries with 16 keys each, for several lengths, and
# look at the spread of all 6400 scores (their standard deviation).

# %%
lengths = [1, 4, 16, 64, 256, 1024]
drawn = {}  # length -> scores, (400, 16)
for d in lengths:
    queries, keys = rng.normal(size=(400, d)), rng.normal(size=(400, 16, d))
    drawn[d] = np.einsum("td,tkd->tk", queries, keys)
    spread = drawn[d].std()
    print(f"d = {d:4d}   spread {spread:6.2f}   divided by √d {spread / d**0.5:.2f}")
    assert abs(spread / math.sqrt(d) - 1) < 0.05

# %% [markdown]
# At 64 numbers the spread is *about 8*, and that answers the prediction.
# It is the square root of the length, each time.
#
# Why the root?
# A score is a sum, $q \cdot k = q_1 k_1 + \dots + q_d k_d$.
# Each product has the mean 0 and the variance $1 \times 1 = 1$.
# The variances of independent numbers add up, and so the sum has the variance $d$.
# The spread is the root of the variance: $\sqrt{d}$.
# Pluses and minuses cancel in part; that is why it is not $d$.

# %%
products = rng.normal(size=(20_000, 16)) * rng.normal(size=(20_000, 16))
print("variance of one product     ", products[:, 0].var().round(2))
print("variance of a sum of sixteen", products.sum(axis=1).var().round(1))

assert abs(products[:, 0].var() - 1) < 0.15
assert abs(products.sum(axis=1).var() / 16 - 1) < 0.1

# %% tags=["demo", "live:scaling"] alt="Two panels with outlines of histograms for keys of length 4, 64 and 1024. Left, the plain scores: the outline for 4 is narrow, for 64 wider, for 1024 so wide that it is nearly flat. Right, the scores divided by the root: the three outlines lie on one another."
fig, axes = plt.subplots(1, 2, figsize=(5.0, 2.8))
for ax, name in zip(axes, ["plain", "divided by √d"]):
    for d, colour, style in zip([4, 64, 1024], [INK, PURPLE, GREY], ["-", "--", "-."]):
        shown = drawn[d].ravel() / (math.sqrt(d) if name != "plain" else 1)
        edge = 60 if name == "plain" else 4
        ax.hist(
            shown,
            bins=np.linspace(-edge, edge, 41),
            histtype="step",
            density=True,
            color=colour,
            linestyle=style,
            linewidth=1.6,
            label=f"d = {d}",
        )
    ax.set(title=name, xlabel="score", yticks=[])
handles, labels = axes[0].get_legend_handles_labels()
fig.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False)
plt.show()

# %% [markdown]
# *Figure: the scores of random queries and keys.
# The division by the root gives them the same spread at every length.*

# %% [markdown]
# ## What large scores do to the weights
#
# Sixteen keys that were drawn alike should get similar weights.
# Here is the *largest* of the 16 weights, on average over the 400 queries.

# %%
largest = {"plain": [], "divided": []}
for d in lengths:
    for name, scores in [("plain", drawn[d]), ("divided", drawn[d] / math.sqrt(d))]:
        rows = [np.exp(row) / np.exp(row).sum() for row in scores]
        largest[name].append(np.mean([row.max() for row in rows]))
    print(f"d = {d:4d}   plain {largest['plain'][-1]:.2f}", end="   ")
    print(f"divided {largest['divided'][-1]:.2f}")

assert largest["plain"][-1] > 0.95
assert all(0.19 < weight < 0.26 for weight in largest["divided"])

# %% [markdown]
# Undivided, the longer the keys, the more one key takes: .96 at 1024 numbers.
# Nobody has decided that this key matters.
# It only drew the largest number.
# Divided, the largest weight is between .21 and .25 at every length.

# %% [markdown]
# ## What large scores do to learning
#
# A model learns from small changes: how would its weights move, if a score were nudged?
# So nudge each score of a row a little, and write down how much each weight moves.
# That table is called the [Jacobian](glossary.md#Jacobian) of the softmax.


# %%
def shares(row):
    """The weights of one row of scores, (n,)."""
    return np.exp(row) / np.exp(row).sum()


def nudged(row, step=1e-5):
    """How much each weight moves for each score, (n, n): by trying."""
    moves = np.zeros((len(row), len(row)))
    for j in range(len(row)):
        push = np.zeros(len(row))
        push[j] = step
        moves[:, j] = (shares(row + push) - shares(row - push)) / (2 * step)
    return moves


row = np.array([2.0, 3.0, 2.0])
print(nudged(row).round(3))

# %% [markdown]
# In a formula, weight $i$ moves by $w_i (1 - w_i)$ for its own score, and by $-w_i w_j$ for
# another's.
# As matrices:
#
# $$
# J = \mathrm{diag}(w) - w w^{\top}
# $$

# %%
w = shares(row)
J = np.diag(w) - np.outer(w, w)

assert np.allclose(J, nudged(row), atol=1e-8)
print(J.round(3))

# %% [markdown]
# Each entry has a $w_i$ in it, and on the diagonal a $1 - w_i$ too.
# Where one weight is nearly 1 and all others are nearly 0, *every* entry is nearly 0.
# Then a nudge moves almost nothing, and there is almost nothing to learn from: such a softmax is
# called [saturated](glossary.md#saturation).
# We measure the table by the root of the sum of its squared entries.

# %%
can_move = {"plain": [], "divided": []}
for d in lengths:
    for name, scores in [("plain", drawn[d]), ("divided", drawn[d] / math.sqrt(d))]:
        tables = [np.diag(shares(s)) - np.outer(shares(s), shares(s)) for s in scores]
        can_move[name].append(np.mean([np.linalg.norm(table) for table in tables]))
    print(f"d = {d:4d}   plain {can_move['plain'][-1]:.2f}", end="   ")
    print(f"divided {can_move['divided'][-1]:.2f}")

assert can_move["plain"][-1] < 0.07 and np.argmax(can_move["plain"]) == 1
assert all(0.27 < size < 0.32 for size in can_move["divided"])

# %% tags=["demo"] alt="Two panels over the length of a key from 1 to 1024. Left, the largest of 16 weights: the plain curve climbs from .21 to .96, the divided one stays near .25. Right, the size of the Jacobian: the plain curve rises a little to .32 at 4, then falls to .05; the divided one stays near .30."
fig, axes = plt.subplots(1, 2, figsize=(5.0, 2.9))
for ax, numbers, title in [
    (axes[0], largest, "largest of 16 weights"),
    (axes[1], can_move, "what a nudge can move"),
]:
    ax.plot(lengths, numbers["plain"], "o--", color=GREY, label="plain")
    ax.plot(lengths, numbers["divided"], "s-", color=PURPLE, label="divided")
    ax.set_xscale("log", base=2)
    ax.set_xticks([1, 16, 256], ["1", "16", "256"])
    ax.set(title=title, xlabel="length of a key", ylim=(0, None))
axes[0].legend(frameon=False, fontsize=10)
plt.show()

# %% [markdown]
# *Figure: plain scores make one key win, and leave little to learn from.
# The small rise of the plain curve at length 4 is real: a little sharper than even is where a
# softmax moves best.*
#
# People call this *vanishing gradients*, and it is the reason that the authors of the
# Transformer suspected when they put in the root.
#
# What the experiment does not show: our queries and keys are random and independent, as they
# are *before* training.
# A trained model could make its own scores small, with smaller matrices.
# The root gives it a good place to start from.

# %% [markdown]
# ## Apple, divided
#
# Take the running example: three numbers for a word, plain dot products.
# Its scores are 0, 2, 2, now divided by $\sqrt{3}$.

# %%
X = np.array([[0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [2.0, 0.0, 0.0]])  # love, apple, phones
apple_scores = X[1] @ X.T  # (3,)
apple_weights = shares(apple_scores / math.sqrt(3))
apple_scaled = apple_weights @ X
apple_plain = shares(apple_scores) @ X
print("weights", apple_weights.round(3), "  apple′", apple_scaled.round(3))

assert np.allclose(apple_weights, [0.136, 0.432, 0.432], atol=5e-4)
assert np.allclose(apple_scaled, [1.296, 0.432, 0.136], atol=5e-4)

# %% tags=["demo"] alt="Map with the axes tech and fruit. Love (0, 0), apple (1, 1), phones (2, 0). Two arrows from apple: to apple′ by plain scores at (1.41, 0.47), and to apple′ by divided scores at (1.30, 0.43), a little nearer to love."
fig, ax = plt.subplots(figsize=(4.2, 4.0))
draw_map(ax, dict(zip(["love", "apple", "phones"], X)))
arrow = {"arrowstyle": "->", "color": COLOURS["apple"], "linewidth": 1.5}
for label, end, offset in [
    ("apple′ (plain)", apple_plain, (8, 6)),
    ("apple′ (divided)", apple_scaled, (-112, -6)),
]:
    ax.annotate("", end[:2], X[1, :2], arrowprops=arrow)
    ax.plot(
        *end[:2], "o", color="white", markeredgecolor=COLOURS["apple"], markersize=9
    )
    ax.annotate(label, end[:2], xytext=offset, textcoords="offset points")
ax.set_title("divided scores: one more dot")
plt.show()

# %% [markdown]
# *Figure: the small map.
# With three numbers the division changes little: softer weights give love a little more.*

# %% [markdown]
# ## Nine words, to the end
#
# "The Transformer is making it possible to understand language", with the toy vectors of
# chapters 6 and 7.
# *making* has its nine scores; now it gets its weights, and its new vector.

# %%
nine = ["the", "transformer", "is", "making", "it"]
nine += ["possible", "to", "understand", "language"]
toy = np.random.default_rng(9)
X_nine = toy.normal(size=(9, 4)).round(1) + 0.0
matrices = [(toy.normal(size=(4, d)) / 2).round(1) + 0.0 for d in (3, 3, 2)]
Q, K, V = (np.array([x @ W for x in X_nine]) for W in matrices)  # (9, 3) (9, 3) (9, 2)

making = nine.index("making")
making_scores = Q[making] @ K.T  # (9,)
making_weights = shares(making_scores / math.sqrt(3))
making_new = np.zeros(2)
for word, score, weight, v in zip(nine, making_scores, making_weights, V):
    making_new += weight * v
    print(f"{word:12s} score {score:5.2f}   weight {weight:.3f}   value {v.round(2)}")
print("making′", making_new.round(3))

assert np.allclose(making_scores[:3], [-1.97, 1.10, -1.34], atol=0.01)
assert np.allclose(making_new, making_weights @ V)
assert np.allclose(making_new, [0.372, -0.432], atol=5e-4)

# %% tags=["demo"] alt="Nine horizontal bars, the weights of making: the .04, transformer .22, is .05, making .06, it .04, possible .04, to .20, understand .29, language .05."
fig, ax = plt.subplots(figsize=(5.0, 3.3))
colours = [PURPLE if word == "making" else GREY for word in nine]
bars = ax.barh(nine, making_weights, color=colours)
ax.bar_label(bars, [f"{weight:.2f}" for weight in making_weights], padding=3)
ax.invert_yaxis()
ax.set(xlim=(0, 0.36), title="the weights of making, in a random toy", xlabel="weight")
plt.show()

# %% [markdown]
# *Figure: a row of attention weights from vectors that know no English.*
#
# *making* looks most at *understand* and at *transformer*.
# Does that not make sense: what is made possible, and what does the making?
# It does not.
# These numbers were drawn at random, and the sense is ours.
# One of our sources has another row for *making*, made up for its picture, and gives a reason
# for each of the four largest weights ([*What we changed and why*](errata.py)).
# Keep that in mind whenever somebody shows you a heat map
# ([chapter 15](15_real_transformer.py)).

# %%
by_weight = sorted(zip(making_weights.round(3), nine), reverse=True)
print([(float(weight), word) for weight, word in by_weight[:3]])

assert [word for _, word in by_weight[:2]] == ["understand", "transformer"]

# %% [markdown]
# ## A word that must not be seen
#
# Sometimes a word may not look at all the others.
# A model that learns to write must not read what comes next, and a short sentence in a batch is
# filled up with blanks.
# A [mask](glossary.md#mask) says who may look where: True means *may attend*.
#
# Let *apple* be forbidden to see *phones*.
# The hidden word drops out of the race, and the others share the whole budget.

# %%
may_attend = np.array([True, True, False])  # love, apple, phones
scores = apple_scores / math.sqrt(3)
total = sum(math.exp(s) for s, may in zip(scores, may_attend) if may)
seen = np.array(
    [math.exp(s) / total if may else 0.0 for s, may in zip(scores, may_attend)]
)
print("weights with the mask", seen.round(3), "  sum", seen.sum().round(3))
print("hidden afterwards    ", (apple_weights * may_attend).round(3), end="")
print("   sum", (apple_weights * may_attend).sum().round(3))

assert np.isclose(seen.sum(), 1) and seen[2] == 0
assert (apple_weights * may_attend).sum() < 0.6

# %% [markdown]
# Hide before the softmax, not after it: the second row has lost .432 of its budget.
# [Chapter 10](10_masks.py) is about the two masks that matter most.

# %% [markdown]
# ## PyTorch agrees
#
# PyTorch can work out a Jacobian by itself, and its attention divides by the root.
# Its mask has the same meaning as ours.

# %% nbgrader={"grade_id": "scaling_torch", "locked": true}
import torch
import torch.nn.functional as F

# %%
softmax_of_a_row = torch.nn.Softmax(dim=-1)
from_torch = torch.autograd.functional.jacobian(softmax_of_a_row, torch.tensor(row))
assert np.allclose(from_torch.numpy(), J)

outputs = F.scaled_dot_product_attention(*map(torch.tensor, (Q, K, V)))  # (9, 2)
assert np.allclose(outputs[making].numpy(), making_new)

words_in = torch.tensor(X)
masked = F.scaled_dot_product_attention(
    words_in[1:2], words_in, words_in, attn_mask=torch.tensor(may_attend[None, :])
)
assert np.allclose(masked[0].numpy(), seen @ X)
print(outputs.numpy().round(2))

# %% [markdown]
# All of it stands in one line, which you have now met piece by piece:
#
# $$
# \begin{aligned}
# & \mathrm{Attention}(Q, K, V) \\
# & {} = \mathrm{softmax}\!\left(\frac{Q K^{\top}}{\sqrt{d_k}}\right) V
# \end{aligned}
# $$
#
# Read it from the inside.
# $Q K^{\top}$ compares every query with every key (chapter 7).
# The root gives the scores the same spread at every length.
# Softmax makes shares of each row (chapter 4), and the shares mix the values (chapter 6).

# %% [markdown]
# ## A common mistake
#
# > **"The division prevents overflow."**
# > One of our sources says that it keeps the scores numerically stable.
# > With keys of 64 numbers nothing overflows without it; with longer keys and float32 it could,
# > and there the shift by the maximum (chapter 4) takes care of it.
# > What the division prevents is a softmax that can hardly learn.

# %%
print("e to the score is infinite above 88 in float32, above 709 in float64")
for d in [64, 1024]:
    print(f"d = {d:4d}   largest score {drawn[d].max():.0f}")

long_keys = torch.tensor(drawn[1024], dtype=torch.float32)
safe = torch.softmax(long_keys, dim=1)  # the library shifts each row by its maximum
assert drawn[64].max() < 88 < drawn[1024].max() < 709
assert torch.isinf(torch.exp(long_keys)).any() and torch.isfinite(safe).all()
assert safe.max(dim=1).values.mean() > 0.95  # no overflow, and still one winner

# %% [markdown]
# > **"Divide by the root of $d_{model}$."**
# > The sum in a score runs over the $d_k$ numbers of a key, so $d_k$ sets the spread.
# > The first Transformer has $d_{model} = 512$ and keys of 64.
# > With $\sqrt{512}$ its scores would start with a spread of .35 and not of 1, and its weights
# > would be nearly even.

# %%
for name, root in [("√64 ", math.sqrt(64)), ("√512", math.sqrt(512))]:
    top = np.mean([shares(s / root).max() for s in drawn[64]])
    print(f"{name} spread {(drawn[64] / root).std():.2f}   largest weight {top:.2f}")
print(f"sixteen even weights would be {1 / 16:.2f} each")

assert abs((drawn[64] / math.sqrt(512)).std() - math.sqrt(1 / 8)) < 0.02

# %% [markdown]
# ## Exercise: `scaled_dot_product_attention`
#
# *Difficulty:* 3 of 5. *Time:* 20 minutes. *Points:* 12.
#
# So far we had one word that asks, and small scores.
# Write the whole equation: any number of queries and keys, values of any length, a batch, a
# mask, and scores of a thousand.
# You may paste functions of your own from chapters 4 and 7 into the answer cell.
#
# <details><summary>Hint 1: the order</summary>
#
# Scores; division by the root of the length of a key; mask; softmax along the keys; mixture of
# the values.
# Look at each shape on paper before you write the line.
#
# </details>
#
# <details><summary>Hint 2: the mask</summary>
#
# A hidden key should get the strength 0.
# For which score is the exponential exactly 0?
# `np.where(a, b, c)` takes `b` where `a` is True and `c` elsewhere, and lines up their axes.
# There may be no mask at all: ask `mask is not None`.
#
# </details>
#
# <details><summary>Hint 3: large scores, and the dtype</summary>
#
# Shift each row by its own maximum, *after* the hidden scores are out of the race.
# `math.sqrt` gives a plain number and keeps float32 as it is.
# `np.sqrt` of a plain number gives a float64, and that spreads.
#
# </details>


# %% nbgrader={"grade_id": "scaled_dot_product_attention", "solution": true}
# exercise: scaled_dot_product_attention
def scaled_dot_product_attention(Q, K, V, mask=None):
    """Let every query mix the values, by its scaled match with their keys.

    Q: queries, (..., n_queries, d_k). K: keys, (..., n_keys, d_k). V: values,
    (..., n_keys, d_v). Floats or whole numbers; none of them is changed.
    mask: None, or True where a query may attend to a key; it has two axes or more and
    broadcasts to (..., n_queries, n_keys). Every query may attend to some key.
    Returns (output, weights): (..., n_queries, d_v) and (..., n_queries, n_keys).
    Source: Vaswani and others, 2017, equation 1.
    """
    ### BEGIN SOLUTION
    scores = Q @ np.swapaxes(K, -1, -2) / math.sqrt(Q.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    strengths = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = strengths / strengths.sum(axis=-1, keepdims=True)
    return weights @ V, weights
    ### END SOLUTION


# %% nbgrader={"grade_id": "scaled_dot_product_attention_first_look", "points": 1}
words = np.array(  # love apple phones
    [[0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [2.0, 0.0, 0.0]]
)
try:
    results = scaled_dot_product_attention(words[1:2], words, words)
except NotImplementedError:
    raise NotImplementedError(
        "Fill in scaled_dot_product_attention in the cell above, then run both cells"
    ) from None

assert results is not None, (
    "scaled_dot_product_attention returned None: is there a `return`?"
)
assert len(results) == 2, "Two results are asked for: the output and the weights"
output, weights = results
assert not np.allclose(weights, [[0.063, 0.468, 0.468]], atol=5e-4), (
    "The scores are not divided by √d_k"
)
assert np.allclose(weights, [[0.136, 0.432, 0.432]], atol=5e-4), (
    "The weights come second: those of apple should be .136, .432, .432"
)
assert np.allclose(output, [[1.296, 0.432, 0.136]], atol=5e-4), (
    "The output comes first: apple′ should be (1.296, 0.432, 0.136)"
)

# %% nbgrader={"grade_id": "scaled_dot_product_attention_of_any_size", "points": 3}
queries = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, -4.0]])
keys = np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 0.0], [1.0, 1.0]])
values = np.array([[1.0], [2.0], [3.0], [6.0]])
output, weights = scaled_dot_product_attention(queries, keys, values)
assert weights.shape == (3, 4), (
    "Expected a row for each query, and a column for each key"
)
assert output.shape == (3, 1), (
    "The output has a row for each query, and as many numbers as a value"
)
assert np.allclose(weights.sum(axis=-1), 1), (
    "The columns sum to 1, and the rows do not: each query has one budget"
)
assert np.allclose(output[0], 3), (
    "A query of zeros should look at all alike, and get the mean"
)
assert np.allclose(weights[1, 1] / weights[1, 0], math.exp(4 / math.sqrt(2))), (
    "Keys that differ by 4 in their score should differ by exp(4/√2) in their weight"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require(
    "scaled_dot_product_attention",
    scaled_dot_product_attention,
    "one_query",
    "one_sentence",
    "all_sizes_different",
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "scaled_dot_product_attention_scale", "points": 1}
ones = np.ones((1, 16))
_, weights = scaled_dot_product_attention(ones, np.vstack([ones, 0 * ones]), np.eye(2))
assert not np.allclose(weights[0, 0] / weights[0, 1], math.e), (
    "The scores are divided by d_k; its square root is asked for"
)
assert np.allclose(weights[0, 0] / weights[0, 1], math.exp(4)), (
    "A score of 16 from 16 numbers should be divided by 4"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("scaled_dot_product_attention", scaled_dot_product_attention, "any_key_length")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "scaled_dot_product_attention_of_a_batch", "points": 1}
queries = np.array([[0.0, 0.5], [2.0, 0.0], [1.0, 0.5]])
keys = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
values = np.array([[0.0, 0.0], [1.0, 1.0], [1.0, 0.0]])
pair = [np.stack([rows, rows[::-1]]) for rows in (queries, keys, values)]
output, weights = scaled_dot_product_attention(*pair)
assert weights.shape == (2, 3, 3), (
    "In a batch, each sentence attends to itself only: it has a table of its own"
)
assert np.allclose(output[0], output[1][::-1]), (
    "In a batch, each sentence attends to itself only"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("scaled_dot_product_attention", scaled_dot_product_attention, "batch_axes")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "scaled_dot_product_attention_mask", "points": 2}
words = np.array(  # love apple phones
    [[0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [2.0, 0.0, 0.0]]
)
not_phones = np.array([[True, True, False]])
output, weights = scaled_dot_product_attention(
    words[1:2], words, words, mask=not_phones
)
assert weights[0, 2] < 1e-12, (
    "A hidden key should get the weight 0: is the mask the wrong way round, or unused?"
)
assert np.isclose(weights.sum(), 1), (
    "The mask is applied after the softmax: hide before"
)
assert np.allclose(weights, [[0.240, 0.760, 0]], atol=5e-4), (
    "True means `may attend`: love and apple share the whole budget, .240 and .760"
)
_, weights = scaled_dot_product_attention(words, words, words, mask=not_phones)
assert np.allclose(weights[:, 2], 0), "One row of a mask should serve all queries"
### BEGIN HIDDEN TESTS
from autograder.checks import require

require(
    "scaled_dot_product_attention",
    scaled_dot_product_attention,
    "masks",
    "masks_that_broadcast",
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "scaled_dot_product_attention_large_scores", "points": 2}
words = np.array([[0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [2.0, 0.0, 0.0]])
output, weights = scaled_dot_product_attention(1000 * words, words, words)
assert np.isfinite(weights).all(), (
    "Large scores overflow: e to the power of 1000 is not a number that fits"
)
assert np.allclose(weights.sum(axis=-1), 1), "Each row needs its own maximum"
### BEGIN HIDDEN TESTS
from autograder.checks import require

require(
    "scaled_dot_product_attention",
    scaled_dot_product_attention,
    "large_scores",
    "rows_far_apart",
    "hidden_keys_that_match_best",
)
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "scaled_dot_product_attention_good_manners", "points": 2}
given = np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 0.0]], dtype=np.float32)
before = given.copy()
allowed = np.array([[True, False, False], [True, True, False], [True, True, True]])
mask_before = allowed.copy()
for result in scaled_dot_product_attention(given, given, given, mask=allowed):
    assert result.dtype == np.float32, (
        "float32 comes back as float64: `np.sqrt` of a Python number is a float64"
    )
assert np.array_equal(given, before), (
    "The function changed its input: the caller's queries, keys or values"
)
assert np.array_equal(allowed, mask_before), (
    "The function changed its input: the caller's mask"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require(
    "scaled_dot_product_attention",
    scaled_dot_product_attention,
    "keeps_dtype",
    "whole_numbers",
    "leaves_its_input_alone",
)
### END HIDDEN TESTS

# %% [markdown] recall="CABAC"
# ## Recall
#
# Choose an answer to see what is right or wrong with it.
#
# **1. Random queries and keys get four times as long: 256 numbers for 64. What happens to the
# spread of their scores?**
#
# <details><summary>A. It stays the same</summary>
#
# No. Each product adds its own variance.
#
# </details>
#
# <details><summary>B. It gets four times as large</summary>
#
# No. The variance does; pluses and minuses cancel in part.
#
# </details>
#
# <details><summary>C. It gets twice as large</summary>
#
# Yes. The spread is the root of the length: 8 becomes 16.
#
# </details>
#
# **2. What does the division prevent?**
#
# <details><summary>A. A softmax with one winner, stuck where it is</summary>
#
# Yes. All entries of its Jacobian are nearly 0, and so is what can be learned.
#
# </details>
#
# <details><summary>B. Scores so large that their exponentials overflow</summary>
#
# No. Typical scores are far from it, and the shift by the maximum handles the rest.
#
# </details>
#
# <details><summary>C. Negative scores, which have no share</summary>
#
# No. A division changes no sign here, and a negative score has a share like any other.
#
# </details>
#
# **3. A model has words of 768 numbers and 12 heads with keys of 64. Which root does each head
# divide by?**
#
# <details><summary>A. The root of 768</summary>
#
# No. A score adds up 64 products, not 768.
#
# </details>
#
# <details><summary>B. The root of 64</summary>
#
# Yes. The sum in a score runs over the numbers of one key.
#
# </details>
#
# <details><summary>C. The root of 12</summary>
#
# No. The number of heads has no part in the spread of one head's scores.
#
# </details>
#
# **4. A mask is applied after the softmax, by a multiplication. What is wrong then?**
#
# <details><summary>A. The weights of a row no longer sum to 1</summary>
#
# Yes. The hidden words have taken a part of the budget with them.
#
# </details>
#
# <details><summary>B. Hidden words keep some weight</summary>
#
# No. They get exactly 0; it is the others that get too little.
#
# </details>
#
# <details><summary>C. Nothing, as long as the mask is right</summary>
#
# No. Above, the row that was hidden afterwards summed to .568.
#
# </details>
#
# **5. Random toy vectors give *making* a large weight on *understand*. What does that tell us?**
#
# <details><summary>A. That in this sentence, making is about understanding</summary>
#
# No. The vectors know no English.
#
# </details>
#
# <details><summary>B. That the toy has learned the sentence</summary>
#
# No. Nothing in it was learned.
#
# </details>
#
# <details><summary>C. That weights can look sensible by chance</summary>
#
# Yes. One pretty row is not evidence; chapter 15 tests such rows on many sentences.
#
# </details>

# %% [markdown]
# ## Recap
#
# - The dot product of two random vectors with $d_k$ numbers has a spread of $\sqrt{d_k}$.
# - Large scores make one key win, and then a nudge hardly moves the weights: vanishing
#   gradients, not overflow.
# - Divided by $\sqrt{d_k}$, the scores start with the same spread at every length.
# - A mask takes keys out of the race *before* the softmax; True means *may attend*.
#
# **What you have now:** `scaled_dot_product_attention(Q, K, V, mask=None)`, the whole equation.
# **Next:** [chapter 9](09_multi_head.py) lets a word ask several questions at once.

# %% [markdown]
# ## References
#
# - A. Vaswani and others, [*Attention Is All You Need*](https://arxiv.org/abs/1706.03762), 2017:
#   equation 1, and the reason for the root, with its footnote on the variance, in section 3.2.1.
# - PyTorch,
#   [`scaled_dot_product_attention`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html):
#   the mask as in this chapter.
# - A. Henry and others, [*Query-Key Normalization for
#   Transformers*](https://arxiv.org/abs/2010.04245), 2020: another answer to the same trouble.
