"""Whatever a file holds, a command says what is wrong with it, and changes nothing."""

import io
import json
import shutil
import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from command_line import in_lines, in_one_line, is_calm, run, tree
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_class import CHAPTER

from autograder.classroom.folder import Classroom, use_own_programs
from autograder.classroom.releases import take_over
from autograder.classroom.releasing import nbgrader_api
from autograder.classroom.roster import Learner, import_roster
from autograder.course.notebooks import notebook_bytes
from autograder.course.source import read_text

SOURCE = """\
# %% nbgrader={"grade_id": "softmax", "solution": true}
# exercise: softmax
### BEGIN SOLUTION
softmax = sum
### END SOLUTION
# %% nbgrader={"grade_id": "softmax_any_axis", "points": 4}
assert softmax([1, 2]) == 3
"""


def examples(quick, many):
    """The same test twice: a few examples, and many for a run of its own."""
    checks = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]
    common = {"deadline": None, "suppress_health_check": checks, "derandomize": True}
    return settings(max_examples=quick, **common), settings(max_examples=many, **common)


@pytest.fixture(scope="module")
def a_class(tmp_path_factory):
    """A class with one chapter and two people, which no test changes."""
    classroom = Classroom.create(tmp_path_factory.mktemp("odd") / "class")
    source = classroom.notebook("source", CHAPTER)
    source.parent.mkdir(parents=True)
    source.write_bytes(notebook_bytes(read_text(SOURCE)))
    use_own_programs()
    assert nbgrader_api(classroom).generate_assignment(CHAPTER, create=True)["success"]
    people = [
        Learner("jane", "Jane", None, None, "42"),
        Learner("victor", "Victor", None, None, "7"),
    ]
    import_roster(classroom, people)
    take_over(classroom)
    return classroom


