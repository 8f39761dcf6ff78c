"""Any bytes become a notebook's cells, or a rejection that a learner can read."""

import codecs
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.errors import AutograderError

MAX_FILE = 200 * 2**20  # bytes of a file, outputs included
MAX_SOURCE = 2 * 2**20  # characters of code and text, outputs dropped
MAX_CELLS = 2000
MAX_DEPTH = 100  # of brackets within brackets, before the JSON parser is asked

STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)  # of JSON, closed
BRACKET = re.compile(r"[\[{}\]]")
MAGIC = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip archive",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"\xd0\xcf\x11\xe0": "an Office document",
    b"SQLite format 3": "a database",
}


class Rejected(AutograderError):
    """The file is not a notebook that can be graded; the message is for the learner."""


@dataclass
class SubmittedCell:
    """What is kept of a submitted cell: nothing that it says of itself is trusted."""

    kind: str  # "code" or "markdown"
    source: str
    id: str = ""
    grade_id: str = ""
    checksum: str = ""  # nbgrader's, of a locked cell: only tells one release from another


@dataclass
class Submission:
    """The cells of a submitted notebook, in order, outputs and metadata dropped."""

    cells: list[SubmittedCell] = field(default_factory=list)

    @property
    def code(self) -> list[SubmittedCell]:
        """The code cells, in order."""
        return [cell for cell in self.cells if cell.kind == "code"]

    def to_json(self) -> list[dict[str, str]]:
        """As it crosses to another machine."""
        return [dict(vars(cell)) for cell in self.cells]

    @classmethod
    def from_json(cls, cells: list[dict[str, str]]) -> "Submission":
        """The reverse."""
        return cls([SubmittedCell(**cell) for cell in cells])


def read_submission(path: Path) -> Submission:
    """Read a submitted file. Raises Rejected with a reason that its author can act on."""
    try:
        if path.exists() and not path.is_file():
            raise Rejected("This is no plain file. Hand in the .ipynb file itself.")
        size = path.stat().st_size
        if size > MAX_FILE:
            raise Rejected(
                f"The file has {size / 2**20:.0f} MB; at most {MAX_FILE // 2**20} MB can be read. "
                "Clear the outputs (Edit, Clear Outputs of All Cells), save and hand in again."
            )
        return parse_submission(path.read_bytes())
    except OSError as error:
        raise Rejected(f"The file could not be read: {error.strerror or error}.") from error


def parse_submission(content: bytes) -> Submission:
    """The notebook in these bytes. Raises Rejected with a reason, and nothing else."""
    text = _decode(content)
    notebook = _load(text)
    cells = [_cell(raw) for raw in _raw_cells(notebook)]
    submission = Submission([cell for cell in cells if cell])
    if not submission.code:
        raise Rejected("The notebook has no code cell: is it an empty one, or another file?")
    if len(submission.cells) > MAX_CELLS:
        raise Rejected(f"The notebook has {len(submission.cells)} cells; at most {MAX_CELLS} fit.")
    if sum(len(cell.source) for cell in submission.cells) > MAX_SOURCE:
        raise Rejected("The notebook's code and text are larger than 2 MB: was data pasted in?")
    return submission


def _decode(content: bytes) -> str:
    """Text from bytes: UTF-8 or UTF-16, with or without a byte-order mark."""
    if not content.strip():
        raise Rejected("The file is empty: save the notebook and hand it in again.")
    for magic, kind in MAGIC.items():
        if content.startswith(magic):
            raise Rejected(f"This is {kind}, not a notebook. Hand in the .ipynb file itself.")
    if content.lstrip()[:9].lower().startswith((b"<!doctype", b"<html")):
        raise Rejected("This is a web page, not a notebook. Download the .ipynb file itself.")
    try:
        return content.decode(_encoding(content))
    except UnicodeDecodeError as error:
        raise Rejected(
            "The file holds bytes that are not text, so it is not a notebook."
        ) from error


def _encoding(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if content.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if content[1:2] == b"\0":
        return "utf-16-le"
    if content[:1] == b"\0":
        return "utf-16-be"
    return "utf-8"


def _load(text: str) -> dict[str, Any]:
    if _depth(text) > MAX_DEPTH:
        raise Rejected("The file is nested deeper than any notebook is.")
    try:
        notebook = json.loads(text, parse_constant=lambda _: None)
    except (json.JSONDecodeError, RecursionError, ValueError) as error:
        if text.lstrip().startswith("{"):
            raise Rejected(
                "The file breaks off or is damaged, so it cannot be opened as a notebook. "
                "Open it in Jupyter, save it, and hand it in again."
            ) from error
        raise Rejected("This is not a notebook (.ipynb). Hand in the .ipynb file.") from error
    if not isinstance(notebook, dict) or "nbformat" not in notebook:
        raise Rejected("This is a JSON file, but not a notebook. Hand in the .ipynb file.")
    return notebook


def _depth(text: str) -> int:
    """The deepest nesting of brackets outside strings."""
    depth = deepest = 0
    bare = STRING.sub("", text[:MAX_SOURCE]).partition('"')[0]
    for bracket in BRACKET.findall(bare):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _raw_cells(notebook: dict[str, Any]) -> list[Any]:
    """The cell list of nbformat 3 or 4."""
    version = notebook.get("nbformat")
    if version == 4:
        cells = notebook.get("cells")
    elif version == 3:
        sheets = notebook.get("worksheets")
        cells = [
            cell
            for sheet in _list(sheets)
            for cell in (_list(sheet.get("cells")) if isinstance(sheet, dict) else [])
        ]
    else:
        raise Rejected(
            f"The notebook's format is version {str(version)[:20]}; versions 3 and 4 can be read. "
            "Save it with a current Jupyter and hand it in again."
        )
    if not isinstance(cells, list) or not cells:
        raise Rejected("The notebook has no cells: is it an empty one?")
    return cells


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _cell(raw: object) -> SubmittedCell | None:
    """One cell, or None for what is no cell; nothing in it can make this fail."""
    if not isinstance(raw, dict):
        return None
    source = raw.get("source", raw.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        return None
    source = source.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    source = source.encode("utf-8", "replace").decode("utf-8")  # lone surrogates
    metadata = raw.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    said = nbgrader if isinstance(nbgrader, dict) else {}
    grade_id, checksum = said.get("grade_id"), said.get("checksum")
    return SubmittedCell(
        kind="code" if raw.get("cell_type") == "code" else "markdown",
        source=source,
        id=raw["id"] if isinstance(raw.get("id"), str) else "",
        grade_id=grade_id if isinstance(grade_id, str) else "",
        checksum=checksum if isinstance(checksum, str) else "",
    )
