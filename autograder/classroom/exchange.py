"""nbgrader's exchange, for a folder that everybody may write to.

Stock nbgrader believes the name and the time that a hand-in gives itself, follows links with the
teacher's rights, and stops for the whole class at one name that it cannot read. Here a hand-in
belongs to the account that wrote it, came when the disk says, and holds plain files of that
account only.
"""

import os
import pwd
import re
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from nbgrader.exchange import ExchangeError
from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseFeedback

from autograder.classroom.folder import NAME, Classroom
from autograder.classroom.received import Received, read_received, received_file, received_text
from autograder.disk import sha256_of, write_whole

SECRET, TIMESTAMP = "submission_secret.txt", "timestamp.txt"  # as nbgrader names them
NO_SECRET = re.compile(rb"(?![0-9a-f]{64,256}\Z)")  # what nbgrader would not have written
MOST_NOTEBOOKS = 10
NOBODY = {"username": None, "filename": "", "timestamp": datetime.min}


class Collect(ExchangeCollect):
    """`nbgrader collect`, told by the operating system who handed in what, and when."""

    def _path_to_record(self, path: str) -> dict:
        """What nbgrader wants to know of a hand-in; NOBODY where its name is not true."""
        try:
            record = super()._path_to_record(path)
            times = [changed_at(file) for _, file in own_files(Path(path))]
            owner = pwd.getpwuid(os.lstat(path).st_uid).pw_name
        except (ExchangeError, ValueError, OverflowError, KeyError, OSError) as error:
            self.log.warning("Not collected: %s: %s", path, error)
            return NOBODY
        name = record["username"]
        if not NAME.fullmatch(name) or (self.check_owner and name != owner):
            self.log.warning("Not collected: %s: its owner is %s", path, owner)
            return NOBODY
        return record | {"timestamp": max(times, default=datetime.min)}

    def init_src(self) -> None:
        """All hand-ins but those of nobody."""
        super().init_src()
        self.src_records = [r for r in self.src_records if r["username"] is not None]

    def do_copy(self, src: str, dest: str, log=None) -> None:
        """Copy what is the author's own, and note when it came."""
        limit, times = 1000 * self.coursedir.max_file_size, []
        os.makedirs(dest)
        for name, file in own_files(Path(src)):
            content = file.read(limit + 1)
            times.append(changed_at(file))
            if len(content) > limit:
                self.log.warning("Left out: %s of %s is larger than %s bytes", name, src, limit)
            elif name != SECRET or not NO_SECRET.match(content):
                Path(dest, name).write_bytes(content)
        time = max(times, default=datetime.min)
        Path(dest, TIMESTAMP).write_text(f"{time} UTC\n")
        self._note(Path(src), Path(dest), time)

    def _note(self, src: Path, dest: Path, time: datetime) -> None:
        """When it came, where `autograder grade` looks for lateness."""
        classroom = Classroom(Path(self.coursedir.root))
        student, chapter = dest.parts[-2:]
        name = f"{chapter}.ipynb"
        digest = sha256_of(dest / name) or ""
        iso = time.replace(tzinfo=UTC).isoformat()
        received = read_received(classroom)
        record = Received("exchange", student, name, f"{src.name}/", digest, iso, None)
        received.setdefault(chapter, {})[student] = record
        write_whole(received_file(classroom), received_text(received).encode())


class ReleaseFeedback(ExchangeReleaseFeedback):
    """`nbgrader release_feedback`, for a class in which some handed in by another way."""

    def copy_files(self) -> None:
        """Leave out those without a secret: stock nbgrader would stop at the first."""
        folders = Path(self.coursedir.root).glob(f"feedback/*/{self.coursedir.assignment_id}")
        others = [folder.parent.name for folder in folders if not (folder / SECRET).is_file()]
        known = self.coursedir.student_id_exclude
        self.coursedir.student_id_exclude = ",".join([*others, *([known] if known else [])])
        super().copy_files()


def own_files(folder: Path) -> Iterator[tuple[str, BinaryIO]]:
    """The notebooks of a hand-in and nbgrader's own two files, opened, one after the other.

    A link, a pipe and a file of another account are passed over, whatever is done to the folder
    meanwhile. Raises OSError where it is no folder.
    """
    inside = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        owner = os.fstat(inside).st_uid
        names = sorted(os.listdir(inside))
        notebooks = [name for name in names if name.endswith(".ipynb")][:MOST_NOTEBOOKS]
        for name in [*notebooks, *({SECRET, TIMESTAMP} & set(names))]:
            try:
                flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
                file = os.fdopen(os.open(name, flags, dir_fd=inside), "rb")
            except OSError:
                continue
            with file:
                facts = os.fstat(file.fileno())
                if stat.S_ISREG(facts.st_mode) and facts.st_uid == owner:
                    yield name, file
    finally:
        os.close(inside)


def changed_at(file: BinaryIO) -> datetime:
    """When the file was last changed in any way: no account but root can set this clock back."""
    return datetime.fromtimestamp(os.fstat(file.fileno()).st_ctime, UTC).replace(tzinfo=None)
