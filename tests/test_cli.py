"""The command line: wrong use is one line and exit 2, a fault of ours is found in the log.

Every verb is found in the application itself, so that a new one is tested by itself. They run
where no course is at hand, as an installed package does, beside a class with one chapter.
"""

import builtins
import errno
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import (
    every_group,
    every_verb,
    in_lines,
    in_one_line,
    is_calm,
    is_option,
    run,
    takes,
    tree,
)
from small_class import reference, submit

from autograder import paths
from autograder.classroom import log as class_log
from autograder.classroom.folder import Classroom

VERBS = dict(every_verb())
GROUPS = dict(every_group())
NAMES = [" ".join(words) for words in VERBS]
by_verb = pytest.mark.parametrize("words", VERBS, ids=NAMES)


@pytest.fixture
def here(released, no_course, tmp_path, monkeypatch):
    """A working folder with a class in it and no course above it."""
    shutil.copytree(released.folder, tmp_path / "class")
    (tmp_path / "class" / ".autograder" / "this-class-is-a-demo").unlink()
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").touch()
    (tmp_path / "binary").write_bytes(bytes(range(256)))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(paths, "__file__", no_course)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    found = paths.project_root
    found.cache_clear()
    yield tmp_path
    found.cache_clear()


def filled(words, **chosen):
    """A verb with something for each argument that it asks for, and these parameters."""
    line = list(words)
    for parameter in VERBS[words].params:
        value = chosen.get(parameter.name, "nothing-here" if parameter.required else None)
        if value is not None:
            line += [parameter.opts[0], value] if is_option(parameter) else [value]
    return line


@by_verb
def test_a_verb_without_arguments_says_what_is_missing_or_does_its_work(here, words):
    said = run(*words)

    if any(parameter.required for parameter in VERBS[words].params):
        assert in_one_line(said)
        assert (
            "Missing argument" in said.err and f"`autograder {' '.join(words)} --help`" in said.err
        )
    assert is_calm(said)
    assert said.code != 2 or in_one_line(said)


@pytest.mark.parametrize("words", GROUPS, ids=lambda words: " ".join(words) or "autograder")
def test_a_group_without_a_verb_shows_its_help_and_an_unknown_verb_is_named(here, words):
    alone = run(*words)
    assert alone.code == 2 and "Usage" in alone.out and is_calm(alone)
    unknown = run(*words, "frobnicate")
    assert in_one_line(unknown) and "frobnicate" in unknown.err


@by_verb
def test_an_unknown_option_is_named(here, words):
    for line in ([*words, "--nosuch"], [*filled(words), "--nosuch=3"], [*words, "-Z"]):
        said = run(*line)
        assert in_one_line(said)
        assert re.search("--nosuch|-Z", said.err)


@by_verb
def test_an_argument_too_many_and_an_option_without_its_value_are_named(here, words):
    command = VERBS[words]
    if not any(parameter.nargs == -1 for parameter in command.params):
        assert in_one_line(run(*words, *["more"] * 9))
    for parameter in command.params:
        if is_option(parameter) and not parameter.is_flag:
            said = run(*filled(words), parameter.opts[0])
            assert in_one_line(said) and parameter.opts[0] in said.err


def trials(here, words, *kinds, values):
    """Each value for each parameter of these types: what was said that should not be."""
    problems = {}
    for parameter in VERBS[words].params:
        for value in values if any(takes(parameter, kind) for kind in kinds) else ():
            before = tree(here / "class")
            said = run(*filled(words, **{parameter.name: value}))
            well = is_calm(said) and (said.code in (0, 1, 3) or in_one_line(said))
            if not well or (said.code and not said.err and not said.out):
                problems[parameter.name, value[:20]] = said
            if said.code == 2 and tree(here / "class") != before:
                problems[parameter.name, value[:20], "changed"] = said
    return problems


NO_NUMBERS = ["x", "", "1.5", "0", "-1", "1e3", "9" * 5000]
ODD_PATHS = {
    "missing": "nothing-here",
    "a folder": "folder",
    "an empty file": "empty",
    "a binary file": "binary",
    "below a file": "empty/inside",
    "nothing": "",
    "no UTF-8": "\udcff",
    "too long": "x" * 300,
    "markup": "[/b][red]",
    "control characters": "a\x1b[31m\rb",
}
ODD_NAMES = ["", "nosuch", "[/b]", "\udcff", "../..", "x" * 300]


