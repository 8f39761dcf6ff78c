# %% [markdown]
# # 14. Cost
#
# **What does attention cost, and what does it buy?**
#
# *Time:* 50 minutes. *Difficulty:* 3 of 5.
#
# After this chapter you can
#
# - count the multiplications and the bytes of an attention layer,
# - say when it is dearer than a recurrent network, and when not,
# - tell *less work* from *less waiting*, and training from generation,
# - keep keys and values so that a model that writes does not begin anew at every word.
#
# So far *apple* had two neighbours, and nothing took any time.
# In [chapter 13](13_learning.py), a model learned from many short sentences.
# Real texts have thousands of words.
# We begin with the old numbers, and count for the first time what they took.

# %% nbgrader={"grade_id": "cost_setup", "locked": true}
import math

import numpy as np

rng = np.random.default_rng(0)

# %% tags=["demo"]
import time
import tracemalloc

# %% tags=["demo"]
from figures.style import *

# %%
X = np.array([[0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [2.0, 0.0, 0.0]])  # love apple phones
n_products = 0
scores = np.zeros((3, 3))
for i in range(3):  # who asks
    for j in range(3):  # who is looked at
        for column in range(3):
            scores[i, j] += X[i, column] * X[j, column]
            n_products += 1

strengths = np.exp(scores[1] / math.sqrt(3))
apple_new = strengths / strengths.sum() @ X
print(
    "apple′ =", np.round(apple_new, 3), "  multiplications for the scores:", n_products
)

assert np.allclose(apple_new, [1.296, 0.432, 0.136], atol=5e-4)
assert n_products == 3 * 3 * 3  # queries, keys, columns

# %% [markdown]
# ## Predict first
#
# A layer of the first Transformer has vectors of 512 numbers.
# It does two kinds of work.
# Each word by itself is multiplied by the four matrices $W_Q, W_K, W_V, W_O$.
# And each word is compared with every word, then mixed.
#
# > **Your guess, before you run anything.**
# > At how many words does "every word with every word" become more work than the four
# > matrices: at about 20, 100, 1000 or 10 000?
#
# Write the guess down.
# The next section answers it.

# %% [markdown]
# ## Counting multiplications
#
# A matrix of $(a, b)$ times one of $(b, c)$ takes $a \cdot b \cdot c$ multiplications: that was
# the triple loop above.
# With $n$ words, and $d$ columns in all heads together:
#
# - the four matrices take $4 n d^2$,
# - the scores take $n^2 d$, and mixing the values takes $n^2 d$ again.
#
# The first grows with the length of the text, the second with its square.


# %%
def multiplications(n, d):
    """What one layer takes for n words: (four matrices, scores and mixing)."""
    return 4 * n * d * d, 2 * n * n * d


for n in [22, 100, 1000, 10_000]:
    matrices, pairs = multiplications(n, 512)
    print(
        f"{n:6d} words: matrices {matrices:.1e}, pairs {pairs:.1e},"
        f" pairs / matrices {pairs / matrices:.2f}"
    )

for d in [64, 384, 512, 4096]:
    first = next(
        n
        for n in range(1, 10**5)
        if multiplications(n, d)[0] <= multiplications(n, d)[1]
    )
    print(f"d = {d:4d}: equal at {first} words")
    assert first == 2 * d

# %% [markdown]
# So the answer to the prediction is *at about 1000*: at 1024, which is $2d$.
# Set $4nd^2 = 2n^2d$, and $n = 2d$ is what remains.
# Below it the famous square is the smaller part.
# In the sentence of 22 words from chapter 10, it is 2 percent of the work.

# %% tags=["demo"] alt="Log-log chart of multiplications against the number of words, for 512 columns. A straight line for the four matrices with slope one, and a steeper one for scores and mixing with slope two. They cross at 1024 words."
lengths = 2 ** np.arange(4, 16)
matrices, pairs = multiplications(lengths.astype(float), 512)
fig, ax = plt.subplots(figsize=(5.0, 3.2))
ax.loglog(lengths, matrices, "-", color=GREY, linewidth=2, label="four matrices")
ax.loglog(lengths, pairs, "--", color=PURPLE, linewidth=2, label="scores and mixing")
ax.axvline(1024, color=INK, linewidth=0.8, linestyle=":")
ax.text(1150, 1e8, "n = 2d")
ax.set(xlabel="words", ylabel="multiplications")
ax.legend(frameon=False)
plt.show()

# %% [markdown]
# *Figure: both axes are logarithmic, so a power is a straight line, and its exponent is the
# slope.*

# %% [markdown]
# ## Counting bytes
#
# The scores must stand somewhere before the softmax.
# One head and one sentence have a table of $n \times n$ numbers.
# A number of float32 takes 4 bytes.

# %%
table = np.zeros((256, 256), dtype=np.float32)
print("256 words:", table.nbytes, "bytes")
assert table.nbytes == 256 * 256 * 4

print(
    "4096 words:", 4096 * 4096 * 4, "bytes, about", round(4096 * 4096 * 4 / 1e6), "MB"
)
assert 4096 * 4096 * 4 == 67_108_864

# %% [markdown]
# That is one head, for one sentence, in one layer.
# How it grows with heads and batches is your first exercise.

# %% [markdown]
# ## Measuring
#
# Counting is one thing, a clock is another.
# From here on PyTorch helps.

# %% nbgrader={"grade_id": "cost_torch", "locked": true}
import torch
import torch.nn.functional as F

# %% [markdown]
# The next cell runs attention with one head of 64 columns, for longer and longer texts.
# PyTorch takes the time, on one thread, so that the clock sees the work and nothing else.
# NumPy tells how much memory was in use at most.

# %% tags=["demo"]
torch.set_num_threads(1)


def fastest(action, *arguments):
    """The shortest of five runs, in seconds: the one that was disturbed least."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        action(*arguments)
        times.append(time.perf_counter() - start)
    return min(times)


def one_head(q, k, v):
    """Attention with 64 columns."""
    return torch.softmax(q @ k.T / 8, dim=1) @ v


# %% tags=["demo"]
sizes = 2 ** np.arange(5, 12)
seconds, peak_bytes = [], []
for n in sizes:
    Q, K, V = rng.normal(size=(3, n, 64)).astype(np.float32)
    seconds.append(fastest(one_head, *map(torch.tensor, (Q, K, V))))
    tracemalloc.start()
    shares = np.exp(Q @ K.T / 8)
    shares /= shares.sum(axis=1)[:, None]
    mixed = shares @ V
    peak_bytes.append(tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()
    print(f"{n:5d} words: {1e3 * seconds[-1]:8.2f} ms, {peak_bytes[-1] / 1e6:6.1f} MB")

slope = np.diff(np.log2([seconds, peak_bytes]))[:, -1]
print(f"slope at the right end: time {slope[0]:.1f}, memory {slope[1]:.1f}")

# %% tags=["demo"] alt="Two log-log charts of measurements against the number of words from 32 to 2048: time in milliseconds, and memory in megabytes. Both curves rise, flatter on the left and steeper on the right, beside a dotted line of slope two."
fig, axes = plt.subplots(1, 2, figsize=(5.0, 3.0))
units = [1e3 * np.array(seconds), np.array(peak_bytes) / 1e6]
for ax, measured, title in zip(axes, units, ["time, ms", "memory, MB"]):
    ax.loglog(sizes, measured, "o-", color=PURPLE)
    ax.loglog(sizes, measured[-1] * (sizes / sizes[-1]) ** 2, ":", color=INK)
    ax.set(title=title, xlabel="words", xticks=[100, 1000])
plt.show()

# %% [markdown]
# *Figure: measured where this page was run.
# The dotted line has the slope 2: twice the words, four times the cost.*
#
# The milliseconds on your machine are others; look at the shape.
# On the left, small things that do not depend on the length weigh more, and the curve is flatter.
# On the right, both follow the square, if nothing else keeps your machine busy.
#
# Memory need not grow like that.
# A program can take the keys in blocks, keep a running maximum and a running total for each
# query, and never hold the whole table.
# FlashAttention does so, and PyTorch uses it where it can.
# The multiplications remain $n^2 d$.

# %% [markdown]
# ## Against a network that reads
#
# Before Transformers, *recurrent networks*, or [RNNs](glossary.md#RNN), read a text word by word.
# They keep one vector $h$, and each word changes it.

# %%
d = 8
W, U = rng.normal(size=(2, d, d)) / (2 * math.sqrt(d))
words = rng.normal(size=(22, d))  # the long sentence of chapter 10, random vectors


def read(words):
    """All states of a plain RNN (n, d): each step needs the state before it."""
    h, states = np.zeros(d), []
    for x in words:
        h = np.tanh(x @ W + h @ U)
        states.append(h)
    return np.array(states)


print("states:", read(words).shape)

# %% [markdown]
# The products `x @ W` of all words can be taken at once, as one product of matrices.
# The products `h @ U` cannot: each waits for the one before.

# %%
at_once = words @ W  # (22, d): all words in one product
assert np.allclose(at_once[5], words[5] @ W)

# %% tags=["demo"]
A = torch.randn(256, 256) / 32


def one_by_one(rows):
    """n products of a vector and a matrix; each waits for the one before."""
    h = torch.zeros(256)
    for row in rows:
        h = torch.tanh(row + h @ A)


def at_a_time(rows):
    """The same n products as one product of matrices."""
    return torch.tanh(rows + rows @ A)


for n in [64, 256, 1024]:
    rows = torch.randn(n, 256)
    loop, product = fastest(one_by_one, rows), fastest(at_a_time, rows)
    print(
        f"{n:5d} words: loop {1e3 * loop:6.2f} ms, one product {1e3 * product:5.2f} ms,"
        f" ratio {loop / product:.0f}"
    )

# %% [markdown]
# Both take the same number of multiplications.
# The loop pays for its waiting, and for Python's own steps; the one product can arrange its
# work as it likes.
# This was one thread: with many processors side by side, as in a graphics card, the product can
# use them all, and the loop still waits.
#
# Is attention dearer, then, or cheaper?
# Count the matrix products in one layer of each.
# An LSTM is the recurrent network that was most used; it has four pairs of matrices.


# %%
def per_layer(n, d):
    """Multiplications of one layer that reads n words with d columns."""
    return {
        "plain RNN": 2 * n * d**2,
        "LSTM": 8 * n * d**2,
        "attention": sum(multiplications(n, d)),
    }


for n in [22, 1024, 8192]:
    counts = ", ".join(
        f"{name} {count:.2e}" for name, count in per_layer(n, 512).items()
    )
    print(f"{n:5d} words: {counts}")

for n in [1, 22, 1023]:
    counted = per_layer(n, 512)
    assert counted["plain RNN"] < counted["attention"] < counted["LSTM"]
assert per_layer(1024, 512)["attention"] == per_layer(1024, 512)["LSTM"]

# %% [markdown]
# Up to $n = 2d$ an attention layer takes fewer multiplications than an LSTM, and always more
# than a plain RNN.
# (The paper compares $n^2 d$ with $n d^2$, which leaves the four matrices out; then the border
# is at $n = d$.)
#
# What is bought stands in the last two columns of this table; the last one is called the
# [path length](glossary.md#path-length).
#
# | layer | multiplications grow with | products that wait for each other | steps from word 1 to word n |
# |---|---|---|---|
# | recurrent | $n d^2$ | $n$ | $n - 1$ |
# | attention | $n d^2 + n^2 d$ | a few, whatever $n$ is | 1 |

# %% [markdown]
# ## From *apple* to *phone* in one step
#
# "The apple device that I bought last year, after months of comparing music players, voicemail
# features, and battery life, was a phone."
# *apple* is at place 1, *phone* at place 21.
# In an RNN, what *apple* has to say must pass through 20 steps.
# We change *apple* a little and look at how much *phone* notices; then the same with *a*, at
# place 20, next to *phone*.


# %%
def attend_last(words):
    """The last word looks at all words: its new vector (d,)."""
    strengths = np.exp(words[-1] @ words.T / math.sqrt(d))
    return strengths / strengths.sum() @ words


def read_last(words):
    """The RNN's state after the last word: (d,)."""
    return read(words)[-1]


def noticed(reader, words, place):
    """How much the last vector changes when the word at that place changes a little."""
    nudged = words.copy()
    nudged[place] += 0.01
    return np.abs(reader(nudged) - reader(words)).max()


words[20] = words[1]  # so that only the distance differs
for place in [20, 1]:
    recurrent = noticed(read_last, words, place)
    attention = noticed(attend_last, words, place)
    print(f"{21 - place:2d} steps away: RNN {recurrent:.1e}, attention {attention:.1e}")

assert np.isclose(noticed(attend_last, words, 1), noticed(attend_last, words, 20))
assert noticed(read_last, words, 1) < noticed(read_last, words, 20) / 1000

# %% [markdown]
# To attention, the distance is nothing: the number is the same.
# In this RNN next to nothing arrives.
# Ours is random and untrained; an LSTM was invented to do better, and does.
# But the way stays 20 steps long, and every step must carry *apple* along with all the rest.

# %% [markdown]
# ## Learning at once, writing one by one
#
# One of our sources says that a Transformer can "process entire sequence at once".
# It is true of learning.
# The text is there, and under a causal mask each row is what it would be if the text ended
# there: all guesses of the next word are made and marked in one pass.
# It is not true of writing: word 5 is chosen from the result for word 4, and until then
# nobody knows what to put in.
# See [*What we changed and why*](errata.py).

# %%
n = 22
passes = {"learning from it": 1, "writing it": n}
print(f"a text of {n} words:", passes)

rows_anew = sum(range(1, n + 1))  # every pass reads the whole text so far
print("rows put through the matrices when writing, all anew each time:", rows_anew)
print("rows that were new:", n)
assert rows_anew == n * (n + 1) // 2 == 253

# %% [markdown]
# 253 rows for 22 words: most of them had been computed before.
# Are they still the same?
# Under a causal mask, yes: a word never looks ahead, so no later word can change it, in any
# layer.

# %%
text = torch.tensor(words)[None]  # (1, 22, d)
shorter = text[:, :21]


def two_layers(x, causal):
    """Attention on top of attention, with plain vectors."""
    for _ in range(2):
        x = F.scaled_dot_product_attention(x, x, x, is_causal=causal)
    return x


decoder_same = torch.allclose(two_layers(text, True)[:, :21], two_layers(shorter, True))
encoder_same = torch.allclose(
    two_layers(text, False)[:, :21], two_layers(shorter, False)
)
print(
    "a word is added; are the old rows the same?  decoder",
    decoder_same,
    " encoder",
    encoder_same,
)

assert decoder_same and not encoder_same

# %% [markdown]
# So a decoder may keep what it has computed.
# What does a new word need of the old ones?
# Their keys, to be compared with its query, and their values, to be mixed.
# Their queries have been answered, and are not needed again.
# The keys and values that are kept are called the [KV cache](glossary.md#KV-cache).
#
# Here is the last word of our text, once as the last row of the big product, and once with its
# own query alone and all keys and values.

# %%
W_Q, W_K, W_V = rng.normal(size=(3, d, d)) / math.sqrt(d)
rows = (np.array([[word @ W for word in words]]) for W in (W_Q, W_K, W_V))
Q, K, V = map(torch.tensor, rows)  # (1, 22, d) each
big = F.scaled_dot_product_attention(Q, K, V, is_causal=True)[0, -1]
alone = F.scaled_dot_product_attention(Q[:, -1:], K, V)[0, 0]
print("largest difference:", float((big - alone).abs().max()))

scores = [(words[-1] @ W_Q) @ (word @ W_K) / math.sqrt(d) for word in words]
by_hand = np.zeros(d)  # and in NumPy, word by word
for score, word in zip(scores, words):
    by_hand += np.exp(score) / np.exp(scores).sum() * (word @ W_V)

assert torch.allclose(big, alone, rtol=0, atol=1e-12)
assert np.allclose(by_hand, alone.numpy())

# %% [markdown]
# The same numbers, up to rounding, for one row of work instead of 22.
# No mask is needed: nothing in the cache lies ahead.
#
# > **A trap.**
# > With one query and many keys, do not say `is_causal=True`.
# > PyTorch lays the triangle into the *upper left* corner, so that the only query is taken for
# > the first word.

# %%
trapped = F.scaled_dot_product_attention(Q[:, -1:], K, V, is_causal=True)[0, 0]
print("it has looked at the first word alone:", torch.allclose(trapped, V[0, 0]))

assert torch.allclose(trapped, V[0, 0])
assert not torch.allclose(trapped, alone)

# %% tags=["demo"] alt="Log-log chart of milliseconds per new word against the number of words so far, from 64 to 2048. The curve for computing all rows anew lies above the curve for the new row alone, and rises more steeply."
so_far = 2 ** np.arange(6, 12)
anew, one_row = [], []
for n in so_far:
    q, k, v = torch.randn(3, int(n), 64)
    anew.append(1e3 * fastest(one_head, q, k, v))
    one_row.append(1e3 * fastest(one_head, q[-1:], k, v))

fig, ax = plt.subplots(figsize=(5.0, 3.2))
ax.loglog(so_far, anew, "o--", color=GREY, label="all rows anew")
ax.loglog(so_far, one_row, "o-", color=PURPLE, label="the new row alone")
ax.set(xlabel="words so far", ylabel="ms for one new word")
ax.legend(frameon=False)
plt.show()

# %% [markdown]
# *Figure: measured where this page was run, one head of 64 columns.
# A new word costs $n^2 d$ without the cache and $n d$ with it; the matrices come on top.*
#
# The price is memory: two rows for each word, in each layer, for as long as the text goes on.
# It grows with n, not with its square; with long texts and many users it is still what fills
# the machine.

# %%
one_layer = 2 * 4096 * 512 * 4  # keys and values, words, columns, bytes of a float32
print("cache of one layer at 4096 words, d = 512:", round(one_layer / 1e6, 1), "MB")
print("scores of its eight heads, if all were held:", round(8 * 67_108_864 / 1e6), "MB")

assert one_layer == 16_777_216

# %% [markdown]
# ## A common mistake
#
# > **"It is parallel, so it is cheap."**
# > [Parallel](glossary.md#parallel) means that the work need not wait, not that there is less of it.
# > Ten times the words are a hundred times the scores, on one processor or on a thousand.

# %%
assert multiplications(10_000, 512)[1] == 100 * multiplications(1000, 512)[1]

# %% [markdown]
# > **"Attention is always dearer than an RNN."**
# > Below $n = 2d$ words it takes fewer multiplications than an LSTM, as counted above.
#
# > **"A Transformer writes all words at once."**
# > It *learns* from all at once.
# > It writes one after the other, as an RNN does; what it gains there is the short way back.

# %% [markdown]
# ## Exercise: `score_bytes`
#
# *Difficulty:* 1 of 5. *Time:* 4 minutes. *Points:* 3.
#
# One head of one sentence has a table of scores.
# A layer has several heads, and works on a batch of sentences.
# How many bytes do all its scores take?
#
# <details><summary>Hint 1: one table</summary>
#
# A score for every query and every key: how many is that for n words?
#
# </details>
#
# <details><summary>Hint 2: how many tables?</summary>
#
# One for each head of each sentence.
#
# </details>
#
# <details><summary>Hint 3: bytes</summary>
#
# Each number takes `itemsize` bytes: 4 for float32, 2 for float16.
# Check yourself with the 67 108 864 bytes above.
#
# </details>


# %% nbgrader={"grade_id": "score_bytes", "solution": true}
# exercise: score_bytes
def score_bytes(n, n_heads, batch, itemsize):
    """Count the bytes of all scores of a layer.

    n: words in each sentence.
    n_heads: heads of the layer.
    batch: sentences at once.
    itemsize: bytes of one number.
    Returns a whole number of bytes.
    """
    ### BEGIN SOLUTION
    return batch * n_heads * n * n * itemsize
    ### END SOLUTION


# %% nbgrader={"grade_id": "score_bytes_of_one_head", "points": 1}
try:
    n_bytes = score_bytes(4096, 1, 1, 4)
except NotImplementedError:
    raise NotImplementedError(
        "Fill in score_bytes in the cell above, then run both cells"
    ) from None

assert n_bytes is not None, "score_bytes returned None: is there a `return`?"
assert n_bytes == 67_108_864, (
    "There is one score for every query *and* key: `itemsize` bytes each"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("score_bytes", score_bytes, "one_head")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "score_bytes_of_a_layer", "points": 2}
assert score_bytes(10, 1, 1, 2) == 200, "A float16 takes 2 bytes: is `itemsize` used?"
assert score_bytes(10, 8, 1, 2) == 1600, "Every head has a score matrix of its own"
assert score_bytes(10, 8, 5, 2) == 8000, (
    "Every sentence of the batch has score matrices of its own"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("score_bytes", score_bytes, "heads_and_sentences", "size_of_a_number")
require("score_bytes", score_bytes, "long_texts")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise: `attend_with_cache`
#
# *Difficulty:* 3 of 5. *Time:* 15 minutes. *Points:* 8.
#
# Write one step of a decoder with one head.
# A new word x comes in, together with the cache of the words before it: `None` for the first
# word, then the pair (K, V).
# The word attends to all earlier words and to itself.
# Out come its new vector, and the cache with one row more.
# The cache that came in stays as it was.
#
# <details><summary>Hint 1: what is new?</summary>
#
# Three vectors: the query, the key and the value of x.
# Two of them go into the cache.
#
# </details>
#
# <details><summary>Hint 2: in which order?</summary>
#
# The word also looks at itself, so let the cache grow first.
# A row put under a table must be a table of one row itself.
#
# </details>
#
# <details><summary>Hint 3: a plan in four lines</summary>
#
# Keys and values with the new row at the end; one score for each key, divided by the root of
# d_k; a softmax that survives large scores; the shares times the values.
#
# </details>


# %% nbgrader={"grade_id": "attend_with_cache", "solution": true}
# exercise: attend_with_cache
def attend_with_cache(x, cache, W_Q, W_K, W_V):
    """Let one new word attend to all words before it and to itself.

    x: (d_model,) the new word, floats or whole numbers.
    cache: None, or (K, V) of the words so far, (t, d_k) and (t, d_v); not changed.
    W_Q, W_K: (d_model, d_k); W_V: (d_model, d_v).
    Returns (output, cache): (d_v,), and (K, V) with one row more each.
    """
    ### BEGIN SOLUTION
    K, V = (x @ W_K)[None], (x @ W_V)[None]
    if cache is not None:
        K, V = np.concatenate([cache[0], K]), np.concatenate([cache[1], V])
    scores = K @ (x @ W_Q) / math.sqrt(K.shape[1])
    strengths = np.exp(scores - scores.max())
    return strengths / strengths.sum() @ V, (K, V)
    ### END SOLUTION


# %% nbgrader={"grade_id": "attend_with_cache_example", "locked": true}
# A short text and three matrices: the tests below use them.
example = np.random.default_rng(13)
text_given = example.normal(size=(5, 4))  # 5 words of 4 numbers
to_query, to_key = example.normal(size=(2, 4, 3))  # d_k = 3
to_value = example.normal(size=(4, 2))  # d_v = 2
three = to_query, to_key, to_value
whole = [torch.tensor(np.array([[x @ W for x in text_given]])) for W in three]
all_at_once = F.scaled_dot_product_attention(*whole, is_causal=True)[
    0
].numpy()  # (5, 2)

# %% nbgrader={"grade_id": "attend_with_cache_first_word", "points": 3}
try:
    step = attend_with_cache(text_given[0], None, *three)
except NotImplementedError:
    raise NotImplementedError(
        "Fill in attend_with_cache in the cell above, then run both cells"
    ) from None

assert isinstance(step, tuple | list) and len(step) == 2, (
    "Two results are asked for: the output and the cache"
)
assert len(step[1]) == 2, "The cache is one result, the pair (K, V)"
assert step[1][0].shape == (1, 3), (
    "The cache comes back with one row more: after the first word it has one"
)
assert np.allclose(step[0], all_at_once[0]), (
    "The first word has only itself to look at: it gets its own value"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("attend_with_cache", attend_with_cache, "cache_grows", "first_word")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "attend_with_cache_whole_text", "points": 3}
kept = None
for t, word in enumerate(text_given):
    output, kept = attend_with_cache(word, kept, *three)
    assert len(kept[0]) == t + 1, "The cache should grow by one row for each word"

assert not np.allclose(output, text_given[-1] @ to_value), (
    "The new word looks only at itself"
)
assert np.allclose(kept[0], whole[1][0].numpy()), (
    "The cache should hold the keys, in order"
)
assert np.allclose(output, all_at_once[-1]), (
    "A later word looks at all words kept, and at itself: see the big product"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("attend_with_cache", attend_with_cache, "later_words", "two_texts_in_turn")
require("attend_with_cache", attend_with_cache, "widths_apart")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "attend_with_cache_good_manners", "points": 2}
given = (whole[1][0, :3].numpy(), whole[2][0, :3].numpy())  # (3, 3) and (3, 2)
attend_with_cache(text_given[3], given, *three)
assert given[0].shape == (3, 3), "The function changed its input: the caller's cache"
single = [A.astype(np.float32) for A in (text_given[0], *three)]
output, kept = attend_with_cache(single[0], None, *single[1:])
assert output.dtype == np.float32, "float32 in should give float32 out"
assert kept[0].dtype == np.float32, "The cache should keep float32, too"
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("attend_with_cache", attend_with_cache, "large_scores", "keeps_dtype")
require("attend_with_cache", attend_with_cache, "whole_numbers")
require("attend_with_cache", attend_with_cache, "leaves_its_inputs_alone")
### END HIDDEN TESTS

# %% [markdown] recall="BCBA"
# ## Recall
#
# Choose an answer to see what is right or wrong with it.
#
# **1. A text becomes three times as long. What happens to the table of scores?**
#
# <details><summary>A. It becomes three times as large</summary>
#
# No. It has three times the rows, and each row is three times as long.
#
# </details>
#
# <details><summary>B. It becomes nine times as large</summary>
#
# Yes. There is a score for each query and each key.
#
# </details>
#
# <details><summary>C. It stays the same, because all scores are taken in parallel</summary>
#
# No. Parallel is about waiting, not about how many there are.
#
# </details>
#
# **2. A layer has d = 512 and reads 22 words. Where is most of the work?**
#
# <details><summary>A. In the softmax</summary>
#
# No. It takes some operations for each score, and a score itself took 64 or more.
#
# </details>
#
# <details><summary>B. In comparing every word with every word</summary>
#
# No. That is the smaller part below n = 2d, and 22 is far below 1024.
#
# </details>
#
# <details><summary>C. In the four matrices</summary>
#
# Yes. They take about 98 percent of the multiplications here.
#
# </details>
#
# **3. Which part of a Transformer's life cannot be done for all words at once?**
#
# <details><summary>A. Learning from a text</summary>
#
# No. The text is there, and a mask keeps every word from looking ahead.
#
# </details>
#
# <details><summary>B. Writing a text</summary>
#
# Yes. Each word must be chosen before the next one can be computed.
#
# </details>
#
# <details><summary>C. Reading a text with an encoder</summary>
#
# No. All rows are parts of the same few products.
#
# </details>
#
# **4. Why are keys and values kept, and queries not?**
#
# <details><summary>A. Later words look at old keys and values; an old query is never asked again</summary>
#
# Yes. A query is used once, by its own word.
#
# </details>
#
# <details><summary>B. Queries are larger</summary>
#
# No. Queries are as wide as keys.
#
# </details>
#
# <details><summary>C. Queries change when a new word comes, keys and values do not</summary>
#
# No. Under a causal mask none of the three changes.
#
# </details>

# %% [markdown]
# ## Recap
#
# - The four matrices take $4nd^2$ multiplications, scores and mixing $2n^2d$: equal at $n = 2d$.
# - The scores of one head take 67 MB at 4096 words in float32.
# - Parallel means less waiting, not less work.
# - An RNN needs $n - 1$ steps from the first word to the last, attention one.
# - Learning takes one pass for all words, writing one pass for each; a cache of keys and values
#   saves what was computed before.
#
# **What you have now:** `score_bytes`, `attend_with_cache`.
# **Next:** [chapter 15](15_real_transformer.py) opens a real Transformer.

# %% [markdown]
# ## References
#
# - A. Vaswani and others, [*Attention Is All You Need*](https://arxiv.org/abs/1706.03762), 2017:
#   table 1 compares work, waiting and path length.
# - S. Hochreiter, J. Schmidhuber, [*Long Short-Term
#   Memory*](https://doi.org/10.1162/neco.1997.9.8.1735), 1997: the LSTM.
# - T. Dao and others, [*FlashAttention*](https://arxiv.org/abs/2205.14135), 2022: the same result
#   without the whole table in memory.
# - N. Shazeer, [*Fast Transformer Decoding: One Write-Head is All You
#   Need*](https://arxiv.org/abs/1911.02150), 2019: what the cache costs, and a way to shrink it.
# - R. Pope and others, [*Efficiently Scaling Transformer
#   Inference*](https://arxiv.org/abs/2211.05102), 2022: where time and memory go in practice.
