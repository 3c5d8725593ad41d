"""What the tests with real containers share."""

from collections.abc import Iterator

import pytest
from on_engine import owned

from factorlab import Lab


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab("01-config") as lab:
        yield lab


@pytest.fixture(scope="module", autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Every module of tests leaves the engine as it found it: another lab of this worker may stand."""
    before = owned()
    yield
    assert [one for one in owned() if one not in before] == []
