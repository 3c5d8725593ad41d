"""What the tests with real containers share."""

from collections.abc import Iterator

import pytest

from factorlab import Lab
from factorlab.engine import cleanup


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab("01-config") as lab:
        yield lab


@pytest.fixture(scope="module", autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Every module of tests leaves the engine as it found it."""
    yield
    assert not cleanup.owned()
