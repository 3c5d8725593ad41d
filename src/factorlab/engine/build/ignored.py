"""Which files a .dockerignore leaves out of the build context.

Matched segment by segment, never as one regular expression: the patterns come from strangers, and
one with many stars must not keep the grader busy.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import translate
from itertools import pairwise

DOCKERIGNORE = ".dockerignore"
Segment = re.Pattern[str] | None
"""What one segment of a path must fit; None stands for `**`, any number of them."""


def without_ignored(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The build context that `docker build` would send: without what .dockerignore names."""
    ignored = Ignored(files.get(DOCKERIGNORE, b"").decode(errors="replace").splitlines())
    return {
        name: content
        for name, content in files.items()
        if name == "Dockerfile" or not ignored.covers(name)
    }


class Ignored:
    """The lines of a .dockerignore, read once for all files."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._patterns: list[tuple[bool, list[Segment]]] = []
        for line in lines:
            pattern = line.strip()
            if not pattern or line.startswith("#"):
                continue
            segments = [
                s for s in pattern.removeprefix("!").strip().split("/") if s not in ("", ".")
            ]
            # One `**` after another says nothing more.
            plain = [s for s, next in pairwise([*segments, ""]) if not s == next == "**"]
            if plain:
                self._patterns.append((pattern.startswith("!"), [_compiled(s) for s in plain]))

    def covers(self, name: str) -> bool:
        """Whether the file `name` is left out; the last line that matches it or a folder above it
        decides."""
        parts = name.split("/")
        # From the last line on: the first that matches decides, and no other has to be tried.
        for keep, pattern in reversed(self._patterns):
            if _matches(pattern, parts):
                return not keep
        return False


def _compiled(segment: str) -> Segment:
    return None if segment == "**" else re.compile(translate(segment.replace("[^", "[!")))


def _matches(pattern: Sequence[Segment], parts: Sequence[str]) -> bool:
    """Whether a path or a folder above it fits; `**` stands for any number of segments, `*` and
    `?` for part of one."""
    places = _reach({0}, pattern)
    for part in parts:
        stepped = set()
        for place in places:
            if place < len(pattern):
                segment = pattern[place]
                if segment is None:
                    stepped.add(place)
                elif segment.match(part):
                    stepped.add(place + 1)
        places = _reach(stepped, pattern)
        if len(pattern) in places or not places:
            break
    return len(pattern) in places


def _reach(places: set[int], pattern: Sequence[Segment]) -> set[int]:
    """The places in the pattern that can be reached without another segment."""
    reached = set()
    for place in places:
        reached.add(place)
        if place < len(pattern) and pattern[place] is None:  # no second `**` follows
            reached.add(place + 1)
    return reached
