"""A scorecard as text: what `factorlab audit` prints."""

from factorlab.audit.questions import BEYOND
from factorlab.audit.scorecard import Result, Scorecard


def render(card: Scorecard) -> str:
    """Text for a terminal: the table, what to do next, and the counts."""
    parts = [card.table().to_text(), ""]
    for row in card.rows:
        if row.result in (Result.FAILED, Result.INCONCLUSIVE):
            parts += [row.card().to_text(), ""]
    if untested := [row for row in card.rows if row.result is Result.NOT_TESTED]:
        parts += ["Not tested, and what would let the audit ask:"]
        parts += [f"  {row.factor:<4} {row.id}: {row.next}" for row in untested]
        parts += [""]
    parts += [f"{factor} is not asked about. {why}" for factor, why in BEYOND.items()]
    parts += [*card.notes, *card.advice, ""]
    return "\n".join([*parts, f"{card.target}: {card.summary()}, in {card.seconds:.0f} s.\n"])
