"""The corpus runs in the same engine as the tests beside it."""

import pytest

from autograder.engine import Engine, Limits


@pytest.fixture(scope="session")
def engine():
    """Limits that make a hang cost little; the class's seed is one that a test looks for."""
    limits = Limits(seconds=3, total_seconds=30, memory=1024 * 2**20)
    with Engine(workers=2, limits=limits, seed=20261121) as running:
        yield running
