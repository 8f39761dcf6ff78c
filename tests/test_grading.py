"""A class is graded to the end: nobody stops another, nothing is lost, nothing is done twice."""

import json
import sqlite3

import pytest
from small_class import (
    CHAPTER,
    filled,
    grade,
    reference,
    running,
    submit,
    wrong,
)

from autograder import api, cli
from autograder.classroom.demo import FORGED, hand_in, make_demo, personas, surprises
from autograder.classroom.folder import Classroom
from autograder.classroom.gradebook import open_gradebook, sync
from autograder.classroom.ledger import Ledger
from autograder.classroom.releases import Shelf
from autograder.classroom.releasing import release
from autograder.course.cells import answered, reference_answers
from autograder.course.notebooks import notebook_bytes
from autograder.course.source import has_exercise
from autograder.errors import UsageError
from autograder.grading.corpus import stored_answers
from autograder.paths import chapter_sources
from autograder.reports.feedback import write_feedback
from autograder.sheet import guard, unguard


def test_the_sample_class_gets_the_outcomes_it_was_made_for(classroom, grader):
    list(hand_in(classroom))
    results = grade(grader)

    assert set(results) == {persona.student for persona in personas()}
    assert surprises(list(results.values())) == []
    assert results["ada"].score == 8
    assert results["gil"].score == 0
    partial = {results[s].score for s in ("dan", "eve", "finn")}
    assert len(partial) > 1


def test_the_gradebook_says_what_the_results_say_read_with_nbgraders_own_class(classroom, grader):
    submit(classroom, "ada", reference(classroom))
    submit(classroom, "eve", wrong(classroom, "axis_ignored"))
    sync(classroom, list(grade(grader).values()))

    with open_gradebook(classroom) as gradebook:
        ada = gradebook.find_submission(CHAPTER, "ada")
        eve = gradebook.find_submission(CHAPTER, "eve")
        assert (ada.score, ada.max_score) == (8, 8)
        assert eve.score == 6
        assert gradebook.find_grade("softmax_any_axis", CHAPTER, CHAPTER, "eve").auto_score == 0
        assert not ada.needs_manual_grade


def test_a_second_run_does_nothing_and_a_changed_file_is_graded_again(classroom, grader):
    submit(classroom, "ada", reference(classroom))
    grade(grader)
    assert grader.jobs([CHAPTER], []) == []

    submit(classroom, "ada", wrong(classroom, "axis_ignored"))
    assert [job.student for job in grader.jobs([CHAPTER], [])] == ["ada"]
    assert grade(grader)["ada"].score == 6


def test_a_broken_resubmission_replaces_the_old_score(classroom, grader):
    submit(classroom, "ada", reference(classroom))
    sync(classroom, list(grade(grader).values()))
    submit(classroom, "ada", reference(classroom)[:1000])
    results = list(grade(grader).values())
    changes = sync(classroom, results)

    assert results[0].outcome == "invalid_submission"
    assert [(change.old, change.new) for change in changes] == [(8, 0)]
    with open_gradebook(classroom) as gradebook:
        assert gradebook.find_submission(CHAPTER, "ada").score == 0


def test_a_dry_run_shows_old_and_new_and_writes_nothing(classroom, grader):
    submit(classroom, "ada", reference(classroom))
    results = list(grade(grader).values())
    before = (classroom.folder / "gradebook.db").read_bytes()
    changes = sync(classroom, results, dry_run=True)

    assert [(change.student, change.old, change.new) for change in changes] == [("ada", None, 8)]
    assert (classroom.folder / "gradebook.db").read_bytes() == before


def test_a_teachers_manual_score_survives_a_regrade(classroom, grader):
    submit(classroom, "ada", reference(classroom))
    sync(classroom, list(grade(grader).values()))
    with open_gradebook(classroom) as gradebook:
        gradebook.find_grade("softmax_any_axis", CHAPTER, CHAPTER, "ada").manual_score = 1.5
        gradebook.db.commit()
    submit(classroom, "ada", wrong(classroom, "axis_ignored"))
    sync(classroom, list(grade(grader).values()))

    with open_gradebook(classroom) as gradebook:
        grade_row = gradebook.find_grade("softmax_any_axis", CHAPTER, CHAPTER, "ada")
        assert (grade_row.manual_score, grade_row.auto_score) == (1.5, 0)
        assert grade_row.needs_manual_grade


