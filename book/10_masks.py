# %% [markdown]
# # 10. Masks
#
# **What has a GPT read when it reads *apple*?**
#
# *Time:* 45 minutes. *Difficulty:* 3 of 5.
#
# After this chapter you can
#
# - say which words each word has seen, in a model that reads left to right,
# - hide words from attention, and say why a share must be hidden *before* the softmax,
# - keep the filling of a batch out of every word's budget,
# - tell the two opposite conventions of PyTorch apart.
#
# In [chapter 9](09_multi_head.py), every head saw the whole sentence.
# Some models may not: those that write.
# One head with plain vectors is enough to see what that means for *apple*.
# Here it stands beside *phones*, with the whole sentence in view.

# %% nbgrader={"grade_id": "masks_setup", "locked": true}
import math

import numpy as np

rng = np.random.default_rng(0)

# %% tags=["demo"]
from figures.style import *

# %%
love, apple = np.array([0.0, 0.0, 1.0]), np.array([1.0, 1.0, 0.0])
phones, juice = np.array([2.0, 0.0, 0.0]), np.array([0.0, 2.0, 0.0])


def look(X, i, n_seen):
    """Word i looks at the first n_seen words: its weights, and its new vector (d,)."""
    rows = X[:n_seen]
    strengths = np.exp(X[i] @ rows.T / math.sqrt(len(X[i])))
    weights = strengths / strengths.sum()
    return weights, weights @ rows


X_phones = np.array([love, apple, phones])  # (3, 3)
X_juice = np.array([love, apple, juice])
_, full_phones = look(X_phones, 1, 3)
_, full_juice = look(X_juice, 1, 3)
print("apple′ beside phones", np.round(full_phones, 3))
print("apple′ beside juice ", np.round(full_juice, 3))

assert np.allclose(full_phones, [1.296, 0.432, 0.136], atol=5e-4)

# %% [markdown]
# ## Predict first
#
# A model such as GPT reads from left to right.
# It writes the next word, then the next; what is not written yet, it cannot see.
#
# > **Your guess, before you run anything.**
# > It reads "love apple phones", and then "love apple juice".
# > How different is its vector for *apple* in the two sentences: as different as above, a little
# > different, or not at all?
#
# Write the guess down.
# The next section answers it.

# %% [markdown]
# ## Reading left to right
#
# Word by word: the first word sees itself, the second one sees two words, and so on.

# %%
for i, word in enumerate(["love", "apple", "phones"]):
    weights, new = look(X_phones, i, i + 1)
    print(f"{word:7s} has seen {i + 1}: weights", np.round(weights, 3))

left_weights, left_phones = look(X_phones, 1, 2)
_, left_juice = look(X_juice, 1, 2)
print("apple′ before phones", np.round(left_phones, 3))
print("apple′ before juice ", np.round(left_juice, 3))

assert left_phones.tobytes() == left_juice.tobytes()  # every bit is the same
assert np.allclose(left_phones, [0.760, 0.760, 0.240], atol=5e-4)

# %% [markdown]
# So the answer to the prediction is *not at all*.
# When *apple* is read, both sentences are "love apple".
# The two vectors agree in every bit, and as much tech as fruit is in them: .760 each.
#
# A computer does not want to take one word after the other.
# It computes all scores at once, and then hides those that may not count.
# What says which ones is called a [mask](glossary.md#mask): a table of True and False.
# True means: this query (row) *may* look at this key (column).

# %%
may_look = np.array(
    [
        [True, False, False],  # love
        [True, True, False],  # apple
        [True, True, True],  # phones, or juice
    ]
)

# %% [markdown]
# A hidden score becomes minus infinity.
# Its exponential is 0, *exactly* 0, so it takes nothing from the budget of the row.

# %%
after_reading = []
for X in [X_phones, X_juice]:
    scores = X @ X.T / math.sqrt(3)  # (3, 3)
    scores[~may_look] = -np.inf
    weights = np.array([np.exp(row) / np.exp(row).sum() for row in scores])
    after_reading.append(weights @ X)

