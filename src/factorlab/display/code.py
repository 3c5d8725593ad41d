"""Two versions of the same files side by side, with the lines that differ marked."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from factorlab.display.shown import (
    BAD,
    BAD_PAPER,
    FONT,
    GOOD,
    GOOD_PAPER,
    INK,
    LINE,
    MONO,
    MUTED,
    PAPER,
    Shown,
    escape,
    printable,
)

Line = tuple[int, str] | None
"""Line number and text, or None where the other side has a line and this one has not."""


@dataclass(frozen=True)
class Comparison(Shown):
    """Files of two variants by name -> text; only files that differ are shown in full."""

    left_name: str
    right_name: str
    left: Mapping[str, str]
    right: Mapping[str, str]

    def _names(self) -> tuple[list[str], list[str]]:
        names = sorted({*self.left, *self.right}, key=lambda name: (not name.endswith(".py"), name))
        different = [name for name in names if self.left.get(name) != self.right.get(name)]
        return different, [name for name in names if name not in different]

    def to_html(self) -> str:
        different, same = self._names()
        parts = [self._file(name) for name in different]
        if same:
            note = f"The same on both sides: {', '.join(same)}."
            parts.append(f'<div style="color:{MUTED};padding:4px 12px">{escape(note)}</div>')
        return f'<div style="{FONT};background:{PAPER};color:{INK};overflow-x:auto">{"".join(parts)}</div>'

    def _file(self, name: str) -> str:
        left, right = (_printable(side.get(name, "")) for side in (self.left, self.right))
        html_left, html_right = _highlight(name, left), _highlight(name, right)
        rows = "".join(
            f"<tr>{_side(a, html_left, '-' if changed else ' ')}"
            f"{_side(b, html_right, '+' if changed else ' ')}</tr>"
            for a, b, changed in _align(left.splitlines(), right.splitlines())
        )
        return (
            '<table style="border-collapse:collapse;width:100%;table-layout:fixed;margin:0 0 8px 0">'
            f"<thead><tr>{_head(self.left_name, name, BAD)}{_head(self.right_name, name, GOOD)}</tr>"
            f"</thead><tbody>{rows}</tbody></table>"
        )

    def to_text(self) -> str:
        different, same = self._names()
        parts = []
        for name in different:
            parts.append(f"--- {self.left_name}/{name}\n+++ {self.right_name}/{name}")
            left, right = (_printable(side.get(name, "")) for side in (self.left, self.right))
            parts += _marked(left.splitlines(), right.splitlines())
        if same:
            parts.append(f"The same on both sides: {', '.join(same)}.")
        return "\n".join(parts)


def _printable(text: str) -> str:
    """A file's text with nothing in it that could move a terminal's cursor or hide a line."""
    return printable("\n".join(text.split("\r\n")))


def _head(variant: str, file: str, color: str) -> str:
    """Two header cells: over the line numbers, whose column they keep narrow, and the code."""
    cell = f"background:{color};color:#fff;border:1px solid {color};padding:4px 6px"
    return (
        f'<th style="{cell};width:4em"></th>'
        f'<th scope="col" style="{cell};text-align:left;font-weight:600">'
        f"{escape(variant)}/{escape(file)}</th>"
    )


def _opcodes(left: list[str], right: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes()


def _marked(left: list[str], right: list[str]) -> Iterator[str]:
    for kind, a0, a1, b0, b1 in _opcodes(left, right):
        if kind == "equal":
            yield from (f"  {line}".rstrip() for line in left[a0:a1])
        else:
            yield from (f"- {line}".rstrip() for line in left[a0:a1])
            yield from (f"+ {line}".rstrip() for line in right[b0:b1])


def _align(left: list[str], right: list[str]) -> Iterator[tuple[Line, Line, bool]]:
    for kind, a0, a1, b0, b1 in _opcodes(left, right):
        for step in range(max(a1 - a0, b1 - b0)):
            a = (a0 + step + 1, left[a0 + step]) if a0 + step < a1 else None
            b = (b0 + step + 1, right[b0 + step]) if b0 + step < b1 else None
            yield a, b, kind != "equal"


def _highlight(name: str, text: str) -> list[str]:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import TextLexer, get_lexer_for_filename
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_for_filename(name, stripnl=False)
    except ClassNotFound:
        lexer = TextLexer(stripnl=False)
    return highlight(
        text, lexer, HtmlFormatter(nowrap=True, noclasses=True, style="xcode")
    ).splitlines()


def _side(line: Line, code: list[str], mark: str) -> str:
    paper = {"-": BAD_PAPER, "+": GOOD_PAPER}.get(mark, PAPER) if line else "#f6f8fa"
    ink = {"-": BAD, "+": GOOD}.get(mark, MUTED)
    number = f"{line[0]:>3} {mark}" if line else ""
    text = code[line[0] - 1] if line and line[0] <= len(code) else ""
    cell = f"{MONO};background:{paper};vertical-align:top;text-align:left;padding:0 6px"
    return (
        f'<td style="{cell};color:{ink};white-space:pre;border-left:1px solid {LINE}">'
        f"{number}</td>"
        f'<td style="{cell};color:{INK};white-space:pre-wrap;overflow-wrap:anywhere;'
        f'border-right:1px solid {LINE}">{text}</td>'
    )
