"""Which room a cell runs in, read from the metadata of our own release."""

import enum
from collections.abc import Mapping
from typing import Any


class Role(enum.Enum):
    """What a code cell is to the engine."""

    DEMO = "only shows something"
    TEST = "runs in the examiner's room"
    SETUP = "runs in both rooms"
    EXPLANATION = "runs in the examiner's room if a test that it explains has failed"
    LEARNER = "runs in the learner's room"


def role_of(cell: Mapping[str, Any]) -> Role:
    """The role of a code cell."""
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


def is_graded(cell: Mapping[str, Any]) -> bool:
    """Whether random numbers are seeded before the cell: an answer or a test."""
    marks = cell["metadata"].get("nbgrader", {})
    return bool(marks.get("solution") or marks.get("grade"))
