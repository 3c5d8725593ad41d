"""Submissions are read as data: from notebooks, folders and zip files, whoever packed them."""

import io
import json
import os
import zipfile

import pytest

from factorlab.course import starter
from factorlab.errors import FactorLabError
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
        ("III-1/app.py", "around"),
        ("III-1.zip", "around"),
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
        "Mia Meier (1)": "Mia Meier_1\n",
        "Mia Meier (2)": "Mia Meier_2\n",
        "Noah": "Noah_3\n",
    }


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


@pytest.mark.parametrize(
    ("mias", "bens"),
    [
        ("mia.zip", "ben.zip"),
        ("mia-01-config.zip", "ben-01-config.zip"),
        ("mia_1234_99_answers.zip", "ben_1235_98_answers.zip"),
        ("mia_LATE_1234_99_answers.zip", "ben_1235_98_answers.zip"),
        ("mia_1_assignsubmission_file_answers.zip", "ben_2_assignsubmission_file_answers.zip"),
    ],
)
@pytest.mark.parametrize("file", ["III-1/app.py", NOTEBOOK])
def test_a_zip_for_each_learner(tmp_path, mias, bens, file):
    for zip_name, text in ((mias, "mia's"), (bens, "ben's")):
        content = notebook(app_py=text) if file == NOTEBOOK else f"{text}\n"
        put(tmp_path / "class" / zip_name, packed({file: content}))
    of_each = {"ben": "ben's\n", "mia": "mia's\n"}
    class_ = found(tmp_path / "class")
    assert {name: app(one) for name, one in class_.items()} == of_each
    assert class_["mia"].files == (f"{mias[:-4]}/{file}",)
    assert not any(one.problems for one in class_.values())
    export = packed({path.name: path.read_bytes() for path in (tmp_path / "class").iterdir()})
    class_ = found(put(tmp_path / "export.zip", export))
    assert {name: app(one) for name, one in class_.items()} == of_each


def test_zips_that_are_named_one_by_one_are_of_those_they_name(tmp_path):
    names = ("mia.zip", "ben_1235_98_answers.zip")
    paths = [put(tmp_path / name, packed({"III-1/app.py": name})) for name in names]
    assert {name: app(one) for name, one in found(*paths).items()} == {
        "ben": "ben_1235_98_answers.zip",
        "mia": "mia.zip",
    }


def test_a_learner_whose_zip_holds_something_else_has_a_row(tmp_path):
    put(tmp_path / "class" / "mia.zip", packed({"homework.pdf": "%PDF"}))
    put(tmp_path / "class" / "ben.zip", packed({"III-1/app.py": "1"}))
    assert "only mia/homework.pdf" in found(tmp_path / "class")["mia"].unread[0]


@pytest.mark.parametrize(
    "files",
    [
        {"III-1.zip": packed({"III-1/app.py": "1\n"})},
        {"work.zip": packed({"III-1/III-1/app.py": "1\n"})},
        {"team-III-1/III-1/app.py": "1\n"},
        {"III-2/III-1/app.py": "1\n"},
    ],
    ids=["zip of the folder", "twice", "a name that ends so", "another exercise's"],
)
def test_the_innermost_folder_says_which_exercise_it_is(tmp_path, files):
    for name, content in files.items():
        put(tmp_path / "mia" / name, content)
    [one] = found(tmp_path).values()
    assert one.answers == {"III-1": {"app.py": "1\n"}}


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


def test_a_folder_that_was_changed_counts_before_a_notebook_that_was_not(tmp_path):
    as_it_came = notebook(app_py=starter("III-1")["app.py"])
    put(tmp_path / "mia" / "exercises" / NOTEBOOK, as_it_came)
    put(tmp_path / "mia" / "work" / "III-1" / "app.py", "changed\n")
    [one] = found(tmp_path).values()
    assert app(one) == "changed\n"
    assert one.origins["III-1"] == "mia/work/III-1/app.py"
    assert one.problems == ()


