"""Who is in the class, when work is due, and what lateness costs: in nbgrader's own fields."""

import shutil
from datetime import datetime, timedelta

import pytest

from autograder import cli
from autograder.classroom.due import due_dates, set_due
from autograder.classroom.folder import Classroom, use_own_programs
from autograder.classroom.gradebook import open_gradebook, sync
from autograder.classroom.late_plugin import DAY, LatePolicy
from autograder.classroom.received import Received, received_file, received_text
from autograder.classroom.releases import Shelf
from autograder.classroom.releasing import nbgrader_api
from autograder.classroom.roster import Roster, import_roster, read_roster
from autograder.course.notebooks import notebook_bytes
from autograder.course.source import read_text
from autograder.errors import UsageError
from autograder.lms.marks import read_marks
from autograder.reports.export import export_csv
from autograder.sheet import read_sheet

SOFTMAX = "04_softmax"
CHAPTER = """\
# %% nbgrader={"grade_id": "softmax", "solution": true}
# exercise: softmax
### BEGIN SOLUTION
softmax = sum
### END SOLUTION
# %% nbgrader={"grade_id": "softmax_any_axis", "points": 4}
assert softmax([1, 2]) == 3
# %% nbgrader={"grade_id": "softmax_large_scores", "points": 6}
assert softmax([1000, 2]) == 1002
"""
DUE = datetime(2026, 10, 5, 12, 0)


@pytest.fixture(scope="session")
def released(tmp_path_factory):
    classroom = Classroom.create(tmp_path_factory.mktemp("term") / "class")
    source = classroom.notebook("source", SOFTMAX)
    source.parent.mkdir(parents=True)
    source.write_bytes(notebook_bytes(read_text(CHAPTER)))
    use_own_programs()
    assert nbgrader_api(classroom).generate_assignment(SOFTMAX, create=True)["success"]
    return classroom


@pytest.fixture
def classroom(released, tmp_path):
    shutil.copytree(released.folder, tmp_path / "class")
    return Classroom.open(tmp_path / "class")


def with_settings(classroom, text):
    """The same class with these lines in its autograder.toml."""
    kept = classroom.settings_file.read_text()
    classroom.settings_file.write_text(text + "\n" + kept)
    return Classroom.open(classroom.folder)


def result(classroom, student, any_axis, large_scores):
    made = Shelf(classroom, SOFTMAX).current.result("graded")
    made.student = student
    made.tests[0].score, made.tests[1].score = any_axis, large_scores
    return made


def receive(classroom, **times):
    """Say when each learner handed in: a datetime, "late", or None."""
    records = {
        student: Received(
            "canvas",
            student,
            "x.ipynb",
            "x_1_1_",
            "",
            time=time.isoformat() + "+00:00" if isinstance(time, datetime) else None,
            late=time == "late",
        )
        for student, time in times.items()
    }
    received_file(classroom).write_text(received_text({SOFTMAX: records}))


def kept(classroom, student):
    """timestamp, seconds late, score, penalty, as nbgrader's gradebook holds them."""
    with open_gradebook(classroom) as gradebook:
        submission = gradebook.find_submission(SOFTMAX, student)
        return (
            submission.timestamp,
            submission.total_seconds_late,
            submission.score,
            submission.late_submission_penalty,
        )


ROSTER = (
    "id,last_name,first_name,email,lms_user_id,Shoe size\n"
    'jane,"O\'Brien, Jr.",Jane,jane@school.edu,42,38\n'
    "zoe,🍎,'=cmd(),,43,\n"
)


def test_a_roster_becomes_nbgraders_own_students(classroom, tmp_path):
    (tmp_path / "roster.csv").write_text(ROSTER)
    learners, unused = read_roster(tmp_path / "roster.csv")

    assert unused == ["Shoe size"]
    assert import_roster(classroom, learners) == {"jane": "new", "zoe": "new"}
    with open_gradebook(classroom) as gradebook:
        jane, zoe = gradebook.find_student("jane"), gradebook.find_student("zoe")
        assert (jane.last_name, jane.lms_user_id) == ("O'Brien, Jr.", "42")
        assert (zoe.last_name, zoe.first_name, zoe.email) == ("🍎", "=cmd()", None)
    assert import_roster(classroom, learners) == {"jane": "unchanged", "zoe": "unchanged"}


