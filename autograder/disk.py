"""Files that are written whole or not at all, and a class that one command at a time works on."""

import errno
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.errors import MachineError, UsageError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class DiskFull(MachineError):
    """There is no room for a file; what was there before is untouched."""

    def __init__(self, path: Path | str, error: OSError):
        super().__init__(
            f"no room to write {path}: {error.strerror}. Nothing is half-written, and what was "
            "graded is kept; make room and run the command again to go on."
        )


def write_whole(path: Path, content: bytes) -> None:
    """Write by rename, so that a reader sees the old file or the new one, never a half.

    Raises DiskFull, and UsageError for a folder. A draft that a killed process leaves behind is
    overwritten by the next run.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file")
    draft = path.with_name(f".{path.name}.draft")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            draft.write_bytes(content)
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull(path, error) from error
        raise


def json_bytes(value: object, **how) -> bytes:
    """A value as JSON in UTF-8; half of a surrogate pair, which is no text, becomes `?`."""
    return json.dumps(value, ensure_ascii=False, **how).encode("utf-8", "replace")


def sha256_of(path: Path) -> str | None:
    """The hash of a file; None where there is none."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def only_one(state: Path, what: str = "lock") -> Iterator[None]:
    """Hold the class's lock: a second command that would write is refused.

    The system lets go of it when this process ends, however it ends; a thread that holds it may
    ask again. Raises UsageError.
    """
    from filelock import FileLock, Timeout

    state.mkdir(parents=True, exist_ok=True)
    holder = state / f"{what}.holder"
    lock = FileLock(state / what, timeout=0, is_singleton=True)
    try:
        lock.acquire()
    except Timeout:
        who = _said(holder) or "another process"
        raise UsageError(
            f"{who} is at work on the class in {state.parent}; wait until it has ended, "
            "or stop it: what it has graded is kept"
        ) from None
    try:
        holder.write_text(f"process {os.getpid()}")
        yield
    finally:
        if lock.lock_counter == 1:
            holder.unlink(missing_ok=True)
        lock.release()


def _said(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
