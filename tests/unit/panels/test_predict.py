"""Predict first: a choice that is kept, and a run that answers it."""

import html
import json
import re

import pytest

from factorlab import workspace
from factorlab.errors import FactorLabError
from factorlab.panels import Prediction

LESSON = "01-config"
QUESTION = "Where does the order go? <script>alert(1)</script>"
OPTIONS = {"to staging": "staging", "to <b>production</b>": "production"}
FIRST, SECOND = OPTIONS


@pytest.fixture(autouse=True)
def work(tmp_path, monkeypatch):
    monkeypatch.setenv("FACTORLAB_WORK", str(tmp_path))
    return tmp_path


def words(markup: str) -> list[str]:
    """The words of an HTML page as a reader sees them."""
    return html.unescape(re.sub(r"<[^>]*>", " ", markup)).split()


def ask() -> Prediction:
    return Prediction(LESSON, QUESTION, OPTIONS)


def kept(work):
    (file,) = work.glob(f"predictions/{LESSON}/*.json")
    return file


@pytest.mark.parametrize("option", ["b", SECOND])
def test_a_choice_is_kept_in_the_learners_folder_and_found_again(work, option):
    ask().choose(option)
    assert json.loads(kept(work).read_text())["question"] == QUESTION
    assert ask().chosen == SECOND
    assert Prediction(LESSON, "Another question?", OPTIONS).chosen == ""
    assert Prediction("00-start-here", QUESTION, OPTIONS).chosen == ""


def test_a_choice_may_be_changed_and_a_click_is_a_choice(work):
    ask().choose("b")
    again = ask()
    again.chosen = FIRST  # what the page sets
    assert ask().chosen == FIRST


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"5",
        b'"x"',
        b"[]",
        b"{}",
        b'{"chosen": 5}',
        b'{"chosen": ["a"]}',
        b'{"chosen": {}}',
        b'{"chosen": "an option of last year"}',
        b"\xff\xfe\x00",
    ],
)
def test_a_file_that_is_broken_or_foreign_counts_as_no_choice(work, content):
    ask().choose("a")
    kept(work).write_bytes(content)
    again = ask()
    assert again.chosen == ""
    again.choose("b")
    assert ask().chosen == SECOND


def test_an_option_that_is_not_there_is_answered_with_those_that_are():
    with pytest.raises(FactorLabError, match="no option 'c'") as told:
        ask().choose("c")
    assert "from a to b" in told.value.next


@pytest.mark.parametrize(
    ("choice", "value", "word", "shows"),
    [
        ("b", "production", "as predicted", SECOND),
        ("a", "production", "surprise", SECOND),
        ("", "production", "answer", SECOND),
        ("a", "nowhere <i>", "surprise", "none of the options: nowhere <i>"),
        ("", None, "answer", "none of the options: None"),
    ],
)
def test_the_run_answers_in_a_word_and_says_what_it_showed(choice, value, word, shows):
    question = ask()
    if choice:
        question.choose(choice)
    card = question.seen(value)
    for said in (card.to_text(), " ".join(words(card.to_html()))):
        assert word in said
        assert f"The run shows: {shows}" in said
        assert ("You said:" in said) == bool(choice)
    assert "<script" not in card.to_html() and "<i>" not in card.to_html()


def test_where_no_widget_runs_the_question_is_there_as_text_and_as_html():
    bundle, _ = ask()._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    text = re.sub(r"^ {2}[a-h]\) ", "", bundle["text/plain"], flags=re.MULTILINE)
    assert words(bundle["text/html"]) == text.split()
    assert "<script" not in bundle["text/html"]
    assert "<b>production" not in bundle["text/html"]
    assert "  b) to <b>production</b>" in bundle["text/plain"] == str(ask())


def test_a_full_disk_says_so_and_does_not_stop_the_lesson(monkeypatch, capsys, work):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(workspace.os, "fdopen", full)
    question = ask()
    question.choose("a")
    assert "No space left on device" in capsys.readouterr().out
    assert "as predicted" in question.seen("staging").to_text()
    assert not [path for path in work.rglob("*") if path.is_file()], "half a file was left"


@pytest.mark.parametrize("options", [{}, {"only": 1}])
def test_a_question_without_a_choice_is_none(options):
    with pytest.raises(FactorLabError, match="at least two"):
        Prediction(LESSON, QUESTION, options)
