"""The engine: warm templates, two sealed rooms per submission, faithful outputs.

The names are loaded on first use: a room holds this package and must not load the host's half.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.engine.doctor import doctor
    from autograder.engine.errors import EngineFault, IsolationError
    from autograder.engine.limits import Limits
    from autograder.engine.pool import Engine
    from autograder.engine.results import CellResult, Run

_HOMES = {
    "CellResult": "results",
    "Engine": "pool",
    "EngineFault": "errors",
    "IsolationError": "errors",
    "Limits": "limits",
    "Run": "results",
    "doctor": "doctor",
}
__all__ = ["CellResult", "Engine", "EngineFault", "IsolationError", "Limits", "Run", "doctor"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
