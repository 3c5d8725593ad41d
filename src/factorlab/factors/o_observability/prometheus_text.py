"""Numbers as apps show them at GET /metrics, in Prometheus' text format."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from factorlab.lab import App, Request
from factorlab.questions.deploys import body

METRICS = Request("GET", "/metrics")
Labels = Mapping[str, str]


@dataclass(frozen=True)
class Page:
    """One answer of /metrics: the value of each series by its name and labels; `unreadable` says
    why there are none."""

    series: Mapping[tuple[str, tuple[tuple[str, str], ...]], float]
    unreadable: str = ""
    seconds: float = 0.0
    """How long whoever asked has waited for it."""

    def total(self, name: str, wanted: Callable[[Labels], bool] = lambda labels: True) -> float:
        """The sum over the series of this name whose labels are wanted."""
        return sum(
            value
            for (own, labels), value in self.series.items()
            if own == name and wanted(dict(labels))
        )

    def labels(self, name: str) -> set[str]:
        """The names of all labels that series of this name have."""
        return {label for own, labels in self.series if own == name for label, _ in labels}

    def buckets(self, name: str, path: str) -> dict[float, float]:
        """Of a histogram: how many were at most so large, for each bound; of this path alone where
        it has such a label, otherwise of all."""
        found: dict[float, float] = {}
        by_path = "path" in self.labels(f"{name}_bucket")
        for (own, labels), value in self.series.items():
            bound, own_path = _bound(dict(labels).get("le", "")), dict(labels).get("path")
            if own == f"{name}_bucket" and bound is not None and (not by_path or own_path == path):
                found[bound] = found.get(bound, 0) + value
        return dict(sorted(found.items()))


def scrape(app: App) -> Page:
    """Ask one replica, as Prometheus does."""
    from prometheus_client.parser import text_string_to_metric_families

    began = time.monotonic()
    text = body(app, METRICS)
    took = time.monotonic() - began
    try:
        families = list(text_string_to_metric_families(text))
        samples = [sample for family in families for sample in family.samples]
        series = {(s.name, tuple(sorted(s.labels.items()))): float(s.value) for s in samples}
        return Page(series, seconds=took)
    except (ValueError, TypeError, KeyError, IndexError) as error:
        return Page({}, f"GET /metrics is not in Prometheus' text format: {error}"[:200])


def added(pages: Iterable[Mapping[float, float]]) -> dict[float, float]:
    """The buckets of several replicas in one, as far as all have the same bounds."""
    every = list(pages)
    bounds = set(every[0]).intersection(*every[1:]) if every else set()
    return {bound: sum(page[bound] for page in every) for bound in sorted(bounds)}


def _bound(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
