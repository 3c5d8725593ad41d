"""None gets a point it did not earn, none stops another's grading, none leaves a container."""

import json
import os
import subprocess
import sys

import pytest
from adversaries import ADVERSARIES, BASE, EXERCISE, HONEST, TASKS
from attacks import ELSEWHERE, MARKED, PAGE, ROOT, table
from forged import ANSWER, FILES, SIDE_FILES, notebook
from on_engine import owned

from factorlab import course
from factorlab.exercises.answer_files import lift
from factorlab.grading.batch import Batch
from factorlab.grading.collect import Submission, collect
from factorlab.grading.folder import write
from factorlab.grading.gradebook import Gradebook
from factorlab.grading.identity import by_rule
from factorlab.grading.records import Records, file_name
from factorlab.questions.spec import spec


@pytest.mark.parametrize("tries", FILES)
def test_nothing_of_a_notebook_counts_but_the_text_of_its_answers(tries, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in" / "eve").mkdir(parents=True)
    (tmp_path / "in" / "eve" / "01-config.ipynb").write_text(FILES[tries], encoding="utf-8")
    [one] = collect([tmp_path / "in"], by_rule)
    assert one.answers == {EXERCISE: {"app.py": f"{BASE}# mine\n"}}
    assert not list(tmp_path.rglob("grader-was-here"))


def test_nothing_that_lies_beside_a_notebook_is_read_or_run(tmp_path):
    """Graded where the submission lies, with its files first on every path there is."""
    (tmp_path / "mia").mkdir()
    (tmp_path / "mia" / "01-config.ipynb").write_text(notebook([ANSWER]), encoding="utf-8")
    for name, text in SIDE_FILES.items():
        path = tmp_path / "mia" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    code = (
        "from pathlib import Path\nfrom factorlab.grading.collect import collect\n"
        "from factorlab.grading.identity import by_rule\n"
        "[one] = collect([Path('.')], by_rule)\nprint(list(one.answers), one.files)"
    )
    env = {k: v for k, v in os.environ.items() if k != "FACTORLAB_ROOT"}
    ran = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=tmp_path / "mia",
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout == f"['{EXERCISE}'] ('01-config.ipynb',)\n", ran.stderr
    assert not list(tmp_path.rglob("grader-was-here"))


def test_the_table_of_attacks_is_what_is_tested():
    assert MARKED.search(PAGE.read_text(encoding="utf-8"))[2] == table()
    for _, file, name in ELSEWHERE.values():
        assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8")


def as_class(*names):
    """These adversaries and two honest learners as one class."""
    solution = lift(course.lesson("01-config").solution_notebook)[EXERCISE]
    texts = {
        **{name: ADVERSARIES[name].answer() for name in names},
        "honest-right": solution,
        "honest-wrong": {"app.py": f"{BASE}# mine\n"},
    }
    return [
        Submission(name, {EXERCISE: files}, ("x.ipynb",)) for name, files in sorted(texts.items())
    ]


def grade(class_, folder):
    before = owned()
    batch = Batch(class_, [spec(EXERCISE)], Records(folder / "records"), jobs=2)
    batch.run()
    book = Gradebook(batch.results(), [spec(EXERCISE)], batch.complete)
    write(book, folder)
    return book, folder, before


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    return grade(as_class(*ADVERSARIES), tmp_path_factory.mktemp("grades"))


@pytest.mark.engine
@pytest.mark.floor
def test_one_hostile_submission_in_a_class_of_three_changes_nobody_s_points(tmp_path):
    hostile = "stays-behind"
    book, _, before = grade(as_class(hostile), tmp_path)
    found = outcomes(book)
    assert found["honest-right"] == ["passed"] * len(TASKS)
    assert [{word} for word in found["honest-wrong"]] == list(HONEST)
    allowed = ADVERSARIES[hostile].expected
    assert all(word in words for word, words in zip(found[hostile], allowed, strict=True)), found
    assert owned() == before


def outcomes(book):
    found = {}
    for row in book.rows():
        found.setdefault(row.learner, []).append(row.outcome)
    return found


@pytest.mark.engine
@pytest.mark.parametrize("name", ADVERSARIES)
def test_an_adversary_gets_no_point_that_it_has_not_earned(name, graded):
    book, folder, _ = graded
    got = outcomes(book)[name]
    page = (folder / "feedback" / f"{file_name(name)}.html").read_text(encoding="utf-8")
    allowed = ADVERSARIES[name].expected
    # `environment` is no grade and earns nothing: beside the others the machine may be overloaded.
    assert all(word in {*words, "environment"} for word, words in zip(got, allowed, strict=True)), (
        got
    )
    assert "LOOT" not in page
    assert "<script" not in page and "\x1b" not in page
    assert len(page) < 200_000


@pytest.mark.engine
def test_the_honest_get_what_they_have_earned_beside_them(graded):
    found = outcomes(graded[0])
    assert found["honest-right"] == ["passed"] * len(TASKS)
    assert [{word} for word in found["honest-wrong"]] == list(HONEST)


@pytest.mark.engine
def test_all_are_in_the_gradebook_and_nothing_is_left(graded):
    book, folder, before = graded
    assert book.complete
    assert (
        len(json.loads((folder / "results.json").read_text())["learners"]) == len(ADVERSARIES) + 2
    )
    assert owned() == before
