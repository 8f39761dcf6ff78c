"""One path: a release and a submission in, a result out, whoever asks and wherever it runs."""

import hashlib
import importlib.metadata
import json
import logging
import platform
from collections.abc import Sequence
from typing import Any, Protocol

from nbformat import NotebookNode

from autograder.course.cells import is_answer, is_test, receipt
from autograder.engine import Library, Run
from autograder.errors import AssignmentFault, EngineFault, IsolationError
from autograder.grading.merge import Merged, merge
from autograder.grading.parse import Rejected, Submission
from autograder.grading.release import Release
from autograder.grading.score import exercise_findings, finding_of, score_tests
from autograder.results import Result

NOTHING = "Every exercise is still the empty stub."
STUB = "raise NotImplementedError()"  # the line to delete; the comment beside it may stay

log = logging.getLogger(__name__)


def environment() -> list[Any]:
    """The versions that a score may depend on."""
    packages = ("numpy", "torch", "matplotlib", "ipython")
    return [platform.python_version(), [importlib.metadata.version(name) for name in packages]]


def version() -> str:
    """This package's own."""
    return importlib.metadata.version("apple-in-context")


class Runner(Protocol):
    """Runs a notebook: the engine's sealed rooms, or plain processes for one's own work."""

    def run(
        self,
        notebook: NotebookNode,
        exports: dict[str, list[str]],
        opening: Sequence[str] = (),
        *,
        library: Library | None = None,
        forgiving: bool = True,
    ) -> Run:
        """See `Engine.run`."""


def grade_one(release: Release, submission: Submission, engine: Runner) -> Result:
    """Grade one submission by one release; the result is nobody's yet.

    What our side fails at is tried once more, and then it is a fault, never a score. Raises
    IsolationError where nothing can be run at all; every other error of ours is in the result.
    """
    try:
        return _graded(release, submission, engine)
    except Rejected as rejected:
        return release.result("invalid_submission", str(rejected))
    except AssignmentFault as fault:
        log.error("a submission of %s", release.chapter, exc_info=fault)
        return release.result("assignment_fault", str(fault))
    except IsolationError:
        raise
    except EngineFault as fault:
        log.error("a submission of %s", release.chapter, exc_info=fault)
        return release.result("engine_fault", str(fault))
    except Exception as error:
        log.exception("a submission of %s", release.chapter)
        return release.result("engine_fault", f"our own code failed: {error!r}")


def _graded(release: Release, submission: Submission, engine: Runner) -> Result:
    merged = merge(release.teacher, release.learner, submission, release.explained)
    answers = {cell.id: cell.source for cell in merged.notebook.cells if is_answer(cell)}
    facts: dict[str, Any] = {
        "flags": merged.flags,
        "empty": [name for name, source in answers.items() if STUB in source],
        "receipt": receipt(list(answers.values())),
    }
    if not merged.answered:
        return release.result("no_response", NOTHING, notebook=merged.notebook, **facts)
    run = _run(release, merged, engine)
    result = release.result("graded", **facts)
    result.notebook = run.notebook
    result.isolation, result.seconds = run.isolation, round(run.seconds, 4)
    result.key = _hash([cell.source for cell in merged.notebook.cells])
    result.tests = score_tests(release.teacher, run)
    result.findings = exercise_findings(run, result.tests)
    result.stopped = _stopped(run)
    if result.flags:
        result.outcome, result.reason = "needs_review", "; ".join(result.flags)
    return result


def _run(release: Release, merged: Merged, engine: Runner) -> Run:
    """The only place where anything is tried again: once, after a fault of ours."""
    work = (merged.notebook, release.exports, merged.opening)
    try:
        return engine.run(*work, library=release.library)
    except EngineFault as fault:
        log.warning("tried once more: %s", fault)
    return engine.run(*work, library=release.library, forgiving=False)


def _stopped(run: Run) -> list[str]:
    """The first line of every cell of the learner's that did not run to its end, and why."""
    return [
        f"{cell.source.strip().splitlines()[0][:60]} … {finding_of(run.cells[cell.id]).sentence}"
        for cell in run.notebook.cells
        if cell.id in run.cells
        and cell.source.strip()
        and not is_test(cell)
        and "explains" not in cell.metadata
        and run.cells[cell.id].status not in ("ok", "skipped")
    ]


def _hash(parts: list[str]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
