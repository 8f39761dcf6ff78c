"""What can go wrong for a person to mend: every message says what was found and what to do."""

from pathlib import Path


class AutograderError(Exception):
    """A problem that a person can mend; the command line prints it without a traceback."""

    exit_code = 2


class SourceError(AutograderError):
    """A chapter source breaks a rule of the course; nothing was written."""

    def __init__(self, path: Path | str, line: int, problem: str) -> None:
        super().__init__(f"{path}:{line}: {problem}")
        self.path, self.line, self.problem = path, line, problem


class StaleError(AutograderError):
    """A generated file is not what its source gives."""

    exit_code = 1


class UsageError(AutograderError):
    """The command was asked for something that does not exist or that it must not do."""


class MachineError(AutograderError):
    """This machine, or our own code, cannot do what was asked."""

    exit_code = 3


class IsolationError(MachineError):
    """This machine cannot seal the rooms as asked; nothing was run and nothing may be scored."""


class EngineFault(MachineError):
    """The engine itself failed; the run says nothing about the learner and may be tried again."""


class RoomKilled(EngineFault):
    """A room was killed, and not by us: by a person, by a kernel short of memory, or by a limit.

    Process 1 of a namespace cannot be killed from inside, so nothing is held against the learner
    until it happens again.
    """


class AssignmentFault(AutograderError):
    """A release's own tests are wrong or cannot run: the teacher's error, nobody's gain."""
