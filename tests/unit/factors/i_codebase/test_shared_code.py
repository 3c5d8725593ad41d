"""What I-2 asks for its prices: no number that an app's own code would get right by luck."""

import pytest

from factorlab.factors.i_codebase.shared_code import CENTS, LIMITS, agreed, around


@pytest.mark.parametrize("own", [10, 20, 25])
@pytest.mark.parametrize("above", [False, True], ids=["from", "above"])
def test_no_number_in_the_code_follows_by_luck(own, above):
    def fixed(pieces):
        off = pieces > own if above else pieces >= own
        return CENTS * pieces * (9 if off else 10) // 10

    for limit in LIMITS:
        pieces = around(limit)
        assert list(map(fixed, pieces)) != [agreed(number, limit) for number in pieces], limit
