# %% [markdown]
# # 1. Two meanings
#
# **Why is one vector for *apple* not enough?**
#
# *Time:* 30 minutes. *Difficulty:* 1 of 5.
#
# After this chapter you can
#
# - say what an embedding is, and draw one on a map,
# - show that a table of vectors cannot tell two meanings of a word apart,
# - turn a sentence into a matrix with one row per word.
#
# [Chapter 0](00_start_here.py) moved *apple* on the axis *tech*, from 1 to 1.3.
# But who put it at 1?
# Before a word can move, it must stand somewhere.

# %% nbgrader={"grade_id": "two_meanings_setup", "locked": true}
import numpy as np

rng = np.random.default_rng(0)

# %% tags=["demo"]
from figures.style import *

# %% [markdown]
# ## Predict first
#
# > **Your guess, before you run anything.**
# > A table holds one list of numbers for each word.
# > You look up the three words of *love apple phones*, one after the other.
# > Then you look up *love apple juice*.
# > How many of the three lists are different the second time: none, one, two, or all three?
#
# Write the guess down.
# The section *Count what changes* answers it.

# %% [markdown]
# ## Words as numbers
#
# A computer does not read words.
# It cuts a text into pieces, the [tokens](glossary.md#token), and gives each token a list of
# numbers: its vector, or [embedding](glossary.md#embedding).
# In this book a token is a word.
# Here is a table for four of them, with three numbers each:
# how much the word has to do with technology, with fruit, and with feeling.

# %%
axes_names = ["tech", "fruit", "feeling"]
vectors = {
    "love": np.array([0.0, 0.0, 1.0]),
    "apple": np.array([1.0, 1.0, 0.0]),
    "phones": np.array([2.0, 0.0, 0.0]),
    "juice": np.array([0.0, 2.0, 0.0]),
}

for word, vector in vectors.items():
    print(f"{word:7s}", dict(zip(axes_names, vector.tolist())))

# %% [markdown]
# The tech of the first three words is what chapter 0 worked with, and gives its 1.3 again.

# %%
tech = 0.1 * vectors["love"][0] + 0.5 * vectors["apple"][0] + 0.4 * vectors["phones"][0]
print("tech, with the shares of chapter 0:", round(tech, 3))

assert np.isclose(tech, 1.3)

# %% [markdown]
# We made these numbers up, so that you can check everything by hand.
# A real model learns hundreds of numbers per token from a great deal of text, and nobody
# names its axes.
# We also leave out the word *I*, to keep the arithmetic short.
#
# The first two numbers of each word make a small map.
# It comes back in the chapters that follow.

# %% tags=["demo"] alt="Map with the axes tech and fruit. Phones lies far along tech at (2, 0), juice far along fruit at (0, 2), love at (0, 0), and apple in the middle at (1, 1). Two dashed arrows with question marks lead from apple, one towards phones and one towards juice."
fig, ax = plt.subplots(figsize=(4.2, 4.0))
draw_map(ax, vectors)
for word, where in [("phones", (1.62, 0.72)), ("juice", (0.62, 1.62))]:
    towards = 0.35 * vectors["apple"][:2] + 0.65 * vectors[word][:2]
    arrow = {"arrowstyle": "->", "color": COLOURS["apple"], "linestyle": "--"}
    ax.annotate("", towards, vectors["apple"][:2], arrowprops=arrow)
    ax.text(*where, "?", color=COLOURS["apple"], fontsize=14)
ax.set_title("one dot for two meanings")
plt.show()

# %% [markdown]
# *Figure: the small map.
# apple has one dot, between the company's side and the fruit's.
# love stands at (0, 0), since its only number, feeling, is not on the map.*

# %% [markdown]
# ## One apple, in the middle
#
# How far is *apple* from *phones*, and how far from *juice*?
# The distance is what a ruler would say, in three dimensions.

# %%
to_phones = np.linalg.norm(vectors["apple"] - vectors["phones"])
to_juice = np.linalg.norm(vectors["apple"] - vectors["juice"])
print(f"apple to phones {to_phones:.3f}   apple to juice {to_juice:.3f}")

assert np.isclose(to_phones, to_juice)

# %% [markdown]
# Equally far: this *apple* is half a company and half a fruit.
# Could another dot do better?
# Let us try ten thousand of them, and add up the two distances.

# %%
dots = rng.uniform(-1, 3, size=(10_000, 3))
sums = np.linalg.norm(dots - vectors["phones"], axis=1)
sums = sums + np.linalg.norm(dots - vectors["juice"], axis=1)
straight = np.linalg.norm(vectors["phones"] - vectors["juice"])
print(f"smallest sum {sums.min():.3f}   phones to juice {straight:.3f}")

assert sums.min() >= straight

