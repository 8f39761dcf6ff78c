"""What every test may use: the course's own chapters, and small ones made on the spot."""

import signal
from pathlib import Path

import pytest
from small_class import classroom, grader, released  # noqa: F401  fixtures

from autograder.course.source import has_exercise
from autograder.paths import chapter_sources, project_root

ROOT = project_root()
CHAPTERS = chapter_sources()
GRADED = [path for path in CHAPTERS if has_exercise(path)]


def pytest_configure(config):
    import os

    os.environ.setdefault("MPLBACKEND", "Agg")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # a shell's background job; the programs that tests interrupt would inherit it
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the tree."""
    return ROOT


def pytest_generate_tests(metafunc):
    """A test that asks for `chapter` runs once for each; for `graded_chapter`, with an exercise."""
    for name, chapters in {"chapter": CHAPTERS, "graded_chapter": GRADED}.items():
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, chapters, ids=[path.stem for path in chapters])


@pytest.fixture(scope="session")
def engine():
    """One warm engine for all tests of a worker; short limits, so that a hang costs little."""
    from autograder.engine import Engine, Limits

    with Engine(workers=2, limits=Limits(seconds=4, total_seconds=30)) as running:
        yield running


@pytest.fixture(scope="session")
def no_course(tmp_path_factory):
    """A package that is installed without a checkout."""
    return str(tmp_path_factory.mktemp("installed") / "autograder" / "paths.py")
