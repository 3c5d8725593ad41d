"""A note in the course's frame: a head, a text, and a line below it."""

from dataclasses import dataclass

from factorlab.display.shown import FONT, INK, LINE, MONO, MUTED, PAPER, Shown, escape, printable


@dataclass(frozen=True)
class Note(Shown):
    """`title` and `foot` may be empty; `code` shows the text as it would stand in a file."""

    text: str
    title: str = ""
    foot: str = ""
    code: bool = False

    def to_html(self) -> str:
        head = f'<div style="font-weight:600">{escape(self.title)}</div>' if self.title else ""
        style = f"{MONO if self.code else FONT};color:{INK};margin:4px 0;white-space:pre-wrap"
        body = f'<div style="{style};overflow-wrap:anywhere">{escape(self.text)}</div>'
        foot = f'<div style="color:{MUTED}">{escape(self.foot)}</div>' if self.foot else ""
        return (
            f'<div style="{FONT};background:{PAPER};color:{INK};border:1px solid {LINE};'
            f'padding:8px 12px;margin:4px 0">{head}{body}{foot}</div>'
        )

    def to_text(self) -> str:
        parts = (self.title, self.text.rstrip("\n"), self.foot)
        return "\n".join(printable(part) for part in parts if part)
