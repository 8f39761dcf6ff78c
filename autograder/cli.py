"""The command line: one verb per stage of the course's life.

Exit codes: 0 all is well, 1 something needs a person's look, 2 wrong use, 3 this machine or our
own code cannot do it.
"""

import json
import sys
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from autograder.disk import FULL, DiskFull, only_one
from autograder.errors import AutograderError

app = typer.Typer(
    name="autograder",
    help="Make the learner's notebooks of Apple in Context, and grade what comes back.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
export_app = typer.Typer(help="Write marks out of the gradebook.", no_args_is_help=True)
app.add_typer(export_app, name="export")
out, err = Console(), Console(stderr=True)

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
CLASS = Path("class")
STOPPED = 130  # the exit code of a command that a Ctrl-C ended


def main() -> None:
    """Run a command; our own errors are printed in plain words, with their exit code."""
    try:
        code = app(standalone_mode=False) or 0
        if code == STOPPED:  # typer turns a Ctrl-C into this
            raise KeyboardInterrupt
        sys.exit(code)
    except AutograderError as error:
        err.print(f"[bold red]error:[/] {escape(str(error))}", highlight=False, soft_wrap=True)
        sys.exit(error.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        err.print("Stopped. What was graded is kept; run the command again to go on.")
        sys.exit(STOPPED)
    except Exception as error:
        _other_error(error)


def _other_error(error: Exception) -> None:
    import click

    from autograder.engine import EngineFault, IsolationError

    if isinstance(error, click.ClickException):
        error.show()
        sys.exit(2)
    if isinstance(error, IsolationError | EngineFault):
        err.print(f"[bold red]error:[/] {escape(str(error))}", highlight=False, soft_wrap=True)
        sys.exit(3)
    if isinstance(error, OSError) and error.errno in FULL:
        said = escape(str(DiskFull("a file", error)))
        err.print(f"[bold red]error:[/] {said}", highlight=False, soft_wrap=True)
        sys.exit(3)
    raise error


@app.command()
def notebooks(
    check: Annotated[bool, typer.Option("--check", help="Compare only; fail if stale.")] = False,
) -> None:
    """Derive notebooks/ and solutions/ from book/."""
    from autograder.notebooks import check_notebooks, write_notebooks

    if check:
        out.print(f"{check_notebooks()} generated notebooks are current.")
        return
    touched = write_notebooks()
    for path in touched:
        out.print(f"wrote {path}" if path.exists() else f"removed {path}", soft_wrap=True)
    out.print(f"{len(touched)} files changed.")


@app.command()
def release(
    chapters: Chapters = None,
    folder: ClassDir = CLASS,
    update: Annotated[bool, typer.Option(help="Take corrections of released chapters.")] = False,
    db: Database = None,
) -> None:
    """Set up or extend a class, and release chapters to it.

    A chapter that was released before stays as it was, unless you say --update: a correction in
    mid-term changes nobody's tests unasked. Then, what was made from the old release is still
    graded by its tests.
    """
    from autograder.classroom.folder import Classroom
    from autograder.classroom.release import release as release_chapters

    classroom = Classroom.create(folder, db)
    with only_one(classroom.state):
        done = release_chapters(classroom, chapters or [], update=update)
    for chapter, what in done.items():
        out.print(f"{chapter}: {what}")
    if "kept" in done.values():
        out.print("Kept as released, although the book has changed; --update takes the change.")
    out.print(f"Learner's notebooks: {classroom.folder / 'release'}", soft_wrap=True)


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
    from autograder.classroom.folder import Classroom
    from autograder.grading.results import FAULTS

    if compat not in ("strict", "stock"):
        raise typer.BadParameter("--compat is `strict` or `stock`")
    classroom = Classroom.open(folder, db)
    chosen = classroom.chosen_chapters(chapters or [])
    with only_one(classroom.state):
        if compat == "stock":
            from autograder.grading.stock import grade_stock

            results = list(_progress(grade_stock(classroom, chosen, student or [])))
        else:
            grader = _grader(classroom, workers, no_sandbox, dask)
            jobs = grader.jobs(chosen, student or [], again=again)
            for _ in _progress(grader.grade(jobs), total=len(jobs)):
                pass
            every = [r for chapter in chosen for r in grader.ledger.results(chapter)]
            results = [r for r in every if not student or r.student in student]
            _write_scores(classroom, results, dry_run, quiet=as_json)
    if as_json:
        for result in results:
            print(json.dumps(result.summary(), ensure_ascii=False))
    if not as_json:
        _print_scores(results)
    if any(result.outcome in FAULTS for result in results):
        raise typer.Exit(3)
    if any(result.outcome in ("needs_review", "invalid_submission") for result in results):
        raise typer.Exit(1)


@app.command()
def feedback(chapters: Chapters = None, folder: ClassDir = CLASS, student: Students = None) -> None:
    """Write each learner's feedback, as a page and as Markdown."""
    from autograder.classroom.folder import Classroom
    from autograder.reports.feedback import write_feedback

    classroom = Classroom.open(folder)
    written = write_feedback(classroom, classroom.chosen_chapters(chapters or []), student or [])
    out.print(f"{len(written)} pages in {classroom.folder / 'feedback'}", soft_wrap=True)


@app.command()
def status(chapters: Chapters = None, folder: ClassDir = CLASS) -> None:
    """Say what is graded, what waits, and what needs a person's look."""
    from autograder.classroom.folder import Classroom
    from autograder.reports.report import chapter_report, twins

    classroom = Classroom.open(folder)
    chosen = classroom.chosen_chapters(chapters or [])
    grader = _grader(classroom, None, False)
    table = Table("chapter", "handed in", "waiting", "graded", "outcomes")
    for chapter in chosen:
        results = grader.ledger.results(chapter)
        waiting = len(grader.jobs([chapter], []))
        report = chapter_report(chapter, results)
        outcomes = ", ".join(f"{count} {name}" for name, count in report.outcomes)
        handed_in = len(classroom.students(chapter))
        table.add_row(chapter, str(handed_in), str(waiting), str(len(results)), outcomes)
    out.print(table)
    for chapter in chosen:
        results = grader.ledger.results(chapter)
        for result in chapter_report(chapter, results).to_look_at:
            out.print(f"look at {result.student}, {chapter}: {result.reason}", markup=False)
        for group in twins(results):
            out.print(f"the same notebook, {chapter}: {', '.join(group)}", markup=False)


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
    from autograder.classroom.folder import Classroom
    from autograder.classroom.ledger import Ledger
    from autograder.grading.results import FAULTS, OUTCOMES

    if unknown := set(outcome or []) - set(OUTCOMES):
        raise typer.BadParameter(
            f"no outcome {', '.join(unknown)}; there are {', '.join(OUTCOMES)}"
        )
    classroom = Classroom.open(folder)
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
def report(chapters: Chapters = None, folder: ClassDir = CLASS) -> None:
    """Write the teacher's page: distributions, commonest mistakes, who needs help."""
    from autograder.classroom.folder import Classroom
    from autograder.reports.report import write_report

    classroom = Classroom.open(folder)
    path = write_report(classroom, classroom.chosen_chapters(chapters or []))
    out.print(f"{path}", soft_wrap=True)


@export_app.command("csv")
def export_csv(
    target: Annotated[Path | None, typer.Argument(help="File to write; stdout if none.")] = None,
    folder: ClassDir = CLASS,
    db: Database = None,
) -> None:
    """One row per submission: student, names, chapter, score, max_score."""
    from autograder.classroom.folder import Classroom
    from autograder.reports.export import export_csv as write

    count = write(Classroom.open(folder, db), target)
    err.print(f"{count} rows" + (f" in {target}" if target else ""))


@app.command()
def check(
    notebook: Annotated[Path, typer.Argument(help="Your notebook, an .ipynb file.")],
    no_sandbox: Unsealed = False,
) -> None:
    """Check one notebook: what is still empty, what fails, and which mistake it is.

    The visible checks always run; the hidden ones too where the teacher's notebooks are at hand.
    """
    from autograder.engine import Limits
    from autograder.grading.check import HIDDEN_LATER
    from autograder.grading.check import check as run_check
    from autograder.reports.feedback import said

    isolation = "none" if no_sandbox else "bubblewrap"
    with err.status("Running your notebook …"):
        seen = run_check(notebook, limits=Limits(), isolation=isolation)
    for exercise, tests in groupby(seen.tests, key=lambda test: test.exercise):
        tests = list(tests)
        for test in tests:
            sign = "[green]✓[/]" if test.score == test.points else "[red]✗[/]"
            out.print(f"{sign} {test.grade_id}  {test.score:g} of {test.points:g}", highlight=False)
            _print_indented(said(test))
        diagnosis = next((test.diagnosis for test in tests if test.diagnosis), "")
        if diagnosis:
            out.print(f"[bold]{exercise}[/]")
            _print_indented(diagnosis)
    for name in seen.stubs:
        out.print(f"still empty: {name}")
    for line in [*seen.failing_cells, *seen.flags]:
        out.print(f"look at: {line}", markup=False, highlight=False)
    score, total = sum(t.score for t in seen.tests), sum(t.points for t in seen.tests)
    out.print(f"{seen.chapter}: {score:g} of {total:g} points, receipt {seen.receipt}")
    if not seen.hidden_too:
        out.print(HIDDEN_LATER)
    raise typer.Exit(0 if score == total else 1)


@app.command()
def demo(
    folder: Annotated[Path, typer.Option("--class", help="Where to make it.")] = Path("demo-class"),
    workers: Workers = None,
    no_sandbox: Unsealed = False,
) -> None:
    """Make a sample class, grade it, write its feedback, and check that all came out as meant."""
    from autograder.classroom.demo import hand_in, make_demo, personas, surprises
    from autograder.classroom.release import release as release_chapters
    from autograder.reports.feedback import write_feedback
    from autograder.reports.report import write_report

    classroom = make_demo(folder)
    with err.status("Releasing every chapter with nbgrader …"):
        release_chapters(classroom, [])
        list(hand_in(classroom))
    grader = _grader(classroom, workers, no_sandbox)
    jobs = grader.jobs(classroom.chapters(), [])
    results = list(_progress(grader.grade(jobs), total=len(jobs)))
    _write_scores(classroom, results, dry_run=False, quiet=True)
    write_feedback(classroom, classroom.chapters(), [])
    write_report(classroom, classroom.chapters())
    _print_scores(results, {persona.student: persona.says for persona in personas()})
    out.print(f"Gradebook  {classroom.folder / 'gradebook.db'}", soft_wrap=True)
    out.print(f"Feedback   {classroom.folder / 'feedback'}", soft_wrap=True)
    out.print(f"Report     {classroom.folder / 'report.html'}", soft_wrap=True)
    problems = surprises(results)
    for problem in problems:
        err.print(f"[red]unexpected:[/] {problem}", highlight=False)
    raise typer.Exit(1 if problems else 0)


@app.command()
def audit(
    exercises: Annotated[list[str] | None, typer.Argument(help="Exercises; all if none.")] = None,
    matrix: Annotated[bool, typer.Option(help="Print which test each mistake fails.")] = True,
    workers: Workers = None,
    no_sandbox: Unsealed = False,
) -> None:
    """Test the tests: right answers pass, every stored mistake loses points, no test is idle."""
    from autograder.checks.audit import audit as run_audit
    from autograder.engine import Engine

    def open_engine() -> Engine:
        return Engine(workers=workers, isolation="none" if no_sandbox else "bubblewrap")

    problems = 0
    for report in _progress(run_audit(exercises or [], open_engine), what="exercises"):
        out.print(report.table() if matrix else report.line())
        for problem in report.problems:
            out.print(f"[red]{problem}[/]", highlight=False)
        problems += len(report.problems)
    found = "1 problem." if problems == 1 else f"{problems} problems."
    out.print(found if problems else "No survivor, no false alarm, no idle test.")
    raise typer.Exit(1 if problems else 0)


@app.command()
def doctor() -> None:
    """Say what this machine offers for grading, and what to install."""
    from autograder.engine.doctor import doctor as examine

    table = Table("", "check", "what it means", "what to do", show_lines=False)
    checks = examine()
    for name, ok, meaning, remedy in checks:
        table.add_row("[green]✓[/]" if ok else "[red]✗[/]", name, meaning, "" if ok else remedy)
    out.print(table)
    raise typer.Exit(0 if all(ok for _, ok, _, _ in checks) else 3)


def _print_indented(text: str) -> None:
    """Lines of text, as they are, a little to the right."""
    for line in text.splitlines():
        out.print(f"   {line}", markup=False, highlight=False)


def _grader(classroom, workers: int | None, no_sandbox: bool, dask: str | None = None):
    """A Grader with the class's limits and seed, and an engine as asked."""
    from autograder.engine import Engine
    from autograder.grading.grader import Grader
    from autograder.grading.settings import limits_of

    limits = limits_of(classroom)
    isolation = "none" if no_sandbox else "bubblewrap"

    def open_engine() -> Engine:
        how = {"limits": limits, "seed": classroom.seed, "isolation": isolation}
        if dask is None:
            return Engine(workers=workers, **how)
        from autograder.grading.cluster import Cluster

        return Cluster(dask, workers=workers, **how)

    return Grader(classroom, limits, open_engine)


def _write_scores(classroom, results: list, dry_run: bool, quiet: bool) -> None:
    from autograder.classroom.gradebook import sync

    changes = sync(classroom, results, dry_run=dry_run)
    if quiet:
        return
    for change in changes if dry_run else []:
        old = "–" if change.old is None else f"{change.old:g}"
        out.print(f"{change.student} {change.chapter}: {old} → {change.new:g}", highlight=False)
    said = "would change" if dry_run else "changed"
    out.print(f"{len(changes)} scores {said} in the gradebook.")


def _progress(results, total: int | None = None, what: str = "submissions"):
    """The same results, with a bar on stderr."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(what, total=total)
        for result in results:
            bar.advance(task)
            yield result


def _print_scores(results: list, says: dict[str, str] | None = None) -> None:
    from autograder.reports.scores import score_lines

    for line in score_lines(results, says):
        out.print(line, highlight=False)


from autograder import term  # noqa: E402, F401  the verbs of a term; they need `app` from above
