"""Compares medians of tenants."""

import json
import sys
from collections import defaultdict
from datetime import datetime
from statistics import median

USUAL = {"errors": 0.5, "slow": 0.1, "repeats": 6}

spans = {}
for line in sys.stdin if len(sys.argv) < 2 else open(sys.argv[1]):
    if line.startswith("{"):
        span = json.loads(line)
        spans[span["context"]["span_id"]] = span


def seconds(span):
    end, begin = span["end_time"], span["start_time"]
    return (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds()


own = {id: seconds(span) for id, span in spans.items()}
calls = dict.fromkeys(spans, 0)
tenant_of = {}
for span in spans.values():
    if parent := span["parent_id"]:
        own[parent] -= seconds(span)
        calls[parent] += 1
    else:
        tenant_of[span["context"]["trace_id"]] = span["attributes"]["tenant"]

worst = defaultdict(lambda: defaultdict(float))
for id, span in spans.items():
    trace, service = span["context"]["trace_id"], span["resource"]["attributes"]["service.name"]
    measured = {"errors": len(span["events"]), "slow": own[id], "repeats": calls[id]}
    for kind, value in measured.items():
        per_trace = worst[service, tenant_of[trace], kind]
        per_trace[trace] = max(per_trace[trace], value)

print(*max(worst, key=lambda one: median(worst[one].values()) / USUAL[one[2]]))
