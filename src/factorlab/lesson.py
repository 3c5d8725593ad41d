"""The lab of a lesson: what `from factorlab import Lab` gives a learner.

It adds to a lab what stands above it: the lesson's code side by side, and the checks.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from factorlab import course
from factorlab import lab as base
from factorlab.display import Comparison, Shown, Table
from factorlab.errors import FactorLabError
from factorlab.factors.iii_config.settings import secret_places
from factorlab.lab import App, variants
from factorlab.panels import Panel, Prediction
from factorlab.questions import Subject, Verdict, ask
from factorlab.questions.contract import Contract, read_contract
from factorlab.questions.users import Users


class Lab(base.Lab):
    """A lesson's lab, by the lesson's name (`01-config`): its apps, services and checks.

    Usable as a plain object in a notebook or as a context manager. Raises FactorLabError for an
    unknown lesson, NotReady when the machine cannot run containers now.
    """

    def __init__(self, name: str) -> None:
        self.lesson = course.lesson(name)
        self._subjects: dict[str, Subject] = {}
        super().__init__(self.lesson.name)
        self._register_magic()
        course.begin(self.lesson.name)

    @property
    def contract(self) -> Contract:
        """What the apps of this lesson promise (`apps/NAME/factorlab.toml`)."""
        return read_contract(self.lesson.apps / "factorlab.toml")

    def compare(self, left: str = "bad", right: str = "good") -> Comparison:
        """Two variants of the app side by side, the lines that differ marked."""
        return Comparison(left, right, *(self.files(variant) for variant in (left, right)))

    def panel(self, *names: str, env: Mapping[str, str] | None = None) -> Panel:
        """Variants of the app side by side with buttons: start, stop, kill, scale, send requests,
        pause a backing service. Default: bad and good. `env` fills the environment's fields."""
        names = names or ("bad", "good")
        comparison = self.compare(*names) if len(names) == 2 else None
        try:
            requests = [
                {"method": r.method, "path": r.path, "body": json.dumps(r.json) if r.json else ""}
                for r in (self.contract.read, self.contract.write)
            ]
        except FactorLabError:  # a lesson whose apps promise nothing
            requests = []
        return Panel(self, names, env or {}, comparison, requests)

    def predict(self, question: str, options: Mapping[str, object]) -> Prediction:
        """A question before the run. Each option goes with the value that the run would then
        give; after the run, `seen(value)` compares. Your choice is kept."""
        return Prediction(self.lesson.name, question, options)

    def edit(self, variant: str = "good", file: str = "app.py") -> None:
        """Put a cell below with a copy of a file for you to change: run it, then
        `lab.run("my-good")`. The lesson's own file stays as it is."""
        from IPython.core.getipython import get_ipython

        base = variant.removeprefix(variants.MINE)
        name = f"{variants.MINE}{base}"
        text = f"%%variant {name}/{file} from {base}\n{self.source(variant, file)}"
        if (shell := get_ipython()) is None:
            print(text)
            return
        shell.set_next_input(text)
        print(f"Below is a copy of {variant}/{file}. Change it, run it, then: lab.run({name!r})")

    def files(self, variant: str) -> dict[str, str]:
        """The files of a variant of the app: name -> text."""
        files = variants.of(self.lesson.name, variant)
        return {name: content.decode() for name, content in files.items()}

    def source(self, variant: str, file: str) -> str:
        """The text of one file of an app. Raises FactorLabError, naming those that there are."""
        files = self.files(variant)
        if file not in files:
            raise FactorLabError(
                f"'{variant}' has no file '{file}'.", next=f"choose one of: {', '.join(files)}."
            )
        return files[file]

    def ask(self, check: str, *apps: App, side_by_side: bool = False) -> "Answers":
        """Ask a check of these apps' images; a table of the verdicts. One after the other, or
        `side_by_side`, which is quicker where a check waits more than it works."""
        asked = [partial(ask, check, self, self.subject(app)) for app in apps]
        return Answers(self.together(*asked) if side_by_side else [one() for one in asked])

    def subject(self, app: App) -> Subject:
        """An app as a check sees it: its image, the lesson's contract, the lab's passwords. One
        image stays one subject, so its checks share databases and deploys."""
        if app.image_id not in self._subjects:
            variants = (
                v for v, build in self.images.by_variant.items() if build.id == app.image_id
            )
            name, secrets = next(variants, app.name), tuple(self.secrets)
            self._subjects[app.image_id] = Subject(name, app.build, self.contract, secrets)
        return self._subjects[app.image_id]

    def users(self, count: int = 30) -> Users:
        """Users with a browser each, for apps that one logs in to: `log_in`, `valid`, `log_out`."""
        return Users(self.contract, count)

    def where(self, secret: str, *apps: App) -> Table:
        """Where the secret of each app can be read: rows are places, columns are apps."""
        rows = [
            [place, *("visible" if seen else "not found" for seen in found)]
            for place, found in secret_places(apps, secret).items()
        ]
        return Table(["place", *(app.name for app in apps)], rows)

    def _register_magic(self) -> None:
        """Make `%%variant my-good/app.py from good` known to the running notebook."""
        from IPython.core.getipython import get_ipython

        if shell := get_ipython():
            shell.register_magic_function(self._save_variant, "cell", "variant")

    def _save_variant(self, line: str, cell: str) -> None:
        """%%variant NAME/FILE from BASE: save the cell as a file of a variant of your own. It
        does not run here; `lab.run("NAME")` runs it in a container."""
        name, _, base = line.partition(" from ")
        variant, _, file = name.strip().partition("/")
        variants.save(self.lesson.name, variant, file, cell, base.strip() or "good")
        print(f"Saved {variant}/{file}. Run it: lab.run({variant!r})")


@dataclass(frozen=True)
class Answers(Shown):
    """The verdicts of one check, asked of several apps."""

    verdicts: Sequence[Verdict]

    def _table(self) -> Table:
        question = self.verdicts[0].question
        rows = [(v.subject, str(v.outcome), v.finding.seen) for v in self.verdicts]
        expected = self.verdicts[0].finding.expected
        return Table(
            ("app", "verdict", "seen"),
            rows,
            f"{question.text} ({question.factor})",
            f"Asked: {question.how} Expected: {expected}.",
        )

    def to_html(self) -> str:
        return self._table().to_html()

    def to_text(self) -> str:
        return self._table().to_text()
