"""Run the book's notebooks in the warm engine, side by side; Jupyter Book finds their outputs.

They go into the cache that MyST-NB looks in (jupyter-cache), so a page that the engine did not run
is run by MyST-NB itself, one after the other.
"""

import copy
import hashlib
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from importlib.metadata import version
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from nbformat.notebooknode import NotebookNode
from rich.console import Console
from rich.progress import Progress

from autograder.course.source import STYLE_IMPORT
from autograder.engine import Engine, Limits, Run
from autograder.errors import SourceError
from autograder.site.page import read

# For code of our own: nothing here is meant to stop a chapter.
LIMITS = Limits(
    seconds=600,
    total_seconds=1200,
    memory=16 * 2**30,
    disk=2**30,
    output_bytes=64 * 2**20,
    outputs=2000,
)
WHAT_OUTPUTS_DEPEND_ON = ("numpy", "torch", "matplotlib", "ipython")


def execute_book(book: Path, cache_folder: Path) -> dict[str, float]:
    """Run every page whose outputs are not at hand. Returns the seconds of each that ran.

    Raises SourceError where a cell fails, EngineFault where the engine does.
    """
    if sys.platform != "linux":
        return {}  # no engine: MyST-NB runs the pages
    forget_outdated(book, cache_folder)
    cache = get_cache(str(cache_folder))
    waiting = {}
    for source in sorted(book.glob("*.py"), reverse=True):  # the later chapters take longest
        page = read(source.read_text("utf-8"))
        if not _is_cached(cache, page):
            waiting[source] = page
    seconds = {}
    if waiting:
        with Progress(console=Console(stderr=True)) as progress:
            bar = progress.add_task("Running the chapters", total=len(waiting))
            for source, run in run_pages(book, waiting):
                _keep(cache, source, waiting[source], run)
                seconds[source.stem] = run.seconds
                progress.advance(bar)
    return seconds


def forget_outdated(book: Path, cache_folder: Path) -> None:
    """Empty the cache if something changed that its keys, the cells' sources, do not show."""
    digest = hashlib.sha256()
    for name in WHAT_OUTPUTS_DEPEND_ON:
        digest.update(f"{name} {version(name)} ".encode())
    for path in [book / "figures" / "style.py", *sorted((book / "data").iterdir())]:
        digest.update(path.read_bytes() if path.is_file() else b"")
    stamp = cache_folder / "depends_on"
    if stamp.is_file() and stamp.read_text() == digest.hexdigest():
        return
    shutil.rmtree(cache_folder, ignore_errors=True)
    cache_folder.mkdir(parents=True)
    stamp.write_text(digest.hexdigest())


def _is_cached(cache: JupyterCacheAbstract, page: NotebookNode) -> bool:
    try:
        cache.match_cache_notebook(page)
    except KeyError:
        return False
    return True


def run_pages(book: Path, pages: dict[Path, NotebookNode]) -> Iterator[tuple[Path, Run]]:
    """Run pages side by side, one on each core; each as it is done."""
    style = (book / "figures" / "style.py").read_text("utf-8")
    with (
        Engine(limits=LIMITS, isolation="none", files=book / "data") as engine,
        ThreadPoolExecutor(engine.workers) as pool,
    ):
        running = {
            pool.submit(engine.run_trusted, _without_imports_of_ours(page, style)): source
            for source, page in pages.items()
        }
        for future in as_completed(running):
            yield running[future], future.result()


def _without_imports_of_ours(page: NotebookNode, style: str) -> NotebookNode:
    """What runs of a page: its cells but the stubs, with the figures' style written out."""
    notebook = copy.deepcopy(page)
    notebook.cells = [cell for cell in notebook.cells if _runs(cell)]
    for cell in notebook.cells:
        cell.source = cell.source.replace(STYLE_IMPORT, style)
    return notebook


def _runs(cell: NotebookNode) -> bool:
    return "skip-execution" not in cell.metadata.get("tags", [])


def _keep(cache: JupyterCacheAbstract, source: Path, page: NotebookNode, run: Run) -> None:
    """Put the outputs into the page, and the page into the cache."""
    for cell in run.notebook.cells:
        failed = cell.cell_type == "code" and run.cells[cell.id].status != "ok"
        if failed and "raises-exception" not in cell.metadata.get("tags", []):
            result = run.cells[cell.id]
            raise SourceError(source, _line_of(source, cell), f"{result.status}: {result.error}")
    ran = {cell.id: cell for cell in run.notebook.cells}
    executed = copy.deepcopy(page)
    for cell in executed.cells:
        if cell.cell_type == "code" and cell.id in ran:
            cell.outputs = ran[cell.id].outputs
            cell.execution_count = ran[cell.id].execution_count
    bundle = CacheBundleIn(executed, str(source), data={"execution_seconds": run.seconds})
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def _line_of(source: Path, cell: NotebookNode) -> int:
    """Where a cell's first line stands in its file; 1 if it cannot be told."""
    first = cell.source.partition("\n")[0]
    lines = source.read_text("utf-8").splitlines()
    return lines.index(first) + 1 if first in lines else 1