# %% [markdown]
# No dot gets below 2.828, the way from *phones* to *juice* itself.
# What is won on one side is lost on the other: a detour is never shorter than the straight way.
# One dot cannot be close to both meanings, wherever we put it.

# %% [markdown]
# ## Look it up, three ways
#
# Now the two sentences.
# A child would run a finger down the table until the word is there.

# %%
beside_phones = ["love", "apple", "phones"]
beside_juice = ["love", "apple", "juice"]

for word, numbers in vectors.items():
    print("is it", word, "?")
    if word == "apple":
        by_finger = numbers
        break
print("found:", by_finger)

# %% [markdown]
# A Python dict does the same with square brackets, and stops with a `KeyError` where a word
# is missing.

# %%
by_name = vectors["apple"]
print(by_name)

try:
    vectors["pear"]
except KeyError as missing:
    print("no such word:", missing)

# %% [markdown]
# For a matrix, words become row numbers.
# The table is a matrix $E$ with one row per word of the vocabulary.
# A *one-hot* row, zeros and a single 1, picks the row that the 1 points at:
#
# $$
# \begin{pmatrix} 0 & 1 & 0 & 0 \end{pmatrix} E = \text{row 1 of } E
# $$
#
# (Rows are counted from 0, as Python does.)

# %%
vocabulary = list(vectors)  # love, apple, phones, juice
E = np.array([[0.0, 0, 1], [1, 1, 0], [2, 0, 0], [0, 2, 0]])  # (4, 3)
one_hot = np.array([0.0, 1, 0, 0])  # (4,)
by_product = one_hot @ E  # (3,)
print("apple is row", vocabulary.index("apple"), "  picked:", by_product)

assert np.array_equal(by_finger, by_name)
assert np.array_equal(by_name, by_product)

# %% [markdown]
# PyTorch has a layer for it, `nn.Embedding`.
# It takes row numbers, and as many at once as you like.

# %% nbgrader={"grade_id": "two_meanings_torch", "locked": true}
import torch

# %%
layer = torch.nn.Embedding.from_pretrained(torch.tensor(E))
ids_phones = torch.tensor([vocabulary.index(word) for word in beside_phones])
ids_juice = torch.tensor([vocabulary.index(word) for word in beside_juice])
print(ids_phones, ids_juice)
print(layer(ids_phones))

assert np.array_equal(layer(ids_phones)[1].numpy(), by_name)

# %% [markdown]
# ## Count what changes
#
# Put the two sentences side by side, place by place.

# %%
changed = 0
for left, right in zip(beside_phones, beside_juice):
    same = np.array_equal(vectors[left], vectors[right])
    changed = changed + (not same)
    print(f"{left:7s} {right:7s}", "same" if same else "different")

print("different:", changed)
assert changed == 1
assert torch.equal(layer(ids_phones)[1], layer(ids_juice)[1])

# %% [markdown]
# So the answer to the prediction is *one*: the last, because it is another word.
# The vector of *apple* has not changed by a single bit.
#
# Such a vector is called [static](glossary.md#static-embedding).
# It says what a word usually means.
# What we want is a vector that says what the word means *here*: a
# [contextual representation](glossary.md#contextual-representation), written *apple′*.

# %% tags=["demo"] alt="Two grids of numbers with the columns tech, fruit and feeling. Left the rows love, apple and phones, right the rows love, apple and juice. The rows of apple are the same in both: 1, 1, 0."
X_phones = [[0, 0, 1], [1, 1, 0], [2, 0, 0]]
X_juice = [[0, 0, 1], [1, 1, 0], [0, 2, 0]]
fig, axes = plt.subplots(1, 2, figsize=(5.0, 2.4))
for ax, matrix, words in zip(axes, [X_phones, X_juice], [beside_phones, beside_juice]):
    draw_matrix(ax, matrix, words, axes_names, colour=GREY, digits=0)
    ax.tick_params(labelsize=10)
    box = plt.Rectangle((-0.5, 0.5), 3, 1, fill=False, color=COLOURS["apple"], lw=3)
    ax.add_patch(box)
    ax.set_xlabel("X: 3 words, 3 axes")
plt.show()

# %% [markdown]
# *Figure: each sentence as a matrix $X$ of shape (3, 3): a row is a token, a column is an axis.
# The framed row of apple is the same in both.*

# %% [markdown]
# ## It is not only apples
#
# *light* has at least four senses, and one spelling.

# %%
senses = {
    "radiation": "the light entered the room",
    "weight": "this bag is light",
    "colour": "she wore a light blue shirt",
    "verb": "light the candle",
}
for sense, sentence in senses.items():
    tokens = sentence.split()
    print(f"{sense:10s} place {tokens.index('light')} of", tokens)

