"""Any download of hand-ins has a documented outcome for every file, and never half of one."""

import io
import json
import os
import shutil
import stat
import zipfile
from datetime import datetime

import pytest

from autograder import cli
from autograder.classroom.folder import Classroom
from autograder.classroom.gradebook import edit_gradebook
from autograder.classroom.received import read_received
from autograder.classroom.releasing import release
from autograder.classroom.roster import Learner, import_roster
from autograder.disk import DiskFull
from autograder.errors import UsageError
from autograder.lms import collect, download, registry
from autograder.lms.collect import collect as run_collect
from autograder.lms.platform import Known, Outer, Platform
from autograder.lms.registry import guess_platform, platform_of

SOFTMAX, HEADS = "04_softmax", "09_multi_head"


@pytest.fixture(scope="session")
def released(tmp_path_factory):
    """A class with two chapters and no roster."""
    classroom = Classroom.create(tmp_path_factory.mktemp("collect") / "class")
    release(classroom, [SOFTMAX, HEADS])
    return classroom


@pytest.fixture
def classroom(released, tmp_path):
    shutil.copytree(released.folder, tmp_path / "class")
    return Classroom.open(tmp_path / "class")


@pytest.fixture
def with_roster(classroom):
    """Jane is 42 on Canvas, Victor is 7."""
    people = [
        Learner("jane", "Jane", "Smith", "jane@school.edu", "42"),
        Learner("victor", "Victor", "Lee", "victor@school.edu", "7"),
    ]
    import_roster(classroom, people)
    return classroom


def notebook(root, chapter=SOFTMAX, text="a"):
    """A learner's notebook with a cell of their own, so that no two are alike by chance."""
    raw = json.loads((root / "notebooks" / f"{chapter}.ipynb").read_text())
    raw["cells"].append({"cell_type": "markdown", "id": "own", "metadata": {}, "source": text})
    return json.dumps(raw).encode()


@pytest.fixture
def softmax(root):
    return lambda text="a": notebook(root, SOFTMAX, text)


