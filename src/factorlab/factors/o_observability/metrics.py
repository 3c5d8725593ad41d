"""O. Observability: rate, errors, duration, right in the sum over replicas and cheap to keep."""

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from factorlab.factors.o_observability.prometheus_text import Page, added, scrape
from factorlab.lab import Lab, Reply, Request
from factorlab.questions.deploys import REPLICAS, deploy, random_word, replicas, shared
from factorlab.questions.finding import Finding, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject
from factorlab.waiting import until

ORDERS, FAILING = 100, 7
COUNTED, TIMED = "http_requests_total", "http_request_duration_seconds"
WAITS = {0.0: 80, 0.6: 12, 2.2: 8}
"""Seconds that orders take -> how many of them."""
BETWEEN = ((0.1, 0.5), (1.0, 2.0))
"""Where a bucket's bound must lie, so that the three kinds can be told apart."""
SETTLE_SECONDS, AGAIN = 5.0, 5
AT_MOST, IDS, STRAYS = 50, 500, 100
SLACK = 0.05


@dataclass(frozen=True)
class Traffic:
    """What three replicas were sent, what they said of themselves before, and after, `AGAIN` times
    over; a list for each time, a page for each replica."""

    replies: Sequence[Reply]
    before: Sequence[Page]
    after: Sequence[Sequence[Page]]
    waited: Sequence[float] = ()
    """The seconds that each page of /metrics took, those included that are not kept."""

    def orders(self, time: int, status: str = "") -> int:
        """How many orders they say, in their sum, that they had in between."""

        def wanted(labels: Any) -> bool:
            return labels.get("path") == "/orders" and status in ("", labels.get("status"))

        return round(
            sum(page.total(COUNTED, wanted) for page in self.after[time])
            - sum(page.total(COUNTED, wanted) for page in self.before)
        )

    def buckets(self) -> dict[float, float]:
        """The histograms' sum over replicas, of what came in between."""
        after = added(page.buckets(TIMED, "/orders") for page in self.after[-1])
        before = added(page.buckets(TIMED, "/orders") for page in self.before)
        return {bound: n - before.get(bound, 0) for bound, n in after.items()}

    def remarks(self) -> str:
        """What else went otherwise than asked: unreadable pages, answers of another status."""
        pages = [*self.before, *self.after[-1]]
        said = next((f"; {page.unreadable}" for page in pages if page.unreadable), "")
        other = Counter(r.status or r.error for r in self.replies if r.status != _status(r.request))
        return said + "".join(f"; {n} orders got {what}" for what, n in other.items())

    def labels(self) -> str:
        """A remark on the counter's labels where one is missing."""
        found = sorted({name for page in self.after[-1] for name in page.labels(COUNTED)})
        if not found or {"path", "status"} <= set(found):
            return ""
        return f"; the labels of {COUNTED} are {', '.join(found)}"


def _status(call: Request) -> int:
    return 200 if call.json["pieces"] else 500


def _calls() -> list[Request]:
    """Failing ones are quick. The order is random."""
    waits = [seconds for seconds, n in WAITS.items() for _ in range(n)]
    bodies = [
        {"item": random_word("tea"), "pieces": 0 if number < FAILING else 1, "packing": seconds}
        for number, seconds in enumerate(waits)
    ]
    secrets.SystemRandom().shuffle(bodies)
    return [Request("POST", "/orders", body) for body in bodies]


def _traffic(lab: Lab, subject: Subject) -> Traffic:
    """Sent once for an answer: two questions are asked of it. A counter may be raised a moment
    after the answer went out, so the first look waits until the sum is right, for a while."""
    apps, calls = replicas(lab, subject), _calls()
    before = [scrape(app) for app in apps]
    sends = [
        lambda app=app, part=calls[n::REPLICAS]: app.load(part, seconds=60)
        for n, app in enumerate(apps)
    ]
    replies = [reply for load in lab.together(*sends) for reply in load.replies]
    waited = [page.seconds for page in before]

    def look() -> list[Page]:
        pages = [scrape(app) for app in apps]
        waited.extend(page.seconds for page in pages)
        return pages

    after = [
        until(
            look,
            SETTLE_SECONDS,
            enough=lambda pages: Traffic(replies, before, [pages]).orders(0) == ORDERS,
            every=0.5,
        )
    ]
    after += [[scrape(app) for app in apps] for _ in range(AGAIN - 1)]
    waited += [page.seconds for pages in after[1:] for page in pages]
    return Traffic(replies, before, after, waited)


