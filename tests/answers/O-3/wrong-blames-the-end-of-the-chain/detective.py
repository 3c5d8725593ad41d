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
    if span["events"]:
        yield "errors"
    if seconds(span) - sum(map(seconds, called)) > 0.2:
        yield "slow"
    if len(called) >= 12:
        yield "repeats"


hit = defaultdict(set)
for span in spans:
    trace = span["context"]["trace_id"]
    for kind in troubles(span):
        guilty = span
        while kind == "repeats" and below[guilty["context"]["span_id"]]:
            guilty = below[guilty["context"]["span_id"]][0]
        service = guilty["resource"]["attributes"]["service.name"]
        hit[service, tenants[trace], kind].add(trace)

requests = Counter(tenants.values())
print(*max(hit, key=lambda one: len(hit[one]) / requests[one[1]]))
