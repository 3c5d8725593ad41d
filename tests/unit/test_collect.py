"""Submissions are read as data: from notebooks, folders and zip files, whoever packed them."""

import io
import json
import os
import zipfile

import pytest

from factorlab.errors import FactorLabError
from factorlab.exercises.answers import starter
from factorlab.grading import files as module
from factorlab.grading.collect import collect
from factorlab.grading.identity import by_pattern, by_rule

NOTEBOOK = "01-config.ipynb"


def notebook(**files):
    """A notebook whose answers to III-1 are these files (`app_py="…"`)."""
    cells = [
        {"cell_type": "code", "source": f"%%answer III-1/{name.replace('_', '.')}\n{text}"}
        for name, text in files.items()
    ]
    return json.dumps({"cells": cells, "nbformat": 4})


def put(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def packed(files):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return held.getvalue()


def found(*paths, whose=by_rule):
    return {one.learner: one for one in collect(paths, whose)}


def app(submission):
    return submission.answers["III-1"]["app.py"]


def test_a_folder_for_each_learner(tmp_path):
    for name in ("noah", "mia"):
        put(tmp_path / name / NOTEBOOK, notebook(app_py=f"print('{name}')"))
    class_ = found(tmp_path)
    assert list(class_) == ["mia", "noah"]
    assert app(class_["mia"]) == "print('mia')\n"
    assert class_["mia"].files == (f"mia/{NOTEBOOK}",)


@pytest.mark.parametrize(
    ("file", "learner"),
    [
        ("Mia Meier_4711_assignsubmission_file_/01-config.ipynb", "Mia Meier"),
        ("Mia Meier_4711_assignsubmission_file_01-config.ipynb", "Mia Meier"),
        ("Mia_Meier_4711_assignsubmission_file_/01-config.ipynb", "Mia_Meier"),
        ("meiermia_4711_99_01-config.ipynb", "meiermia"),
        ("meiermia_LATE_4711_99_01-config.ipynb", "meiermia"),
        ("mia-01-config.ipynb", "mia"),
        ("01-config_mia (2).ipynb", "mia"),
        ("mia/exercises/01-config.ipynb", "mia"),
        ("Zoe\u0308/01-config.ipynb", "Zoë"),
        ("mia\x07/01-config.ipynb", "mia"),
    ],
)
def test_whose_it_is_stands_in_the_name(file, learner):
    assert by_rule(file, "around") == learner


def test_who_handed_in_something_else_has_a_row_that_says_so(tmp_path):
    put(tmp_path / "mia" / NOTEBOOK, notebook(app_py="1"))
    put(tmp_path / "mia" / "notes.txt", "mine")
    put(tmp_path / "olaf" / "homework.pdf", "%PDF")
    put(tmp_path / "read me.txt", "of nobody")
    put(tmp_path / ".git" / "config", "of nobody")
    class_ = found(tmp_path)
    assert list(class_) == ["mia", "olaf"]
    assert class_["mia"].problems == ()
    assert "only olaf/homework.pdf" in class_["olaf"].unread[0]
    packed_up = packed({"mia/01-config.ipynb": notebook(app_py="1"), "olaf/homework.pdf": "%PDF"})
    assert list(found(put(tmp_path / "x" / "all.zip", packed_up))) == ["mia", "olaf"]


def test_a_copy_of_the_course_is_no_class(tmp_path):
    put(tmp_path / "course.toml", "")
    put(tmp_path / "src" / "x.py", "1")
    put(tmp_path / "exercises" / NOTEBOOK, notebook(app_py="1"))
    assert list(found(tmp_path)) == ["exercises"]


def test_two_with_the_same_name_stay_two(tmp_path):
    for name in ("Mia Meier_1", "Mia Meier_2", "Noah_3"):
        put(tmp_path / f"{name}_assignsubmission_file_" / NOTEBOOK, notebook(app_py=name))
    class_ = found(tmp_path)
    assert {name: app(one) for name, one in class_.items()} == {
        "Mia Meier (1)": "Mia Meier_1\n", "Mia Meier (2)": "Mia Meier_2\n", "Noah": "Noah_3\n",
    }  # fmt: skip


def test_a_notebook_by_itself_is_of_the_folder_around_it(tmp_path):
    path = put(tmp_path / "mia" / NOTEBOOK, notebook(app_py="1"))
    assert list(found(path)) == ["mia"]


def test_a_pattern_of_ones_own(tmp_path):
    put(tmp_path / "week-3" / "group-a" / "mia" / NOTEBOOK, notebook(app_py="1"))
    assert list(found(tmp_path, whose=by_pattern(r"([^/]+)/[^/]+$"))) == ["mia"]
    assert list(found(tmp_path, whose=by_pattern(r"/(?P<learner>m\w+)/"))) == ["mia"]


@pytest.mark.parametrize("pattern", ["(", "no-group"])
def test_a_pattern_that_cannot_work_is_said(pattern):
    with pytest.raises(FactorLabError) as told:
        by_pattern(pattern)
    assert "--learner" in told.value.next


def test_a_zip_as_platforms_export_it(tmp_path):
    inner = packed({"exercises/01-config.ipynb": notebook(app_py="2")})
    whole = packed(
        {
            "Mia_1_assignsubmission_file_/01-config.ipynb": notebook(app_py="1"),
            "Noah_2_assignsubmission_file_/all of it.zip": inner,
            "__MACOSX/Mia_1_assignsubmission_file_/._01-config.ipynb": b"\0",
        }
    )
    class_ = found(put(tmp_path / "export.zip", whole))
    assert {name: app(one) for name, one in class_.items()} == {"Mia": "1\n", "Noah": "2\n"}


def test_files_of_an_answer_in_a_folder(tmp_path):
    put(tmp_path / "mia" / "work" / "III-1" / "app.py", "print(1)\n")
    put(tmp_path / "mia" / "work" / "III-1" / "Dockerfile", "FROM factorlab/python:3.11\n")
    put(tmp_path / "mia" / "work" / "III-1" / ".copies" / "app.py", "old\n")
    [one] = found(tmp_path).values()
    assert sorted(one.answers["III-1"]) == ["Dockerfile", "app.py"]


def test_a_notebook_counts_before_a_folder(tmp_path):
    put(tmp_path / "mia" / "work" / "III-1" / "app.py", "in the folder\n")
    put(tmp_path / "mia" / "exercises" / NOTEBOOK, notebook(app_py="in the notebook"))
    [one] = found(tmp_path).values()
    assert app(one) == "in the notebook\n"


def test_the_courses_own_answers_are_nobodys(tmp_path):
    put(tmp_path / "mia" / "solutions" / NOTEBOOK, notebook(app_py="the solution"))
    put(tmp_path / "mia" / "tests" / "answers" / "III-1" / "right" / "app.py", "right\n")
    put(tmp_path / "mia" / "exercises" / NOTEBOOK, notebook(app_py="mine"))
    [one] = found(tmp_path).values()
    assert app(one) == "mine\n"


def test_of_two_answers_the_changed_one_counts(tmp_path):
    put(tmp_path / "mia" / "01-config (1).ipynb", notebook(app_py="changed"))
    put(tmp_path / "mia" / NOTEBOOK, notebook(app_py=starter("III-1")["app.py"]))
    [one] = found(tmp_path).values()
    assert app(one) == "changed\n"
    assert one.problems == ()


def test_of_two_changed_answers_one_counts_and_a_remark_says_which(tmp_path):
    put(tmp_path / "mia" / "a.ipynb", notebook(app_py="first"))
    put(tmp_path / "mia" / "b.ipynb", notebook(app_py="second"))
    [one] = found(tmp_path).values()
    assert app(one) == "second\n"
    assert "the one in mia/b.ipynb was graded" in one.remarks[0]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "cannot be read"),
        (b"\xff\xfe{}", "cannot be read"),
        (b'{"cells": null}', "no list of cells"),
        (b'{"cells": [{"cell_type": "code", "source": 7}]}', "no list of cells"),
        (b'{"nbformat": 3, "worksheets": []}', "no list of cells"),
        (b"[" * 100_000, "cannot be read"),
    ],
)
def test_a_broken_notebook_has_a_row_with_the_reason(tmp_path, content, reason):
    put(tmp_path / "mia" / NOTEBOOK, content)
    put(tmp_path / "noah" / NOTEBOOK, notebook(app_py="1"))
    class_ = found(tmp_path)
    assert reason in class_["mia"].unread[0]
    assert app(class_["noah"]) == "1\n"


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path):
    text = notebook(app_py="a = 1\r\nb = 2")
    put(tmp_path / "mia" / NOTEBOOK, b"\xef\xbb\xbf" + text.encode())
    assert app(found(tmp_path)["mia"]) == "a = 1\nb = 2\n"


