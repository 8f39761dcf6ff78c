# %% [markdown]
# # What we changed and why
#
# This course grew from four texts about self-attention.
# They found the best questions, the best analogies and the word *apple*, and we owe them the plan
# of this book.
# In some places they are wrong, or say more than is known, or lost a formula on their way here.
# This page lists each such place: what the text says, what is true, a cell that shows it, and the
# chapter that teaches it.
#
# We call the four texts by what they are.
#
# | name here | what it is | what we learned from it |
# |---|---|---|
# | the wiki chapter | a page of a wiki on Transformers | to follow one word, *making*, through every step |
# | the learning guide | a page of key points | to say in one line what each part is for |
# | the tutorial module | a lesson with code | to open with a sentence that needs attention, and to run the library |
# | the deep dive | a short book in 24 sections | the apple, the budget of attention, and the order of the ideas |
#
# Everybody who writes about this subject slips somewhere, and we will have too.
# If you find a place, please tell us: it will be listed here with your name, if you like.

# %%
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

rng = np.random.default_rng(0)
torch.manual_seed(0)

# %% tags=["demo"]
from figures.style import *

# %% [markdown]
# ## The wiki chapter
#
# ### Weights that sum to 1.12
#
# **It says:** the scores of *making* are .1, .8, .2 and so on, and softmax turns them into .02,
# .25, .03 and so on.
#
# **What is true:** the weights of a softmax sum to 1, and these sum to 1.12.

# %%
printed_sentence = "the transformer is making it possible to understand language"
sentence = printed_sentence.split()
scores = np.array([0.1, 0.8, 0.2, 0.9, 0.7, 0.3, 0.1, 0.6, 0.4])
printed = np.array([0.02, 0.25, 0.03, 0.35, 0.20, 0.04, 0.02, 0.15, 0.06])
weights = torch.softmax(torch.tensor(scores), dim=-1).numpy()

for word, score, was, is_now in zip(sentence, scores, printed, weights):
    print(f"{word:12s} score {score:.1f}   printed {was:.2f}   softmax {is_now:.3f}")
print(f"sums: printed {printed.sum():.2f}, softmax {weights.sum():.2f}")

true_weights = [0.075, 0.150, 0.083, 0.166, 0.136, 0.091, 0.075, 0.123, 0.101]
assert np.isclose(printed.sum(), 1.12)
assert np.allclose(weights, true_weights, atol=5e-4)
assert list(np.argsort(-weights)[:4]) == list(np.argsort(-printed)[:4])

# %% [markdown]
# The order of the words is right: the four largest are the same four.
# The sizes are not, and no temperature saves them.
# At a temperature $T$, two weights have the ratio $e^{(s_i - s_j)/T}$, so each pair of words gives
# away the temperature.
# Two pairs give two temperatures that exclude each other, even if each printed weight is rounded.

# %%


def temperatures(high, low):
    """The smallest and largest T that two printed weights allow, if rounded to 2 digits."""
    i, j = sentence.index(high), sentence.index(low)
    gap = scores[i] - scores[j]
    steepest = math.log((printed[i] + 0.005) / (printed[j] - 0.005))
    flattest = math.log((printed[i] - 0.005) / (printed[j] + 0.005))
    return gap / steepest, gap / flattest


pair_one = temperatures("making", "transformer")
pair_two = temperatures("understand", "language")
print("making and transformer:  T between", np.round(pair_one, 2))
print("understand and language: T between", np.round(pair_two, 2))

assert pair_two[1] < pair_one[0], "the two ranges do not meet"

# %% tags=["demo"] alt="Pairs of bars for the nine words. The printed weights are high for making, transformer, it and understand and low for the rest; the true softmax weights of the same scores are all between .075 and .166."
fig, ax = plt.subplots(figsize=(5.0, 3.4))
places = np.arange(9)
ax.barh(places - 0.2, printed, 0.38, color=GREY, label="printed, sum 1.12")
ax.barh(places + 0.2, weights, 0.38, color=PURPLE, label="softmax, sum 1")
ax.set_yticks(places, sentence)
ax.invert_yaxis()
ax.set_xlabel("weight of each word for making")
ax.legend(frameon=False, loc="lower right", fontsize=10)
plt.show()

# %% [markdown]
# *Figure: the weights as printed, and the softmax of the scores beside them.*
#
# *Taught in* [chapter 4](04_softmax.py), where it is a riddle: which step is missing?

# %% [markdown]
# ### Four large weights, four reasons
#
# **It says:** *making* looks at *Transformer* because that does the making, at *it* because that
# is made, at *understand* because that is the purpose.
#
# **What is true:** the numbers were chosen for the picture, and even a real model's weights are
# not reasons.
# Different weights can give exactly the same output, and then they cannot both be the reason.
# Here the values have three numbers each, and we look for other weights with the same mix.

