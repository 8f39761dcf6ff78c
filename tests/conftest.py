"""What every test may use: the course's own chapters, and small ones made on the spot."""

from pathlib import Path

import pytest

from autograder.paths import chapter_sources, project_root

ROOT = project_root()
CHAPTERS = chapter_sources()


def pytest_configure(config):
    import os

    os.environ.setdefault("MPLBACKEND", "Agg")


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the tree."""
    return ROOT


def pytest_generate_tests(metafunc):
    """A test that asks for `chapter` runs once for each chapter of the book."""
    if "chapter" in metafunc.fixturenames:
        metafunc.parametrize("chapter", CHAPTERS, ids=[path.stem for path in CHAPTERS])
