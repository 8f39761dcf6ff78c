"""The command line: one verb per stage of the course's life.

Exit codes: 0 all is well, 1 something needs a person's look, 2 wrong use, 3 this machine or our
own code cannot do it. Every error is one line; a traceback of ours goes into a log.
"""

import io
import logging
import os
import sys
from typing import Annotated

import typer

from autograder.cli import course, grading, learner, term  # noqa: F401  they bring the verbs
from autograder.cli.shared import app, complain, err, out
from autograder.disk import FULL, DiskFull
from autograder.errors import AutograderError
from autograder.extras import what_to_install

STOPPED = 130  # the exit code of a command that a Ctrl-C ended
WRONG_USE = 2
OUR_FAULT = 3

# typer brings a click of its own: its errors are the one above its own BadParameter
_CommandError = next(k for k in typer.BadParameter.__mro__ if k.__name__ == "ClickException")

log = logging.getLogger("autograder.cli")
_NOWHERE = logging.NullHandler()  # else Python prints to the screen what no file takes


def _say_version(asked: bool) -> None:
    if asked:
        from autograder.grading.grade import version

        out.print(f"autograder {version()}", highlight=False)
        raise typer.Exit


@app.callback()
def before_any_verb(
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show what is logged, with tracebacks.")
    ] = False,
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_say_version, help="Say the version."),
    ] = False,
) -> None:
    """What holds for every verb."""
    logging.getLogger("autograder").setLevel(logging.DEBUG if verbose else logging.INFO)
    if verbose:
        logging.getLogger("autograder").addHandler(logging.StreamHandler())


def main() -> None:
    """Run a command; whatever goes wrong is said in one line, with its exit code."""
    logging.getLogger("autograder").addHandler(_NOWHERE)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a name that the screen cannot show stops nothing
            stream.reconfigure(errors="replace")
    try:
        code = app(prog_name="autograder", standalone_mode=False) or 0
        if code == STOPPED:  # typer turns a Ctrl-C into this
            raise KeyboardInterrupt
        sys.stdout.flush()
        sys.exit(code)
    except AutograderError as error:
        log.log(_level(error), "autograder %s", " ".join(sys.argv[1:]), exc_info=error)
        complain(str(error))
        sys.exit(error.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        err.print("Stopped. What was graded is kept; run the command again to go on.")
        sys.exit(STOPPED)
    except Exception as error:
        sys.exit(_say(error))
    finally:
        from autograder.classroom.log import stop_logging

        stop_logging()


def _level(error: AutograderError) -> int:
    """What a person mends is told in full to who asks with -v; the machine's faults to the log."""
    return logging.ERROR if error.exit_code == OUR_FAULT else logging.DEBUG


def _say(error: Exception) -> int:
    """Say an error that is not ours to foresee; returns the exit code."""
    if isinstance(error, _CommandError):
        return _wrong_use(error)
    if isinstance(error, ModuleNotFoundError) and (known := what_to_install(error.name or "")):
        complain(known)
        return WRONG_USE
    if isinstance(error, BrokenPipeError):  # whoever reads our output has seen enough
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())  # or Python fails once more when it ends
        return 1
    if isinstance(error, OSError) and error.errno in FULL:
        complain(str(DiskFull("a file", error)))
        return OUR_FAULT
    if isinstance(error, OSError) and error.filename is not None:
        log.info("autograder %s", " ".join(sys.argv[1:]), exc_info=error)
        complain(" ".join(f"{os.fsdecode(error.filename)}: {error.strerror}".splitlines()))
        return WRONG_USE
    from autograder.classroom.log import current_log, start_logging_to_own_folder

    if current_log() is None:
        start_logging_to_own_folder()
    log.error("autograder %s", " ".join(sys.argv[1:]), exc_info=error)
    where = current_log()
    story = f" The whole story is in {where}." if where else " Run it with -v for the whole story."
    said = str(error).splitlines()
    complain(f"our own code failed: {type(error).__name__}: {said[0] if said else ''}.{story}")
    return OUR_FAULT


def _wrong_use(error: Exception) -> int:
    """A command line that cannot be understood."""
    said = error.format_message() if hasattr(error, "format_message") else str(error)
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        out.print(said, markup=False, highlight=False)
        return WRONG_USE
    help_of = context.command_path if context is not None else "autograder"
    complain(f"{' '.join(said.split()).rstrip('.')}. `{help_of} --help` says more.")
    return WRONG_USE
