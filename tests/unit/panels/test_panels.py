"""A panel on a page: whatever the page sends, one's own versions, and the twins without a page."""

import html
import json
import re
import threading
from pathlib import Path

import pytest

from factorlab import course, panels
from factorlab.display import Comparison
from factorlab.lab import variants
from factorlab.panels import Panel
from factorlab.panels.board import CLOSED, Board
from factorlab.panels.command import METHODS

LESSON = "01-config"
SOON = 10
"""Seconds after which a thread that should have moved on is taken to hang."""


@pytest.fixture(autouse=True)
def work(tmp_path, monkeypatch):
    monkeypatch.setenv("FACTORLAB_WORK", str(tmp_path))
    return tmp_path


def words(markup: str) -> list[str]:
    """The words of an HTML page as a reader sees them."""
    return html.unescape(re.sub(r"<[^>]*>", " ", markup)).split()


def do(board, action, side="good", **more):
    board.do({"action": action, "side": side, **more})
    return board.sides.get(side)


# What a page may send


@pytest.mark.parametrize(
    ("command", "word"),
    [
        ({}, "None"),
        ({"action": "explode", "side": "good"}, "explode"),
        ({"action": "start", "side": "ugly"}, "start"),
        ({"action": "edit", "side": ["good"]}, "edit"),
        ({"action": "pause", "service": "nowhere"}, "pause"),
        ({"action": "resume"}, "resume"),
        ({"action": {"a": 1}, "side": 5, "service": None}, "'a'"),
    ],
)
def test_what_is_unknown_is_told_on_the_timeline(board, lab, command, word):
    board.do(command)
    assert len(board.events) == 1 and word in board.events[0]["what"]
    assert lab.apps == []


GARBAGE = [
    {"action": "start", "env": 5},
    {"action": "start", "env": None},
    {"action": "start", "env": "GREETING"},
    {"action": "start", "env": {"GREETING": "x"}},
    {"action": "start", "env": [["alone"]]},
    {"action": "start", "env": [5]},
    {"action": "start", "env": [["A=B", "1"]]},
    {"action": "start", "env": [["A", "nul\0"]]},
    {"action": "scale", "replicas": "x"},
    {"action": "scale", "replicas": "2.5"},
    {"action": "scale", "replicas": None},
    {"action": "scale", "replicas": [3]},
    {"action": "scale", "replicas": float("inf")},
    {"action": "scale", "replicas": "9" * 5000},
    {"action": "scale"},
    {"action": "send", "method": "BREW"},
    {"action": "send", "method": None},
    {"action": "send", "path": "/\n"},
    {"action": "send", "path": "/\ud800"},
    {"action": "send", "path": "/" * 100_000},
    {"action": "send", "method": "POST", "body": {"item": "tea"}},
    {"action": "edit"},
    {"action": "edit", "files": "app.py"},
    {"action": "edit", "files": ["app.py"]},
    {"action": "edit", "files": {"app.py": 5}},
    {"action": "edit", "files": {5: "x"}},
    {"action": "edit", "files": {"app.py": "\ud800"}},
    {"action": "edit", "files": {"../app.py": "x"}},
    {"action": "edit", "files": {"": "x"}},
]


@pytest.mark.parametrize("command", GARBAGE, ids=lambda command: json.dumps(command)[:60])
def test_garbage_from_a_page_becomes_a_message_and_changes_nothing(board, lab, work, command):
    do(board, "start")
    before = list(lab.apps)
    good = do(board, **command)
    assert good.message and not good.doing
    assert lab.apps == before and lab.apps[0].requests == []
    assert list(board.sides) == ["bad", "good"]
    assert not [path for path in work.rglob("*.py*") if path.read_bytes() == b""]
    assert do(board, "send").answers[-1]["said"].startswith("200"), "and it goes on"


def test_no_method_is_offered_that_is_not_taken():
    script = Path(panels.__file__).with_name("panel.js").read_text()
    assert re.findall(r'\["GET".*?\]', script) == [json.dumps(METHODS)]


# A version of one's own


def test_my_version_stands_beside_the_original_and_the_original_stays(board, lab, work):
    original = board.sources()["good"]["app.py"]
    do(board, "start", env=[["GREETING", "Ahoy"]])
    do(board, "edit", files={"app.py": "# mine\n"})
    assert [side["name"] for side in board.snapshot()["sides"]] == ["bad", "good", "my-good"]
    assert [app.name for app in lab.apps] == ["good-1", "my-good-2"]
    assert lab.apps[1].env == {"GREETING": "Ahoy"}
    assert (work / "variants" / LESSON / "my-good" / "app.py").read_text() == "# mine\n"
    assert board.sources()["good"]["app.py"] == original
    assert set(board.sources()) == {"bad", "good"}


