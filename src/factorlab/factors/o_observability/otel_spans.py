"""Spans as apps write them: one JSON object on a line of standard output, in the form of the
OpenTelemetry SDK (`span.to_json()`)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from factorlab.questions.deploys import json_object


@dataclass(frozen=True)
class Span:
    """One span. `service` is the container that wrote it, whatever the span says of itself. Ids
    are in lower case and without `0x`; `parent` is empty at the root of a trace."""

    service: str
    trace: str
    id: str
    parent: str
    error: bool
    """Whether its status is ERROR."""
    raised: bool
    """Whether it tells of an exception: by an event `exception`, or by its name in `error.type`,
    where a failed call has a status code."""


def read(service: str, text: str) -> list[Span]:
    """The spans among the lines of a log; other lines, and objects without ids, are left out."""
    found = (_span(service, json_object(line)) for line in text.splitlines())
    return [span for span in found if span is not None]


def by_trace(spans: Iterable[Span]) -> dict[str, list[Span]]:
    """The spans of each trace, by its id."""
    found: dict[str, list[Span]] = defaultdict(list)
    for span in spans:
        found[span.trace].append(span)
    return dict(found)


def is_followed(trace: Iterable[Span], caller: str, called: str) -> bool:
    """Whether a span of `called` in this trace descends from one of `caller`. Each span is looked
    at once, so that a chain of any length, or one that bites its tail, takes no time."""
    known = {span.id: span for span in trace}
    below: dict[str, list[Span]] = defaultdict(list)
    for span in known.values():
        below[span.parent].append(span)
    waiting = [span.id for span in known.values() if span.service == caller]
    seen: set[str] = set()
    while waiting:
        for span in below[waiting.pop()]:
            if span.service == called:
                return True
            if span.id not in seen:
                seen.add(span.id)
                waiting.append(span.id)
    return False


def _span(service: str, data: Mapping[str, Any] | None) -> Span | None:
    context = _mapping((data or {}).get("context"))
    trace, id = _id(context.get("trace_id")), _id(context.get("span_id"))
    if not data or not trace or not id:
        return None
    events = data.get("events")
    names = [_mapping(event).get("name") for event in events] if isinstance(events, list) else []
    type = str(_mapping(data.get("attributes")).get("error.type") or "")
    return Span(
        service,
        trace,
        id,
        _id(data.get("parent_id")),
        error=_mapping(data.get("status")).get("status_code") == "ERROR",
        raised="exception" in names or bool(type and not type.isdigit()),
    )


def _id(value: object) -> str:
    return str(value).lower().removeprefix("0x") if value else ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
