"""A running class: one folder in nbgrader's own layout, and the few facts that are ours."""

import os
import re
import secrets
import sys
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.classroom.database import with_driver
from autograder.disk import json_bytes, write_whole
from autograder.errors import UsageError

SETTINGS_FILE = "autograder.toml"
NBGRADER_CONFIG = '''\
"""nbgrader's configuration of this class; stock commands work inside this folder."""

import os
import tomllib

from autograder.classroom.autograde import AUTOGRADE_PREPROCESSORS, SANITIZE_PREPROCESSORS

here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "autograder.toml"), "rb") as settings_file:
    settings = tomllib.load(settings_file)

# hidden tests draw their random numbers from the class's seed
os.environ.setdefault("AUTOGRADER_SEED", str(settings["seed"]))

c = get_config()  # noqa: F821
c.CourseDirectory.root = here
c.CourseDirectory.course_id = "apple_in_context"
db_url = settings.get("db") or "sqlite:///" + os.path.join(here, "gradebook.db")
c.CourseDirectory.db_url = db_url.replace("postgresql://", "postgresql+psycopg://", 1)
c.Exchange.path_includes_course = True
if "exchange" in settings:
    c.Exchange.root = settings["exchange"]
c.ExecutePreprocessor.timeout = 60

# the operating system says whose a hand-in is and when it came, not its author
c.ExchangeFactory.collect = "autograder.classroom.exchange.Collect"
c.ExchangeFactory.release_feedback = "autograder.classroom.exchange.ReleaseFeedback"

# `nbgrader autograde` and the formgrader's button grade as `autograder grade` does
c.Autograde.sanitize_preprocessors = SANITIZE_PREPROCESSORS
c.Autograde.autograde_preprocessors = AUTOGRADE_PREPROCESSORS

# the class's late policy, for stock commands and the formgrader too
c.AssignLatePenalties.plugin_class = "autograder.classroom.late_plugin.LatePolicy"
for name, value in settings.get("late", {}).items():
    setattr(c.LatePolicy, name, value)
'''

SETTINGS = """\
# This class. `seed` feeds the random numbers of the hidden tests: keep it to yourself.
seed = {seed}

# A database other than gradebook.db, for example postgresql://user@host/name
# db = "sqlite:///gradebook.db"

# nbgrader's exchange on a JupyterHub, where it is not at nbgrader's own place.
# exchange = "/usr/local/share/nbgrader/exchange"

# Limits of one submission; the defaults suit a notebook that imports torch.
# [limits]
# seconds = 10           # wall time of one cell
# total_seconds = 60     # wall time of a submission

# Times without a zone, in `autograder due` and in a platform's files, are of this one;
# the computer's own if none is named.
# timezone = "Europe/Berlin"

# What a late submission loses; nothing, if this is not set. `autograder due` sets the dates.
# [late]
# grace_minutes = 15     # not late yet
# per_day = 0.1          # of the score, for every day begun
# zero_after_days = 7    # nothing is left
"""

KINDS = {  # of the settings, and how a message calls them
    "seed": (int, "a whole number"),
    "db": (str, 'a text, such as "postgresql://user@host/name"'),
    "exchange": (str, "a text, the path of a folder"),
    "limits": (dict, "a table, [limits]"),
    "timezone": (str, 'a text, such as "Europe/Berlin"'),
    "late": (dict, "a table, [late]"),
}

NAME = re.compile(r"[^\s/\\.+][^/\\+]{0,120}")  # nbgrader refuses "+" in an assignment's path


