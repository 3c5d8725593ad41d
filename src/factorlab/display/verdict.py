"""One verdict as a card: what was asked, expected and seen, the evidence, and what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass

from factorlab.display.shown import FONT, INK, LINE, MONO, PAPER, Shown, escape, printable
from factorlab.display.table import WORDS, Table

SIGNS = {
    "passed": "✓",
    "failed": "✗",
    "error": "!",
    "untouched": "–",
    "not tested": "–",
    "skipped": "»",
    "as predicted": "✓",
    "surprise": "≠",
    "answer": "→",
}
BRIEF_LOG_LINES = 4


@dataclass(frozen=True)
class Card(Shown):
    """`outcome` is the word at the head; `lines` are label and text, in reading order."""

    title: str
    outcome: str
    lines: Sequence[tuple[str, str]]
    evidence: Table | None = None
    log: str = ""

    def to_html(self) -> str:
        ink, paper = WORDS.get(self.outcome, (INK, PAPER))
        sign = SIGNS.get(self.outcome, "?")
        lines = "".join(
            f'<div style="margin:2px 0"><b>{escape(label)}</b> {escape(text)}</div>'
            for label, text in self.lines
            if text
        )
        log = (
            f'<pre style="{MONO};background:#f6f8fa;color:{INK};padding:8px;margin:6px 0;'
            f'white-space:pre-wrap">{escape(self.log)}</pre>'
            if self.log
            else ""
        )
        evidence = self.evidence.to_html() if self.evidence else ""
        return (
            f'<div style="{FONT};background:{PAPER};color:{INK};border:1px solid {LINE};'
            f'border-left:6px solid {ink};padding:8px 12px;margin:4px 0">'
            f'<div style="margin-bottom:4px"><span style="background:{paper};color:{ink};'
            f'font-weight:700;padding:1px 8px;border-radius:9px">{sign} {escape(self.outcome)}</span> '
            f"<b>{escape(self.title)}</b></div>{lines}{evidence}{log}</div>"
        )

    def brief(self) -> str:
        """The text twin in few lines: the head, and unless it is passed what was seen, the end
        of the log, and what to do next."""
        if self.outcome == "passed":
            return self._head()
        wanted = ("Expected:", "Seen:", "Next:")
        lines = [
            f"  {label} {printable(text)}" for label, text in self.lines if text and label in wanted
        ]
        log = [f"  | {line}" for line in printable(self.log).splitlines()[-BRIEF_LOG_LINES:]]
        return "\n".join([self._head(), *lines, *log])

    def _head(self) -> str:
        return f"{SIGNS.get(self.outcome, '?')} {self.outcome}: {printable(self.title)}"

    def to_text(self) -> str:
        lines = [f"  {label} {printable(text)}" for label, text in self.lines if text]
        table = (
            ["", *("  " + line for line in self.evidence.to_text().splitlines())]
            if self.evidence
            else []
        )
        log = (
            ["", *("  | " + line for line in printable(self.log).splitlines())] if self.log else []
        )
        return "\n".join([self._head(), *lines, *table, *log])