@question(
    "metrics-add-up",
    factor="O",
    text="Do the counters of all replicas add up to what was done?",
    how=f"{ORDERS} orders go to {REPLICAS} replicas, {FAILING} of them fail with 500. Then "
    f"GET /metrics is asked of each replica, {AGAIN} times over. In {COUNTED}, the series with the "
    'label path="/orders" are added up, by their label status, less what they were before.',
    remedy="one process for each container counts in one place: no --workers. Count a request also "
    "when its function raises an exception; its labels are path, the route, and status, the code.",
)
def metrics_add_up(lab: Lab, subject: Subject) -> Finding:
    """Asked several times over: workers who count for themselves answer in turn."""
    traffic = subject.once(_traffic, lab)
    rows = [(time + 1, traffic.orders(time), traffic.orders(time, "500")) for time in range(AGAIN)]
    least = min(rows, key=lambda row: (row[1] == ORDERS and row[2] == FAILING, row[1]))
    good = all(row[1:] == (ORDERS, FAILING) for row in rows)
    remarks = traffic.remarks()
    return Finding(
        judged(good and not remarks),
        expected=f"{ORDERS} orders counted, {FAILING} of them with status 500, each time",
        seen=f"{least[1]} orders counted, {least[2]} of them with status 500, "
        + ("each time" if len({row[1:] for row in rows}) == 1 else "not the same each time")
        + traffic.labels()
        + remarks,
        columns=("asked", f"orders, of {ORDERS}", f"status 500, of {FAILING}"),
        rows=rows,
    )


@question(
    "durations-are-a-histogram",
    factor="O",
    text="Can you tell how many orders were slow?",
    how="Of the same orders, "
    + ", ".join(f"{n} take {seconds:g} s" for seconds, n in WAITS.items())
    + f". The buckets of {TIMED} are added up over the replicas. One bound must lie from "
    f"{BETWEEN[0][0]:g} to {BETWEEN[0][1]:g} s and one from {BETWEEN[1][0]:g} to "
    f"{BETWEEN[1][1]:g} s; at each bound, the count is held against what was sent.",
    remedy="use a Histogram, and observe each request once, when it has ended, the failing ones "
    "too. A mean or a last value cannot be taken apart again.",
)
def durations_are_a_histogram(lab: Lab, subject: Subject) -> Finding:
    """The app's duration of an order lies between what was planted and what its sender waited, so
    no count depends on how quick the machine is. Where a histogram has no label path, the pages of
    /metrics may be in it too: they are known by number, and by the seconds that they took."""
    traffic = subject.once(_traffic, lab)
    buckets = traffic.buckets()
    rows = []
    for low, high in BETWEEN:
        bound = max((b for b in buckets if low <= b <= high), default=None)
        if bound is None:
            rows.append((f"{low:g} to {high:g} s", "no such bound", "", ""))
            continue
        least = sum(reply.seconds + SLACK <= bound for reply in traffic.replies)
        most = sum(n for seconds, n in WAITS.items() if seconds <= bound)
        fits = least <= buckets[bound] <= most + len(traffic.waited)
        above = max(buckets.values()) - buckets[bound]
        late = sum(seconds > bound for seconds in traffic.waited)
        slow = ORDERS - most <= above <= ORDERS - least + late
        word = "right" if fits and slow else "wrong"
        rows.append((f"{low:g} to {high:g} s", f"{bound:g} s", word, f"{above:g} above it"))
    right = sum(row[2] == "right" for row in rows)
    remarks = traffic.remarks()
    return Finding(
        judged(right == len(BETWEEN) and not remarks),
        expected=f"{len(BETWEEN)} of {len(BETWEEN)} bounds are there, with the right counts",
        seen=f"{right} of {len(BETWEEN)} bounds are there, with the right counts"
        + (f"; no series {TIMED}_bucket" if not buckets else "")
        + remarks,
        columns=("a bound from", "found", "its count", "orders"),
        rows=rows,
    )


@question(
    "series-stay-few",
    factor="O",
    text="Do 500 items and a scanner leave /metrics as it was?",
    how=f"A few requests of each kind, then the series of GET /metrics are counted. Then {IDS} "
    f"items are asked for, each another one, and {STRAYS} paths that the shop does not have. The "
    "series are counted again.",
    remedy="label with the route, /items/{item}, not with request.url.path; and with one word, such "
    "as other, where no route fits.",
)
def series_stay_few(lab: Lab, subject: Subject) -> Finding:
    """In a replica of its own, so that what others have counted does not matter."""
    app = deploy(lab, subject, shared(lab, subject))
    for ids, strays in ((5, 5), (IDS, STRAYS)):
        page = scrape(app)
        calls = [Request("GET", f"/items/{random_word('tea')}") for _ in range(ids)]
        calls += [Request("GET", f"/{random_word('admin')}") for _ in range(strays)]
        load = app.load(calls, seconds=60)
    began, grown = page.total(COUNTED), scrape(app)
    more, counted = len(grown.series) - len(page.series), round(grown.total(COUNTED) - began)
    found = load.count(200)
    app.remove()
    good = more <= AT_MOST and counted > 0 and found == IDS
    return Finding(
        judged(good),
        expected=f"at most {AT_MOST} new series, {IDS} items found, {COUNTED} has risen",
        seen=f"{more} new series, {found} items found, {COUNTED} "
        + ("has risen" if counted > 0 else "has not risen")
        + (f"; {grown.unreadable}" if grown.unreadable else ""),
    )
