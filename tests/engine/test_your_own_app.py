"""Lesson 15: the good app passes what the audit can ask of it and the notebook does not. (That the
bad one fails the five questions behind the quick checks, and what is seen of it, stands in the
notebook's outputs, which are compared at each run.)"""

import pytest

from factorlab import Lab
from factorlab.audit import audit

pytestmark = [pytest.mark.engine, pytest.mark.part("own")]
FURTHER = {
    "two-builds-alike",
    "secrets-stay-out-of-log",
    "serves-again-after-an-outage",
    "runs-read-only",
    "leaves-its-files-alone",
    "requests-survive-a-stop",
    "starts-side-by-side",
}


def test_the_good_app_passes_all_that_is_asked():
    with Lab("15-your-own-app") as lab:
        env = {"DATABASE_URL": lab.postgres("rooms").url, "REDIS_URL": lab.redis("cache").url}
        card = audit(lab, lab.subject(lab.run("good", env=env)), only=FURTHER)
    assert card.green, card.table().to_text()
    assert {row.id for row in card.asked} == FURTHER