def test_the_gradebook_is_backed_up_before_it_changes(classroom, grader):
    submit(classroom, "ada", reference(classroom))
    sync(classroom, list(grade(grader).values()))
    backups = sorted((classroom.state / "backups").glob("*.db"))
    changes = sorted((classroom.state / "backups").glob("*.changes.json"))

    assert len(backups) == len(changes) == 1
    with sqlite3.connect(backups[0]) as old:
        assert old.execute("SELECT count(*) FROM submitted_assignment").fetchone() == (0,)
    assert json.loads(changes[0].read_text())[0]["new"] == 8


def test_a_fault_of_ours_is_tried_again_and_never_becomes_a_zero(classroom, grader, engine):
    from autograder.errors import EngineFault

    submit(classroom, "ada", reference(classroom))

    class Failing:
        workers = 2

        def run(self, *_, forgiving=True, **__):
            attempts.append(forgiving)
            raise EngineFault("the machine is out of order")

    attempts = []
    grader.open_workers = lambda: running(Failing())
    result = grade(grader)["ada"]

    assert result.outcome == "engine_fault"
    assert attempts == [True, False], "one extra run at most"
    assert sync(classroom, [result]) == []
    grader.open_workers = lambda: running(engine)
    assert grade(grader)["ada"].score == 8


def test_the_wrong_chapters_notebook_is_named(classroom, grader, root):
    release(classroom, ["00_start_here"])
    submit(classroom, "ada", (root / "solutions" / "00_start_here.ipynb").read_bytes())
    result = grade(grader)["ada"]

    assert result.outcome == "invalid_submission"
    assert "This is the notebook of 00_start_here; 04_softmax was due" in result.reason


def test_a_renamed_copy_is_graded_when_it_is_the_only_file(classroom, grader):
    submit(classroom, "ada", reference(classroom), name="04_softmax (1).ipynb")

    assert grade(grader)["ada"].score == 8


def test_a_doubtful_answer_is_graded_and_flagged(classroom, grader):
    import copy

    notebook = answered(
        Shelf(classroom, CHAPTER).current.learner,
        reference_answers(Shelf(classroom, CHAPTER).current.teacher),
    )
    index = next(i for i, cell in enumerate(notebook.cells) if cell.id == "softmax")
    double = copy.deepcopy(notebook.cells[index])
    double.id, double.source = "again", double.source + "\n\n\n# once more"
    notebook.cells.insert(index + 1, double)
    submit(classroom, "ada", notebook_bytes(notebook))
    result = grade(grader)["ada"]

    assert result.outcome == "needs_review"
    assert result.score == 8
    assert "2 cells claim to be the answer" in result.reason


def test_forging_gains_nothing(classroom, grader):
    answer = stored_answers("wrong", "softmax")["plain_shares"]
    submit(classroom, "jack", filled(classroom, FORGED.format(answer=answer)))

    assert grade(grader)["jack"].score == 0


def test_an_unreadable_record_in_the_ledger_is_graded_again(classroom, grader):
    submit(classroom, "ada", reference(classroom))
    grade(grader)
    (classroom.state / "results" / CHAPTER / "ada.json").write_text('{"student": ')

    assert Ledger(classroom).get(CHAPTER, "ada") is None
    assert grade(grader)["ada"].score == 8


def test_feedback_names_the_mistake_escapes_and_shows_no_hidden_line(classroom, grader):
    answer = stored_answers("wrong", "softmax")["axis_ignored"]
    evil = (
        "\nprint('<script>alert(1)</script>')\nfrom IPython.display import HTML\nHTML('<b>x</b>')"
    )
    submit(classroom, "eve", filled(classroom, answer + evil))
    grade(grader)
    (page,) = write_feedback(classroom, [CHAPTER], [])
    text = page.read_text()

    assert "The shares always sum to 1 along the last axis" in text or "get `axis=axis`" in text
    assert "6 of 8 points" in text
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert "<b>x</b>" not in text
    assert "Content-Security-Policy" in text
    assert "require(" not in text
    assert "HIDDEN" not in text
    assert "6 of 8 points" in page.with_suffix(".md").read_text()


