"""Seconds of each page that runs: in the warm engine, and by stock execution.

    python benchmarks/chapters.py [--write] [PAGE …]

The same pages go through both in one run: side by side in the warm engine, as the book is built,
and one after the other in a fresh kernel each, as MyST-NB would run them. With --write, the table
goes to results/chapters.md.
"""

import argparse
import os
import sys
import time
from pathlib import Path

from nbclient import NotebookClient
from nbformat.notebooknode import NotebookNode

from autograder.paths import project_root
from autograder.site.execute import LIMITS, run_pages
from autograder.site.page import read

TABLE = Path(__file__).parent / "results" / "chapters.md"
BOOK = project_root() / "book"
ROOM = 30  # seconds that a cold build may take beyond its slowest chapter


def main() -> None:
    """Measure both ways, print the table, and write it if asked."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pages", nargs="*", metavar="PAGE", help="by stem, 04_softmax; all if none")
    parser.add_argument("--write", action="store_true", help=f"write {TABLE.name} too")
    options = parser.parse_args()
    warm, warm_whole = in_warm_engine(pages_of(options.pages))
    stock, stock_whole = in_fresh_kernels(pages_of(options.pages))
    table = markdown(warm, warm_whole, stock, stock_whole)
    print(table)
    if options.write:
        TABLE.parent.mkdir(exist_ok=True)
        TABLE.write_text(table)


def pages_of(stems: list[str]) -> dict[Path, NotebookNode]:
    """The pages as the book's builder sees them, the later ones first."""
    sources = [BOOK / f"{stem}.py" for stem in stems] or list(BOOK.glob("*.py"))
    return {source: read(source.read_text("utf-8")) for source in sorted(sources, reverse=True)}


def in_warm_engine(pages: dict[Path, NotebookNode]) -> tuple[dict[str, float], float]:
    """Seconds of each page, and of all together with the engine's start."""
    seconds, started = {}, time.perf_counter()
    for source, run in run_pages(BOOK, pages):
        failed = [result.error for result in run.cells.values() if result.status != "ok"]
        assert not failed, f"{source.stem}: {failed[0]}"
        seconds[source.stem] = run.seconds
    return seconds, time.perf_counter() - started


def in_fresh_kernels(pages: dict[Path, NotebookNode]) -> tuple[dict[str, float], float]:
    """Seconds of each page with its kernel's start, and of all together."""
    seconds, began = {}, time.perf_counter()
    for source, page in pages.items():
        started = time.perf_counter()
        where = {"metadata": {"path": str(BOOK)}}
        client = NotebookClient(
            page, timeout=LIMITS.seconds, kernel_name="python3", resources=where
        )
        client.execute()
        seconds[source.stem] = time.perf_counter() - started
    return seconds, time.perf_counter() - began


def markdown(
    warm: dict[str, float], warm_whole: float, stock: dict[str, float], stock_whole: float
) -> str:
    """The table, then a cold build beside its bound."""
    lines = [
        f"Measured on {len(os.sched_getaffinity(0))} cores, "
        f"Python {sys.version.split()[0]}; `python benchmarks/chapters.py --write` repeats it.",
        "Seconds; in the warm engine as many pages at once as there are cores, "
        "stock execution one page after the other.\n",
        "| page | warm engine | stock execution |",
        "|---|---|---|",
        *(f"| {page} | {warm[page]:.1f} | {stock[page]:.1f} |" for page in sorted(warm)),
        f"| **all, from cold** | {warm_whole:.1f} | {stock_whole:.1f} |",
        f"| the slowest page + {ROOM} s | {bound(warm):.1f} | {bound(stock):.1f} |",
        f"| kept? | {kept(warm, warm_whole)} | {kept(stock, stock_whole)} |",
    ]
    return "\n".join(lines) + "\n"


def bound(seconds: dict[str, float]) -> float:
    """The longest that a cold run of all pages should take."""
    return max(seconds.values()) + ROOM


def kept(seconds: dict[str, float], whole: float) -> str:
    """Is the bound kept?"""
    return "yes" if whole <= bound(seconds) else "no"


if __name__ == "__main__":
    main()
