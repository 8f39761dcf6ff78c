"""Derive the teacher's and the learner's notebooks from the chapters, byte for byte."""

import copy
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader import preprocessors

from autograder.course.source import read_chapter
from autograder.errors import StaleError
from autograder.paths import chapter_sources, project_root

LEARNER_STEPS = (  # what nbgrader's GenerateAssignment does to the notebook, in its order
    preprocessors.LockCells,
    preprocessors.ClearSolutions,
    preprocessors.ClearOutput,
    preprocessors.CheckCellMetadata,
    preprocessors.ComputeChecksums,
    preprocessors.ClearHiddenTests,
    preprocessors.ClearMarkScheme,
    preprocessors.ComputeChecksums,
    preprocessors.CheckCellMetadata,
)


def learner_notebook(teacher: NotebookNode) -> NotebookNode:
    """The notebook that a learner gets: answers and hidden tests cut, tests locked."""
    notebook = copy.deepcopy(teacher)
    resources: dict[str, Any] = {}
    for step in LEARNER_STEPS:
        notebook, resources = step().preprocess(notebook, resources)
    return notebook


def notebook_bytes(notebook: NotebookNode) -> bytes:
    """A notebook as nbgrader's exporter writes it."""
    text: str = nbformat.writes(notebook, version=4)
    return (text.rstrip("\n") + "\n").encode()


def derive(source: Path) -> dict[Path, bytes]:
    """The two generated files of one chapter, each with its bytes."""
    teacher = read_chapter(source)
    root, name = source.parent.parent, f"{source.stem}.ipynb"
    return {
        root / "notebooks" / name: notebook_bytes(learner_notebook(teacher)),
        root / "solutions" / name: notebook_bytes(teacher),
    }


def derive_all() -> dict[Path, bytes]:
    """Every generated file of the course; raises before anything is written."""
    files: dict[Path, bytes] = {}
    for source in chapter_sources():
        files |= derive(source)
    return files


def write_notebooks() -> list[Path]:
    """Write what has changed, delete what no chapter makes; returns the paths touched."""
    files = derive_all()
    touched = _orphans(files)
    for path in touched:
        path.unlink()
    for path, content in files.items():
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
            touched.append(path)
    return touched


def check_notebooks() -> int:
    """The number of files compared; raises StaleError naming each that differs."""
    files = derive_all()
    stale = [p for p, content in files.items() if not p.is_file() or p.read_bytes() != content]
    problems = [f"stale: {_short(path)}; run make notebooks" for path in stale]
    problems += [f"no chapter makes {_short(path)}; run make notebooks" for path in _orphans(files)]
    if problems:
        raise StaleError("\n".join(problems))
    return len(files)


def _orphans(files: dict[Path, bytes]) -> list[Path]:
    """Notebooks in the generated folders that no chapter makes."""
    root = project_root()
    present = [p for folder in ("notebooks", "solutions") for p in (root / folder).glob("*.ipynb")]
    return [path for path in sorted(present) if path not in files]


def _short(path: Path) -> Path:
    return path.relative_to(project_root())
