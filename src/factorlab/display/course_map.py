"""The map of the course: tiers, their lessons and exercises, how far one is, what is next."""

from collections.abc import Sequence
from dataclasses import dataclass

from factorlab.display.shown import (
    FONT,
    GOOD,
    GOOD_PAPER,
    INK,
    LINE,
    MUTED,
    PAPER,
    WAIT,
    WAIT_PAPER,
    Shown,
    escape,
    printable,
)
from factorlab.display.table import text_columns

COLUMNS = ("lesson or exercise", "what it is about", "state", "time")
NOT_BEGUN, BEGUN, PASSED = "not begun", "begun", "passed"
"""The states that are one word or two; between them stands a count, such as `2 of 5 tasks`."""
_HEAD_PAPER = "#f6f8fa"


@dataclass(frozen=True)
class Stop:
    """One line of the map: a lesson, or an exercise `inside` the lesson above it; its `state` is a
    word, and it takes about `minutes`."""

    name: str
    about: str
    state: str
    minutes: int
    inside: bool = False

    @property
    def marked(self) -> str:
        """The state with its sign: the word alone, or the color alone, is never all there is."""
        sign = {NOT_BEGUN: "·", PASSED: "✓"}.get(self.state, "▸")
        return f"{sign} {self.state}"

    @property
    def time(self) -> str:
        """How long it takes, in minutes."""
        return f"{self.minutes} min"


@dataclass(frozen=True)
class Tier:
    """A part of the course, by how much it matters."""

    title: str
    stops: Sequence[Stop]


@dataclass(frozen=True)
class CourseMap(Shown):
    """Tiers with their stops, a caption above, and the next thing to do below."""

    tiers: Sequence[Tier]
    caption: str
    next: str

    def to_html(self) -> str:
        head = "".join(
            f'<th scope="col" style="{_cell()};background:{_HEAD_PAPER}">{escape(name)}</th>'
            for name in COLUMNS
        )
        body = "".join(_tier(tier) for tier in self.tiers)
        return (
            f'<div style="{FONT};background:{PAPER};color:{INK};padding:8px 12px;overflow-x:auto">'
            f'<table style="border-collapse:collapse;margin:0;{FONT};color:{INK}">'
            f'<caption style="caption-side:top;text-align:left;padding:4px 0;color:{INK};'
            f'font-weight:600">{escape(self.caption)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
            f'<div style="padding-top:8px"><b>Next:</b> {escape(self.next)}</div></div>'
        )

    def to_text(self) -> str:
        stops = [stop for tier in self.tiers for stop in tier.stops]
        rows = [
            ("  " * stop.inside + stop.name, stop.about, stop.marked, stop.time) for stop in stops
        ]
        head, rule, *lines = text_columns([COLUMNS, *rows])
        parts = [printable(self.caption), "", head, rule]
        for tier in self.tiers:
            parts += [printable(tier.title), *lines[: len(tier.stops)], ""]
            del lines[: len(tier.stops)]
        return "\n".join([*parts, f"Next: {printable(self.next)}"])


def _cell(ink: str = INK) -> str:
    return (
        f"padding:4px 12px;border:1px solid {LINE};text-align:left;vertical-align:top;color:{ink}"
    )


def _tier(tier: Tier) -> str:
    title = (
        f'<tr><th scope="colgroup" colspan="{len(COLUMNS)}" style="{_cell(MUTED)};'
        f'background:{PAPER};padding-top:10px;font-weight:600">{escape(tier.title)}</th></tr>'
    )
    return title + "".join(_stop(stop) for stop in tier.stops)


def _stop(stop: Stop) -> str:
    ink, paper = {NOT_BEGUN: (MUTED, PAPER), PASSED: (GOOD, GOOD_PAPER)}.get(
        stop.state, (WAIT, WAIT_PAPER)
    )
    name = "padding-left:28px" if stop.inside else "font-weight:600"
    return (
        f'<tr style="background:{PAPER}">'
        f'<td style="{_cell()};white-space:nowrap;{name}">{escape(stop.name)}</td>'
        f'<td style="{_cell()}">{escape(stop.about)}</td>'
        f'<td style="{_cell(ink)};white-space:nowrap;background:{paper}">{escape(stop.marked)}</td>'
        f'<td style="{_cell()};white-space:nowrap">{escape(stop.time)}</td></tr>'
    )
