"""What `diagnose` takes for an answer, and how often it names a stored mistake.

    python benchmarks/diagnose.py [--repeat 3] [--write] [EXERCISE …]

Every stored right and wrong answer of every exercise is diagnosed as a learner's would be, in a
process that has imported torch. With --write, the table goes to results/diagnose.md.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import torch  # noqa: F401 - a notebook has it, and it makes a fork dearer

from autograder.checks import diagnose
from autograder.exercises import exercise_names, load_answers

TABLE = Path(__file__).parent / "results" / "diagnose.md"


@dataclass
class Measured:
    """One exercise: milliseconds of each diagnosis, and how many mistakes got their own name."""

    exercise: str
    right: list[float] = field(default_factory=list)
    wrong: list[float] = field(default_factory=list)
    n_wrong: int = 0
    named: int = 0

    def row(self) -> str:
        """The line of the table."""
        times = [f"{f(ms):.0f}" for ms in (self.right, self.wrong) for f in (median, max)]
        share = f"{self.named} of {self.n_wrong} ({self.named / self.n_wrong:.0%})"
        return f"| {' | '.join([self.exercise, *times, share])} |"


def main() -> None:
    """Measure, print the table, and write it if asked."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("exercises", nargs="*", metavar="EXERCISE", help="all if none")
    parser.add_argument("--repeat", type=int, default=3, help="diagnoses of each answer")
    parser.add_argument("--write", action="store_true", help=f"write {TABLE.name} too")
    options = parser.parse_args()
    rows = [measure(name, options.repeat) for name in options.exercises or exercise_names()]
    table = markdown(rows)
    print(table)
    if options.write:
        TABLE.parent.mkdir(exist_ok=True)
        TABLE.write_text(table)


def measure(exercise: str, repeat: int) -> Measured:
    """Diagnose every stored answer some times; the first right one once more, to warm up."""
    row = Measured(exercise)
    right = load_answers("right", exercise)
    diagnose(exercise, next(iter(right.values())))
    for function in right.values():
        row.right += [timed(exercise, function)[0] for _ in range(repeat)]
    for name, function in load_answers("wrong", exercise).items():
        runs = [timed(exercise, function) for _ in range(repeat)]
        row.wrong += [milliseconds for milliseconds, _ in runs]
        row.named += all(mistake == name for _, mistake in runs)
        row.n_wrong += 1
    return row


def timed(exercise: str, function: Callable) -> tuple[float, str | None]:
    """Milliseconds of wall time, and the mistake that was named."""
    started = time.perf_counter()
    report = diagnose(exercise, function)
    return 1000 * (time.perf_counter() - started), report.mistake


def markdown(rows: list[Measured]) -> str:
    """The table, with all exercises together in the last line."""
    together = Measured(
        "**all**",
        [ms for row in rows for ms in row.right],
        [ms for row in rows for ms in row.wrong],
        sum(row.n_wrong for row in rows),
        sum(row.named for row in rows),
    )
    lines = [
        f"Measured on {len(os.sched_getaffinity(0))} cores, "
        f"Python {sys.version.split()[0]}; `python benchmarks/diagnose.py --write` repeats it.",
        "Milliseconds of wall time for one `diagnose`. An answer that never ends is stopped after "
        "2 s.\n",
        "| exercise | right: median | right: most | wrong: median | wrong: most "
        "| named by its own name |",
        "|---|---|---|---|---|---|",
        *(row.row() for row in [*rows, together]),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
