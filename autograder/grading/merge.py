"""Our release plus the learner's answers: the notebook that is graded.

The teacher's notebook gives every cell and its order. From the submission comes only what a
learner may write: answers, edits of story cells, and extra cells, which stay before the next
cell of ours. An answer is found by its grade_id, then by its marker line, then by the names
that it defines; what was doubtful is said in `flags`.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.course.cells import (
    Role,
    copy_of,
    defined_names,
    exported_names,
    is_answer,
    is_test,
    role_of,
)
from autograder.grading.parse import Rejected, Submission, SubmittedCell
from autograder.grading.score import explanation_cells

MARKER = re.compile(r"^#\s*(?:exercise|test):\s*(\w+)\b", re.MULTILINE)


@dataclass
class Merged:
    """A notebook ready to be run, and what a person should know about it."""

    notebook: NotebookNode
    answered: list[str] = field(default_factory=list)  # grade_ids that are not the stub
    flags: list[str] = field(default_factory=list)
    opening: list[str] = field(default_factory=list)  # ids, see opening_of


def merge(
    teacher: NotebookNode,
    learner: NotebookNode,
    submission: Submission,
    explained: Collection[str] = (),
) -> Merged:
    """Put a submission's answers into the teacher's notebook.

    teacher: the notebook with reference answers and hidden tests; learner: the same, as
    released; explained: the exercises whose mistakes can be found out, by a cell at the end.
    Raises Rejected where the submission is another notebook.
    """
    stubs = {cell.id: cell.source for cell in learner.cells}
    places = _places(teacher, submission, stubs)
    if not any(places.values()) or set(places) == {None}:
        raise Rejected("This notebook holds no cell of this chapter: is it another file?")
    merged = _assemble(teacher, stubs, places)
    merged.notebook.cells += explanation_cells(teacher, explained)
    merged.opening = opening_of(merged.notebook, teacher)
    return merged


def opening_of(notebook: NotebookNode, teacher: NotebookNode) -> list[str]:
    """The ids of the code cells before the first exercise, if all are the teacher's to the letter.

    Cells that are not run do not count. Empty where a learner has changed or added a cell: what
    is ours alone may run once for all, and nothing else may.
    """
    ours = {cell.id: cell.source for cell in teacher.cells}
    opening: list[str] = []
    for cell in notebook.cells:
        if cell.cell_type != "code" or role_of(cell) is Role.DEMO:
            continue
        if is_answer(cell) or is_test(cell):
            return opening
        if ours.get(cell.id) != cell.source:
            return []
        opening.append(cell.id)
    return []


def exercises_in(submission: Submission) -> set[str]:
    """The exercises that a submission names, by marker line or metadata."""
    named = {cell.grade_id for cell in submission.code if cell.grade_id}
    return named | {name for cell in submission.code for name in MARKER.findall(cell.source)}


def _places(
    teacher: NotebookNode, submission: Submission, stubs: dict[str, str]
) -> dict[str | None, list[SubmittedCell]]:
    """For each of our cells, the submitted cells that belong to it or follow it, in order.

    The key None holds what stands before the first cell of ours that was found.
    """
    ours = {cell.id: cell for cell in teacher.cells if cell.cell_type == "code"}
    by_source = {source: cell_id for cell_id, source in stubs.items() if cell_id in ours}
    places: dict[str | None, list[SubmittedCell]] = {None: []}
    current: str | None = None
    for cell in submission.code:
        found = _identify(cell, ours, by_source)
        current = found or current
        places.setdefault(current, []).append(replace(cell, id=found or ""))
    return places


def _identify(cell: SubmittedCell, ours: Collection[str], by_source: dict[str, str]) -> str | None:
    """Which of our cells is this? By grade_id, marker, id, or unchanged source."""
    marked: list[str] = [name for name in MARKER.findall(cell.source) if name in ours]
    for name in (cell.grade_id, *marked[:1], cell.id, by_source.get(cell.source)):
        if name and name in ours:
            return name
    return None


def _assemble(
    teacher: NotebookNode, stubs: dict[str, str], places: dict[str | None, list[SubmittedCell]]
) -> Merged:
    merged = Merged(copy_of(teacher))
    moved = _strays(teacher, stubs, places)
    merged.flags += [f"{exercise}: the answer stood in another cell" for exercise in moved]
    taken = {id(cell) for group in moved.values() for cell in group}
    cells = _extras(places.get(None, []), "top", taken)
    for cell in merged.notebook.cells:
        submitted = places.get(cell.id, [])
        own = [c for c in submitted if c.id == cell.id]
        if is_answer(cell):
            cells += _answer(cell, stubs[cell.id], moved.get(cell.id, own), merged)
        elif own and _is_open(cell):
            cell.source = own[-1].source
        if not is_answer(cell):
            cells.append(cell)
        cells += _extras([c for c in submitted if c.id != cell.id], cell.id, taken)
    merged.notebook.cells = cells
    return merged


def _strays(
    teacher: NotebookNode, stubs: dict[str, str], places: dict[str | None, list[SubmittedCell]]
) -> dict[str, list[SubmittedCell]]:
    """Answers in cells that are not theirs: exercise -> the cells to put in its place."""
    found: dict[str, list[SubmittedCell]] = {}
    for exercise, names in exported_names(teacher).items():
        own = [c for c in places.get(exercise, []) if c.id == exercise]
        if any(c.source.strip() != stubs[exercise].strip() for c in own):
            continue
        extras = [c for group in places.values() for c in group if not c.id]
        strays = [c for c in extras if names and set(names) <= defined_names(c.source)]
        if strays:
            found[exercise] = strays
    return found


def _answer(
    cell: NotebookNode, stub: str, submitted: list[SubmittedCell], merged: Merged
) -> list[NotebookNode]:
    """The answer cell of an exercise; where several claim to be it, all run, the last wins."""
    exercise = cell.metadata.nbgrader.grade_id
    written = [c for c in submitted if c.source.strip() != stub.strip()]
    if len(written) > 1:
        merged.flags.append(f"{exercise}: {len(written)} cells claim to be the answer")
    if written:
        merged.answered.append(exercise)
    cell.source = written[-1].source if written else stub
    return [*_extras(written[:-1], f"{exercise}-part", set()), cell]


def _extras(cells: list[SubmittedCell], place: str, taken: set[int]) -> list[NotebookNode]:
    """Cells of the learner's own: they carry no metadata, so they can claim nothing."""
    extras = []
    for number, cell in enumerate(cells):
        if id(cell) not in taken:
            extras.append(nbformat.v4.new_code_cell(cell.source))
            extras[-1].id = f"extra-{place[:48]}-{number}"
    return extras


def _is_open(cell: NotebookNode) -> bool:
    """Is this a story cell of ours, which a learner may edit?"""
    locked = cell.metadata.get("nbgrader", {}).get("locked")
    return cell.cell_type == "code" and not locked and not is_test(cell)
