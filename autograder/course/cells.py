"""What a cell of our notebooks is: an answer, a test, set-up, or part of the story."""

import ast
import copy
import enum
import hashlib
import threading
from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode

_PARSING = threading.Lock()
MAX_PARSED = 100_000  # characters of a cell in which names are looked for


class Role(enum.Enum):
    """What a code cell is to whoever runs it, and so in which room it runs."""

    DEMO = "only shows something"
    TEST = "runs in the examiner's room"
    SETUP = "runs in both rooms"
    EXPLANATION = "runs in the examiner's room if a test that it explains has failed"
    LEARNER = "runs in the learner's room"


def role_of(cell: Mapping[str, Any]) -> Role:
    """The role of a code cell, read from the metadata of our own release."""
    metadata = cell["metadata"]
    if "demo" in metadata.get("tags", []):
        return Role.DEMO
    if "explains" in metadata:
        return Role.EXPLANATION
    marks = metadata.get("nbgrader", {})
    if marks.get("solution"):
        return Role.LEARNER
    if marks.get("grade"):
        return Role.TEST
    return Role.SETUP if marks.get("locked") else Role.LEARNER


def is_answer(cell: Mapping[str, Any]) -> bool:
    """Is this cell one that a learner fills in?"""
    return bool(cell["metadata"].get("nbgrader", {}).get("solution"))


def is_test(cell: Mapping[str, Any]) -> bool:
    """Is this a locked cell that gives points?"""
    nbgrader = cell["metadata"].get("nbgrader", {})
    return bool(nbgrader.get("grade")) and not nbgrader.get("solution")


def is_graded(cell: Mapping[str, Any]) -> bool:
    """Whether random numbers are seeded before the cell: an answer or a test."""
    marks = cell["metadata"].get("nbgrader", {})
    return bool(marks.get("solution") or marks.get("grade"))


def reference_answers(notebook: NotebookNode) -> dict[str, str]:
    """A notebook's answer cells, in order: exercise -> source."""
    return {
        cell.metadata.nbgrader.grade_id: cell.source for cell in notebook.cells if is_answer(cell)
    }


def answered(notebook: NotebookNode, answers: Mapping[str, str]) -> NotebookNode:
    """A copy of a notebook with these answer cells filled in: exercise -> source."""
    filled = copy.deepcopy(notebook)
    for cell in filled.cells:
        if is_answer(cell):
            cell.source = answers.get(cell.metadata.nbgrader.grade_id, cell.source)
    return filled


def exported_names(teacher: NotebookNode) -> dict[str, list[str]]:
    """The top-level names that each reference answer defines: exercise -> names."""
    return {
        exercise: sorted(defined_names(source))
        for exercise, source in reference_answers(teacher).items()
    }


def defined_names(source: str) -> set[str]:
    """The names that a cell's source defines at its top level; none if it does not parse."""
    names: set[str] = set()
    for node in _parsed(source):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            nodes = [n for target in targets for n in ast.walk(target)]
            names |= {n.id for n in nodes if isinstance(n, ast.Name)}
    return names


def used_names(source: str) -> set[str]:
    """The names that a cell's source reads anywhere; none if it does not parse."""
    nodes = [n for statement in _parsed(source) for n in ast.walk(statement)]
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def parse(source: str) -> ast.Module:
    """`ast.parse`, for any number of threads at once. Raises what it raises.

    CPython counts the depth of all trees under way in one place, and with two under way fails with
    a SystemError now and then: https://github.com/python/cpython/issues/106905
    """
    with _PARSING:
        return ast.parse(source)


def _parsed(source: str) -> list[ast.stmt]:
    lines = [line for line in source.splitlines() if not line.startswith(("%", "!"))]
    if len(source) > MAX_PARSED:
        return []
    try:
        return parse("\n".join(lines)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def receipt(answers: list[str]) -> str:
    """The hash that a notebook's last cell prints for these answers, in the chapter's order."""
    return hashlib.sha256("\n".join(a.strip() for a in answers).encode()).hexdigest()[:16]


def copy_of(notebook: NotebookNode) -> NotebookNode:
    """A notebook whose cells may be given other sources and outputs; it shares their metadata."""
    copied = copy.copy(notebook)
    copied.metadata = copy.copy(notebook.metadata)
    copied.cells = [copy.copy(cell) for cell in notebook.cells]
    return copied
