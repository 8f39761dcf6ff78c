"""What a class allows a submission to use, as its `autograder.toml` says."""

import math
from dataclasses import fields

from autograder.classroom.folder import Classroom
from autograder.engine import Limits
from autograder.errors import UsageError


def limits_of(classroom: Classroom) -> Limits:
    """The engine's limits for this class. Raises UsageError for a name or a value that is wrong."""
    chosen = classroom.settings.get("limits", {})
    known = {field.name: type(field.default) for field in fields(Limits)}
    if unknown := set(chosen) - set(known):
        raise UsageError(
            f"{classroom.settings_file}: unknown limit {', '.join(sorted(unknown))}; "
            f"there are: {', '.join(sorted(known))}"
        )
    for name, value in chosen.items():
        if type(value) not in (int, known[name]) or not math.isfinite(value):
            kind = "a whole number" if known[name] is int else "a number"
            raise UsageError(f"{classroom.settings_file}: limit {name} must be {kind}")
    try:
        return Limits(**chosen)
    except (TypeError, ValueError) as error:
        raise UsageError(f"{classroom.settings_file}: {error}") from error
