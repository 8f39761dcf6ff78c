"""Run the command line in this process, and see what a person would see."""

import hashlib
import io
import logging
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from unittest.mock import patch

import typer

from autograder import cli
from autograder.cli.shared import app

TRACEBACK = ("Traceback (most recent call last)", 'File "', "Error:", "our own code failed")
KEPT_APART = ("log.txt", "lock", "lock.holder", "collecting.lock")  # beside what a class holds


@dataclass(frozen=True)
class Said:
    """What one command came to."""

    code: int
    out: str
    err: str

    @property
    def errors(self):
        return self.err.splitlines()


def run(*arguments):
    """One command through `main()`; any other end than an exit code fails the test."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    ours = logging.getLogger("autograder")
    before, level = list(ours.handlers), ours.level
    try:
        with (
            redirect_stdout(out),
            redirect_stderr(err),
            patch("sys.argv", ["autograder", *map(str, arguments)]),
        ):
            cli.main()
        raise AssertionError("a command ends with its exit code")
    except SystemExit as stop:
        return Said(stop.code or 0, *(s.buffer.getvalue().decode() for s in (out, err)))
    finally:
        for handler in set(ours.handlers) - set(before):
            ours.removeHandler(handler)
            handler.close()
        ours.setLevel(level)


def in_one_line(said):
    """Wrong use, said as it should be."""
    well = said.code == 2 and len(said.errors) == 1 and said.err.startswith("error: ")
    return well and is_calm(said)


def in_lines(said):
    """Wrong use that is said line by line, as of a table's rows."""
    return said.code in (1, 2, 3) and said.err.startswith("error: ") and is_calm(said)


def is_calm(said):
    """An exit code of ours, and nothing that looks like a traceback."""
    return said.code in (0, 1, 2, 3) and not any(t in said.out + said.err for t in TRACEBACK)


def every_verb(group=None, words=()):
    """(words, command) of each verb, found in the application itself."""
    group = group or typer.main.get_command(app)
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from every_verb(command, (*words, name))
        else:
            yield (*words, name), command


def every_group(group=None, words=()):
    """The same of the program itself and of each group of verbs."""
    group = group or typer.main.get_command(app)
    yield words, group
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from every_group(command, (*words, name))


def takes(parameter, kind):
    """Is that the type of a parameter?"""
    return parameter.type_descriptor.annotation in (kind, kind | None, list[kind])


def is_option(parameter):
    return parameter.param_type_name == "option"


def tree(folder):
    """Every file and folder below one, with its content; the log and the lock left out."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        if path.is_file()
        else "folder"
        for path in sorted(folder.rglob("*"))
        if path.name not in KEPT_APART
    }