# %%
V = rng.normal(size=(9, 3))  # (n_tokens, d_v)
kept = np.vstack([V.T, np.ones(9)])  # (4, 9): the mix and the sum must not change
free = np.linalg.svd(kept)[2][4:]  # (5, 9): changes to the weights that nobody sees

wish = np.zeros(9)
wish[sentence.index("is")], wish[sentence.index("making")] = 1, -1
change = free.T @ (free @ wish)  # (9,)
step = min(w / -c for w, c in zip(weights, change) if c < 0)
others = weights + 0.95 * step * change

for word, first, second in zip(sentence, weights, others):
    print(f"{word:12s} {first:.3f}   {second:.3f}")
print("the mix:", np.round(weights @ V, 4), np.round(others @ V, 4))

assert (others > 0).all() and np.isclose(others.sum(), 1)
assert np.allclose(weights @ V, others @ V)
assert sentence[weights.argmax()] == "making"
assert sentence[others.argmax()] == "transformer"
assert np.abs(weights - others).max() > 0.05

# %% [markdown]
# The first column looks most at *making*, the second at *transformer*.
# Nobody who sees the output can tell which of the two was used.
# This is a small relative of an experiment by Jain and Wallace (2019); Wiegreffe and Pinter (2019)
# answered it, and both are in the [references](references.md).
#
# *Taught in* [chapter 15](15_real_transformer.py), with a real model.

# %% [markdown]
# ### Heads with given roles
#
# **It says:** head 1 is for syntax, head 2 for meaning, head 3 for positions, head 4 for the task.
# The learning guide has another list, and the tutorial module a third; that one says *might*,
# which is right.
#
# **What is true:** nobody assigns a role.
# Every head has the same formula and starts from random numbers.
# Which head ends up with which pattern is chance: here two heads change places, and the layer
# computes the same function.

# %%
d_model, n_heads = 16, 4
d_head = d_model // n_heads
order = [2, 0, 3, 1]
x = torch.randn(9, d_model)

layer = nn.MultiheadAttention(d_model, n_heads, bias=False)
shuffled = nn.MultiheadAttention(d_model, n_heads, bias=False)
with torch.no_grad():
    blocks = layer.in_proj_weight.view(3, n_heads, d_head, d_model)
    shuffled.in_proj_weight.copy_(blocks[:, order].reshape(3 * d_model, d_model))
    columns = layer.out_proj.weight.view(d_model, n_heads, d_head)
    shuffled.out_proj.weight.copy_(columns[:, order].reshape(d_model, d_model))

before, maps = layer(x, x, x, average_attn_weights=False)
after, new_maps = shuffled(x, x, x, average_attn_weights=False)
print("largest difference of the outputs:", (before - after).abs().max().item())

assert torch.allclose(before, after, atol=1e-6)
assert torch.allclose(maps[order], new_maps, atol=1e-6)
assert not torch.allclose(maps, new_maps, atol=1e-2)

# %% [markdown]
# Trained heads often do show a pattern, and people found some by looking (Clark et al. 2019,
# Vig 2019).
# That is a finding about one trained model, and not a part of the mechanism.
#
# *Taught in* [chapter 9](09_multi_head.py) and [chapter 15](15_real_transformer.py).

# %% [markdown]
# ### The missing $W_O$
#
# **It says:** the heads are set side by side, and that is the output.
#
# **What is true:** one more matrix follows, $W_O$.
# Without it each number of the output has seen one head only.
# We change what one head carries, and count how many of the 16 output numbers notice.

# %%


def numbers_that_notice(layer):
    """How many columns of the output move when the values of head 1 change."""
    changed = nn.MultiheadAttention(d_model, n_heads, bias=False)
    changed.load_state_dict(layer.state_dict())
    with torch.no_grad():
        head_one = slice(2 * d_model + d_head, 2 * d_model + 2 * d_head)
        changed.in_proj_weight[head_one] += 1.0
    moved = (layer(x, x, x)[0] - changed(x, x, x)[0]).abs().amax(dim=0)  # (d_model,)
    return int((moved > 1e-4).sum())


with_W_O = numbers_that_notice(layer)
with torch.no_grad():
    layer.out_proj.weight.copy_(torch.eye(d_model))  # as if there were no W_O
without_W_O = numbers_that_notice(layer)
print(f"with W_O {with_W_O} of 16 numbers notice, without it {without_W_O}")

assert (with_W_O, without_W_O) == (16, 4)

# %% [markdown]
# *Taught in* [chapter 9](09_multi_head.py).

