"""Tables, cards and comparisons: nothing that an app or a learner wrote is ever markup, and the
text twin says what the HTML says."""

import html
import re

import pytest

from factorlab.display import Card, Comparison, Table

NASTY = "<script>alert(\"1\")</script> & 'quotes' \x1b[31mred\x1b[0m\x00 \u202eevil <b>"
UNICODE = "Größe 漢字 🙂 e\u0301"


def words(markup: str) -> list[str]:
    """The words of an HTML page as a reader sees them."""
    return html.unescape(re.sub(r"<[^>]*>", " ", markup)).split()


def table() -> Table:
    return Table(("app", "seen " + NASTY), [("good", NASTY), ("bad", UNICODE)], NASTY, NASTY)


def card() -> Card:
    return Card(
        "title " + NASTY,
        "failed",
        [("Asked:", NASTY), ("Seen:", UNICODE), ("Next:", "")],
        table(),
        "log line\n" + NASTY,
    )


def comparison() -> Comparison:
    return Comparison("bad", "good", {"app.py": f"x = 1\n# {NASTY}\n"}, {"app.py": "x = 2\n"})


SHOWN = {"table": table, "card": card, "comparison": comparison}


@pytest.mark.parametrize("make", SHOWN.values(), ids=SHOWN)
def test_nothing_that_was_written_by_others_becomes_markup(make):
    shown = make().to_html()
    assert "<script" not in shown.lower()
    assert "<b>" not in shown.replace("<b>title", "").replace("<b>Asked", "").replace("<b>Seen", "")
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", shown)
    assert not re.search(r"https?://|src=|href=|@import|url\(", shown)
    assert not re.search(r"\son\w+=", re.sub(r">[^<]*<", "><", shown))


@pytest.mark.parametrize("make", SHOWN.values(), ids=SHOWN)
def test_the_text_twin_moves_no_cursor(make):
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", make().to_text())


@pytest.mark.parametrize("make", [table, card], ids=["table", "card"])
def test_the_text_twin_has_the_words_of_the_html(make):
    shown = make()
    text = re.sub(r"^\s*[|-]*[ -]*$|^ {2}\| ", " ", shown.to_text(), flags=re.MULTILINE)
    plain = text.replace("failed:", "failed").split()
    assert plain == words(shown.to_html())


@pytest.mark.parametrize("make", SHOWN.values(), ids=SHOWN)
def test_a_notebook_gets_both_forms(make):
    shown = make()
    bundle = shown._repr_mimebundle_()
    assert bundle == {"text/html": shown.to_html(), "text/plain": shown.to_text()}
    assert str(shown) == shown.to_text()


def test_columns_of_a_text_table_stand_below_each_other_also_with_wide_characters():
    lines = Table(
        ("name", "state"), [("漢字", "one"), ("e\u0301t\u0301", "two"), ("abcdef", "three")]
    )
    rows = lines.to_text().splitlines()
    assert rows[0] == "name    state"
    assert rows[2] == "漢字    one"
    assert rows[3] == "e\u0301t\u0301      two"
    assert rows[4] == "abcdef  three"


def test_a_value_of_several_lines_stays_in_its_row():
    text = Table(("app", "seen"), [("good", "first\nsecond"), ("bad", "third")]).to_text()
    assert text.splitlines()[2:] == ["good  first second", "bad   third"]


def test_an_empty_table_is_still_a_table():
    shown = Table(("app", "seen"), [])
    assert words(shown.to_html()) == ["app", "seen"]
    assert shown.to_text().startswith("app  seen")


def test_a_verdict_is_a_word_and_a_sign_never_only_a_color():
    for outcome in ("passed", "failed", "untouched", "error", "environment"):
        shown = Card("title", outcome, [])
        assert outcome in words(shown.to_html())
        assert outcome in shown.to_text()


LEFT = "import os\n\nURL = 'a'\nPORT = 1\nsame = True\ngone = 1\n"
RIGHT = "import os\n\nURL = 'b'\nPORT = 2\nPLUS = 3\nsame = True\n"


def marks_in_html(shown: Comparison) -> list[tuple[str, str]]:
    """Each marked cell: its sign and the code beside it."""
    cells = re.findall(r"<td[^>]*>(.*?)</td>", shown.to_html(), flags=re.DOTALL)
    plain = [html.unescape(re.sub(r"<[^>]*>", "", cell)) for cell in cells]
    pairs = zip(plain[::2], plain[1::2], strict=True)
    return [
        (number.strip()[-1], code)
        for number, code in pairs
        if number.strip()[-1:] in "+-" and number.strip()
    ]


def test_exactly_the_lines_that_differ_are_marked():
    shown = Comparison("bad", "good", {"app.py": LEFT}, {"app.py": RIGHT})
    marked = [line for line in shown.to_text().splitlines()[2:] if line[:2] in ("- ", "+ ")]
    removed = {"URL = 'a'", "PORT = 1", "gone = 1"}
    added = {"URL = 'b'", "PORT = 2", "PLUS = 3"}
    assert {line[2:] for line in marked if line[0] == "-"} == removed
    assert {line[2:] for line in marked if line[0] == "+"} == added
    in_html = marks_in_html(shown)
    assert {code for sign, code in in_html if sign == "-"} == removed
    assert {code for sign, code in in_html if sign == "+"} == added
    assert len(in_html) == len(marked) == 6


def test_unmarked_lines_are_in_both_forms_of_a_comparison():
    shown = Comparison("bad", "good", {"app.py": LEFT}, {"app.py": RIGHT})
    assert "  import os" in shown.to_text().splitlines()
    assert "import os" in " ".join(words(shown.to_html()))


def test_equal_files_are_named_and_not_shown():
    shown = Comparison(
        "bad",
        "good",
        {"app.py": "a\n", "Dockerfile": "FROM x\n"},
        {"app.py": "b\n", "Dockerfile": "FROM x\n"},
    )
    assert "The same on both sides: Dockerfile." in shown.to_text()
    assert "FROM" not in shown.to_text() + shown.to_html()


def test_a_file_of_one_side_only_is_wholly_marked():
    shown = Comparison("bad", "good", {}, {"app.py": "a = 1\nb = 2\n"})
    assert [code for sign, code in marks_in_html(shown) if sign == "+"] == ["a = 1", "b = 2"]
    assert not [code for sign, code in marks_in_html(shown) if sign == "-"]


def test_every_line_of_code_is_shown_whatever_is_in_it():
    code = f'"""Doc\n\n{UNICODE}\n"""\n\n\nx = "<b>&amp;</b>"\r\ny = 1\x0c\nlast = {"a" * 3000!r}'
    shown = Comparison("bad", "good", {"app.py": code}, {"app.py": ""})
    expected = [line.replace("\x0c", "\\x0c") for line in code.replace("\r\n", "\n").split("\n")]
    assert [code for _, code in marks_in_html(shown)] == expected
    text = shown.to_text().splitlines()[2:]
    assert text == [f"- {line}".rstrip() for line in expected]


def test_a_card_in_brief_is_a_line_when_passed_and_otherwise_says_what_to_do():
    lines = [("Asked:", "how"), ("Seen:", NASTY), ("Next:", "mend it")]
    log = "\n".join(f"line {n}" for n in range(9))
    assert Card("title", "passed", lines, log=log).brief() == "✓ passed: title"
    brief = Card("title", "failed", lines, table(), log).brief()
    assert brief.startswith("✗ failed: title\n  Seen: ")
    assert brief.endswith("  Next: mend it\n  | line 5\n  | line 6\n  | line 7\n  | line 8")
    assert "how" not in brief and "\x1b" not in brief
