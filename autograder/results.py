"""What came of a submission: outcomes, scores of its tests, and how they are written down."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from nbformat import NotebookNode

from autograder.findings import Finding

OUTCOMES = (
    "graded",  # every test gave a score
    "no_response",  # nothing but the stubs came back
    "invalid_submission",  # the file cannot be graded; the reason is for the learner
    "needs_review",  # graded, and a person should look: the flags say why
    "engine_fault",  # this machine or our code failed; no score was written
    "assignment_fault",  # the teacher's notebook is wrong; no score was written
)
SCORED = ("graded", "no_response", "invalid_submission", "needs_review")
FAULTS = ("engine_fault", "assignment_fault")


@dataclass
class TestResult:
    """One test cell: what it was worth, what it gave, and what it found."""

    grade_id: str
    exercise: str
    points: float
    score: float = 0.0
    status: str = "skipped"  # ok, error, timeout, killed, memory, output, skipped
    seconds: float = 0.0
    finding: Finding | None = None

    @property
    def passed(self) -> bool:
        """Did it give all its points?"""
        return self.score == self.points

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        record = dict(vars(self))
        record["finding"] = self.finding.to_json() if self.finding else None
        return record

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "TestResult":
        """The reverse; an older record had a message in place of a finding."""
        facts = {f.name: record[f.name] for f in fields(cls) if f.name in record}
        if facts.get("finding"):
            facts["finding"] = Finding.from_json(facts["finding"])
        elif message := str(record.get("message", "")).removeprefix("AssertionError: "):
            facts["finding"] = Finding(message)
        return cls(**facts)


@dataclass
class Result:
    """One submission of one chapter. Points are floats, times are in seconds."""

    student: str
    chapter: str
    outcome: str
    max_score: float
    reason: str = ""
    tests: list[TestResult] = field(default_factory=list)
    findings: dict[str, Finding] = field(default_factory=dict)  # exercise -> what is wrong with it
    flags: list[str] = field(default_factory=list)  # what a person should look at
    empty: list[str] = field(default_factory=list)  # exercises that are still the stub
    stopped: list[str] = field(default_factory=list)  # learner's cells that did not run, and why
    inputs: str = ""  # hash of the submitted bytes, the releases and the policy
    key: str = ""  # hash of what was run: equal for twins
    release: str = ""  # the identity of the release that it was graded by
    receipt: str = ""  # what the notebook's last cell prints for these answers
    isolation: str = ""
    seconds: float = 0.0
    notebook: NotebookNode | None = field(default=None, repr=False, compare=False)  # as it ran

    @property
    def score(self) -> float:
        """The sum of the tests' scores."""
        return sum(test.score for test in self.tests)

    @property
    def is_fault(self) -> bool:
        """Did we fail, and not the learner? Then there is no score."""
        return self.outcome in FAULTS

    def to_json(self) -> dict[str, Any]:
        """As it is kept in the ledger and as it crosses from a worker, without the notebook."""
        record: dict[str, Any] = {**vars(self), "score": self.score}
        del record["notebook"]
        record["tests"] = [test.to_json() for test in self.tests]
        record["findings"] = {name: found.to_json() for name, found in self.findings.items()}
        return record

    def summary(self) -> dict[str, Any]:
        """The line that `grade --json` prints."""
        keys = ("student", "chapter", "outcome", "max_score", "reason")
        line = {key: getattr(self, key) for key in keys}
        return {"score": None if self.is_fault else self.score} | line

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Result":
        """The reverse. Raises KeyError, TypeError, ValueError for what is no record."""
        facts = {f.name: record[f.name] for f in fields(cls) if f.name in record}
        facts["tests"] = [TestResult.from_json(test) for test in record["tests"]]
        findings = record.get("findings", {})
        facts["findings"] = {name: Finding.from_json(found) for name, found in findings.items()}
        return cls(**facts)
