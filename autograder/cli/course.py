"""Verbs for who makes the course: its notebooks, its tests, this machine."""

from typing import Annotated

import typer
from rich.table import Table

from autograder.cli.shared import Unsealed, Workers, app, out, plain, progress
from autograder.extras import need


@app.command()
def notebooks(
    check: Annotated[bool, typer.Option("--check", help="Compare only; fail if stale.")] = False,
) -> None:
    """Derive notebooks/ and solutions/ from book/."""
    need("jupytext")  # first, since the extra that brings it brings nbgrader too
    from autograder.course.notebooks import check_notebooks, write_notebooks

    if check:
        out.print(f"{check_notebooks()} generated notebooks are current.")
        return
    touched = write_notebooks()
    for path in touched:
        out.print(f"wrote {path}" if path.exists() else f"removed {path}", soft_wrap=True)
    out.print(f"{len(touched)} files changed.")


@app.command()
def audit(
    exercises: Annotated[list[str] | None, typer.Argument(help="Exercises; all if none.")] = None,
    matrix: Annotated[bool, typer.Option(help="Print which test each mistake fails.")] = True,
    workers: Workers = None,
    no_sandbox: Unsealed = False,
) -> None:
    """Test the tests: right answers pass, every stored mistake loses points, no test is idle."""
    need("jupytext")
    from autograder import api
    from autograder.classroom.log import start_logging_to_own_folder
    from autograder.grading.audit import audit as run_audit

    start_logging_to_own_folder()
    isolation: api.Isolation = "none" if no_sandbox else "bubblewrap"
    open_workers = api.local_workers(isolation=isolation, workers=workers)
    problems = 0
    for report in progress(run_audit(exercises or [], open_workers()), what="exercises"):
        out.print(report.table() if matrix else report.line())
        for problem in report.problems:
            out.print(f"[red]{plain(problem)}[/]", highlight=False)
        problems += len(report.problems)
    found = "1 problem." if problems == 1 else f"{problems} problems."
    out.print(found if problems else "No survivor, no false alarm, no idle test.")
    raise typer.Exit(1 if problems else 0)


@app.command()
def doctor() -> None:
    """Say what this machine offers for grading, and what to install."""
    from autograder.engine.host.doctor import doctor as examine

    table = Table("", "check", "what it means", "what to do", show_lines=False)
    checks = examine()
    for name, ok, meaning, remedy in checks:
        table.add_row("[green]✓[/]" if ok else "[red]✗[/]", name, meaning, "" if ok else remedy)
    out.print(table)
    raise typer.Exit(0 if all(ok for _, ok, _, _ in checks) else 3)
