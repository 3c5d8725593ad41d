"""Lesson 01 with its stored outputs, as a learner first sees it: JupyterLab, light and dark."""

import pytest
from lab_page import LEAST_CONTRAST, screenshot

pytestmark = [pytest.mark.engine, pytest.mark.browser]

LESSON = "notebooks/01-config.ipynb"
COMPARISON = ".jp-OutputArea-output:has-text('bad/app.py'):has-text('good/app.py')"
LEGIBLE = 4.5


@pytest.mark.parametrize("theme", [pytest.param("light", marks=pytest.mark.floor), "dark"])
def test_the_comparison_and_the_tables_are_legible(opened, theme):
    with opened(LESSON, theme) as page:
        output = page.locator(COMPARISON).first
        output.scroll_into_view_if_needed()
        rows = output.locator("tr").all_inner_texts()
        changed = [row for row in rows if "DATABASE_URL =" in row]
        assert len(changed) == 1
        assert "-" in changed[0].split("\t")[0] and "+" in changed[0].split("\t")[2]
        screenshot(page, f"lesson-01-{theme}")
        tables = page.locator(".jp-OutputArea-output table").all()
        assert len(tables) >= 5
        assert min(table.evaluate(LEAST_CONTRAST) for table in tables) >= LEGIBLE


def test_nothing_pops_up_and_no_request_leaves_the_machine(opened):
    with opened("notebooks/00-start-here.ipynb") as page:
        assert page.locator(".Toastify__toast").count() == 0
        assert page.locator(".jp-Dialog").count() == 0
        assert {url.split("/")[2].split(":")[0] for url in page.asked_for} == {"127.0.0.1"}
        screenshot(page, "start-here")
