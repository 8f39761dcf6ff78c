"""The audit tests the tests: it must itself notice what is wrong with them."""

import pytest
from small_class import running
from typer.testing import CliRunner

from autograder.cli import app
from autograder.errors import UsageError
from autograder.grading.corpus import stored_answers
from autograder.paths import chapter_sources

EXERCISE, CHAPTER, TEST = "row_sums", "00_start_here", "row_sums_of_tables"
RIGHT = "# exercise: row_sums\ndef row_sums(A):\n    return A.sum(axis=-1)\n"
WRONG = "# exercise: row_sums\ndef row_sums(A):\n    return A.sum(axis=0)\n"
ONLY_A_BLANK_FAILS = """
try:
    row_sums(np.ones((2, 2)))
except NotImplementedError:
    raise
except Exception:
    pass
"""


def audit():
    """`autograder audit row_sums`: its exit code and what it prints."""
    command = ["audit", EXERCISE, "--no-matrix"]
    done = CliRunner().invoke(app, command, catch_exceptions=False)
    return done.exit_code, done.output


@pytest.fixture
def shared_engine(engine, monkeypatch):
    """The audit takes the tests' engine, instead of starting one."""
    monkeypatch.setattr("autograder.api.local_workers", lambda **_: lambda: running(engine))


@pytest.fixture
def plant_answer(shared_engine, monkeypatch):
    """Put one more answer among the stored ones, as if it stood in that folder."""

    def plant(folder, name, source):
        def with_plant(asked, exercise):
            return stored_answers(asked, exercise) | ({name: source} if asked == folder else {})

        monkeypatch.setattr("autograder.grading.audit.stored_answers", with_plant)

    return plant


@pytest.fixture
def plant_test(shared_engine, monkeypatch, tmp_path):
    """Put one more test cell at the end of the chapter."""

    def plant(grade_id, lines):
        (source,) = chapter_sources([CHAPTER])
        header = f'# %% nbgrader={{"grade_id": "{grade_id}", "points": 1}}'
        (tmp_path / "figures").symlink_to(source.parent / "figures")  # their style is read in
        copy = tmp_path / source.name
        copy.write_text(f"{source.read_text()}\n{header}\n{lines}\n")
        monkeypatch.setattr("autograder.grading.audit.chapter_sources", lambda: [copy])

    return plant


def test_nothing_is_wrong_with_the_stored_answers(shared_engine):
    code, said = audit()

    assert code == 0, said
    assert "No survivor, no false alarm, no idle test." in said


def test_a_wrong_answer_that_loses_no_point_is_a_survivor(plant_answer):
    plant_answer("wrong", "right_after_all", RIGHT)
    code, said = audit()

    assert code == 1
    assert f"{EXERCISE}: survivor: right_after_all loses no point" in said
    assert "1 problem." in said


def test_a_right_answer_that_loses_points_is_a_false_alarm(plant_answer):
    plant_answer("right", "wrong_after_all", WRONG)
    code, said = audit()

    assert code == 1
    assert f"{EXERCISE}: false alarm: wrong_after_all fails {TEST}" in said
    assert "1 problem." in said


def test_a_test_that_no_wrong_answer_fails_is_idle(plant_test):
    plant_test("row_sums_gives_anything", ONLY_A_BLANK_FAILS)
    code, said = audit()

    assert code == 1
    assert f"{EXERCISE}: idle test: no wrong answer fails row_sums_gives_anything" in said
    assert "1 problem." in said


def test_a_test_that_cannot_fail_is_idle_and_passed_by_a_blank_answer(plant_test):
    plant_test("row_sums_cannot_fail", "assert callable(row_sums)")
    code, said = audit()

    assert code == 1
    assert f"{EXERCISE}: idle test: no wrong answer fails row_sums_cannot_fail" in said
    assert f"{EXERCISE}: a blank answer passes row_sums_cannot_fail" in said
    assert "2 problems." in said


def test_an_unknown_exercise_is_wrong_use():
    with pytest.raises(UsageError, match="no exercise row_summs"):
        CliRunner().invoke(app, ["audit", "row_summs"], catch_exceptions=False)