# %% [markdown]
# ## The learning guide
#
# ### "Attention weights show what the model focuses on"
#
# **What is true:** they show how the values are mixed at one place, and no more.
# What a word adds to the output is its weight *times its value*, and a value can be nearly
# nothing.
# Here the word with the largest weight adds nothing at all.

# %%
row = torch.tensor([0.6, 0.3, 0.1], dtype=torch.float64)  # (n_keys,)
X = torch.tensor([[0.0, 0.0, 2.0], [1.0, 1.0, 0.0], [2.0, 0.0, 0.0]]).double()
W_V = torch.tensor(
    [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]
).double()  # drops the third axis
values = X @ W_V  # (n_keys, d_v)

lengths = (row[:, None] * values).norm(dim=-1)
for word, w, length in zip(["love", "apple", "phones"], row, lengths):
    print(f"{word:7s} weight {w:.1f}   what it adds has the length {length:.2f}")

assert row.argmax() == 0 and lengths[0] == 0
assert torch.equal(row @ values, row[1:] @ values[1:])

# %% [markdown]
# So a bright cell in a heat map is a question to test, and not an answer.
# In one layer the weights are read correctly as a mix; over many layers even that gets harder,
# because each position already holds a mix of others.
#
# *Taught in* [chapter 2](02_mixing.py), [chapter 13](13_learning.py) and
# [chapter 15](15_real_transformer.py).

# %% [markdown]
# ### "The entire sequence at once"
#
# **It says:** unlike a recurrent network, a model with attention processes the entire sequence
# at once.
#
# **What is true:** it can when the sequence is there, as in training, or when you read a text.
# When a model *writes*, each new token must exist before it can be read: one pass for each.
# Here a tiny random language model writes eight tokens.

# %%
torch.manual_seed(1)
n_words, width = 50, 16
E = torch.randn(n_words, width)
P = 0.5 * torch.randn(20, width)  # a vector for each position
U = torch.randn(width, n_words)


def guesses(tokens):
    """The next token after each token, from one pass over the text, (n,)."""
    h = (E[tokens] + P[: len(tokens)])[None]  # (1, n, width)
    mixed = F.scaled_dot_product_attention(h, h, h, is_causal=True)[0]
    return (mixed @ U).argmax(dim=-1)


def write(start, n_new):
    """A text that begins with `start`, and the passes that it took to write the rest."""
    tokens, passes = list(start), 0
    while passes < n_new:
        tokens.append(int(guesses(torch.tensor(tokens))[-1]))
        passes += 1
    return tokens, passes


text, passes = write([3, 14], 8)
again = guesses(torch.tensor(text))[1:-1].tolist()
other_text, _ = write([*text[:2], (text[2] + 1) % n_words], 7)
print("written in", passes, "passes:", text)
print("one pass over the finished text guesses the same eight:", again)
print("with another third token:", other_text)

assert passes == 8 and again == text[2:]
assert all(a != b for a, b in zip(text[3:], other_text[3:]))

# %% [markdown]
# The last line is why they cannot be written at once: with another third token, all that
# follows is another text.
#
# *Taught in* [chapter 14](14_cost.py); what a left-to-right model may read is in
# [chapter 10](10_masks.py).

# %% [markdown]
# ### The view in three dimensions
#
# **It says:** explore our interactive view in three dimensions.
#
# **What is true:** the text that reached us has none, so we made one:
# [the mechanism in three dimensions](explorer.py).
# Three numbers for each word are all that such a view needs, and the running example has three:
# tech, fruit and feeling.
# Here it is as a picture that stands still.

# %%
points = {
    "love": [0, 0, 1],
    "apple": [1, 1, 0],
    "phones": [2, 0, 0],
    "juice": [0, 2, 0],
}


def moved_apple(*sentence):
    """apple′ in this sentence, by plain dot products, (3,)."""
    X = torch.tensor([points[word] for word in sentence]).double()  # (n, 3)
    return F.scaled_dot_product_attention(X[1:2], X, X, scale=1.0)[0].numpy()


apple_phones = moved_apple("love", "apple", "phones")
apple_juice = moved_apple("love", "apple", "juice")
print("apple′", np.round(apple_phones, 3), np.round(apple_juice, 3))

assert np.allclose(apple_phones, [1.405, 0.468, 0.063], atol=5e-4)
assert np.allclose(apple_juice, [0.468, 1.405, 0.063], atol=5e-4)