@by_verb
def test_what_is_no_number_is_named(here, words):
    for parameter in VERBS[words].params:
        for value in NO_NUMBERS if takes(parameter, int) or takes(parameter, float) else ():
            said = run(*filled(words, **{parameter.name: value}))
            assert in_one_line(said) and parameter.opts[0] in said.err
            assert len(said.err) < 300


@by_verb
def test_a_path_of_the_wrong_kind_is_said_in_one_line(here, words):
    assert trials(here, words, Path, values=ODD_PATHS.values()) == {}


@by_verb
def test_a_name_that_does_not_exist_is_said_in_one_line(here, words):
    assert trials(here, words, str, values=ODD_NAMES) == {}


@by_verb
def test_a_file_that_cannot_be_read_is_named(here, words, monkeypatch):
    refuse(monkeypatch, here / "binary", errno.EACCES)
    assert trials(here, words, Path, values=["binary"]) == {}


@by_verb
def test_a_class_that_cannot_be_written_to_is_said_in_one_line(here, words, monkeypatch):
    before = tree(here / "class")
    refuse(monkeypatch, here / "class", errno.EROFS, writing=True)
    said = run(*filled(words))

    assert is_calm(said)
    assert said.code != 2 or in_one_line(said)
    assert "Logging error" not in said.err
    assert tree(here / "class") == before


def refuse(monkeypatch, place, number, *, writing=False):
    """Let the system refuse to open what lies there; only for writing, if so."""
    place = str(place)

    def is_there(path):
        text = os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else ""
        return os.path.abspath(text).startswith(place)

    def guarded(function, asks):
        def call(path, *arguments, **options):
            if is_there(path) and (not writing or asks(*arguments, **options)):
                raise OSError(number, os.strerror(number), os.fsdecode(path))
            return function(path, *arguments, **options)

        return call

    def for_writing(mode="r", *_, **__):
        return bool(set(mode) & set("wax+"))

    def flagged(flags, *_, **__):
        return bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))

    monkeypatch.setattr(builtins, "open", guarded(open, for_writing))
    monkeypatch.setattr(io, "open", guarded(io.open, for_writing))
    monkeypatch.setattr(os, "open", guarded(os.open, flagged))
    if writing:
        for name in ("mkdir", "unlink", "replace"):
            monkeypatch.setattr(os, name, guarded(getattr(os, name), lambda *_, **__: True))


BROKEN_SETTINGS = {
    "no toml": "seed = = 3",
    "empty": "",
    "a true seed": "seed = true",
    "a seed of letters": 'seed = "a"',
    "binary": b"\x00\xff\xfe\x80",
    "UTF-16": "seed = 1".encode("utf-16"),
    "nested": "seed = " + "[" * 9999,
    "seconds": 'seed = 1\n[limits]\nseconds = "x"',
    "seconds that are none": "seed = 1\n[limits]\nseconds = nan",
    "true seconds": "seed = 1\n[limits]\nseconds = true",
    "endless": "seed = 1\n[limits]\ntotal_seconds = inf",
    "half a process": "seed = 1\n[limits]\nprocesses = 1.5",
    "an unknown limit": "seed = 1\n[limits]\nspeed = 3",
    "limits": "seed = 1\nlimits = 3",
    "timezone": "seed = 1\ntimezone = 3",
    "no timezone": 'seed = 1\ntimezone = "Berlin"',
    "a folder of timezones": 'seed = 1\ntimezone = "Europe"',
    "late": "seed = 1\nlate = 5",
    "late by the week": "seed = 1\n[late]\nper_week = 5",
    "late in words": 'seed = 1\n[late]\nper_day = "a tenth"',
    "db": "seed = 1\ndb = 7",
    "exchange": "seed = 1\nexchange = []",
    "an unknown key": "seed = 1\nlimit = 3",
    "an unknown table": "seed = 1\n['[/b]']\n",
}


def settings_are(classroom, content):
    """Write a class's settings."""
    content = content if isinstance(content, bytes) else content.encode()
    (classroom / "autograder.toml").write_bytes(content)


@pytest.mark.parametrize("kind", BROKEN_SETTINGS)
def test_wrong_settings_are_said_by_every_verb_of_a_class(here, kind):
    settings_are(here / "class", BROKEN_SETTINGS[kind])
    before = tree(here)
    naming = 0
    for words, command in VERBS.items():
        if any("--class" in parameter.opts for parameter in command.params):
            said = run(*filled(words, folder="class"))
            assert is_calm(said) and (said.code == 0 or in_one_line(said)), words
            assert said.code == 0 or tree(here) == before
            naming += "class/autograder.toml: " in said.err
            before = tree(here)
    assert naming, "at least the verb that needs it says so"


