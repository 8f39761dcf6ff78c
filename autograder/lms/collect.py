"""A download of hand-ins becomes `submitted/<learner>/<chapter>/<chapter>.ipynb`.

Who handed in is read from the outer name alone, the chapter from the notebook's own exercises.
Every entry gets a line that says what became of it; all changes are made, or none.
"""

import shutil
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from autograder.classroom.folder import Classroom
from autograder.classroom.late import class_timezone
from autograder.classroom.received import Received, read_received, received_file, received_text
from autograder.classroom.releases import Shelf
from autograder.classroom.roster import Roster
from autograder.disk import FULL, DiskFull, sha256_of
from autograder.errors import UsageError
from autograder.grading.merge import exercises_in
from autograder.grading.parse import Rejected, read_submission
from autograder.lms.download import UNREADABLE, Entry, open_download
from autograder.lms.found import Found, newest
from autograder.lms.identity import Unidentified, learner_of, plain_stem
from autograder.lms.outcomes import Line
from autograder.lms.platform import Known, Outer, Platform
from autograder.lms.registry import (
    guess_platform,
    platform_of,
    read_participants,
    without_wrapper,
)
from autograder.lms.swap import Swap, open_swap


def collect(
    classroom: Classroom,
    path: Path,
    *,
    kind: str | None = None,
    chapter: str | None = None,
    worksheet: Path | None = None,
) -> list[Line]:
    """Collect a download into a class; returns a line for every entry.

    kind: of a platform, seen from the names if None; chapter: what was to be handed in, seen from
    each notebook if None; worksheet: the platform's table of the people in the same assignment.
    Raises UsageError where the download as a whole cannot be taken, DiskFull where there is no
    room; then nothing has changed.
    """
    if not classroom.chapters():
        raise UsageError("no chapter is released to this class: run `autograder release` first")
    platform = None if kind is None else platform_of(kind)
    classroom.chosen_chapters([chapter] if chapter else [])
    try:
        with open_download(path) as entries, open_swap(classroom.state / "collecting") as swap:
            names = [entry.name for entry in entries]
            platform = platform or guess_platform(names)
            names = without_wrapper(platform, names)
            collector = Collector(classroom, platform, swap, worksheet)
            for entry, name in zip(entries, names, strict=True):
                collector.take(replace(entry, name=name))
            collector.place(chapter)
            swap.write(received_file(classroom), received_text(collector.received))
            swap.commit()
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull(classroom.folder, error) from error
        raise
    return collector.lines


