"""Who is in the class: a CSV file in, nbgrader's own Student rows out, and back to look people up.

A platform's id leads to a learner through `lms_user_id`. People are told apart by ids and
addresses, never by their names, which they may change.
"""

from dataclasses import asdict, dataclass
from pathlib import Path

from autograder.classroom.folder import NAME, Classroom
from autograder.classroom.gradebook import edit_gradebook, open_gradebook
from autograder.errors import UsageError
from autograder.sheet import Sheet, read_sheet, rows_by

HEADERS = {  # our field: the headers that it may stand under
    "id": ("id", "student_id", "username", "login", "sis login id"),
    "lms_user_id": ("lms_user_id", "lms id", "canvas id", "user id"),
    "first_name": ("first_name", "first name", "firstname"),
    "last_name": ("last_name", "last name", "lastname", "surname"),
    "email": ("email", "email address", "e-mail"),
}
FULL_NAME = ("student", "name", "full name")
LONGEST = 240  # bytes of a folder's name, with room for an ending
MAX_TEXT = 128  # characters; nbgrader's columns hold no more


@dataclass(frozen=True)
class Learner:
    """One person, as nbgrader's gradebook keeps them."""

    id: str
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    lms_user_id: str | None = None

    @property
    def is_known(self) -> bool:
        """Came from a roster; who only handed something in has nothing but an id."""
        return any((self.first_name, self.last_name, self.email, self.lms_user_id))


class Roster:
    """Everyone in the gradebook, found by what a platform calls them."""

    def __init__(self, learners: list[Learner]):
        self.learners = {learner.id: learner for learner in learners}
        self.known = [learner for learner in learners if learner.is_known]
        self.has_lms_ids = any(learner.lms_user_id for learner in learners)

    @classmethod
    def of(cls, classroom: Classroom) -> "Roster":
        """The roster of a class, from its gradebook."""
        with open_gradebook(classroom) as gradebook:
            return cls([_learner(student) for student in gradebook.students])

    def by_lms_id(self, lms_id: str) -> list[str]:
        """The learners with this platform id."""
        return [learner.id for learner in self.known if learner.lms_user_id == lms_id]

    def by_any(self, *texts: str) -> set[str]:
        """The learners that one of these ids or addresses belongs to."""
        wanted = {text.strip().casefold() for text in texts if text and text.strip()}
        return {
            learner.id
            for learner in self.learners.values()
            for text in (learner.id, learner.lms_user_id, learner.email)
            if text and text.casefold() in wanted
        }


def read_roster(path: Path) -> tuple[list[Learner], list[str]]:
    """The learners in a CSV file, and the headers of columns that we have no use for.

    A gradebook downloaded from Canvas will do as it is. Raises UsageError naming each line
    that is wrong; then nobody is imported.
    """
    sheet = read_sheet(path)
    canvas = sheet.column("sis login id") is not None and sheet.column("id") is not None
    fields = _columns(sheet, canvas)
    if "id" not in fields and "lms_user_id" not in fields:
        raise UsageError(
            f"{path}: no column says who is who; name one `id` (or `lms_user_id`). "
            f"{sheet.headers_found}"
        )
    learners, problems = [], []
    for number, row in enumerate(sheet.rows, start=2):
        if not any(cell.strip() for cell in row) or (canvas and not _is_person(sheet, row)):
            continue
        values = {
            field: row[column].strip() for field, column in fields.items() if column < len(row)
        }
        learner = _from_row(values, sheet.cell(row, *FULL_NAME))
        problems += [f"line {number}: {problem}" for problem in _problems(learner)]
        learners.append(learner)
    problems += _doubles(learners)
    if problems:
        raise UsageError(f"{path}: nobody was imported\n" + "\n".join(problems))
    used = set(fields.values()) | {sheet.column(name) for name in FULL_NAME}
    return learners, [name for place, name in enumerate(sheet.header) if place not in used]


def import_roster(classroom: Classroom, learners: list[Learner]) -> dict[str, str]:
    """Write them into the gradebook, all or none: learner -> "new", "changed" or "unchanged".

    A cell that is empty in the file leaves what the gradebook holds; nobody is removed.
    """
    done: dict[str, str] = {}
    with edit_gradebook(classroom) as gradebook:
        known = {student.id: student for student in gradebook.students}
        for learner in learners:
            before = _learner(known[learner.id]) if learner.id in known else None
            facts = {key: value for key, value in asdict(learner).items() if value}
            _refuse_stolen_id(learner, known)
            if before is None:
                gradebook.db.add(_new_student(facts))
            else:
                for key, value in facts.items():
                    setattr(known[learner.id], key, value)
            same = before and asdict(before) | facts == asdict(before)
            done[learner.id] = "new" if before is None else "unchanged" if same else "changed"
    return done


def _columns(sheet: Sheet, canvas: bool) -> dict[str, int]:
    headers = HEADERS | ({"id": ("sis login id",), "lms_user_id": ("id",)} if canvas else {})
    found = {field: sheet.column(*names) for field, names in headers.items()}
    return {field: column for field, column in found.items() if column is not None}


def _is_person(sheet: Sheet, row: list[str]) -> bool:
    """Canvas's own rows (points possible, posting) have no id; its test student no login."""
    return bool(sheet.cell(row, "id") and sheet.cell(row, "sis login id"))


def _from_row(values: dict[str, str], full_name: str) -> Learner:
    values = {key: value for key, value in values.items() if value}
    values.setdefault("id", values.get("lms_user_id", ""))
    if full_name and not {"first_name", "last_name"} & set(values):
        last, comma, first = full_name.partition(",")
        values["last_name"] = last.strip() if comma else full_name
        if comma and first.strip():
            values["first_name"] = first.strip()
    return Learner(**values)


def _problems(learner: Learner) -> list[str]:
    problems = []
    if not is_usable_id(learner.id):
        problems.append(
            f"{learner.id!r} cannot be a learner's id: no `/`, `\\` or `+`, no dot first"
        )
    for field, value in asdict(learner).items():
        if value and len(value) > MAX_TEXT:
            problems.append(f"{field} has {len(value)} characters; at most {MAX_TEXT} fit")
    return problems


def is_usable_id(text: str) -> bool:
    """Can this be a learner's id, and so a folder's name?"""
    fits = len(text.encode("utf-8", "replace")) <= LONGEST
    return bool(NAME.fullmatch(text)) and text.isprintable() and text == text.strip() and fits


def _doubles(learners: list[Learner]) -> list[str]:
    problems = []
    for field in ("id", "lms_user_id"):
        rows = [[value] for learner in learners if (value := getattr(learner, field))]
        twice = [key for key, same in rows_by(rows, lambda row: row[0]).items() if len(same) > 1]
        problems += [f"{field} {value!r} stands there more than once" for value in twice]
    return problems


def _refuse_stolen_id(learner: Learner, known: dict) -> None:
    for other in known.values():
        taken = learner.lms_user_id and other.lms_user_id == learner.lms_user_id
        if taken and other.id != learner.id:
            raise UsageError(
                f"{learner.id}: lms_user_id {learner.lms_user_id} is already {other.id}'s; "
                "nobody was imported"
            )


def _learner(student) -> Learner:
    return Learner(
        student.id, student.first_name, student.last_name, student.email, student.lms_user_id
    )


def _new_student(facts: dict):
    from nbgrader import api

    return api.Student(**facts)
