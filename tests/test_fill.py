"""Marks go into the teacher's own table: no column is lost, nobody is guessed, nothing runs."""

import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import cli
from autograder.classroom.folder import Classroom, use_own_programs
from autograder.classroom.gradebook import sync
from autograder.classroom.ledger import Ledger
from autograder.classroom.received import Received, received_file, received_text
from autograder.classroom.releases import Shelf
from autograder.classroom.releasing import nbgrader_api
from autograder.classroom.roster import Learner, import_roster
from autograder.course.notebooks import notebook_bytes
from autograder.course.source import read_text
from autograder.errors import UsageError
from autograder.findings import Finding
from autograder.grading.words import as_comment
from autograder.lms.feedback_zip import pack_feedback
from autograder.lms.registry import PLATFORMS
from autograder.reports.export import export_csv
from autograder.reports.feedback import write_feedback
from autograder.results import Result
from autograder.results import TestResult as GradedTest
from autograder.sheet import guard, read_sheet, unguard

GOLDEN = Path(__file__).parent / "golden"
fill_canvas, fill_moodle = PLATFORMS["canvas"].fill, PLATFORMS["moodle"].fill
SOFTMAX = "04_softmax"
PEOPLE = [
    Learner("jane", "Jane", "Smith", "jane@school.edu", "42"),
    Learner("victor", "Victor", "Lee", "victor@school.edu", "7"),
    Learner("obrien", None, "O'Brien, Jr.", "obrien@school.edu", "8"),
    Learner("cmd", None, "=cmd()", "cmd@school.edu", "9"),
    Learner("apple", "Zoë", '🍎 "Apple"', "apple@school.edu", "10"),
    Learner("lea", "Lea", "Late", "lea@school.edu", "11"),
    Learner("ghost", "Left", "The Class", "ghost@school.edu", "12"),
]
CHAPTER = """\
# %% nbgrader={"grade_id": "softmax", "solution": true}
# exercise: softmax
### BEGIN SOLUTION
softmax = sum
### END SOLUTION
# %% nbgrader={"grade_id": "softmax_any_axis", "points": 3}
assert softmax([1, 2]) == 3
# %% nbgrader={"grade_id": "softmax_large_scores", "points": 5}
assert softmax([1000, 2]) == 1002
"""
POINTS = {"jane": 8, "victor": 3, "obrien": 5, "cmd": 8, "apple": 8, "ghost": 1}


@pytest.fixture(scope="session")
def marked(tmp_path_factory):
    """A class with a roster, and marks for all but lea."""
    classroom = Classroom.create(tmp_path_factory.mktemp("fill") / "class")
    source = classroom.notebook("source", SOFTMAX)
    source.parent.mkdir(parents=True)
    source.write_bytes(notebook_bytes(read_text(CHAPTER)))
    use_own_programs()
    assert nbgrader_api(classroom).generate_assignment(SOFTMAX, create=True)["success"]
    import_roster(classroom, PEOPLE)
    results = [result(classroom, student, points) for student, points in POINTS.items()]
    for one in results:
        Ledger(classroom).put(one)
    sync(classroom, results)
    return classroom


def result(classroom, student, points):
    """A result with that many points, whole tests first."""
    made = Shelf(classroom, SOFTMAX).current.result("graded")
    made.student = student
    for test in made.tests:
        test.score, test.status = min(test.points, points), "ok"
        points -= test.score
    return made


@pytest.fixture
def classroom(marked, tmp_path):
    import shutil

    shutil.copytree(marked.folder, tmp_path / "class")
    return Classroom.open(tmp_path / "class")


def filled(classroom, name):
    path = GOLDEN / f"{name}.in.csv"
    if name.startswith("canvas"):
        return fill_canvas(classroom, path, {SOFTMAX: ""})
    return fill_moodle(classroom, path, {SOFTMAX: ""})


NAMES = sorted(path.name.removesuffix(".in.csv") for path in GOLDEN.glob("*.in.csv"))


@pytest.mark.parametrize("name", NAMES)
def test_the_golden_tables_are_filled_as_they_were(classroom, name):
    assert filled(classroom, name).sheet.to_bytes() == (GOLDEN / f"{name}.out.csv").read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_a_table_that_is_only_read_is_written_byte_for_byte(name):
    path = GOLDEN / f"{name}.out.csv"

    assert read_sheet(path).to_bytes() == path.read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_no_column_and_no_row_is_lost_and_only_marks_and_comments_change(classroom, name):
    before, after = read_sheet(GOLDEN / f"{name}.in.csv"), filled(classroom, name).sheet

    assert after.header == before.header
    assert len(after.rows) == len(before.rows)
    changed = {
        after.header[place]
        for old, new in zip(before.rows, after.rows, strict=True)
        for place, (one, other) in enumerate(zip(old, new, strict=True))
        if one != other
    }
    assert changed <= {"04_softmax (9001)", "04 Softmax (9001)", "Grade", "Feedback comments"}