# %% tags=["demo"] alt="The words love, apple, phones and juice as points in a room with the axes tech, fruit and feeling. Two arrows leave apple: one towards phones, one towards juice. Both rise a little towards love."
fig = plt.figure(figsize=(4.8, 4.2), layout="none")
ax = fig.add_axes((0.06, 0.02, 0.92, 0.98), projection="3d")
for word, (tech, fruit, feeling) in points.items():
    colour = COLOURS["apple"] if word == "apple" else INK
    ax.plot([tech, tech], [fruit, fruit], [0, feeling], color=GREY, linewidth=1)
    ax.scatter(tech, fruit, feeling, color=colour, s=45, depthshade=False)
    ax.text(tech, fruit, feeling + 0.08, word, color=colour, ha="center")
for end in [apple_phones, apple_juice]:
    ax.plot(*zip(points["apple"], end), color=COLOURS["apple"])
    ax.scatter(*end, facecolor="white", edgecolor=COLOURS["apple"], s=45)
ax.set(xlabel="tech", ylabel="fruit", zlabel="feeling", zlim=(0, 1.2))
ax.set(xticks=[0, 1, 2], yticks=[0, 1, 2], zticks=[0, 1])
ax.view_init(elev=24, azim=40)
ax.set_box_aspect((1, 1, 0.7), zoom=0.9)
plt.show()

# %% [markdown]
# *Figure: the running example in its three dimensions; the apple moves to the ends of the two
# lines.*
#
# *Taught in* [chapter 1](01_two_meanings.py) and [chapter 5](05_first_attention.py).

# %% [markdown]
# ## The tutorial module
#
# ### The keys of all *other* words
#
# **It says:** the query of a word is multiplied by the keys of all other words.
# The learning guide says so too.
#
# **What is true:** a word's own key is among them.
# The scores of $n$ words are an $n \times n$ table, diagonal included.
# Leave the diagonal out, and the result is another one; a sentence of one word could not be
# computed at all.