print(np.round(scores, 3), np.round(weights, 3), sep="\n\n")
rows_phones, rows_juice = after_reading
assert np.allclose(rows_phones[1], left_phones)  # the loop agrees
assert np.allclose(weights.sum(axis=1), 1)
assert rows_phones[1].tobytes() == rows_juice[1].tobytes()  # and so does every bit

# %% [markdown]
# *phones* took part in that product, and left no trace: it was multiplied by a true zero.

# %% [markdown]
# ## It is *phones* that looks back
#
# Where, then, does such a model find out which apple it was?
# In the words that come later.
# The last row of the mask is all True: *phones* sees what it always saw.

# %%
_, full_last = look(X_phones, 2, 3)
print("phones′ with and without the mask:", np.round(rows_phones[2], 3))
print("juice′                           :", np.round(rows_juice[2], 3))

assert np.allclose(rows_phones[2], full_last)
assert not np.allclose(rows_phones[2], rows_juice[2])

# %% [markdown]
# A model that sees the whole sentence is called an [encoder](glossary.md#encoder); BERT is one.
# A model that reads left to right is called a [decoder](glossary.md#decoder); GPT is one.
# Its mask, with nothing allowed above the diagonal, is called a
# [causal mask](glossary.md#causal-mask).
# The next word is guessed from the vector of the *last* word, and that one has seen everything.
# So nothing is lost for writing.
# What is different is the vector of *apple* itself: in a decoder, it never hears of *phones*.

# %% tags=["demo"] alt="Four grids of weights. Left, encoder: in both sentences, all nine cells are filled, and the row of apple is 0.14, 0.43, 0.43. Right, decoder: the cells above the diagonal are 0.00, and the row of apple is 0.24, 0.76, 0.00 in both sentences; only the last row is as in the encoder."
fig, axes = plt.subplots(2, 2, figsize=(5.0, 5.0))
for row, (last, X) in enumerate([("phones", X_phones), ("juice", X_juice)]):
    tokens = ["love", "apple", last]
    for column, (name, mask) in enumerate(
        [("encoder", np.full((3, 3), True)), ("decoder", may_look)]
    ):
        table = X @ X.T / math.sqrt(3)
        table[~mask] = -np.inf
        shares = [np.exp(line) / np.exp(line).sum() for line in table]
        ax = axes[row, column]
        draw_matrix(ax, shares, tokens, tokens, name, colour=PURPLE)
        ax.tick_params(axis="x", rotation=40)
plt.show()

# %% [markdown]
# *Figure: the same sentences with the mask off (left) and on (right).
# Compare the rows of apple in the right column: they are the same, to the last bit.*

# %% tags=["demo", "live:encoder_decoder"] alt="Map with the axes tech and fruit. With the whole sentence in view, apple moves right and down to (1.3, 0.4) beside phones and left and up to (0.4, 1.3) beside juice. Read left to right, it moves to one single dot at (0.76, 0.76), half way between the two."
fig, ax = plt.subplots(figsize=(4.2, 4.0))
moved = {"sees phones": full_phones, "sees juice": full_juice, "": left_phones}
words = {"love": love, "apple": apple, "phones": phones, "juice": juice}
draw_map(ax, words, moved=moved)
ax.text(0.7, 0.56, "left to right", ha="right", fontsize=11)
ax.set_title("apple′ in encoder and decoder")
plt.show()

# %% [markdown]
# *Figure: the small map.
# An encoder has two dots for apple, a decoder has one, in the middle.*

# %% [markdown]
# ## "… because it was too tired"
#
# Chapter 1 opened with a pair of sentences.
# *The animal didn't cross the street because it was too tired*: here *it* is the animal.
# With *wide* instead of *tired*, *it* is the street.
# One of our sources says that the model must know what *it* refers to when it processes the word
# *it*.
# What has been read by then?

