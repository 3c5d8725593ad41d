"""The pages of a graded class, as an instructor and a learner open them: legible in light and dark,
on a desk and on a phone, with names and outputs that would like to be more than text."""

import pytest
from lab_page import LEAST_CONTRAST, screenshot

from factorlab.grading.batch import Graded
from factorlab.grading.collect import Submission
from factorlab.grading.folder import write
from factorlab.grading.gradebook import Gradebook
from factorlab.questions.spec import spec

pytestmark = pytest.mark.browser

SPECS = [spec("III-1"), spec("III-2")]
EVIL = '<script>document.title="owned"</script><img src=x onerror=\'document.title="owned"\'>'
LONG = "Wolfeschlegelsteinhausenbergerdorff" * 2
CLASS = {
    "Mia Meier": "passed",
    "Noah": "failed",
    "Zoë": "error",
    "Ada": "untouched",
    "Ben": "environment",
    EVIL: "failed",
    LONG: "error",
}
WIDTHS = {"desk": 1280, "phone": 360}


def graded(learner: str, outcome: str) -> Graded:
    text = f"{EVIL}\x1b[2J\x00 " + "no-space" * 40
    told = {
        one.id: [
            {
                "task": t.id,
                "outcome": outcome,
                "asked": "20 times",
                "expected": "200",
                "seen": text,
                "next": "read it anew.",
                "log": text,
                "evidence": [{"app": EVIL, "got": "x" * 90}],
            }
            for t in one.tasks
        ]
        for one in SPECS
    }
    files = (f"{learner}/01-config.ipynb",)
    return Graded(Submission(learner, {}, files, unread=(f"{EVIL} cannot be read.",)), told)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("grades")
    book = Gradebook([graded(*one) for one in CLASS.items()], SPECS, complete=False)
    return folder, [name for name in write(book, folder) if name.endswith(".html")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", WIDTHS)
def test_every_page_is_legible_stays_in_its_width_and_runs_nothing(chromium, pages, scheme, place):
    folder, names = pages
    page = chromium.new_page(viewport={"width": WIDTHS[place], "height": 800}, color_scheme=scheme)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    try:
        for name in names:
            page.goto((folder / name).as_uri())
            assert page.locator("body").evaluate(LEAST_CONTRAST) >= 4.5, name
            assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[place], name
            assert page.title() != "owned"
            assert page.locator("script, img[onerror]").count() == 0
            screenshot(page, f"graded-{place}-{scheme}-{name.replace('/', '-')[:40]}")
        assert all(url.startswith(("file:", "data:")) for url in asked)
    finally:
        page.close()
