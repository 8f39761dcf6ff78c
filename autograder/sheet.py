"""A table in a CSV file that belongs to somebody else: what we do not fill in stays, byte for byte.

Delimiter, quotes, line ends, byte-order mark and encoding are the file's own. A cell that a
spreadsheet would run as a formula gets an apostrophe in front when it is written, and loses it
when it is read.
"""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError

ENCODINGS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
LONGEST = 300  # characters of a file's own text that a message repeats
FORMULA = re.compile(r"'*\s*[=+\-@\t\r]")
NUMBER = re.compile(r" *[-+]?\d*[.,]?\d*%? *")  # also a lone sign, which Moodle writes for none


@dataclass
class Sheet:
    """The cells of a table, as text, and how the file writes them."""

    header: list[str]
    rows: list[list[str]]
    _raw: list[list[str]]
    _ends: list[str]
    _delimiter: str
    _encoding: str

    def column(self, *names: str) -> int | None:
        """The place of the first of these headers that is there, in whatever case."""
        folded = [name.strip().casefold() for name in self.header]
        return next((folded.index(n.casefold()) for n in names if n.casefold() in folded), None)

    @property
    def headers_found(self) -> str:
        """What a message says of them."""
        return f"Columns found: {in_one_line(self.header)}"

    def cell(self, row: list[str], *names: str) -> str:
        """A row's cell under the first of these headers; empty if there is none."""
        column = self.column(*names)
        return row[column].strip() if column is not None and column < len(row) else ""

    def to_bytes(self) -> bytes:
        """The file, with every cell that was not changed as it was."""
        lines = []
        for values, raws, end in zip([self.header, *self.rows], self._raw, self._ends, strict=True):
            cells = [self._written(v, r) for v, r in zip(values, raws, strict=True)]
            lines.append(self._delimiter.join(cells) + end)
        return "".join(lines).encode(self._encoding)

    def _written(self, value: str, raw: str) -> str:
        safe = value if NUMBER.fullmatch(value) else guard(value)
        if _value(raw) in (safe, guard(value)):
            return raw
        special = (self._delimiter, '"', "\r", "\n")
        quoted = '"' + safe.replace('"', '""') + '"'
        return quoted if any(s in safe for s in special) or raw.startswith('"') else safe


def read_sheet(path: Path) -> Sheet:
    """The table in a file. Raises UsageError where it is none."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    encoding = next((name for mark, name in ENCODINGS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text: save it as `CSV UTF-8`") from error
    delimiter = max(",;\t", key=_outside_quotes(text.partition("\n")[0]).count)
    raw, ends = _split(text, delimiter)
    values = [[_value(cell) for cell in row] for row in raw]
    if not raw or values != _by_csv_module(text, delimiter):
        raise UsageError(f"{path} is not a CSV table that can be read without doubt")
    values = [[unguard(value) for value in row] for row in values]
    return Sheet(values[0], values[1:], raw, ends, delimiter, encoding)


def guard(text: str) -> str:
    """A text that a spreadsheet will not run: a formula gets an apostrophe in front."""
    return "'" + text if FORMULA.match(text) else text


def unguard(text: str) -> str:
    """What `guard` was given."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def in_one_line(texts: list[str]) -> str:
    """Cells of somebody else's, side by side, for a message."""
    said = ", ".join(" ".join(text.split()) for text in texts)
    return said if len(said) <= LONGEST else f"{said[:LONGEST]} …"


def rows_by(rows: list[list[str]], key: Callable[[list[str]], str]) -> dict[str, list[list[str]]]:
    """The rows under each key, so that a double one is seen."""
    found: dict[str, list[list[str]]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def _by_csv_module(text: str, delimiter: str) -> list[list[str]]:
    csv.field_size_limit(2**31 - 1)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [row or [""] for row in reader]


def _split(text: str, delimiter: str) -> tuple[list[list[str]], list[str]]:
    """Cells as they are written, and each line's end."""
    rows: list[list[str]] = []
    ends: list[str] = []
    row, start, quoted, place = [], 0, False, 0
    while place < len(text):
        character, width = text[place], 1
        if character == '"':
            quoted = not quoted
        elif not quoted and character in (delimiter, "\r", "\n"):
            row.append(text[start:place])
            if character != delimiter:
                width = 2 if text.startswith("\r\n", place) else 1
                rows.append(row)
                ends.append(text[place : place + width])
                row = []
            start = place + width
        place += width
    if row or start < len(text):
        rows.append([*row, text[start:]])
        ends.append("")
    return rows, ends


def _value(raw: str) -> str:
    if len(raw) >= 2 and raw.startswith('"') and raw.endswith('"'):
        return raw[1:-1].replace('""', '"')
    return raw


def _outside_quotes(line: str) -> str:
    return re.sub(r'"[^"]*"', "", line)
