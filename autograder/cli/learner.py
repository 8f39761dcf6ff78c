"""The verb of a learner."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.shared import app, err, one_class, out, plain, print_lines

SIGNS = {"right": "green", "wrong": "red", "name": "bold", "text": "default"}


@app.command()
def check(
    notebook: Annotated[Path, typer.Argument(help="Your notebook, an .ipynb file.")],
    folder: Annotated[
        Path | None,
        typer.Option("--class", help="Check as this class is graded: its releases, its limits."),
    ] = None,
    no_sandbox: Annotated[
        bool,
        typer.Option("--no-sandbox", help="Run it in plain processes, as on macOS and Windows."),
    ] = False,
) -> None:
    """Check one notebook: what is still empty, what fails, and which mistake it is.

    The visible checks always run; the hidden ones too where the teacher's notebooks are at hand.
    """
    from autograder import api
    from autograder.classroom.log import current_log, start_logging_to_own_folder
    from autograder.grading.check import HIDDEN_LATER
    from autograder.grading.words import as_terminal

    if folder is None:
        start_logging_to_own_folder()
    classroom = one_class(folder) if folder is not None else None
    with err.status("Running your notebook …"):
        seen = api.check(notebook, classroom, "none" if no_sandbox else "bubblewrap")
    result = seen.result
    for kind, line in as_terminal(result):
        out.print(f"[{SIGNS[kind]}]{plain(line)}[/]", highlight=False, soft_wrap=True)
    print_lines(f"still empty: {name}" for name in result.empty)
    print_lines(f"look at: {line}" for line in [*result.stopped, *result.flags])
    if result.reason and result.outcome not in ("graded", "needs_review"):
        print_lines([result.reason])
    score = f"{result.score:g} of {result.max_score:g} points"
    print_lines([f"{result.chapter}: {score}, receipt {result.receipt}"])
    if not seen.release.has_hidden_tests:
        out.print(HIDDEN_LATER)
    if result.isolation and not result.isolation.startswith("bubblewrap"):
        err.print(
            "The notebook ran in plain processes, with your rights and not sealed off: right for "
            "your own work, and for nobody else's."
        )
    if result.is_fault:
        if log := current_log():
            print_lines([f"the whole story is in {log}"])
        raise typer.Exit(3)
    raise typer.Exit(0 if result.score == result.max_score else 1)
