"""One notebook in two rooms, cell by cell."""

import time
from collections.abc import Mapping, Sequence

from nbformat import NotebookNode

from autograder.course.cells import Role, copy_of, is_graded, role_of
from autograder.engine.host.limits import Limits
from autograder.engine.host.opening import Reports
from autograder.engine.host.pair import Command, Pair, Side
from autograder.engine.host.rooms import RoomEnded
from autograder.engine.host.run import CellReport, CellResult, Run, ended_output, read_report
from autograder.engine.seeds import seed_of

Exports = Mapping[str, Sequence[str]]

_GRACE_SECONDS = 5.0  # for the examiner to notice that the learner's room is gone
_GONE = "LearnerGone"


class TwoRooms:
    """Runs one notebook, once."""

    def __init__(
        self,
        pair: Pair,
        notebook: NotebookNode,
        exports: Exports,
        reports: Reports,  # of the cells that both rooms come with
        seed: int,
        isolation: str,
    ) -> None:
        self._pair = pair
        self._exports = exports
        self._reports = reports
        self._seed = seed
        self._run = Run(copy_of(notebook), isolation)
        self._ways = {
            Role.TEST: self._examine,
            Role.EXPLANATION: self._examine,
            Role.SETUP: self._set_up,
        }
        self._names: list[str] = []  # what the answers so far should have defined
        self._count = 0

    def run(self, limits: Limits, demo: bool = False) -> Run:
        """Run every code cell in its room. Raises EngineFault, IsolationError."""
        started = time.monotonic()
        self._cell_seconds, self._max_outputs = limits.seconds, limits.outputs
        self._last_moment = started + limits.total_seconds
        try:
            for cell in self._run.notebook.cells:
                if cell.cell_type == "code":
                    self._run.cells[cell.id] = self._visit(cell, demo)
            self._pair.account()
        finally:
            self._pair.close()
        self._run.seconds = time.monotonic() - started
        self._run.cpu_seconds = self._pair.cpu_seconds
        claimed = self._pair.learner_cpu_seconds
        self._run.learner_cpu_seconds = min(claimed, self._run.cpu_seconds)
        return self._run

    def _visit(self, cell: NotebookNode, demo: bool) -> CellResult:
        cell.outputs, cell.execution_count = [], None
        role = role_of(cell)
        if (role is Role.DEMO and not demo) or not cell.source.strip():
            return CellResult("skipped")
        if role is Role.EXPLANATION and not self._has_failed(cell.metadata["explains"]):
            return CellResult("skipped")
        self._count += 1
        cell.execution_count = self._count
        if cell.id in self._reports:
            report = read_report(self._reports[cell.id], self._max_outputs)
            self._keep_outputs(cell, report)
            return report.result()
        began = time.monotonic()
        run = self._ways.get(role, self._learn)
        try:
            self._pair.ready(self._last_moment)
            result = run(cell, min(time.monotonic() + self._cell_seconds, self._last_moment))
        except RoomEnded as ended:
            reason = self._reason(ended)
            cell.outputs.append(ended_output(ended.status, reason))
            result = CellResult(ended.status, time.monotonic() - began, reason)
        self._names += self._exports.get(cell.metadata.get("nbgrader", {}).get("grade_id"), [])
        return result

    def _has_failed(self, tests: Sequence[str]) -> bool:
        """Did one of these tests end in an error? One that was stopped would be stopped again."""
        results = [self._run.cells[test] for test in tests if test in self._run.cells]
        stopped = any(result.status not in ("ok", "error") for result in results)
        return not stopped and any(result.status == "error" for result in results)

    def _learn(self, cell: NotebookNode, deadline: float) -> CellResult:
        """An answer, or another cell that a learner may write."""
        report = self._execute(self._pair.learner, self._learners_command(cell), deadline)
        self._keep_outputs(cell, report)
        return report.result()

    def _set_up(self, cell: NotebookNode, deadline: float) -> CellResult:
        """A locked cell that is no test: in both rooms at once."""
        examiner = self._pair.examiner
        command = self._examiners_command(cell)
        nonce = self._start(examiner, command)
        try:
            result = self._learn(cell, deadline)
        finally:  # the examiner reports even if the learner's room has ended
            report = self._await(examiner, nonce, deadline + _GRACE_SECONDS)
            examiner.history.append(command)
        if result.status == "ok" and not report.ok:
            error = f"in the examiner's room: {report.error}"
            return CellResult("error", result.seconds, error)
        return result

    def _examine(self, cell: NotebookNode, deadline: float) -> CellResult:
        """A test: in the examiner's room, with the learner's room at its service."""
        learner, examiner = self._pair.learner, self._pair.examiner
        began = time.monotonic()
        nonce = self._start(examiner, self._examiners_command(cell))
        try:
            report = examiner.present.report(nonce, deadline, partner=learner.room)
        except RoomEnded as ended:
            self._stop_test(nonce, cell)
            raise ended
        self._keep_outputs(cell, report)
        if report.error_name == _GONE:
            self._pair.end(learner)
            return CellResult("killed", time.monotonic() - began, "the learner's process ended")
        return report.test_result()

    def _stop_test(self, nonce: str, cell: NotebookNode) -> None:
        """End the learner's room; the examiner's goes on if it notices, and is ended if not."""
        self._pair.end(self._pair.learner)
        examiner = self._pair.examiner
        try:
            report = examiner.present.report(nonce, time.monotonic() + _GRACE_SECONDS)
        except RoomEnded:
            self._pair.end(examiner)
            return
        cell.outputs += [output for output in report.outputs if output.output_type == "stream"]

    def _execute(self, side: Side, command: Command, deadline: float) -> CellReport:
        """Run a cell in one room, and again in its successors. Raises RoomEnded."""
        report = self._await(side, self._start(side, command), deadline)
        side.history.append(command)
        return report

    def _start(self, side: Side, command: Command) -> str:
        try:
            return side.present.start(command)
        except RoomEnded:
            self._pair.end(side)
            raise

    def _await(self, side: Side, nonce: str, deadline: float) -> CellReport:
        try:
            return side.present.report(nonce, deadline)
        except RoomEnded:
            self._pair.end(side)
            raise

    def _learners_command(self, cell: NotebookNode) -> Command:
        """Without the class's seed: what a learner's room is told, a learner may find out."""
        return {"source": cell.source, "seed": seed_of(cell.id) if is_graded(cell) else None}

    def _examiners_command(self, cell: NotebookNode) -> Command:
        return {
            "source": cell.source,
            "seed": seed_of(self._seed, cell.id) if is_graded(cell) else None,
            "names": self._names.copy(),
            "peer_seed": seed_of(cell.id),
        }

    def _keep_outputs(self, cell: NotebookNode, report: CellReport) -> None:
        cell.outputs += report.outputs
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = self._count

    def _reason(self, ended: RoomEnded) -> str:
        if ended.status != "timeout":
            return ended.reason
        if time.monotonic() >= self._last_moment:
            return "the time for the whole submission is used up"
        return f"stopped after {self._cell_seconds:g} s"
