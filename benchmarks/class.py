"""A whole class of `09_multi_head`, 1 in 20 hostile or broken, graded to the end.

    python benchmarks/class.py [--sizes 100 300 1000] [--workers 2] [--write]

Every class is graded in a process of its own, with the default limits and everything on: merge,
both rooms, sandbox, ledger, autograded notebooks, gradebook. `clean` is the same class without the
hostile ones. Every honest score is compared with the one that its notebook gets alone. `--write`
puts the table into results/class.md.
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

from hostile.recipes import RECIPES  # noqa: E402

from autograder.classroom.folder import Classroom  # noqa: E402
from autograder.classroom.gradebook import sync  # noqa: E402
from autograder.classroom.grader import Grader  # noqa: E402
from autograder.classroom.releases import Shelf  # noqa: E402
from autograder.classroom.releasing import release  # noqa: E402
from autograder.course.cells import answered, reference_answers  # noqa: E402
from autograder.course.notebooks import notebook_bytes  # noqa: E402
from autograder.engine import Engine, Limits  # noqa: E402
from autograder.grading.corpus import stored_answers  # noqa: E402
from autograder.grading.release import Release  # noqa: E402
from autograder.grading.workers import LocalWorkers  # noqa: E402
from autograder.results import FAULTS  # noqa: E402

CHAPTER = "09_multi_head"
HOSTILE_EVERY = 20
WEB_PAGE = b"<!DOCTYPE html><html><title>404</title></html>"


@dataclass
class Measured:
    """One class, graded. Times in seconds; `start` is the templates'."""

    kind: str
    submissions: int
    seconds: float
    start: float
    cpu: float
    coordinator_cpu: float
    busy: float  # CPU time of ours over wall time times workers, after the start
    machine_busy: float  # the same of the whole machine, over all its cores
    peak_mb: float
    again: float  # a second run, that has nothing to do
    honest: int
    differing: int
    faults: int


def main() -> None:
    """Make each class, grade it in a process of its own, write the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 300, 1000])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="write results/class.md")
    parser.add_argument("--grade", nargs=2, metavar=("FOLDER", "KIND"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.grade:
        folder, kind = options.grade
        print(json.dumps(asdict(grade_class(Path(folder), kind, options.workers))))
        return
    table = markdown(measure(options.sizes, options.workers), options.workers)
    print(table)
    if options.write:
        (HERE / "results").mkdir(exist_ok=True)
        (HERE / "results" / "class.md").write_text(table)


def measure(sizes: list[int], workers: int) -> list[Measured]:
    """Each size, clean and with hostile submissions."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="benchmark-") as scratch:
        template = Classroom.create(Path(scratch) / "empty")
        release(template, [CHAPTER])
        for size in sizes:
            for kind in ("clean", "hostile"):
                folder = Path(scratch) / f"{kind}{size}"
                make_class(template, folder, size, with_hostile=kind == "hostile")
                rows.append(grade_in_own_process(folder, kind, workers))
                print(rows[-1], file=sys.stderr)
    return rows


def make_class(template: Classroom, folder: Path, size: int, *, with_hostile: bool) -> Classroom:
    """A copy of a released class in which `size` learners have handed in."""
    subprocess.run(["cp", "-a", template.folder, folder], check=True)
    classroom = Classroom.open(folder)
    released = Shelf(classroom, CHAPTER).current
    honest, hostile = honest_notebooks(released), cycle(hostile_files(released))
    for number in range(size):
        if number % HOSTILE_EVERY == HOSTILE_EVERY - 1:
            if not with_hostile:
                continue
            student, content = f"hostile-{number:05}", next(hostile)
        else:
            kind = number % len(honest)
            student, content = f"honest-{kind:03}-{number:05}", honest[kind]
        path = classroom.notebook("submitted", CHAPTER, student)
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    return classroom


def honest_notebooks(released: Release) -> list[bytes]:
    """The right answers and every stored wrong one, as learners' files."""
    right = reference_answers(released.teacher)
    others = [
        right | {exercise: source}
        for kind in ("right", "wrong")
        for exercise in released.exports
        for source in stored_answers(kind, exercise).values()
    ]
    return [notebook_bytes(answered(released.learner, one)) for one in [right, *others]]


