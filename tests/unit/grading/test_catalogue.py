"""A course team's own catalogue is checked when it is read, and says what cannot be used."""

import json
import re

import pytest

from factorlab import course
from factorlab.errors import FactorLabError
from factorlab.exercises.answer_files import lift_text
from factorlab.grading.catalogue import Catalogue, read_catalogue
from factorlab.grading.release import release

OWN = """
exercises = ["ACME-1", "III-1"]

[points.III-1]
one-image-two-databases = 7

[parameters]
seed = "autumn"
GREETING = ["WELCOME", "HELLO", "SALUTE", "MOIN"]

[[exercise]]
id = "ACME-1"
title = "Our own shop"
starter = "acme-1"
contract = "acme-1.toml"
schema = "acme-1.sql"

[[exercise.task]]
id = "two-databases"
title = "One image serves two databases"
check = "database-from-environment"
points = 3
"""
CONTRACT = """
[variables]
DATABASE_URL = "postgres"
"{{GREETING}}" = "text"

[requests]
read = { path = "/" }
write = { method = "POST", path = "/orders", json = { item = "tea" } }
"""


@pytest.fixture
def put(tmp_path):
    def write(text=OWN, contract=CONTRACT):
        (tmp_path / "acme-1").mkdir(exist_ok=True)
        (tmp_path / "acme-1" / "app.py").write_text('TEXT = "{{GREETING}}"\n')
        (tmp_path / "acme-1.toml").write_text(contract)
        (tmp_path / "acme-1.sql").write_text("CREATE TABLE orders (id serial)")
        (tmp_path / "catalogue.toml").write_text(text)
        return tmp_path / "catalogue.toml"

    return write


def test_points_of_ones_own_replace_those_of_the_course(put):
    found = read_catalogue(put()).spec("III-1")
    assert {task.id: task.points for task in found.tasks}["one-image-two-databases"] == 7
    assert Catalogue().spec("III-1").tasks[0].points == 3


def test_an_exercise_of_ones_own_is_complete(put):
    found = read_catalogue(put()).spec("ACME-1", "mia")
    assert found.title == "Our own shop"
    assert found.contract.schema.startswith("CREATE")
    assert [task.question for task in found.tasks] == ["database-from-environment"]


def test_each_learner_has_their_own_parameters_and_keeps_them(put):
    catalogue = read_catalogue(put())
    words = {name: catalogue.spec("ACME-1", name).starter["app.py"] for name in "abcdefghijkl"}
    assert len(set(words.values())) > 1
    assert all("{{" not in word for word in words.values())
    for name, word in words.items():
        again = read_catalogue(put()).spec("ACME-1", name)
        assert again.starter["app.py"] == word
        assert f'"{again.contract.variables[1].name}"' in word


def test_the_copy_has_the_learners_own_starter(put, tmp_path):
    catalogue = read_catalogue(put())
    release(tmp_path / "copy", catalogue, "mia")
    content = (tmp_path / "copy" / "exercises" / "ACME-1.ipynb").read_bytes()
    answers, refused = lift_text("ACME-1.ipynb", content, catalogue.own)
    assert not refused
    assert answers["ACME-1"] == catalogue.spec("ACME-1", "mia").starter
    assert "Our own shop" in "".join(json.loads(content)["cells"][0]["source"])


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (
            "exercises =",
            "exercices =",
            "line 2: it has the unknown name 'exercices'; did you mean exercises?",
        ),
        ('"III-1"]', '"III-9"]', "no exercise 'III-9'"),
        ("one-image-two-databases = 7", "one-image = 7", "no task 'one-image'"),
        (
            "= 7",
            "= -1",
            "line 5: points.III-1.one-image-two-databases must be at least 0, and is -1",
        ),
        (
            "= 7",
            '= "7"',
            "line 5: points.III-1.one-image-two-databases must be a whole number, not a text",
        ),
        ('id = "ACME-1"', 'id = "III-2"', "III-2 is an exercise of the course"),
        (
            'check = "database-from-environment"',
            'check = "no-such-check"',
            "no check 'no-such-check'",
        ),
        ('starter = "acme-1"', 'starter = "elsewhere"', "holds no starter"),
        ('contract = "acme-1.toml"', 'contract = "gone.toml"', "gone.toml"),
        ('title = "Our own shop"\n', "", "line 11: 'title' is missing in exercise[0]"),
        ('["WELCOME", "HELLO", "SALUTE", "MOIN"]', "[]", "GREETING is not a list of texts"),
        ("[points.III-1]", "[points.III-1", "line 4: it is not TOML"),
        (
            "points = 3",
            "points = true",
            "line 22: exercise[0].task[0].points must be a whole number",
        ),
        (
            "points = 3",
            "point = 3",
            "[exercise[0].task[0]] has the unknown name 'point'; did you mean points?",
        ),
        ('id = "ACME-1"', 'id = ""', "line 12: exercise[0].id must not be empty"),
        ('["ACME-1", "III-1"]', '"III-1"', "line 2: exercises must be a list, not a text"),
        ('seed = "autumn"', "seed = 7", "line 8: parameters.seed must be a text"),
    ],
)
def test_what_cannot_be_used_is_named(put, old, new, why):
    assert old in OWN
    with pytest.raises(FactorLabError) as told:
        read_catalogue(put(OWN.replace(old, new, 1)))
    assert why in str(told.value)


def test_a_contract_that_cannot_be_used_is_named(put):
    with pytest.raises(FactorLabError, match="ACME-1 cannot be used"):
        read_catalogue(put(contract="[variables]\n"))


@pytest.mark.parametrize("values", ['["/orders", "orders"]', '["orders", "/orders"]'])
def test_a_contract_that_only_some_learners_could_use_is_named(put, values):
    text = OWN.replace("[parameters]", f"[parameters]\nPLACE = {values}")
    for seed in ("a", "b", "c"):
        with pytest.raises(FactorLabError) as told:
            read_catalogue(
                put(text.replace("autumn", seed), CONTRACT.replace('"/orders"', '"{{PLACE}}"'))
            )
        assert "The contract ACME-1 with PLACE = 'orders' cannot be used" in str(told.value)


def test_parameters_that_clash_for_some_learner_are_named(put):
    """Each alone is fine beside the usual value of the other."""
    text = OWN.replace("[parameters]", '[parameters]\nONE = ["A", "B", "C"]\nTWO = ["C", "D", "E"]')
    contract = CONTRACT.replace('"{{GREETING}}"', '"{{ONE}}" = "text"\n"{{TWO}}"')
    for seed in ("a", "b", "c", "d", "e", "f"):
        with pytest.raises(FactorLabError) as told:
            read_catalogue(put(text.replace("autumn", seed), contract))
        assert re.search(r"ACME-1 with .*\b(ONE|TWO) = 'C'.* cannot be used", str(told.value))


def test_the_example_of_the_documentation_can_be_read(put, tmp_path):
    put()
    text = (course.root() / "docs" / "GRADING.md").read_text(encoding="utf-8")
    section = text.split("## A catalogue of your own")[1]
    [example] = re.findall(r"```toml\n(.*?)```", section, re.S)
    (tmp_path / "example.toml").write_text(example)
    catalogue = read_catalogue(tmp_path / "example.toml")
    assert catalogue.spec("III-1").tasks[0].points == 5
    assert [task.points for task in catalogue.spec("ACME-1", "mia").tasks] == [3]