# %%
X = torch.tensor([[0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [2.0, 0.0, 0.0]]).double()
eye = torch.eye(3, dtype=torch.bool)
as_values = torch.eye(
    3
).double()  # with these values the output is the table of weights

all_words = F.scaled_dot_product_attention(X, X, as_values)
others_only = F.scaled_dot_product_attention(X, X, as_values, attn_mask=~eye)
print("apple, all words:  ", np.round(all_words[1].numpy(), 3))
print("apple, others only:", np.round(others_only[1].numpy(), 3))

assert all_words[1, 1] > 0.4 and others_only[1, 1] == 0
assert torch.softmax(torch.tensor([]), dim=-1).numel() == 0, "one word has no others"

# %% [markdown]
# *Taught in* [chapter 6](06_query_key_value.py).

# %% [markdown]
# ### Three random tensors
#
# **It says:** this is self-attention in PyTorch, and gives `nn.MultiheadAttention` three
# independent random tensors as query, key and value.
#
# **What is true:** the shapes are right, and the code runs.
# But *self* means that all three come from the same tokens: `mha(x, x, x)`.
# In the snippet the query's tokens and the key's tokens have nothing to do with each other.
# One can see it: there the key could have another length, and in self-attention it cannot.

# %%
mha = nn.MultiheadAttention(embed_dim=512, num_heads=8)
x = torch.randn(10, 1, 512)  # (n_tokens, batch, d_model)
query, key, value = torch.randn(3, 10, 1, 512)

with torch.no_grad():
    self_attention, weights_averaged = mha(x, x, x)
    snippet, _ = mha(query, key, value)
    cross, cross_weights = mha(query, torch.randn(7, 1, 512), torch.randn(7, 1, 512))
    _, weights_by_head = mha(x, x, x, average_attn_weights=False)
print("self-attention", self_attention.shape, "snippet", snippet.shape)
print("with a key of another length", cross.shape, "weights", cross_weights.shape)
print("weights", weights_averaged.shape, "one map for each head", weights_by_head.shape)

assert self_attention.shape == snippet.shape == cross.shape == (10, 1, 512)
assert cross_weights.shape == (1, 10, 7)
assert weights_averaged.shape == (1, 10, 10)
assert weights_by_head.shape == (1, 8, 10, 10)

# %% [markdown]
# Another sign: change one token.
# In self-attention every output hears of it; in the snippet, a changed query changes its own
# output and no other.

# %%


def outputs_that_move(first, second):
    """How many of the 10 output rows differ between two results of mha."""
    return int(((first - second).abs().amax(dim=(1, 2)) > 1e-6).sum())


new_x, new_query = x.clone(), query.clone()
new_x[3] += 1.0
new_query[3] += 1.0
with torch.no_grad():
    heard = outputs_that_move(self_attention, mha(new_x, new_x, new_x)[0])
    unheard = outputs_that_move(snippet, mha(new_query, key, value)[0])
print(f"self-attention: {heard} outputs move; the snippet: {unheard}")

assert (heard, unheard) == (10, 1)

# %% [markdown]
# *Taught in* [chapter 9](09_multi_head.py); the other traps of this class are in
# [PyTorch traps](pytorch_traps.py).

# %% [markdown]
# ### *tired* comes after *it*
#
# **It says:** in "the animal didn't cross the street because it was too tired", attention links
# *it* strongly to *animal* and weakly to *street*.
#
# **What is true, first:** only *tired* tells, because with *wide* the word *it* is the street.
# And *tired* comes after *it*.
# A left-to-right model has not read it yet, so its vector of *it* cannot differ.

# %%
known_so_far = "the animal didn't cross the street because it was too"
start = known_so_far.split()
words = sorted({*start, "tired", "wide"})
vector_of = dict(zip(words, torch.randn(len(words), 8)))


def vector_of_it(last_word, is_causal):
    """The new vector of *it* in the sentence with this last word, (8,)."""
    X = torch.stack([vector_of[word] for word in [*start, last_word]])[
        None
    ]  # (1, 11, 8)
    mixed = F.scaled_dot_product_attention(X, X, X, is_causal=is_causal)
    return mixed[0, start.index("it")]


for name, is_causal in [("left to right", True), ("both ways", False)]:
    tired, wide = (vector_of_it(word, is_causal) for word in ["tired", "wide"])
    gap = (tired - wide).abs().max().item()
    print(f"{name:13s}  largest difference of *it*: {gap:.3f}")

assert torch.equal(vector_of_it("tired", True), vector_of_it("wide", True))
assert not torch.allclose(vector_of_it("tired", False), vector_of_it("wide", False))

# %% [markdown]
# **What is true, second:** the mechanism by itself prefers neither noun.
# Here are a thousand attention layers that have learned nothing.

# %%
X = torch.stack([vector_of[word] for word in [*start, "tired"]])  # (11, 8)
it, animal, street = (start.index(word) for word in ["it", "animal", "street"])
W_Q, W_K = torch.randn(2, 1000, 8, 8)
as_values = torch.eye(11).expand(1000, 11, 11)
maps = F.scaled_dot_product_attention(X @ W_Q, X @ W_K, as_values)  # (1000, 11, 11)
share = (maps[:, it, animal] > maps[:, it, street]).double().mean().item()
print(f"*it* looks more at *animal* than at *street* in {share:.0%} of them")

assert 0.4 < share < 0.6

# %% [markdown]
# A link from *it* to *animal* must be learned.
# Chapter 15 looks for it in a real model, and finds less than a pretty picture promises.
#
# *Taught in* [chapter 1](01_two_meanings.py), [chapter 10](10_masks.py) and
# [chapter 15](15_real_transformer.py).

# %% [markdown]
# ## The deep dive
#
# ### Five rows for one sentence
#
# **It says:** *apple* in "love apple phones" has the weights .1, .5, .4; and later others, four
# more times.
#
# **What is true:** a model has one row for it.
# Each of the five is a fair illustration of its step; only together they look like one example.

# %%
rows = {
    "mixing": [0.1, 0.5, 0.4],
    "dot products -2, 8, 8": torch.softmax(torch.tensor([-2.0, 8, 8]), 0).tolist(),
    "scores 1, 3, 6": torch.softmax(torch.tensor([1.0, 3, 6]), 0).tolist(),
    "toy matrices": [0.25, 0.50, 0.25],
}
for name, row in rows.items():
    print(f"{name:22s} love {row[0]:.3f}   apple {row[1]:.3f}   phones {row[2]:.3f}")

rising = [name for name, row in rows.items() if row[0] < row[1] < row[2] - 1e-6]
print("the fifth is in words, low, medium, high; this agrees with:", rising)

assert len({tuple(np.round(row, 3)) for row in rows.values()}) == 4
assert rising == ["scores 1, 3, 6"]

# %% [markdown]
# We keep one set of vectors for the story, and derive every row from it.
#
# *Taught in* [chapter 1](01_two_meanings.py) to [chapter 5](05_first_attention.py).

# %% [markdown]
# ### The toy contradicts the story
#
# **It says:** *phones* matters most to *apple*, and *love* least.
# Then the worked example with small matrices gives both the same weight.
#
# **What is true:** both, each in its place: the arithmetic of the example is right.
# Its matrices were lost when the text was copied; the table of scores is still there, and these
# matrices give exactly that table.

# %%
X = np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 0.0]])  # love, apple, phones
W_Q = np.eye(2)
W_K = np.array([[1.0, 0.0], [1.0, 1.0]])
table_printed = np.array([[1.0, 1.0, 0.0], [2.0, 3.0, 2.0], [2.0, 4.0, 4.0]])
Q, K = X @ W_Q, X @ W_K
scores = [[q @ k for k in K] for q in Q]

