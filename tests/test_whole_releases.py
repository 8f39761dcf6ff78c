"""A release is whole: what was made from it is graded by it, whatever is installed later."""

import hashlib
import json

import nbformat
import pytest
from small_class import CHAPTER, grade, reference, running, submit
from test_grading import run

from autograder import api
from autograder.classroom.folder import Classroom
from autograder.classroom.grader import Grader
from autograder.classroom.releases import Shelf, take_over
from autograder.classroom.settings import limits_of
from autograder.classroom.status import read_status
from autograder.course.notebooks import notebook_bytes
from autograder.errors import UsageError
from autograder.grading import release as home
from autograder.grading.check import course_release
from autograder.grading.parse import parse_submission
from autograder.grading.release import Release, made_from, modules_from

PROPERTIES = "autograder.exercises.softmax.properties"
LINE, WRONG_LINE = "strength / math.fsum(strengths)", "2 * strength / math.fsum(strengths)"


@pytest.fixture
def changed_checks(monkeypatch):
    """Somebody changes one line of the oracle that is installed."""

    def change():
        text = modules_from([PROPERTIES])[PROPERTIES]
        assert text.count(LINE) == 1
        read = home._file_of
        changed = text.replace(LINE, WRONG_LINE)

        class Changed:
            def read_text(self, encoding):
                return changed

        monkeypatch.setattr(
            home, "_file_of", lambda name: Changed() if name == PROPERTIES else read(name)
        )

    return change


@pytest.fixture
def with_engine(engine, monkeypatch):
    """An update is tried with the tests' engine."""
    monkeypatch.setattr(api, "local_workers", lambda *_, **__: lambda: running(engine))


def update(classroom, answer):
    """`release --update`, answered so: what happened, and the changes that were shown."""
    shown = []
    done = api.release(
        classroom, [CHAPTER], update=True, agreed=lambda _, changes: shown.extend(changes) or answer
    )
    return done[CHAPTER], [(c.student, c.old, c.new) for c in shown]


def test_a_changed_check_changes_no_score_until_it_is_asked_for(
    classroom, engine, changed_checks, with_engine
):
    grader = Grader(classroom, limits_of(classroom), lambda: running(engine))
    submit(classroom, "ada", reference(classroom))
    assert grade(grader)["ada"].score == 8
    changed_checks()
    submit(classroom, "ben", reference(classroom) + b"\n")

    assert grade(grader)["ben"].score == 8
    assert grader.jobs([CHAPTER], []) == []
    (status,) = read_status(classroom, [CHAPTER])
    assert status.waiting == 0
    assert status.release.endswith("the course has a newer one")
    assert api.release(classroom, [CHAPTER]) == {CHAPTER: "kept"}
    assert update(classroom, answer=False) == ("not updated", [("ada", 8, 1), ("ben", 8, 1)])
    assert grader.jobs([CHAPTER], []) == []
    assert update(classroom, answer=True) == ("updated", [("ada", 8, 1), ("ben", 8, 1)])
    assert {result.score for result in grade(grader).values()} == {1}
    assert update(classroom, answer=True) == ("unchanged", [])


def test_what_learners_can_tell_from_the_new_release_is_graded_by_its_own_checks(
    classroom, grader, changed_checks, with_engine
):
    source = classroom.notebook("source", CHAPTER)
    notebook = nbformat.read(source, as_version=4)
    notebook.cells[0].source += "\n\nA sentence that was corrected later."
    source.write_bytes(notebook_bytes(notebook))
    submit(classroom, "ada", reference(classroom))
    changed_checks()

    assert update(classroom, answer=True) == ("updated", [])
    submit(classroom, "ben", reference(classroom))
    scores = {student: result.score for student, result in grade(grader).items()}
    assert scores == {"ada": 8, "ben": 1}


def test_the_command_shows_whose_scores_would_change_and_asks(
    classroom, grader, changed_checks, with_engine, monkeypatch, capsys
):
    submit(classroom, "ada", reference(classroom))
    grade(grader)
    changed_checks()

    assert run(monkeypatch, "release", CHAPTER, "--update", "--class", classroom.folder) == 1
    said = capsys.readouterr().out
    assert f"ada {CHAPTER}: 8 → 1" in said
    assert "Nothing was updated; --yes takes it." in said
    options = ["--update", "--yes", "--class", classroom.folder]
    assert run(monkeypatch, "release", CHAPTER, *options) == 0
    assert f"{CHAPTER}: updated" in capsys.readouterr().out


def as_in_the_first_edition(classroom):
    """The class as an earlier version left it: notebooks alone, an older one under its hash."""
    shelf = Shelf(classroom, CHAPTER)
    for path in shelf.folder.rglob("*"):
        if path.is_file():
            path.unlink()
    current = classroom.notebook("source", CHAPTER)
    older = current.read_bytes().replace(b"Softmax", b"Softmaxx")
    (shelf.folder / f"{hashlib.sha256(older).hexdigest()}.ipynb").write_bytes(older)
    text = classroom.folder / "nbgrader_config.py"
    text.write_text(
        text.read_text()
        .replace("autograder.classroom.autograde", "autograder.engine.nbgrader")
        .replace("AUTOGRADE_PREPROCESSORS, SANITIZE_PREPROCESSORS", "AUTOGRADE_PREPROCESSORS")
        .replace("c.Autograde.sanitize_preprocessors = SANITIZE_PREPROCESSORS\n", "")
    )
    return older.decode()


