# %% [markdown]
# # 0. Start here
#
# **How do I read, run and hand in this course?**
#
# *Time:* 15 minutes. *Difficulty:* 1 of 5.
#
# After this chapter you can
#
# - run a cell, and start again with an empty memory,
# - fill in an answer, and let a check tell you what is wrong with it,
# - hand in a notebook that does for others what it did for you.
#
# Welcome.
# This book follows one word, *apple*.
#
# > I love Apple phones.
# >
# > I love apple juice.
#
# You can tell the company from the fruit at a glance: the next word gives it away.
# A computer starts with a list of numbers for each word, and *apple* has the same list in
# both sentences.
# *Self-attention* is the step that lets a word look at its neighbours and change its numbers.
# It is the core of the Transformer, and so of most programs that translate, answer and write
# today.
#
# You will build it yourself, one small function per chapter, and find out what it can do and
# what it cannot.
# You bring school arithmetic and a little Python: a list, a loop, a function.
#
# The course grew from four older texts about attention, our *sources*.
# They found the apple, and much else that is good.
# Where one of them is wrong, the chapter says so, and
# [*What we changed and why*](errata.py) keeps the list.

# %% nbgrader={"grade_id": "start_here_setup", "locked": true}
import numpy as np

rng = np.random.default_rng(0)

# %% tags=["demo"]
from figures.style import *

# %% [markdown]
# ## Predict first
#
# Every chapter asks for a guess before it shows a result.
# A wrong guess is worth as much as a right one: you will remember the surprise.
#
# > **Your guess, before you run anything.**
# > There are 3 apples in a basket.
# > One cell below adds one apple.
# > You run that cell, and then you run it again.
# > You hand the notebook in, and it is run once more, elsewhere, from the top.
# > How many apples does the basket hold there?
#
# Write the guess down.
# The next section answers it.

# %% [markdown]
# ## A page that runs
#
# A chapter is a *notebook*: text, and cells of Python between the text.
# On the web the cells stand still; in a notebook they run, and the next section says where to
# get one.
# Click on a cell and press **Shift + Enter**; what it prints appears below it.
# Here are two cells.

# %%
basket = 3

# %%
basket = basket + 1
print("apples in the basket:", basket)

# %% [markdown]
# Read from the top, the answer is 4, and that is what you see elsewhere too.
# Run the second cell again, and your own basket holds 5: a notebook remembers everything you
# have run, in the order in which you ran it, and not in the order of the page.
# Whoever opens your notebook starts with an empty memory and runs each cell once.
#
# So, before you hand in, start afresh:
#
# - in JupyterLab, *Run → Restart Kernel and Run All Cells…*,
# - in Colab, *Runtime → Restart session and run all*.
#
# If it works then, it works elsewhere.

# %% [markdown]
# ## Five places to run it
#
# | place | how to get there | good to know |
# |---|---|---|
# | Colab | the launch button at the top of this page | nothing to install; first *File → Save a copy in Drive*, or your work is lost |
# | Binder | the same button | nothing to install, no account; it forgets, so download your notebook before you close it |
# | your browser | the same button, *In your browser* | nothing to install, no account; it asks before it loads Python; PyTorch cells do not run |
# | your laptop | in the course's folder: `pip install -r requirements.txt`, then `jupyter lab notebooks`; [more about it](handing_in.md#from-your-laptop) | works without a network; has `autograder check` |
# | your school's hub | your teacher's link, then *Assignment List → Fetch* | has a *Submit* button |
#
# You can also just read: every page shows what its cells print.

# %% [markdown]
# ## One sum in three steps
#
# Each idea in this book comes three times: as a loop that a child could follow, as one line of
# NumPy, which computes with a whole array of numbers at once, and in PyTorch.
# Here is the first.
# In chapter 2 *apple* cuts its attention into three shares: a tenth for *love*, a half for
# itself, four tenths for *phones*.
# Do they use up the whole budget?

# %%
shares = np.array([0.1, 0.5, 0.4])  # love, apple, phones

total = 0.0
for share in shares:
    total = total + share
print("step by step:", total)

