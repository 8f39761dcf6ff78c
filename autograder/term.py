"""The verbs of a term: who is in the class, what they hand in, and what they get back."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from autograder.cli import CLASS, ClassDir, app, out

roster_app = typer.Typer(help="Who is in the class.", no_args_is_help=True)
app.add_typer(roster_app, name="roster")


@app.command()
def collect(
    path: Annotated[Path, typer.Argument(help="The zip as it was downloaded, or a folder.")],
    kind: Annotated[
        str | None,
        typer.Option("--as", help="`canvas`, `moodle` or `folder`; seen from the names if none."),
    ] = None,
    chapter: Annotated[
        str | None,
        typer.Option(help="What was to be handed in; seen from each notebook if none."),
    ] = None,
    worksheet: Annotated[
        Path | None,
        typer.Option(help="Moodle's grading worksheet (CSV) of this assignment: people, times."),
    ] = None,
    folder: ClassDir = CLASS,
) -> None:
    """Put a download of hand-ins into class/submitted, or say of each file why not.

    [b]canvas[/b]  a zip of `name_LATE_<user id>_<file id>_file.ipynb`
    [b]moodle[/b]  a zip of `Full name_<number>_assignsubmission_file_/file.ipynb`
    [b]folder[/b]  `<learner>/file.ipynb`, or `<learner>.ipynb`

    Who handed in is read from that outer name alone, never from a file's inside. All of it is
    collected, or nothing. Collecting again replaces; the older file stays in class/.autograder.
    """
    from autograder.classroom import Classroom
    from autograder.collect import collect as run_collect
    from autograder.outcomes import COLLECTED

    lines = run_collect(
        Classroom.open(folder), path, kind=kind, chapter=chapter, worksheet=worksheet
    )
    table = Table("outcome", "learner", "chapter", "file", "to know")
    for line in sorted(lines, key=lambda line: (line.needs_a_look, line.student)):
        colour = "yellow" if line.needs_a_look else "green"
        texts = [line.student, line.chapter, line.entry, "; ".join(line.notes)]
        table.add_row(f"[{colour}]{line.outcome}[/]", *map(plain, texts))
    out.print(table)
    taken = sum(line.outcome in COLLECTED for line in lines)
    looks = sum(line.needs_a_look for line in lines)
    out.print(f"{len(lines)} files, {taken} collected, {looks} to look at.")
    raise typer.Exit(1 if looks else 0)


@roster_app.command("import")
def roster_import(
    file: Annotated[Path, typer.Argument(help="A CSV file; Canvas's gradebook will do.")],
    folder: ClassDir = CLASS,
) -> None:
    """Take the people of a class from a CSV file into nbgrader's gradebook.

    Columns: `id`, `lms_user_id`, `first_name`, `last_name`, `email`; one of the first two must be
    there. An empty cell leaves what is known, nobody is removed, and one wrong line means that
    nobody is imported.
    """
    from autograder.classroom import Classroom
    from autograder.roster import import_roster, read_roster

    classroom = Classroom.create(folder)
    learners, unused = read_roster(file)
    done = list(import_roster(classroom, learners).values())
    counts = [f"{done.count(what)} {what}" for what in ("new", "changed", "unchanged")]
    out.print(f"{len(done)} learners: {', '.join(counts)}.")
    if unused:
        out.print(f"Columns not used: {', '.join(unused)}", markup=False)


@app.command()
def due(
    chapter: Annotated[str | None, typer.Argument(help="A released chapter.")] = None,
    date: Annotated[
        str | None, typer.Argument(help="`2026-10-05`, `2026-10-05T18:00`, or `none`.")
    ] = None,
    folder: ClassDir = CLASS,
) -> None:
    """Say when a chapter is due; without a date, show what is set.

    A day means its last second, in the class's timezone. What lateness costs stands under
    `late` in class/autograder.toml; penalties follow at once.
    """
    from autograder.classroom import Classroom
    from autograder.due import due_dates, set_due

    classroom = Classroom.open(folder)
    if chapter and date:
        set_due(classroom, chapter, date)
    for name, text in due_dates(classroom).items():
        if chapter in (None, name):
            out.print(f"{name}: {text}", highlight=False)


def plain(text: str) -> str:
    """A text of somebody else's, as it is and without markup."""
    from rich.markup import escape

    return escape("".join(c if c.isprintable() else "�" for c in text))
