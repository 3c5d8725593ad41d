"""Lesson 01's prediction and panel, used as a learner would: by mouse and by keyboard."""

import re

import pytest
from lab_page import IDLE, barriers, cell, menu, ran, run_down_to, screenshot
from playwright.sync_api import expect

pytestmark = [pytest.mark.engine, pytest.mark.browser]

LESSON = "notebooks/01-config.ipynb"
SECONDS = 60_000


@pytest.fixture(scope="module")
def page(opened_once):
    """The lesson, run as far as its panel; the first question was answered before the run."""
    with opened_once(LESSON, height=720) as page:
        run_down_to(page, "lab.predict(", seconds=180)
        page.get_by_role("radio", name="a) both in production").check()
        expect(page.get_by_text("Kept. Run the next cells")).to_be_visible()
        page.keyboard.press("Escape")
        run_down_to(page, "lab.panel(", seconds=300)
        page.locator(".factorlab-panel").scroll_into_view_if_needed()
        yield page


def side(page, name):
    return page.get_by_role("region", name=name, exact=True)


def press(page, label):
    page.get_by_role("button", name=label, exact=True).click()


def says(page, name, text):
    expect(side(page, name).get_by_role("status")).to_contain_text(text, timeout=SECONDS)


def test_the_lesson_ran_without_an_error(page):
    assert page.locator('[data-mime-type="application/vnd.jupyter.error"]').count() == 0


def test_start_send_kill_and_restart_show_what_happens(page):
    panel = page.locator(".factorlab-panel")
    height = panel.bounding_box()["height"]
    for name in ("bad", "good"):
        press(page, f"Start {name}")
        says(page, name, "running")
    page.get_by_label("A request to begin with").select_option(label="POST /orders")
    for name in ("bad", "good"):
        press(page, f"Send the request to {name}")
        expect(side(page, name).locator(".fl-answers")).to_contain_text("200", timeout=SECONDS)
    press(page, "Kill good")
    says(page, "good", "exit code 137")
    assert panel.bounding_box()["height"] == height, "the page must not jump"
    page.locator(".fl-services").evaluate("e => e.scrollIntoView()")
    screenshot(page, "panel-killed")
    press(page, "Restart good")
    says(page, "good", "running")
    expect(page.locator(".fl-events")).to_contain_text("restarted", timeout=SECONDS)


def test_replicas_and_a_paused_database(page):
    side(page, "bad").get_by_label("number of replicas").fill("3")
    press(page, "Scale bad")
    three = re.compile("(running.*){3}")
    expect(side(page, "bad").get_by_role("status")).to_have_text(three, timeout=SECONDS)
    press(page, "Pause production")
    expect(page.locator(".fl-services")).to_contain_text("production: paused", timeout=SECONDS)
    press(page, "Resume production")
    expect(page.locator(".fl-services")).to_contain_text("production: running", timeout=SECONDS)


def test_who_owes_an_answer_can_be_killed(page):
    press(page, "Pause production")
    expect(page.locator(".fl-services")).to_contain_text("production: paused", timeout=SECONDS)
    page.get_by_label("A request to begin with").select_option(label="POST /orders")
    press(page, "Send the request to good")
    says(page, "good", "running · waiting for the answer")
    press(page, "Kill good")
    says(page, "good", "ended, exit code 137")
    expect(side(page, "good").locator(".fl-answers")).to_contain_text(
        "no response", timeout=SECONDS
    )
    press(page, "Resume production")
    press(page, "Restart good")
    says(page, "good", "running")


def test_my_version_runs_beside_the_original_which_comes_back(page):
    page.get_by_text("Change the code and run your version beside it").click()
    code = page.get_by_label("The code")
    original = code.input_value()
    code.fill(original.replace('{"greeting": GREETING}', '{"greeting": "mine"}'))
    press(page, "Run my version")
    says(page, "my-good", "running")
    expect(page.locator(".fl-how")).to_have_text("my-good: running", timeout=SECONDS)
    page.get_by_label("A request to begin with").select_option(label="GET /")
    press(page, "Send the request to my-good")
    expect(side(page, "my-good").locator(".fl-answers")).to_contain_text('"mine"', timeout=SECONDS)
    press(page, "Bring the original text back")
    assert code.input_value() == original
    screenshot(page, "panel-my-version")


