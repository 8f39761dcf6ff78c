"""One path: whoever asks for a grade, and wherever it runs, a hand-in has one result."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from small_class import CHAPTER, filled, reference, rows, running, submit, wrong

from autograder import api
from autograder.classroom.folder import Classroom, use_own_programs
from autograder.classroom.grader import Grader, scores_in
from autograder.classroom.ledger import Ledger
from autograder.classroom.releases import Shelf
from autograder.classroom.releasing import release
from autograder.classroom.settings import limits_of
from autograder.course.notebooks import notebook_bytes
from autograder.engine import Engine
from autograder.errors import IsolationError, UsageError
from autograder.grading.audit import audit_exercise
from autograder.grading.cluster import Cluster
from autograder.grading.corpus import answer_source
from autograder.grading.grade import grade_one
from autograder.grading.parse import parse_submission
from autograder.grading.workers import LocalWorkers

SLOW = """\
# exercise: softmax
import time
def softmax(x, axis=-1):
    time.sleep({seconds})
    strengths = np.exp(x - x.max(axis=axis, keepdims=True))
    return strengths / strengths.sum(axis=axis, keepdims=True)
"""
MISTAKE = "axis_ignored"


def worth_four(notebook):
    """An earlier release: another sentence, other points, and a test of another name."""
    cells = {cell.id: cell for cell in notebook.cells}
    renamed = cells["softmax_large_scores"]
    renamed.id = renamed.metadata.nbgrader.grade_id = "softmax_big_scores"
    renamed.source = renamed.source.replace("softmax_large_scores", "softmax_big_scores")
    cells["softmax_any_axis"].metadata.nbgrader.points = 4
    notebook.cells[0].source += "\n\nA sentence that was corrected later."


def with_two_answers(classroom):
    """A hand-in in which two cells claim to be the answer, so that a person should look."""
    notebook = nbformat.reads(reference(classroom).decode(), as_version=4)
    place = next(i for i, cell in enumerate(notebook.cells) if cell.id == "softmax")
    notebook.cells.insert(place, nbformat.from_dict({**notebook.cells[place], "id": "copy"}))
    return nbformat.writes(notebook).encode()


def set_limits(classroom, **limits):
    """The class's own, in place of the sample class's."""
    text = classroom.settings_file.read_text().partition("\n[limits]\n")[0]
    lines = "".join(f"{name} = {value}\n" for name, value in limits.items())
    classroom.settings_file.write_text(f"{text}\n[limits]\n{lines}")
    return Classroom.open(classroom.folder)


@pytest.fixture
def mixed(classroom):
    """An earlier release, a flagged hand-in, own limits, a slow answer, a mistake, a blank."""
    source = classroom.notebook("source", CHAPTER)
    notebook = nbformat.read(source, as_version=4)
    worth_four(notebook)
    source.write_bytes(notebook_bytes(notebook))
    submit(classroom, "old", wrong(classroom, MISTAKE))
    assert release(classroom, [CHAPTER], update=True) == {CHAPTER: "updated"}
    classroom = set_limits(classroom, seconds=1, total_seconds=40)
    submit(classroom, "right", reference(classroom))
    submit(classroom, "flagged", with_two_answers(classroom))
    submit(classroom, "slow", filled(classroom, SLOW.format(seconds=3)))
    submit(classroom, "wrong", wrong(classroom, MISTAKE))
    submit(classroom, "blank", notebook_bytes(Shelf(classroom, CHAPTER).current.learner))
    return classroom


def facts(result):
    """All of a result that may not depend on who asked."""
    tests = [(t.grade_id, t.points, t.score, t.status, t.finding) for t in result.tests]
    said = (result.outcome, result.reason, result.flags, result.empty, result.findings)
    return *said, tests, result.release, result.key, result.receipt, result.inputs


def facts_of_ledger(classroom):
    return {r.student: facts(r) for r in Ledger(classroom).results(CHAPTER)}


@pytest.fixture
def own_engine(mixed):
    """An engine with the class's limits."""
    with Engine(workers=2, limits=limits_of(mixed), seed=mixed.seed) as engine:
        yield engine