def test_a_folder_that_was_changed_otherwise_than_the_notebook_is_remarked(tmp_path):
    put(tmp_path / "mia" / "work" / "III-1" / "app.py", "in the folder\n")
    put(tmp_path / "mia" / "exercises" / NOTEBOOK, notebook(app_py="in the notebook"))
    [one] = found(tmp_path).values()
    assert one.remarks == (
        "III-1 is answered differently in mia/work/III-1, mia/exercises/01-config.ipynb: "
        "the one in mia/exercises/01-config.ipynb was graded.",
    )


def test_a_folder_that_says_the_same_as_the_notebook_needs_no_remark(tmp_path):
    files = {**starter("III-1"), "app.py": "mine\n"}
    for name, text in files.items():
        put(tmp_path / "mia" / "work" / "III-1" / name, text.replace("\n", "\r\n"))
    put(tmp_path / "mia" / "exercises" / NOTEBOOK, notebook(app_py="mine"))
    [one] = found(tmp_path).values()
    assert one.problems == ()


def test_of_two_folders_one_counts_whole_and_a_remark_says_which(tmp_path):
    put(tmp_path / "mia" / "old" / "III-1" / "app.py", "old\n")
    put(tmp_path / "mia" / "old" / "III-1" / "settings.py", "old\n")
    put(tmp_path / "mia" / "work" / "III-1" / "app.py", "new\n")
    [one] = found(tmp_path).values()
    assert one.answers == {"III-1": {"app.py": "new\n"}}
    assert "the one in mia/work/III-1 was graded" in one.remarks[0]


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
    (tmp_path / "in" / "olaf.ipynb").symlink_to(outside)
    class_ = found(tmp_path / "in")
    assert list(class_) == ["mia", "noah", "olaf"]
    for name in ("mia", "olaf"):
        assert "it is a link" in class_[name].unread[0]
        assert class_[name].answers == {}


def test_a_link_that_is_named_itself_is_followed(tmp_path):
    link = tmp_path / "mia.ipynb"
    link.symlink_to(put(tmp_path / "hers" / NOTEBOOK, notebook(app_py="1")))
    assert app(found(link)["mia"]) == "1\n"


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


def test_many_small_zips_of_one_hand_in_have_one_budget(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "ARCHIVE_BYTES", 1_000_000)
    small = packed({NOTEBOOK: b"0" * 400_000})
    mias = {f"{n}.zip": small for n in range(4)}
    noahs = packed({NOTEBOOK: notebook(app_py="1")})
    for name, content in mias.items():
        put(tmp_path / "loose" / "mia" / name, content)
    put(tmp_path / "packed" / "mia.zip", packed(mias))
    for place in ("loose", "packed"):
        put(tmp_path / place / "noah.zip", noahs)
    export = {f"mia/{name}": content for name, content in mias.items()} | {"noah.zip": noahs}
    put(tmp_path / "export.zip", packed(export))
    for place in ("loose", "packed", "export.zip"):
        class_ = found(tmp_path / place)
        refused = [text for text in class_["mia"].unread if "unpacks to more" in text]
        assert ["3.zip" in text or "2.zip" in text for text in refused] == [True, True]
        assert "together with the zip files before it" in refused[0]
        assert app(class_["noah"]) == "1\n"


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_bytes_that_changed_inside_a_zip_are_said(tmp_path, packing):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", packing) as archive:
        archive.writestr("III-1/app.py", "".join(map(chr, range(32, 127))) * 50)
        archive.writestr("III-2/app.py", "whole\n")
        packed_size = archive.getinfo("III-1/app.py").compress_size
    content = bytearray(held.getvalue())
    start = 30 + len("III-1/app.py") + 9  # the header, the name, what LZMA says of itself
    content[start : start + packed_size // 2] = b"\xff" * (packed_size // 2)
    put(tmp_path / "class" / "mia.zip", bytes(content))
    put(tmp_path / "class" / "noah" / NOTEBOOK, notebook(app_py="1"))
    class_ = found(tmp_path / "class")
    assert (
        "mia/III-1/app.py was not read: the zip file does not give it out"
        in class_["mia"].unread[0]
    )
    assert class_["mia"].answers == {"III-2": {"app.py": "whole\n"}}
    assert app(class_["noah"]) == "1\n"


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
