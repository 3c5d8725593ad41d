"""After all other tests: what kernels, labs and killed processes of this run created is gone."""

import pytest
from on_engine import until

from factorlab.engine import cleanup

pytestmark = pytest.mark.engine


def test_nothing_is_left_behind():
    # tests that kill a lab on purpose may still run beside this one; each is swept within 15 s
    until(lambda: not cleanup.leftovers(), 60)
    assert not cleanup.leftovers()