def test_a_wrong_name_costs_only_its_own_cell(tmp_path):
    cells = [
        {"cell_type": "code", "source": "%%answer III-1/../../x\n1"},
        {"cell_type": "code", "source": "%%answer IX-99/app.py\n1"},
        {"cell_type": "code", "source": "%%answer III-1/app.py\n2"},
    ]
    put(tmp_path / "mia" / NOTEBOOK, json.dumps({"cells": cells}))
    one = found(tmp_path)["mia"]
    assert one.answers == {"III-1": {"app.py": "2\n"}}
    assert len(one.unread) == 2


def test_no_path_of_a_zip_leads_anywhere(tmp_path):
    files = {
        f"{where}/{NOTEBOOK}": notebook(app_py="1")
        for where in ("../../out", "/etc", "C:/out", "mia")
    }
    class_ = found(put(tmp_path / "hand-in" / "all.zip", packed(files)))
    assert app(class_["mia"]) == "1\n"
    refused = [one for one in class_.values() if one.unread]
    assert all("leads out of the zip" in text for one in refused for text in one.unread)
    assert sum(len(one.unread) for one in refused) == 3
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["all.zip"]


def test_links_are_not_followed(tmp_path):
    outside = put(tmp_path / "outside" / NOTEBOOK, notebook(app_py="a neighbor's"))
    put(tmp_path / "in" / "noah" / NOTEBOOK, notebook(app_py="1"))
    (tmp_path / "in" / "mia").mkdir()
    (tmp_path / "in" / "mia" / NOTEBOOK).symlink_to(outside)
    (tmp_path / "in" / "eve").symlink_to(outside.parent)
    class_ = found(tmp_path / "in")
    assert list(class_) == ["mia", "noah"]
    assert "it is a link" in class_["mia"].unread[0]


