"""How long each test took in the last whole proof: for balanced shards. Seconds of the wall, on three workers and two cores."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

FILE = Path(__file__).with_name("durations.json")


def read() -> dict[str, float]:
    """Test -> seconds; empty before the first whole proof."""
    if not FILE.is_file():
        return {}
    found: dict[str, float] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def store(seconds: Mapping[str, float], known: Iterable[str]) -> None:
    """Put new durations beside the old ones; tests that are no longer `known` go."""
    kept = set(known)
    merged = {id: round(took, 2) for id, took in {**read(), **seconds}.items() if id in kept}
    text = json.dumps(dict(sorted(merged.items())), indent=0, ensure_ascii=False)
    FILE.write_text(text + "\n", encoding="utf-8")
