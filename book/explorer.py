# %% [markdown]
# # The mechanism in three dimensions
#
# Every number between a sentence and its new vectors, as blocks that you can turn.
#
# One law holds everywhere: **what stands to the left, times what stands above, is here.**
# So a word keeps its height from its query to the output: follow the framed row.
# Heads lie behind one another.
# A number that stands out to the front is positive, one that sinks to the back is negative.
#
# Go step by step, or choose *Everything* and look around.
# Any cell that you choose shows its number, and the row and the column that made it.
# With a keyboard: arrow keys choose a cell, *Page Down* goes to the next matrix, and *Shift* with
# the arrow keys turns.

# %% [markdown]
# The picture below is the first sentence, "love apple phones", with the words and matrices of
# [chapter 9](09_multi_head.py).
# In a browser it comes to life.

# %%
import numpy as np

# %% tags=["demo"]
from figures.style import *

# %%
words = ["love", "apple", "phones"]
axes_names = ["tech", "fruit", "feeling", "thing"]
X = np.array([[0.0, 0, 1, 0], [1, 1, 0, 1], [2, 0, 0, 1]])  # (3, 4)
W_Q = np.array([[1.0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 4, 0]])
W_K, W_V = np.diag([1.0, 1, 1, 0]), np.eye(4)
W_O = np.array([[1.5, -0.5, 0, 0.5], [-0.5, 1.5, 0, 0.5], [0, 0, 1, 0], [0, 0, 0, 1]])

steps = {"X": X}
for head, columns in enumerate([slice(0, 2), slice(2, 4)], start=1):
    Q, K, V = (X @ W[:, columns] for W in (W_Q, W_K, W_V))  # (3, 2) each
    scores = Q @ K.T  # (3, 3)
    strengths = np.exp(scores / np.sqrt(2))
    weights = strengths / strengths.sum(axis=1, keepdims=True)
    for name, matrix in zip("QKV", [Q, K, V]):
        steps[f"{name}{head}"] = matrix
    steps |= {f"scores{head}": scores, f"weights{head}": weights}
    steps[f"mixed{head}"] = weights @ V  # (3, 2)
steps["concat"] = np.hstack([steps["mixed1"], steps["mixed2"]])  # (3, 4)
steps["output"] = (steps["concat"] @ W_O).round(6) + 0.0  # no -0.0

assert np.allclose(steps["output"][1], [1.783, 0, 0.894, 0.997], atol=6e-4)

# %% tags=["demo", "live:explorer"] alt="Grids of numbers for the sentence love apple phones, in four rows. First X with its four columns. Then for head 1, and again for head 2: queries in blue, keys in orange, values in green, the grey scores, the purple weights and the green mixed values. Last the mixed values of both heads side by side, and the output, in which apple is 1.8, 0.0, 0.9, 1.0."
colours = {"Q": BLUE, "K": ORANGE, "V": GREEN, "s": GREY, "w": PURPLE, "m": GREEN}
titles = {"Q": "Q", "K": "K", "V": "V", "s": "scores", "w": "weights", "m": "mixed"}
fig = plt.figure(figsize=(5.0, 7.2))
rows = fig.subfigures(4, 1, height_ratios=[1.25, 1, 1, 1.25])
ax = rows[0].subplots()
draw_matrix(ax, X, words, axes_names, "X: a row is a word", GREY, digits=0)
for head in (1, 2):
    names = [name for name in steps if name.endswith(str(head))]
    axes = rows[head].subplots(1, 6, width_ratios=[2, 2, 2, 3, 3, 2])
    for ax, name in zip(axes, names):
        labels = words if name[0] == "Q" else ["", "", ""]
        draw_matrix(ax, steps[name], labels, [], titles[name[0]], colours[name[0]], 1)
        for text in ax.texts:
            text.set_fontsize(7)
        ax.tick_params(labelsize=8)
    rows[head].suptitle(f"head {head}", fontsize=10)
axes = rows[3].subplots(1, 2)
draw_matrix(axes[0], steps["concat"], words, [], "side by side", GREEN, 1)
draw_matrix(axes[1], steps["output"], [""] * 3, axes_names, "output", PURPLE, 1)
for ax in [rows[0].axes[0], axes[1]]:
    ax.tick_params(axis="x", rotation=40)
plt.show()

# %% [markdown]
# *Figure: all of multi-head self-attention on one sentence.*

# %% [markdown]
# ## Five things to look for
#
# <details><summary>1. In step 5, which words score zero with everybody, and why?</summary>
#
# *love*, in both heads.
# It is neither tech nor fruit, so it has no kind to ask for, and it is no thing, so it asks for
# no feeling: both of its queries are (0, 0), and a dot product with zeros is 0.
#
# </details>
#
# <details><summary>2. In step 8, what does *love* do with equal scores?</summary>
#
# It spends its budget evenly, a third on each word.
# Softmax has no way to say "nobody".
#
# </details>
#
# <details><summary>3. Switch the causal mask on. Which rows of the weights stay as they were?</summary>
#
# The last one.
# The last word looks back at everything anyway; only the words before it lose something.
# Compare *love apple phones* with *love apple juice*: the output of *apple* is now the same.
#
# </details>
#
# <details><summary>4. Choose "… because it was too tired", then "… too wide". Does *it* change?</summary>
#
# Yes, without a mask: *tired* pulls it to the animal's side, *wide* to the street's.
# With the causal mask it does not, because the last word has not been read yet.
# These vectors were set by hand to make it so; whether a trained model does the same is a
# question of its own ([chapter 15](15_real_transformer.py)).
#
# </details>
#
# <details><summary>5. Change the number of heads from 2 to 1. What happens to *phones* in the row of *apple*?</summary>
#
# Its share falls from .45 to .21.
# One head adds the scores of both questions and chooses once, so *love* takes what *phones* had.
#
# </details>

# %% [markdown]
# ## What is a toy here, and what is not
#
# The mechanism is the real one: the same products, the same division, the same softmax, in the
# same order.
# The numbers in the browser are tested against NumPy, to six decimals.
#
# The vectors and matrices are toys.
# A real model has hundreds of numbers for a word, learned and not named; no row of them says
# *tech*.
# For your own words there is nothing to look up: words of this book keep their numbers, and the
# numbers of all others are made from their letters and mean nothing.
# Nothing that you type leaves your browser.
