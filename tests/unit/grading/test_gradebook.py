"""One result, told four ways: each says the same, keeps the outcomes apart, and is safe to open."""

import csv
import io
import json
from xml.etree import ElementTree as ET

import pytest

from factorlab.grading.batch import Graded
from factorlab.grading.collect import Submission
from factorlab.grading.folder import write
from factorlab.grading.formats import csv as as_csv
from factorlab.grading.formats import json as as_json
from factorlab.grading.formats import junit as as_junit
from factorlab.grading.formats.html import feedback, summary
from factorlab.grading.gradebook import Gradebook
from factorlab.grading.records import Records, file_name, key_of
from factorlab.questions.spec import spec

SPEC = spec("III-2")
TASKS = [task.id for task in SPEC.tasks]
BAD_NAME = "<script>alert(1)</script>"


def result(task, outcome, **more):
    return {"task": task, "outcome": outcome, "seen": "seen", "next": "next", "log": "", **more}


def graded(learner, *outcomes, **more):
    tasks = [result(task, word, **more) for task, word in zip(TASKS, outcomes, strict=False)]
    one = Submission(learner, {}, ("a.ipynb",))
    return Graded(one, {"III-2": tasks} if tasks else {})


def book(*all_, complete=True):
    return Gradebook(all_, [SPEC], complete)


def test_the_five_outcomes_stay_apart_everywhere():
    words = ("passed", "failed", "untouched", "error", "environment")
    whole = book(*(graded(word, word, word, word) for word in words))
    lines = list(csv.DictReader(io.StringIO(as_csv.render(whole))))
    assert {line["learner"]: line["outcome"] for line in lines} == dict(
        zip(words, words, strict=True)
    )
    earned = {line["learner"]: line["earned"] for line in lines if line["task"] == TASKS[0]}
    assert earned == {
        "passed": "1",
        "failed": "0",
        "untouched": "0",
        "error": "0",
        "environment": "",
    }
    read = json.loads(as_json.render(whole))
    assert [one["exercises"]["III-2"][TASKS[0]]["outcome"] for one in read["learners"]] == list(
        words
    )
    kinds = {
        suite.get("name"): [
            child.tag for case in suite for child in case if child.tag != "properties"
        ]
        for suite in ET.fromstring(as_junit.render(whole))
    }
    assert kinds == {
        "passed": [],
        "failed": ["failure"] * 3,
        "untouched": ["failure"] * 3,
        "error": ["error"] * 3,
        "environment": ["skipped"] * 3,
    }


@pytest.mark.parametrize(
    ("outcomes", "status"),
    [
        (("passed", "passed", "passed"), 0),
        (("passed", "failed", "passed"), 1),
        (("untouched", "untouched", "untouched"), 1),
        (("passed", "failed", "environment"), 2),
    ],
)
def test_the_exit_status_tells_the_machine_from_the_class(outcomes, status):
    assert book(graded("mia", *outcomes)).exit_status() == status


def test_points_are_those_of_the_tasks():
    one = graded("mia", "passed", "failed", "passed")
    assert book(one).earned(one) == SPEC.tasks[0].points + SPEC.tasks[2].points
    assert book(one).points == SPEC.points


def test_who_is_not_reached_has_no_grade():
    whole = book(graded("mia"), complete=False)
    assert [row.outcome for row in whole.rows()] == ["not graded"] * 3
    assert [row.earned for row in whole.rows()] == [None] * 3
    assert json.loads(as_json.render(whole))["complete"] is False
    assert "interrupted" in summary(whole)


def test_what_was_not_graded_is_no_zero_in_the_summary():
    page = summary(book(graded("mia", *["environment"] * 3), graded("noah", "failed", "failed")))
    mia, noah = page.split("mia</a>")[1].split("noah</a>")
    assert '<td class="number">–</td>' in mia and '<td class="number">0</td>' not in mia
    assert '<td class="number">0</td>' in noah


def test_nor_is_it_on_the_learners_own_page():
    assert "– of 6 points" in feedback(book(), graded("mia", *["environment"] * 3))
    assert "0 of 6 points" in feedback(book(), graded("mia", *["failed"] * 3))


def test_a_spreadsheet_gets_no_formula():
    assert "\n'=cmd(),III-2" in as_csv.render(book(graded("=cmd()", "passed")))


def test_pages_escape_what_others_wrote():
    one = graded(
        BAD_NAME, "failed", "error", log=f"{BAD_NAME}\x1b[31m\x00", evidence=[{"a": BAD_NAME}]
    )
    whole = book(one)
    for page in (feedback(whole, one), summary(whole)):
        assert "<script" not in page
        assert "\x1b" not in page and "\x00" not in page
        assert "default-src 'none'" in page


def test_xml_holds_no_character_that_it_cannot():
    one = graded("mia\x00\ud800", "failed", "error", "passed")
    assert len(ET.fromstring(as_junit.render(book(one)))) == 1


def test_everything_is_written_and_twice_the_same(tmp_path):
    whole = book(graded("mia", "passed", "failed", "error"), graded("Noah", "passed"))
    names = write(whole, tmp_path)
    first = {name: (tmp_path / name).read_bytes() for name in names}
    write(whole, tmp_path)
    assert first == {name: (tmp_path / name).read_bytes() for name in names}
    assert {"gradebook.csv", "results.json", "junit.xml", "summary.html"} < set(names)
    assert all((tmp_path / name).is_file() for name in names)


@pytest.mark.parametrize(
    "learner", ["mia", "Mia", "../../etc/passwd", "..", "Zoë", "a/b", "CON ", ""]
)
def test_a_learners_file_stays_in_its_folder(learner):
    name = file_name(learner)
    assert name and name.isascii() and "/" not in name and not name.startswith(".")


def test_no_two_learners_share_a_file():
    names = ["mia", "Mia", "MIA", "mi a", "mi-a", "mi/a"]
    assert len({file_name(name).lower() for name in names}) == len(names)


def test_records_know_an_answer_by_its_files(tmp_path):
    records, files = Records(tmp_path), {"app.py": "1"}
    records.keep("mia", "III-2", key_of(SPEC, files), [result(TASKS[0], "passed")])
    assert records.find("mia", "III-2", key_of(SPEC, files))
    assert records.find("mia", "III-2", key_of(SPEC, {"app.py": "2"})) is None
    assert records.find("noah", "III-2", key_of(SPEC, files)) is None


def test_records_never_keep_what_the_machine_is_to_blame_for(tmp_path):
    records = Records(tmp_path)
    records.keep("mia", "III-2", "key", [result(TASKS[0], "environment")])
    assert records.find("mia", "III-2", "key") is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"key": 1}', '{"key": "key"}'])
def test_a_broken_record_is_judged_anew(tmp_path, text):
    path = tmp_path / "mia" / "III-2.json"
    path.parent.mkdir()
    path.write_text(text)
    assert Records(tmp_path).find("mia", "III-2", "key") is None
