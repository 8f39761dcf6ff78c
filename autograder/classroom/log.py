"""The log: full tracebacks of our own errors, where a message says to look."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

from autograder.classroom.folder import Classroom

FORMAT = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
MOST_BYTES = 2 * 2**20

_ours = logging.getLogger("autograder")


class LogFile(RotatingFileHandler):
    """Comes into being with its first line; where it cannot be written, no command fails of it."""

    failed = False

    def _open(self) -> TextIO:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:  # else Python prints a traceback
        """Remember that what was to be kept is not there."""
        self.failed = True


def log_file(classroom: Classroom) -> Path:
    """A class's own."""
    return classroom.state / "log.txt"


def start_logging_to(path: Path) -> LogFile | None:
    """Write what our modules log to a file, from here on; an older one is kept beside it."""
    if current_log() == path:
        return None
    handler = LogFile(
        path, maxBytes=MOST_BYTES, backupCount=1, encoding="utf-8", errors="replace", delay=True
    )
    handler.setFormatter(FORMAT)
    _ours.addHandler(handler)
    return handler


def start_logging_to_own_folder() -> None:
    """Where a command has no class: the system's place for a user's logs."""
    from platformdirs import user_log_path

    start_logging_to(user_log_path("autograder", appauthor=False) / "log.txt")


def current_log() -> Path | None:
    """The file that is being written to, if one is and can be."""
    files = [h for h in _ours.handlers if isinstance(h, LogFile) and not h.failed]
    return Path(files[-1].baseFilename) if files else None


def stop_logging() -> None:
    """Write to no file any more."""
    for handler in [h for h in _ours.handlers if isinstance(h, LogFile)]:
        _ours.removeHandler(handler)
        handler.close()


@contextmanager
def logging_to(path: Path) -> Iterator[None]:
    """Write there for a while."""
    handler = start_logging_to(path)
    try:
        yield
    finally:
        if handler is not None:
            _ours.removeHandler(handler)
            handler.close()
