"""The lab of a lesson: what `from factorlab import Lab` gives a learner.

It adds to a lab what stands above it: the lesson's code side by side, and the checks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from factorlab import lab as base
from factorlab.checks import Subject, Verdict, ask
from factorlab.checks.config import secret_places
from factorlab.checks.contract import Contract, read_contract
from factorlab.course import lesson
from factorlab.display import Comparison, Shown, Table
from factorlab.engine.containers import read_files
from factorlab.lab import App


class Lab(base.Lab):
    """A lesson's lab, by the lesson's name (`01-config`): its apps, services and checks.

    Usable as a plain object in a notebook or as a context manager. Raises FactorLabError for an
    unknown lesson, NotReady when the machine cannot run containers now.
    """

    def __init__(self, name: str) -> None:
        self.lesson = lesson(name)
        self._subjects: dict[str, Subject] = {}
        super().__init__(self.lesson.name)

    @property
    def contract(self) -> Contract:
        """What the apps of this lesson promise (`apps/NAME/factorlab.toml`)."""
        return read_contract(self.lesson.apps / "factorlab.toml")

    def compare(self, left: str = "bad", right: str = "good") -> Comparison:
        """Two variants of the app side by side, the lines that differ marked."""
        return Comparison(left, right, *(self._text(variant) for variant in (left, right)))

    def source(self, variant: str, file: str) -> str:
        """The text of one file of an app."""
        return self._text(variant)[file]

    def ask(self, check: str, *apps: App) -> "Answers":
        """Ask a check of these apps' images, one after the other; a table of the verdicts."""
        return Answers([ask(check, self, self.subject(app)) for app in apps])

    def subject(self, app: App) -> Subject:
        """An app as a check sees it: its image, the lesson's contract, the lab's passwords. One
        image stays one subject, so its checks share databases and deploys."""
        if app.image_id not in self._subjects:
            variants = (v for v, build in self._builds.items() if build.id == app.image_id)
            name, secrets = next(variants, app.name), tuple(self.secrets)
            self._subjects[app.image_id] = Subject(name, app.build, self.contract, secrets)
        return self._subjects[app.image_id]

    def where(self, secret: str, *apps: App) -> Table:
        """Where the secret of each app can be read: rows are places, columns are apps."""
        rows = [
            [place, *("visible" if seen else "not found" for seen in found)]
            for place, found in secret_places(apps, secret).items()
        ]
        return Table(["place", *(app.name for app in apps)], rows)

    def _text(self, variant: str) -> dict[str, str]:
        files = read_files(self.lesson.apps / variant)
        return {name: content.decode() for name, content in files.items()}


@dataclass(frozen=True)
class Answers(Shown):
    """The verdicts of one check, asked of several apps."""

    verdicts: Sequence[Verdict]

    def _table(self) -> Table:
        check = self.verdicts[0].check
        rows = [(v.subject, str(v.outcome), v.finding.seen) for v in self.verdicts]
        expected = self.verdicts[0].finding.expected
        return Table(
            ("app", "verdict", "seen"), rows, f"{check.question} ({check.factor})",
            f"Asked: {check.how} Expected: {expected}.",
        )  # fmt: skip

    def to_html(self) -> str:
        return self._table().to_html()

    def to_text(self) -> str:
        return self._table().to_text()