@contextmanager
def beside(a_class, content, name):
    """A file with that content, and a fresh copy of the class to try it on."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(a_class.folder, Path(folder) / "class")
        (Path(folder) / name).write_bytes(content)
        yield Path(folder) / name, Path(folder) / "class"


def tried(a_class, content, name, *line):
    """Run a verb on a file; `FILE` in the line stands for it."""
    with beside(a_class, content, name) as (path, folder):
        before = tree(folder)
        words = [path if word == "FILE" else word for word in line]
        said = run(*words, "--class", folder)
        assert is_calm(said), said
        assert said.code != 2 or in_lines(said), said
        assert said.code != 2 or tree(folder) == before
        return said


HEADERS = [
    "id,last_name,email",
    "Student,ID,SIS Login ID,Section,04_softmax (1)",
    "Identifier,Full name,Status,Grade,Maximum grade,Last modified (submission),Feedback comments",
    "Identifier,Grade",
]
ODD = st.text(st.sampled_from('a1 ,;\t"\n\r\0=+42\x85\u2028\ufeffé🍎/[]'), max_size=12)
ROWS = st.lists(st.lists(ODD, max_size=9).map(",".join), max_size=5).map("\n".join)
TABLES = st.one_of(
    st.binary(max_size=60),
    st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.text('"', max_size=9).map(str.encode),
    ROWS.map(str.encode),
    st.builds(
        lambda header, rows, form: f"{header}\n{rows}".encode(form),
        st.sampled_from(HEADERS),
        ROWS,
        st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"]),
    ),
)
READ_A_TABLE = [
    ("roster", "import", "FILE"),
    ("export", "canvas", "FILE"),
    ("export", "moodle", "FILE", CHAPTER),
    ("collect", "nobody", "--as", "moodle", "--worksheet", "FILE"),
]
FEW, MANY = examples(30, 500)


def try_a_table(a_class, content, line):
    if line[0] == "collect":
        (a_class.folder.parent / "nobody").mkdir(exist_ok=True)
        line = [a_class.folder.parent / "nobody" if word == "nobody" else word for word in line]
    tried(a_class, content, "odd.csv", *line)


@FEW
@given(content=TABLES, line=st.sampled_from(READ_A_TABLE))
def test_an_odd_table_is_said_or_taken(a_class, content, line):
    try_a_table(a_class, content, line)


@pytest.mark.heavy
@MANY
@given(content=TABLES, line=st.sampled_from(READ_A_TABLE))
def test_many_odd_tables_are_said_or_taken(a_class, content, line):
    try_a_table(a_class, content, line)


@pytest.mark.parametrize("line", READ_A_TABLE, ids=" ".join)
def test_tables_that_are_known_to_be_odd(a_class, line):
    for content in (
        b"",
        b"\0" * 99,
        b"id\n" + b"x" * 300_000,
        b"x" * 300_000,
        b'"' * 1001,
        b"Identifier\n",
        "Identifier,Grade\nParticipant 7\n".encode("utf-16"),
        b"id\n" + "🍎".encode() * 120,
        b"\xff\xfea",
    ):
        try_a_table(a_class, content, line)


def test_a_row_that_is_cut_short_gets_no_mark_and_is_said(a_class, monkeypatch):
    from autograder.lms import canvas as on_canvas
    from autograder.lms import moodle as on_moodle
    from autograder.lms.marks import Mark

    marks = ({"jane": Mark(3.0, 4.0), "victor": Mark(2.0, 4.0)}, 4.0)
    for platform in (on_canvas, on_moodle):
        monkeypatch.setattr(platform, "read_marks", lambda *_: marks)
    canvas = (
        b"Student,ID,SIS Login ID,Section,04_softmax (1)\nJane,42,jane,a\nVictor,7,victor,a,1\n"
    )
    moodle = b"Identifier,Username,Grade\nParticipant 1,jane\nParticipant 2,victor,\n"
    for content, kind, rest in ((canvas, "canvas", []), (moodle, "moodle", [CHAPTER])):
        said = tried(a_class, content, "marks.csv", "export", kind, "FILE", *rest)
        assert said.code == 1 and "1 marks in" in said.out
        assert "jane: the row has too few cells" in said.err


NAMES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.builds("{}_{}_{}_{}".format, ODD, st.integers(), st.integers(), ODD),
    st.sampled_from(
        [
            "x_42_1_04_softmax.ipynb",
            "a_LATE_7_2_04_softmax (1).ipynb",
            "Jane_1_assignsubmission_file_/04_softmax.ipynb",
            "jane/04_softmax.ipynb",
            "jane.ipynb",
            "../../x.ipynb",
            "a/",
            "jane/04_softmax.ipynb/04_softmax.ipynb",
            "x" * 400 + "/a.ipynb",
        ]
    ),
)
WHOLE = notebook_bytes(read_text(SOURCE))
CONTENTS = st.one_of(
    st.binary(max_size=20), st.sampled_from([WHOLE, WHOLE[:100], b"PK\x05\x06", b"{}"])
)
WAYS = st.sampled_from(
    [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)


def packed(entries, harm):
    """A zip of these entries; with the bytes at some places changed, or cut there."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for name, content, way in entries:
            file.writestr(zipfile.ZipInfo(name), content, way)
    content = bytearray(archive.getvalue())
    for place, value in harm:
        if content and value is None:
            del content[place % len(content) :]
        elif content:
            content[place % len(content)] = value
    return bytes(content)


BYTE = st.one_of(st.none(), st.integers(0, 255))
ZIPS = st.one_of(
    st.binary(max_size=40),
    st.binary(max_size=40).map(lambda content: b"PK\x03\x04" + content),
    st.builds(packed, st.lists(st.tuples(NAMES, CONTENTS, WAYS), max_size=4), st.just([])),
    st.builds(
        packed,
        st.lists(st.tuples(NAMES, CONTENTS, WAYS), min_size=1, max_size=2),
        st.lists(st.tuples(st.integers(0, 1000), BYTE), max_size=4),
    ),
)
AS = st.sampled_from([[], ["--as", "canvas"], ["--as", "moodle"], ["--as", "folder"]])
FEW_ZIPS, MANY_ZIPS = examples(25, 500)
quiet = pytest.mark.filterwarnings("ignore:Duplicate name")


