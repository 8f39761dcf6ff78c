"""What a learner gets back: scores, the named mistake, and their own cells as they ran.

Everything of the learner's is escaped, no script runs, pictures are decoded and encoded anew,
and no line of a hidden test is in the file: only what the examiner said about the answer.
"""

import base64
import binascii
import io
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import nbformat
from jinja2 import Environment, select_autoescape
from nbformat.notebooknode import NotebookNode

from autograder.classroom.folder import Classroom
from autograder.classroom.ledger import Ledger
from autograder.course.cells import is_answer, is_test
from autograder.grading.words import as_markdown, view
from autograder.results import Result

MAX_TEXT = 20_000  # characters of one output that feedback repeats
MAX_PICTURE = 2000  # pixels of a picture's longer side
FROM_EXCHANGE = ("submission_secret.txt", "timestamp.txt")  # nbgrader's, in a hand-in

ENVIRONMENT = Environment(autoescape=select_autoescape(default=True), trim_blocks=True)


@dataclass(frozen=True)
class ShownCell:
    """An answer of the learner's, with its outputs as text and PNG data."""

    exercise: str
    source: str
    texts: list[str]
    pictures: list[str]


def write_feedback(classroom: Classroom, chapters: list[str], students: list[str]) -> list[Path]:
    """Write `feedback/<student>/<chapter>/<chapter>.html` and `.md`; returns the HTML files."""
    written = []
    for chapter in chapters:
        for result in Ledger(classroom).results(chapter):
            if not result.is_fault and (not students or result.student in students):
                written.append(_write_one(classroom, result))
    return written


def _write_one(classroom: Classroom, result: Result) -> Path:
    path = classroom.notebook("feedback", result.chapter, result.student).with_suffix(".html")
    path.parent.mkdir(parents=True, exist_ok=True)
    ran = classroom.notebook("autograded", result.chapter, result.student)
    cells = _shown_cells(nbformat.read(ran, as_version=4)) if _is_current(ran, result) else []
    template = files("autograder").joinpath("templates/feedback.html").read_text("utf-8")
    page = ENVIRONMENT.from_string(template).render(result=result, view=view(result), cells=cells)
    path.write_text(page, encoding="utf-8")
    path.with_suffix(".md").write_text(as_markdown(result), encoding="utf-8")
    _pass_on(classroom, result)
    return path


def _pass_on(classroom: Classroom, result: Result) -> None:
    """Put beside the page what `nbgrader release_feedback` finds its reader by."""
    for name in FROM_EXCHANGE:
        source, target = (
            classroom.notebook(step, result.chapter, result.student).with_name(name)
            for step in ("submitted", "feedback")
        )
        if source.is_file():
            target.write_bytes(source.read_bytes())
        else:
            target.unlink(missing_ok=True)


def _is_current(ran: Path, result: Result) -> bool:
    return ran.is_file() and result.outcome in ("graded", "needs_review")


def _shown_cells(notebook: NotebookNode) -> list[ShownCell]:
    """The learner's answers and extra cells; never a test cell."""
    shown = []
    for cell in notebook.cells:
        extra = cell.get("id", "").startswith("extra-")
        if cell.cell_type == "code" and not is_test(cell) and (is_answer(cell) or extra):
            name = cell.metadata.get("nbgrader", {}).get("grade_id", "your own cell")
            shown.append(ShownCell(name, cell.source, _texts(cell), _pictures(cell)))
    return shown


def _texts(cell: NotebookNode) -> list[str]:
    """Streams, plain results and errors; all rich text (HTML, Markdown, scripts) is left out."""
    texts = []
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            texts.append(output.text)
        elif output.output_type == "error":
            texts.append(f"{output.ename}: {output.evalue}")
        elif "text/plain" in output.get("data", {}) and "image/png" not in output.data:
            texts.append(output.data["text/plain"])
    return [text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "\n… cut" for text in texts]


def _pictures(cell: NotebookNode) -> list[str]:
    """PNG outputs, decoded and encoded again, so that nothing but pixels is passed on."""
    encoded = [
        o.data["image/png"] for o in cell.get("outputs", []) if "image/png" in o.get("data", {})
    ]
    return [picture for text in encoded[:10] if (picture := _clean_picture(text))]


def _clean_picture(encoded: str) -> str | None:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MAX_PICTURE**2
    try:
        with Image.open(io.BytesIO(base64.b64decode(encoded)), formats=["PNG"]) as picture:
            picture.thumbnail((MAX_PICTURE, MAX_PICTURE))
            clean = io.BytesIO()
            picture.convert("RGBA").save(clean, format="PNG")
    except (OSError, ValueError, binascii.Error, Image.DecompressionBombError):
        return None
    return base64.b64encode(clean.getvalue()).decode()