# %%
print("in one line:", shares.sum())

# %% [markdown]
# PyTorch is the library that real Transformers are written in.
# Its arrays are called *tensors*, and they know the same sum.

# %% nbgrader={"grade_id": "start_here_torch", "locked": true}
import torch

# %%
from_torch = torch.tensor(shares).sum()
print(from_torch)

assert np.isclose(total, shares.sum())
assert np.isclose(total, from_torch.item())
assert np.isclose(total, 1)

# %% [markdown]
# All three agree: the shares use up the whole budget, and nothing more.
# The last cell makes sure of it.
# `assert` is silent when a claim holds, and stops when it does not.
# Why `isclose`, and not `==`?
# A computer writes numbers in binary, and 0.1 has no exact form there.

# %%
print(0.1 + 0.2)

assert 0.1 + 0.2 != 0.3
assert np.isclose(0.1 + 0.2, 0.3)

# %% [markdown]
# ## The map of the book
#
# One question per chapter.
# After nearly each of them you own one more function, or a few, and later chapters build on what
# you have learned.

# %% tags=["demo"] alt="The chapters as stops on one line, from 0 at the top to the last, each with its number, its title and its question. Three headings divide the line into parts: One word, Attention, and Beyond one head. The code of this figure has the same titles and questions as text."
from textwrap import wrap

from figures.stops import parts, stops

lines = {number: wrap(question, 47) for number, (_, question) in stops.items()}
height = sum(map(len, lines.values())) * 0.4 + len(stops) * 0.6 + len(parts)

fig, ax = plt.subplots(figsize=(4.4, 0.45 * height))
ax.set(xlim=(-0.5, 8.3), ylim=(height + 0.1, -0.4))
ax.axis("off")
y = 0.0
for number, (title, _) in stops.items():
    if number in parts:
        ax.text(
            -0.4, y, parts[number].upper(), va="center", weight="bold", color=PURPLE
        )
        y += 0.9
    else:
        ax.plot([0, 0], [y - step, y], color=COLOURS["apple"], linewidth=3, zorder=1)
    ax.plot(0, y, "o", color=COLOURS["apple"], markersize=19, zorder=2)
    ax.text(0, y + 0.02, number, color="white", ha="center", va="center", zorder=3)
    ax.text(0.75, y - 0.2, title, va="center", weight="bold", fontsize=11)
    ax.text(0.75, y + 0.06, "\n".join(lines[number]), va="top", fontsize=10.5)
    step = 0.6 + 0.4 * len(lines[number])
    y += step if number + 1 not in parts else step + 0.1
plt.show()

# %% [markdown]
# *Figure: the map of the book.
# Chapters 0 to 5 build a first self-attention, 6 to 9 the one of the Transformer, and those from
# 10 on ask what it reads, learns, costs and is good for.*
#
# Each part has a page that says what you bring to it and what you leave with:
# [One word](part_one_word.py), [Attention](part_attention.py),
# [Beyond one head](part_beyond_one_head.py).
#
# <details><summary>Habits of the whole book, to come back to</summary>
#
# - A row is a word. A sentence of n words is an array `X` of shape (n, d): d numbers per word.
# - Functions also accept a pile of sentences: more axes in front, `(..., n, d)`.
# - *Scores* are what words give each other at first, *weights* are the shares made from them.
# - In a table of scores, the row is the word that looks, the column the word that it looks at.
# - A mask says `True` where a word may look.
# - A function with several results returns a tuple.
# - Functions keep the kind of number that they are given: float32 stays float32.
# - Words that are new stand in the [glossary](glossary.md).
#
# </details>

# %% [markdown]
# ## Fill in and check
#
# At the end of nearly every chapter is an exercise, and it has two kinds of cells.
#
# The *answer cell* is yours.
# Its first line names the exercise; leave that line where it is.
# Delete `raise NotImplementedError()`, and write your code in its place.
#
# The *test cells* are locked and worth points.
# They ask your function for results, and say in words what is wrong with them, as here:

# %%
try:
    assert basket == 100, f"Expected 100 apples, and there are {basket}"
