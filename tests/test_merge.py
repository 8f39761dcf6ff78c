"""The graded notebook is our release plus the learner's answers, whatever they did to it."""

import copy
import json

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course.cells import answered, exported_names, is_test
from autograder.course.notebooks import learner_notebook
from autograder.course.source import read_text
from autograder.grading.merge import exercises_in, merge
from autograder.grading.parse import Rejected, parse_submission

TEACHER = read_text(
    """\
# %% [markdown]
# # Two exercises

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %%
story = 1

# %% nbgrader={"grade_id": "double", "solution": true}
# exercise: double
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


# %% nbgrader={"grade_id": "double_two", "points": 1}
assert double(1) == 2
### BEGIN HIDDEN TESTS
assert double(3) == 6
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "halve", "solution": true}
# exercise: halve
def halve(x):
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION


# %% nbgrader={"grade_id": "halve_two", "points": 2}
assert halve(2) == 1
"""
)
LEARNER = learner_notebook(TEACHER)
DOUBLE = "# exercise: double\ndef double(x):\n    return x + x"
HALVE = "# exercise: halve\ndef halve(x):\n    return x * 0.5"
FILLED = answered(LEARNER, {"double": DOUBLE, "halve": HALVE})


def merged(notebook):
    return merge(TEACHER, LEARNER, parse_submission(nbformat.writes(notebook).encode()))


def sources(result):
    return [cell.source for cell in result.notebook.cells]


def changed(change):
    notebook = copy.deepcopy(FILLED)
    change(notebook.cells)
    return notebook


def answers_stand(result):
    """Both answers are in, every test is ours, and the tests follow their answers."""
    text = sources(result)
    return (
        [c for c in result.notebook.cells if is_test(c)] == [c for c in TEACHER.cells if is_test(c)]
        and any("return x + x" in source for source in text)
        and any("return x * 0.5" in source for source in text)
        and set(result.answered) == {"double", "halve"}
    )


def strip_metadata(cells):
    for cell in cells:
        cell.metadata = {}
        cell.id = f"new-{id(cell)}"


def test_an_honest_notebook_takes_over_the_answers_and_nothing_else():
    result = merged(FILLED)

    assert answers_stand(result)
    assert not result.flags
    assert len(result.notebook.cells) == len(TEACHER.cells)


def test_a_blank_notebook_has_no_answer():
    assert merged(LEARNER).answered == []


@pytest.mark.parametrize(
    "change",
    [
        strip_metadata,
        lambda cells: cells.pop(4),  # a test deleted
        lambda cells: cells.insert(0, cells.pop(4)),  # a test moved above its answer
        lambda cells: cells.reverse(),
        lambda cells: cells.append(copy.deepcopy(cells[4])),  # a test doubled
        lambda cells: cells[4].update(source="pass"),
        lambda cells: cells[4].metadata["nbgrader"].update(points=100, grade=False),
        lambda cells: cells[3].metadata["nbgrader"].update(solution=False, grade=True, points=9),
        lambda cells: cells[3].metadata["nbgrader"].update(schema_version=99),
        lambda cells: [cell.metadata.pop("nbgrader", None) for cell in cells],
        lambda cells: cells[1].update(source="import os"),  # the locked set-up edited
        lambda cells: cells.insert(3, nbformat.v4.new_code_cell("helper = 3")),
    ],
)
def test_the_answers_are_graded_whatever_was_done_to_cells_and_metadata(change):
    result = merged(changed(change))

    assert answers_stand(result)
    assert not [s for s in sources(result) if s in ("pass", "import os")]


def test_an_extra_cell_stays_before_the_next_cell_of_ours():
    notebook = changed(lambda cells: cells.insert(3, nbformat.v4.new_code_cell("helper = 3")))
    text = sources(merged(notebook))

    assert text.index("helper = 3") < text.index(DOUBLE)


def test_an_extra_cell_can_claim_nothing():
    claim = nbformat.v4.new_code_cell(
        "x = 3",
        metadata={
            "tags": ["demo"],
            "nbgrader": {
                "grade": True,
                "solution": False,
                "points": 9,
                "grade_id": "mine",
                "locked": True,
                "schema_version": 3,
                "task": False,
            },
        },
    )
    result = merged(changed(lambda cells: cells.insert(3, claim)))

    extra = next(cell for cell in result.notebook.cells if cell.source == "x = 3")
    assert extra.metadata == {}


