"""Walks each trace from its root, and asks what most requests of a tenant have in common."""

import json
import sys
from datetime import datetime


class Node:
    def __init__(self, span):
        self.span = span
        self.service = span["resource"]["attributes"]["service.name"]
        begin = datetime.fromisoformat(span["start_time"])
        self.ms = (datetime.fromisoformat(span["end_time"]) - begin).total_seconds() * 1000
        self.children = []

    def walk(self):
        own = self.ms - sum(child.ms for child in self.children)
        if any(event["name"] == "exception" for event in self.span["events"]):
            yield self.service, "errors"
        if own >= 290:
            yield self.service, "slow"
        if len(self.children) > 3:
            yield self.service, "repeats"
        for child in self.children:
            yield from child.walk()


nodes = {}
with open(sys.argv[1], encoding="utf-8") as file:
    for line in file:
        try:
            span = json.loads(line)
        except ValueError:
            continue
        nodes[span["context"]["span_id"]] = Node(span)

roots = []
for node in nodes.values():
    parent = nodes.get(node.span["parent_id"])
    (parent.children if parent else roots).append(node)

by_tenant = {}
for root in roots:
    by_tenant.setdefault(root.span["attributes"]["tenant"], []).append(set(root.walk()))
for tenant, requests in sorted(by_tenant.items()):
    for service, kind in set().union(*requests):
        if sum((service, kind) in troubles for troubles in requests) * 2 > len(requests):
            print(service, tenant, kind)
