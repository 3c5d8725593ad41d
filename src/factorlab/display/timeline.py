"""What happened when: a lane for each replica or service, over seconds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from factorlab.display.plot import (
    LOOKS,
    SMALL,
    TEXT,
    WIDTH,
    Event,
    Look,
    Plot,
    Span,
    breadth,
    font,
    number,
    one_line,
    paper,
    ticks,
    wrapped,
)
from factorlab.display.shown import INK, LINE, PAPER
from factorlab.display.table import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BAR, _LEVEL, _GAP, _RIGHT = 24.0, 17.0, 12.0, 16.0
"""In points: a bar, one level of labels above it, the room between lanes, the right margin."""

Label = tuple[float, str, int]
"""Where it points to, what it says, and on which level above the bar it stands."""


@dataclass(frozen=True)
class Timeline(Plot):
    """Lanes of spans and events: `lanes` is name -> what happened, in any order; their times are in
    the unit that `x` names. The same word looks the same in each lane."""

    title: str
    lanes: Mapping[str, Sequence[Span | Event]]
    x: str = "time (s)"
    note: str = ""
    kind = "Timeline"

    def _sorted(self, lane: str) -> list[Span | Event]:
        return sorted(self.lanes[lane], key=_begin)

    def table(self) -> Table | None:
        rows = [(lane, one.what, *_times(one)) for lane in self.lanes for one in self._sorted(lane)]
        if not rows:
            return None
        return Table(("lane", "what", f"from, {self.x}", "to"), rows, self.title, self.note)

    def summary(self) -> list[str]:
        """Each lane with what happened, in order."""
        lanes = []
        for lane in self.lanes:
            parts = [_summary(one) for one in self._sorted(lane)]
            lanes.append(f"{lane}: {', '.join(parts) or 'nothing'}")
        return [*lanes, f"Axis: {self.x}"]

    def _reach(self) -> tuple[float, float]:
        every = [one for lane in self.lanes.values() for one in lane]
        begin = min([0.0, *(_begin(one) for one in every)])
        end = max(_end(one) for one in every)
        return begin, end if end > begin else begin + 1

    def draw(self) -> "Figure":
        """Bars with their words in them; what has no room stands above with a line to its place."""
        begin, end = self._reach()
        names = {lane: wrapped(lane, 22) for lane in self.lanes}
        left = max(breadth(name, TEXT, True) for name in names.values()) + 20
        scale = (WIDTH - left - _RIGHT) / (end - begin)
        labels = {lane: self._labels(lane, begin, scale) for lane in self.lanes}
        tall = {
            lane: _BAR + _GAP + _LEVEL * max((level + 1 for *_, level in own), default=0)
            for lane, own in labels.items()
        }
        high = sum(tall.values()) + 6
        axes = paper(high + 50, left, _RIGHT, 4, 46)
        axes.set(xlim=(begin, end), ylim=(high, 0))
        axes.set_yticks([])
        axes.grid(False, axis="y")
        looks: dict[str, Look] = {}
        y = 0.0
        for lane, name in names.items():
            y += tall[lane]
            axes.annotate(
                name,
                (begin, y - _BAR / 2),
                (6 - left, 0),
                va="center",
                color=INK,
                textcoords="offset points",
                fontproperties=font(TEXT, True),
                annotation_clip=False,
            )
            self._lane(axes, lane, y, scale, looks)
            _write(axes, labels[lane], y - _BAR, scale, end)
        ticks(axes)
        axes.set_xlabel(one_line(self.x), fontproperties=font(), color=INK)
        return axes.figure  # type: ignore[return-value]

    def _labels(self, lane: str, begin: float, scale: float) -> list[Label]:
        """Labels of events and of spans too short for their word, on levels where they are free."""
        room = WIDTH * 0.9
        taken: list[float] = []
        labels = []
        for one in self._sorted(lane):
            if isinstance(one, Span) and self._place(lane, one, scale) is not None:
                continue
            at = one.at if isinstance(one, Event) else (one.begin + one.end) / 2
            text = wrapped(one.what, 28, 1)
            wide = breadth(text, SMALL) + 10
            start = min((at - begin) * scale, room - wide)
            free = (i for i, until in enumerate(taken) if start >= until)
            level = next(free, len(taken))
            taken[level : level + 1] = [start + wide]
            labels.append((at, text, level))
        return labels

    def _place(self, lane: str, span: Span, scale: float) -> float | None:
        """The middle of the widest part of a span without an event, if its word fits there."""
        at = [one.at for one in self._sorted(lane) if isinstance(one, Event)]
        edges = [span.begin, *(x for x in at if span.begin < x < span.end), span.end]
        wide, begin = max((b - a, -a) for a, b in pairwise(edges))
        fits = breadth(one_line(span.what), SMALL) + 18 <= wide * scale
        return wide / 2 - begin if fits else None

    def _lane(
        self, axes: "Axes", lane: str, y: float, scale: float, looks: dict[str, Look]
    ) -> None:
        """The bars of one lane, whose lower edge is `y`, and the marks of its events."""
        from matplotlib.patches import Rectangle

        axes.axhline(y - _BAR / 2, color=LINE, lw=1, zorder=1)
        for one in self._sorted(lane):
            if isinstance(one, Event):
                axes.plot(
                    [one.at],
                    [y - _BAR / 2],
                    "D",
                    color=INK,
                    mec=PAPER,
                    ms=11,
                    zorder=4,
                    clip_on=False,
                )
                continue
            look = looks.setdefault(one.what, LOOKS[len(looks) % len(LOOKS)])
            axes.add_patch(
                Rectangle(
                    (one.begin, y - _BAR),
                    one.end - one.begin,
                    _BAR,
                    fc=look.paper,
                    ec=look.ink,
                    hatch=look.hatch,
                    lw=1.6,
                    zorder=2,
                    clip_on=False,
                )
            )
            place = self._place(lane, one, scale)
            if place is not None:
                axes.text(
                    place,
                    y - _BAR / 2,
                    one_line(one.what),
                    ha="center",
                    va="center",
                    color=INK,
                    fontproperties=font(SMALL),
                    zorder=3,
                    bbox={"fc": look.paper, "ec": "none", "pad": 2},
                )


def _write(axes: "Axes", labels: Sequence[Label], top: float, scale: float, end: float) -> None:
    for at, text, level in labels:
        y = top - _LEVEL * level - 3
        axes.plot([at, at], [top + _BAR / 2, y - 10], color=INK, lw=1.2, zorder=1.5, clip_on=False)
        over = at * scale + breadth(text, SMALL) + 6 > end * scale + _RIGHT
        axes.annotate(
            text,
            (at, y),
            (-5 if over else 5, 0),
            textcoords="offset points",
            va="bottom",
            ha="right" if over else "left",
            color=INK,
            fontproperties=font(SMALL),
            annotation_clip=False,
            bbox={"fc": PAPER, "ec": "none", "pad": 0.5},
        )


def _begin(one: Span | Event) -> float:
    return one.at if isinstance(one, Event) else one.begin


def _end(one: Span | Event) -> float:
    return one.at if isinstance(one, Event) else one.end


def _times(one: Span | Event) -> tuple[str, str]:
    return (number(one.at), "") if isinstance(one, Event) else (number(one.begin), number(one.end))


def _summary(one: Span | Event) -> str:
    if isinstance(one, Event):
        return f"{one.what} at {number(one.at)}"
    return f"{one.what} from {number(one.begin)} to {number(one.end)}"
