"""Finds the service, the tenant and the kind of trouble in the spans of an hour."""

import json
import sys
from collections import Counter, defaultdict
from datetime import datetime

lines = open(sys.argv[1]).read().splitlines()
spans = [json.loads(line) for line in lines if line.startswith("{")]

below = defaultdict(list)
for span in spans:
    below[span["parent_id"]].append(span)
tenants = {root["context"]["trace_id"]: root["attributes"]["tenant"] for root in below[None]}


def seconds(span):
    begin, end = (datetime.fromisoformat(span[name]) for name in ("start_time", "end_time"))
    return (end - begin).total_seconds()


def troubles(span):
    called = below[span["context"]["span_id"]]
    if span["status"]["status_code"] == "ERROR":
        yield "errors"
    if seconds(span) > 0.3:
        yield "slow"
    if len(called) >= 12:
        yield "repeats"


hit = defaultdict(set)
for span in below[None]:
    trace, service = span["context"]["trace_id"], span["resource"]["attributes"]["service.name"]
    for kind in troubles(span):
        hit[service, tenants[trace], kind].add(trace)

requests = Counter(tenants.values())
print(*max(hit, key=lambda one: len(hit[one]) / requests[one[1]]))
