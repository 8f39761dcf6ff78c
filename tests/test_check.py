"""A lone learner checks one notebook."""

import nbformat

from autograder.engine.host.processes import ProcessEngine
from autograder.grading.check import check
from autograder.paths import project_root

STUB = "raise NotImplementedError()"


def checked(folder, answer):
    """The notebook of chapter 0, with this line in the place of the stub's, checked."""
    notebook = nbformat.read(project_root() / "notebooks" / "00_start_here.ipynb", as_version=4)
    cell = next(cell for cell in notebook.cells if cell.id == "row_sums")
    cell.source = cell.source.replace(STUB, answer)
    nbformat.write(notebook, folder / "00_start_here.ipynb")
    return check(folder / "00_start_here.ipynb", ProcessEngine()).result


def test_an_exercise_is_empty_until_its_stub_is_replaced(tmp_path):
    blank, filled = checked(tmp_path, STUB), checked(tmp_path, "return A.sum(axis=-1)")

    assert blank.empty == ["row_sums"]
    assert [test.score for test in blank.tests] == [0]
    assert filled.empty == [], "the comment of the stub may stay"
    assert [test.score for test in filled.tests] == [1]