class Collector:
    """One run: entries are taken one by one, then placed; changes wait in the swap."""

    def __init__(
        self, classroom: Classroom, platform: Platform, swap: Swap, worksheet: Path | None
    ):
        self.classroom, self.platform, self.swap = classroom, platform, swap
        zone = class_timezone(classroom) if worksheet else None
        self.known = Known(
            Roster.of(classroom),
            tuple(classroom.chapters()),
            read_participants(platform, worksheet, zone) if worksheet else None,
        )
        self.received = read_received(classroom)
        self.exercises = {c: set(Shelf(classroom, c).current.exports) for c in self.known.released}
        self.found: list[Found] = []
        self.lines: list[Line] = []

    def take(self, entry: Entry) -> None:
        """Look at one entry; what cannot be taken gets its line at once."""
        outer = self.platform.read_outer(entry.name)
        reason = entry.refused or _no_notebook(self.platform, outer)
        if reason or outer is None:
            self._line("refused", entry.name, notes=[reason])
            return
        try:
            student = learner_of(self.platform, outer, self.known)
            draft = self.swap.draft()
            entry.copy_to(draft)
        except Unidentified as nobody:
            self._line(nobody.outcome, entry.name, notes=[nobody.reason])
        except UNREADABLE as error:
            if getattr(error, "errno", None) in FULL:
                raise
            self._line("refused", entry.name, notes=[f"it cannot be unpacked: {error}"])
        else:
            self.found.append(self._look_into(entry, outer, student, draft))

    def place(self, due: str | None) -> None:
        """Give every file its place: `due` is the chapter that all should be of, if one is."""
        groups: dict[tuple[str, str], list[Found]] = defaultdict(list)
        for found in self.found:
            if due or len(found.chapters) == 1:
                groups[found.student, due or next(iter(found.chapters))].append(found)
            else:
                several = " and ".join(sorted(found.chapters))
                reason = f"it holds exercises of {several}" if several else found.unreadable
                reason = reason or "it holds no exercise of a released chapter"
                note = f"{reason}; --chapter says where it belongs"
                self._line("no chapter", found.entry.name, found.student, notes=[note])
        for (student, chapter), files in groups.items():
            self._place_one(student, chapter, files)
        self._mark_same_files()

    def _look_into(self, entry: Entry, outer: Outer, student: str, draft: Path) -> Found:
        digest = sha256_of(draft) or ""
        named, unreadable = set(), ""
        try:
            named = exercises_in(read_submission(draft))
        except Rejected as rejected:
            unreadable = str(rejected)
        chapters = frozenset(c for c, exercises in self.exercises.items() if named & exercises)
        return Found(entry, outer, student, draft, digest, chapters, unreadable)

    def _place_one(self, student: str, chapter: str, files: list[Found]) -> None:
        """The newest file of the right chapter is handed in; the others are kept aside."""
        right = [f for f in files if chapter in f.chapters]
        pool = right or [f for f in files if f.unreadable] or files
        last = newest(pool, chapter)
        if last is None:
            for found in files:
                note = "handed in together, and nothing says which is newer"
                self._keep_aside("undecided", found, chapter, note)
            return
        self._hand_in(last, chapter)
        for found in files:
            if found is not last and found.sha256 == last.sha256:
                note = f"the same file as {last.entry.name}"
                self._line("unchanged", found.entry.name, student, chapter, [note])
            elif found is not last:
                of = "a file of another chapter" if found not in pool else "an older file"
                self._keep_aside("kept aside", found, chapter, f"{of} of the same learner")

    def _hand_in(self, found: Found, chapter: str) -> None:
        target = self.classroom.notebook("submitted", chapter, found.student)
        before = sha256_of(target)
        outcome = "unchanged" if before == found.sha256 else "replaced" if before else "new"
        if outcome == "replaced":
            old = self.swap.draft()
            shutil.copyfile(target, old)
            self.swap.put(self._aside(chapter, found.student, before or ""), old)
        if outcome != "unchanged":
            self.swap.put(target, found.draft)
        record, earlier = self._record(found), self.received.get(chapter, {}).get(found.student)
        if earlier and outcome == "unchanged" and earlier.lms != self.platform.kind:
            record = earlier  # the same file by another way says nothing new of when it came
        self.received.setdefault(chapter, {})[found.student] = record
        stamp = target.with_name("timestamp.txt")
        if record.timestamp:
            self.swap.write(stamp, f"{record.timestamp} UTC\n")
        elif stamp.exists():
            self.swap.delete(stamp)
        notes = self._notes(found, chapter, record)
        if found.chapters and chapter not in found.chapters:
            outcome = "wrong chapter"
            notes.append(f"it is {' and '.join(sorted(found.chapters))}")
        self._line(outcome, found.entry.name, found.student, chapter, notes)

    def _record(self, found: Found) -> Received:
        said = (self.known.participants or {}).get(found.outer.user)
        return Received(
            lms=self.platform.kind,
            lms_id=found.outer.user,
            file=found.outer.file,
            prefix=found.outer.prefix,
            sha256=found.sha256,
            time=said.time if said else None,
            late=said.late if said else found.outer.late,
        )

    def _notes(self, found: Found, chapter: str, record: Received) -> list[str]:
        notes = []
        if found.outer.file != f"{chapter}.ipynb":
            copy = plain_stem(found.outer.file) == chapter
            notes.append(f"{'a renamed copy' if copy else 'handed in as'} {found.outer.file}")
        if record.late:
            notes.append(f"late by {platform_of(record.lms).title}'s clock")
        notes += self.platform.notes(self.known)
        if found.unreadable:
            notes.append(f"the grader will say: {found.unreadable}")
        return notes

    def _keep_aside(self, outcome: str, found: Found, chapter: str, note: str) -> None:
        self.swap.put(self._aside(chapter, found.student, found.sha256), found.draft)
        self._line(outcome, found.entry.name, found.student, chapter, [note])

    def _aside(self, chapter: str, student: str, digest: str) -> Path:
        """Where a file is kept that is not graded: by content, so that none is overwritten."""
        return self.classroom.state / "kept" / chapter / student / f"{digest[:16]}.ipynb"

    def _mark_same_files(self) -> None:
        """Two learners with one file: both are collected, and a person should know."""
        owners: dict[tuple[str, str], list[str]] = defaultdict(list)
        for chapter, records in self.received.items():
            for student, record in records.items():
                owners[chapter, record.sha256].append(student)
        for line in self.lines:
            if line.outcome not in ("new", "replaced"):
                continue
            record = self.received[line.chapter][line.student]
            others = [s for s in owners[line.chapter, record.sha256] if s != line.student]
            released = sha256_of(self.classroom.notebook("release", line.chapter))
            if others and record.sha256 != released:
                line.outcome = "same file"
                line.notes.append(f"byte for byte the file of {', '.join(others)}")

    def _line(self, outcome: str, entry: str, student="", chapter="", notes=()) -> None:
        self.lines.append(Line(outcome, entry, student, chapter, list(notes)))


def _no_notebook(platform: Platform, outer: Outer | None) -> str:
    """Why an entry is not looked into; empty if it is."""
    if outer is None:
        return f"its name is not as {platform.title} writes one"
    ending = outer.file.lower().rpartition(".")[2]
    if ".ipynb" in outer.file.lower() or ending == "json":
        return ""
    if ending in ("zip", "gz", "tgz", "tar", "7z", "rar"):
        return "an archive inside the download is not opened; hand in the .ipynb file itself"
    return "it is not a notebook (.ipynb)"
