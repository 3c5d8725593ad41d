"""A question declares itself, and all that is known of it is derived from there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import table
from fakes import install_package

from factorlab import course
from factorlab.audit.questions import FACTORS, asked
from factorlab.errors import FactorLabError
from factorlab.questions import question as module
from factorlab.questions.question import GROUPS, all_questions, find, question

KEPT = Path(__file__).with_name("question_ids.txt")


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


def test_the_question_of_the_docs_can_be_installed_and_is_asked_for(tmp_path):
    """In a process of its own, since what is declared stays declared."""
    page = (course.root() / "docs" / "AUDIT.md").read_text(encoding="utf-8")
    section = page.partition("## A question of your own")[2].partition("\n## ")[0]
    code = re.search(r"```python\n(.*?)```", section, re.DOTALL)[1]
    entry = re.search(r"```toml\n\[project.entry-points.\"(.*?)\"\]\n(.*?)```", section, re.DOTALL)
    assert entry[1] == module.ENTRY_POINTS
    unquoted = entry[2].replace('"', "")
    install_package(tmp_path, "shop_questions", code, f"[{entry[1]}]\n{unquoted}")
    script = f"""import sys; sys.path.insert(0, {str(tmp_path)!r})
from factorlab.audit.questions import asked, chosen
print(*[one.id for one in asked().values() if one.factor == "VII"])
print("unknown-paths-are-404" in chosen(["VII"]))"""
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert ran.stdout.split()[-2:] == ["unknown-paths-are-404", "True"], ran.stderr