def test_an_empty_cell_leaves_what_is_known_and_nobody_is_removed(classroom, tmp_path):
    (tmp_path / "1.csv").write_text(ROSTER)
    (tmp_path / "2.csv").write_text("id,last_name,email\njane,,jane@new.edu\n")
    import_roster(classroom, read_roster(tmp_path / "1.csv")[0])

    assert import_roster(classroom, read_roster(tmp_path / "2.csv")[0]) == {"jane": "changed"}
    jane = Roster.of(classroom).learners["jane"]
    assert (jane.last_name, jane.email) == ("O'Brien, Jr.", "jane@new.edu")
    assert set(Roster.of(classroom).learners) == {"jane", "zoe"}


def test_canvas_own_gradebook_is_a_roster(root):
    learners, unused = read_roster(root / "tests" / "golden" / "canvas_plain.in.csv")

    assert [learner.id for learner in learners][:4] == ["jane", "victor", "obrien", "cmd"]
    assert learners[0].lms_user_id == "42"
    assert (learners[0].last_name, learners[0].first_name) == ("Smith", "Jane")
    assert "04_softmax (9001)" in unused


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,email\na,b\n", "no column says who is who"),
        ("id\njane\njane\n", "'jane' stands there more than once"),
        ("id,lms_user_id\na,1\nb,1\n", "'1' stands there more than once"),
        ("id\na/b\n", "line 2: 'a/b' cannot be a learner's id"),
        ("id\n../x\n", "line 2"),
        ("id\na+b\n", "line 2"),
        ("id,email\na," + "x" * 200 + "\n", "at most 128 fit"),
    ],
)
def test_a_roster_with_a_wrong_line_imports_nobody(classroom, tmp_path, text, words):
    (tmp_path / "roster.csv").write_text(text)

    with pytest.raises(UsageError, match=words):
        import_roster(classroom, read_roster(tmp_path / "roster.csv")[0])
    assert Roster.of(classroom).learners == {}


def test_a_platform_id_cannot_change_hands_silently(classroom, tmp_path):
    (tmp_path / "1.csv").write_text(ROSTER)
    (tmp_path / "2.csv").write_text("id,lms_user_id\nnew,1\neve,42\n")
    import_roster(classroom, read_roster(tmp_path / "1.csv")[0])

    with pytest.raises(UsageError, match="42 is already jane's"):
        import_roster(classroom, read_roster(tmp_path / "2.csv")[0])
    assert set(Roster.of(classroom).learners) == {"jane", "zoe"}


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-10-05", "2026-10-05 21:59:59"),
        ("2026-10-05T18:00", "2026-10-05 16:00:00"),
        ("2026-10-05T18:00+00:00", "2026-10-05 18:00:00"),
        ("2026-12-05", "2026-12-05 22:59:59"),
    ],
)
def test_a_due_date_is_nbgraders_own_and_of_the_classs_timezone(classroom, text, utc):
    classroom = with_settings(classroom, 'timezone = "Europe/Berlin"')
    set_due(classroom, SOFTMAX, text)
    with open_gradebook(classroom) as gradebook:
        assert str(gradebook.find_assignment(SOFTMAX).duedate) == utc
    assert "2026" in due_dates(classroom)[SOFTMAX]
    set_due(classroom, SOFTMAX, "none")
    assert due_dates(classroom) == {SOFTMAX: "no due date"}


def test_what_is_no_date_no_chapter_and_no_timezone_is_said(classroom):
    with pytest.raises(UsageError, match="is no date: write 2026-10-05"):
        set_due(classroom, SOFTMAX, "tomorrow")
    with pytest.raises(UsageError, match="not released"):
        set_due(classroom, "99_none", "2026-10-05")
    with pytest.raises(UsageError, match="no timezone 'Berlin'"):
        set_due(with_settings(classroom, 'timezone = "Berlin"'), SOFTMAX, "2026-10-05")


