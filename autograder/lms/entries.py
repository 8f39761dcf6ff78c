"""Who handed a file in: read from the entry's name as the learning platform wrote it.

Only the outer part of a name is the platform's; what follows is the learner's own and says
nothing about who they are.

Canvas:  `<name>[_LATE]_<user id>_<file id>_<file>`, all in one folder
Moodle:  `<full name>_<participant id>_assignsubmission_file[_]/<file>`
folder:  `<learner>/…/<file>` or `<learner>.ipynb`
"""

import re
from dataclasses import dataclass

CANVAS = re.compile(r"(?P<name>.*?)(?P<late>_LATE)?_(?P<user>[1-9]\d*)_(?P<order>[1-9]\d*)_")
CANVAS_ANONYMOUS = re.compile(r"(?P<late>LATE_)?anon_(?P<user>[^\W_]{5})_(?P<order>[1-9]\d*)_")
MOODLE = re.compile(r"(?P<name>[^_/]*)_(?P<user>\d+)_assignsubmission_file(?:_|(?=/)|$)")
KINDS = ("canvas", "moodle", "folder")


@dataclass(frozen=True)
class Outer:
    """What the platform says of one entry."""

    user: str  # the platform's own id; of a folder, the folder's name
    file: str  # the learner's own file name, without folders
    prefix: str  # what a file that is given back must be named with, so that it is taken
    late: bool | None = None  # None where the platform does not say
    order: int = 0  # a higher number was handed in later; 0 where nothing is said
    rivals: tuple[str, ...] = ()  # other ids that the same name could mean


def read_outer(kind: str, name: str) -> Outer | None:
    """What an entry's name says; None if it is no name of that kind."""
    return {"canvas": _canvas, "moodle": _moodle, "folder": _folder}[kind](name)


def guess_kind(names: list[str]) -> str:
    """The kind that all of these names fit, or "folder"."""
    for kind in ("moodle", "canvas"):
        if names and all(read_outer(kind, name) for name in without_wrapper(kind, names)):
            return kind
    return "folder"


def without_wrapper(kind: str, names: list[str]) -> list[str]:
    """The same names without the one folder that a person packed them all into."""
    first = {name.partition("/")[0] for name in names}
    wrapped = len(first) == 1 and all("/" in name for name in names)
    if kind == "folder" or not wrapped or read_outer(kind, names[0]):
        return names
    return [name.partition("/")[2] for name in names]


def _canvas(name: str) -> Outer | None:
    """All is in one name, and a learner may choose how they and their file are called.

    The first pair of numbers counts. Where a later pair would do as well, its id is a rival:
    a person who calls themself `x_7` could else hand in as 7.
    """
    anonymous = CANVAS_ANONYMOUS.match(name)
    found = anonymous or CANVAS.match(name)
    if not found or not name[found.end() :] or "/" in name:
        return None
    rivals: list[str] = []
    rest = name[found.start("order") - 1 :]  # "_<file id>_<file>": the id of a second reading?
    while not anonymous and (second := re.match(r"_([1-9]\d*)_([1-9]\d*)_(?=.)", rest)):
        rivals.append(second[1])
        rest = rest[second.start(2) - 1 :]
    return Outer(
        user=found["user"],
        file=name[found.end() :],
        prefix=name[: found.end()],
        late=bool(found["late"]),
        order=int(found["order"]),
        rivals=tuple(rivals),
    )


def _moodle(name: str) -> Outer | None:
    """The first folder, or the same prefix in front of a file; Moodle takes `_` out of names."""
    found = MOODLE.match(name)
    rest = name[found.end() :].lstrip("/") if found else ""
    if not found or not rest:
        return None
    prefix = name.split("/")[0] + "/" if "/" in name else name[: found.end()]
    return Outer(user=found["user"], file=rest.split("/")[-1], prefix=prefix)


def _folder(name: str) -> Outer | None:
    """The first folder is the learner; a file that stands alone is named as its learner."""
    first, _, rest = name.partition("/")
    user = first if rest else first.removesuffix(".ipynb")
    return Outer(user=user, file=(rest or first).split("/")[-1], prefix="")
