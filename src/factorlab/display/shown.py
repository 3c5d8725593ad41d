"""What everything that is displayed has in common.

Styles are inline and the background is fixed and light, so that the same output is legible in
JupyterLab's light and dark themes, in an exported page and, stripped of all style, on a code
host. Meaning never rests on color alone: every mark is also a word or a sign.
"""

import html
from typing import Any

FONT = "font-family:system-ui,-apple-system,'Segoe UI',sans-serif;font-size:14px;line-height:1.45"
MONO = "font-family:ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;font-size:13px"
INK, PAPER, LINE, MUTED = "#1b1f24", "#ffffff", "#d0d7de", "#57606a"
GOOD, GOOD_PAPER = "#116329", "#dafbe1"
BAD, BAD_PAPER = "#a40e26", "#ffebe9"
WAIT, WAIT_PAPER = "#7d4e00", "#fff8c5"


class Shown:
    """Base of displayed things: subclasses give `to_html` and `to_text`."""

    def to_html(self) -> str:
        """The HTML form, with inline styles only."""
        raise NotImplementedError

    def to_text(self) -> str:
        """The same in plain text: what a terminal and a code host show."""
        raise NotImplementedError

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.to_html(), "text/plain": self.to_text()}

    def __str__(self) -> str:
        return self.to_text()


def escape(text: object) -> str:
    """Text made safe for HTML; nothing that an app or a learner wrote is ever markup."""
    return html.escape(printable(text), quote=True)


def printable(text: object) -> str:
    """Text made safe for a terminal: control characters, escape codes among them, are spelled out."""
    return "".join(c if c in "\n\t" or c.isprintable() else f"\\x{ord(c):02x}" for c in str(text))
