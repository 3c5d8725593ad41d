"""A question about a running app: it declares itself where its function stands.

All that is known of it is derived from there: whether the audit asks it and with what, the audit's
groups and draft, the tables in the docs, who shares what. Ids are never reused.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import walk_packages

from factorlab.errors import FactorLabError
from factorlab.lab import Lab
from factorlab.questions.finding import Finding
from factorlab.questions.needs import Need
from factorlab.questions.subject import Subject

ENTRY_POINTS = "factorlab.questions"
"""The group in which other packages name modules with questions of their own."""
GROUPS = (
    "config",
    "image",
    "replicas",
    "backing",
    "outage",
    "frozen",
    "ports",
    "stop",
    "boot",
    "streams",
    "trace",
)
"""The groups that the audit asks in, in the order of its report within a factor. One that is not
named here comes last."""

Run = Callable[[Lab, Subject], Finding]


@dataclass(frozen=True)
class Question:
    """One question: `id`, the `factor` it belongs to, its `text`, `how` it is asked, the `remedy`
    to look at when the answer is no, and the function that `run`s it.

    With a `group`, the audit asks it of any image whose contract has what it `needs`; the questions
    of a group share what they have started, so they are asked one after the other."""

    id: str
    factor: str
    text: str
    how: str
    remedy: str
    run: Run = field(repr=False)
    needs: tuple[Need, ...] = ()
    group: str = ""

    def lacks(self, subject: Subject) -> list[Need]:
        """What it needs and the contract does not name."""
        return [need for need in self.needs if not need.met(subject)]


_registry: dict[str, Question] = {}


def question(
    id: str,
    *,
    factor: str,
    text: str,
    how: str,
    remedy: str,
    needs: tuple[Need, ...] = (),
    group: str = "",
) -> Callable[[Run], Question]:
    """Declare that a function is the question `id`. Raises ValueError for an id that another
    function has."""

    def register(run: Run) -> Question:
        declared = Question(id, factor, text, how, remedy, run, needs, group)
        other = _registry.setdefault(id, declared)
        if (other.run.__module__, other.run.__qualname__) != (run.__module__, run.__qualname__):
            raise ValueError(f"the question '{id}' is declared twice, see {other.run.__module__}")
        _registry[id] = declared
        return declared

    return register


def all_questions() -> dict[str, Question]:
    """Every question by its id: those below `factorlab.factors`, and those of other packages."""
    _discover()
    return _registry


@cache
def _discover() -> None:
    """Import the modules in which questions declare themselves."""
    factors = import_module("factorlab.factors")
    for module in walk_packages(factors.__path__, "factorlab.factors."):
        import_module(module.name)
    for entry in entry_points(group=ENTRY_POINTS):
        entry.load()


def find(id: str) -> Question:
    """The question with this id. Raises FactorLabError naming those that exist."""
    known = all_questions()
    if id not in known:
        raise FactorLabError(
            f"There is no check '{id}'.", next=f"choose one of: {', '.join(sorted(known))}."
        )
    return known[id]


def audited() -> dict[str, Question]:
    """The questions that an audit asks, by id: those with a group, in the order of its report
    within a factor."""
    asked = [one for one in all_questions().values() if one.group]
    order = {group: n for n, group in enumerate(GROUPS)}
    asked.sort(key=lambda one: order.get(one.group, len(GROUPS)))
    return {one.id: one for one in asked}
