"""What can become of one file that was handed in, and which of it a person must look at."""

from dataclasses import dataclass, field

OUTCOMES = {  # outcome: must a person look?
    "new": False,
    "replaced": False,  # an older file of the same learner; it is kept
    "unchanged": False,
    "wrong chapter": True,  # collected, so that its author is told by the grader
    "same file": True,  # as another learner's; both are collected
    "kept aside": True,  # a second file of one learner, older or of another chapter
    "undecided": True,  # two files, and nothing says which one is newer
    "unknown learner": True,
    "doubtful learner": True,  # the outer name can be read as two people
    "no chapter": True,  # holds no exercise of a released chapter, or of two
    "refused": True,  # not read at all
}
COLLECTED = ("new", "replaced", "unchanged", "wrong chapter", "same file")


@dataclass
class Line:
    """What became of one entry: a line of the report."""

    outcome: str
    entry: str
    student: str = ""
    chapter: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def needs_a_look(self) -> bool:
        """Must a person do something about it?"""
        return OUTCOMES[self.outcome]