def test_an_edited_story_cell_is_the_learners_and_a_deleted_one_is_ours():
    edited = merged(changed(lambda cells: cells[2].update(source="story = 2")))
    deleted = merged(changed(lambda cells: cells.pop(2)))

    assert "story = 2" in sources(edited)
    assert "story = 1" in sources(deleted)


def test_an_answer_in_another_cell_is_found_and_flagged():
    def elsewhere(cells):
        cells[3].source = LEARNER.cells[3].source
        cells.append(nbformat.v4.new_code_cell("def double(x):\n    return x + x"))

    result = merged(changed(elsewhere))

    assert answers_stand(result)
    assert result.flags == ["double: the answer stood in another cell"]


def test_an_answer_without_marker_and_metadata_is_found_by_the_name_it_defines():
    def bare(cells):
        strip_metadata(cells)
        cells[3].source = "def double(x):\n    return x + x"

    assert answers_stand(merged(changed(bare)))


def test_a_doubled_answer_runs_in_order_the_last_wins_and_is_flagged():
    def doubled(cells):
        cells.insert(3, copy.deepcopy(cells[3]))
        cells[3].source = "# exercise: double\ndef double(x):\n    return 0"

    result = merged(changed(doubled))
    text = sources(result)

    assert text.index(DOUBLE) > text.index("# exercise: double\ndef double(x):\n    return 0")
    assert result.flags == ["double: 2 cells claim to be the answer"]


def test_an_answer_split_over_two_cells_keeps_both():
    def split(cells):
        cells[3].source = "# exercise: double\ndef double(x):\n    return add(x, x)"
        cells.insert(3, nbformat.v4.new_code_cell("def add(a, b):\n    return a + b"))

    text = sources(merged(changed(split)))

    assert text.index("def add(a, b):\n    return a + b") < text.index(
        "# exercise: double\ndef double(x):\n    return add(x, x)"
    )


def test_a_notebook_that_is_not_ours_is_rejected():
    other = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print(1)")])

    with pytest.raises(Rejected, match="no cell of this chapter"):
        merged(other)


def test_every_merged_cell_has_an_id_of_its_own():
    notebook = changed(lambda cells: cells.extend(copy.deepcopy(cells)))
    ids = [cell.id for cell in merged(notebook).notebook.cells]

    assert len(ids) == len(set(ids))


def test_the_names_an_exercise_asks_for_come_from_the_reference():
    assert exported_names(TEACHER) == {"double": ["double"], "halve": ["halve"]}


def test_a_notebook_names_its_exercises_by_marker_and_by_metadata():
    submission = parse_submission(nbformat.writes(FILLED).encode())

    assert exercises_in(submission) >= {"double", "halve"}


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["delete", "double", "swap", "strip", "garble", "retype"]),
        st.integers(0, 20),
        st.integers(0, 20),
        st.text(max_size=15),
    ),
    max_size=6,
)


@given(OPERATIONS)
@settings(max_examples=150, deadline=None)
def test_after_any_mutation_the_tests_are_ours_and_in_order(operations):
    raw = json.loads(nbformat.writes(FILLED))
    for operation, one, other, text in operations:
        mutate(raw["cells"], operation, one, other, text)
    try:
        result = merge(TEACHER, LEARNER, parse_submission(json.dumps(raw).encode()))
    except Rejected:
        return
    ours = {cell.id: cell.source for cell in TEACHER.cells if is_test(cell)}
    order = [c.id for c in result.notebook.cells if not c.id.startswith("extra-")]
    assert order == [cell.id for cell in TEACHER.cells]
    assert {c.id: c.source for c in result.notebook.cells if is_test(c)} == ours


def mutate(cells, operation, one, other, text):
    if not cells:
        return
    one, other = one % len(cells), other % len(cells)
    match operation:
        case "delete":
            cells.pop(one)
        case "double":
            cells.insert(other, copy.deepcopy(cells[one]))
        case "swap":
            cells[one], cells[other] = cells[other], cells[one]
        case "strip":
            cells[one]["metadata"] = {}
            cells[one].pop("id", None)
        case "garble":
            cells[one]["source"] = text
        case "retype":
            cells[one]["metadata"] = {"nbgrader": {"grade_id": text, "solution": True}}


def test_many_threads_read_cells_at_once():
    """CPython's own parser is not up to that: in some runs it raised SystemError."""
    from concurrent.futures import ThreadPoolExecutor

    from autograder.course.cells import defined_names, used_names

    source = "\n".join(f"def f{i}(x): return [f{i - 1}(y + ({i})) for y in x]" for i in range(300))
    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(lambda _: len(defined_names(source) | used_names(source)), range(64)))
    assert set(names) == {303}