def test_a_link_in_a_zip_is_not_followed(tmp_path):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        link = zipfile.ZipInfo(f"mia/{NOTEBOOK}")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    [one] = found(put(tmp_path / "all.zip", held.getvalue())).values()
    assert "it is a link" in one.unread[0]


def test_what_is_too_large_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "NOTEBOOK_BYTES", 1000)
    put(tmp_path / "mia" / NOTEBOOK, notebook(app_py="x" * 2000))
    put(tmp_path / "noah" / "all.zip", packed({NOTEBOOK: notebook(app_py="x" * 2000)}))
    assert all("larger than" in one.unread[0] for one in found(tmp_path).values())


def test_a_zip_that_unpacks_to_too_much_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "ARCHIVE_BYTES", 1_000_000)
    bomb = packed({f"{n}/{NOTEBOOK}": b"0" * 400_000 for n in range(3)})
    [one] = found(put(tmp_path / "mia" / "bomb.zip", bomb).parent.parent).values()
    assert "unpacks to more" in one.unread[0]


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 half", packed({"a.ipynb": "{}"})[:-30]],
    ids=["empty", "half", "cut off"],
)
def test_a_broken_zip_is_said(tmp_path, content):
    put(tmp_path / "mia" / "all.zip", content)
    put(tmp_path / "noah" / NOTEBOOK, notebook(app_py="1"))
    class_ = found(tmp_path)
    assert "not a whole zip file" in class_["mia"].unread[0]
    assert app(class_["noah"]) == "1\n"


def test_a_zip_in_a_zip_in_a_zip_is_enough(tmp_path):
    third = packed({NOTEBOOK: notebook(app_py="1")})
    whole = packed({"mia/a.zip": packed({"b.zip": third})})
    [one] = found(put(tmp_path / "all.zip", whole)).values()
    assert "zip in a zip" in one.unread[0]


def test_no_submission_at_all_is_said(tmp_path):
    put(tmp_path / "readme.txt", "nothing")
    with pytest.raises(FactorLabError, match="No submission"):
        found(tmp_path)
    with pytest.raises(FactorLabError, match="not there"):
        found(tmp_path / "gone")


def test_a_name_in_another_encoding_is_printed_as_it_can_be(tmp_path):
    put(tmp_path / os.fsdecode(b"\xff\xe9mil") / NOTEBOOK, notebook(app_py="1"))
    [one] = found(tmp_path).values()
    assert one.learner.isprintable()
    (one.learner + "".join(one.files)).encode()
