"""Planted events: log lines whose order, errors and durations are known, and whose usual misreadings
come out differently."""

import json
import math
import random
import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SLOW = "shop-3"
REPLICAS = ("shop-1", "shop-2", SLOW)
SECONDS = 12
ERRORS_IN = 10
"""One event in so many is an error."""


@dataclass(frozen=True)
class Event:
    """One event of one replica; `time` in seconds since 1970, with three decimals."""

    replica: str
    time: float
    level: str
    request_id: str
    ms: int

    @property
    def line(self) -> str:
        """As the app wrote it."""
        return json.dumps(
            {
                "time": self.time,
                "level": self.level,
                "request_id": self.request_id,
                "path": "/orders",
                "ms": self.ms,
            }
        )


@dataclass(frozen=True)
class Batch:
    """Lines of one replica, in the order of time, as a collector hands them on."""

    replica: str
    events: Sequence[Event]

    @property
    def lines(self) -> list[str]:
        return [event.line for event in self.events]


def plant(each: int, chance: random.Random) -> list[Event]:
    """So many events of each replica. No two have the same time; one replica is much slower than
    the others, so that the mean of the replicas' percentiles is far from the percentile of all."""
    start = 1_700_000_000 + chance.randrange(10_000_000)
    moments = iter(chance.sample(range(SECONDS * 1000), each * len(REPLICAS)))
    slow = iter(chance.sample(range(300, 900), each))
    levels = ["error" if n % ERRORS_IN == 0 else "info" for n in range(each * len(REPLICAS))]
    chance.shuffle(levels)
    return [
        Event(
            replica,
            round(start + next(moments) / 1000, 3),
            levels.pop(),
            f"{replica}-{secrets.token_hex(4)}",
            next(slow) if replica == SLOW else chance.randrange(5, 60),
        )
        for replica in REPLICAS
        for _ in range(each)
    ]


def batches(events: Iterable[Event], size: int, chance: random.Random) -> list[Batch]:
    """The events as they arrive: each batch in the order of time, the batches in any, and the very
    first of all events in the last batch."""
    every, found = sorted(events, key=lambda event: event.time), []
    for replica in REPLICAS:
        own = [event for event in every if event.replica == replica]
        found += [Batch(replica, own[at : at + size]) for at in range(0, len(own), size)]
    chance.shuffle(found)
    return sorted(found, key=lambda batch: every[0] in batch.events)


def arrivals(each: int, size: int, chance: random.Random) -> list[Batch]:
    """Batches whose first half has another percentile than all of them, so that a report which is
    made once cannot be right twice by luck."""
    while True:
        arriving = batches(plant(each, chance), size, chance)
        half = p95_range(events_of(arriving[: len(arriving) // 2]))
        whole = p95_range(events_of(arriving))
        if half[2] < whole[0] or whole[2] < half[0]:
            return arriving


def events_of(some: Iterable[Batch]) -> list[Event]:
    """The events of these batches."""
    return [event for batch in some for event in batch.events]


def in_order(events: Iterable[Event]) -> list[str]:
    """Their request ids in the order of time."""
    return [event.request_id for event in sorted(events, key=lambda event: event.time)]


def errors_per_second(events: Iterable[Event]) -> dict[str, int]:
    """How many errors happened in each second in which there was one."""
    found = Counter(str(math.floor(event.time)) for event in events if event.level == "error")
    return dict(sorted(found.items()))


def p95_range(events: Iterable[Event]) -> tuple[int, int, int]:
    """The 95th percentile of the durations by the nearest-rank method, with the durations just
    below and just above it: between these lies what other usual methods give."""
    durations = sorted(event.ms for event in events)
    at = math.ceil(0.95 * len(durations)) - 1
    return durations[at - 1], durations[at], durations[at + 1]