as_values = torch.eye(3).double()
toy = F.scaled_dot_product_attention(
    torch.tensor(Q), torch.tensor(K), as_values
).numpy()
print(np.round(toy, 3))
print(f"apple: love {toy[1, 0]:.3f}, phones {toy[1, 2]:.3f}")

assert np.array_equal(scores, table_printed)
assert np.allclose(toy[1], [0.248, 0.503, 0.248], atol=5e-4)
assert np.isclose(toy[1, 0], toy[1, 2])

# %% [markdown]
# Could other matrices give the same table and a neutral *love*?
# No.
# Two numbers for each word mean that the table has rank 2, so its three rows depend on each
# other: the row of *apple* is the row of *love* plus half the row of *phones*.
# With $W_Q = I$, as in the text, the word vectors must do the same.

# %%
assert np.linalg.matrix_rank(table_printed) == 2
assert np.array_equal(table_printed[1], table_printed[0] + table_printed[2] / 2)

for _ in range(1000):
    some_K = rng.normal(size=(2, 2)) @ K.T  # any basis change of the keys, (2, 3)
    some_X = table_printed @ np.linalg.pinv(some_K)  # the vectors that give the table
    assert np.allclose(some_X @ some_K, table_printed)
    assert np.allclose(some_X[1], some_X[0] + some_X[2] / 2)
print("1000 of 1000 solutions have apple = love + phones / 2")

# %% [markdown]
# So *love* takes part in *apple*, whatever the matrices.
# We keep the example for its arithmetic, and say that it does not tell the story.
#
# *Taught in* [chapter 7](07_matrix_form.py) and [chapter 8](08_scaling.py).

# %% [markdown]
# ### What is symmetric
#
# **It says:** with one vector for everything, the similarity from *apple* to *phones* is the same
# as that from *phones* to *apple*.
#
# **What is true:** yes, the *scores* are symmetric.
# The *weights* are not, because softmax divides each row by its own total.

