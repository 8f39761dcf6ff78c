"""What is wrong with an answer, as data: it crosses rooms, machines and years as plain text."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

LONGEST = 2000  # characters of one text of a finding
_ENDS = re.compile(r".*[.!?:;](?=\s)|.*(?=\n)|.*(?=\s)", re.DOTALL)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, said for its author. All texts are plain, and may be empty."""

    sentence: str  # what is wrong
    hint: str = ""  # where to look, as a question or an advice
    call: str = ""  # the smallest input that shows it, as the learner would write it
    detail: str = ""  # what that call showed, where `sentence` says something more general
    expected: str = ""  # the value that a right answer gives for it
    actual: str = ""  # the value that this answer gave
    raised: str = ""  # the type of the exception that ended a test, where that is all there is
    mistake: str = ""  # the name of the stored mistake that it is, if it is one
    failed: tuple[str, ...] = ()  # the properties that do not hold
    follows_from: tuple[str, ...] = ()  # the exercises whose answers make this one fail

    @property
    def lines(self) -> list[str]:
        """The finding as a person reads it, in every place: a line or a block for each part."""
        said = [self.sentence, f"Hint: {self.hint}" if self.hint else ""]
        said.append(f"Smallest example: {self.call}" if self.call else "")
        said.append(self.detail)
        if self.actual:
            said += [f"expected\n{self.expected}", f"but got\n{self.actual}"]
        return [line for line in said if line]

    def __str__(self) -> str:
        """All lines, one below the other."""
        return "\n".join(self.lines)

    def to_json(self) -> dict[str, Any]:
        """As it crosses and as it is kept; without what is empty."""
        return {key: value for key, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Finding":
        """The reverse. Raises TypeError, ValueError for what is no finding."""
        known = {field.name for field in fields(cls)}
        texts: dict[str, Any] = {}
        for key in known & record.keys():
            value = record[key]
            if key in ("failed", "follows_from"):
                texts[key] = tuple(shortened(_text(part), 200) for part in list(value)[:50])
            else:
                texts[key] = shortened(_text(value))
        if not texts.get("sentence"):
            raise ValueError("a finding without a sentence")
        return cls(**texts)


def shortened(text: str, most: int = LONGEST) -> str:
    """A text of at most that many characters; a longer one ends where a sentence or a word does."""
    if len(text) <= most:
        return text
    whole = _ENDS.match(text[: most - 1])
    kept = whole[0] if whole and len(whole[0]) > most // 2 else text[: most - 2]
    return f"{kept.rstrip()} …"


def _text(value: object) -> str:
    if type(value) is not str:
        raise TypeError(f"{type(value).__name__} in the place of text")
    return value
