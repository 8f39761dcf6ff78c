"""Submissions per minute, and CPU per submission, against stock `nbgrader autograde`.

    python benchmarks/engine.py [--submissions 100] [--stock 6] [--workers N] [--write]

The same submissions of two chapters go through both in one run: the reference answer and every
stored wrong answer in turn. Ours is measured with everything on (merge, both rooms, sandbox,
ledger, gradebook): warm, with the templates' start, and where every learner has changed a story
cell, so that no two submissions begin alike. With --write, the table and the plot go to
results/engine.md and results/engine.png.
"""

import argparse
import contextlib
import copy
import itertools
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder.classroom.folder import Classroom, use_own_programs
from autograder.classroom.gradebook import sync
from autograder.classroom.grader import Grader
from autograder.classroom.releasing import release
from autograder.course.cells import Role, answered, exported_names, reference_answers, role_of
from autograder.course.notebooks import learner_notebook
from autograder.engine import Engine, Limits, Run
from autograder.engine.host import watch
from autograder.grading.check import course_release
from autograder.grading.corpus import stored_answers
from autograder.grading.merge import opening_of
from autograder.grading.workers import LocalWorkers

RESULTS = Path(__file__).parent / "results"
CHAPTERS = ["04_softmax", "09_multi_head"]
STOCK_CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "apple_in_context"
c.ExecutePreprocessor.timeout = 60
"""


@dataclass
class Measured:
    """One way of grading one chapter. Times in seconds, of all submissions together."""

    chapter: str
    way: str
    submissions: int
    seconds: float
    cpu_seconds: float
    learner_cpu_seconds: float | None = None

    @property
    def per_minute(self) -> float:
        """Submissions per minute."""
        return 60 * self.submissions / self.seconds

    @property
    def cpu_each(self) -> float:
        """CPU milliseconds per submission."""
        return 1000 * self.cpu_seconds / self.submissions


class RecordingEngine(Engine):
    """An engine that adds up what the learners' own code used."""

    learner_cpu_seconds = 0.0

    def run(self, *args, **kwargs) -> Run:
        """As Engine.run."""
        run = super().run(*args, **kwargs)
        self.learner_cpu_seconds += run.learner_cpu_seconds
        return run


def main() -> None:
    """Measure, then write the table and the plot."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--submissions", type=int, default=100, help="of each chapter, for ours")
    parser.add_argument("--stock", type=int, default=6, help="of each chapter, for stock nbgrader")
    parser.add_argument("--workers", type=int, default=None)
    parser.add_argument("--write", action="store_true", help="write results/engine.md and .png")
    options = parser.parse_args()
    use_own_programs()
    rows: list[Measured] = []
    for chapter in CHAPTERS:
        rows += measure(chapter, options.submissions, options.stock, options.workers)
    table = markdown(rows) + shares(CHAPTERS)
    print(table)
    if options.write:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "engine.md").write_text(table)
        plot(rows, RESULTS / "engine.png")


def measure(chapter: str, n_ours: int, n_stock: int, workers: int | None) -> list[Measured]:
    """Stock; ours warm, with the templates' start, and warm with every story changed."""
    with class_of(chapter, n_stock) as classroom:
        stock = grade_with_stock(classroom, chapter)
    with class_of(chapter, n_ours) as classroom:
        ours = grade_with_ours(classroom, chapter, n_ours, workers)
    with class_of(chapter, n_ours, story_changed=True) as classroom:
        warm, _ = grade_with_ours(classroom, chapter, n_ours, workers)
    warm.way += ", every story changed"
    return [stock, *ours, warm]


@contextlib.contextmanager
def class_of(chapter: str, n_learners: int, *, story_changed: bool = False) -> Iterator[Classroom]:
    """A class in a temporary folder where everyone has handed in one of the stored answers."""
    folder = Path(tempfile.mkdtemp(prefix="benchmark-"))
    try:
        classroom = Classroom.create(folder)
        release(classroom, [chapter])
        teacher = nbformat.read(classroom.notebook("source", chapter), as_version=4)
        handed_in = itertools.cycle(submissions_of(teacher))
        for i in range(n_learners):
            path = classroom.notebook("submitted", chapter, f"learner{i:03}")
            path.parent.mkdir(parents=True)
            notebook = copy.deepcopy(next(handed_in))
            if story_changed:
                story = next(c for c in notebook.cells if is_story(c))
                story.source += f"\nmine = {i}"
            nbformat.write(notebook, path)
        yield classroom
    finally:
        shutil.rmtree(folder)


def is_story(cell: nbformat.NotebookNode) -> bool:
    """Whether a learner may change the cell, and grading runs it."""
    is_ours = cell.metadata.get("nbgrader", {}).get("solution")
    return cell.cell_type == "code" and role_of(cell) is Role.LEARNER and not is_ours


