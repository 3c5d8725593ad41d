"""Answers are data: lifted out of notebooks, kept in files, never believed further than their text."""

import json

import pytest

from factorlab import course
from factorlab.errors import FactorLabError, Refused
from factorlab.exercises import answer_files

LINES = "print('hello')\n"


@pytest.fixture(autouse=True)
def own_work(tmp_path, monkeypatch):
    monkeypatch.setenv("FACTORLAB_WORK", str(tmp_path / "work"))
    return tmp_path / "work"


def cell(source, **more):
    return {"cell_type": "code", "metadata": {}, "outputs": [], "source": source, **more}


@pytest.fixture
def notebook(tmp_path):
    def write(*cells, raw=None, encoding="utf-8"):
        path = tmp_path / "handed-in.ipynb"
        text = json.dumps({"cells": list(cells), "nbformat": 4}) if raw is None else raw
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return write


def test_the_last_answer_to_a_file_wins(notebook):
    path = notebook(
        cell("%%answer III-1/app.py\nfirst\n"),
        cell("%%answer III-1/Dockerfile\nFROM x\n"),
        cell("%%answer III-1/app.py\nsecond\n"),
        cell("%%answer III-2/app.py\nother\n"),
    )
    assert answer_files.lift(path) == {
        "III-1": {"app.py": "second\n", "Dockerfile": "FROM x\n"},
        "III-2": {"app.py": "other\n"},
    }


def test_only_the_text_of_code_cells_counts(notebook):
    path = notebook(
        cell("%%answer III-1/app.py\nmine\n"),
        {"cell_type": "markdown", "metadata": {}, "source": "%%answer III-1/app.py\nprose\n"},
        {"cell_type": "raw", "metadata": {}, "source": "%%answer III-1/app.py\nraw\n"},
        cell(
            "print(1)",
            outputs=[{"text": "%%answer III-1/app.py\noutput\n"}],
            metadata={"source": "%%answer III-1/app.py\nmetadata\n", "tags": ["solution"]},
        ),
        cell("# %%answer III-1/app.py\ncomment\n"),
        cell("x = 1\n%%answer III-1/app.py\nnot at the head\n"),
        cell("%%answers III-1/app.py\nanother magic\n"),
    )
    assert answer_files.lift(path) == {"III-1": {"app.py": "mine\n"}}


@pytest.mark.parametrize(
    "source",
    [
        "%%answer III-1/app.py\n" + LINES,
        ["%%answer III-1/app.py\n", LINES],
        ["%%answer ", "III-1/app.py\n", LINES.strip()],
        "%%answer   III-1/app.py \t\n" + LINES,
        "%%answer III-1/app.py\r\n" + LINES.replace("\n", "\r\n"),
        "\n  \n%%answer III-1/app.py\n" + LINES,  # the kernel runs this as the magic, too
    ],
)
def test_a_cell_is_read_as_the_kernel_reads_it(notebook, source):
    assert answer_files.lift(notebook(cell(source))) == {"III-1": {"app.py": LINES}}


def test_a_byte_order_mark_and_any_language_are_fine(notebook):
    path = notebook(cell("%%answer III-1/app.py\n# Größe 漢字 🙂\n"), encoding="utf-8")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert answer_files.lift(path)["III-1"]["app.py"] == "# Größe 漢字 🙂\n"


def test_half_a_character_does_no_harm(notebook):
    lifted = answer_files.lift(notebook(cell("%%answer III-1/app.py\n# \ud83d\n")))
    assert lifted["III-1"]["app.py"].encode() == b"# ?\n"


BROKEN = {
    "empty": b"",
    "half": b'{"cells": [',
    "text": b"hello",
    "binary": b"\x89PNG\r\n\x00\xff\xfe",
    "not utf-8": '{"cells": "é"}'.encode("utf-16"),
    "list": b"[]",
    "number": b"7",
    "null": b"null",
    "no cells": b"{}",
    "cells null": b'{"cells": null}',
    "cells a number": b'{"cells": 3}',
    "cells a word": b'{"cells": "abc"}',
    "cells of null": b'{"cells": [null]}',
    "cell without source": b'{"cells": [{"cell_type": "code"}]}',
    "source null": b'{"cells": [{"cell_type": "code", "source": null}]}',
    "source of numbers": b'{"cells": [{"cell_type": "code", "source": [1, 2]}]}',
    "very deep": b"[" * 200_000,
    "huge number": b'{"cells": ' + b"9" * 5000 + b"}",
    "too large": b" " * (answer_files.NOTEBOOK_BYTES + 1),
}


