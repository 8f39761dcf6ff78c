"""What can go wrong for a person to mend: every message says what was found and what to do."""

from pathlib import Path


class AutograderError(Exception):
    """A problem that a person can mend; the command line prints it without a traceback."""

    exit_code = 2


class SourceError(AutograderError):
    """A chapter source breaks a rule of the course; nothing was written."""

    def __init__(self, path: Path | str, line: int, problem: str):
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
