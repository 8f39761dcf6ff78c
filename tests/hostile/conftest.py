"""The corpus runs in the same engine as the tests beside it."""

import pytest
from engine.conftest import warm_engine


@pytest.fixture(scope="session")
def engine():
    """The warm engine."""
    return warm_engine()
