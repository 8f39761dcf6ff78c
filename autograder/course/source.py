"""Read one chapter: a percent script becomes notebook cells, or an error with file and line."""

import hashlib
import json
import re
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.course import stops
from autograder.course.cells import is_answer, is_test, reference_answers
from autograder.errors import SourceError
from autograder.paths import site_address

HAND_IN = (
    "## Before you hand in\n\n"
    "Run all cells from the top, then the last one.\n"
    "It says what is still empty and which visible checks pass, and writes a receipt."
)
SITE_PLACE = 'SITE = "the address of this book"  # the notebook that you download has it'
STYLE_IMPORT = "from figures.style import *"
PAGE_LINK = re.compile(r"\]\((\w+)\.(?:md|py)(#[\w-]+)?\)")  # a page of the book
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
SHORT_NBGRADER_KEYS = {"grade_id", "solution", "locked", "points"}
PAIRED_MARKERS = ("SOLUTION", "HIDDEN TESTS")
METADATA_ORDER = ("alt", "nbgrader", "recall", "tags")


def read_chapter(path: Path) -> NotebookNode:
    """The teacher's notebook of a chapter, style inlined, ids and metadata spelt out.

    Raises SourceError naming file and line where the source breaks a rule.
    """
    notebook = read_text(path.read_text(encoding="utf-8"), path)
    style = path.parent / "figures" / "style.py"
    page = f"{site_address()}/{path.stem}.html"
    for before, cell in pairwise([None, *notebook.cells]):
        if cell.cell_type == "markdown":
            if before and _is_live(before):
                cell.source = _with_live_link(cell.source, page)
            cell.source = PAGE_LINK.sub(rf"]({site_address()}/\1.html\2)", cell.source)
        if cell.source.strip() == STYLE_IMPORT:
            cell.source = style.read_text(encoding="utf-8").strip()
            cell.metadata["jupyter"] = {"source_hidden": True}
            cell.id = "style"
        if stops.IMPORT in cell.source:
            cell.source = cell.source.replace(stops.IMPORT, stops.written_out())
        cell.source = cell.source.replace(SITE_PLACE, f'SITE = "{site_address()}"')
        if is_test(cell):
            cell.source = f"{_test_line(cell)}\n{cell.source}"
    if reference_answers(notebook):
        notebook.cells += _closing_cells(path.stem, notebook)
    return notebook


def read_text(text: str, path: Path | str = "<chapter>") -> NotebookNode:
    """The cells of a percent script; `path` only names the file in errors."""
    import jupytext  # here, so that a class can be released without

    script = jupytext.reads(text, fmt="py:percent")
    lines = _cell_lines(text, path)
    if len(lines) != len(script.cells):
        raise SourceError(path, 1, "text before the first `# %%` line: start the file with a cell")
    cells = [_cell(cell, path, line) for cell, line in zip(script.cells, lines, strict=True)]
    _check_ids(cells, lines, path)
    _give_ids(cells)
    metadata = json.loads(json.dumps(KERNEL))
    notebook: NotebookNode = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    return notebook


def has_exercise(source: Path) -> bool:
    """Whether a chapter asks for an answer; one that does not is no assignment of a class."""
    text = source.read_text(encoding="utf-8")
    return re.search(r"^# exercise: \w+$", text, re.MULTILINE) is not None


def _is_live(cell: NotebookNode) -> bool:
    """Is this the still picture of a figure that moves on the page?"""
    return any(tag.startswith("live:") for tag in cell.metadata.get("tags", []))


def _with_live_link(caption: str, page: str) -> str:
    """A caption that says where the figure can be moved."""
    first, *rest = caption.split("\n\n", 1)
    return "\n\n".join([f"{first}\n[On the page you can move it.]({page})", *rest])


def _test_line(cell: NotebookNode) -> str:
    """Line 1 of a test cell in the notebooks: its name outlives lost metadata."""
    points = cell.metadata.nbgrader.points
    return f"# test: {cell.id} ({points:g} {'point' if points == 1 else 'points'})"


def _closing_cells(chapter: str, notebook: NotebookNode) -> list[NotebookNode]:
    """The last two cells of a notebook with an exercise: before you hand in."""
    text = files("autograder").joinpath("templates/receipt.py").read_text("utf-8")
    tests = [cell.id for cell in notebook.cells if is_test(cell)]
    exercises = list(reference_answers(notebook))
    text = text.replace("EXERCISES", repr(exercises)).replace("TESTS", repr(tests))
    code = nbformat.v4.new_code_cell(text.replace("CHAPTER", chapter).strip())
    code.metadata["tags"] = ["demo"]
    words = nbformat.v4.new_markdown_cell(HAND_IN)
    words.id, code.id = "hand-in", "receipt"
    return [words, code]


