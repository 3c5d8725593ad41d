"""Planted events tell the usual misreadings of a log from the right reading."""

import random
from collections import Counter
from statistics import mean, quantiles

import pytest

from factorlab.factors.xi_logs.planted_events import (
    REPLICAS,
    arrivals,
    batches,
    errors_per_second,
    events_of,
    in_order,
    p95_range,
    plant,
)


@pytest.fixture(params=range(60))
def chance(request):
    return random.Random(request.param)


def test_a_mean_of_percentiles_and_repeated_events_are_far_from_the_percentile(chance):
    arriving = arrivals(80, 20, chance)
    for part in (arriving[:6], arriving):
        events = events_of(part)
        low, exact, high = p95_range(events)
        durations = [event.ms for event in events]
        assert low <= exact <= high
        assert low <= quantiles(durations, n=100)[94] <= high
        assert low <= quantiles(durations, n=100, method="inclusive")[94] <= high
        own = [[e.ms for e in events if e.replica == name] for name in REPLICAS]
        wrong = (mean(p95(one) for one in own if one), max(durations), mean(durations))
        assert not any(low <= value <= high for value in wrong)


def p95(values):
    return sorted(values)[-(-len(values) * 95 // 100) - 1]


def test_events_arrive_in_another_order_than_they_happened(chance):
    events = plant(80, chance)
    arriving = batches(events, 20, chance)
    ids = [event.request_id for event in events_of(arriving)]
    assert sorted(ids) == sorted(in_order(events))
    assert in_order(events)[0] in [event.request_id for event in arriving[-1].events]
    assert len({event.time for event in events}) == len(events) == 240
    for batch in arriving:
        assert list(batch.events) == sorted(batch.events, key=lambda event: event.time)


def test_errors_are_in_several_seconds_and_known(chance):
    events = plant(80, chance)
    found = errors_per_second(events)
    assert sum(found.values()) == Counter(event.level for event in events)["error"] == 24
    assert len(found) > 3


def test_the_first_half_has_another_percentile_than_all(chance):
    arriving = arrivals(80, 20, chance)
    half, whole = p95_range(events_of(arriving[:6])), p95_range(events_of(arriving))
    assert set(range(half[0], half[2] + 1)).isdisjoint(range(whole[0], whole[2] + 1))
