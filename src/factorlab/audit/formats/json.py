"""A scorecard as JSON: what `factorlab audit --json` prints."""

import json

from factorlab.audit.scorecard import Scorecard


def render(card: Scorecard) -> str:
    """All that was found, as data for other programs."""
    return json.dumps(card.as_dict(), indent=2, ensure_ascii=False) + "\n"