except AssertionError as problem:
    print("The check says:", problem)

# %% [markdown]
# On your laptop there is a second helper.
# Save the notebook, then type in a terminal, in the course's folder:
#
# ```
# autograder check notebooks/00_start_here.ipynb
# ```
#
# It runs your notebook with an empty memory, and says which tests pass.
# In the full course it also runs the tests that you cannot see, with many more inputs.
# If it knows your mistake, it names it: to an answer of the exercise below that rounds its
# sums, it says
#
# ```
# ✗ row_sums_of_tables  0 of 1
# row_sums
#    The sums are rounded, so they are no longer exact.
#    Hint: round when you print, not when you compute.
# ```
#
# and then shows a small input where it went wrong, what was expected, and what came.
# In a class, the teacher may keep the unseen tests; it then says that they run later.

# %% [markdown]
# ## How a notebook travels
#
# 1. You save it, under the name that it has.
# 2. You hand it in: *Submit* on a hub; from Colab, *File → Download → Download .ipynb*, and
#    then upload the file where your teacher asks for it.
# 3. The grader takes your answer cells, puts them into a fresh copy of the chapter, and runs
#    it from the top, in a closed room.
# 4. Tests that you have seen, and some with new numbers that you have not, call your
#    functions.
# 5. Your points come back with a page of feedback: for each test that failed, the same
#    sentence and hint that a check would give you.
#
# An exercise that you leave empty costs its own points and no others.
# Nobody grades how often you tried.
#
# If you learn alone, `autograder check` is your grader.

# %% [markdown]
# ## A common mistake
#
# > **"I need calculus first."**
# > The self-attention of this book is made of sums, products, a division by a total, a square
# > root, and one exponential, which chapter 4 explains.
# > Chapter 8 nudges a score and watches what moves.
# > Calculus proper comes once, in chapter 12, and no later chapter needs it.
#
# Here is how far *apple* moves towards technology in chapter 2: on the axis *tech*, *love* has
# 0, *apple* 1, and *phones* 2.

# %%
tech = 0.1 * 0 + 0.5 * 1 + 0.4 * 2
print(tech)

assert np.isclose(tech, 1.3)

# %% [markdown]
# Three products and a sum: *apple* has moved from 1 to 1.3.
# You have just done the arithmetic of attention for one number.

# %% [markdown]
# ## Exercise: `row_sums`
#
# *Difficulty:* 1 of 5. *Time:* 5 minutes. *Points:* 1.
#
# This one is for practising the journey.
# Later you will want to know whether the shares of *every* word add up to 1.
# The shares of a sentence are a table with one row per word; those of many sentences are a
# pile of tables.
# Add up each row.
#
# <details><summary>Hint 1: what goes in, what comes out</summary>
#
# A table of 2 rows and 3 columns has 2 sums.
# The last axis disappears, and all others stay.
#
# </details>
#
# <details><summary>Hint 2: along which axis</summary>
#
# `sum` has an argument `axis`, which says along which axis it adds.
# Axis 0 of a table runs down a column.
#
# </details>
#
# <details><summary>Hint 3: a pile of tables</summary>
#
# NumPy counts axes from the front, 0, 1, 2, and also from the end, −1, −2.
# Only one of these numbers always means *along a row*, however high the pile.
#
# </details>


# %% nbgrader={"grade_id": "row_sums", "solution": true}
# exercise: row_sums
def row_sums(A):
    """Add up each row of a table, or of a pile of tables.

    A: array of numbers, (..., n, m); not changed.
    Returns an array (..., n): one sum per row, with the dtype of A if that is a float.
    """
    ### BEGIN SOLUTION
    return A.sum(axis=-1)
    ### END SOLUTION


# %% nbgrader={"grade_id": "row_sums_of_tables", "points": 1}
table = np.array([[1.0, 3.0, 6.0], [2.0, 0.0, 0.0]])  # (2, 3)
try:
    sums = row_sums(table)
except NotImplementedError:
    raise NotImplementedError(
        "Fill in row_sums in the cell above, then run both cells"
    ) from None

