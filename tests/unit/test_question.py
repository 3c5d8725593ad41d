"""A question declares itself, and all that is known of it is derived from there."""

import subprocess
import sys
from pathlib import Path

import pytest
import table

from factorlab import course
from factorlab.audit.questions import FACTORS, asked
from factorlab.errors import FactorLabError
from factorlab.questions import question as module
from factorlab.questions.question import GROUPS, all_questions, find, question

KEPT = Path(__file__).with_name("question_ids.txt")
OUTSIDE = """
from factorlab.questions.finding import Finding, Outcome
from factorlab.questions.needs import WRITE
from factorlab.questions.question import question

@question("team-has-a-motto", factor="III", group="team", needs=(WRITE,),
          text="Is there a motto?", how="It is looked for.", remedy="write one.")
def team_has_a_motto(lab, subject):
    return Finding(Outcome.PASSED, "a motto", "a motto")
"""


def test_an_id_is_never_used_again_for_another_question():
    lines = [line.split() for line in KEPT.read_text().splitlines() if line[:1] not in ("", "#")]
    ids = [line[0] for line in lines]
    assert len(ids) == len(set(ids))
    living = {line[0] for line in lines if line[1:] != ["retired"]}
    assert living == set(all_questions()), f"{KEPT.name} is added to, and nothing is taken away"


def test_every_id_that_was_committed_is_still_in_the_list():
    shown = subprocess.run(
        ["git", "log", "-p", "--follow", "--format=", "--", KEPT.name],
        cwd=KEPT.parent,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    ever = {
        line[1:].split()[0] for line in shown.splitlines() if line[:1] == "+" and line[1:2] != "+"
    }
    kept = {line.split()[0] for line in KEPT.read_text().splitlines()}
    assert {id for id in ever if id != "#"} <= kept


def test_a_question_of_the_audit_names_a_group_and_a_factor_of_the_report():
    for one in asked().values():
        assert one.group in GROUPS, one.id
        assert one.factor in FACTORS, one.id
    assert {one.group for one in asked().values()} == set(GROUPS)
    assert [one.id for one in all_questions().values() if one.needs and not one.group] == []


def test_the_table_in_the_docs_is_what_the_questions_say():
    assert table.questions() in (course.root() / "docs" / "AUDIT.md").read_text(), (
        "write it anew: see the first lines of tests/audit/table.py"
    )


def test_an_id_that_another_function_has_is_refused():
    words = {"factor": "III", "text": "?", "how": "", "remedy": ""}
    with pytest.raises(ValueError, match="'honors-port' is declared twice"):
        question("honors-port", **words)(lambda lab, subject: None)
    assert find("honors-port").run.__module__.startswith("factorlab.factors")


def test_an_unknown_id_is_answered_with_those_that_exist():
    with pytest.raises(FactorLabError, match="no check 'honours-port'") as error:
        find("honours-port")
    assert "honors-port" in error.value.next


def test_a_package_adds_questions_by_its_entry_point(tmp_path):
    """In a process of its own, since what is declared stays declared."""
    (tmp_path / "team.py").write_text(OUTSIDE)
    info = tmp_path / "team-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: team\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{module.ENTRY_POINTS}]\nteam = team\n")
    code = f"""import sys; sys.path.insert(0, {str(tmp_path)!r})
from factorlab.audit.questions import asked, chosen
print([id for id in asked()][-1] == "team-has-a-motto", "team-has-a-motto" in chosen(["III"]))
print([one.id for one in asked().values() if one.factor == "III"][-1])"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.stdout.split() == ["False", "True", "team-has-a-motto"], ran.stderr