@pytest.mark.parametrize(
    ("settings", "seconds", "penalty"),
    [
        ({}, 99 * DAY, None),
        ({"penalty_method": "zero"}, 1, 10.0),
        ({"per_day": 0.1}, 1, 1.0),
        ({"per_day": 0.1}, DAY, 1.0),
        ({"per_day": 0.1}, DAY + 1, 2.0),
        ({"per_day": 0.1}, 99 * DAY, 10.0),
        ({"per_day": 0.1, "grace_minutes": 15}, 15 * 60, None),
        ({"per_day": 0.1, "grace_minutes": 15}, 15 * 60 + 1, 1.0),
        ({"per_day": 0.1, "zero_after_days": 3}, 3 * DAY, pytest.approx(3.0)),
        ({"per_day": 0.1, "zero_after_days": 3}, 3 * DAY + 1, 10.0),
    ],
)
def test_the_policy_takes_a_share_for_every_day_begun(settings, seconds, penalty):
    assert LatePolicy(**settings).late_submission_penalty("a", 10.0, seconds) == penalty


@pytest.mark.parametrize("line", ["per_week = 1", "per_day = 2.0", 'per_day = "a tenth"'])
def test_a_policy_that_cannot_be_is_named(classroom, line):
    with pytest.raises(UsageError, match=r"\[late\]"):
        set_due(with_late(classroom, line), SOFTMAX, "2026-10-05")


def with_late(classroom, line):
    classroom.settings_file.write_text(classroom.settings_file.read_text() + f"\n[late]\n{line}\n")
    return Classroom.open(classroom.folder)


def test_times_come_from_the_platform_and_penalties_from_the_policy(classroom):
    classroom = with_late(classroom, "per_day = 0.1")
    set_due(classroom, SOFTMAX, DUE.isoformat() + "+00:00")
    late = DUE + timedelta(hours=30)
    receive(classroom, ada=DUE, ben=late, cleo="late", dan=None)
    results = [result(classroom, s, 4, 6) for s in ("ada", "ben", "cleo", "dan", "hub")]
    sync(classroom, results)

    assert kept(classroom, "ada") == (DUE, 0, 10, 0)
    assert kept(classroom, "ben") == (late, 30 * 3600, 10, 2)
    assert kept(classroom, "cleo") == (DUE + timedelta(seconds=1), 1, 10, 1)
    assert kept(classroom, "dan") == (None, 0, 10, 0)
    assert kept(classroom, "hub") == (None, 0, 10, 0)
    assert read_marks(classroom, [SOFTMAX])[0]["ben"].score == 8


def test_what_nbgraders_exchange_wrote_is_left_where_collect_knows_nothing(classroom):
    sync(classroom, [result(classroom, "ada", 4, 6)])
    with open_gradebook(classroom) as gradebook:
        gradebook.find_submission(SOFTMAX, "ada").timestamp = DUE
        gradebook.db.commit()
    sync(classroom, [result(classroom, "ada", 0, 6)])

    assert kept(classroom, "ada") == (DUE, 0, 6, 0)


def test_an_extension_and_a_later_date_take_the_penalty_back(classroom):
    classroom = with_late(classroom, "per_day = 0.1")
    set_due(classroom, SOFTMAX, DUE.isoformat() + "+00:00")
    receive(classroom, ben=DUE + timedelta(hours=30))
    results = [result(classroom, "ben", 4, 6)]
    sync(classroom, results)
    with open_gradebook(classroom) as gradebook:
        gradebook.find_submission(SOFTMAX, "ben").extension = timedelta(hours=24)
        gradebook.db.commit()
    sync(classroom, results)
    assert kept(classroom, "ben")[3] == 1

    set_due(classroom, SOFTMAX, "2026-10-20")
    assert kept(classroom, "ben")[3] == 0