@pytest.mark.parametrize("raw", BROKEN.values(), ids=BROKEN)
def test_what_is_no_notebook_is_said_in_plain_words(notebook, raw):
    with pytest.raises(FactorLabError) as told:
        answer_files.lift(notebook(raw=raw))
    text = str(told.value)
    assert text.startswith("handed-in.ipynb cannot be read as a notebook.\n  ")
    assert "Next: open it in JupyterLab" in text
    assert len(text) < 600
    for word in ("Traceback", "NoneType", "object is not", "TypeError", "KeyError"):
        assert word not in text


@pytest.mark.parametrize("name", ["missing.ipynb", "."])
def test_a_missing_file_and_a_folder_are_said_in_plain_words(tmp_path, name):
    with pytest.raises(FactorLabError, match="cannot be read as a notebook"):
        answer_files.lift(tmp_path / name)


@pytest.mark.parametrize(
    "name",
    [
        "III-1/../../evil.py",
        "III-1//etc/passwd",
        "III-1/..",
        "III-1/.",
        "III-1/a/../b",
        "III-1",
        "III-1/",
        "/etc/passwd",
        "III-1/a\\b",
        "III-1/a:b",
        "III-1/é.py",
        "III-1/a\u2028b",
        "III-1/./app.py",
    ],
)
def test_a_path_that_leaves_the_exercise_is_refused(notebook, name):
    with pytest.raises(Refused, match="is not the name of an answer"):
        answer_files.split_name(name)
    if not name.split() or "\u2028" in name:
        return
    with pytest.raises(Refused):
        answer_files.lift(notebook(cell(f"%%answer {name}\nevil\n")))


@pytest.mark.parametrize("name", ["IX-9/app.py", "../app.py", "../III-1/app.py", "./app.py"])
def test_an_exercise_that_is_not_in_the_catalogue_is_refused(name):
    with pytest.raises(FactorLabError, match="There is no exercise"):
        answer_files.split_name(name)


def test_the_starter_is_untouched_and_blank_space_at_ends_changes_nothing():
    starter = course.starter("III-1")
    assert starter["app.py"] and starter["Dockerfile"]
    assert answer_files.untouched(starter, starter)
    trailing = {name: text.replace("\n", " \t\r\n") + "\n\n  \n" for name, text in starter.items()}
    assert answer_files.untouched(trailing, starter)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: " " + text,
        lambda text: "\n" + text,
        lambda text: text + "x",
        lambda text: text.replace("\n", "\n\n", 1),
        lambda text: text.upper(),
        lambda text: "",
    ],
)
def test_any_other_change_counts_as_one(change):
    starter = course.starter("III-1")
    assert not answer_files.untouched({"app.py": change(starter["app.py"])}, starter)


def test_a_further_file_counts_as_a_change():
    assert not answer_files.untouched({"settings.py": ""}, course.starter("III-1"))


def test_what_is_saved_is_loaded_and_the_rest_is_the_starter(own_work):
    path = answer_files.save("III-1", "app.py", "print('ü')")
    assert path == own_work / "III-1" / "app.py"
    assert answer_files.load("III-1") == {**course.starter("III-1"), "app.py": "print('ü')\n"}
    answer_files.save("III-1", "pkg/deep/mod.py", "x = 1\n")
    assert answer_files.load("III-1")["pkg/deep/mod.py"] == "x = 1\n"
    assert not list(own_work.rglob("*.part"))


def test_nothing_saved_yet_is_the_starter():
    assert answer_files.load("III-1") == course.starter("III-1")


def test_caches_copies_and_links_are_no_part_of_an_answer(tmp_path):
    beside = (
        "__pycache__/app.pyc",
        ".copies/1/app.py",
        ".git/HEAD",
        "app.py~",
        ".app.py.swp",
        "#app.py#",
        "4913",
    )
    for name in ("app.py", "a/b.py", *beside):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "link.py").symlink_to("/etc/passwd")
    (tmp_path / "folder").symlink_to("/etc")
    assert answer_files.read_folder(tmp_path) == {"app.py": "app.py", "a/b.py": "a/b.py"}


def test_a_folder_that_cannot_be_written_is_said(own_work):
    own_work.write_text("a file where the folder should be")
    with pytest.raises(FactorLabError, match="could not be written"):
        answer_files.save("III-1", "app.py", "x")
