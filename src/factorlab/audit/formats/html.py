"""A scorecard as one page to show a team: no scripts, nothing loaded from elsewhere."""

from markupsafe import Markup

from factorlab import __version__
from factorlab.audit.questions import BEYOND, FACTORS
from factorlab.audit.scorecard import Result, Row, Scorecard
from factorlab.display import Score, Table
from factorlab.formats import pages

LOOKED_AT = (Result.FAILED, Result.INCONCLUSIVE, Result.PASSED)
"""In the order in which their cards stand on the page."""


def plot(card: Scorecard) -> Score:
    """All results at one look."""
    results = {
        f"{factor} · {FACTORS[factor]}": {row.title: str(row.result) for row in rows}
        for factor, rows in card.factors().items()
    }
    return Score("All questions at one look", results, note="One square is one question.")


def render(card: Scorecard) -> str:
    """One page to show a team: what failed with what to do next, what was not tested, the evidence."""
    cards = {
        result: [Markup(row.card().to_html()) for row in card.rows if row.result is result]
        for result in LOOKED_AT
    }
    return pages.render(
        "factorlab.audit",
        "audit.html.j2",
        card=card,
        plot=Markup(plot(card).to_html()),
        failed=cards[Result.FAILED],
        inconclusive=cards[Result.INCONCLUSIVE],
        passed=cards[Result.PASSED],
        not_tested=_table(card, Result.NOT_TESTED, "how it can be asked"),
        skipped=_table(card, Result.SKIPPED, ""),
        beyond=BEYOND,
        version=__version__,
    )


def _table(card: Scorecard, result: Result, last: str) -> Markup:
    rows = [row for row in card.rows if row.result is result]
    if not rows:
        return Markup("")
    columns = ("factor", "question", "why", *([last] if last else []))
    return Markup(Table(columns, [_line(row, bool(last)) for row in rows]).to_html())


def _line(row: Row, how: bool) -> tuple[str, ...]:
    return (row.factor, row.title, row.why, *([row.next] if how else []))
