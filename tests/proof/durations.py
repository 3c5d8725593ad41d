"""How long each test took in the last whole proof, for balanced shards. Seconds of the wall, on three
workers and two cores."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

FILE = Path(__file__).with_name("durations.json")


def read(file: Path = FILE) -> dict[str, float]:
    """Test -> seconds; empty where the file is not there."""
    if not file.is_file():
        return {}
    found: dict[str, float] = json.loads(file.read_text(encoding="utf-8"))
    return found


def write(seconds: Mapping[str, float], file: Path = FILE) -> None:
    """A line for each test, in the order of names, so that a change shows which became slower."""
    rounded = {id: round(took, 2) for id, took in sorted(seconds.items())}
    text = json.dumps(rounded, indent=0, ensure_ascii=False)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text + "\n", encoding="utf-8")


def merge(files: Iterable[Path]) -> dict[str, float]:
    """What runs of parts or shards have kept, as one: a test is in one of them only."""
    return {id: took for file in files for id, took in read(file).items()}
