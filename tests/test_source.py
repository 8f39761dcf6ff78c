"""A chapter source with a mistake gives an error with file and line, and writes nothing."""

import pytest

from autograder.course.source import read_text
from autograder.errors import SourceError

ANSWER = """\
# %% nbgrader={"grade_id": "double", "solution": true}
# exercise: double
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

"""
TEST = """\
# %% nbgrader={"grade_id": "double_two", "points": 1}
assert double(1) == 2
"""


def error_of(text):
    with pytest.raises(SourceError) as caught:
        read_text(text, "book/99_double.py")
    return str(caught.value)


def test_a_right_source_has_full_metadata_and_ids_from_grade_ids():
    cells = read_text(ANSWER + TEST).cells

    assert [cell.id for cell in cells] == ["double", "double_two"]
    assert cells[0].metadata.nbgrader == {
        "grade": False,
        "grade_id": "double",
        "locked": False,
        "schema_version": 3,
        "solution": True,
        "task": False,
    }
    assert cells[1].metadata.nbgrader.points == 1
    assert cells[1].metadata.nbgrader.locked


def test_twin_cells_get_ids_of_their_own():
    cells = read_text("# %%\nprint(1)\n\n# %%\nprint(1)\n").cells

    assert len({cell.id for cell in cells}) == 2
    assert cells[1].id == f"{cells[0].id}-2"


def test_a_cell_keeps_its_id_when_another_is_put_before_it():
    before = read_text("# %%\nprint(1)\n").cells[0].id
    after = read_text("# %%\nprint(0)\n\n# %%\nprint(1)\n").cells[1].id

    assert before == after


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (ANSWER.replace('"grade_id": "double", ', "") + TEST, 1, "no grade_id"),
        (ANSWER + TEST + "\n" + TEST, 11, "'double_two' again; first on 8"),
        (ANSWER + TEST.replace("assert ", ""), 8, "points without a test"),
        (ANSWER.replace("    ### END SOLUTION\n", "") + TEST, 4, "BEGIN SOLUTION has no END"),
        (ANSWER.replace("### BEGIN", "### END") + TEST, 4, "unbalanced marker: END SOLUTION"),
        (ANSWER, 1, "no test cell named double_<fact>"),
        (ANSWER.replace("# exercise: double\n", "") + TEST, 1, "line 1 of this cell must be"),
        (ANSWER.replace("true", 'true, "point": 1') + TEST, 1, "unknown nbgrader key ['point']"),
        ("print(1)\n\n# %%\nprint(2)\n", 1, "text before the first"),
        ('# %% tag="demo"\nprint(1)\n', 1, "unknown cell metadata ['tag']"),
        ("# %%\n### BEGIN HIDDEN TESTS\nassert 1\n### END HIDDEN TESTS\n", 1, "no `nbgrader=`"),
    ],
)
def test_a_broken_source_names_file_line_and_problem(text, line, words):
    message = error_of(text)

    assert message.startswith(f"book/99_double.py:{line}: ")
    assert words in message
