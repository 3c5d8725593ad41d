"""A table with a caption: rows of plain values, as HTML and as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import combining, east_asian_width

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

WORDS = {
    "passed": (GOOD, GOOD_PAPER),
    "failed": (BAD, BAD_PAPER),
    "visible": (BAD, BAD_PAPER),
    "not found": (GOOD, GOOD_PAPER),
    "untouched": (WAIT, WAIT_PAPER),
    "error": (BAD, BAD_PAPER),
    "environment": (WAIT, WAIT_PAPER),
    "inconclusive": (WAIT, WAIT_PAPER),
    "as predicted": (GOOD, GOOD_PAPER),
    "surprise": (WAIT, WAIT_PAPER),
}
"""Cells that carry a judgement, with their ink and paper; the word itself always stays."""


@dataclass(frozen=True)
class Table(Shown):
    """Columns, rows of as many values as there are columns, a caption above and a note below. A value
    that is one of `WORDS` has the colors of its judgement."""

    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    caption: str = ""
    note: str = ""

    def to_html(self) -> str:
        cell = f"padding:4px 12px;border:1px solid {LINE};text-align:left;vertical-align:top"
        head = "".join(
            f'<th scope="col" style="{cell};background:#f6f8fa;color:{INK}">{escape(name)}</th>'
            for name in self.columns
        )
        body = "".join(
            f'<tr style="background:{PAPER}">'
            + "".join(self._cell(value, cell) for value in row)
            + "</tr>"
            for row in self.rows
        )
        caption = (
            f'<caption style="caption-side:top;text-align:left;padding:4px 0;color:{INK};'
            f'font-weight:600">{escape(self.caption)}</caption>'
            if self.caption
            else ""
        )
        note = (
            f'<div style="color:{MUTED};padding-top:4px">{escape(self.note)}</div>'
            if self.note
            else ""
        )
        return (
            f'<div style="{FONT};background:{PAPER};color:{INK};padding:8px 12px;overflow-x:auto">'
            f'<table style="border-collapse:collapse;margin:0;{FONT};color:{INK}">{caption}'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}</div>"
        )

    def _cell(self, value: object, style: str) -> str:
        ink, paper = WORDS.get(str(value), ("", ""))
        judged = f";color:{ink};background:{paper};font-weight:600" if ink else f";color:{INK}"
        return f'<td style="{style}{judged}">{escape(value)}</td>'

    def to_text(self) -> str:
        lines = text_columns([self.columns, *self.rows])
        return "\n".join(
            [
                *([printable(self.caption)] if self.caption else []),
                *lines,
                *([printable(self.note)] if self.note else []),
            ]
        )


def text_columns(rows: Sequence[Sequence[object]]) -> list[str]:
    """Rows as lines of text whose columns stand below each other, a rule below the first."""
    grid = [[" ".join(printable(v).splitlines()) for v in row] for row in rows]
    widths = [max(_width(row[i]) for row in grid) for i in range(len(grid[0]))]
    lines = [
        "  ".join(v + " " * (w - _width(v)) for v, w in zip(row, widths, strict=True)).rstrip()
        for row in grid
    ]
    return [lines[0], "  ".join("-" * width for width in widths), *lines[1:]]


def _width(text: str) -> int:
    """How many columns of a terminal a text takes: wide characters two, combining ones none."""
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
