"""What the engine returns."""

from dataclasses import dataclass, field
from typing import Any, Literal

from nbformat import NotebookNode, from_dict

from autograder.findings import Finding, shortened

Status = Literal["ok", "error", "timeout", "killed", "memory", "output", "skipped"]

_BUNDLED = {"display_data", "execute_result"}


@dataclass(frozen=True)
class CellResult:
    """What became of one code cell.

    A test is passed only if its status is "ok": the examiner itself said that it came to its end.
    `value` is then the last expression, if that is a plain finite number: partial credit.
    """

    status: Status
    seconds: float = 0.0
    error: str | None = None
    value: float | None = None
    kind: str = ""  # the type of the exception that ended it
    finding: Finding | None = None  # what a test of ours found, in words
    from_learner: bool = True  # the exception is of the learner's code, and not of a test's

    @property
    def text(self) -> str:
        """What the exception said, without its type."""
        return (self.error or "").removeprefix(f"{self.kind}: " if self.kind else "")


@dataclass
class Run:
    """What became of one notebook. Times in seconds; learners' CPU time is by their own account."""

    notebook: NotebookNode
    isolation: str
    cells: dict[str, CellResult] = field(default_factory=dict)
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    learner_cpu_seconds: float = 0.0


@dataclass(frozen=True)
class CellReport:
    """What a room says about a cell. A learner's room may say anything: nothing here is trusted."""

    ok: bool
    outputs: list[NotebookNode]
    error_name: str | None
    error_text: str | None
    seconds: float
    truncated: bool
    value: float | None
    learner_cpu_seconds: float
    finding: Finding | None
    from_learner: bool

    @property
    def error(self) -> str | None:
        """One line about the exception that ended the cell."""
        return f"{self.error_name}: {self.error_text}" if self.error_text else self.error_name

    def result(self) -> CellResult:
        """The result of a learner's cell: no value, whatever the room says."""
        if self.ok:
            return CellResult("output" if self.truncated else "ok", self.seconds)
        status: Status = "memory" if self.error_name == "MemoryError" else "error"
        return CellResult(status, self.seconds, self.error, kind=self.error_name or "")

    def test_result(self) -> CellResult:
        """The result of a test, from the examiner's room."""
        if self.ok:
            return CellResult("ok", self.seconds, None, self.value)
        kind = self.error_name or ""
        return CellResult(
            "error", self.seconds, self.error, None, kind, self.finding, self.from_learner
        )


def read_report(said: dict[str, Any], max_outputs: int) -> CellReport:
    """A room's report, whatever it said; what is malformed is left out."""
    error = said.get("error")
    name, text = error if isinstance(error, list) and len(error) == 2 else (None, None)
    outputs = said.get("outputs")
    cleaned = [_clean(o) for o in outputs[: max_outputs + 3]] if isinstance(outputs, list) else []
    return CellReport(
        ok=said.get("status") == "ok",
        outputs=[from_dict(output) for output in cleaned if output is not None],
        error_name=None if name is None else str(name)[:200],
        error_text=None if text is None else shortened(str(text)),
        seconds=_number(said.get("seconds")) or 0.0,
        truncated=said.get("truncated") is True,
        value=_number(said.get("value")),
        learner_cpu_seconds=_number(said.get("learner_cpu_seconds")) or 0.0,
        finding=_finding(said.get("finding")),
        from_learner=said.get("from_learner") is True,
    )


def _finding(said: Any) -> Finding | None:
    if not isinstance(said, dict):
        return None
    try:
        return Finding.from_json(said)
    except (TypeError, ValueError):
        return None


def _number(said: Any) -> float | None:
    is_number = type(said) in (int, float) and abs(said) < 1e300
    return float(said) if is_number else None  # nan is below nothing


def ended_output(status: str, reason: str) -> NotebookNode:
    """What stands in a notebook for a cell that was ended from outside."""
    name = {"timeout": "CellTimeoutError", "memory": "MemoryLimit"}.get(status, "CellKilled")
    error = {"output_type": "error", "ename": name, "evalue": reason}
    output: NotebookNode = from_dict({**error, "traceback": [f"{name}: {reason}"]})
    return output


def _clean(output: Any) -> dict[str, Any] | None:
    if not isinstance(output, dict):
        return None
    kind = output.get("output_type")
    if kind == "stream" and output.get("name") in ("stdout", "stderr"):
        return {"output_type": kind, "name": output["name"], "text": str(output.get("text", ""))}
    if kind == "error":
        lines = output.get("traceback")
        traceback = [str(line) for line in lines] if isinstance(lines, list) else []
        name, text = str(output.get("ename", "")), str(output.get("evalue", ""))
        return {"output_type": kind, "ename": name, "evalue": text, "traceback": traceback}
    if kind in _BUNDLED and isinstance(output.get("data"), dict):
        return _clean_bundle(kind, output)
    return None


def _clean_bundle(kind: str, output: dict[str, Any]) -> dict[str, Any]:
    metadata = output.get("metadata")
    bundle: dict[str, Any] = {
        "output_type": kind,
        "data": {mime: _clean_mime(mime, value) for mime, value in output["data"].items()},
        "metadata": metadata if isinstance(metadata, dict) else {},
    }
    if kind == "execute_result":
        count = output.get("execution_count")
        bundle["execution_count"] = count if isinstance(count, int) else None
    return bundle


def _clean_mime(mime: str, value: Any) -> Any:
    is_json = mime == "application/json" or mime.endswith("+json")
    return value if is_json or isinstance(value, str) else str(value)