def test_a_dry_run_writes_no_time_and_a_second_run_makes_no_backup(classroom):
    classroom = with_late(classroom, "per_day = 0.1")
    set_due(classroom, SOFTMAX, DUE.isoformat() + "+00:00")
    results = [result(classroom, "ben", 4, 6)]
    sync(classroom, results)
    receive(classroom, ben=DUE + timedelta(hours=30))
    sync(classroom, results, dry_run=True)
    assert kept(classroom, "ben") == (None, 0, 10, 0)

    assert sync(classroom, results) == []
    assert kept(classroom, "ben")[3] == 2
    backups = len(list((classroom.state / "backups").iterdir()))
    sync(classroom, results)
    assert len(list((classroom.state / "backups").iterdir())) == backups


def test_a_teachers_override_survives_a_regrade_and_the_penalty_follows_it(classroom):
    classroom = with_late(classroom, "per_day = 0.1")
    set_due(classroom, SOFTMAX, DUE.isoformat() + "+00:00")
    receive(classroom, ben=DUE + timedelta(hours=3))
    sync(classroom, [result(classroom, "ben", 0, 0)])
    with open_gradebook(classroom) as gradebook:
        grade = gradebook.find_grade("softmax_any_axis", SOFTMAX, SOFTMAX, "ben")
        grade.manual_score, grade.needs_manual_grade = 3.0, False
        gradebook.db.commit()
    sync(classroom, [result(classroom, "ben", 0, 6)])

    with open_gradebook(classroom) as gradebook:
        grade = gradebook.find_grade("softmax_any_axis", SOFTMAX, SOFTMAX, "ben")
        assert (grade.auto_score, grade.manual_score, grade.score) == (0, 3, 3)
        assert grade.needs_manual_grade  # nbgrader's way of asking for a second look
    assert kept(classroom, "ben")[2:] == (9, pytest.approx(0.9))


def test_the_export_shows_what_was_scored_and_what_lateness_took(classroom, tmp_path):
    classroom = with_late(classroom, 'penalty_method = "zero"')
    set_due(classroom, SOFTMAX, DUE.isoformat() + "+00:00")
    receive(classroom, ben="late")
    sync(classroom, [result(classroom, "ben", 4, 6)])
    export_csv(classroom, tmp_path / "marks.csv")
    sheet = read_sheet(tmp_path / "marks.csv")
    row = sheet.rows[0]

    assert sheet.cell(row, "raw_score") == "10.0"
    assert sheet.cell(row, "late_submission_penalty") == "10.0"
    assert sheet.cell(row, "score") == "0.0"


def test_nbgrader_itself_takes_the_classs_policy(classroom):
    from nbgrader.preprocessors import AssignLatePenalties
    from traitlets.config import PyFileConfigLoader

    classroom = with_late(classroom, "per_day = 0.25")
    loader = PyFileConfigLoader("nbgrader_config.py", path=str(classroom.folder))
    preprocessor = AssignLatePenalties(config=loader.load_config())
    preprocessor.init_plugin()

    assert isinstance(preprocessor.plugin_inst, LatePolicy)
    assert preprocessor.plugin_inst.late_submission_penalty("a", 8.0, 60) == 2.0


def run(monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["autograder", *map(str, arguments)])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    return stop.value.code


def test_the_commands_speak_and_their_exit_codes_are_as_documented(
    classroom, tmp_path, monkeypatch, capsys
):
    (tmp_path / "roster.csv").write_text(ROSTER)
    option = ("--class", classroom.folder)

    assert run(monkeypatch, "roster", "import", tmp_path / "roster.csv", *option) == 0
    assert "2 new" in capsys.readouterr().out
    assert run(monkeypatch, "roster", "import", tmp_path / "none.csv", *option) == 2
    assert run(monkeypatch, "due", SOFTMAX, "2026-10-05", *option) == 0
    assert "due Monday 2026-10-05 23:59:59" in capsys.readouterr().out
    assert run(monkeypatch, "due", SOFTMAX, "soon", *option) == 2
