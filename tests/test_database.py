"""A gradebook in PostgreSQL: the server is a real one, started here and gone afterwards."""

import gzip
import json
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from small_class import CHAPTER, grade, hand_in_all_kinds, rows
from test_grading import run

from autograder.classroom.database import with_driver, without_password
from autograder.classroom.folder import Classroom
from autograder.classroom.gradebook import open_gradebook, sync
from autograder.classroom.releasing import release
from autograder.errors import MachineError, UsageError


def programs() -> Path:
    """Where Debian keeps the server's programs; the newest version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    assert found or on_path, "PostgreSQL is not installed; run make postgresql"
    return found[-1].parent if found else Path(on_path).parent


@pytest.fixture(scope="session")
def server():
    """A server on a Unix socket in a folder of its own; the server refuses to run as root."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = None
    if os.getuid() == 0:
        user = "postgres" if "postgres" in names else "nobody"
        shutil.chown(folder, user)
    how = {"user": user, "check": True, "capture_output": True, "cwd": folder}
    settings = f"-k {folder} -c listen_addresses= -c fsync=off"
    control = [programs() / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log"]
    try:
        init = [programs() / "initdb", "-D", folder / "data", "-U", "teacher", "-A", "trust"]
        subprocess.run([*init, "-E", "UTF8", "--locale=C"], **how)
        subprocess.run([*control, "-o", settings, "start"], **how)
        yield folder
        subprocess.run([*control, "-m", "immediate", "stop"], **how)
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def address(server, request):
    """An empty database's address."""
    name = f"class{abs(hash(request.node.name)) % 10**9}"
    command = [programs() / "createdb", "-h", server, "-U", "teacher", name]
    subprocess.run(command, check=True, capture_output=True)
    return f"postgresql://teacher@/{name}?host={server}"


def test_release_grade_and_export_use_a_postgresql_gradebook(
    classroom, grader, address, monkeypatch, capsys
):
    hand_in_all_kinds(classroom)
    sync(classroom, list(grade(grader).values()))
    there = ["--class", classroom.folder, "--db", address]
    assert run(monkeypatch, "release", CHAPTER, *there) == 0
    assert run(monkeypatch, "grade", "--json", *there) == 1  # hal's file is broken

    elsewhere = Classroom.open(classroom.folder, address)
    assert rows(elsewhere) == rows(classroom) != []
    capsys.readouterr()
    assert run(monkeypatch, "export", "csv", *there) == 0
    exported = capsys.readouterr().out
    assert run(monkeypatch, "export", "csv", "--class", classroom.folder) == 0
    assert exported == capsys.readouterr().out
    assert f"cleo,,,,{CHAPTER},6.0,0.0,6.0,8.0" in exported


def test_nbgraders_own_gradebook_and_command_read_it(classroom, grader, address):
    from nbgrader.api import Gradebook

    settings = classroom.settings_file
    settings.write_text(f'db = "{address}"\n' + settings.read_text())
    named = Classroom.open(classroom.folder)
    release(named, [CHAPTER])
    hand_in_all_kinds(named)
    sync(named, list(grade(grader).values()))

    with Gradebook(with_driver(address), "apple_in_context") as gradebook:
        ada = gradebook.find_submission(CHAPTER, "ada")
        assert (ada.score, ada.max_score) == (8, 8)
        assert gradebook.find_submission(CHAPTER, "cleo").score == 6
    nbgrader = Path(os.sys.executable).with_name("nbgrader")
    command = [nbgrader, "export", "--to", "marks.csv"]
    done = subprocess.run(command, cwd=named.folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert f"{CHAPTER}," in (named.folder / "marks.csv").read_text()
    assert not rows(Classroom(named.folder, f"sqlite:///{named.folder}/gradebook.db"))


def test_what_changes_is_kept_and_a_manual_score_survives(classroom, grader, address):
    elsewhere = Classroom.open(classroom.folder, address)
    release(elsewhere, [CHAPTER])
    hand_in_all_kinds(elsewhere)
    results = list(grade(grader).values())
    sync(elsewhere, results)
    with open_gradebook(elsewhere) as gradebook:
        gradebook.find_grade("softmax_any_axis", CHAPTER, CHAPTER, "ada").manual_score = 1.5
        gradebook.db.commit()
    before = rows(elsewhere)
    for result in results:
        for test in result.tests:
            test.score = 0.0
    changes = sync(elsewhere, results)

    assert {(c.student, c.old, c.new) for c in changes} >= {("ada", 8, 0), ("cleo", 6, 0)}
    kept = sorted((elsewhere.state / "backups").glob("*.tables.json.gz"))[-1]
    tables = json.loads(gzip.decompress(kept.read_bytes()))
    assert len(tables["grade"]) == len(before)
    assert sum(row["auto_score"] or 0 for row in tables["grade"]) == sum(r[3] for r in before)
    assert ("ada", CHAPTER, "softmax_any_axis", 0.0, 1.5, True) in rows(elsewhere)
    assert len(list((elsewhere.state / "backups").glob("*.changes.json"))) == 2


def test_a_gradebook_that_does_not_know_the_chapter_is_named(classroom, grader, address):
    hand_in_all_kinds(classroom)
    elsewhere = Classroom.open(classroom.folder, address)
    with pytest.raises(UsageError, match=f"does not know {CHAPTER}; with the same --db"):
        sync(elsewhere, list(grade(grader).values()))


@pytest.mark.parametrize(
    ("url", "error", "words"),
    [
        ("postgresql://t:secret@/none?host=/nowhere", MachineError, "cannot be used: "),
        ("no address", UsageError, "a gradebook is at postgresql://"),
        ("oracle9://x/y", UsageError, "no such kind of database"),
    ],
)
def test_a_database_that_cannot_be_reached_is_said_in_words(url, error, words, classroom):
    with (
        pytest.raises(error, match=words) as raised,
        open_gradebook(Classroom.open(classroom.folder, url)),
    ):
        pass
    assert "secret" not in str(raised.value)


def test_tables_that_were_left_without_a_version_get_one(classroom):
    import sqlite3

    with sqlite3.connect(classroom.folder / "gradebook.db") as database:
        database.execute("DROP TABLE alembic_version")
    database.close()
    with open_gradebook(classroom) as gradebook:
        assert [assignment.name for assignment in gradebook.assignments] == [CHAPTER]
    with sqlite3.connect(classroom.folder / "gradebook.db") as database:
        assert len(database.execute("SELECT version_num FROM alembic_version").fetchall()) == 1
    database.close()


def test_addresses_name_the_driver_and_hide_the_password():
    assert with_driver("postgres://u@h/d") == "postgresql+psycopg://u@h/d"
    assert with_driver("sqlite:///x.db") == "sqlite:///x.db"
    assert without_password("postgresql+psycopg://u:secret@h/d").count("secret") == 0