# %%
sentence = "the animal didn't cross the street because it was too tired"
tired, wide = sentence.split(), sentence.replace("tired", "wide").split()
it = tired.index("it")
print("read so far:", " ".join(tired[: it + 1]))
print("still to come:", " ".join(tired[it + 1 :]), "/", " ".join(wide[it + 1 :]))

assert tired[: it + 1] == wide[: it + 1]

# %% [markdown]
# The clue comes three words after *it*.
# We give every word a random vector, since here it matters only who *can* see whom.

# %%
vocabulary = sorted(set(tired + wide))
E = rng.normal(size=(len(vocabulary), 8))  # one row for each word
X_tired = E[[vocabulary.index(word) for word in tired]]  # (11, 8)
X_wide = E[[vocabulary.index(word) for word in wide]]

left_tired, left_wide = look(X_tired, it, it + 1)[1], look(X_wide, it, it + 1)[1]
full_tired, full_wide = look(X_tired, it, 11)[1], look(X_wide, it, 11)[1]
print("left to right, difference:", np.abs(left_tired - left_wide).max())
print("whole sentence, difference:", round(np.abs(full_tired - full_wide).max(), 3))

assert left_tired.tobytes() == left_wide.tobytes()
assert not np.allclose(full_tired, full_wide)

# %% [markdown]
# So a decoder's vector for *it* cannot depend on *tired* or *wide*, however well it is trained
# and however many layers it has.
# *tired* can look back at *it* and at *animal*; *it* cannot look ahead at *tired*.
# An encoder has both directions.
# That both sentences *can* be told apart does not say that a given model tells them apart:
# chapter 15 tries it on a real one.
# See also [*What we changed and why*](errata.py).

# %% [markdown]
# ## The apple device that was a phone
#
# Another source has a long sentence, and says that *apple* can look at *phone* directly, however
# many words lie between.
# In which kind of model is that so?

# %%
text = (
    "the apple device that i bought last year after months of comparing music players "
    "voicemail features and battery life was a phone"
)
long_sentence = text.split()
n = len(long_sentence)
first, last = long_sentence.index("apple"), long_sentence.index("phone")
print(f"{n} words; apple is at place {first}, phone at place {last}")
print("encoder: apple sees", n, "words, phone among them")
print("decoder: apple sees", long_sentence[: first + 1])
print("decoder: phone sees", last + 1, "words, apple among them")

assert (n, first, last) == (22, 1, 21)

# %% [markdown]
# It is so in an encoder.
# In a decoder, *apple* has read "the apple" and nothing else.
# But *phone* can look at *apple* in one step, 20 places back; chapter 14 comes back to that step.

# %% [markdown]
# ## Why hide anything?
#
# A decoder learns by guessing the next word, at every place of a text at once.
# At the place of *apple*, the right answer is *phones*.
# Without a mask, the answer lies in view, with 43 percent of the attention: the model would
# learn to copy it, and fail when it must write and nothing stands there.
# With the mask, the rows of one big product are as good as three separate readings.

# %%
separately = np.array([look(X_phones[: i + 1], i, i + 1)[1] for i in range(3)])
assert np.allclose(rows_phones, separately)

unmasked, _ = look(X_phones, 1, 3)
print("attention of apple on the word it should guess:", round(unmasked[2], 3))

# %% [markdown]
# ## Padding
#
# Sentences have different lengths, and an array has straight edges.
# So short sentences are filled up, with a token that is no word:
# [padding](glossary.md#padding).
# Often its vector is all zeros, which looks harmless.
# Here "apple juice" shares an array with a sentence of three words.

# %%
X_short = np.array([apple, juice, np.zeros(3)])  # (3, 3)
with_padding, apple_with_padding = look(X_short, 0, 3)
print("apple, juice, padding:", np.round(with_padding, 3))

assert np.allclose(with_padding, [0.432, 0.432, 0.136], atol=5e-4)

