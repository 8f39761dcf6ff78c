"""Change many files at once, or none: what a stop in the middle leaves is put back.

A plan of the changes and a copy of every file that they touch are on disk before the first
change. Whoever opens the same folder next finds the plan of a run that was stopped and undoes it.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.disk import only_one

PLAN = "plan.json"


class Swap:
    """Changes that are waiting: new contents by target path, None to delete."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.changes: list[tuple[Path, Path | None]] = []

    def draft(self) -> Path:
        """A fresh path on the same disk, to write a new content into."""
        return self.folder / f"new-{len(os.listdir(self.folder))}"

    def put(self, target: Path, draft: Path) -> None:
        """Move a draft to its target, when all is committed."""
        self.changes.append((target, draft))

    def write(self, target: Path, content: str) -> None:
        """Write a text to its target, when all is committed."""
        draft = self.draft()
        draft.write_text(content, encoding="utf-8")
        self.put(target, draft)

    def delete(self, target: Path) -> None:
        """Delete a file, when all is committed."""
        self.changes.append((target, None))

    def commit(self) -> None:
        """Make every change; whatever goes wrong on the way, every file is as it was."""
        before = [_keep(self.folder, n, target) for n, (target, _) in enumerate(self.changes)]
        _write_durably(self.folder / PLAN, json.dumps(before))
        try:
            for target, draft in self.changes:
                if draft is None:
                    target.unlink(missing_ok=True)
                else:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    os.replace(draft, target)
        except BaseException:
            _undo(self.folder)
            raise
        (self.folder / PLAN).unlink()


@contextmanager
def open_swap(folder: Path) -> Iterator[Swap]:
    """A swap in that folder, which nobody else uses meanwhile; a stopped one is undone first."""
    with only_one(folder.parent, f"{folder.name}.lock"):
        _undo(folder)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        try:
            yield Swap(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _keep(folder: Path, number: int, target: Path) -> dict:
    """What a target holds now: the line of the plan that puts it back."""
    if not target.exists():
        return {"target": str(target), "old": None}
    old = folder / f"old-{number}"
    shutil.copy2(target, old)
    return {"target": str(target), "old": str(old)}


def _undo(folder: Path) -> None:
    """Put back what an unfinished plan has touched."""
    plan = folder / PLAN
    if not plan.is_file():
        return
    for line in json.loads(plan.read_text(encoding="utf-8")):
        target = Path(line["target"])
        if line["old"] is None:
            target.unlink(missing_ok=True)
        else:
            shutil.copy2(line["old"], f"{target}.back")
            os.replace(f"{target}.back", target)
    plan.unlink()


def _write_durably(path: Path, text: str) -> None:
    """Write by rename, and wait until it is on disk."""
    draft = path.with_suffix(".draft")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