# %% [markdown]
# A table has one row for all four.
# Give each sense an axis of its own, and put *light* in the middle of them: it is then equally
# far from all four, and close to none.

# %%
sense_axes = np.eye(4)  # one row per sense
light = sense_axes.mean(axis=0)
distances = np.linalg.norm(sense_axes - light, axis=1)
print("light", light, "  distance to each sense", np.round(distances, 3))

assert np.allclose(distances, distances[0]) and distances[0] > 0.8

# %% [markdown]
# And sometimes the clue is one word, far away.
# Read these two sentences, and ask yourself each time: who or what is *it*?

# %%
start = "the animal didn't cross the street because it was too"
tired, wide = f"{start} tired".split(), f"{start} wide".split()
print(start, "tired | wide")

differences = [i for i in range(len(tired)) if tired[i] != wide[i]]
print(
    "the sentences differ at place", differences, "and it stands at", tired.index("it")
)

assert differences == [10] and tired.index("it") == wide.index("it") == 7

# %% [markdown]
# An animal is tired, a street is wide: the last word turns *it* around, three places further on.
# A table gives *it* the same vector in both, as it did for *apple*.
# Keep this sentence in mind.
# In chapter 10 we ask who may read the last word at all, and in chapter 15 whether a real model
# gets it right.
#
# > **Capital letters.**
# > For a tokenizer that keeps capitals, *Apple* and *apple* are two tokens with two vectors, and
# > the company has a clue of its own.
# > A headline in capitals, or the start of a sentence, takes it away again.
# > From here on everything is in lower case, so that only the neighbours can help.

# %% [markdown]
# ## A common mistake
#
# > **"The vectors already know the sentence."**
# > They were learned from many sentences, and that is a different thing.
# > A table is asked for one word, and it cannot see what stands beside it.
#
# The cell shuffles the sentence and looks *apple* up again.
# Nothing that happens around the word reaches its vector.

# %%
for sentence in [["apple"], ["juice", "apple"], rng.permutation(beside_phones)]:
    place = list(sentence).index("apple")
    print(list(map(str, sentence)), vectors[sentence[place]])
    assert np.array_equal(vectors[sentence[place]], by_name)

# %% [markdown]
# > **"So embeddings are useless."**
# > No: *phones* and *juice* stand where they should, and they are the clues.
# > The next chapter lets *apple* borrow from them.

# %% [markdown]
# ## Exercise: `embed`
#
# *Difficulty:* 1 of 5. *Time:* 8 minutes. *Points:* 5.
#
# So far we looked up one word at a time.
# Everything in this book starts from a whole sentence as one matrix.
# Write the function that makes it.
#
# <details><summary>Hint 1: the shape</summary>
#
# Three tokens with vectors of five numbers give an array of shape (3, 5).
# The vectors decide the second number, and so your code need not know it.
#
# </details>
#
# <details><summary>Hint 2: the order</summary>
#
# Walk through the sentence, and not through the table.
# Then a token that comes twice gets two rows without any further thought.
#
# </details>
#
# <details><summary>Hint 3: a plan</summary>
#
# Collect one vector per token in a list.
# Make one array of the list at the end; NumPy takes shape and dtype from the vectors.
#
# </details>


# %% nbgrader={"grade_id": "embed", "solution": true}
# exercise: embed
def embed(tokens, table):
    """Look up one vector per token, so that a sentence becomes a matrix.

    tokens: list of n words, at least one, and some may come twice; not changed.
    table: dict from a word to its vector (d,), all of one length; not changed.
    Returns an array (n, d) with the dtype of the vectors: row i belongs to tokens[i].
    Raises KeyError for a token that is not in the table.
    """
    ### BEGIN SOLUTION
    return np.array([table[token] for token in tokens])
    ### END SOLUTION


# %% nbgrader={"grade_id": "embed_first_look", "points": 1}
fruits = {"apple": np.array([1.0, 1.0, 0.0]), "juice": np.array([0.0, 2.0, 0.0])}
try:
    X = embed(["apple", "juice"], fruits)
except NotImplementedError:
    raise NotImplementedError(
        "Fill in embed in the cell above, then run both cells"
    ) from None

assert X is not None, "embed returned None: is there a `return`?"
assert not isinstance(X, list), "The vectors come back in a Python list"
assert X.shape == (2, 3), f"Expected 2 rows of 3 numbers, got the shape {X.shape}"
assert np.allclose(X, [[1, 1, 0], [0, 2, 0]]), (
    "The first row is the first token's vector, and so on"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("embed", embed, "one_row_per_token")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "embed_order_and_repeats", "points": 2}
