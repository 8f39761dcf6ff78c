"""One warm engine for all tests of a worker."""

import contextlib
import functools

import pytest

from autograder.engine import Engine, Limits

_at_the_end = contextlib.ExitStack()


@functools.cache
def warm_engine():
    """Limits that make a hang cost little; the class's seed is one that a test looks for."""
    limits = Limits(seconds=3, total_seconds=30, memory=256 * 2**20)
    return _at_the_end.enter_context(Engine(workers=2, limits=limits, seed=20261121))


def pytest_sessionfinish():
    _at_the_end.close()


@pytest.fixture(scope="session")
def engine():
    """The warm engine."""
    return warm_engine()
