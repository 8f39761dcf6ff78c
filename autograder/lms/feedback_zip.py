"""Feedback pages in a zip that a learning platform takes back, each under the name it wants."""

import io
import zipfile
from pathlib import Path

from autograder.classroom.folder import Classroom
from autograder.classroom.received import read_received
from autograder.disk import write_whole
from autograder.errors import UsageError
from autograder.lms.registry import platform_of

EPOCH = (2000, 1, 1, 0, 0, 0)  # the same pages make the same zip


def pack_feedback(classroom: Classroom, kind: str, chapters: list[str], path: Path) -> list[str]:
    """Write the zip; returns whose page is missing or has no name there, in words.

    Raises UsageError where nothing could be packed; then no file is written.
    """
    received, notes, pages = read_received(classroom), [], {}
    for chapter in chapters:
        for folder in sorted((classroom.folder / "feedback").glob(f"*/{chapter}")):
            student, page = folder.parent.name, folder / f"{chapter}.html"
            record = received.get(chapter, {}).get(student)
            if record is None or record.lms != kind:
                notes.append(f"{student}: {chapter} was not collected from {kind}; not packed")
            elif page.is_file():
                name = platform_of(kind).feedback_name(record, page.name)
                pages[name] = page.read_bytes()
        for student in sorted(received.get(chapter, {})):
            if not classroom.notebook("feedback", chapter, student).with_suffix(".html").is_file():
                notes.append(f"{student}: no feedback for {chapter}; run `autograder feedback`")
    if not pages:
        raise UsageError("no feedback to pack\n" + "\n".join(notes))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(pages.items()):
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, content)
    write_whole(path, packed.getvalue())
    return notes