letters = {"a": np.array([1.0, 10.0]), "b": np.array([2.0, 20.0])}
assert np.allclose(embed(["b", "a"], letters)[:, 0], [2, 1]), (
    "The rows stand in the order of the table, and not in that of the sentence"
)
assert len(embed(["a", "b", "a"], letters)) == 3, (
    "A token that comes twice gets only one row"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("embed", embed, "order_of_the_sentence", "repeated_tokens", "capitals_count")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "embed_unknown_token", "points": 1}
known = {"apple": np.array([1.0, 1.0])}
assert np.allclose(embed(["apple"], known), [[1, 1]]), (
    "apple is in the table: a row should come back"
)
try:
    embed(["apple", "pear"], known)
except KeyError:
    pass
else:
    raise AssertionError("pear is not in the table, and no KeyError says so")
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("embed", embed, "unknown_tokens")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "embed_good_manners", "points": 1}
words_given = ["b", "a"]
small = {"a": np.array([1, 10], np.float32), "b": np.array([2, 20], np.float32)}
X_small = embed(words_given, small)
assert words_given == ["b", "a"], "The function changed its input: the caller's list"
assert X_small.dtype == np.float32, "float32 vectors should give a float32 matrix"
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("embed", embed, "keeps_dtype", "whole_numbers", "leaves_its_input_alone")
### END HIDDEN TESTS

# %% [markdown] recall="CABC"
# ## Recall
#
# Choose an answer to see what is right or wrong with it.
#
# **1. What does a static embedding of *apple* depend on?**
#
# <details><summary>A. On the words beside it</summary>
#
# No. The table is asked for one word, and sees no other.
#
# </details>
#
# <details><summary>B. On its place in the sentence</summary>
#
# No. First or last, the same row comes back.
#
# </details>
#
# <details><summary>C. On the word alone</summary>
#
# Yes. That is what *static* means: same word, same vector.
#
# </details>
#
# **2. Why not put *apple* at a cleverer place on the map?**
#
# <details><summary>A. There is no place close to both meanings</summary>
#
# Yes. The two distances always add up to at least the way from one meaning to the other.
#
# </details>
#
# <details><summary>B. Because (1, 1) is the only place with equal distances</summary>
#
# No. There are many such places, and none of them is close to both.
#
# </details>
#
# <details><summary>C. Because a vector must hold whole numbers</summary>
#
# No. Any numbers will do; ours are round so that you can check them.
#
# </details>
#
# **3. A sentence of 7 tokens is looked up in a table of 50 words with 4 numbers each. What is
# the shape of $X$?**
#
# <details><summary>A. (50, 4)</summary>
#
# No. That is the table itself.
#
# </details>
#
# <details><summary>B. (7, 4)</summary>
#
# Yes. One row per token, one column per number.
#
# </details>
#
# <details><summary>C. (4, 7)</summary>
#
# No. In this book a row is a token, and a column is an axis.
#
# </details>
#
# **4. "It was too tired", "it was too wide". Which rows of the two matrices differ?**
#
# <details><summary>A. Those of *it* and of the last word</summary>
#
# No. You read *it* differently, but the table does not.
#
# </details>
#
# <details><summary>B. All of them, since the meaning is another</summary>
#
# No. Each row depends on its own token only.
#
# </details>
#
# <details><summary>C. Only that of the last word</summary>
#
# Yes. *it* has one row in the table, for the animal and for the street.
#
# </details>

# %% [markdown]
# ## Recap
#
# - A token gets a vector from a table: its embedding.
# - A sentence of n tokens becomes a matrix $X$ of shape (n, d): a row is a token.
# - A static vector is the same in every sentence, so *apple* stays halfway between its meanings.
# - The neighbours hold the clue: *phones*, *juice*, *tired*, *wide*.
#
# **What you have now:** `embed(tokens, table)`.
# **Next:** [chapter 2](02_mixing.py) lets *phones* pull *apple* to its side.

# %% [markdown]
# ## References
#
# - T. Mikolov, K. Chen, G. Corrado, J. Dean, [*Efficient Estimation of Word Representations in
#   Vector Space*](https://arxiv.org/abs/1301.3781), 2013: static vectors, learned from text.
# - M. E. Peters and others, [*Deep contextualized word
#   representations*](https://arxiv.org/abs/1802.05365), 2018: vectors that depend on the
#   sentence.
# - H. J. Levesque, E. Davis, L. Morgenstern, [*The Winograd Schema
#   Challenge*](https://cdn.aaai.org/ocs/4492/4492-21843-1-PB.pdf), 2012: pairs of sentences in
#   which one word turns a pronoun around.
# - J. Uszkoreit, [*Transformer: A Novel Neural Network Architecture for Language
#   Understanding*](https://research.google/blog/transformer-a-novel-neural-network-architecture-for-language-understanding/),
#   2017: the animal, the street, *tired* and *wide*.
