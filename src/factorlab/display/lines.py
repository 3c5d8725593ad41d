"""Values along an axis as lines, with the spans in which something was different."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, log10
from typing import TYPE_CHECKING

from factorlab.display.plot import (
    LOOKS,
    NOTHING,
    SMALL,
    TEXT,
    WIDTH,
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
from factorlab.display.shown import INK, MUTED, PAPER, WAIT
from factorlab.display.table import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Points = Sequence[tuple[float, float | None]]
"""x and y; y is None where there was no value, such as a request without an answer."""
MOST_ROWS = 40
"""Of the table: of more values it has the lowest and the highest in each of 20 stretches."""
_STRETCHES = 20
_HIGH = 300.0
_SPAN_PAPER = "#f3ead2"


@dataclass(frozen=True)
class Lines(Plot):
    """Series of points: `x` and `y` name the axes with their units. `ideal` is a line to compare
    with. `log` shows values of very different size."""

    title: str
    series: Mapping[str, Points]
    x: str
    y: str
    spans: Sequence[Span] = ()
    ideal: Points = ()
    log: bool = False
    note: str = ""
    kind = "Line chart"

    def _all(self) -> dict[str, Points]:
        lines = {name: sorted(points, key=lambda p: p[0]) for name, points in self.series.items()}
        return {name: points for name, points in lines.items() if points}

    def _span_summaries(self) -> list[str]:
        return [f"{s.what}: from {number(s.begin)} to {number(s.end)}" for s in self.spans]

    def table(self) -> Table | None:
        lines: dict[str, Points] = self._all()
        if not lines:
            return None
        if self.ideal:
            lines = {**lines, "ideal": self.ideal}
        places = sorted({x for points in lines.values() for x, _ in points})
        short = len(places) <= MOST_ROWS
        rows = _each(places, lines) if short else _stretches(places, lines)
        notes = [*([] if short else ["each row: lowest to highest"]), *self._line_summaries()]
        notes += self._span_summaries()
        note = "\n".join(f"{each}." for each in notes)
        return Table(
            (self.x, *(f"{name}, {self.y}" for name in lines)),
            rows,
            self.title,
            "\n".join(part for part in (note, self.note) if part),
        )

    def _line_summaries(self) -> list[str]:
        return [f"{name}: {_summary(points)}" for name, points in self._all().items()]

    def summary(self) -> list[str]:
        """The axes, then for each series where it begins, its lowest and highest, and its end."""
        axes = f"{self.y} against {self.x}"
        return [axes, *self._line_summaries(), *self._span_summaries()]

    def draw(self) -> "Figure":
        """The lines with their names at their ends, spans shaded behind them."""
        lines = self._all()
        names = {
            name: f"{LOOKS[place % len(LOOKS)].sign} {wrapped(name, 20)}"
            for place, name in enumerate(lines)
        }
        right = max(breadth(name, TEXT, True) for name in [*names.values(), "ideal"]) + 22
        heads = self._heads(right)
        axes = paper(_HIGH, 66, right, 12 + 17 * max((n + 1 for n in heads), default=0), 50)
        if self.log:
            axes.set_yscale("log")
        ends = []
        for place, (name, points) in enumerate(lines.items()):
            look = LOOKS[place % len(LOOKS)]
            line = [(x, y if _valued(y) else float("nan")) for x, y in points]
            axes.plot(
                *zip(*line, strict=True),
                color=look.ink,
                linestyle=look.dashes,
                linewidth=2.2,
                marker=look.marker,
                markersize=6,
                markevery=max(1, len(line) // 15),
                clip_on=False,
            )
            ends += _end(points, names[name], look.ink)
        if any(_valued(y) for _, y in self.ideal):
            axes.plot(*zip(*self.ideal, strict=True), color=MUTED, linewidth=1.6, linestyle=":")
            ends += _end(self.ideal, "ideal", MUTED)
        self._frame(axes, heads)
        _names(axes, ends, self.log)
        return axes.figure  # type: ignore[return-value]

    def _heads(self, right: float) -> list[int]:
        """The level above the axes on which each span's name is free."""
        xs = [x for points in self._all().values() for x, _ in points]
        xs += [x for span in self.spans for x in (span.begin, span.end)]
        scale = (WIDTH - 66 - right) * 0.9 / ((max(xs) - min(xs)) or 1)
        taken: list[float] = []
        levels = []
        for span in self.spans:
            half = breadth(wrapped(span.what, 60, 1), TEXT, True) / 2 + 5
            middle = (span.begin + span.end) / 2 * scale
            level = next((i for i, t in enumerate(taken) if middle - half >= t), len(taken))
            taken[level : level + 1] = [middle + half]
            levels.append(level)
        return levels

    def _frame(self, axes: "Axes", heads: Sequence[int]) -> None:
        """Axes from zero with their names, and the spans; after the lines, whose reach they need."""
        from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

        if all(float(x).is_integer() for points in self.series.values() for x, _ in points):
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        if self.log:
            axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            axes.yaxis.set_minor_locator(NullLocator())
        else:
            most = max((y or 0 for points in self._all().values() for _, y in points), default=0)
            axes.set_ylim(0, axes.get_ylim()[1] if most > 0 else 1)
        for span, level in zip(self.spans, heads, strict=True):
            axes.axvspan(span.begin, span.end, fc=_SPAN_PAPER, ec=WAIT, lw=1.2, zorder=0)
            axes.annotate(
                wrapped(span.what, 60, 1),
                ((span.begin + span.end) / 2, 1),
                (0, 6 + 17 * level),
                color=WAIT,
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                ha="center",
                va="bottom",
                fontproperties=font(TEXT, True),
                annotation_clip=False,
            )
        ticks(axes)
        axes.set_xlabel(one_line(self.x), fontproperties=font(), color=INK)
        axes.set_ylabel(one_line(self.y), fontproperties=font(), color=INK)


