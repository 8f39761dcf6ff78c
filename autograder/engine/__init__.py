"""The engine: warm templates, two sealed rooms per submission, faithful outputs.

`host/` drives the rooms, `room/` is all that a room may see beside the modules here, which both
sides share. The names are loaded on first use: a room must not load the host's half.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.engine.host.doctor import doctor
    from autograder.engine.host.library import Library
    from autograder.engine.host.limits import Limits
    from autograder.engine.host.pool import Engine
    from autograder.engine.host.run import CellResult, Run

_HOMES = {
    "CellResult": "run",
    "Engine": "pool",
    "Library": "library",
    "Limits": "limits",
    "Run": "run",
    "doctor": "doctor",
}
__all__ = ["CellResult", "Engine", "Library", "Limits", "Run", "doctor"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.host.{_HOMES[name]}"), name)
