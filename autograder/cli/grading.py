"""Verbs for grading a class."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from autograder.cli.shared import (
    CLASS,
    Chapters,
    ClassDir,
    Database,
    Students,
    Unsealed,
    Workers,
    app,
    err,
    is_asked_by_a_person,
    one_class,
    out,
    plain,
    print_changes,
    print_lines,
    print_scores,
    progress,
)
from autograder.extras import need

if TYPE_CHECKING:
    from autograder.api import Classroom


@app.command()
def release(
    chapters: Chapters = None,
    folder: ClassDir = CLASS,
    update: Annotated[bool, typer.Option(help="Take corrections of released chapters.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Take them also where scores would change.")
    ] = False,
    db: Database = None,
    no_sandbox: Unsealed = False,
) -> None:
    """Set up or extend a class, and release chapters to it.

    A release is kept whole, with all that its hidden tests use. A chapter that was released before
    stays as it was, unless you say --update: a correction in mid-term changes nobody's tests
    unasked. Before an update is taken, it is tried on what was handed in, and you are shown whose
    scores would change. What was made from a release that learners can tell from the new one is
    still graded by its own tests.
    """
    need("nbgrader")
    from autograder import api
    from autograder.paths import chapter_sources

    def agreed(new: api.Release, changes: list[api.Change]) -> bool:
        if not changes:
            return True
        out.print(f"{new.chapter}: with the new release these scores would change:")
        print_changes(changes)
        if yes:
            return True
        if is_asked_by_a_person():
            return typer.confirm("Take the new release?")
        out.print("Nothing was updated; --yes takes it.")
        return False

    chapter_sources(chapters)  # a name that is wrong makes no class
    classroom = one_class(folder, db, create=True)
    _take_over(classroom, strict=not update)
    isolation = "none" if no_sandbox else "bubblewrap"
    done = api.release(classroom, chapters or [], update=update, agreed=agreed, isolation=isolation)
    for chapter, what in done.items():
        out.print(f"{chapter}: {what}")
    if "kept" in done.values():
        out.print("Kept as released, although the book has changed; --update takes the change.")
    if "updated" in done.values():
        out.print("Now `autograder grade` grades by it.")
    print_lines([f"Learner's notebooks: {classroom.folder / 'release'}"])
    raise typer.Exit(1 if "not updated" in done.values() else 0)


def _take_over(classroom: "Classroom", *, strict: bool = True) -> None:
    """Make the releases of an older class whole, and say so."""
    from autograder import api

    for line in api.take_over(classroom, strict=strict):
        err.print(plain(line), highlight=False, soft_wrap=True)


@app.command()
def grade(
    chapters: Chapters = None,
    folder: ClassDir = CLASS,
    student: Students = None,
    workers: Workers = None,
    again: Annotated[bool, typer.Option(help="Grade also what has not changed.")] = False,
    dry_run: Annotated[
        bool, typer.Option(help="Show old → new for each learner; write no score.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
    compat: Annotated[str, typer.Option(help="`strict`, or `stock`: nbgrader's own.")] = "strict",
    db: Database = None,
    dask: Annotated[
        str | None,
        typer.Option(help="A Dask scheduler, `tls://host:8786`; `local` starts one here."),
    ] = None,
    no_sandbox: Unsealed = False,
) -> None:
    """Grade what was handed in: class/submitted/<student>/<chapter>/<chapter>.ipynb.

    What did not change since the last run is not run again. Stop it when you like and start it
    again: it goes on where it was.
    """
    from autograder import api

    if compat not in ("strict", "stock"):
        raise typer.BadParameter("--compat is `strict` or `stock`")
    classroom = one_class(folder, db)
    if compat == "stock":
        from autograder.classroom.stock import grade_stock

        chosen = classroom.chosen_chapters(chapters or [])
        results = list(progress(grade_stock(classroom, chosen, student or [])))
    else:
        _take_over(classroom)
        grading = api.grade(
            classroom,
            chapters or [],
            student or [],
            again=again,
            workers=workers,
            dask=dask,
            isolation="none" if no_sandbox else "bubblewrap",
        )
        results = list(progress(grading, total=len(grading)))
        changes = api.write_scores(classroom, results, dry_run=dry_run)
        if not as_json:
            print_changes(changes if dry_run else [])
            said = "would change" if dry_run else "changed"
            out.print(f"{len(changes)} scores {said} in the gradebook.")
    results.sort(key=lambda result: (result.chapter, result.student))
    if as_json:
        for result in results:
            print(json.dumps(result.summary(), ensure_ascii=False))
    else:
        print_scores(results)
        print_lines(f"{r.student}, {r.chapter}: {r.reason}" for r in results if r.is_fault)
    if any(result.is_fault for result in results):
        raise typer.Exit(3)
    if any(result.outcome in ("needs_review", "invalid_submission") for result in results):
        raise typer.Exit(1)


@app.command()
def retry(
    chapters: Chapters = None,
    folder: ClassDir = CLASS,
    student: Students = None,
    outcome: Annotated[
        list[str] | None, typer.Option(help="Only results with this outcome; repeat.")
    ] = None,
) -> None:
    """Forget results, so that the next `grade` runs them again; by default those of faults.

    The gradebook keeps its scores until then.
    """
    from autograder.classroom.ledger import Ledger
    from autograder.disk import only_one
    from autograder.results import FAULTS, OUTCOMES

    if unknown := set(outcome or []) - set(OUTCOMES):
        raise typer.BadParameter(
            f"no outcome {', '.join(sorted(unknown))}; there are {', '.join(OUTCOMES)}"
        )
    classroom = one_class(folder)
    ledger, wanted = Ledger(classroom), outcome or ([] if student else FAULTS)
    forgotten = 0
    with only_one(classroom.state):
        for chapter in classroom.chosen_chapters(chapters or []):
            for result in ledger.results(chapter):
                chosen = not student or result.student in student
                if chosen and (not wanted or result.outcome in wanted):
                    ledger.forget(chapter, result.student)
                    forgotten += 1
    out.print(f"{forgotten} results forgotten; `autograder grade` runs them again.")


@app.command()
def status(chapters: Chapters = None, folder: ClassDir = CLASS) -> None:
    """Say what is graded, what waits, and what needs a person's look."""
    from autograder.classroom.status import read_status
    from autograder.reports.report import chapter_report, twins

    classroom = one_class(folder)
    table = Table("chapter", "handed in", "waiting", "graded", "release", "outcomes")
    lines = []
    for found in read_status(classroom, classroom.chosen_chapters(chapters or [])):
        report = chapter_report(found.chapter, found.results)
        outcomes = ", ".join(f"{count} {name}" for name, count in report.outcomes)
        counts = (found.handed_in, found.waiting, len(found.results))
        table.add_row(found.chapter, *map(str, counts), found.release, outcomes)
        lines += [f"look at {r.student}, {found.chapter}: {r.reason}" for r in report.to_look_at]
        same = twins(found.results)
        lines += [f"the same notebook, {found.chapter}: {', '.join(group)}" for group in same]
    out.print(table)
    print_lines(lines)


