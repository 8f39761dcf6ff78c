"""What came of a submission: outcomes, scores of its tests, and how they are written down."""

from dataclasses import asdict, dataclass, field

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
    """One test cell: what it was worth, what it gave, and why."""

    grade_id: str
    exercise: str
    points: float
    score: float = 0.0
    status: str = "skipped"  # ok, error, timeout, killed, memory, output, skipped
    message: str = ""
    seconds: float = 0.0
    diagnosis: str = ""  # what is wrong with the whole exercise, where that was found out
    mistake: str = ""  # the stored mistake's name, if it is one


@dataclass
class Result:
    """One submission of one chapter."""

    student: str
    chapter: str
    outcome: str
    max_score: float
    reason: str = ""
    tests: list[TestResult] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    inputs: str = ""  # hash of the submitted bytes, the release and the policy
    key: str = ""  # hash of what was run: equal for twins
    release: str = ""
    isolation: str = ""
    seconds: float = 0.0

    @property
    def score(self) -> float:
        """The sum of the tests' scores."""
        return sum(test.score for test in self.tests)

    @property
    def diagnoses(self) -> dict[str, str]:
        """What is wrong with each exercise that lost points: exercise -> diagnosis."""
        return {test.exercise: test.diagnosis for test in self.tests if test.diagnosis}

    def to_json(self) -> dict:
        """As it is kept in the ledger."""
        return asdict(self) | {"score": self.score}

    def summary(self) -> dict:
        """The line that `grade --json` prints."""
        keys = ("student", "chapter", "outcome", "max_score", "reason")
        line = {key: getattr(self, key) for key in keys}
        return {"score": None if self.outcome in FAULTS else self.score} | line

    @classmethod
    def from_json(cls, record: dict) -> "Result":
        """From the ledger."""
        record = {key: value for key, value in record.items() if key != "score"}
        return cls(**record | {"tests": [TestResult(**test) for test in record["tests"]]})