# %%
X = torch.tensor([[0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [2.0, 0.0, 0.0]]).double()
plain = F.scaled_dot_product_attention(X, X, torch.eye(3).double(), scale=1.0)
print(f"scores:  apple to phones {X[1] @ X[2]:.0f}, phones to apple {X[2] @ X[1]:.0f}")
print(f"weights: apple to phones {plain[1, 2]:.3f}, phones to apple {plain[2, 1]:.3f}")

assert X[1] @ X[2] == X[2] @ X[1]
assert np.allclose([plain[1, 2], plain[2, 1]], [0.468, 0.117], atol=5e-4)

# %% [markdown]
# *Taught in* [chapter 5](05_first_attention.py); why scores should not be symmetric either is in
# [chapter 6](06_query_key_value.py).

# %% [markdown]
# ### Dot product and direction
#
# **It says:** if two vectors point in similar directions, their dot product is high.
#
# **What is true:** it is length times length times the cosine of the angle.
# In the text's own example, −2, 8 and 8, *apple* scores *phones* as high as itself, although it
# points exactly its own way and only half-way towards *phones*.

# %%
apple, phones, love = np.array([[2.0, 2.0], [4.0, 0.0], [-1.0, 0.0]])


def cosine(a, b):
    """The cosine of the angle between two vectors."""
    return a @ b / math.sqrt((a @ a) * (b @ b))


print("dot products:", [float(apple @ o) for o in (love, apple, phones)])
print(
    "cosines:     ", [round(float(cosine(apple, o)), 3) for o in (love, apple, phones)]
)

assert [apple @ love, apple @ apple, apple @ phones] == [-2, 8, 8]
assert np.isclose(cosine(apple, apple), 1) and np.isclose(cosine(apple, phones), 0.7071)
assert apple @ (10 * phones) == 10 * (apple @ phones)

# %% [markdown]
# The text adds that the first weight of softmax(−2, 8, 8) is not exactly zero.
# That is right, and careful.

# %%
assert 2.2e-5 < rows["dot products -2, 8, 8"][0] < 2.4e-5

# %% [markdown]
# *Taught in* [chapter 3](03_dot_product.py).

# %% [markdown]
# ### 3 × 64 is not 3 × 512
#
# **It says:** each word vector has 512 numbers, and attention returns a table of new ones with
# 64 numbers each: the new representations of the words.
#
# **What is true:** 64 numbers are the output of one head, and cannot take the place of 512.
# Eight heads side by side have 512 again, and $W_O$ mixes them.

# %%
X = torch.randn(3, 512)
W_Q, W_K, W_V = torch.randn(3, 512, 64) / math.sqrt(512)
one_head = F.scaled_dot_product_attention(X @ W_Q, X @ W_K, X @ W_V)
print("one head:", tuple(one_head.shape), "  the words:", tuple(X.shape))

try:
    X + one_head
    fits = True
except RuntimeError as error:
    fits = False
    print("adding them:", error)

x = X[None]  # (1, 3, 512)
whole, _ = nn.MultiheadAttention(512, 8, batch_first=True)(x, x, x)
assert not fits
assert one_head.shape == (3, 64) and whole.shape == (1, 3, 512)

# %% [markdown]
# *Taught in* [chapter 9](09_multi_head.py).

# %% [markdown]
# ### What the scaling is for
#
# **It says:** dividing by $\sqrt{d_k}$ keeps the scores numerically stable.
#
# **What is true:** it keeps the *gradient* alive, as the learning guide and the tutorial module
# say.
# Nothing overflows without it, because a softmax that takes away the maximum survives scores of
# any size.
# What happens is saturation: one weight takes nearly all, and hardly reacts any more.

# %%


def largest_weight_and_slope(d, scaled):
    """Means over 200 queries with 16 keys: the largest weight, the Jacobian's size."""
    generator = torch.Generator().manual_seed(0)
    q, K = (
        torch.randn(200, n, d, generator=generator, dtype=torch.float64)
        for n in (1, 16)
    )
    row = (q * K).sum(-1) / (math.sqrt(d) if scaled else 1.0)  # (200, 16)
    w = torch.softmax(row, dim=-1)
    jacobian = torch.diag_embed(w) - w[:, :, None] * w[:, None, :]
    assert torch.isfinite(w).all()
    return w.amax(-1).mean().item(), torch.linalg.matrix_norm(jacobian).mean().item()


for d in [1, 4, 64, 1024]:
    plain, scaled = (largest_weight_and_slope(d, yes) for yes in (False, True))
    print(
        f"d = {d:4d}   unscaled: largest weight {plain[0]:.2f}, slope {plain[1]:.2f}"
        f"   scaled: {scaled[0]:.2f}, {scaled[1]:.2f}"
    )

assert plain[0] > 0.9 and plain[1] < 0.1
assert scaled[0] < 0.35 and scaled[1] > 0.2
assert torch.isfinite(torch.softmax(torch.tensor([0.0, 1e30]), dim=-1)).all()

# %% [markdown]
# And where a softmax does overflow, because nobody took the maximum away, dividing by
# $\sqrt{d_k}$ only moves the edge.

# %%
with np.errstate(over="ignore"):
    assert np.isinf(np.exp(np.float32(1000.0)))
    assert np.isinf(np.exp(np.float32(1000.0) / np.float32(8)))  # √64 = 8

# %% [markdown]
# *Taught in* [chapter 8](08_scaling.py).

# %% [markdown]
# ### Positions are missing
#
# **It says:** the mechanism on one page goes from embeddings to contextual vectors.
#
# **What is true:** a part is missing without which *phones apple love* is the same sentence as
# *love apple phones*: the positions.
# Shuffle the words, and each word gets the same vector as before.

# %%
X = torch.randn(5, 8)  # five words
shuffle = [3, 0, 4, 1, 2]
in_order = F.scaled_dot_product_attention(X, X, X)
out_of_order = F.scaled_dot_product_attention(X[shuffle], X[shuffle], X[shuffle])

assert torch.allclose(in_order[shuffle], out_of_order, atol=1e-6)

positions = torch.randn(5, 8)
first, second = X + positions, X[shuffle] + positions
placed = F.scaled_dot_product_attention(first, first, first)
placed_again = F.scaled_dot_product_attention(second, second, second)
assert not torch.allclose(placed[shuffle], placed_again, atol=1e-2)
print("without positions the order changes nothing; with them it does")

# %% [markdown]
# *Taught in* [chapter 11](11_order.py).

# %% [markdown]
# ### The residual path is missing
#
# **It says:** the new vector of a word is the mixture.
#
# **What is true:** in a Transformer the mixture is *added* to the old vector.
# So a word keeps itself, also where its own weight is small or its value nothing.
# With values that are all zero, attention alone forgets every word; with the residual path nothing
# is lost.

# %%
nothing = torch.zeros(5, 8)
mixture = F.scaled_dot_product_attention(X, X, nothing)

assert torch.equal(mixture, torch.zeros(5, 8))
assert torch.equal(X + mixture, X)

# %% [markdown]
# *Taught in* [chapter 16](16_transformer_block.py).

# %% [markdown]
# ### Masks are missing, and the long sentence needs one
#
# **It says:** in a long sentence that begins with *the Apple device* and ends with *was a phone*,
# the word *Apple* can look at *phone* directly, over all the words between.
#
# **What is true:** yes, in a model that reads both ways.
# The text mentions masks in half a sentence and does not show one.
# In a model that writes from left to right *apple* cannot look at *phone*; it is *phone* that
# looks back.

# %%
long_sentence = (
    "the apple device that i bought last year after months of comparing music players "
    "voicemail features and battery life was a phone"
)
sentence = long_sentence.split()
n = len(sentence)
X = torch.randn(1, n, 8)
as_values = torch.eye(n)[None]
apple, phone = sentence.index("apple"), sentence.index("phone")

both_ways = F.scaled_dot_product_attention(X, X, as_values)[0]
left_to_right = F.scaled_dot_product_attention(X, X, as_values, is_causal=True)[0]
print("words between:", phone - apple - 1)
print(f"both ways:     apple to phone {both_ways[apple, phone]:.4f}")
print(f"left to right: apple to phone {left_to_right[apple, phone]:.4f}")
print(f"left to right: phone to apple {left_to_right[phone, apple]:.4f}")

assert both_ways[apple, phone] > 0 and left_to_right[phone, apple] > 0
assert left_to_right[apple, phone] == 0

# %% [markdown]
# *Taught in* [chapter 10](10_masks.py) and [chapter 14](14_cost.py).

# %% [markdown]
# ### $W_O$ is missing here too
#
# The cell about the wiki chapter's missing $W_O$ above holds for the deep dive as well.
# Its last pages call the mixture of values the final meaning; in a Transformer $W_O$, the residual
# path and a feed-forward network come after it.
#
# *Taught in* [chapter 9](09_multi_head.py) and [chapter 16](16_transformer_block.py).

# %% [markdown]
# ### *Apple* and *apple*
#
# **It says:** the same word in *Apple phones* and in *apple juice* has the same static vector.
#
# **What is true:** for most tokenizers the two spellings are two tokens with two vectors.
# The capital gives the answer away before any attention.
# We write everything in lower case, so that the sentence has to decide.

# %%
vocabulary = {token: number for number, token in enumerate(["Apple", "apple", "juice"])}
assert vocabulary["Apple"] != vocabulary["apple"]
assert vocabulary["Apple".lower()] == vocabulary["apple"]

# %% [markdown]
# *Taught in* [chapter 1](01_two_meanings.py).

# %% [markdown]
# ## Lost on the way
#
# Formulas, matrices and pictures were lost when the texts were copied, and so the deep dive's
# sentences end in "we get" and nothing.
# Where the numbers could be found again, they are above, or in the chapter that uses them.
# One could not: the matrix $W_V$ of the small example.
# We chose our own, and it tells the story that the example was meant to tell.

# %%
X = torch.tensor([[0.0, 1.0], [1.0, 1.0], [2.0, 0.0]]).double()  # love, apple, phones
W_K = torch.tensor([[1.0, 0.0], [1.0, 1.0]]).double()
W_V = torch.tensor([[2.0, -1.0], [-1.0, 2.0]]).double()  # ours

beside_phones = F.scaled_dot_product_attention(X, X @ W_K, X @ W_V)[1]
X[2] = torch.tensor([0.0, 2.0])  # juice instead of phones
beside_juice = F.scaled_dot_product_attention(X, X @ W_K, X @ W_V)[1]
print("apple′ beside phones", np.round(beside_phones.numpy(), 2))
print("apple′ beside juice ", np.round(beside_juice.numpy(), 2))

assert np.allclose(beside_phones, [1.25, 0.50], atol=0.005)
assert np.allclose(beside_juice, [-1.01, 2.87], atol=0.005)

# %% [markdown]
# ## References
#
# - S. Jain, B. C. Wallace, [*Attention is not
#   Explanation*](https://aclanthology.org/N19-1357/), 2019.
# - S. Wiegreffe, Y. Pinter, [*Attention is not not
#   Explanation*](https://aclanthology.org/D19-1002/), 2019.
# - K. Clark, U. Khandelwal, O. Levy, C. D. Manning, [*What Does BERT Look
#   At?*](https://aclanthology.org/W19-4828/), 2019.
# - J. Vig, [*A Multiscale Visualization of Attention in the Transformer
#   Model*](https://aclanthology.org/P19-3007/), 2019.
# - A. Vaswani and others, [*Attention Is All You
#   Need*](https://arxiv.org/abs/1706.03762), 2017: section 3.2.1, footnote 4, on the scaling.
