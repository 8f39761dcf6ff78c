"""Modules of ours that an examiner's room imports: sent to it as text, never read from a disk."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from autograder.errors import AssignmentFault


@dataclass(frozen=True)
class Library:
    """Sources by dotted name; `start` is a statement that makes them ready for every room."""

    modules: Mapping[str, str]
    start: str = ""

    @cached_property
    def digest(self) -> str:
        """A hash that is equal for equal libraries."""
        content = json.dumps([dict(self.modules), self.start], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()


def unloadable(traceback: str) -> AssignmentFault:
    """What to raise where a room could not load its library."""
    last = traceback.strip().rpartition("\n")[2]
    fault = AssignmentFault(f"this release's tests cannot be loaded: {last[:500]}")
    fault.add_note(traceback)
    return fault