@by_verb
def test_a_folder_that_is_no_class_is_refused_and_left_alone(here, words):
    if not any("--class" in parameter.opts for parameter in VERBS[words].params):
        return
    before = tree(here)
    for place in ("nothing-here", "empty", "binary/x"):
        said = run(*filled(words, folder=place))
        assert in_one_line(said)
    if words != ("demo",):
        assert tree(here) == before


@pytest.mark.parametrize(
    "db",
    [
        "x",
        "",
        "mysql://u@h/n",
        "nosuch://x",
        "sqlite:///folder",
        "sqlite:///nothing/here.db",
        "sqlite:///binary",
        "postgresql://h:port/n",
        "postgresql://u:secret@127.0.0.1:1/n",
    ],
)
def test_a_gradebook_that_cannot_be_used_is_said_in_one_line(here, db):
    (here / "binary").write_bytes(b"no database" * 99)
    for words in (("due",), ("export", "csv")):
        said = run(*words, "--db", db)
        assert is_calm(said)
        assert "secret" not in said.err
        assert said.code == 0 or (said.code in (2, 3) and len(said.errors) == 1)


@pytest.mark.parametrize("words", [*GROUPS, *VERBS], ids=lambda words: " ".join(words) or "-")
def test_help_teaches(here, words):
    said = run(*words, "--help")
    command = GROUPS.get(words) or VERBS[words]

    assert said.code == 0 and not said.err
    assert is_sentence(command.help)
    for parameter in command.params:
        assert is_sentence(parameter.help), parameter.name
        shown = parameter.opts[0] if is_option(parameter) else parameter.name
        assert shown.casefold() in said.out.casefold()


def is_sentence(text):
    """Words that begin as a sentence does, and end."""
    first = (text or "").strip().split("\n\n")[0]
    return len(first.split()) >= 3 and first.endswith((".", "`.", "!")) and not first[0].islower()


def test_the_version_is_said(here):
    said = run("--version")
    assert said.code == 0 and re.fullmatch(r"autograder \d+\.\d+\.\d+\S*\n", said.out)
    assert not said.err


def broken(monkeypatch, error):
    """`status` meets an error that nobody foresaw."""
    from autograder.classroom import status

    def read_status(*_):
        raise error

    monkeypatch.setattr(status, "read_status", read_status)


def test_an_error_of_ours_is_one_line_and_its_story_is_in_the_classs_log(here, monkeypatch):
    broken(monkeypatch, ZeroDivisionError("a bug\nin two lines"))
    said = run("status", "--class", "class")
    log = here / "class" / ".autograder" / "log.txt"

    assert said.code == 3 and len(said.errors) == 1
    assert "our own code failed: ZeroDivisionError: a bug. " in said.err
    assert str(log) in said.err and "Traceback" not in said.err
    assert "Traceback" in log.read_text() and "in read_status" in log.read_text()


def test_with_v_the_story_is_on_the_screen_too(here, monkeypatch):
    broken(monkeypatch, ZeroDivisionError("a bug"))
    said = run("-v", "status", "--class", "class")

    assert said.code == 3 and said.err.count("Traceback") == 1
    assert "Traceback" in (here / "class" / ".autograder" / "log.txt").read_text()


@by_verb
def test_an_error_of_ours_in_any_verb_names_a_log_that_holds_it(here, words, monkeypatch):
    def fail(*_, **__):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(Classroom, "chapters", fail)
    monkeypatch.setattr(Classroom, "db_url", property(fail))
    monkeypatch.setattr(Classroom, "chosen_chapters", fail)
    monkeypatch.setattr(paths, "project_root", fail)
    said = run(*filled(words))
    if "our own code failed" in said.err:
        log = Path(re.search(r"The whole story is in (\S+)\.$", said.err.strip())[1])
        assert said.code == 3 and len(said.errors) == 1
        assert "ZeroDivisionError: a bug" in log.read_text()


def test_without_a_class_the_log_is_in_the_users_own_folder(here, monkeypatch):
    def fail():
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("autograder.engine.host.doctor.doctor", fail)
    said = run("doctor")
    log = here / "state" / "autograder" / "log" / "log.txt"

    assert said.code == 3 and len(said.errors) == 1 and str(log) in said.err
    assert "in fail" in log.read_text()


def test_where_no_log_can_be_written_v_is_named(here, monkeypatch):
    broken(monkeypatch, ZeroDivisionError("a bug"))
    refuse(monkeypatch, here, errno.EROFS, writing=True)
    said = run("status", "--class", "class")

    assert said.code == 3 and len(said.errors) == 1
    assert said.err.strip().endswith("Run it with -v for the whole story.")


