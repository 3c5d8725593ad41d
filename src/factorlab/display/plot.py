"""What plots have in common: the paper, the colors, the drawing, and the form in a notebook.

A plot is one vector picture inside an `<img>`, with its title above, its alternative text, and
its numbers as a table below. The same data gives the same bytes: fonts are those that matplotlib
ships, ids come from a fixed salt, and there is no date. A learner's own plots stay as they are:
pyplot is never loaded, and settings are put back after each drawing.
"""

import base64
import io
import logging
import textwrap
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import floor, isfinite, log10
from typing import TYPE_CHECKING, Any

from factorlab.display.shown import (
    BAD,
    BAD_PAPER,
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
from factorlab.display.table import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 620.0
"""Of the picture, in points: 827 pixels, which is what JupyterLab leaves on a 1280-pixel screen."""
TEXT, SMALL = 12.5, 11.5
"""Sizes of text in points. 11 is the smallest that is read from the back of a room."""
NOTHING = "–"
"""Stands for a value that nobody has measured."""


@dataclass(frozen=True)
class Look:
    """How one series looks: its ink and pale paper, hatch, marker (`sign` is the
    same as a character) and dashes all tell it apart."""

    ink: str
    paper: str
    hatch: str
    marker: str
    sign: str
    dashes: Any


LOOKS = (
    Look("#0a66c2", "#d6e6f7", "", "o", "●", "solid"),
    Look("#b34700", "#fde3d0", "///", "s", "■", (0, (6, 2))),
    Look("#5f5f5f", "#ececec", "\\\\\\\\", "^", "▲", (0, (2, 1.5))),
    Look("#5b0f5b", "#f2dcf2", "xxx", "D", "◆", (0, (6, 2, 1.5, 2))),
    Look("#000000", "#dfe2e6", "---", "v", "▼", (0, (1, 1))),
)
"""Looks of series, in order; a sixth series would start over, and its label still tells it apart."""
JUDGED = {
    "works": ("✓", GOOD, GOOD_PAPER),
    "same": ("✓", GOOD, GOOD_PAPER),
    "error": ("✗", BAD, BAD_PAPER),
    "fails": ("✗", BAD, BAD_PAPER),
    "differs": ("≠", WAIT, WAIT_PAPER),
    "slow": ("≠", WAIT, WAIT_PAPER),
    "part of it": ("●", "#0a5aab", "#d6e6f7"),
}
"""Words that carry a judgement: their sign, ink and paper."""


@dataclass(frozen=True)
class Span:
    """From `begin` to `end`, in seconds or what the axis counts, something was so."""

    begin: float
    end: float
    what: str


@dataclass(frozen=True)
class Event:
    """Something happened `at` a moment, in seconds or what the axis counts."""

    at: float
    what: str


class Plot(Shown):
    """Base of plots: subclasses give the numbers, the sentences of the alt text and the drawing."""

    title: str
    note: str
    kind = "Plot"

    def table(self) -> Table | None:
        """The numbers, or None where there are none."""
        raise NotImplementedError

    def summary(self) -> Sequence[str]:
        """What the plot shows, in sentences."""
        raise NotImplementedError

    def draw(self) -> "Figure":
        """The picture, as a figure that no one else holds."""
        raise NotImplementedError

    def alt(self) -> str:
        """The alternative text: what kind of plot it is, of what, and its numbers."""
        return one_line(
            f"{self.kind}: {self.title}. " + " ".join(f"{each}." for each in self.summary())
        )

    def to_html(self) -> str:
        table = self.table()
        if table is None:
            body = f'<div style="color:{MUTED}">{escape(self._empty())}</div>'
        else:
            below = table.note.removesuffix(self.note).rstrip()  # the plot's own note stays outside
            body = (
                f'<img src="data:image/svg+xml;base64,{self._picture()}" alt="{escape(self.alt())}" '
                f'style="display:block;max-width:100%;height:auto;background:{PAPER}">'
                f'<details><summary style="color:{MUTED}">The same as a table</summary>'
                f"{Table(table.columns, table.rows, note=below).to_html()}</details>"
            )
        note = f'<div style="color:{MUTED};padding-top:4px">{escape(self.note)}</div>'
        return (
            f'<div style="{FONT};background:{PAPER};color:{INK};padding:8px 12px;overflow-x:auto">'
            f'<div style="font-weight:600;font-size:16px;padding-bottom:4px">{escape(self.title)}'
            f"</div>{body}{note if self.note else ''}</div>"
        )

    def to_text(self) -> str:
        table = self.table()
        if table is None:
            lines = [self.title, self._empty(), *([self.note] if self.note else [])]
            return "\n".join(printable(line) for line in lines)
        return table.to_text()

    def _empty(self) -> str:
        return "Nothing to plot: nothing was counted."

    def _picture(self) -> str:
        with _drawing():
            figure, held = self.draw(), io.BytesIO()
            nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
            figure.savefig(held, format="svg", metadata=nothing)
            figure.clear()
        return base64.b64encode(held.getvalue()).decode("ascii")


@contextmanager
def _drawing() -> Iterator[None]:
    """Matplotlib as it came, whatever the learner has set; and nothing said on standard error."""
    fonts = logging.getLogger("matplotlib.font_manager")
    level = fonts.level
    fonts.setLevel(logging.ERROR)  # it speaks of its cache on the first day
    try:
        from matplotlib import style

        ours = {
            "svg.hashsalt": "factorlab",
            "svg.fonttype": "path",
            "hatch.linewidth": 1.4,
            "axes.unicode_minus": False,
            "text.parse_math": False,
        }
        with warnings.catch_warnings(), style.context([ours], after_reset=True):
            warnings.simplefilter("ignore")  # a character that the font lacks is in the text twin
            yield
    finally:
        fonts.setLevel(level)


def paper(height: float, left: float, right: float, top: float, bottom: float) -> "Axes":
    """Axes on a new figure of the common width `WIDTH`; height and margins are in points (1/72 inch)."""
    from matplotlib.figure import Figure

    figure = Figure((WIDTH / 72, height / 72), facecolor=PAPER)
    box = (
        left / WIDTH,
        bottom / height,
        (WIDTH - left - right) / WIDTH,
        (height - top - bottom) / height,
    )
    axes: Axes = figure.add_axes(box)
    axes.set_facecolor(PAPER)
    axes.spines[["top", "right"]].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(MUTED)
    axes.tick_params(colors=MUTED, labelcolor=INK, labelsize=SMALL)
    axes.grid(color=LINE, linewidth=0.8)
    axes.set_axisbelow(True)
    return axes


def font(size: float = TEXT, bold: bool = False) -> Any:
    """The font file that matplotlib ships, never one of the computer's own."""
    from matplotlib import get_data_path
    from matplotlib.font_manager import FontProperties

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return FontProperties(fname=f"{get_data_path()}/fonts/ttf/{name}", size=size)


def breadth(text: str, size: float = TEXT, bold: bool = False) -> float:
    """How many points (1/72 inch) wide a text is, in its widest line; `size` is in points too."""
    from matplotlib.textpath import TextPath

    lines = [line for line in text.split("\n") if line.strip()]
    return max(
        (
            float(TextPath((0, 0), line, prop=font(size, bold)).get_extents().width)
            for line in lines
        ),
        default=0.0,
    )


def ticks(axes: "Axes") -> None:
    """The fixed font on the numbers of both axes, written as the tables write them."""
    from matplotlib.ticker import FuncFormatter

    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
        axis.set_tick_params(labelfontfamily="DejaVu Sans")
    for label in (*axes.get_xticklabels(which="both"), *axes.get_yticklabels(which="both")):
        label.set_fontproperties(font(SMALL))


def one_line(text: object) -> str:
    """A label as one line, with control characters spelled out."""
    return " ".join(printable(text).split())


def wrapped(text: object, width: int, lines: int = 2, whole: bool = False) -> str:
    """A label in at most `lines` lines of `width` characters; what is cut off stands in the table.
    `whole` breaks no word, however long it is."""
    return "\n".join(
        textwrap.wrap(
            one_line(text), width, max_lines=lines, placeholder=" …", break_long_words=not whole
        )
        or [""]
    )


def fitted(
    text: object, room: float, size: float = TEXT, bold: bool = False, lines: int = 2
) -> str:
    """A label in at most `lines` lines, none wider than `room` points; words are broken only
    where one alone is wider."""
    for whole in (True, False):
        for width in range(34, 3, -1):
            label = wrapped(text, width, lines, whole)
            if breadth(label, size, bold) <= room and (label.strip(" …") or not whole):
                return label
    return label


def number(value: float | None) -> str:
    """A number as it is written on bars, axes and in tables: whole, or with three digits that count;
    `NOTHING` for None and for what is not finite."""
    if value is None or not isfinite(value):
        return NOTHING
    if float(value).is_integer():
        return f"{int(value):,}"
    digits = 1 if abs(value) >= 100 else max(0, 2 - floor(log10(abs(value))))
    text = f"{value:,.{min(digits, 6)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
