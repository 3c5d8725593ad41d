"""Saves are noticed however an editor makes them, once each; nothing else is taken for one."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from factorlab import course
from factorlab.errors import FactorLabError
from factorlab.exercises import answer_files, starter, watch

LOOKS = 8
"""How often a folder is looked at before a test takes it for still."""


class Still(Exception):
    """Nothing was noticed within that many looks."""


class Watched:
    """A folder that is watched; between two looks, one thing that an editor does happens."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.looks = folder, 0
        self.doings: list[Callable[[], object]] = []
        self.found = watch.saves(folder, self.pause)

    def pause(self, seconds: float) -> None:
        self.looks += 1
        if self.looks > LOOKS:
            raise Still
        if self.doings:
            self.doings.pop(0)()
            self.looks = 0

    def next(self, *doings: Callable[[], object]) -> tuple[dict[str, str], list[str]]:
        """What is noticed after these doings. Raises Still when nothing is."""
        self.doings, self.looks = list(doings), 0
        return next(self.found)


@pytest.fixture
def watched(tmp_path):
    (tmp_path / "app.py").write_text("one\n")
    return Watched(tmp_path)


def test_the_files_as_they_lie_come_first(watched):
    assert watched.next() == ({"app.py": "one\n"}, ["app.py"])


def save_in_place(folder):
    return [lambda: (folder / "app.py").write_text("two\n")]


def save_by_rename(folder):
    """As Vim and many others do: a new file takes the old one's place."""
    return [
        lambda: (folder / "4913").touch(),
        lambda: (folder / "app.py").rename(folder / "app.py~"),
        lambda: (folder / "app.py").write_text("two\n"),
        lambda: (folder / "app.py~").unlink(),
        lambda: (folder / "4913").unlink(),
    ]


def save_in_steps(folder):
    """Emptied first, then written piece by piece."""
    return [
        lambda: (folder / "app.py").write_text(""),
        lambda: (folder / "app.py").write_text("tw"),
        lambda: (folder / "app.py").write_text("two\n"),
    ]


@pytest.mark.parametrize("save", [save_in_place, save_by_rename, save_in_steps])
def test_a_save_is_noticed_once_and_whole(watched, save):
    watched.next()
    assert watched.next(*save(watched.folder)) == ({"app.py": "two\n"}, ["app.py"])
    with pytest.raises(Still):
        watched.next()


def test_a_save_without_a_change_is_none(watched):
    path = watched.folder / "app.py"
    watched.next()
    with pytest.raises(Still):
        watched.next(lambda: path.write_text("one\n"), lambda: os.utime(path, ns=(1, 1)))


@pytest.mark.parametrize("name", [".app.py.swp", "app.py~", "#app.py#", "__pycache__/app.pyc"])
def test_what_is_no_part_of_the_answer_is_no_save(watched, name):
    watched.next()
    path = watched.folder / name

    def write():
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")

    with pytest.raises(Still):
        watched.next(write)


def test_a_new_and_a_removed_file_are_named(watched):
    watched.next()
    new = watched.folder / "settings.py"
    assert watched.next(lambda: new.write_text("x = 1\n"))[1] == ["settings.py"]
    assert watched.next(new.unlink) == ({"app.py": "one\n"}, ["settings.py"])


def test_a_folder_without_files_gets_the_starter_and_one_with_files_keeps_them(tmp_path):
    place = tmp_path / "deep" / "answer"
    assert starter.lay_out("III-1", place)
    assert answer_files.read_folder(place) == course.starter("III-1")
    (place / "app.py").write_text("mine\n")
    (place / "Dockerfile").unlink()
    assert not starter.lay_out("III-1", place)
    assert answer_files.read_folder(place) == {"app.py": "mine\n"}


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FactorLabError, match="could not be written"):
        starter.lay_out("III-1", tmp_path / "file" / "answer")