def submissions_of(teacher: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """The learner's notebook with the reference answers, then with each stored wrong one."""
    right = reference_answers(teacher)
    blank = learner_notebook(teacher)
    wrong = [
        {**right, exercise: source}
        for exercise in exported_names(teacher)
        for source in stored_answers("wrong", exercise).values()
    ]
    return [answered(blank, answers) for answers in [right, *wrong]]


def grade_with_stock(classroom: Classroom, chapter: str) -> Measured:
    """`nbgrader autograde` as a teacher types it, in a folder that has never heard of us."""
    (classroom.folder / "nbgrader_config.py").write_text(STOCK_CONFIG)
    n_learners = len(classroom.students(chapter))
    command = [str(Path(sys.executable).with_name("nbgrader")), "autograde", chapter]
    environment = {**os.environ, "AUTOGRADER_SEED": str(classroom.seed)}
    cpu, started = cpu_seconds(), time.perf_counter()
    subprocess.run(command, cwd=classroom.folder, env=environment, check=True, capture_output=True)
    seconds = time.perf_counter() - started
    return Measured(chapter, "stock nbgrader", n_learners, seconds, cpu_seconds() - cpu)


def grade_with_ours(
    classroom: Classroom, chapter: str, n_learners: int, workers: int | None
) -> list[Measured]:
    """The whole path of `autograder grade`: from submitted files to the gradebook."""
    own_before, started = cpu_seconds(), time.perf_counter()
    with RecordingEngine(workers=workers, seed=classroom.seed) as engine:
        own_warm, rooms_warm, warm = cpu_seconds(), engine.cpu_seconds, time.perf_counter()
        grader = Grader(classroom, Limits(), lambda: contextlib.nullcontext(LocalWorkers(engine)))
        results = list(grader.grade(grader.jobs([chapter], [])))
        sync(classroom, results, dry_run=False)
        done, own_done, rooms_done = time.perf_counter(), cpu_seconds(), engine.cpu_seconds
    assert len(results) == n_learners and {r.outcome for r in results} == {"graded"}
    learner = engine.learner_cpu_seconds
    warm_cpu = own_done - own_warm + rooms_done - rooms_warm
    whole_cpu = own_done - own_before + rooms_done
    return [
        Measured(chapter, "ours, warm", n_learners, done - warm, warm_cpu, learner),
        Measured(chapter, "ours, with start", n_learners, done - started, whole_cpu, learner),
    ]


def cpu_seconds() -> float:
    """CPU time of this process and all that it has waited for."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def markdown(rows: list[Measured]) -> str:
    """The table."""
    lines = [
        f"Measured on {len(os.sched_getaffinity(0))} cores, "
        f"Python {sys.version.split()[0]}; `python benchmarks/engine.py` repeats it.\n",
        "| chapter | how | submissions | per minute | × stock | ms each | CPU ms each "
        "| × stock CPU | CPU ÷ learner's own |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        stock = next(r for r in rows if r.chapter == row.chapter)
        own = row.learner_cpu_seconds
        share = f"{row.cpu_seconds / own:.1f}" if own else "–"
        each = 1000 * row.seconds / row.submissions
        lines.append(
            f"| {row.chapter} | {row.way} | {row.submissions} | {row.per_minute:.0f} "
            f"| {row.per_minute / stock.per_minute:.1f} | {each:.0f} "
            f"| {row.cpu_each:.0f} | {stock.cpu_each / row.cpu_each:.1f} | {share} |"
        )
    return "\n".join(lines) + "\n"


def shares(chapters: list[str], n_runs: int = 20) -> str:
    """Where the time of the reference's submission goes, one at a time, in milliseconds."""
    lines = [
        "\nWhere the milliseconds of a right submission go, one worker, both rooms warm, and the "
        "most memory that its rooms hold beyond the templates':\n",
        "| chapter | whole | tests | set-up, in both rooms | learner's cells "
        "| rooms: fork, seal, end | CPU | MB |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for chapter in chapters:
        release = course_release(chapter)
        opening = opening_of(release.teacher, release.teacher)
        work, library = (release.teacher, release.exports, opening), release.library
        spent: Counter[str | Role] = Counter()
        with Engine(workers=1) as engine:
            engine.run(*work, library=library)
            for _ in range(n_runs):
                run = engine.run(*work, library=library)
                spent["whole"] += run.seconds
                spent["cpu"] += run.cpu_seconds
                for cell in run.notebook.cells:
                    if cell.id in run.cells and cell.id not in opening:
                        spent[role_of(cell)] += run.cells[cell.id].seconds
            with looking_at_rooms() as most:
                for _ in range(n_runs):
                    engine.run(*work, library=library)
        cells = [spent[Role.TEST], spent[Role.SETUP], spent[Role.LEARNER]]
        rest = spent["whole"] - sum(cells)
        numbers = [spent["whole"], *cells, rest, spent["cpu"]]
        texts = [f"{1000 * seconds / n_runs:.0f}" for seconds in numbers]
        lines.append(f"| {chapter} | {' | '.join(texts)} | {most[0] / 2**20:.0f} |")
    return "\n".join(lines) + "\n"


@contextlib.contextmanager
def looking_at_rooms() -> Iterator[list[int]]:
    """Looks all the time at the processes that come; yields the most bytes that were theirs."""
    templates, most, done = set(watch.family(os.getpid())), [0], threading.Event()

    def look() -> None:
        while not done.wait(0.002):
            rooms = set(watch.family(os.getpid())) - templates
            most[0] = max(most[0], sum(map(private_bytes, rooms)))

    looker = threading.Thread(target=look)
    looker.start()
    try:
        yield most
    finally:
        done.set()
        looker.join()


def private_bytes(pid: int) -> int:
    """What a process shares with no other; 0 if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


def plot(rows: list[Measured], path: Path) -> None:
    """Bars of submissions per minute, logarithmic."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 3.2), layout="constrained")
    labels = [f"{row.chapter}\n{row.way}" for row in rows]
    bars = axes.barh(labels, [row.per_minute for row in rows], log=True)
    axes.bar_label(bars, fmt="%.0f", padding=3)
    axes.invert_yaxis()
    axes.set_xlabel("submissions per minute (logarithmic)")
    figure.savefig(path, dpi=120)


if __name__ == "__main__":
    main()