def test_a_class_of_the_first_edition_is_taken_over_and_says_so(classroom, grader, capsys):
    submit(classroom, "ada", reference(classroom))
    older = as_in_the_first_edition(classroom)

    assert [line.partition(":")[0] for line in take_over(classroom)] == [CHAPTER]
    releases = Shelf(classroom, CHAPTER).releases
    assert [release.teacher_text == older for release in releases] == [False, True]
    assert all(PROPERTIES in release.modules for release in releases)
    assert take_over(classroom) == []
    assert grade(grader)["ada"].score == 8


def test_the_configuration_of_a_class_of_the_first_edition_works(classroom):
    from traitlets.config.loader import PyFileConfigLoader

    as_in_the_first_edition(classroom)
    config = PyFileConfigLoader("nbgrader_config.py", path=str(classroom.folder)).load_config()

    names = config.Autograde.autograde_preprocessors
    assert "autograder.classroom.autograde.SealedExecute" in names


def test_a_result_of_the_first_edition_is_read(classroom, grader):
    submit(classroom, "ada", reference(classroom))
    record = grade(grader)["ada"].to_json()
    for test in record["tests"]:
        del test["finding"]
        test |= {"message": "AssertionError: It was so.", "diagnosis": "", "mistake": ""}
    path = classroom.state / "results" / CHAPTER / "ada.json"
    path.write_text(json.dumps({**record, "findings": {}}))

    known = grader.ledger.get(CHAPTER, "ada")
    assert {test.finding.sentence for test in known.tests} == {"It was so."}
    assert known.score == 8


def test_an_edited_source_is_a_release_of_its_own_with_the_checks_that_it_had(
    classroom, changed_checks
):
    before = Shelf(classroom, CHAPTER).current
    changed_checks()
    source = classroom.notebook("source", CHAPTER)
    source.write_bytes(source.read_bytes().replace(b"Softmax", b"Softmaxx"))

    (said,) = take_over(classroom)
    current = Shelf(classroom, CHAPTER).current
    assert "edited by hand" in said
    assert current.modules == before.modules
    assert current.identity != before.identity
    assert {r.identity for r in Shelf(Classroom.open(classroom.folder), CHAPTER).releases} == {
        before.identity,
        current.identity,
    }


def test_a_release_holds_what_its_tests_import_and_nothing_of_the_engine():
    softmax = course_release(CHAPTER)
    modules = set(softmax.modules)

    assert {"autograder.checks", PROPERTIES, "autograder.exercises.softmax.wrong"} <= modules
    assert {"autograder.kit.compare", "autograder.checks.diagnosis"} <= modules
    others = {name for name in modules if name.startswith("autograder.exercises.")}
    assert {name.split(".")[2] for name in others} == {"softmax"}
    below = ("autograder.checks", "autograder.kit", "autograder.exercises", "autograder.findings")
    assert all(name.startswith(below) for name in modules)
    again = Release(CHAPTER, softmax.teacher_text, softmax.learner_text, dict(softmax.modules))
    assert again.identity == softmax.identity


def test_of_releases_that_a_hand_in_fits_alike_the_first_counts(classroom):
    current = Shelf(classroom, CHAPTER).current
    twin = Release(CHAPTER, current.teacher_text, current.learner_text, {})

    submission = parse_submission(reference(classroom))
    assert made_from([twin, current], submission) is twin
    assert made_from([current, twin], submission) is current


def test_a_release_that_was_lost_is_never_replaced_by_what_is_installed(
    classroom, changed_checks, with_engine, monkeypatch, capsys
):
    shelf = Shelf(classroom, CHAPTER)
    (shelf.folder / shelf.pointer / "checks.json").write_text("{")
    changed_checks()

    for verb in ("grade", "status", "release"):
        assert run(monkeypatch, verb, "--class", classroom.folder) == 2
        assert "is not whole" in " ".join(capsys.readouterr().err.split())
    assert update(classroom, answer=True)[0] in ("released", "updated")
    assert Shelf(classroom, CHAPTER).is_whole


def test_a_kept_release_is_found_by_its_notebook_where_the_pointer_is_lost(
    classroom, changed_checks
):
    before = Shelf(classroom, CHAPTER).current
    (Shelf(classroom, CHAPTER).folder / "current").unlink()
    changed_checks()

    assert Shelf(classroom, CHAPTER).current.identity == before.identity
    assert take_over(classroom) == []
    assert Shelf(classroom, CHAPTER).pointer == before.identity


def test_an_update_that_is_stopped_in_the_middle_changes_nothing(
    classroom, grader, changed_checks, with_engine, monkeypatch
):
    submit(classroom, "ada", reference(classroom))
    assert grade(grader)["ada"].score == 8
    before = Shelf(classroom, CHAPTER).current
    changed_checks()

    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("autograder.classroom.releasing._generate", stopped)
    with pytest.raises(KeyboardInterrupt):
        update(classroom, answer=True)
    assert Shelf(classroom, CHAPTER).current.identity == before.identity
    assert take_over(classroom) == []


def test_an_update_whose_tests_do_not_load_is_refused(
    classroom, grader, changed_checks, with_engine, monkeypatch
):
    submit(classroom, "ada", reference(classroom))
    grade(grader)
    monkeypatch.setattr("test_whole_releases.WRONG_LINE", "(yield)")
    changed_checks()

    with pytest.raises(UsageError, match="could not grade ada: this release's tests cannot"):
        update(classroom, answer=True)
    assert grade(grader) == {}


@pytest.mark.parametrize("verb", ["release", "grade"])
def test_the_command_says_that_it_took_a_class_over(verb, classroom, monkeypatch, capsys):
    as_in_the_first_edition(classroom)

    run(monkeypatch, verb, CHAPTER, "--class", classroom.folder)
    assert f"{CHAPTER}: made by an earlier version" in capsys.readouterr().err
    run(monkeypatch, verb, CHAPTER, "--class", classroom.folder)
    assert "earlier version" not in capsys.readouterr().err
