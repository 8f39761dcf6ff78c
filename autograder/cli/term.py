"""The verbs of a term: who is in the class, what they hand in, and what they get back."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from autograder.cli.shared import (
    CLASS,
    Chapters,
    ClassDir,
    Database,
    app,
    err,
    export_app,
    one_class,
    out,
    plain,
    print_lines,
    roster_app,
)


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
    db: Database = None,
) -> None:
    """Put a download of hand-ins into class/submitted, or say of each file why not.

    [b]canvas[/b]  a zip of `name_LATE_<user id>_<file id>_file.ipynb`
    [b]moodle[/b]  a zip of `Full name_<number>_assignsubmission_file_/file.ipynb`
    [b]folder[/b]  `<learner>/file.ipynb`, or `<learner>.ipynb`

    Who handed in is read from that outer name alone, never from a file's inside. All of it is
    collected, or nothing. Collecting again replaces; the older file stays in class/.autograder.
    """
    from autograder.lms.collect import collect as run_collect
    from autograder.lms.outcomes import COLLECTED

    lines = run_collect(
        one_class(folder, db), path, kind=kind, chapter=chapter, worksheet=worksheet
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
    db: Database = None,
) -> None:
    """Take the people of a class from a CSV file into nbgrader's gradebook.

    Columns: `id`, `lms_user_id`, `first_name`, `last_name`, `email`; one of the first two must be
    there. An empty cell leaves what is known, nobody is removed, and one wrong line means that
    nobody is imported.
    """
    from autograder.classroom.roster import import_roster, read_roster
    from autograder.sheet import in_one_line

    learners, unused = read_roster(file)  # a file that is wrong makes no class
    classroom = one_class(folder, db, create=True)
    done = list(import_roster(classroom, learners).values())
    counts = [f"{done.count(what)} {what}" for what in ("new", "changed", "unchanged")]
    out.print(f"{len(done)} learners: {', '.join(counts)}.")
    if unused:
        print_lines([f"Columns not used: {in_one_line(unused)}"])


@app.command()
def due(
    chapter: Annotated[str | None, typer.Argument(help="A released chapter.")] = None,
    date: Annotated[
        str | None, typer.Argument(help="`2026-10-05`, `2026-10-05T18:00`, or `none`.")
    ] = None,
    folder: ClassDir = CLASS,
    db: Database = None,
) -> None:
    """Say when a chapter is due; without a date, show what is set.

    A day means its last second, in the class's timezone. What lateness costs stands under
    `late` in class/autograder.toml; penalties follow at once.
    """
    from autograder.classroom.due import due_dates, set_due

    classroom = one_class(folder, db)
    if chapter and date:
        set_due(classroom, chapter, date)
    for name, text in due_dates(classroom).items():
        if chapter in (None, name):
            out.print(f"{name}: {text}", highlight=False)


Csv = Annotated[Path, typer.Argument(help="The CSV file as it was downloaded.")]
Target = Annotated[
    Path | None, typer.Option("--out", help="File to write; FILE.filled.csv if none is named.")
]
Feedback = Annotated[
    Path | None, typer.Option("--feedback", help="Also pack the feedback pages into this zip.")
]
Scale = Annotated[
    bool, typer.Option(help="The platform's points differ from ours: convert, not refuse.")
]


@export_app.command("canvas")
def export_canvas(
    file: Csv,
    chapters: Chapters = None,
    column: Annotated[
        list[str] | None,
        typer.Option(help="HEADER for all these chapters, or CHAPTER=HEADER for one; repeat."),
    ] = None,
    target: Target = None,
    feedback: Feedback = None,
    scale: Scale = False,
    folder: ClassDir = CLASS,
    db: Database = None,
) -> None:
    """Fill marks into the gradebook that you downloaded from Canvas, for importing it there.

    Every column stays. Chapters under one header are added up; without --column, each goes under
    the assignment that is called as it is. People are matched by `ID` or login, never by name; who
    is unknown, missing or double is said and left alone.
    """
    classroom = one_class(folder, db)
    columns = _columns(classroom.chapters(), chapters or [], column or [])
    _export(classroom, "canvas", columns, file, target, feedback, scale)


@export_app.command("moodle")
def export_moodle(
    file: Csv,
    chapters: Annotated[list[str], typer.Argument(help="What this assignment asked for.")],
    target: Target = None,
    feedback: Feedback = None,
    scale: Scale = False,
    folder: ClassDir = CLASS,
    db: Database = None,
) -> None:
    """Fill marks and comments into the grading worksheet that you downloaded from Moodle.

    Every column stays; `Grade` and `Feedback comments` are filled. A worksheet is of one
    assignment, so say which chapters that was; several are added up.
    """
    classroom = one_class(folder, db)
    columns = dict.fromkeys(classroom.chosen_chapters(chapters), "")
    _export(classroom, "moodle", columns, file, target, feedback, scale)


def _columns(released: list[str], chapters: list[str], texts: list[str]) -> dict[str, str]:
    """chapter -> header; an empty one where none is named."""
    named, general = {}, []
    for text in texts:
        chapter, sign, header = text.partition("=")
        if sign and chapter in released:
            named[chapter] = header
        else:
            general.append(text)
    if len(general) > 1:
        raise typer.BadParameter(f"two headers for all chapters: {' and '.join(general)}")
    wanted = chapters or list(named) or released
    return {c: named.get(c, "".join(general)) for c in [*wanted, *named]}


def _export(classroom, kind, columns, file, target, feedback, scale) -> None:
    """Fill the table, pack the zip, say what a person should know; exit 1 if there is something."""
    from autograder.disk import write_whole
    from autograder.lms.feedback_zip import pack_feedback
    from autograder.lms.registry import platform_of

    filled = platform_of(kind).fill(classroom, file, columns, scale=scale)
    target = target or file.with_suffix(f".filled{file.suffix}")
    notes = list(filled.notes)
    if feedback:
        notes += pack_feedback(classroom, kind, list(columns), feedback)
    write_whole(target, filled.sheet.to_bytes())
    for note in notes:
        err.print(f"[yellow]look:[/] {plain(note)}", highlight=False)
    out.print(f"{filled.filled} marks in {plain(str(target))}", soft_wrap=True)
    if feedback:
        out.print(f"feedback in {plain(str(feedback))}", soft_wrap=True)
    raise typer.Exit(1 if notes else 0)


@app.command()
def publish(
    folder: Annotated[Path, typer.Argument(help="An empty folder, or one made by this command.")],
    site: Annotated[bool, typer.Option(help="With the built site, as docs/.")] = True,
) -> None:
    """Write what a class may see, and nothing else: ready to be a public repository.

    The learner's notebooks, the built site, what Binder and a laptop need. Every file is searched
    for answers and hidden tests before anything is written.
    """
    from autograder.classroom.publish import publish as run_publish

    names = run_publish(folder, site=site)
    notebooks = sum(Path(name).parent == Path("notebooks") for name in names)
    pages = sum(name.startswith("docs/") and name.endswith(".html") for name in names)
    print_lines([f"{notebooks} notebooks, {pages} pages, {len(names)} files in {folder}"])
    if site and not pages:
        out.print("No site is built; `make book` makes one.")


@export_app.command("csv")
def export_csv(
    target: Annotated[Path | None, typer.Argument(help="File to write; stdout if none.")] = None,
    folder: ClassDir = CLASS,
    db: Database = None,
) -> None:
    """One row per submission: student, names, chapter, score, max_score."""
    from autograder.reports.export import export_csv as write

    count = write(one_class(folder, db), target)
    err.print(f"{count} rows" + (f" in {plain(str(target))}" if target else ""), soft_wrap=True)