def test_the_log_rotates(here, monkeypatch):
    broken(monkeypatch, ZeroDivisionError("a bug"))
    monkeypatch.setattr(class_log, "MOST_BYTES", 20_000)
    for _ in range(12):
        run("status", "--class", "class")
    logs = sorted((here / "class" / ".autograder").glob("log.txt*"))

    assert [path.name for path in logs] == ["log.txt", "log.txt.1"]
    assert all(path.stat().st_size < 40_000 for path in logs)


def test_a_stop_is_one_line_and_130(here, monkeypatch):
    broken(monkeypatch, KeyboardInterrupt())
    said = run("status")

    assert said.code == 130 and len(said.errors) == 1 and said.err.startswith("Stopped.")


def test_a_disk_that_is_full_is_one_line(here, monkeypatch):
    broken(monkeypatch, OSError(errno.ENOSPC, "No space left on device"))
    said = run("status")

    assert said.code == 3 and len(said.errors) == 1 and "no room to write" in said.err


def test_a_fault_in_one_submission_names_the_log_in_grade_and_status(here, monkeypatch):
    from autograder.classroom import grader

    classroom = Classroom.open(here / "class")
    submit(
        classroom, "ada", reference(classroom).replace(b'"cells"', b'"tulip": "a secret", "cells"')
    )

    def fail(*_):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(grader, "made_from", fail)
    graded, status = run("grade", "--no-sandbox"), run("status")
    log = here / "class" / ".autograder" / "log.txt"

    assert graded.code == 3 and status.code == 0
    for said in (graded, status):
        line = next(line for line in said.out.splitlines() if "our own code failed" in line)
        assert "ada" in line and str(log) in line and "Traceback" not in said.out + said.err
    assert "in fail" in log.read_text() and "ada, 04_softmax" in log.read_text()
    assert "tulip" not in log.read_text()


def test_a_fault_in_a_check_names_a_log(here, monkeypatch):
    from autograder.grading import grade

    classroom = Classroom.open(here / "class")
    path = submit(classroom, "ada", reference(classroom))

    def fail(*_):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(grade, "merge", fail)
    own = here / "state" / "autograder" / "log" / "log.txt"
    for option, log in (([], own), (["--class", "class"], here / "class/.autograder/log.txt")):
        said = run("check", path, "--no-sandbox", *option)
        assert said.code == 3 and "Traceback" not in said.out + said.err
        assert str(log) in said.out
        assert "in fail" in log.read_text()


def command(*arguments, **options):
    """The program itself, in a process of its own."""
    line = [sys.executable, "-m", "autograder", *map(str, arguments)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(line, **(pipes | options))


def test_the_program_itself_says_wrong_use_in_one_line():
    with command("frobnicate") as process:
        out, err = process.communicate(timeout=120)

    assert process.returncode == 2 and not out
    assert err == "error: No such command 'frobnicate'. `autograder --help` says more.\n"


@pytest.mark.parametrize("line", [("status",), ("export", "csv")], ids=" ".join)
def test_a_reader_that_has_seen_enough_is_no_error(released, line):
    with command(*line, "--class", released.folder) as process:
        process.stdout.close()
        err = process.stderr.read()

    assert process.returncode in (0, 1)
    assert not any(word in err for word in ("Traceback", "BrokenPipe", "Exception", "error"))


def test_a_screen_that_knows_no_unicode_gets_question_marks(released):
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    with command("due", "→", "--class", released.folder, env=environment) as process:
        out, err = process.communicate(timeout=120)

    assert process.returncode == 0 and "Traceback" not in out + err


def test_a_table_with_many_wrong_lines_names_each(here):
    (here / "roster.csv").write_text("id\na/b\nok\n../x\n")
    said = run("roster", "import", "roster.csv")

    assert in_lines(said) and said.code == 2
    assert [line.split(":")[0] for line in said.errors[1:]] == ["line 2", "line 4"]


def test_what_nbgrader_cannot_release_is_one_line_and_its_log_is_in_ours(here, monkeypatch):
    from autograder.classroom import releasing
    from autograder.errors import MachineError

    classroom = Classroom.open(here / "class")
    [chapter] = classroom.chapters()
    classroom.notebook("source", chapter).write_text('{"cells": 3}')
    log = class_log.log_file(classroom)
    with class_log.logging_to(log), pytest.raises(MachineError) as fault:
        releasing._generate(classroom, chapter)
    assert "\n" not in str(fault.value) and "see the" not in str(fault.value)
    assert "Traceback" in log.read_text()
