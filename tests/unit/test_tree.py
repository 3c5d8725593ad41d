"""The tree is closed both ways: what course.toml names exists, and nothing else lies there."""

import json
import subprocess
from pathlib import Path

import pytest
from answers.key import key

from factorlab import course
from factorlab.engine.images.course_images import IMAGES
from factorlab.questions.spec import module_of, spec

ROOT = Path(__file__).resolve().parents[2]
LESSONS = {lesson.name: lesson for lesson in course.lessons()}
EXERCISES = {entry.id for entry in course.exercises()}
BESIDE_THE_LESSONS = {"s"}
"""Least privilege, which the audit alone asks about."""


def files_below(folder: str) -> set[str]:
    """The files of a folder that git knows or would add, and that are there."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard", "--", folder],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
    else:
        listed = [path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*")]
    found = {name for name in listed if (ROOT / name).is_file() and "__pycache__" not in name}
    return {name.removeprefix(folder + "/") for name in found}


def test_every_lesson_has_its_notebook_and_no_other_file_lies_there():
    assert files_below("notebooks") == {f"{name}.ipynb" for name in LESSONS}


def test_every_lesson_with_exercises_has_solutions_and_exercises():
    wanted = {f"{name}.ipynb" for name, lesson in LESSONS.items() if lesson.exercises}
    assert files_below("solutions") == wanted
    assert files_below("exercises") == wanted | {"starters.json"}


def test_every_variant_has_its_app_and_no_other_folder_lies_there():
    found = {tuple(name.split("/")[:2]) for name in files_below("apps") if name.count("/") >= 2}
    assert found == {
        (name, variant) for name, lesson in LESSONS.items() for variant in lesson.variants
    }


def test_beside_the_variants_lie_only_the_contract_and_the_schema():
    beside = {name for name in files_below("apps") if name.count("/") < 2}
    assert {name.partition("/")[2] for name in beside} <= {"factorlab.toml", "schema.sql"}
    assert {name.partition("/")[0] for name in beside} <= set(LESSONS)


def test_every_variant_can_be_built_and_run():
    for name, lesson in LESSONS.items():
        for variant in lesson.variants:
            assert (lesson.apps / variant / "Dockerfile").is_file(), f"{name}/{variant}"


def test_every_folder_of_the_factors_is_a_lesson_and_has_its_exercises():
    folders = {
        name.partition("/")[0] for name in files_below("src/factorlab/factors") if "/" in name
    }
    parts = {key_of(folder): folder for folder in folders}
    factors = {(lesson.factor or lesson.tier).lower() for lesson in LESSONS.values()}
    assert set(parts) - BESIDE_THE_LESSONS == factors - {"start"}
    for entry in course.exercises():
        key = (course.lesson(entry.lesson).factor or "own").lower()
        assert module_of(entry.id) == f"factorlab.factors.{parts[key]}.exercises"


def key_of(folder: str) -> str:
    """`iii` for iii_config."""
    return "own" if folder == "your_own_app" else folder.partition("_")[0]


def test_every_exercise_has_its_judged_answers_and_no_other_file_lies_there():
    wanted = {"key.py", "test_answers.py"}
    for id in EXERCISES:
        wanted.add(f"{id}.toml")
        for one in (*key(id).base, *key(id).answer):
            wanted |= {f"{id}/{one.name}/{file}" for file in one.files}
    assert files_below("tests/answers") == wanted


@pytest.mark.parametrize("id", sorted(EXERCISES))
def test_an_exercise_is_complete(id):
    found = spec(id)
    assert found.id == id
    assert found.tasks and found.hints
    assert len({task.id for task in found.tasks}) == len(found.tasks)
    assert all(task.points > 0 for task in found.tasks)


def test_the_first_page_was_stored_with_the_list_of_the_whole_course():
    notebook = json.loads((ROOT / "notebooks" / "00-start-here.ipynb").read_text())
    cells = {cell["id"]: cell for cell in notebook["cells"]}
    shown = {
        id: "".join(cells[id]["outputs"][0]["data"]["text/plain"]) for id in ("doctor", "progress")
    }
    assert f"all {len(IMAGES)} are current" in shown["doctor"]
    assert f"0 of {len(EXERCISES)} exercises passed" in shown["progress"]
    assert {name for name in {*LESSONS, *EXERCISES} if name not in shown["progress"]} == set()


def test_names_are_unique_and_tiers_are_known():
    assert len(LESSONS) == len(course.lessons())
    assert len(EXERCISES) == len(course.exercises())
    assert {lesson.tier for lesson in LESSONS.values()} <= set(course.TIERS)
    assert [lesson.name for lesson in course.lessons()] == sorted(LESSONS)
