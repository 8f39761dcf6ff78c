"""A whole notebook of ours in one room: the book's own chapters, and the audit."""

import time

from nbformat import NotebookNode

from autograder.course.cells import copy_of, is_graded
from autograder.engine.host.limits import Limits
from autograder.engine.host.rooms import ForkedRoom, RoomEnded, RoomHandle
from autograder.engine.host.run import CellResult, Run, ended_output
from autograder.engine.host.warm import Template
from autograder.engine.seeds import seed_of


def run_in_one_room(
    template: Template,
    notebook: NotebookNode,
    limits: Limits,
    sealed: bool,
    seed: int,
    isolation: str,
) -> Run:
    """Run all code cells in order, demos included. Raises EngineFault, IsolationError."""
    started = time.monotonic()
    run = Run(copy_of(notebook), isolation)
    last_moment = started + limits.total_seconds
    room = ForkedRoom(template, limits, sealed=sealed, figures=True)
    try:
        code = (cell for cell in run.notebook.cells if cell.cell_type == "code")
        for count, cell in enumerate(code, start=1):
            run.cells[cell.id] = _run_cell(room, cell, count, seed, limits, last_moment)
    finally:
        run.cpu_seconds = room.close()
    run.seconds = time.monotonic() - started
    run.learner_cpu_seconds = run.cpu_seconds
    return run


def _run_cell(
    room: RoomHandle, cell: NotebookNode, count: int, seed: int, limits: Limits, last_moment: float
) -> CellResult:
    cell.outputs, cell.execution_count = [], count
    cell_seed = seed_of(seed, cell.id) if is_graded(cell) else None
    command = {"source": cell.source, "seed": cell_seed, "names": [], "peer_seed": 0}
    deadline = min(time.monotonic() + limits.seconds, last_moment)
    try:
        report = room.report(room.start(command), deadline)
    except RoomEnded as ended:
        cell.outputs = [ended_output(ended.status, ended.reason)]
        return CellResult(ended.status, limits.seconds, ended.reason)
    cell.outputs = report.outputs
    for output in cell.outputs:
        if output.output_type == "execute_result":
            output.execution_count = count
    return report.test_result()
