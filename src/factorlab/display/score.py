"""Many verdicts at one look: a row for each group, a square with a sign for each question."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from factorlab.display.plot import WIDTH, Plot, breadth, font, paper, wrapped
from factorlab.display.shown import (
    BAD,
    BAD_PAPER,
    GOOD,
    GOOD_PAPER,
    INK,
    MUTED,
    PAPER,
    WAIT,
    WAIT_PAPER,
)
from factorlab.display.table import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LOOKS = {
    "passed": ("✓", GOOD, GOOD_PAPER),
    "failed": ("✗", BAD, BAD_PAPER),
    "inconclusive": ("?", WAIT, WAIT_PAPER),
    "not tested": ("–", MUTED, PAPER),
    "skipped": ("»", MUTED, PAPER),
}
"""Sign, ink and paper of each result."""
_ROW, _SIDE = 34.0, 26.0
"""Points from row to row, and the side of a square."""


@dataclass(frozen=True)
class Score(Plot):
    """`results` is group -> question -> one of the words in `LOOKS`."""

    title: str
    results: Mapping[str, Mapping[str, str]]
    note: str = ""
    kind = "Scorecard"

    def table(self) -> Table | None:
        rows = [(g, name, word) for g, own in self.results.items() for name, word in own.items()]
        return (
            Table(("factor", "question", "result"), rows, self.title, self.note) if rows else None
        )

    def summary(self) -> list[str]:
        """Each group with its questions and their results."""
        return [
            f"{group}: " + ", ".join(f"{name} {word}" for name, word in own.items())
            for group, own in self.results.items()
        ]

    def draw(self) -> "Figure":
        """Squares in rows, and below them what the signs mean."""
        names = {group: wrapped(group, 34, 1) for group in self.results}
        left = max(breadth(name) for name in names.values()) + 16
        high = _ROW * (len(self.results) + 1) + 8
        axes = paper(high, left, 4, 4, 4)
        axes.set_axis_off()
        axes.set(xlim=(0, WIDTH - left - 4), ylim=(high - 8, 0))
        for row, (group, own) in enumerate(self.results.items()):
            axes.annotate(
                names[group],
                (0, row * _ROW + _ROW / 2),
                (8 - left, 0),
                va="center",
                textcoords="offset points",
                color=INK,
                fontproperties=font(),
            )
            for place, word in enumerate(own.values()):
                _square(axes, place * _ROW, row * _ROW + (_ROW - _SIDE) / 2, word)
        x, y = 0.0, len(self.results) * _ROW + (_ROW - _SIDE) / 2
        seen = {word for own in self.results.values() for word in own.values()}
        for word in (word for word in LOOKS if word in seen):
            _square(axes, x, y, word)
            axes.text(
                x + _SIDE + 6, y + _SIDE / 2, word, va="center", color=INK, fontproperties=font()
            )
            x += _SIDE + breadth(word) + 24
        return axes.figure  # type: ignore[return-value]


def _square(axes: "Axes", x: float, y: float, word: str) -> None:
    from matplotlib.patches import Rectangle

    sign, ink, ground = LOOKS[word]
    axes.add_patch(Rectangle((x, y), _SIDE, _SIDE, fc=ground, ec=ink, lw=1.4, clip_on=False))
    axes.text(
        x + _SIDE / 2,
        y + _SIDE / 2,
        sign,
        ha="center",
        va="center",
        color=ink,
        fontproperties=font(bold=True),
    )