def _valued(y: float | None) -> bool:
    return y is not None and isfinite(y)


def _summary(points: Points) -> str:
    values = [(x, y) for x, y in points if y is not None and isfinite(y)]
    if not values:
        return "no values"
    low, high = min(values, key=lambda p: p[1]), max(values, key=lambda p: p[1])
    parts = (("first", values[0]), ("lowest", low), ("highest", high), ("last", values[-1]))
    missing = len(points) - len(values)
    without = f", {number(missing)} without a value" if missing else ""
    return ", ".join(f"{word} {number(y)} at {number(x)}" for word, (x, y) in parts) + without


def _each(places: Sequence[float], lines: Mapping[str, Points]) -> list[tuple[str, ...]]:
    held = [dict(points) for points in lines.values()]
    return [(number(x), *(number(line.get(x)) for line in held)) for x in places]


def _stretches(places: Sequence[float], lines: Mapping[str, Points]) -> list[tuple[str, ...]]:
    wide = (places[-1] - places[0]) / _STRETCHES
    rows = []
    for step in range(_STRETCHES):
        begin, end = places[0] + wide * step, places[0] + wide * (step + 1)
        last = step == _STRETCHES - 1
        cells = (
            _range(y for x, y in points if begin <= x < end or (last and x >= end))
            for points in lines.values()
        )
        rows.append((f"{number(begin)} to {number(end)}", *cells))
    return rows


def _range(values: Iterable[float | None]) -> str:
    known = [y for y in values if y is not None and isfinite(y)]
    if not known:
        return NOTHING
    low, high = number(min(known)), number(max(known))
    return low if low == high else f"{low} to {high}"


def _end(points: Points, name: str, ink: str) -> list[tuple[float, str, str]]:
    values = [y for _, y in points if y is not None and isfinite(y)]
    return [(values[-1], name, ink)] if values else []


def _names(axes: "Axes", ends: Sequence[tuple[float, str, str]], log: bool) -> None:
    """Write names right of the ends of their lines, moved apart where they would touch."""
    low, high = axes.get_ylim()
    room = axes.get_position().height * _HIGH

    def points(y: float) -> float:
        share = log10(y / low) / log10(high / low) if log and y > 0 else (y - low) / (high - low)
        return min(max(share, 0.0), 1.0) * room

    placed: list[tuple[float, float, str, str]] = []
    below = -100.0
    for y, name, ink in sorted(ends):
        half = (SMALL + 4) * (name.count("\n") + 1) / 2 + 1
        at = max(points(y), below + half)
        placed.append((at, half, name, ink))
        below = at + half
    over = max(0.0, below - room - 12)
    for at, _, name, ink in placed:
        axes.annotate(
            name,
            (1, 0),
            (9, at - over),
            xycoords="axes fraction",
            textcoords="offset points",
            va="center",
            color=ink,
            fontproperties=font(TEXT, True),
            annotation_clip=False,
            bbox={"fc": PAPER, "ec": "none", "pad": 0},
        )
