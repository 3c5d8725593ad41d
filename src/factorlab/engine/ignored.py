"""Which files a .dockerignore leaves out of the build context.

Matched segment by segment, never as one regular expression: the patterns come from strangers, and
one with many stars must not keep the grader busy.
"""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase


def is_ignored(name: str, lines: Iterable[str]) -> bool:
    """Whether these lines of a .dockerignore leave out the file `name`; the last that matches it
    or a folder above it decides."""
    parts, ignored = name.split("/"), False
    for line in lines:
        pattern = line.strip()
        if not pattern or line.startswith("#"):
            continue
        keep = pattern.startswith("!")
        segments = [s for s in pattern.removeprefix("!").strip().split("/") if s not in ("", ".")]
        if segments and any(_matches(segments, parts[:n]) for n in range(1, len(parts) + 1)):
            ignored = not keep
    return ignored


def _matches(pattern: Sequence[str], parts: Sequence[str]) -> bool:
    """Whether a path fits; `**` stands for any number of segments, `*` and `?` for part of one."""
    places = _reach({0}, pattern)
    for part in parts:
        places = _reach(
            {
                place if pattern[place] == "**" else place + 1
                for place in places
                if place < len(pattern) and (pattern[place] == "**" or _fits(part, pattern[place]))
            },
            pattern,
        )
    return len(pattern) in places


def _reach(places: set[int], pattern: Sequence[str]) -> set[int]:
    """The places in the pattern that can be reached without another segment."""
    reached = set(places)
    for place, segment in enumerate(pattern):
        if segment == "**" and place in reached:
            reached.add(place + 1)
    return reached


def _fits(part: str, segment: str) -> bool:
    return fnmatchcase(part, segment.replace("[^", "[!"))
