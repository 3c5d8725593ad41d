"""Judged answers as edits: what is read, and each mistake in them that is refused in words."""

import pytest
from answers.key import Key, changed, files

from factorlab.toml import hold, parse

STARTER = {"app.py": "a\nb\nb\nc\n", "Dockerfile": "FROM x\n"}
HEAD = '[[answer]]\nname = "wrong-x"\nbase = "starter"\nwhy = "So."\n'
EDIT = "[[answer.edit]]\nfile = 'app.py'\n"


def read(text):
    return hold(parse(text), Key, text)


def made(changes, base=STARTER, folder=None):
    [one] = read(HEAD + changes).answer
    return changed(one, base, STARTER, folder)


def test_lines_are_put_in_the_place_of_others_one_edit_after_the_other():
    more = EDIT + "old = 'a'\nnew = '''\na\nd\n'''\n" + EDIT + "old = '''\nd\nb\n'''\nnew = ''\n"
    assert made(more) == {**STARTER, "app.py": "a\nb\nc\n"}


def test_a_short_file_is_given_anew_and_a_file_may_stay_the_starters():
    whole = "untouched = ['app.py']\n[[answer.whole]]\nfile = 'b.py'\ntext = 'x'\n"
    assert made(whole, {**STARTER, "app.py": "solved\n"}) == {**STARTER, "b.py": "x\n"}


def test_a_file_that_is_another_program_lies_in_the_answers_folder(tmp_path):
    (tmp_path / "app.py").write_bytes(b"no line's end")
    assert made("files = ['app.py']\n", folder=tmp_path)["app.py"] == "no line's end"
    with pytest.raises(OSError, match=r"gone\.py"):
        made("files = ['gone.py']\n", folder=tmp_path)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (EDIT + "old = 'z'\nnew = 'y'\n", "app.py has these lines 0 times"),
        (EDIT + "old = 'b'\nnew = 'y'\n", "app.py has these lines 2 times"),
        (EDIT + "old = 'a'\nnew = 'a'\n", "app.py stays as it was"),
        ("[[answer.edit]]\nfile = 'ap.py'\nold = 'a'\nnew = ''\n", "no ap.py .* mean app.py"),
        ("[[answer.whole]]\nfile = 'Dockerfile'\ntext = 'FROM x'\n", "Dockerfile stays as it was"),
        ("untouched = ['app.py']\n", "app.py stays as it was"),
        ("untouched = ['b.py']\n", "no b.py"),
    ],
)
def test_a_change_that_cannot_be_made_or_changes_nothing_is_refused(changes, words):
    with pytest.raises(ValueError, match=words):
        made(changes)


def test_lines_are_not_found_in_the_midst_of_others_and_are_found_where_they_overlap():
    with pytest.raises(ValueError, match="0 times"):
        made(EDIT + "old = 'x'\nnew = 'y'\n", {"app.py": "  x\nx y\n"})
    with pytest.raises(ValueError, match="2 times"):
        made(EDIT + "old = '''\nx\nx\n'''\nnew = 'y'\n", {"app.py": "x\nx\nx\n"})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD, "line 1: answer.0. has neither edits nor files"),
        (
            HEAD + "unchanged = ['app.py']\n",
            "line 5: .* unknown name 'unchanged'; did you mean untou",
        ),
        (HEAD + EDIT + "old = ''\nnew = 'y'\n", "line 7: answer.0..edit.0..old must not be empty"),
        (HEAD + EDIT + "old = 'a'\n", "'new' is missing"),
        (HEAD.replace("wrong-x", "x") + "files = ['app.py']\n", "line 2: answer.0..name"),
        (
            HEAD.replace("starter", "stater") + "files = ['b']\n",
            "'stater', .* did you mean starter",
        ),
        ((HEAD + "files = ['b']\n") * 2, "the name 'wrong-x' a second time"),
    ],
)
def test_a_key_that_is_wrong_is_refused_with_its_line(text, words):
    with pytest.raises(ValueError, match=words):
        read(text)


def test_an_answer_may_go_on_from_another_one_above_it():
    assert files("XII-1/wrong-no-lock").keys() == files("XII-1/solution").keys()
    below = HEAD.replace("starter", "wrong-y") + "files = ['b']\n"
    above = HEAD.replace("wrong-x", "wrong-y") + "files = ['b']\n"
    assert read(above + below)
    with pytest.raises(ValueError, match="'wrong-y', which is not above it"):
        read(below + above)