def hostile_files(released: Release) -> list[bytes]:
    """Every recipe of the hostile corpus as the answer to the first exercise; and broken files."""
    first = next(iter(released.exports))
    right = reference_answers(released.teacher)
    whole = notebook_bytes(answered(released.learner, right))
    files = [whole[: len(whole) // 2], b"", WEB_PAGE, b"[]", whole.replace(b'"cells"', b'"sells"')]
    for recipe in RECIPES:
        source = re.sub(r"\bsoftmax\([^)]*\):", f"{first}(x, *more, **named):", recipe.source)
        source = f"# exercise: {first}\n{source}"
        files.append(notebook_bytes(answered(released.learner, right | {first: source})))
    broken, recipes = files[:5], files[5:]
    step = len(recipes) // len(broken)
    return [f for i, b in enumerate(broken) for f in [b, *recipes[i * step : (i + 1) * step]]]


def grade_in_own_process(folder: Path, kind: str, workers: int) -> Measured:
    """Its peak of memory is then the coordinator's own."""
    command = [sys.executable, str(HERE / "class.py"), "--workers", str(workers)]
    command += ["--grade", str(folder), kind]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def grade_class(folder: Path, kind: str, workers: int) -> Measured:
    """What `autograder grade` does, timed, and done a second time."""
    classroom = Classroom.open(folder)
    started, cpu_before, machine_before = time.perf_counter(), own_cpu(), machine_cpu()
    engine = TimedEngine(workers=workers, limits=Limits(), seed=classroom.seed)
    grader = Grader(classroom, Limits(), lambda: LocalWorkers(engine))
    n_graded = sum(1 for _ in grader.grade(grader.jobs([CHAPTER], [])))
    sync(classroom, grader.ledger.results(CHAPTER))
    ended, machine_after = time.perf_counter(), machine_cpu()
    start = engine.start_seconds
    coordinator_cpu = own_cpu() - cpu_before
    cpu = coordinator_cpu + engine.end_cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began_again = time.perf_counter()
    assert grader.jobs([CHAPTER], []) == []
    assert sync(classroom, grader.ledger.results(CHAPTER)) == []
    again = time.perf_counter() - began_again
    results = grader.ledger.results(CHAPTER)
    honest, differing = compare(classroom, results)
    return Measured(
        kind=kind,
        submissions=n_graded,
        seconds=ended - started,
        start=start,
        cpu=cpu,
        coordinator_cpu=coordinator_cpu,
        busy=(cpu - engine.start_cpu) / (workers * (ended - started - start)),
        machine_busy=busy_share(machine_before, machine_after),
        peak_mb=peak,
        again=again,
        honest=honest,
        differing=differing,
        faults=sum(result.outcome in FAULTS for result in results),
    )


class TimedEngine(Engine):
    """An engine that notes its start, and what its templates and rooms have used."""

    start_seconds = start_cpu = end_cpu = 0.0

    def __enter__(self) -> "TimedEngine":
        """Start it."""
        began = time.perf_counter()
        super().__enter__()
        self.start_seconds, self.start_cpu = time.perf_counter() - began, self.cpu_seconds
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.end_cpu = self.cpu_seconds
        super().__exit__()


def compare(classroom: Classroom, results: list) -> tuple[int, int]:
    """(honest submissions, those whose scores are not what their notebook gets alone)."""
    honest = [result for result in results if result.student.startswith("honest-")]
    kinds = {result.student.split("-")[1]: result.student for result in honest}
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        alone = Classroom(Path(folder))
        for name in ("autograder.toml", "source"):
            subprocess.run(["cp", "-a", classroom.folder / name, folder], check=True)
        for kind, student in kinds.items():
            path = alone.notebook("submitted", CHAPTER, kind)
            path.parent.mkdir(parents=True)
            path.write_bytes(classroom.notebook("submitted", CHAPTER, student).read_bytes())
        grader = Grader(alone, Limits(), lambda: LocalWorkers(Engine(workers=1, seed=alone.seed)))
        truth = {r.student: scores(r) for r in grader.grade(grader.jobs([CHAPTER], []))}
    differing = [r for r in honest if scores(r) != truth[r.student.split("-")[1]]]
    for result in differing:
        print(f"differs: {result}", file=sys.stderr)
    return len(honest), len(differing)


def scores(result) -> dict[str, float]:
    """Test -> score."""
    return {test.grade_id: test.score for test in result.tests}


def own_cpu() -> float:
    """CPU seconds of this process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def machine_cpu() -> list[int]:
    """The machine's ticks by what they were spent on."""
    with open("/proc/stat") as file:
        return [int(word) for word in file.readline().split()[1:9]]


def busy_share(before: list[int], after: list[int]) -> float:
    """Of all cores' time, what was neither idle nor spent waiting for a disk."""
    spent = [b - a for a, b in zip(before, after, strict=True)]
    return 1 - (spent[3] + spent[4]) / sum(spent)


def markdown(rows: list[Measured], workers: int) -> str:
    """The table."""
    lines = [
        f"`python benchmarks/class.py --write` makes this table: {CHAPTER}, {workers} workers on "
        f"{len(os.sched_getaffinity(0))} cores, Python {sys.version.split()[0]}. Times include "
        "the templates' start, the ledger and the gradebook; busy shares do not include the "
        "start. A hostile submission may use up its limits: 10 s a cell, 60 s in all.\n",
        "| class | submissions | wall s | start s | ms each | CPU ms each | coordinator's "
        "| our busy share | machine busy | coordinator peak MB | second run s "
        "| honest scores that differ | faults |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {r.kind} | {r.submissions} | {r.seconds:.0f} | {r.start:.1f} "
        f"| {1000 * (r.seconds - r.start) / r.submissions:.0f} "
        f"| {1000 * r.cpu / r.submissions:.0f} | {1000 * r.coordinator_cpu / r.submissions:.1f} "
        f"| {r.busy:.0%} | {r.machine_busy:.0%} | {r.peak_mb:.0f} | {r.again:.1f} "
        f"| {r.differing} of {r.honest} | {r.faults} |"
        for r in rows
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