@pytest.fixture
def pack(tmp_path):
    """Write a zip: entry name -> bytes, or -> (ZipInfo changes, bytes)."""

    def write(entries, name="download.zip"):
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for entry, content in entries if isinstance(entries, list) else entries.items():
                info = zipfile.ZipInfo(entry, (2026, 10, 1, 12, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                if isinstance(content, tuple):
                    changes, content = content
                    for key, value in changes.items():
                        setattr(info, key, value)
                archive.writestr(info, content)
        return tmp_path / name

    return write


def read_outer(kind, name):
    return platform_of(kind).read_outer(name)


def guess_kind(names):
    return guess_platform(names).kind


def outcomes(lines):
    return {line.entry: line.outcome for line in lines}


def handed_in(classroom, student, chapter=SOFTMAX):
    return classroom.notebook("submitted", chapter, student).read_bytes()


def tree(folder):
    """Every file with its bytes; what nbgrader's database and we keep of ourselves left out."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix not in (".db", ".lock")
    }


def test_canvas_names_are_read_from_the_outside():
    outer = read_outer("canvas", "smithjane_LATE_42_1001_04_softmax-1.ipynb")

    assert (outer.user, outer.order, outer.file) == ("42", 1001, "04_softmax-1.ipynb")
    assert outer.late is True
    assert outer.prefix == "smithjane_LATE_42_1001_"
    assert read_outer("canvas", "leeo_42_1001_a.ipynb").late is False
    assert read_outer("canvas", "_42_1001_a.ipynb").user == "42"  # a name of nothing but emoji
    assert read_outer("canvas", "anon_x1Yz9_1001_a.ipynb").user == "x1Yz9"
    assert read_outer("canvas", "04_softmax.ipynb") is None
    assert read_outer("canvas", "other/smithjane_42_1001_a.ipynb") is None


def test_moodle_names_are_read_from_the_outside():
    for name in (
        "Zoë O'Brien, Jr._815_assignsubmission_file_/04_softmax.ipynb",  # before Moodle 4.1
        "Zoë O'Brien, Jr._815_assignsubmission_file/04_softmax.ipynb",
        "Zoë O'Brien, Jr._815_assignsubmission_file_04_softmax.ipynb",  # without folders
        "Group A-Zoë O'Brien, Jr._815_assignsubmission_file_/deep/er/04_softmax.ipynb",
    ):
        outer = read_outer("moodle", name)
        assert (outer.user, outer.file) == ("815", "04_softmax.ipynb")
        assert name.startswith(outer.prefix)
    assert read_outer("moodle", "Zoë_815_assignsubmission_onlinetext_/onlinetext.html") is None


def test_the_kind_is_seen_from_the_names():
    assert guess_kind(["a_42_1001_x.ipynb", "b_LATE_43_1002_y.ipynb"]) == "canvas"
    assert guess_kind(["A B_1_assignsubmission_file_/x.ipynb"]) == "moodle"
    assert (
        guess_kind(["submissions/a_42_1001_x.ipynb", "submissions/b_43_1002_y.ipynb"]) == "canvas"
    )
    assert guess_kind(["ada/04_softmax.ipynb"]) == "folder"
    assert guess_kind([]) == "folder"


def test_a_canvas_zip_is_collected_by_the_platforms_ids(classroom, pack, softmax):
    path = pack(
        {
            "smithjane_42_1001_04_softmax.ipynb": softmax("jane"),
            "leevictor_LATE_7_1002_04_softmax-2.ipynb": softmax("victor"),
        }
    )
    lines = run_collect(classroom, path)

    assert set(outcomes(lines).values()) == {"new"}
    assert handed_in(classroom, "42") == softmax("jane")
    assert handed_in(classroom, "7") == softmax("victor")
    record = read_received(classroom)[SOFTMAX]["7"]
    assert (record.late, record.time, record.lms_id) == (True, None, "7")
    late = next(line for line in lines if line.student == "7")
    assert late.notes == ["a renamed copy 04_softmax-2.ipynb", "late by Canvas's clock"]


def test_a_roster_leads_from_the_platforms_id_to_the_learner(with_roster, pack, softmax):
    path = pack(
        {
            "smithjane_42_1001_04_softmax.ipynb": softmax("jane"),
            "stranger_99_1003_04_softmax.ipynb": softmax("stranger"),
        }
    )
    lines = run_collect(with_roster, path)

    assert handed_in(with_roster, "jane") == softmax("jane")
    assert outcomes(lines)["stranger_99_1003_04_softmax.ipynb"] == "unknown learner"
    assert not (with_roster.folder / "submitted" / "99").exists()


@pytest.mark.parametrize("name", ["x_7", "x_7_55", "7", "x_7_LATE", "victor_7_7"])
def test_a_learner_who_calls_themself_as_another_is_not_taken_for_them(
    with_roster, pack, softmax, name
):
    """42 chose a name that makes the entry readable as 7's."""
    path = pack({f"{name}_42_1001_04_softmax.ipynb": softmax("forged")})
    run_collect(with_roster, path, kind="canvas")

    assert not with_roster.notebook("submitted", SOFTMAX, "victor").exists()


def test_a_file_name_that_looks_like_another_learners_entry_changes_nothing(
    with_roster, pack, softmax
):
    run_collect(
        with_roster, pack({"smithjane_42_1001_leevictor_7_999_04_softmax.ipynb": softmax("x")})
    )

    assert handed_in(with_roster, "jane") == softmax("x")
    assert not with_roster.notebook("submitted", SOFTMAX, "victor").exists()


def test_without_a_roster_a_name_with_two_readings_is_left_to_a_person(classroom, pack, softmax):
    lines = run_collect(classroom, pack({"x_7_42_1001_04_softmax.ipynb": softmax()}), kind="canvas")

    assert [line.outcome for line in lines] == ["doubtful learner"]
    assert not any((classroom.folder / "submitted").iterdir())


def test_an_inner_folder_named_as_another_learner_changes_nothing(classroom, tmp_path, softmax):
    inner = tmp_path / "in" / "ada" / "victor" / HEADS
    inner.mkdir(parents=True)
    (inner / f"{HEADS}.ipynb").write_bytes(softmax("ada"))
    run_collect(classroom, tmp_path / "in", kind="folder")

    assert handed_in(classroom, "ada") == softmax("ada")
    assert not (classroom.folder / "submitted" / "victor").exists()


def test_moodles_worksheet_says_who_and_when(with_roster, pack, softmax, tmp_path):
    sheet = tmp_path / "worksheet.csv"
    sheet.write_text(
        "Identifier,Full name,Email address,Status,Last modified (submission)\n"
        'Participant 815,"Smith, Jane",Jane@School.edu,Submitted,'
        '"Friday, 2 October 2026, 6:05 PM"\n'
        "Participant 816,Nobody,x@y.z,Submitted,-\n"
    )
    settings = with_roster.settings_file
    settings.write_text(settings.read_text() + '\ntimezone = "Europe/Berlin"\n')
    path = pack(
        {
            "Smith, Jane_815_assignsubmission_file_/Copy of 04_softmax.ipynb": softmax("jane"),
            "Nobody_816_assignsubmission_file_/04_softmax.ipynb": softmax("nobody"),
            "Victor Lee_817_assignsubmission_file_/04_softmax.ipynb": softmax("victor"),
        }
    )
    lines = run_collect(Classroom.open(with_roster.folder), path, worksheet=sheet)

    assert sorted(outcomes(lines).values()) == ["new", "unknown learner", "unknown learner"]
    record = read_received(with_roster)[SOFTMAX]["jane"]
    assert record.timestamp == datetime(2026, 10, 2, 16, 5)
    stamp = with_roster.notebook("submitted", SOFTMAX, "jane").with_name("timestamp.txt")
    assert stamp.read_text() == "2026-10-02 16:05:00 UTC\n"


def test_moodle_without_a_worksheet_is_not_guessed_from_names(with_roster, pack, softmax):
    name = "Jane Smith_815_assignsubmission_file_/04_softmax.ipynb"
    lines = run_collect(with_roster, pack({name: softmax()}))

    assert [line.outcome for line in lines] == ["unknown learner"]
    assert "--worksheet" in lines[0].notes[0]


def test_a_timestamp_inside_a_hand_in_is_nothing(classroom, tmp_path, softmax):
    folder = tmp_path / "in" / "ada"
    folder.mkdir(parents=True)
    (folder / "04_softmax.ipynb").write_bytes(softmax())
    (folder / "timestamp.txt").write_text("1999-01-01 00:00:00 UTC")
    old = classroom.notebook("submitted", SOFTMAX, "ada").with_name("timestamp.txt")
    old.parent.mkdir(parents=True)
    old.write_text("1998-01-01 00:00:00 UTC")
    lines = run_collect(classroom, tmp_path / "in")

    assert outcomes(lines) == {"ada/04_softmax.ipynb": "new", "ada/timestamp.txt": "refused"}
    assert not old.exists()
    assert read_received(classroom)[SOFTMAX]["ada"].time is None


def test_the_newest_of_two_files_counts_and_the_other_is_kept(classroom, pack, softmax):
    path = pack(
        {
            "jane_42_2002_04_softmax-1.ipynb": softmax("second"),
            "jane_42_999_04_softmax.ipynb": softmax("first"),
        }
    )
    lines = run_collect(classroom, path)

    assert handed_in(classroom, "42") == softmax("second")
    assert outcomes(lines)["jane_42_999_04_softmax.ipynb"] == "kept aside"
    kept = list((classroom.state / "kept" / SOFTMAX / "42").iterdir())
    assert [path.read_bytes() for path in kept] == [softmax("first")]


def test_two_files_that_nothing_tells_apart_are_left_to_a_person(classroom, pack, softmax):
    folder = "Jane_815_assignsubmission_file_"
    path = pack({f"{folder}/a.ipynb": softmax("a"), f"{folder}/b.ipynb": softmax("b")})
    lines = run_collect(classroom, path)

    assert {line.outcome for line in lines} == {"undecided"}
    assert not classroom.notebook("submitted", SOFTMAX, "815").exists()
    assert len(list((classroom.state / "kept" / SOFTMAX / "815").iterdir())) == 2


def test_of_two_files_at_one_time_the_rightly_named_one_counts(classroom, pack, softmax):
    folder = "Jane_815_assignsubmission_file_"
    path = pack({f"{folder}/04_softmax.ipynb": softmax("a"), f"{folder}/b.ipynb": softmax("b")})
    lines = run_collect(classroom, path)

    assert handed_in(classroom, "815") == softmax("a")
    assert lines[0].notes == ["known by Moodle's number for this assignment alone; see --worksheet"]


def test_the_chapter_is_seen_from_the_exercises_not_from_the_name(classroom, pack, root):
    path = pack({"jane_42_1001_04_softmax.ipynb": notebook(root, HEADS)})
    lines = run_collect(classroom, path)

    assert [(line.chapter, line.outcome) for line in lines] == [(HEADS, "new")]


def test_the_wrong_chapter_is_collected_so_that_its_author_is_told(classroom, pack, root):
    path = pack({"jane_42_1001_04_softmax.ipynb": notebook(root, HEADS)})
    lines = run_collect(classroom, path, chapter=SOFTMAX)

    assert [line.outcome for line in lines] == ["wrong chapter"]
    assert "it is 09_multi_head" in lines[0].notes
    assert handed_in(classroom, "42") == notebook(root, HEADS)


def test_beside_a_file_of_the_wrong_chapter_the_right_one_counts(classroom, pack, root, softmax):
    path = pack(
        {
            "jane_42_1001_04_softmax.ipynb": softmax(),
            "jane_42_1002_09_multi_head.ipynb": notebook(root, HEADS),
        }
    )
    lines = run_collect(classroom, path, chapter=SOFTMAX)

    assert sorted(outcomes(lines).values()) == ["kept aside", "new"]
    assert handed_in(classroom, "42") == softmax()


def test_someone_elses_file_is_collected_for_both_and_said(classroom, pack, softmax):
    run_collect(classroom, pack({"jane_42_1001_04_softmax.ipynb": softmax("jane")}))
    lines = run_collect(classroom, pack({"victor_7_1002_04_softmax.ipynb": softmax("jane")}))

    assert [line.outcome for line in lines] == ["same file"]
    assert lines[0].notes == ["byte for byte the file of 42"]
    assert handed_in(classroom, "7") == handed_in(classroom, "42")


def test_a_blank_notebook_is_nobodys_file(classroom, pack, root):
    blank = (classroom.notebook("release", SOFTMAX)).read_bytes()
    path = pack({"jane_42_1_04_softmax.ipynb": blank, "victor_7_2_04_softmax.ipynb": blank})

    assert set(outcomes(run_collect(classroom, path)).values()) == {"new"}


def test_a_broken_file_is_collected_where_the_chapter_is_said(classroom, pack):
    path = pack({"jane_42_1001_04_softmax.ipynb": b'{"cells": ['})

    assert [line.outcome for line in run_collect(classroom, path)] == ["no chapter"]
    lines = run_collect(classroom, path, chapter=SOFTMAX)
    assert [line.outcome for line in lines] == ["new"]
    assert "breaks off" in lines[0].notes[-1]


def test_a_notebook_with_exercises_of_two_chapters_is_left_to_a_person(classroom, pack, root):
    both = json.loads(notebook(root))
    both["cells"] += json.loads(notebook(root, HEADS))["cells"]
    path = pack({"jane_42_1001_a.ipynb": json.dumps(both).encode()})

    assert [line.outcome for line in run_collect(classroom, path)] == ["no chapter"]
    assert [line.outcome for line in run_collect(classroom, path, chapter=SOFTMAX)] == ["new"]


def zip_bytes(name, content):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def test_what_must_not_be_read_is_refused_with_a_reason(classroom, pack, softmax):
    link = {"external_attr": (stat.S_IFLNK | 0o777) << 16}
    path = pack(
        {
            "good_1_1_04_softmax.ipynb": softmax(),
            "link_2_2_04_softmax.ipynb": (link, b"/etc/passwd"),
            "nested_3_3_work.zip": zip_bytes("victor_7_1_04_softmax.ipynb", softmax()),
            "bomb_4_4_04_softmax.ipynb": b"0" * (30 * 2**20),
            "paper_5_5_04_softmax.pdf": b"%PDF-1.7",
            "../../evil_6_6_04_softmax.ipynb": softmax(),
            "/abs_7_7_04_softmax.ipynb": softmax(),
        }
    )
    lines = run_collect(classroom, path, kind="canvas")
    said = {line.entry: line.notes[0] for line in lines if line.outcome == "refused"}

    assert "symbolic link" in said["link_2_2_04_softmax.ipynb"]
    assert "archive" in said["nested_3_3_work.zip"]
    assert "zip bomb" in said["bomb_4_4_04_softmax.ipynb"]
    assert "not a notebook" in said["paper_5_5_04_softmax.pdf"]
    assert "leads out" in said["../../evil_6_6_04_softmax.ipynb"]
    assert "leads out" in said["/abs_7_7_04_softmax.ipynb"]
    assert [p.name for p in (classroom.folder / "submitted").iterdir()] == ["1"]


def test_a_file_of_more_than_200_mb_is_refused_and_one_below_is_taken(
    classroom, tmp_path, softmax, monkeypatch
):
    monkeypatch.setattr(download, "MAX_FILE", 200_000)  # the rule, without the megabytes
    for student, size in (("ada", 100_000), ("ben", 300_000)):
        folder = tmp_path / "in" / student
        folder.mkdir(parents=True)
        (folder / "04_softmax.ipynb").write_bytes(softmax("y" * size))
    lines = run_collect(classroom, tmp_path / "in")

    assert outcomes(lines) == {"ada/04_softmax.ipynb": "new", "ben/04_softmax.ipynb": "refused"}


def test_links_in_a_folder_are_not_followed(classroom, tmp_path, softmax):
    (tmp_path / "secret.ipynb").write_bytes(softmax("secret"))
    (tmp_path / "in" / "ada").mkdir(parents=True)
    (tmp_path / "in" / "ada" / "04_softmax.ipynb").symlink_to(tmp_path / "secret.ipynb")
    (tmp_path / "in" / "ben").symlink_to(tmp_path / "in" / "ada")
    lines = run_collect(classroom, tmp_path / "in", kind="folder")

    assert {line.outcome for line in lines} == {"refused"}
    assert not any((classroom.folder / "submitted").iterdir())


@pytest.mark.parametrize(
    ("limit", "value"), [("MAX_ENTRIES", 1), ("MAX_TOTAL", 1000)], ids=["count", "total"]
)
def test_a_download_beyond_all_measure_is_refused_as_a_whole(
    classroom, pack, softmax, monkeypatch, limit, value
):
    monkeypatch.setattr(download, limit, value)
    path = pack({"a_1_1_04_softmax.ipynb": softmax(), "b_2_2_04_softmax.ipynb": softmax()})
    before = tree(classroom.folder)

    with pytest.raises(UsageError, match="is it the right one"):
        run_collect(classroom, path)
    assert tree(classroom.folder) == before


@pytest.mark.parametrize("content", [b"", b"<html>log in</html>", b"PK\x03\x04 cut"])
def test_what_is_no_zip_is_refused_as_a_whole(classroom, tmp_path, content):
    (tmp_path / "x.zip").write_bytes(content)

    with pytest.raises(UsageError, match="download it again"):
        run_collect(classroom, tmp_path / "x.zip")


def test_a_damaged_entry_is_refused_and_the_others_are_taken(classroom, pack, softmax):
    path = pack({"a_1_1_04_softmax.ipynb": softmax("a"), "b_2_2_04_softmax.ipynb": softmax("b")})
    content = bytearray(path.read_bytes())
    start = content.index(b"a_1_1_04_softmax.ipynb") + 60
    content[start : start + 40] = b"\xff" * 40
    path.write_bytes(content)
    lines = run_collect(classroom, path)

    assert outcomes(lines) == {
        "a_1_1_04_softmax.ipynb": "refused",
        "b_2_2_04_softmax.ipynb": "new",
    }


def test_collecting_again_changes_nothing_and_a_newer_file_replaces(classroom, pack, softmax):
    first = pack({"jane_42_1001_04_softmax.ipynb": softmax("first")}, "1.zip")
    run_collect(classroom, first)
    before = tree(classroom.folder)

    assert [line.outcome for line in run_collect(classroom, first)] == ["unchanged"]
    assert tree(classroom.folder) == before

    second = pack({"jane_LATE_42_1009_04_softmax-1.ipynb": softmax("second")}, "2.zip")
    assert [line.outcome for line in run_collect(classroom, second)] == ["replaced"]
    assert handed_in(classroom, "42") == softmax("second")
    kept = list((classroom.state / "kept" / SOFTMAX / "42").iterdir())
    assert [path.read_bytes() for path in kept] == [softmax("first")]


def test_the_same_file_from_elsewhere_does_not_forget_when_it_came(
    classroom, pack, softmax, tmp_path
):
    run_collect(classroom, pack({"jane_LATE_42_1001_04_softmax.ipynb": softmax()}))
    (tmp_path / "in" / "42").mkdir(parents=True)
    (tmp_path / "in" / "42" / "04_softmax.ipynb").write_bytes(softmax())
    run_collect(classroom, tmp_path / "in")

    record = read_received(classroom)[SOFTMAX]["42"]
    assert (record.lms, record.late) == ("canvas", True)


@pytest.mark.parametrize("fail_at", range(1, 6))
def test_a_collect_that_fails_changes_nothing(classroom, pack, softmax, monkeypatch, fail_at):
    run_collect(classroom, pack({"jane_42_1_04_softmax.ipynb": softmax("old")}, "1.zip"))
    before = tree(classroom.folder)
    path = pack(
        {
            "jane_42_2_04_softmax.ipynb": softmax("new"),
            "leo_43_3_04_softmax.ipynb": softmax("leo"),
        },
        "2.zip",
    )
    calls, replace = [], os.replace

    def failing(source, target):
        calls.append(target)
        if len(calls) == fail_at:
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr("os.replace", failing)
    with pytest.raises(DiskFull, match="No space"):
        run_collect(classroom, path)
    assert tree(classroom.folder) == before


def test_a_full_disk_is_no_fault_of_a_file(classroom, pack, softmax, monkeypatch):
    """Where there is no room to copy a file out, nothing is collected and nobody is blamed."""
    path = pack({"jane_42_2_04_softmax.ipynb": softmax()})
    before = tree(classroom.folder)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(download.Entry, "copy_to", full)
    with pytest.raises(DiskFull):
        run_collect(classroom, path)
    assert tree(classroom.folder) == before


def test_a_collect_that_was_killed_is_undone_by_the_next_one(classroom, pack, softmax, monkeypatch):
    path = pack({"a_1_1_04_softmax.ipynb": softmax("a"), "b_2_2_04_softmax.ipynb": softmax("b")})
    before = tree(classroom.folder)
    pid = os.fork()
    if not pid:
        replace, calls = os.replace, []

        def dying(source, target):
            calls.append(target)
            if len(calls) == 3:
                os._exit(9)
            replace(source, target)

        os.replace = dying
        run_collect(classroom, path)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9
    assert classroom.notebook("submitted", SOFTMAX, "1").exists()

    with pytest.raises(UsageError, match="not canvs"):
        run_collect(classroom, path, kind="canvs")
    monkeypatch.setattr(collect.Collector, "place", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run_collect(classroom, path)
    assert tree(classroom.folder) == before


@pytest.mark.parametrize("student", ["O'Brien, Jr.", "=cmd()", "🍎 apple", 'a "b"', "Zoë"])
def test_odd_names_are_folders_like_any_other(classroom, tmp_path, softmax, student):
    (tmp_path / "in" / student).mkdir(parents=True)
    (tmp_path / "in" / student / "04_softmax (1).ipynb").write_bytes(softmax())
    lines = run_collect(classroom, tmp_path / "in")

    assert [(line.outcome, line.student) for line in lines] == [("new", student)]
    assert handed_in(classroom, student) == softmax()


@pytest.mark.parametrize("student", [".hidden", "a+b", "new\nline", " lead"])
def test_a_name_that_cannot_be_a_folder_of_the_class_is_refused(
    classroom, tmp_path, softmax, student
):
    (tmp_path / "in" / student).mkdir(parents=True)
    (tmp_path / "in" / student / "04_softmax.ipynb").write_bytes(softmax())
    lines = run_collect(classroom, tmp_path / "in")

    assert [line.outcome for line in lines] == ["unknown learner"]


def test_the_command_says_what_became_of_each_file_and_its_exit_code_says_look(
    classroom, pack, softmax, monkeypatch, capsys
):
    def run(path):
        monkeypatch.setenv("COLUMNS", "200")
        monkeypatch.setattr(
            "sys.argv", ["autograder", "collect", str(path), "--class", str(classroom.folder)]
        )
        with pytest.raises(SystemExit) as stop:
            cli.main()
        return stop.value.code

    good = pack({"jane_42_1001_04_softmax (1).ipynb": softmax()}, "1.zip")
    assert run(good) == 0
    doubtful = pack({"jane_42_1001_hand-in.pdf": b"%PDF"}, "2.zip")
    assert run(doubtful) == 1
    assert run(classroom.folder / "no.zip") == 2


def test_two_learners_with_one_platform_id_are_never_guessed(with_roster, pack, softmax):
    with edit_gradebook(with_roster) as gradebook:
        gradebook.find_student("victor").lms_user_id = "42"
    lines = run_collect(with_roster, pack({"jane_42_1001_04_softmax.ipynb": softmax()}))

    assert [line.outcome for line in lines] == ["doubtful learner"]


class Toy(Platform):
    """All that a new platform needs to be collected from: `<id>--<file>`."""

    kind, title = "toy", "Toy"

    def read_outer(self, name: str) -> Outer | None:
        user, mark, file = name.partition("--")
        return Outer(user=user, file=file, prefix=f"{user}--") if mark else None

    def learners(self, outer: Outer, known: Known) -> set[str]:
        return {outer.user}


def test_a_platform_is_a_class_and_a_line_of_the_registry(classroom, pack, softmax, monkeypatch):
    monkeypatch.setattr(registry, "PLATFORMS", {"toy": Toy(), **registry.PLATFORMS})
    path = pack({"ada--04_softmax.ipynb": softmax(), "ben--notes.txt": b"hello"})
    for kind, outcome in ((None, "new"), ("toy", "unchanged")):
        lines = run_collect(classroom, path, kind=kind)
        assert [line.outcome for line in lines] == ["refused", outcome]
    record = read_received(classroom)[SOFTMAX]["ada"]

    assert handed_in(classroom, "ada") == softmax()
    assert record.lms == "toy"
    assert Toy().feedback_name(record, "04_softmax.html") == "ada--04_softmax.html"
    assert Toy().fill(classroom, path, {SOFTMAX: ""}) is None
    other = run_collect(classroom, pack({"ada.ipynb": softmax("b")}, "other.zip"), kind="toy")
    assert other[0].notes == ["its name is not as Toy writes one"]


def test_a_platforms_name_stands_in_its_own_module_and_in_the_registry(root):
    for kind in ("canvas", "moodle"):
        modules = (root / "autograder" / "lms").glob("*.py")
        named = {path.stem for path in modules if kind in path.read_text("utf-8").lower()}
        assert named == {kind, "registry"}


def test_a_kind_that_is_none_is_answered_with_those_that_there_are(classroom, pack, softmax):
    with pytest.raises(UsageError, match=r"^--as is one of canvas, moodle, folder, not canvs$"):
        run_collect(classroom, pack({"ada.ipynb": softmax()}), kind="canvs")