# %% [markdown]
# Nothing got 14 percent.
# A vector of zeros has the score 0 with everybody, and $e^{0} = 1$ is a strength like others.
# The same cure helps: a row that is True for words and False for padding.

# %%
is_word = np.array([True, True, False])
scores = X_short[0] @ X_short.T / math.sqrt(3)
scores[~is_word] = -np.inf
without_padding = np.exp(scores) / np.exp(scores).sum()
print("apple, juice, padding:", np.round(without_padding, 3))

assert np.allclose(without_padding @ X_short, look(X_short[:2], 0, 2)[1])
assert without_padding[2] == 0

# %% [markdown]
# That row is the same for every query of the sentence, and another one for the next sentence.
# So the mask of a batch has the shape (b, 1, n): sentence, query, key.
# The 1 is stretched over all queries by broadcasting.
# Two masks are put together by `&`: a key must be allowed by both.

# %%
both = may_look & is_word  # (3, 3) & (3,)
print(both)

assert both[2].tolist() == [True, True, False]

# %% [markdown]
# The padding itself still asks, in the last row.
# Its result is thrown away later, so nobody minds.

# %% [markdown]
# ## PyTorch agrees, in two ways that disagree
#
# PyTorch has two doors to attention, and they read a mask in opposite ways.
#
# | where | True means | shape |
# |---|---|---|
# | this book | **may** attend | (…, queries, keys) |
# | `F.scaled_dot_product_attention(attn_mask=)` | **may** attend | (…, queries, keys) |
# | `nn.MultiheadAttention(attn_mask=)` | may **not** attend | (queries, keys) or (b·h, queries, keys) |
# | `nn.MultiheadAttention(key_padding_mask=)` | is padding, may **not** be looked at | (b, keys) |
# | both, with a mask of *numbers* | the number is **added** to the score: 0 or −∞ | as above |

# %% nbgrader={"grade_id": "masks_torch", "locked": true}
import torch
import torch.nn.functional as F
from torch import nn

# %%
x = torch.tensor(X_phones)[None]  # (1, 3, 3): one sentence
mask = torch.tensor(may_look)
with_mask = F.scaled_dot_product_attention(x, x, x, attn_mask=mask)
built_in = F.scaled_dot_product_attention(x, x, x, is_causal=True)

layer = nn.MultiheadAttention(3, 1, bias=False, batch_first=True, dtype=torch.float64)
with torch.no_grad():  # all four matrices the identity, so that only the mask speaks
    layer.in_proj_weight.copy_(torch.eye(3).repeat(3, 1))
    layer.out_proj.weight.copy_(torch.eye(3))
    turned_round, _ = layer(x, x, x, attn_mask=~mask)

for tensor in [with_mask, built_in, turned_round]:
    assert np.allclose(tensor[0].numpy(), rows_phones)

# %% [markdown]
# Loop, matrix line and library agree, and the tilde `~` turns the mask round for the layer.
# Forget it, and nothing warns you: *love* then sees only what comes later.
# The rest of the table:

# %%
numbers = torch.zeros(3, 3, dtype=torch.float64).masked_fill(~mask, -math.inf)
by_numbers = F.scaled_dot_product_attention(x, x, x, attn_mask=numbers)

short = torch.tensor(X_short)[None]
is_padding = ~torch.tensor(is_word)[None]  # (1, 3): sentence, key
with torch.no_grad():
    layer_by_numbers, _ = layer(x, x, x, attn_mask=numbers)
    no_padding, _ = layer(short, short, short, key_padding_mask=is_padding)

assert np.allclose(by_numbers[0].numpy(), rows_phones)
assert np.allclose(layer_by_numbers[0].numpy(), rows_phones)
assert np.allclose(no_padding[0, 0].numpy(), without_padding @ X_short)

