"""Spans put together to traces: who descends from whom, however long the chain is."""

import time
from itertools import pairwise

import pytest

from factorlab.factors.o_observability.otel_spans import Span, is_followed

LONG = 28_000
"""As many spans as a log of two million bytes holds."""


def span(id, parent="", service="shop"):
    return Span(service, "trace", id, parent, error=False, raised=False)


def chain(count, service="shop"):
    """Spans that each have the one before as their parent."""
    ids = [f"{n:x}" for n in range(1, count + 1)]
    first = span(ids[0], service=service)
    return [first, *(span(id, above, service) for above, id in pairwise(ids))]


@pytest.mark.parametrize(
    ("trace", "followed"),
    [
        ([span("a"), span("b", "a", "prices")], True),
        ([span("c", "b", "prices"), span("b", "a", "prices"), span("a")], True),
        ([span("a"), span("b", "a", "proxy"), span("c", "b", "prices")], True),
        ([span("a", service="prices"), span("b", "a")], False),
        ([span("a"), span("b", "elsewhere", "prices")], False),
        ([span("a"), span("b", "", "prices")], False),
        ([span("a", "b"), span("b", "a", "prices")], True),
        ([span("a", "a", "prices"), span("b")], False),
        ([], False),
    ],
    ids=["child", "grandchild", "between", "above", "gap", "two roots", "cycle", "own", "nothing"],
)
def test_a_trace_goes_through_when_one_descends_from_the_other(trace, followed):
    assert is_followed(trace, "shop", "prices") is followed


@pytest.mark.parametrize("bitten", [False, True], ids=["chain", "ring"])
def test_the_longest_chain_that_fits_in_a_log_is_read_in_no_time(bitten):
    trace = chain(LONG, service="prices")
    if bitten:
        trace[0] = span(trace[0].id, trace[-1].id, "prices")
    began = time.process_time()
    assert not is_followed(trace, "shop", "prices")
    assert not is_followed(chain(LONG), "shop", "prices")
    through = [*chain(LONG), span("end", f"{LONG:x}", "prices")]
    assert is_followed(through, "shop", "prices")
    assert time.process_time() - began < 5