@pytest.mark.heavy
def test_every_way_of_grading_gives_the_same_result(mixed, own_engine, monkeypatch):
    grader = Grader(mixed, limits_of(mixed), lambda: running(own_engine))
    results = {r.student: r for r in grader.grade(grader.jobs([CHAPTER], []))}
    graded = {student: facts(result) for student, result in results.items()}
    assert {student: r.outcome for student, r in results.items()} == {
        "old": "graded",
        "right": "graded",
        "flagged": "needs_review",
        "slow": "graded",
        "wrong": "graded",
        "blank": "no_response",
    }
    assert [results[student].score for student in ("right", "slow", "blank")] == [8, 0, 0]
    assert (results["old"].max_score, results["wrong"].max_score) == (10, 8)
    api.write_scores(mixed, results.values())
    gradebook = rows(mixed)

    cluster = Cluster("local", 1, limits_of(mixed), mixed.seed)
    elsewhere = Grader(mixed, limits_of(mixed), lambda: cluster)
    jobs = elsewhere.jobs([CHAPTER], [], again=True)
    assert {r.student: facts(r) for r in elsewhere.grade(jobs)} == graded

    without_inputs = {student: said[:-1] for student, said in graded.items()}
    for student in results:
        checked = api.check(mixed.notebook("submitted", CHAPTER, student), mixed).result
        assert facts(checked)[:-1] == without_inputs[student], student

    autograde_with_the_formgraders_button(mixed, "slow")
    assert facts_of_ledger(mixed)["slow"] == graded["slow"]
    forget(mixed)
    program = str(Path(sys.executable).with_name("nbgrader"))
    command = [program, "autograde", CHAPTER, "--force"]
    subprocess.run(command, cwd=mixed.folder, check=True, capture_output=True)
    assert facts_of_ledger(mixed) == graded
    assert rows(mixed) == gradebook

    current = Shelf(mixed, CHAPTER).current
    answers = {"wrong": {MISTAKE: answer_source("wrong", "softmax", MISTAKE)}, "right": {}}
    monkeypatch.setattr("autograder.grading.audit.stored_answers", lambda kind, _: answers[kind])
    row = audit_exercise(LocalWorkers(own_engine), current, "softmax").wrong[MISTAKE]
    assert row == {test.grade_id: not test.passed for test in results["wrong"].tests}


def autograde_with_the_formgraders_button(classroom, student):
    """What nbgrader's formgrader does when its button is pressed, in the class's configuration."""
    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config.loader import PyFileConfigLoader

    use_own_programs()
    config = PyFileConfigLoader("nbgrader_config.py", path=str(classroom.folder)).load_config()
    done = NbGraderAPI(CourseDirectory(config=config), config=config).autograde(CHAPTER, student)
    assert done["success"], done


def forget(classroom):
    for result in Ledger(classroom).results(CHAPTER):
        Ledger(classroom).forget(CHAPTER, result.student)


def test_the_formgraders_path_keeps_the_classs_limits(classroom, engine, monkeypatch):
    """In its quick form: the preprocessor, with an engine of the class's limits."""
    from autograder.classroom import autograde

    classroom = set_limits(classroom, seconds=0.3)
    submit(classroom, "slow", filled(classroom, SLOW.format(seconds=1)))
    seen = []

    @contextlib.contextmanager
    def started(limits, isolation, seed):
        seen.append((limits.seconds, isolation, seed))
        yield engine

    monkeypatch.setattr(autograde, "_engine", lambda *how: how)
    monkeypatch.setattr(
        Grader,
        "grade_now",
        lambda self, chapter, student, how: seen.append((self.limits.seconds, how)) or "a result",
    )
    result = autograde.SealedExecute()._in_a_class(classroom, CHAPTER, "slow")

    assert result == "a result"
    limits = limits_of(classroom)
    assert seen == [(0.3, (limits, "bubblewrap", classroom.seed))]


def test_checking_and_grading_a_hand_in_agree(classroom, grader, engine):
    submit(classroom, "eve", wrong(classroom, MISTAKE))
    (graded,) = grader.grade(grader.jobs([CHAPTER], []))
    current = Shelf(classroom, CHAPTER).current
    alone = grade_one(current, parse_submission(wrong(classroom, MISTAKE)), engine)

    assert facts(alone)[:-1] == facts(graded)[:-1]
    assert scores_in(alone, current) == {test.grade_id: test.score for test in graded.tests}


def test_a_class_among_the_systems_files_is_not_graded(classroom, monkeypatch):
    from autograder.engine.host import bubblewrap

    monkeypatch.setattr(bubblewrap, "_SYSTEM", [str(classroom.folder.parent)])
    with pytest.raises(UsageError, match="which a sealed room sees"):
        api.grade(classroom)
    with pytest.raises(UsageError, match="which a sealed room sees"):
        api.check(classroom.notebook("release", CHAPTER), classroom)


def test_a_learner_who_handed_in_nothing_is_said(classroom):
    submit(classroom, "ada", reference(classroom))
    with pytest.raises(UsageError, match="nothing was handed in by adda"):
        api.grade(classroom, students=["adda"])


def test_a_pipe_in_the_place_of_a_hand_in_stops_nobody(classroom, grader):
    os.mkfifo(submit(classroom, "eve", b"").with_suffix(".fifo"))
    path = classroom.notebook("submitted", CHAPTER, "eve")
    path.unlink()
    path.with_suffix(".fifo").rename(path)
    submit(classroom, "ada", reference(classroom))
    results = {result.student: result for result in grader.grade(grader.jobs([CHAPTER], []))}

    assert results["eve"].outcome == "invalid_submission"
    assert results["ada"].score == 8


def test_a_hand_in_of_a_class_is_checked_sealed_or_not_at_all(classroom, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(IsolationError):
        api.check(submit(classroom, "ada", reference(classroom)), classroom)