# %% [markdown]
# ## A row with nothing in it
#
# What if a query may look at no key at all, in a
# [fully masked row](glossary.md#fully-masked-row)?
# All scores are minus infinity, and the formula asks for $0 / 0$.

# %%
nothing = np.full(3, -np.inf)
with np.errstate(invalid="ignore"):
    shares = np.exp(nothing) / np.exp(nothing).sum()
print("NumPy, by the formula:", shares)

assert np.isnan(shares).all()

# %% [markdown]
# NaN, *not a number*, and it spreads to all that is computed from it.
# The library has no single answer.
# Here is what it gives where you run it.

# %%
hole = mask.clone()
hole[1] = False  # apple may look at nothing

in_sdpa = F.scaled_dot_product_attention(x, x, x, attn_mask=hole)[0, 1]
print("scaled_dot_product_attention:              ", in_sdpa.tolist())
with torch.no_grad():
    for need_weights in [True, False]:
        row = layer(x, x, x, attn_mask=~hole, need_weights=need_weights)[0][0, 1]
        print(f"MultiheadAttention, need_weights={need_weights!s:5}:   ", row.tolist())

# %% [markdown]
# If the lines differ, then one layer gives two answers to one question, and a flag that asks
# for a second result changes the first.
# If they do not, another version may differ.
# Do not build on either: see to it that every query keeps at least one key.
# The graded tests of this course contain no such row.

# %% [markdown]
# ## A common mistake
#
# > **"In ChatGPT, *apple* looks ahead at *phones*."**
# > It reads left to right, so *phones* is not there yet when *apple* is read; and later, when
# > it is, the vectors of *apple* are not computed anew.
# > It is *phones* that looks back.
#
# > **"Multiply the weights by 0 after the softmax."**
# > Then the hidden words have already taken their part of the budget.
# > The row no longer sums to 1, and worse: *how much* is missing depends on the hidden words, so
# > they leak through.

# %%
for name, X in [("tired", X_tired), ("wide", X_wide)]:
    late_mask = look(X, it, 11)[0][: it + 1]  # the softmax saw everything
    early_mask = look(X, it, it + 1)[0]
    print(f"{name}: hidden after the softmax, sum {late_mask.sum():.3f}", end="")
    print(f"; hidden before it, sum {early_mask.sum():.3f}")

late_tired, late_wide = (look(X, it, 11)[0][: it + 1] for X in [X_tired, X_wide])
assert not np.allclose(late_tired, late_wide)

# %% [markdown]
# > **"Multiply the scores by 0 before it, then."**
# > A score of 0 is a score like any other; the padding above had it, and got 14 percent.
# > Only minus infinity has the exponential 0.

# %% [markdown]
# ## Exercise: `causal_mask`
#
# *Difficulty:* 1 of 5. *Time:* 5 minutes. *Points:* 3.
#
# Above, the mask of three words was typed in by hand.
# Write it for n words: query i may attend to key j if j does not come later than i.
#
# <details><summary>Hint 1: rows and columns</summary>
#
# Row i belongs to the query, column j to the key.
# The first row has one True, the last row has n.
#
# </details>
#
# <details><summary>Hint 2: compare places</summary>
#
# `np.arange(n)` numbers the places.
# As a column and as a row, two such arrays can be compared, each with each.
#
# </details>
#
# <details><summary>Hint 3: or a triangle</summary>
#
# NumPy has functions for upper and lower triangles.
# Which one is it here, with or without the diagonal?
# And what dtype does it start from?
#
# </details>


# %% nbgrader={"grade_id": "causal_mask", "solution": true}
# exercise: causal_mask
def causal_mask(n):
    """Say which words each word has read, reading left to right.

    n: the number of words.
    Returns (n, n) booleans: True where query i may attend to key j.
    """
    ### BEGIN SOLUTION
    return np.arange(n)[:, None] >= np.arange(n)
    ### END SOLUTION


# %% nbgrader={"grade_id": "causal_mask_of_three_words", "points": 2}
try:
    mask_of_three = causal_mask(3)
