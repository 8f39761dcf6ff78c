"""The book's pages run in the warm engine, and Jupyter Book finds what came of them."""

import nbclient
import pytest
from jupyter_cache import get_cache

from autograder.errors import SourceError
from autograder.paths import project_root
from autograder.site.execute import execute_book, forget_outdated
from autograder.site.page import read

PAGE = """
# %% [markdown]
# # A page

# %%
import numpy as np
from figures.style import *

# %%
print("apple", np.arange(3))
np.eye(2)

# %% nbgrader={"grade_id": "double", "solution": true}
# exercise: double
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% nbgrader={"grade_id": "double_doubles", "points": 1}
assert double(2) == 4

# %%
double(np.array([1.5]))
""".lstrip()

READS_DATA = """
# %%
from pathlib import Path

places = [Path("numbers.txt"), Path("data/numbers.txt")]
print(next(place for place in places if place.exists()).read_text())
"""


@pytest.fixture
def book(tmp_path):
    """A book of one page, with the style and the data of the real one."""
    folder = tmp_path / "book"
    (folder / "figures").mkdir(parents=True)
    (folder / "data").mkdir()
    (folder / "data" / "numbers.txt").write_text("1 2 3\n")
    style = (project_root() / "book" / "figures" / "style.py").read_text("utf-8")
    (folder / "figures" / "style.py").write_text(style)
    (folder / "00_page.py").write_text(PAGE)
    return folder


def outputs_of(book, cache_folder):
    _, page = get_cache(str(cache_folder)).merge_match_into_notebook(
        read((book / "00_page.py").read_text())
    )
    return [cell.outputs for cell in page.cells if cell.cell_type == "code"]


def test_jupyter_book_finds_what_stock_execution_would_give_and_nothing_runs_twice(book, tmp_path):
    with (book / "00_page.py").open("a") as file:
        file.write(READS_DATA)
    assert list(execute_book(book, tmp_path / "cache")) == ["00_page"]

    stock = read((book / "00_page.py").read_text())
    nbclient.NotebookClient(stock, resources={"metadata": {"path": str(book)}}).execute()
    found = outputs_of(book, tmp_path / "cache")
    assert found == [cell.outputs for cell in stock.cells if cell.cell_type == "code"]
    assert "apple [0 1 2]" in str(found)
    assert "1 2 3" in str(found[-1])

    assert execute_book(book, tmp_path / "cache") == {}


def test_a_cell_that_fails_is_named_by_file_and_line(book, tmp_path):
    with (book / "00_page.py").open("a") as file:
        file.write("\n# %%\nassert 1 == 2, 'one is not two'\n")
    with pytest.raises(SourceError, match=r"00_page.py:\d+: .*one is not two") as caught:
        execute_book(book, tmp_path / "cache")
    lines = (book / "00_page.py").read_text().splitlines()
    assert "one is not two" in lines[caught.value.line - 1]


@pytest.mark.parametrize("what", ["figures/style.py", "data/numbers.txt"])
def test_outputs_are_kept_until_what_they_depend_on_changes(book, tmp_path, what):
    cache = tmp_path / "cache"
    forget_outdated(book, cache)
    (cache / "outputs").touch()
    forget_outdated(book, cache)
    assert (cache / "outputs").exists()
    with (book / what).open("a") as file:
        file.write("# changed\n")
    forget_outdated(book, cache)
    assert not (cache / "outputs").exists()