def test_a_folder_that_demo_did_not_make_is_refused(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(UsageError, match="not a sample class"):
        make_demo(tmp_path)
    assert (tmp_path / "thesis.txt").exists()


def test_a_changed_chapter_is_kept_as_released_unless_asked(classroom, root):
    source = classroom.notebook("source", CHAPTER)
    source.write_bytes(source.read_bytes().replace(b"Softmax", b"Softmaxx"))

    assert release(classroom, [CHAPTER]) == {CHAPTER: "kept"}
    assert b"Softmaxx" in source.read_bytes()
    assert release(classroom, [CHAPTER], update=True) == {CHAPTER: "updated"}
    assert b"Softmaxx" not in source.read_bytes()
    kept = (classroom.state / "releases" / CHAPTER).glob("*/teacher.ipynb")
    assert [b"Softmaxx" in path.read_bytes() for path in kept].count(True) == 1


@pytest.mark.parametrize("text", ["O'Brien, Jr.", "=cmd()", "'=x", "+1", "-2", "@a", "🍎", "", "a"])
def test_names_survive_the_guard_against_formulas(text):
    assert unguard(guard(text)) == text
    assert not guard(text).startswith(("=", "+", "-", "@"))


def run(monkeypatch, *arguments):
    """The exit code of the command line."""
    monkeypatch.setattr("sys.argv", ["autograder", *map(str, arguments)])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    return stop.value.code


def test_grade_prints_one_object_per_submission_and_its_exit_code_says_look(
    classroom, monkeypatch, capsys
):
    submit(classroom, "ada", reference(classroom))
    submit(classroom, "hal", b"{")
    code = run(monkeypatch, "grade", "--json", "--class", classroom.folder)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert code == 1
    assert {line["student"]: line["outcome"] for line in lines} == {
        "ada": "graded",
        "hal": "invalid_submission",
    }
    assert set(lines[0]) == {"student", "chapter", "outcome", "score", "max_score", "reason"}
    assert run(monkeypatch, "export", "csv", "--class", classroom.folder) == 0
    assert "ada,,,,04_softmax,8.0,0.0,8.0,8.0" in capsys.readouterr().out


def test_in_every_chapter_the_solutions_score_full_marks_and_a_blank_notebook_0(
    tmp_path, monkeypatch, capsys
):
    folder = tmp_path / "class"
    assert run(monkeypatch, "release", "--class", folder) == 0
    classroom = Classroom.open(folder)
    sources = [source for source in chapter_sources() if has_exercise(source)]
    for source in sources:
        release = Shelf(classroom, source.stem).current
        learner, answers = release.learner, reference_answers(release.teacher)
        for student, made in {"ada": answered(learner, answers), "blank": learner}.items():
            path = classroom.notebook("submitted", source.stem, student)
            path.parent.mkdir(parents=True)
            path.write_bytes(notebook_bytes(made))
    capsys.readouterr()
    assert run(monkeypatch, "grade", "--json", "--class", folder) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    scores = {(line["student"], line["chapter"]): line["score"] for line in lines}
    full = {line["chapter"]: line["max_score"] for line in lines}

    assert len(full) == len(sources) and all(full.values())
    assert scores == {
        key: value
        for chapter, most in full.items()
        for key, value in {("ada", chapter): most, ("blank", chapter): 0}.items()
    }


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["grade", "--class", "nowhere"], "no class in nowhere"),
        (["release", "99_nothing", "--class", "c"], "no chapter 99_nothing"),
        (["check", "absent.ipynb"], "could not be read"),
    ],
)
def test_wrong_use_is_exit_code_2_with_a_sentence(
    arguments, words, monkeypatch, capsys, tmp_path, root
):
    monkeypatch.chdir(tmp_path)

    assert run(monkeypatch, *arguments) == 2
    assert words in " ".join(capsys.readouterr().err.split())


def test_without_a_sandbox_the_scores_are_the_same_and_every_result_says_so(classroom):
    submit(classroom, "ada", reference(classroom))
    submit(classroom, "eve", wrong(classroom, "axis_ignored"))
    grading = api.grade(classroom, workers=1, isolation="none")
    results = {result.student: result for result in grading}

    assert {student: result.score for student, result in results.items()} == {"ada": 8, "eve": 6}
    assert all(result.isolation.startswith("NONE") for result in results.values())
    assert results["eve"].findings["softmax"].mistake == "axis_ignored"