@quiet
@FEW_ZIPS
@given(content=ZIPS, kind=AS)
def test_an_odd_zip_has_an_outcome_for_every_entry_or_is_refused(a_class, content, kind):
    tried(a_class, content, "odd.zip", "collect", "FILE", *kind)


@quiet
@pytest.mark.heavy
@MANY_ZIPS
@given(content=ZIPS, kind=AS)
def test_many_odd_zips_have_an_outcome_for_every_entry_or_are_refused(a_class, content, kind):
    tried(a_class, content, "odd.zip", "collect", "FILE", *kind)


def flagged(content, flag):
    """A zip whose entries all carry a flag."""
    changed = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = changed.find(mark)
        while place >= 0:
            changed[place + offset] |= flag & 255
            changed[place + offset + 1] |= flag >> 8
            place = changed.find(mark, place + 4)
    return bytes(changed)


@quiet
def test_zips_that_are_known_to_be_odd(a_class):
    one = packed([("x_42_1_04_softmax.ipynb", WHOLE, zipfile.ZIP_DEFLATED)], [])
    bad_name = packed([("x_42_1_\xff\xff\xff.ipynb", WHOLE, zipfile.ZIP_STORED)], [])
    folders = packed([(f"{n}/", b"", zipfile.ZIP_STORED) for n in range(3)], [])
    twice = packed([("jane.ipynb", WHOLE, zipfile.ZIP_STORED)] * 2, [])
    nested = packed([("x_42_1_more.zip", one, zipfile.ZIP_STORED)], [])
    unreadable = bad_name.replace("ÿÿÿ".encode(), b"\xff\xff\xff\xff\xff\xff")
    assert tried(a_class, one, "a.zip", "collect", "FILE").code == 0
    assert "encrypted" in tried(a_class, flagged(one, 1), "a.zip", "collect", "FILE").out
    for content in (flagged(one, 0x40), flagged(one, 0x20), folders, twice, nested, bad_name):
        tried(a_class, content, "a.zip", "collect", "FILE")
    for content in (one[:-9], one[: len(one) // 2], unreadable, b"PK\x05\x06" + b"\xff" * 18):
        assert in_one_line(tried(a_class, content, "a.zip", "collect", "FILE"))


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inside: st.one_of(
        st.lists(inside, max_size=3), st.dictionaries(st.text(max_size=5), inside, max_size=3)
    ),
    max_leaves=6,
)
SOURCES = st.one_of(JSON, st.just("# exercise: softmax\nsoftmax = sum"), st.text(max_size=20))
MARKS = st.one_of(
    JSON,
    st.fixed_dictionaries(
        {
            "nbgrader": st.one_of(
                JSON,
                st.fixed_dictionaries(
                    {
                        "grade_id": JSON | st.just("softmax"),
                        "solution": JSON,
                        "grade": JSON,
                        "points": JSON,
                    }
                ),
            )
        }
    ),
)
CELLS = st.one_of(
    JSON,
    st.fixed_dictionaries(
        {"cell_type": st.sampled_from(["code", "markdown", "raw", 3, None]), "source": SOURCES},
        optional={"id": JSON, "metadata": MARKS, "outputs": JSON, "input": SOURCES},
    ),
)
SHEETS = st.one_of(
    JSON, st.lists(st.fixed_dictionaries({"cells": JSON | st.lists(CELLS)}), max_size=2)
)
NOTEBOOKS = st.one_of(
    st.binary(max_size=60),
    JSON.map(json.dumps).map(str.encode),
    st.builds(
        lambda notebook, form: json.dumps(notebook).encode(form),
        st.fixed_dictionaries(
            {"nbformat": st.sampled_from([4, 3, 5, 2, 4.0, "4", None, True, 10**30])},
            optional={
                "nbformat_minor": JSON,
                "cells": JSON | st.lists(CELLS, max_size=3),
                "worksheets": SHEETS,
                "metadata": JSON,
            },
        ),
        st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le"]),
    ),
)
FEW_NOTEBOOKS, MANY_NOTEBOOKS = examples(60, 1000)


@pytest.fixture
def nothing_runs(monkeypatch, no_course):
    """Reading is tested; what would run is a fault of a machine that cannot."""
    from autograder import paths
    from autograder.engine.host import processes
    from autograder.errors import EngineFault

    def run(*_, **__):
        raise EngineFault("nothing runs here")

    monkeypatch.setattr(processes.ProcessEngine, "run", run)
    monkeypatch.setattr(paths, "__file__", no_course)
    monkeypatch.chdir(Path(no_course).parents[1])
    monkeypatch.setenv("XDG_STATE_HOME", str(Path(no_course).parents[1]))
    paths.project_root.cache_clear()
    yield
    paths.project_root.cache_clear()


def check(a_class, content, alone):
    """Check it by a class's releases, or by its own tests."""
    with beside(a_class, content, "odd.ipynb") as (path, folder):
        said = run("check", path, "--no-sandbox", *([] if alone else ["--class", folder]))
        assert is_calm(said), said
        assert said.code != 2 or in_one_line(said), said
        return said


@FEW_NOTEBOOKS
@given(content=NOTEBOOKS, alone=st.booleans())
def test_an_odd_notebook_is_said_in_one_line(a_class, nothing_runs, content, alone):
    check(a_class, content, alone)


@pytest.mark.heavy
@MANY_NOTEBOOKS
@given(content=NOTEBOOKS, alone=st.booleans())
def test_many_odd_notebooks_are_said_in_one_line(a_class, nothing_runs, content, alone):
    check(a_class, content, alone)


@pytest.mark.parametrize("alone", [True, False])
def test_notebooks_that_are_known_to_be_odd(a_class, nothing_runs, alone):
    cell = {"cell_type": "code", "source": "# exercise: softmax\nsoftmax = sum", "outputs": 5}
    for notebook in (
        {"nbformat": 3, "worksheets": [{"cells": 5}]},
        {"nbformat": 3, "worksheets": [{"cells": [cell]}]},
        {"nbformat": 4, "cells": [cell], "metadata": 7},
        {"nbformat": 4, "cells": [cell | {"id": "\ud800", "metadata": {"nbgrader": 3}}]},
        {"nbformat": 4, "cells": [cell | {"source": ["\ud800", 3]}], "nbformat_minor": "x"},
        {"nbformat": 4, "cells": 4},
        {"nbformat": 5, "cells": [cell]},
    ):
        check(a_class, json.dumps(notebook).encode(), alone)


LITERALS = [
    *(
        "3",
        "-1",
        "1.5",
        "nan",
        "inf",
        "true",
        '"x"',
        '""',
        '"\\u0000"',
        '"[/b]"',
        "[]",
        "{}",
        "9e999",
    ),
    *(
        "2026-01-01",
        "{seconds = 1}",
        "{seconds = 'x'}",
        "{per_day = 0.1}",
        "[[1]]",
        "0x7fffffffffffffffff",
    ),
]
KEYS = ["seed", "db", "exchange", "limits", "timezone", "late", "'[/b]'", "limits.memory"]
SETTINGS = st.one_of(
    st.binary(max_size=40),
    st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(LITERALS)), max_size=3).map(
        lambda lines: "\n".join(f"{k} = {v}" for k, v in [*lines, ("seed", "1")]).encode()
    ),
)
READ_SETTINGS = [("status",), ("due",), ("grade",), ("export", "csv")]
FEW_SETTINGS, MANY_SETTINGS = examples(30, 300)


def try_settings(a_class, content, words):
    with beside(a_class, b"", "unused") as (_, folder):
        (folder / "autograder.toml").write_bytes(content)
        before = tree(folder)
        said = run(*words, "--class", folder)
        assert is_calm(said), said
        assert said.code != 2 or (in_one_line(said) and tree(folder) == before), said


@FEW_SETTINGS
@given(content=SETTINGS, words=st.sampled_from(READ_SETTINGS))
def test_odd_settings_are_said_in_one_line(a_class, content, words):
    try_settings(a_class, content, words)


@pytest.mark.heavy
@MANY_SETTINGS
@given(content=SETTINGS, words=st.sampled_from(READ_SETTINGS))
def test_many_odd_settings_are_said_in_one_line(a_class, content, words):
    try_settings(a_class, content, words)
