"""An exercise as a learner meets it: untouched, a hint, wrong, passed, reset; and Run All twice."""

import pytest
from lab_page import barriers, begin, cell, menu, ran, run_all, screenshot
from playwright.sync_api import expect

from factorlab.course import starter
from factorlab.exercises.exercise import solution_files

pytestmark = [pytest.mark.engine, pytest.mark.browser]

EXERCISES = "exercises/01-config.ipynb"
TASK = 'rotation.check("reads-the-mounted-file")'
SECONDS = 180


@pytest.fixture(scope="module")
def page(opened_once):
    with opened_once(EXERCISES, width=1440) as page:
        run(page, "from factorlab import Exercise")
        run(page, 'rotation = Exercise("III-2")')
        run(page, "%%answer III-2/app.py")
        yield page


def run(page, text):
    """Run the cell with this text; what it shows."""
    chosen = cell(page, text)
    prompt = chosen.locator(".jp-InputArea-prompt")
    before = prompt.inner_text()

    def press():
        prompt.click()
        page.keyboard.press("Control+Enter")
        expect(prompt).not_to_have_text(before, timeout=5_000)

    begin(page, press)
    ran(chosen, SECONDS)
    return chosen.locator(".jp-OutputArea")


def write(page, text, source):
    """Replace the source of the cell with this text, as by pasting."""
    editor = cell(page, text).locator(".cm-content")
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(source)
    page.keyboard.press("Escape")


def test_untouched_is_said_to_be_untouched(page):
    expect(run(page, TASK)).to_contain_text("untouched")
    screenshot(page, "exercise-untouched")


def test_a_hint_says_how_many_are_left(page):
    write(page, "# rotation.hint()", "rotation.hint()")
    shown = run(page, "rotation.hint()")
    expect(shown).to_contain_text("Hint 1 of")
    expect(shown).to_contain_text("2 hints are left")


def test_a_wrong_answer_fails_with_what_was_seen_and_what_to_do(page):
    wrong = starter("III-2")["app.py"].replace(".read_text()", ".read_text().upper()")
    write(page, "%%answer III-2/app.py", f"%%answer III-2/app.py\n{wrong}")
    expect(run(page, "%%answer III-2/app.py")).to_contain_text("Saved III-2/app.py")
    shown = run(page, TASK)
    for word in ("failed", "Asked:", "Expected:", "Seen:", "Next:"):
        expect(shown).to_contain_text(word)
    screenshot(page, "exercise-failed")


def test_the_right_answer_passes(page):
    right = solution_files("III-2")["app.py"]
    write(page, "%%answer III-2/app.py", f"%%answer III-2/app.py\n{right}")
    run(page, "%%answer III-2/app.py")
    expect(run(page, TASK)).to_contain_text("passed")
    screenshot(page, "exercise-passed")


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_the_verdicts_keep_no_reader_out(page, theme):
    menu(page, "Settings", "Theme", f"JupyterLab {theme}")
    page.wait_for_selector(f'body[data-jp-theme-name="JupyterLab {theme}"]', state="attached")
    assert barriers(page) == []


def test_reset_asks_and_brings_the_starter_back(page):
    write(page, "rotation.hint()", "rotation.reset()")
    chosen = cell(page, "rotation.reset()")
    chosen.locator(".jp-InputArea-prompt").click()
    page.keyboard.press("Control+Enter")
    answer = page.locator(".jp-Stdin-input")
    expect(answer).to_be_visible(timeout=SECONDS * 1000)
    answer.fill("y")
    page.keyboard.press("Enter")
    ran(chosen, SECONDS)
    expect(chosen.locator(".jp-OutputArea")).to_contain_text("The starter of III-2 is back")
    screenshot(page, "exercise-reset")


def test_the_start_page_runs_twice(opened):
    with opened("notebooks/00-start-here.ipynb", height=720) as page:
        for _ in range(2):
            run_all(page, seconds=300)
            assert page.locator('[data-mime-type="application/vnd.jupyter.error"]').count() == 0
        assert barriers(page) == []
        page.evaluate("document.querySelector('.jp-WindowedPanel-outer')?.scrollTo(0, 0)")
        screenshot(page, "start-here")
