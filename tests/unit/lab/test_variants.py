"""A version of one's own: a copy to change, beside an original that stays as it is."""

import pytest

from factorlab import Lab, course
from factorlab.errors import FactorLabError, Refused
from factorlab.lab import variants

LESSON = "01-config"
CHANGED = "# mine: größer ☕\n"


@pytest.fixture(autouse=True)
def work(tmp_path, monkeypatch):
    monkeypatch.setenv("FACTORLAB_WORK", str(tmp_path))
    return tmp_path


@pytest.fixture(autouse=True)
def originals():
    """The files of the lesson are the same after every test, to the byte."""
    folder = course.root() / "apps" / LESSON
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    yield before
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


@pytest.fixture
def lab():
    """A lab as far as it needs no engine."""
    lab = Lab.__new__(Lab)
    lab.lesson = course.lesson(LESSON)
    return lab


def written(work):
    return [path for path in work.rglob("*") if path.is_file()]


def test_a_cell_becomes_a_file_and_the_other_files_are_those_of_the_base(lab, capsys):
    lab._save_variant("my-good/app.py from good", CHANGED)
    mine, good = variants.read(LESSON, "my-good"), variants.given(LESSON, "good")
    assert mine == {**good, "app.py": CHANGED.encode()}
    said = capsys.readouterr().out
    assert "Saved my-good/app.py" in said and "lab.run('my-good')" in said


def test_without_a_base_it_is_good_and_another_base_may_be_named(lab):
    lab._save_variant("first/app.py", CHANGED)
    lab._save_variant("second/app.py from baked", CHANGED)
    assert variants.read(LESSON, "first")["Dockerfile"] == given("good", "Dockerfile")
    assert variants.read(LESSON, "second")["Dockerfile"] == given("baked", "Dockerfile")


def given(variant, file):
    return variants.given(LESSON, variant)[file]


def test_a_file_that_was_changed_stays_changed_when_another_is_saved(lab):
    lab._save_variant("my-good/Dockerfile from good", "FROM factorlab/python:3.11\n")
    lab._save_variant("my-good/app.py from good", CHANGED)
    lab._save_variant("my-good/lib/new.py from good", "x = 1\n")
    mine = variants.read(LESSON, "my-good")
    assert mine == {
        "Dockerfile": b"FROM factorlab/python:3.11\n",
        "app.py": CHANGED.encode(),
        "lib/new.py": b"x = 1\n",
    }


@pytest.mark.parametrize(
    "line",
    [
        "",
        "my-good",
        "my-good/",
        "/app.py",
        "/etc/passwd",
        "my-good/../app.py",
        "../app.py",
        "../../x/app.py",
        "my-good/./app.py",
        "my-good//app.py",
        "my-good/app.py/",
        "./app.py",
        "my good/app.py",
        "my-good/a b.py",
        "C:/app.py",
        "my-good\\app.py",
        "my-good/~/../../x",
        "my-good/app\n.py",
    ],
)
def test_a_name_that_leaves_the_folder_is_refused_and_nothing_is_written(lab, work, line):
    with pytest.raises(Refused, match="is not the name of a file") as told:
        lab._save_variant(f"{line} from good", CHANGED)
    assert "%%variant yours/app.py from good" in told.value.next
    assert written(work) == []


@pytest.mark.parametrize("variant", ["bad", "good", "baked"])
def test_the_lessons_own_names_are_refused_and_another_is_offered(lab, work, variant):
    with pytest.raises(Refused, match="stays as it is") as told:
        lab._save_variant(f"{variant}/app.py from good", CHANGED)
    assert f"my-{variant}/app.py" in told.value.next
    assert written(work) == []


@pytest.mark.parametrize("base", ["nowhere", "..", "../00-start-here/hello", "../../src", "."])
def test_a_base_that_the_lesson_has_not_is_answered_with_those_that_it_has(lab, work, base):
    with pytest.raises(FactorLabError, match="has no app") as told:
        lab._save_variant(f"my-good/app.py from {base}", CHANGED)
    assert "bad" in told.value.next and "good" in told.value.next
    assert written(work) == []


def test_a_version_that_was_not_made_is_none(work):
    assert variants.read(LESSON, "my-good") is None
    (work / "variants" / LESSON).mkdir(parents=True)
    for name in ("", ".", ".."):
        assert variants.read(LESSON, name) is None, "the folder of all versions is not one"


def test_a_disk_that_refuses_is_told_and_leaves_no_half_file(lab, work):
    (work / "variants").write_text("in the way")
    with pytest.raises(FactorLabError, match="could not be written"):
        lab._save_variant("my-good/app.py from good", CHANGED)
    (work / "variants").unlink()
    with pytest.raises(FactorLabError, match="could not be written"):
        lab._save_variant("my-good/app.py from good", "\ud800")
    assert not [path for path in written(work) if path.name.startswith(".")]


def test_edit_outside_a_notebook_prints_the_cell_to_start_from(lab, capsys):
    lab.edit("bad")
    line, _, text = capsys.readouterr().out.partition("\n")
    assert line == "%%variant my-bad/app.py from bad"
    assert text.strip() == given("bad", "app.py").decode().strip()
    lab._save_variant(line.removeprefix("%%variant "), text)
    assert variants.read(LESSON, "my-bad") is not None


def test_a_version_of_ones_own_can_be_edited_again(lab, capsys):
    lab._save_variant("my-good/app.py from good", CHANGED)
    capsys.readouterr()
    lab.edit("my-good")
    assert capsys.readouterr().out.split("\n")[:2] == [
        "%%variant my-good/app.py from good",
        CHANGED.strip(),
    ]


def test_edit_of_a_file_that_is_not_there_names_those_that_are(lab):
    with pytest.raises(FactorLabError, match=r"no file 'main\.py'") as told:
        lab.edit("good", "main.py")
    assert "app.py" in told.value.next


def test_compared_with_the_original_only_the_change_is_marked(lab):
    lab._save_variant("my-good/app.py from good", given("good", "app.py").decode() + "# more\n")
    shown = lab.compare("good", "my-good").to_text()
    assert "+ # more" in shown
    assert "The same on both sides: Dockerfile" in shown
