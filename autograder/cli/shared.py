"""What every verb shares: the application, its options, and how things are printed."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.extras import need

if TYPE_CHECKING:
    from autograder.api import Change, Classroom, Result

app = typer.Typer(
    name="autograder",
    help="Make the learner's notebooks of Apple in Context, and grade what comes back.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
export_app = typer.Typer(help="Write marks out of the gradebook.", no_args_is_help=True)
roster_app = typer.Typer(help="Who is in the class.", no_args_is_help=True)
app.add_typer(export_app, name="export")
app.add_typer(roster_app, name="roster")
out, err = Console(), Console(stderr=True)

CLASS = Path("class")
Chapters = Annotated[list[str] | None, typer.Argument(help="Chapters by stem; all if none.")]
ClassDir = Annotated[Path, typer.Option("--class", help="The class's folder.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Submissions at one time; a core each.")]
Students = Annotated[list[str] | None, typer.Option("--student", help="Only this learner; repeat.")]
Unsealed = Annotated[
    bool,
    typer.Option(
        "--no-sandbox",
        help="Run learners' code UNSEALED, with your own rights. Recorded in every result.",
    ),
]
Database = Annotated[
    str | None,
    typer.Option("--db", help="The gradebook, for this command: `postgresql://user@host/name`."),
]

Item = TypeVar("Item")


def one_class(folder: Path, db: str | None = None, *, create: bool = False) -> "Classroom":
    """The class that a verb works on; from now on, our own errors are written into its log."""
    need("nbgrader")  # said at once, and not after an hour of grading
    from autograder.api import create_class, open_class
    from autograder.classroom.log import log_file, start_logging_to

    classroom = create_class(folder, db) if create else open_class(folder, db)
    start_logging_to(log_file(classroom))
    return classroom


def plain(text: str) -> str:
    """A text of somebody else's, as it is and without markup."""
    return escape("".join(c if c.isprintable() else "�" for c in text))


def print_lines(lines: Iterable[str]) -> None:
    """Lines of somebody else's text, as they are."""
    for line in lines:
        out.print(plain(line), highlight=False, soft_wrap=True)


def complain(text: str) -> None:
    """One error, on stderr; what it lists line by line stays so."""
    said = "\n".join(map(plain, text.split("\n")))
    err.print(f"[bold red]error:[/] {said}", highlight=False, soft_wrap=True)


def progress(
    results: Iterable[Item], total: int | None = None, what: str = "submissions"
) -> Iterator[Item]:
    """The same results, with a bar on stderr."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        for result in results:
            bar.advance(task)
            yield result


def print_changes(changes: Sequence["Change"]) -> None:
    """Old → new of each score."""
    for change in changes:
        old = "–" if change.old is None else f"{change.old:g}"
        line = f"{change.student} {change.chapter}: {old} → {change.new:g}"
        out.print(plain(line), highlight=False, soft_wrap=True)


def print_scores(results: Sequence["Result"], says: dict[str, str] | None = None) -> None:
    """A table of scores, and what its signs mean."""
    from autograder.reports.scores import score_lines

    for line in score_lines(results, says):
        out.print(line, highlight=False)


def is_asked_by_a_person() -> bool:
    """Is there somebody who can answer a question?"""
    return sys.stdin is not None and sys.stdin.isatty()
