"""Pages that speak of the code: each file and each function that they name is there."""

import importlib
import re
from types import ModuleType

import pytest

PAGES = ["README.md", "CONTRIBUTING.md", "book/engine.md", "book/threat_model.md"]
FILE = re.compile(r"`((?:autograder|tests|benchmarks|book)/[\w/.]+)`")
NAME = re.compile(r"`((?:api|checks|classroom|cli|engine|findings|grading|lms|reports)(?:\.\w+)+)`")


@pytest.mark.parametrize("page", PAGES)
def test_the_files_that_a_page_names_are_there(page, root):
    named = FILE.findall((root / page).read_text(encoding="utf-8"))
    real = [path for path in named if "NN_name" not in path]

    assert [path for path in real if not (root / path).exists()] == []


def is_there(dotted):
    """Does `autograder` have a module, class, function or method of that name?"""
    found: object = importlib.import_module("autograder")
    path = "autograder"
    for part in dotted.split("."):
        path = f"{path}.{part}"
        if isinstance(found, ModuleType) and not hasattr(found, part):
            try:
                found = importlib.import_module(path)
            except ModuleNotFoundError:
                return False
        elif not hasattr(found, part):
            return False
        else:
            found = getattr(found, part)
    return True


def test_the_walk_of_a_submission_names_functions_that_are_there(root):
    names = NAME.findall((root / "book" / "engine.md").read_text(encoding="utf-8"))

    assert len(names) > 25
    assert [name for name in names if not is_there(name)] == []