@dataclass(frozen=True)
class Classroom:
    """A class folder; made by `autograder release`, used by every other verb."""

    folder: Path
    db: str | None = None  # the gradebook's address, where another than the class's is wanted

    @classmethod
    def open(cls, folder: Path, db: str | None = None) -> "Classroom":
        """The class in that folder. Raises UsageError where there is none."""
        classroom = cls(folder.resolve(), db)
        if not classroom.settings_file.is_file():
            raise UsageError(
                f"no class in {folder}: `autograder release --class {folder}` makes one"
            )
        _ = classroom.settings  # what is wrong with them is said now, not half-way
        return classroom

    @classmethod
    def create(cls, folder: Path, db: str | None = None) -> "Classroom":
        """Make a class folder, or open the one that is there; nothing of it is overwritten."""
        classroom = cls(folder.resolve(), db)
        if classroom.settings_file.exists():
            _ = classroom.settings
        classroom.state.mkdir(parents=True, exist_ok=True)
        for name in ("source", "release", "submitted", "autograded", "feedback"):
            (classroom.folder / name).mkdir(exist_ok=True)
        seed = secrets.randbelow(2**31)
        _write_once(classroom.settings_file, SETTINGS.format(seed=seed))
        _write_once(classroom.folder / "nbgrader_config.py", NBGRADER_CONFIG)
        return classroom

    @property
    def settings_file(self) -> Path:
        """What a teacher may change: seed, database, limits."""
        return self.folder / SETTINGS_FILE

    @property
    def state(self) -> Path:
        """Where results, backups and the ledger are kept."""
        return self.folder / ".autograder"

    @cached_property
    def settings(self) -> dict:
        """The class's `autograder.toml`. Raises UsageError naming the line that is wrong."""
        try:
            settings = tomllib.loads(self.settings_file.read_text(encoding="utf-8"))
        except UnicodeDecodeError as error:
            raise UsageError(f"{self.settings_file}: not UTF-8 text") from error
        except RecursionError as error:
            raise UsageError(f"{self.settings_file}: nested too deep") from error
        except ValueError as error:  # also a number of thousands of digits
            raise UsageError(f"{self.settings_file}: {error}") from error
        if problem := _wrong_setting(settings):
            raise UsageError(f"{self.settings_file}: {problem}")
        return settings

    @property
    def seed(self) -> int:
        """The seed of the hidden tests' random numbers."""
        return self.settings["seed"]

    @property
    def db_url(self) -> str:
        """The gradebook's address, as SQLAlchemy reads it."""
        own = f"sqlite:///{self.folder / 'gradebook.db'}"
        return with_driver(self.db or self.settings.get("db") or own)

    def chapters(self) -> list[str]:
        """The chapters released to this class, in book order."""
        found = sorted((self.folder / "source").glob("*/*.ipynb"))
        return [path.stem for path in found if path.stem == path.parent.name]

    def chosen_chapters(self, names: list[str]) -> list[str]:
        """Those named, or all; raises UsageError for one that was not released."""
        released = self.chapters()
        unknown = [name for name in names if name not in released]
        if unknown:
            known = ", ".join(released) or "none yet"
            raise UsageError(f"not released to this class: {', '.join(unknown)}; released: {known}")
        return [name for name in released if name in names] if names else released

    def notebook(self, step: str, chapter: str, student: str = "") -> Path:
        """Where nbgrader keeps a notebook: `source`, `release`, `submitted`, `autograded` …"""
        return self.folder / step / student / chapter / f"{chapter}.ipynb"

    def students(self, chapter: str) -> list[str]:
        """Who handed something in for a chapter, whatever it is."""
        submitted = self.folder / "submitted"
        found = [p.parent.name for p in submitted.glob(f"*/{chapter}") if p.is_dir()]
        return sorted(name for name in found if NAME.fullmatch(name))


def use_own_programs() -> None:
    """Put this environment's programs on PATH: a new nbgrader Gradebook runs `alembic`."""
    programs = os.path.dirname(sys.executable)
    if programs not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = programs + os.pathsep + os.environ.get("PATH", "")


def write_json(path: Path, value: object) -> None:
    """Write by rename: see `write_whole`."""
    write_whole(path, json_bytes(value, indent=1))


def _wrong_setting(settings: dict) -> str:
    """The first that cannot be as it is; empty if all can."""
    if unknown := set(settings) - set(KINDS):
        return f"unknown setting {', '.join(sorted(unknown))}; there are: {', '.join(KINDS)}"
    for name, (kind, words) in KINDS.items():
        value = settings.get(name)
        wrong = type(value) is not kind or (kind is str and not value.isprintable())
        if wrong and (name in settings or name == "seed"):
            return f"`{name}` must be {words}"
    return ""


def _write_once(path: Path, text: str) -> None:
    if not path.exists():
        path.write_text(text, encoding="utf-8")
