"""What an audit asks: per factor, which check, and what the contract must name for it.

A question whose needs are not met is `not tested`, with the line to add: never passed.
"""

from functools import cache

from factorlab.errors import FactorLabError
from factorlab.questions.question import Question, audited

FACTORS = {
    "I": "Codebase",
    "II": "Dependencies",
    "III": "Config",
    "IV": "Backing services",
    "V": "Build, release, run",
    "VI": "Processes",
    "VII": "Port binding",
    "IX": "Disposability",
    "XI": "Logs",
    "XII": "Admin processes",
    "H": "Health checks",
    "O": "Observability",
    "S": "Least privilege",
}
"""The factors that an audit asks about, in the order of its report."""
BEYOND = {
    "VIII": "Concurrency: how many processes of which type suit a load is a decision, not a behavior.",
    "X": "Dev/prod parity: an image says nothing about the machines it was developed on.",
}
"""The factors that it does not ask about, and why."""


@cache
def asked() -> dict[str, Question]:
    """The questions of the audit by id, in the order of its report. Raises FactorLabError for one
    whose factor is not among `FACTORS`."""
    order, found = list(FACTORS), audited().values()
    for one in found:
        if one.factor not in FACTORS:
            raise FactorLabError(
                f"The question '{one.id}' is of factor '{one.factor}', which no audit reports on.",
                next=f"let it name one of: {', '.join(FACTORS)}; or no group, and no audit asks it.",
            )
    return {one.id: one for one in sorted(found, key=lambda one: order.index(one.factor))}


def chosen(words: list[str]) -> set[str]:
    """The ids of the questions that words name: each is an id, or a factor (`IX`) for all of its
    questions. Raises FactorLabError for a word that is neither."""
    found: set[str] = set()
    known = asked()
    for word in words:
        of_factor = {id for id, one in known.items() if one.factor == word.upper()}
        if word not in known and not of_factor:
            listed = "\n".join(f"{one.factor:<4} {id}" for id, one in known.items())
            raise FactorLabError(
                f"The audit has no question or factor '{word}'.",
                why=listed,
                next="choose from the list above.",
            )
        found |= {word} if word in known else of_factor
    return found