@app.command()
def feedback(chapters: Chapters = None, folder: ClassDir = CLASS, student: Students = None) -> None:
    """Write each learner's feedback, as a page and as Markdown."""
    from autograder.reports.feedback import write_feedback

    classroom = one_class(folder)
    written = write_feedback(classroom, classroom.chosen_chapters(chapters or []), student or [])
    print_lines([f"{len(written)} pages in {classroom.folder / 'feedback'}"])


@app.command()
def report(chapters: Chapters = None, folder: ClassDir = CLASS) -> None:
    """Write the teacher's page: distributions, commonest mistakes, who needs help."""
    from autograder.reports.report import write_report

    classroom = one_class(folder)
    path = write_report(classroom, classroom.chosen_chapters(chapters or []))
    print_lines([str(path)])


@app.command()
def demo(
    folder: Annotated[Path, typer.Option("--class", help="Where to make it.")] = Path("demo-class"),
    workers: Workers = None,
    no_sandbox: Unsealed = False,
) -> None:
    """Make a sample class, grade it, write its feedback, and check that all came out as meant."""
    need("nbgrader")
    from autograder import api
    from autograder.classroom.demo import hand_in, make_demo, personas, surprises
    from autograder.reports.feedback import write_feedback
    from autograder.reports.report import write_report

    classroom = one_class(make_demo(folder).folder)
    with err.status("Releasing every chapter with nbgrader …"):
        api.release(classroom)
        list(hand_in(classroom))
    isolation = "none" if no_sandbox else "bubblewrap"
    grading = api.grade(classroom, workers=workers, isolation=isolation)
    results = list(progress(grading, total=len(grading)))
    api.write_scores(classroom, results)
    write_feedback(classroom, classroom.chapters(), [])
    write_report(classroom, classroom.chapters())
    print_scores(results, {persona.student: persona.says for persona in personas()})
    print_lines([f"Gradebook  {classroom.folder / 'gradebook.db'}"])
    print_lines([f"Feedback   {classroom.folder / 'feedback'}"])
    print_lines([f"Report     {classroom.folder / 'report.html'}"])
    problems = surprises(results)
    for problem in problems:
        err.print(f"[red]unexpected:[/] {plain(problem)}", highlight=False)
    raise typer.Exit(1 if problems else 0)