def test_a_request_that_was_changed_is_ones_own_and_can_be_chosen_from_the_list_again(page):
    choice = page.get_by_label("A request to begin with")
    choice.select_option(label="POST /orders")
    page.get_by_label("Path", exact=True).fill("/elsewhere")
    assert choice.locator("option:checked").inner_text() == "your own"
    choice.select_option(label="POST /orders")
    assert page.get_by_label("Path", exact=True).input_value() == "/orders"
    choice.select_option(label="GET /")


def test_what_one_typed_stays_while_one_looks_at_another_file(page):
    code, files = page.get_by_label("The code"), page.get_by_label("The file to change")
    original = code.input_value()
    code.fill("# mine")
    files.select_option(label="good/Dockerfile")
    assert "FROM" in code.input_value()
    files.select_option(label="good/app.py")
    assert code.input_value() == "# mine"
    press(page, "Run my version")
    says(page, "my-good", "ended, exit code")
    press(page, "Bring the original text back")
    assert code.input_value() == original
    files.select_option(label="good/Dockerfile")
    press(page, "Run my version")
    says(page, "my-good", "running")
    files.select_option(label="good/app.py")


def test_my_version_takes_the_variables_as_they_stand_in_its_column(page):
    side(page, "my-good").get_by_label("value of GREETING").fill("Ahoy")
    press(page, "Run my version")
    says(page, "my-good", "running")
    press(page, "Send the request to my-good")
    expect(side(page, "my-good").locator(".fl-answers")).to_contain_text('"Ahoy"', timeout=SECONDS)


def test_stop_says_so_where_nothing_is_left_to_stop(page):
    for words in ("exit code", "nothing to stop"):
        press(page, "Stop my-good")
        expect(side(page, "my-good")).to_contain_text(words, timeout=SECONDS)


def test_a_missing_variable_is_named_in_the_log(page):
    press(page, "good: leave out DATABASE_URL")
    press(page, "Start good")
    says(page, "good", "exit code 1")
    expect(side(page, "good").locator("pre")).to_contain_text("KeyError: 'DATABASE_URL'")
    expect(side(page, "good").get_by_role("alert")).to_contain_text("ended before it answered")


def test_the_keyboard_reaches_the_panel_and_the_notebook_keeps_its_cells(page):
    cells = page.locator(".jp-Notebook-cell").count()
    button = page.get_by_role("button", name="Stop bad", exact=True)
    button.focus()
    for key in ("a", "b", "d", "d"):  # in JupyterLab: insert above, insert below, delete
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    says(page, "bad", "exit code 0")
    assert page.locator(".jp-Notebook-cell").count() == cells
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Kill bad"


def test_the_run_answers_the_prediction(page):
    shown = page.locator(".jp-OutputArea-output", has_text="You said:").first
    expect(shown).to_contain_text("surprise")
    expect(shown).to_contain_text("both in production: that is what the variable says")
    expect(shown).to_contain_text("one in staging, one in production")


@pytest.mark.parametrize(("theme", "size"), [("light", (1280, 720)), ("dark", (1440, 900))])
def test_nothing_keeps_a_reader_out(page, theme, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    menu(page, "Settings", "Theme", f"JupyterLab {theme.title()}")
    page.wait_for_selector(
        f'body[data-jp-theme-light="{str(theme == "light").lower()}"]', state="attached"
    )
    assert barriers(page) == []
    page.locator(".factorlab-panel .fl-sides").scroll_into_view_if_needed()
    screenshot(page, f"panel-{theme}")


def test_after_a_restart_of_the_kernel_a_button_says_what_to_run(page):
    menu(page, "Kernel", "Restart Kernel…")
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    page.wait_for_function(f"() => document.querySelector('{IDLE}')")
    alert = page.locator(".factorlab-panel > .fl-message")
    for _ in range(20):  # until JupyterLab has noticed, the old kernel is sent to
        press(page, "Stop bad")
        if "Run the cell that makes the lab" in alert.inner_text():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"the panel says: {alert.inner_text()!r}")


def test_after_a_restart_of_the_kernel_the_page_runs_again(page):
    menu(page, "Kernel", "Restart Kernel and Clear Outputs of All Cells…")
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    first = cell(page, "from factorlab import Lab")
    expect(first.locator(".jp-InputArea-prompt")).not_to_contain_text("[1]")
    first.locator(".jp-InputArea-prompt").click()
    page.keyboard.press("Control+Enter")
    ran(first, seconds=180)
    expect(first.locator(".jp-OutputArea-output")).to_contain_text("good/app.py")
