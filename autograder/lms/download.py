"""The files in a download, one after the other: a zip or a folder, with a limit on everything.

Nothing is unpacked: a name from inside is never used as a path, and a file is copied out only
when its owner and its chapter are known.
"""

import lzma
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from autograder.errors import UsageError
from autograder.grading.parse import MAX_FILE

MAX_ENTRIES = 20_000
MAX_TOTAL = 20 * 2**30  # bytes of all files, unpacked
MAX_RATIO = 200  # unpacked bytes to packed bytes, of a file above FREE_SIZE
FREE_SIZE = 20 * 2**20
UNREADABLE = (  # what a zip file can make of Python's zipfile; a name of no encoding is ValueError
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(OSError, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError),
)
LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Entry:
    """One file of a download; `refused` says why it must not be read."""

    name: str
    size: int
    time: datetime
    open: Callable[[], BinaryIO]
    refused: str = ""

    def copy_to(self, target: Path) -> None:
        """Copy the file out; never more bytes than it declared."""
        with self.open() as source, target.open("wb") as file:
            left = min(self.size, MAX_FILE) + 1
            while left and (piece := source.read(min(left, 2**20))):
                file.write(piece)
                left -= len(piece)
        if left == 0:
            raise zipfile.BadZipFile(f"{self.name} holds more than it declares")


@contextmanager
def open_download(path: Path) -> Iterator[list[Entry]]:
    """The entries of a zip file or a folder. Raises UsageError for a download that is not sane."""
    if path.is_dir():
        yield _within_limits(path, list(_folder_entries(path)))
        return
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise UsageError(f"{path}: there is no such file or folder") from error
    except UNREADABLE as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise UsageError(
            f"{path} is neither a folder nor a whole zip file ({why}); download it again"
        ) from error
    with archive:
        if len(archive.infolist()) > MAX_ENTRIES:
            raise UsageError(f"{path} holds more than {MAX_ENTRIES} files: is it the right one?")
        yield _within_limits(path, [_zip_entry(archive, i) for i in archive.infolist()])


def _within_limits(path: Path, entries: list[Entry]) -> list[Entry]:
    """Those entries, without litter and folders, if together they are not too large."""
    entries = [e for e in entries if not e.name.endswith("/") and not _is_litter(e.name)]
    total = sum(entry.size for entry in entries if not entry.refused)
    if len(entries) > MAX_ENTRIES or total > MAX_TOTAL:
        raise UsageError(
            f"{path} holds {len(entries)} files with {total / 2**30:.1f} GB; at most "
            f"{MAX_ENTRIES} files with {MAX_TOTAL // 2**30} GB are read: is it the right one?"
        )
    return entries


def _zip_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Entry:
    try:
        time = datetime(*info.date_time)
    except ValueError:
        time = datetime.min
    return Entry(info.filename, info.file_size, time, lambda: archive.open(info), _refusal(info))


def _refusal(info: zipfile.ZipInfo) -> str:
    """Why a zip entry is not read; empty if it is."""
    ratio = info.file_size / max(info.compress_size, 1)
    if stat.S_ISLNK(info.external_attr >> 16):
        return "it is a symbolic link"
    if info.flag_bits & 1:
        return "it is encrypted"
    if info.file_size > FREE_SIZE and ratio > MAX_RATIO:
        return f"it unpacks to {ratio:.0f} times its size: a zip bomb?"
    return _bad_name(info.orig_filename) or _too_large(info.file_size)


def _folder_entries(folder: Path, inside: str = "") -> Iterator[Entry]:
    """Every file below a folder; links are not followed."""
    for found in sorted(os.scandir(folder), key=lambda item: item.name):
        name, path = f"{inside}{found.name}", Path(found.path)
        if found.is_dir(follow_symlinks=False):
            yield from _folder_entries(path, f"{name}/")
            continue
        facts = found.stat(follow_symlinks=False)
        time = datetime.fromtimestamp(facts.st_mtime, UTC).replace(tzinfo=None)
        refused = "" if stat.S_ISREG(facts.st_mode) else "it is a link, or no plain file"
        refused = refused or _too_large(facts.st_size)
        yield Entry(name, facts.st_size, time, lambda path=path: path.open("rb"), refused)


def _bad_name(name: str) -> str:
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or "\0" in name or name[1:2] == ":":
        return "its name leads out of the download"
    return ""


def _too_large(size: int) -> str:
    if size <= MAX_FILE:
        return ""
    return (
        f"it has {size / 2**20:.0f} MB; at most {MAX_FILE // 2**20} MB are read. "
        "Its author should clear the outputs and hand in again"
    )


def _is_litter(name: str) -> bool:
    last = name.rsplit("/", 1)[-1]
    return name.startswith(LITTER[0]) or last in LITTER or last.startswith("._")
