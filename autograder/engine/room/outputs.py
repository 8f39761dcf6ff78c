"""The outputs of one cell as nbformat has them, kept within bounds."""

import base64
import io
import json
from typing import Any

Output = dict[str, Any]

NOTICE = "\n[output dropped: more than {} bytes]\n"


class Outputs:
    """Collects what one cell prints, shows and raises, in the order a notebook server would.

    Text is held back until something else comes, first that of stdout, then that of stderr: so
    does ipykernel for a cell that is faster than its flush interval.
    """

    def __init__(self, max_bytes: int, max_outputs: int) -> None:
        self.items: list[Output] = []
        self.truncated = False
        self._max_bytes = max_bytes
        self._max_outputs = max_outputs
        self._bytes_left = max_bytes
        self._pending: dict[str, list[str]] = {"stdout": [], "stderr": []}
        self._clear_before_next = False
        self._by_display_id: dict[str, list[Output]] = {}

    def stream(self, name: str, text: str) -> None:
        """Text on stdout or stderr."""
        allowed = self._afford(text)
        if allowed:
            self._obey_delayed_clear()
            self._pending[name].append(allowed)

    def display(self, data: Output, metadata: Output, display_id: str | None = None) -> None:
        """A figure or another rich object."""
        output = {"output_type": "display_data", "data": data, "metadata": metadata}
        if self._add(output) and display_id:
            self._by_display_id.setdefault(display_id, []).append(output)

    def update(self, data: Output, metadata: Output, display_id: str) -> None:
        """Replace what was shown under `display_id` in this cell."""
        if not self._affordable(data):
            return
        for output in self._by_display_id.get(display_id, []):
            output.update(data=data, metadata=metadata)

    def result(self, data: Output, metadata: Output, count: int) -> None:
        """The value of the cell's last expression."""
        head = {"output_type": "execute_result", "execution_count": count}
        self._add({**head, "data": data, "metadata": metadata})

    def error(self, name: str, text: str, traceback: list[str]) -> None:
        """An exception that ended the cell; shown even when the budget is spent."""
        text, traceback = text[:10_000], [line[:10_000] for line in traceback[:100]]
        self.flush()
        self._obey_delayed_clear()
        head = {"output_type": "error", "ename": name[:200], "evalue": text}
        self.items.append({**head, "traceback": traceback})

    def clear(self, wait: bool = False) -> None:
        """Forget what was shown, now or when the next output comes."""
        if wait:
            self._clear_before_next = True
            return
        self._clear_before_next = False
        self.items.clear()
        self._by_display_id.clear()
        for pieces in self._pending.values():
            pieces.clear()

    def flush(self) -> None:
        """Turn text held back into outputs."""
        for name, pieces in self._pending.items():
            if pieces:
                self._append_text(name, "".join(pieces))
                pieces.clear()

    def finish(self) -> list[Output]:
        """All outputs of the cell, with a notice if some were dropped."""
        self.flush()
        if self.truncated:
            self._append_text("stderr", NOTICE.format(self._max_bytes))
        return self.items

    def _append_text(self, name: str, text: str) -> None:
        last = self.items[-1] if self.items else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += text
        else:
            self.items.append({"output_type": "stream", "name": name, "text": text})

    def _add(self, output: Output) -> bool:
        self.flush()
        if len(self.items) >= self._max_outputs or not self._affordable(output):
            self.truncated = True
            return False
        self._obey_delayed_clear()
        self.items.append(output)
        return True

    def _afford(self, text: str) -> str:
        """The part of `text` that the budget still allows."""
        size = len(text.encode("utf-8", "replace"))
        if size > self._bytes_left:
            self.truncated = True
            text = text[: self._bytes_left // 4]  # no character takes more than four bytes
        self._bytes_left -= min(size, self._bytes_left)
        return text

    def _affordable(self, content: Any) -> bool:
        size = len(json.dumps(content))
        if size > self._bytes_left:
            self.truncated = True
            return False
        self._bytes_left -= size
        return True

    def _obey_delayed_clear(self) -> None:
        if self._clear_before_next:
            self.clear()


class Stream(io.TextIOBase):
    """sys.stdout or sys.stderr of a room; writes to whichever cell's outputs are current."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.outputs: Outputs | None = None

    def write(self, text: str) -> int:
        """Append text to the current cell's outputs."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self.outputs is not None:
            self.outputs.stream(self.name, text)
        return len(text)

    def writable(self) -> bool:
        """Yes."""
        return True

    def isatty(self) -> bool:
        """No terminal."""
        return False

    def fileno(self) -> int:
        """The process's own descriptor, as ipykernel answers: subprocess asks for it."""
        return {"stdout": 1, "stderr": 2}[self.name]


def jsonable(bundle: Output) -> Output:
    """A MIME bundle whose bytes are base64 text and which JSON can carry."""
    return {mime: _jsonable(value) for mime, value in bundle.items()}


def _jsonable(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    json.dumps(value)  # raises TypeError here, where the cell can be blamed
    return value
