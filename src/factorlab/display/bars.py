"""Counts as bars, and words in a matrix."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from factorlab.display.plot import (
    JUDGED,
    LOOKS,
    NOTHING,
    SMALL,
    TEXT,
    WIDTH,
    Plot,
    breadth,
    fitted,
    font,
    number,
    one_line,
    paper,
    ticks,
    wrapped,
)
from factorlab.display.shown import INK, LINE, MUTED, PAPER
from factorlab.display.table import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BAR, _HEAD = 27.0, 30.0
"""Points from bar to bar, and for the name of a group above its bars."""


@dataclass(frozen=True)
class Bars(Plot):
    """How many: `counts` is group -> series -> count, and `of` how many there were in all.

    `unit` names what was counted. A count of None was not measured.
    """

    title: str
    counts: Mapping[str, Mapping[str, int | None]]
    unit: str
    of: int | None = None
    note: str = ""
    kind = "Bar chart"

    def _series(self) -> list[str]:
        return list(dict.fromkeys(name for group in self.counts.values() for name in group))

    def _count_text(self, count: int | None) -> str:
        if count is None:
            return "not measured"
        if self.of is None:
            return number(count)
        share = f" ({number(round(100 * count / self.of))}%)" if self.of else ""
        return f"{number(count)} of {number(self.of)}{share}"

    def table(self) -> Table | None:
        series = self._series()
        if not series:
            return None
        rows = [
            (group, *(self._count_text(own[name]) if name in own else NOTHING for name in series))
            for group, own in self.counts.items()
        ]
        return Table((self.unit, *series), rows, self.title, self.note)

    def summary(self) -> list[str]:
        """Each group with its counts."""
        return [
            f"{group}: " + ", ".join(f"{name} {self._count_text(n)}" for name, n in own.items())
            for group, own in self.counts.items()
            if own
        ]

    def draw(self) -> "Figure":
        """Lying bars, one below the other, each with its name before and its count behind it."""
        from matplotlib.ticker import MaxNLocator

        series, groups = self._series(), {k: v for k, v in self.counts.items() if v}
        alone = len(series) == 1  # then the groups are the names of the bars
        labels = list(groups) if alone else series
        head = 0.0 if alone else _HEAD
        names = {name: wrapped(name, 30, 1) for name in labels}
        left = max(breadth(name) for name in names.values()) + 14
        right = (
            max(breadth(self._count_text(n)) for own in groups.values() for n in own.values()) + 12
        )
        high = sum(head + _BAR * len(own) for own in groups.values())
        axes = paper(high + 50, left, right, 4, 46)
        most = max(self.of or 0, *(n or 0 for own in groups.values() for n in own.values()), 1)
        axes.set(xlim=(0, most), ylim=(high, 0))
        axes.set_yticks([])
        axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
        axes.grid(False, axis="y")
        ticks(axes)
        of = f" (of {number(self.of)})" if self.of is not None else ""
        what = f"{series[0]}: " if alone and series[0] != self.unit else ""
        axes.set_xlabel(one_line(what + self.unit + of), fontproperties=font(), color=INK)
        y = 0.0
        for group, own in groups.items():
            if not alone:
                _group(axes, y + _HEAD / 2 + 3, group, 6 - left)
            y += head
            for name, count in own.items():
                label = names[group if alone else name]
                self._bar(axes, y + _BAR / 2, label, series.index(name), count)
                y += _BAR
        return axes.figure  # type: ignore[return-value]

    def _bar(self, axes: "Axes", y: float, name: str, place: int, count: int | None) -> None:
        look = LOOKS[place % len(LOOKS)]
        axes.barh(
            y,
            count or 0,
            _BAR - 7,
            color=look.paper,
            edgecolor=look.ink,
            hatch=look.hatch,
            linewidth=1.8,
            clip_on=False,
        )
        axes.annotate(
            name,
            (0, y),
            (-7, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            color=INK,
            fontproperties=font(),
            annotation_clip=False,
        )
        axes.annotate(
            self._count_text(count),
            (count or 0, y),
            (6, 0),
            textcoords="offset points",
            va="center",
            color=INK,
            fontproperties=font(),
            annotation_clip=False,
            bbox={"fc": PAPER, "ec": "none", "pad": 1},
        )


def _group(axes: "Axes", y: float, name: str, begin: float) -> None:
    """The name of a group, above its bars."""
    axes.annotate(
        wrapped(name, 60, 1),
        (0, y),
        (begin, 0),
        textcoords="offset points",
        va="center",
        color=INK,
        fontproperties=font(TEXT, True),
        bbox={"fc": PAPER, "ec": "none", "pad": 2},
    )


@dataclass(frozen=True)
class Matrix(Plot):
    """Words in cells: `words` is row -> column -> word, such as works, error or differs.

    `rows` says what the rows are.
    """

    title: str
    words: Mapping[str, Mapping[str, str]]
    rows: str = ""
    note: str = ""
    kind = "Matrix"

    def _columns(self) -> list[str]:
        return list(dict.fromkeys(name for own in self.words.values() for name in own))

    def table(self) -> Table | None:
        columns = self._columns()
        if not columns:
            return None
        rows = [
            (row, *(own.get(name, NOTHING) for name in columns)) for row, own in self.words.items()
        ]
        return Table((self.rows, *columns), rows, self.title, self.note)

    def summary(self) -> list[str]:
        """Each row with its words."""
        return [
            f"{row}: " + ", ".join(f"{name} {word}" for name, word in own.items())
            for row, own in self.words.items()
            if own
        ]

    def draw(self) -> "Figure":
        """A grid with the word, and its sign, in each cell."""
        columns = self._columns()
        narrow = 34 if len(columns) < 5 else 20
        names = [wrapped(row, narrow) for row in self.words]
        left = max(breadth(name) for name in [*names, wrapped(self.rows, narrow)]) + 14
        room = (WIDTH - left) / len(columns) - 8
        size = TEXT if len(columns) < 5 else SMALL
        heads = [fitted(name, room, size, True, 3) for name in columns]
        top = 16.0 * max(head.count("\n") + 1 for head in heads) + 12
        cell = 38.0 if len(columns) > 4 or any("\n" in name for name in names) else 31.0
        axes = paper(cell * len(names) + top + 4, left, 3, top, 4)
        axes.set(xlim=(0, len(columns)), ylim=(len(names), 0))
        axes.set_axis_off()
        for x, head in enumerate(heads):
            axes.text(
                x + 0.5,
                -6 / cell,
                head,
                ha="center",
                va="bottom",
                color=INK,
                fontproperties=font(size, True),
            )
        if self.rows:
            axes.annotate(
                wrapped(self.rows, narrow),
                (0, 0),
                (4 - left, 6),
                va="bottom",
                color=MUTED,
                textcoords="offset points",
                fontproperties=font(),
            )
        for y, (name, own) in enumerate(zip(names, self.words.values(), strict=True)):
            axes.annotate(
                name,
                (0, y + 0.5),
                (4 - left, 0),
                textcoords="offset points",
                va="center",
                color=INK,
                fontproperties=font(),
            )
            for x, column in enumerate(columns):
                _word(axes, x, y, own.get(column, NOTHING), room)
        return axes.figure  # type: ignore[return-value]


def _word(axes: "Axes", x: int, y: int, word: str, room: float) -> None:
    """One cell: pale paper of its judgement, a frame in its ink, the sign and the word."""
    from matplotlib.patches import Rectangle

    sign, ink, ground = JUDGED.get(word.lower(), ("", INK, PAPER))
    edge = ink if sign else LINE
    axes.add_patch(Rectangle((x + 0.02, y + 0.06), 0.96, 0.88, fc=ground, ec=edge, lw=1.4))
    label = f"{sign} {one_line(word)}".strip()
    size = TEXT if breadth(label, TEXT, bool(sign)) <= room else SMALL
    label = fitted(label, room, size, bool(sign))
    axes.text(
        x + 0.5,
        y + 0.5,
        label,
        ha="center",
        va="center",
        color=ink,
        fontproperties=font(size, bool(sign)),
    )