def test_all_that_was_changed_on_the_page_is_in_my_version_and_the_rest_is_the_original(
    board, work
):
    do(board, "edit", files={"app.py": "# mine\n", "Dockerfile": "FROM mine\n"})
    do(board, "edit", files={"app.py": "# again\n"})
    mine = work / "variants" / LESSON / "my-good"
    assert (mine / "app.py").read_text() == "# again\n"
    assert (mine / "Dockerfile").read_text() == "FROM mine\n"
    assert {path.name for path in mine.iterdir()} == {*board.sources()["good"]}


def test_my_version_takes_the_environment_of_the_page(board, lab):
    do(board, "edit", files={"app.py": "# mine\n"}, env=[["GREETING", "Ahoy"]])
    mine = do(board, "edit", files={"app.py": "# mine\n"}, env=[["GREETING", "Moin"]])
    assert mine.env == {"GREETING": "Hello"}, "the original keeps its own"
    assert board.sides["my-good"].env == lab.apps[-1].env == {"GREETING": "Moin"}


def test_an_environment_that_cannot_be_is_told_and_no_version_is_kept(board, work):
    good = do(board, "edit", files={"app.py": "# mine\n"}, env=[["A=B", "1"]])
    assert "cannot be a variable" in good.message
    assert not [*work.rglob("app.py")]


def test_a_refused_file_is_told_until_the_next_one_is_taken(board):
    good = do(board, "edit", files={"../app.py": "x"})
    assert "is not the name of a file" in good.message
    assert do(board, "edit", files={"app.py": "x"}).message == ""


def test_versions_by_any_name_have_a_column_but_are_not_offered_as_originals(lab):
    variants.save(LESSON, "shop2", "app.py", "# mine\n", "good")
    board = Board(lab, ("good", "shop2"), {})
    assert set(board.sources()) == {"good"}
    assert do(board, "start", "shop2").states == {"shop2-1": "running"}


# The panel


@pytest.fixture
def panel(lab):
    nasty = Comparison("bad", "good", {"app.py": "<script>alert(1)</script>\n"}, {"app.py": "x\n"})
    return Panel(lab, ("bad", "good"), {"<b>": "1"}, nasty)


def test_a_panel_is_a_widget_with_a_table_in_html_and_in_text(panel):
    bundle, _ = panel._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    for twin in (bundle["text/html"], bundle["text/plain"]):
        for word in ("bad", "good", "not started", "lab.run"):
            assert word in twin
    assert "<b>" in bundle["text/plain"] == str(panel)
    assert "&lt;b&gt;" in bundle["text/html"]


def test_the_source_in_a_panel_is_text_whatever_it_says(panel):
    assert "<script" not in panel.source.lower()
    assert "<script>alert(1)</script>" in "".join(words(panel.source))


def test_a_command_from_the_page_is_carried_out_and_shown(panel, lab):
    panel._take(panel, {"action": "start", "side": "good"}, [])
    panel._take(panel, "no command at all", [])
    wait_for(panel, lambda view: view["sides"][1]["apps"] and not view["sides"][1]["doing"])
    assert panel.view["sides"][1]["apps"] == [{"name": "good-1", "state": "running"}]
    lab.closed = True
    wait_for(panel, lambda view: view["message"] == CLOSED)


def test_a_button_pressed_after_the_lab_was_closed_is_answered(panel, lab):
    lab.closed = True
    panel._take(panel, {"action": "start", "side": "good"}, [])
    wait_for(panel, lambda view: view["message"] == CLOSED)


def test_even_a_fault_of_ours_is_on_the_page_and_the_next_command_works(panel, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(panel.board, "look", lambda: {}["not there"])
        panel._take(panel, {"action": "send", "side": "good"}, [])
        wait_for(panel, lambda view: "not there" in view["message"])
    panel._take(panel, {"action": "send", "side": "good"}, [])
    wait_for(panel, lambda view: view["message"] == "")


def wait_for(panel, condition):
    """Wait until what the page is sent fulfils a condition."""
    fulfilled = threading.Event()

    def look(_=None):
        if condition(panel.view):
            fulfilled.set()

    panel.observe(look, names="view")
    look()
    assert fulfilled.wait(SOON), panel.view
    panel.unobserve(look, names="view")


def test_the_lesson_has_the_variants_that_these_tests_name():
    assert {"bad", "good"} <= set(course.lesson(LESSON).variants)