def _cell_lines(text: str, path: Path | str) -> list[int]:
    """The line number of each `# %%` marker."""
    return [
        number
        for number, line in enumerate(text.splitlines(), start=1)
        if re.match(r"# %%(\s|$)", line)
    ]


def _cell(cell: NotebookNode, path: Path | str, line: int) -> NotebookNode:
    source = cell.source.strip("\n")
    known = {key: cell.metadata[key] for key in METADATA_ORDER if key in cell.metadata}
    unknown = set(cell.metadata) - set(known) - {"lines_to_next_cell"}  # jupytext's own note
    if unknown:
        raise SourceError(path, line, f"unknown cell metadata {sorted(unknown)}")
    _check_markers(source, path, line)
    if "nbgrader" in known:
        known["nbgrader"] = _spell_out(known["nbgrader"], source, path, line)
    elif "### BEGIN" in source:
        raise SourceError(path, line, "an answer or a hidden test in a cell with no `nbgrader=`")
    made: NotebookNode
    if cell.cell_type == "markdown":
        made = nbformat.v4.new_markdown_cell(source, metadata=known)
    else:
        made = nbformat.v4.new_code_cell(source, metadata=known)
    return made


def _spell_out(short: dict[str, Any], source: str, path: Path | str, line: int) -> dict[str, Any]:
    """nbgrader's full cell metadata from the short form of a chapter source."""
    unknown = set(short) - SHORT_NBGRADER_KEYS
    if unknown:
        raise SourceError(path, line, f"unknown nbgrader key {sorted(unknown)}")
    if not short.get("grade_id"):
        raise SourceError(path, line, "an nbgrader cell with no grade_id: name its function")
    grade_id, solution = short["grade_id"], bool(short.get("solution"))
    if solution and "points" in short:
        raise SourceError(path, line, f"{grade_id}: points belong to a test cell, not to an answer")
    if solution and not source.startswith(f"# exercise: {grade_id}\n"):
        raise SourceError(path, line, f"line 1 of this cell must be `# exercise: {grade_id}`")
    if solution and "### BEGIN SOLUTION" not in source:
        raise SourceError(path, line, f"{grade_id}: no `### BEGIN SOLUTION` in an answer cell")
    if "points" in short and not re.search(r"^\s*(assert|require|raise)\b", source, re.MULTILINE):
        raise SourceError(path, line, f"{grade_id}: points without a test: no assert, no require")
    full = {
        "grade": "points" in short,
        "grade_id": grade_id,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return full | ({"points": short["points"]} if "points" in short else {})


def _check_markers(source: str, path: Path | str, line: int) -> None:
    """Every BEGIN has its END, in order, and none is nested."""
    for marker in PAIRED_MARKERS:
        open_line = None
        for offset, text in enumerate(source.splitlines(), start=1):
            begins, ends = f"BEGIN {marker}" in text, f"END {marker}" in text
            if (begins and open_line) or (ends and not open_line):
                kind = "BEGIN" if begins else "END"
                raise SourceError(path, line + offset, f"unbalanced marker: {kind} {marker}")
            open_line = line + offset if begins else None if ends else open_line
        if open_line:
            raise SourceError(path, open_line, f"unbalanced marker: BEGIN {marker} has no END")


def _check_ids(cells: list[NotebookNode], lines: list[int], path: Path | str) -> None:
    """No grade_id twice, and every exercise has points."""
    seen: dict[str, int] = {}
    for cell, line in zip(cells, lines, strict=True):
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id in seen:
            raise SourceError(path, line, f"grade_id {grade_id!r} again; first on {seen[grade_id]}")
        if grade_id:
            seen[grade_id] = line
    tested = [cell.metadata.nbgrader.grade_id for cell in cells if is_test(cell)]
    for cell in filter(is_answer, cells):
        name = cell.metadata.nbgrader.grade_id
        if not any(test.startswith(f"{name}_") for test in tested):
            raise SourceError(path, seen[name], f"{name}: no test cell named {name}_<fact>")


def _give_ids(cells: list[NotebookNode]) -> None:
    """A cell's id is its grade_id, or a hash of its source with a suffix for twins."""
    taken: set[str] = set()
    for cell in cells:
        digest = hashlib.sha256(cell.source.encode()).hexdigest()[:12]
        name = cell.metadata.get("nbgrader", {}).get("grade_id", digest)
        twin = 2
        while name in taken:
            name, twin = f"{digest}-{twin}", twin + 1
        taken.add(name)
        cell.id = name