assert sums is not None, "row_sums returned None: is there a `return`?"
assert np.shape(sums) == (2,), f"Expected one sum for each of 2 rows, got {sums}"
assert np.allclose(sums, [10, 2]), f"The rows add up to 10 and 2, and not to {sums}"
assert np.shape(row_sums(np.ones((4, 2, 3)))) == (4, 2), (
    "A pile of 4 tables with 2 rows each has sums of shape (4, 2)"
)
assert not isinstance(sums, list), "The sums come back in a Python list"
assert row_sums(np.float32([[1.5, 2]])).dtype == np.float32, (
    "float32 should stay float32"
)
assert np.allclose(table, [[1, 3, 6], [2, 0, 0]]), (
    "The function changed its input: the caller's table"
)
### BEGIN HIDDEN TESTS
from autograder.checks import require

require("row_sums", row_sums, "one_sum_per_row", "piles_of_tables")
require("row_sums", row_sums, "keeps_dtype", "whole_numbers", "leaves_its_input_alone")
### END HIDDEN TESTS

# %% [markdown] recall="BAC"
# ## Recall
#
# Choose an answer to see what is right or wrong with it.
#
# **1. Your notebook works, but a cell far up uses a name that is defined further down. What
# happens when you hand it in?**
#
# <details><summary>A. It works there as well</summary>
#
# No. Your own notebook still remembers the name; an empty memory does not.
#
# </details>
#
# <details><summary>B. It stops at the cell far up</summary>
#
# Yes. Elsewhere the cells run once, from the top, and there the name does not exist yet.
# *Restart and run all* shows you this before you hand in.
#
# </details>
#
# <details><summary>C. Only the cells below the definition run</summary>
#
# No. Cells run in the order of the page, and nothing skips the ones above.
#
# </details>
#
# **2. A test cell prints nothing. What does that mean?**
#
# <details><summary>A. Every claim in it holds</summary>
#
# Yes. An `assert` is silent when it holds.
# The tests that you have not seen still come later.
#
# </details>
#
# <details><summary>B. It did not run</summary>
#
# No. A cell that has run has a number beside it, also when it prints nothing.
#
# </details>
#
# <details><summary>C. It found a mistake that it cannot name</summary>
#
# No. A failed claim always stops the cell with a message.
#
# </details>
#
# **3. You are stuck on an exercise. What is a good next step?**
#
# <details><summary>A. Leave the course, since the later chapters need it</summary>
#
# No. Every chapter starts with all that it needs, so that you can go on and come back.
#
# </details>
#
# <details><summary>B. Change the test until it passes</summary>
#
# No. Tests are taken from a fresh copy of the chapter, so a changed one counts for nothing.
#
# </details>
#
# <details><summary>C. Open one hint, and try again</summary>
#
# Yes. The three hints go from a nudge to a plan; open as few as you need.
#
# </details>

# %% [markdown]
# ## Recap
#
# - A notebook remembers what you ran; before you hand in, restart and run all.
# - Guess first, run second: the surprise is what you learn from.
# - An answer cell is yours, a test cell is locked, and its messages say what is wrong.
# - `autograder check` runs your notebook afresh, and names the mistakes that it knows.
# - You need sums and products, and no calculus to begin with.
#
# **What you have now:** `row_sums(A)`.
# **Next:** [chapter 1](01_two_meanings.py) asks what goes wrong when *apple* has one list of
# numbers for two meanings.

# %% [markdown]
# ## References
#
# - A. Vaswani and others, [*Attention Is All You Need*](https://arxiv.org/abs/1706.03762), 2017:
#   the paper that introduced the Transformer.
# - J. F. Pimentel, L. Murta, V. Braganholo, J. Freire, [*Understanding and improving the quality
#   and reproducibility of Jupyter notebooks*](https://doi.org/10.1007/s10664-021-09961-9), 2021:
#   how often a notebook does elsewhere what it did at home.
# - Project Jupyter and others, [*nbgrader: A Tool for Creating and Grading Assignments in the
#   Jupyter Notebook*](https://doi.org/10.21105/jose.00032), 2019.