except NotImplementedError:
    raise NotImplementedError(
        "Fill in causal_mask in the cell above, then run both cells"
    ) from None

assert mask_of_three is not None, "causal_mask returned None: is there a `return`?"
assert mask_of_three.shape == (3, 3), f"Expected (3, 3), got {mask_of_three.shape}"
assert mask_of_three[0, 0], "A word may not see itself: the diagonal is hidden"
assert not mask_of_three[0, 2], "Row 0 is the first word: it has not read the last one"
story = [[True, False, False], [True, True, False], [True, True, True]]
assert np.array_equal(mask_of_three, story), "Expected the mask of the story"
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("causal_mask", causal_mask, "three_words", "any_length")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "causal_mask_true_or_false", "points": 1}
assert causal_mask(4).dtype == bool, (
    "The mask holds True and False, not numbers: a comparison gives booleans"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("causal_mask", causal_mask, "true_or_false")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise: `padding_mask`
#
# *Difficulty:* 2 of 5. *Time:* 8 minutes. *Points:* 4.
#
# A batch has b sentences, all filled up to n places; `lengths` says how many words each has.
# The words come first, the padding stands behind them.
# Write the mask of the batch, with the shape (b, 1, n).
#
# <details><summary>Hint 1: one sentence</summary>
#
# The places are numbered from 0 to n − 1.
# In a sentence of 2 words, which places are words?
#
# </details>
#
# <details><summary>Hint 2: all sentences</summary>
#
# Compare every place with every length.
# Broadcasting does it, if the lengths get new axes behind their own.
#
# </details>
#
# <details><summary>Hint 3: the shape</summary>
#
# Lengths with the axes (b, 1, 1) and places with the axis (n,) meet in (b, 1, n).
# The lengths may come as a list; `np.asarray` makes an array of it.
#
# </details>


# %% nbgrader={"grade_id": "padding_mask", "solution": true}
# exercise: padding_mask
def padding_mask(lengths, n):
    """Say which keys of each sentence are words; the others only fill up the row.

    lengths: (b,) the number of words of each sentence, array or list; at least 1 each.
    n: the number of places, words and padding together.
    Returns (b, 1, n) booleans: True where a key is a word.
    """
    ### BEGIN SOLUTION
    return np.arange(n) < np.asarray(lengths)[:, None, None]
    ### END SOLUTION


# %% nbgrader={"grade_id": "padding_mask_of_a_batch", "points": 2}
try:
    batch_mask = padding_mask(np.array([3, 2]), 3)
except NotImplementedError:
    raise NotImplementedError(
        "Fill in padding_mask in the cell above, then run both cells"
    ) from None

assert batch_mask is not None, "padding_mask returned None: is there a `return`?"
assert batch_mask.shape == (2, 1, 3), (
    f"Expected (sentences, 1, keys) = (2, 1, 3), got {batch_mask.shape}"
)
assert batch_mask[0].all(), "The first sentence is full: all its keys should be True"
assert batch_mask[1, 0].tolist() == [True, True, False], (
    "True marks a word, not the padding"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("padding_mask", padding_mask, "one_sentence", "several_sentences")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "padding_mask_with_room", "points": 1}
assert padding_mask(np.array([2, 1]), 5).shape == (2, 1, 5), (
    "The mask should have n columns, also where no sentence is that long"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("padding_mask", padding_mask, "room_to_spare", "lengths_in_a_list")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "padding_mask_good_manners", "points": 1}
lengths_given = np.array([2, 1])
left_to_right = np.array([[True, False, False], [True, True, False], [True] * 3])
together = padding_mask(lengths_given, 3) & left_to_right  # both masks at once
assert together.dtype == bool, "The mask holds True and False, not numbers"
assert together.shape == (2, 3, 3), "The two masks should broadcast to (b, n, n)"
assert lengths_given.tolist() == [2, 1], (
    "The function changed its input: the caller's lengths"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("padding_mask", padding_mask, "true_or_false", "leaves_its_input_alone")
### END HIDDEN TESTS

# %% [markdown] recall="BCAB"
# ## Recall
#
# Choose an answer to see what is right or wrong with it.
#
# **1. A decoder has read "love apple phones". Which vector knows that the apple is a company?**
#
# <details><summary>A. That of apple</summary>
#
# No. It was made from "love apple", and it is the same before juice.
#
# </details>
#
# <details><summary>B. That of phones</summary>
#
# Yes. It comes last and has seen all three words.
#
# </details>
#
# <details><summary>C. All three</summary>
#
# No. That would be an encoder.
#
# </details>
#
# **2. Why does a hidden score become minus infinity, and not 0?**
#
# <details><summary>A. Because 0 is not allowed in a softmax</summary>
#
# No. Any score is allowed, 0 included.
#
# </details>
#
# <details><summary>B. Because scores must be negative</summary>
#
# No. Scores may have any sign.
#
# </details>
#
# <details><summary>C. Because only then its exponential is 0, and it takes no share</summary>
#
# Yes. A score of 0 has the strength 1 and takes its part of the budget.
#
# </details>
#
# **3. What goes wrong if the weights are set to 0 after the softmax?**
#
# <details><summary>A. Rows sum to less than 1, by an amount that depends on hidden words</summary>
#
# Yes. The hidden words have taken their shares already, and so they leave a trace.
#
# </details>
#
# <details><summary>B. Nothing, it is the same</summary>
#
# No. Compare the sums in the cell on tired and wide.
#
# </details>
#
# <details><summary>C. The result holds NaN</summary>
#
# No. NaN appears where a row has no key at all.
#
# </details>
#
# **4. You hand the causal mask of this book to nn.MultiheadAttention as it is. What happens?**
#
# <details><summary>A. An error, because the dtype is wrong</summary>
#
# No. Booleans are welcome there.
#
# </details>
#
# <details><summary>B. Every word sees only later words, and the last one none</summary>
#
# Yes. True means "may not" there, so the mask has to be turned round with a tilde.
#
# </details>
#
# <details><summary>C. It works; all of PyTorch reads masks alike</summary>
#
# No. Its two doors to attention read booleans in opposite ways.
#
# </details>

# %% [markdown]
# ## Recap
#
# - A mask is a table of True and False: may this query look at this key?
# - A hidden score becomes −∞ before the softmax; its share is exactly 0.
# - Under a causal mask *apple* is the same, bit for bit, before *phones* and before *juice*;
#   it is *phones* that looks back.
# - Padding takes a share unless it is hidden, also when its vector is zero.
# - True means *may* here and in `F.scaled_dot_product_attention`, and *may not* in
#   `nn.MultiheadAttention`.
#
# **What you have now:** `causal_mask`, `padding_mask`.
# **Next:** [chapter 11](11_order.py) shuffles the words and asks whether anybody notices.

# %% [markdown]
# ## References
#
# - A. Vaswani and others, [*Attention Is All You Need*](https://arxiv.org/abs/1706.03762), 2017:
#   section 3.2.3, illegal connections are set to −∞ before the softmax.
# - J. Devlin and others, [*BERT*](https://arxiv.org/abs/1810.04805), 2018: an encoder, read in both
#   directions.
# - T. B. Brown and others, [*Language Models are Few-Shot
#   Learners*](https://arxiv.org/abs/2005.14165), 2020: GPT-3, a decoder.
# - J. Uszkoreit, [*Transformer: A Novel Neural Network Architecture for Language
#   Understanding*](https://research.google/blog/transformer-a-novel-neural-network-architecture-for-language-understanding/),
#   2017: where *tired* and *wide* are compared, in an encoder.
# - PyTorch:
#   [`scaled_dot_product_attention`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html)
#   and [`MultiheadAttention`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html).
