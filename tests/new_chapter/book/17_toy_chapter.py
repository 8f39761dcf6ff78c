# %% [markdown]
# # 17. Spread
#
# **How far apart are the words of a sentence?**
#
# *Time:* 15 minutes. *Difficulty:* 2 of 5.
#
# After this chapter you can
#
# - say where the middle of a sentence is, and how far its words lie from it.

# %% nbgrader={"grade_id": "spread_setup", "locked": true}
import numpy as np

# %% tags=["demo"]
from figures.style import *

# %%
apple = np.array([1.0, 1.0])  # (tech, fruit)
phones = np.array([2.0, 0.0])
juice = np.array([0.0, 2.0])

middle = (apple + phones) / 2
print("the middle of apple and phones:", middle)

# %% [markdown]
# ## Predict first
#
# > **Your guess, before you run anything.**
# > Which pair lies further apart: *apple* and *phones*, or *phones* and *juice*?
#
# Write the guess down.

# %% [markdown]
# ## How far from the middle
#
# The pair *phones* and *juice* has its middle at *apple*.

# %%
between = (phones + juice) / 2
to_the_middle = np.linalg.norm(phones - between)
print("from phones to the middle:", round(to_the_middle, 3))

assert np.allclose(between, apple)

# %% tags=["demo"] alt="Map with the axes tech and fruit: phones at (2, 0), juice at (0, 2), and apple at (1, 1), halfway between them."
fig, ax = plt.subplots(figsize=(4.2, 4.0))
draw_map(ax, {"apple": apple, "phones": phones, "juice": juice})
plt.show()

# %% [markdown]
# *Figure: apple is the middle of phones and juice.*

# %% [markdown]
# ## PyTorch agrees

# %% nbgrader={"grade_id": "spread_torch", "locked": true}
import torch

# %%
distance = torch.dist(torch.tensor(phones), torch.tensor(between))

assert np.isclose(distance.item(), to_the_middle)

# %% [markdown]
# ## A common mistake
#
# > **"The middle of a sentence is one of its words."**
# > It can be, as here; mostly it is not.

# %% [markdown]
# ## Exercise: `spread`
#
# *Difficulty:* 2 of 5. *Time:* 8 minutes. *Points:* 4.
#
# Write a function that says how far the words lie from their middle: the squared distance,
# averaged over the words.
#
# <details><summary>Hint 1: the middle</summary>
#
# It is the mean of the words, and the words are on axis −2.
#
# </details>
#
# <details><summary>Hint 2: the distance</summary>
#
# Squares are added up within a word.
#
# </details>
#
# <details><summary>Hint 3: a pile of sentences</summary>
#
# Count axes from the end.
#
# </details>


# %% nbgrader={"grade_id": "spread", "solution": true}
# exercise: spread
def spread(X):
    """How far the words lie from their middle.

    X: array (n, d), a row is a word; or (..., n, d) for a pile of sentences.
    Returns a number, or an array (...), with the dtype of X if that is a float.
    """
    ### BEGIN SOLUTION
    from_the_middle = X - X.mean(axis=-2, keepdims=True)
    return (from_the_middle**2).sum(axis=-1).mean(axis=-1)
    ### END SOLUTION


# %% nbgrader={"grade_id": "spread_of_one_sentence", "points": 2}
X_example = np.array([[2.0, 0.0], [0.0, 2.0]])
try:
    found = spread(X_example)
except NotImplementedError:
    raise NotImplementedError(
        "Fill in spread in the cell above, then run both cells"
    ) from None

assert found is not None, "spread returned None: is there a `return`?"
assert np.isclose(found, 2.0), f"Expected 2 for phones and juice, got {found}"
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("spread", spread, "one_sentence", "one_word", "whole_numbers")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "spread_of_many_sentences", "points": 1}
pile = np.array([[[2.0, 0.0], [0.0, 2.0]], [[1.0, 1.0], [1.0, 1.0]]])  # (2, 2, 2)
assert np.allclose(spread(pile), [2, 0]), (
    "Right for one sentence; in a pile, each sentence should have a spread of its own"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("spread", spread, "piles_of_sentences")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "spread_good_manners", "points": 1}
X_given = np.array([[4.0, 0.0], [0.0, 8.0]], dtype=np.float32)
X_before = X_given.copy()
spread(X_given)
assert np.array_equal(X_given, X_before), "The function changed its input."
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("spread", spread, "keeps_dtype", "leaves_its_input_alone")
### END HIDDEN TESTS

# %% [markdown] recall="ABC"
# ## Recall
#
# **1. Where is the middle of (0, 0) and (2, 4)?**
#
# <details><summary>A. (1, 2)</summary>
#
# Yes. It is the mean of the two.
#
# </details>
#
# <details><summary>B. (2, 4)</summary>
#
# No. That is one of them.
#
# </details>
#
# <details><summary>C. (0, 0)</summary>
#
# No. That is one of them.
#
# </details>
#
# **2. A sentence has one word. What is its spread?**
#
# <details><summary>A. 1</summary>
#
# No. Nothing lies 1 away from it.
#
# </details>
#
# <details><summary>B. 0</summary>
#
# Yes. The word is its own middle.
#
# </details>
#
# <details><summary>C. its length</summary>
#
# No. The distance is not measured from 0.
#
# </details>
#
# **3. All words move by the same vector. What happens to the spread?**
#
# <details><summary>A. It grows</summary>
#
# No. The middle moves along.
#
# </details>
#
# <details><summary>B. It shrinks</summary>
#
# No. The middle moves along.
#
# </details>
#
# <details><summary>C. Nothing</summary>
#
# Yes. The middle moves along.
#
# </details>

# %% [markdown]
# ## Recap
#
# - The middle of a sentence is the mean of its words.
#
# **What you have now:** `spread(X)`.

# %% [markdown]
# ## References
#
# - A. Vaswani and others, [*Attention Is All You Need*](https://arxiv.org/abs/1706.03762), 2017.
