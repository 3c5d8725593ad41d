"""Predict first: a question before the run, and the run's own answer after it."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import traitlets

from factorlab import course
from factorlab.display import Card, Shown
from factorlab.display.shown import FONT, INK, LINE, PAPER, escape, printable
from factorlab.errors import FactorLabError
from factorlab.panels.widget import Widget
from factorlab.workspace import write_whole


class Prediction(Widget):
    """A question with options; each option goes with the value that the run would then give.

    The choice is kept in the learner's folder and may be changed until the run. Nothing waits
    for it: `seen` also answers someone who did not choose.
    """

    _esm = Path(__file__).with_name("predict.js")
    _css = Path(__file__).with_name("predict.css")
    question = traitlets.Unicode().tag(sync=True)
    options: traitlets.List[str] = traitlets.List().tag(sync=True)
    chosen = traitlets.Unicode("").tag(sync=True)

    def __init__(self, lesson: str, question: str, options: Mapping[str, Any]) -> None:
        if len(options) < 2:
            raise FactorLabError("A prediction needs at least two options.")
        key = hashlib.sha256(question.encode()).hexdigest()[:12]
        self._path = course.work() / "predictions" / lesson / f"{key}.json"
        self._values = dict(options)
        super().__init__(question=question, options=list(options), chosen=self._kept())
        self.observe(self._keep, names="chosen")

    def choose(self, option: str) -> None:
        """Choose from a cell: an option, or the letter before it. Raises FactorLabError for another."""
        for letter, text in zip("abcdefgh", self.options, strict=False):
            if option in (letter, text):
                self.chosen = text
                return
        raise FactorLabError(
            f"There is no option '{option}'.",
            next=f"choose a letter from a to {'abcdefgh'[len(self.options) - 1]}.",
        )

    def seen(self, value: Any) -> Card:
        """Compare the choice with what the run gave; shown in the cell that ran it."""
        happened = [text for text, expected in self._values.items() if expected == value]
        seen = happened[0] if happened else f"none of the options: {printable(value)}"
        word = "answer"
        if self.chosen:
            word = "as predicted" if self.chosen == seen else "surprise"
        lines = [("You said:", self.chosen), ("The run shows:", seen)]
        return Card(self.question, word, lines)

    @property
    def twin(self) -> Shown:
        """What stands for it where no widget runs."""
        return _Question(self.question, self.options)

    def _kept(self) -> str:
        """The choice of an earlier time; a file that cannot be read counts as none."""
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))["chosen"]
        except (OSError, ValueError, KeyError, TypeError):
            return ""
        return kept if isinstance(kept, str) and kept in self._values else ""

    def _keep(self, change: Any) -> None:
        """Not being able to keep it, on a full disk say, must not stop the lesson."""
        text = json.dumps({"question": self.question, "chosen": self.chosen}, indent=1)
        try:
            write_whole(self._path, text + "\n")
        except FactorLabError as error:
            print(error)


class _Question(Shown):
    """The question as plain HTML and text."""

    def __init__(self, question: str, options: list[str]) -> None:
        self._question, self._options = question, options

    def to_html(self) -> str:
        items = "".join(f"<li>{escape(option)}</li>" for option in self._options)
        return (
            f'<div style="{FONT};background:{PAPER};color:{INK};border:1px solid {LINE};'
            f'border-left:6px solid #0b57a4;padding:8px 12px"><b>Predict.</b> '
            f'{escape(self._question)}<ol style="list-style-type:lower-alpha;margin:6px 0 0 0">{items}</ol></div>'
        )

    def to_text(self) -> str:
        lettered = zip("abcdefgh", self._options, strict=False)
        lines = [f"  {letter}) {printable(option)}" for letter, option in lettered]
        return "\n".join([f"Predict. {printable(self._question)}", *lines])