@pytest.mark.parametrize("name", NAMES)
def test_filling_in_twice_is_filling_in_once(classroom, name, tmp_path):
    once = filled(classroom, name).sheet.to_bytes()
    (tmp_path / "again.csv").write_bytes(once)
    kind = fill_canvas if name.startswith("canvas") else fill_moodle

    assert kind(classroom, tmp_path / "again.csv", {SOFTMAX: ""}).sheet.to_bytes() == once


@pytest.mark.parametrize("name", NAMES)
def test_no_cell_that_is_written_can_run_as_a_formula(classroom, name, tmp_path):
    import csv

    (tmp_path / "out.csv").write_bytes(filled(classroom, name).sheet.to_bytes())
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        delimiter = read_sheet(GOLDEN / f"{name}.in.csv")._delimiter
        cells = [cell for row in csv.reader(file, delimiter=delimiter) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t"))]
    assert "-" in cells or name.startswith("canvas")  # Moodle's own sign for none stays


def test_canvas_reports_who_is_unknown_missing_or_excused(classroom):
    notes = "\n".join(filled(classroom, "canvas_plain").notes)

    assert "Student, Test (ID 13): not in this class" in notes
    assert "ghost: has a mark in 04_softmax (9001), and no row" in notes
    assert "apple: EX in 04_softmax (9001); left as it is" in notes


def test_a_learner_who_stands_there_twice_is_left_and_reported(classroom):
    done = filled(classroom, "canvas_local")

    assert done.filled == 1
    assert "victor: stands there 2 times; left as it is" in done.notes


def test_moodle_leaves_a_locked_grade_and_reports_strangers(classroom):
    done = filled(classroom, "moodle_classic")
    notes = "\n".join(done.notes)

    assert "obrien: Moodle lets nobody change this grade" in notes
    assert "Participant 818: not in this class" in notes
    assert "by hand" in done.sheet.to_bytes().decode()


def test_comments_are_escaped():
    finding = Finding("<script>alert(1)</script>")
    test = GradedTest("softmax_any_axis", "softmax", 3.0, 0.0, "error", finding=finding)
    text = as_comment(Result("a", SOFTMAX, "graded", 3.0, "<b>", [test]))

    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "&lt;b&gt;" in text


def test_blind_participants_are_found_by_the_numbers_that_collect_met(classroom):
    record = Received("moodle", "815", "a.ipynb", "Participant_815_assignsubmission_file_/", "")
    received_file(classroom).write_text(received_text({SOFTMAX: {"victor": record}}))
    sheet = filled(classroom, "moodle_blind").sheet

    assert sheet.rows[0][2] == "3.00"
    assert sheet.rows[1][2] == ""


def test_a_number_that_contradicts_the_address_is_left_to_a_person(classroom):
    record = Received("moodle", "815", "a.ipynb", "x_815_assignsubmission_file_/", "")
    received_file(classroom).write_text(received_text({SOFTMAX: {"victor": record}}))

    notes = filled(classroom, "moodle_classic").notes
    assert "Participant 815: could be jane or victor; left empty" in notes


def test_an_assignment_of_another_name_must_be_said(classroom, tmp_path):
    text = (GOLDEN / "canvas_plain.in.csv").read_text().replace("04_softmax (9001)", "HW 1 (9001)")
    (tmp_path / "in.csv").write_text(text)

    with pytest.raises(UsageError, match=r"--column CHAPTER=HEADER[\s\S]*HW 1 \(9001\)"):
        fill_canvas(classroom, tmp_path / "in.csv", {SOFTMAX: ""})
    assert fill_canvas(classroom, tmp_path / "in.csv", {SOFTMAX: "HW 1 (9001)"}).filled == 4
    assert fill_canvas(classroom, tmp_path / "in.csv", {SOFTMAX: "hw 1"}).filled == 4


def test_other_points_there_are_refused_unless_scaling_is_asked_for(classroom, tmp_path):
    text = (GOLDEN / "canvas_plain.in.csv").read_text().replace(",8.00,", ",100.00,")
    (tmp_path / "in.csv").write_text(text)

    with pytest.raises(UsageError, match=r"100.00 points there, 8 here"):
        fill_canvas(classroom, tmp_path / "in.csv", {SOFTMAX: ""})
    sheet = fill_canvas(classroom, tmp_path / "in.csv", {SOFTMAX: ""}, scale=True).sheet
    assert sheet.cell(sheet.rows[2], "04_softmax (9001)") == "37.50"


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", 'Student,ID,Section\n"a"b,c\n', "\xff"])
def test_a_table_of_another_kind_is_refused(classroom, tmp_path, text):
    (tmp_path / "in.csv").write_text(text, encoding="latin-1")

    with pytest.raises(UsageError):
        fill_canvas(classroom, tmp_path / "in.csv", {SOFTMAX: ""})
    with pytest.raises(UsageError):
        fill_moodle(classroom, tmp_path / "in.csv", {SOFTMAX: ""})


def test_feedback_is_packed_under_the_names_that_each_platform_wants_back(classroom, tmp_path):
    write_feedback(classroom, [SOFTMAX], [])
    canvas = Received("canvas", "42", f"{SOFTMAX}.ipynb", "smithjane_LATE_42_1001_", "")
    moodle = Received("moodle", "815", "x.ipynb", "Lee, Victor_815_assignsubmission_file_/", "")
    received_file(classroom).write_text(
        received_text({SOFTMAX: {"jane": canvas, "victor": moodle}})
    )
    for kind, name in (
        ("canvas", "smithjane_LATE_42_1001_04_softmax.html"),
        ("moodle", "Lee, Victor_815_assignsubmission_file_/04_softmax.html"),
    ):
        notes = pack_feedback(classroom, kind, [SOFTMAX], tmp_path / f"{kind}.zip")
        with zipfile.ZipFile(tmp_path / f"{kind}.zip") as archive:
            assert archive.namelist() == [name]
            assert b"</html>" in archive.read(name)
        assert any("cmd" in note for note in notes)


def test_feedback_for_nobody_is_an_error_and_writes_no_zip(classroom, tmp_path):
    with pytest.raises(UsageError, match="no feedback to pack"):
        pack_feedback(classroom, "canvas", [SOFTMAX], tmp_path / "x.zip")
    assert not (tmp_path / "x.zip").exists()


def test_the_command_writes_beside_the_download_and_its_exit_code_says_look(
    classroom, tmp_path, monkeypatch, capsys
):
    path = tmp_path / "grades.csv"
    path.write_bytes((GOLDEN / "canvas_plain.in.csv").read_bytes())
    arguments = ["export", "canvas", str(path), SOFTMAX, "--class", str(classroom.folder)]
    monkeypatch.setattr("sys.argv", ["autograder", *arguments])
    with pytest.raises(SystemExit) as stop:
        cli.main()

    assert stop.value.code == 1
    golden = (GOLDEN / "canvas_plain.out.csv").read_bytes()
    assert (tmp_path / "grades.filled.csv").read_bytes() == golden
    assert path.read_bytes() == (GOLDEN / "canvas_plain.in.csv").read_bytes()
    assert "Student, Test" in capsys.readouterr().err


def test_the_plain_table_round_trips_every_name(classroom, tmp_path):
    export_csv(classroom, tmp_path / "marks.csv")
    sheet = read_sheet(tmp_path / "marks.csv")

    assert {sheet.cell(row, "last_name") for row in sheet.rows} == {
        person.last_name for person in PEOPLE if person.id in POINTS
    }
    assert ",'=cmd()," in (tmp_path / "marks.csv").read_text()


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@given(st.one_of(TEXT, st.text("'=+-@ \t\ra1", max_size=8)))
@settings(max_examples=300, deadline=None)
def test_the_guard_takes_nothing_and_leaves_no_formula(text):
    assert unguard(guard(text)) == text
    assert not guard(text).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))


LINE = TEXT.map(lambda text: text.replace("\r", ""))  # csv.writer leaves a lone one unquoted


@given(
    rows=st.lists(st.lists(LINE, min_size=2, max_size=4), min_size=1, max_size=5),
    delimiter=st.sampled_from(",;\t"),
    end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([0, 1]),
)
@settings(max_examples=200, deadline=None)
def test_any_table_is_read_as_it_was_written(tmp_path_factory, rows, delimiter, end, quoting):
    import csv
    import io

    header = ["first column", *["c"] * (len(rows[0]) - 1)]
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(
        [header, *[[guard(cell) for cell in row] for row in rows]]
    )
    path = tmp_path_factory.mktemp("sheet") / "in.csv"
    path.write_bytes(file.getvalue().encode())
    sheet = read_sheet(path)

    assert sheet.rows == rows
    assert read_sheet(path).to_bytes() == path.read_bytes()
