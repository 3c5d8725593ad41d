"""Output formats: known by name, added by other packages, and no fault of one stops another."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from fakes import install_package

from factorlab.audit import formats as audit_formats
from factorlab.errors import FactorLabError
from factorlab.formats.junit import Case, Problem, Suite, junit
from factorlab.formats.registry import Format, Formats, Output, write_all
from factorlab.grading import formats as grading_formats

ROOT = Path(__file__).resolve().parents[3]
GROUPS = {"audit": audit_formats, "grading": grading_formats}
TEAM = '''
import sys


def upper(found):
    """Capitals. And more words, which no list needs."""
    return found.upper()


def pages(found):
    """A folder of pages."""
    return {"index.txt": found, "raw/data.bin": found.encode()}


def broken(found):
    raise ValueError(f"no {found}")


def leaves(found):
    sys.exit(3)
'''


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Install a package of a team's: a module, and what its `entry_points.txt` says."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)

    def install(module, code, *lines, group="team.formats"):
        install_package(folder, module, code, "\n".join([f"[{group}]", *lines]))
        return folder

    yield install
    for name in ("team", "rivals"):
        sys.modules.pop(name, None)


@pytest.fixture
def formats():
    return Formats("team.formats", {"plain": str, "junit": str.title})


def test_a_format_of_another_package_is_known_by_its_entry_point(package, formats, tmp_path):
    package("team", TEAM, "upper = team:upper", "pages = team:pages", "junit = team:broken")
    assert formats.names() == ["plain", "junit", "pages", "upper"]
    outputs = formats.outputs([f"upper={tmp_path / 'a' / 'up.txt'}", f"pages={tmp_path / 'p'}"])
    assert write_all(outputs, "zoë") == []
    assert (tmp_path / "a" / "up.txt").read_text(encoding="utf-8") == "ZOË"
    assert (tmp_path / "p" / "raw" / "data.bin").read_bytes() == "zoë".encode()
    assert formats.find("junit").origin == "factorlab", "a name of ours stays ours"


def test_the_list_says_what_each_is_and_which_cannot_be_used(package, formats):
    package("team", TEAM, "upper = team:upper", "lost = team:nowhere", "number = team:__file__")
    lines = {line.split()[0]: line for line in formats.table().to_text().splitlines() if line}
    assert "Capitals. And more words" in lines["upper"] and lines["upper"].rstrip().endswith("team")
    assert "cannot be loaded: AttributeError" in lines["lost"]
    assert "cannot be called" in lines["number"]


@pytest.mark.parametrize(
    ("text", "message", "next"),
    [
        ("junti=a", "no format 'junti': did you mean junit?", "plain, junit"),
        ("sarif=a", "no format 'sarif': known are plain, junit", "plain, junit"),
        ("junit", "needs a name, an equals sign and a file, and got 'junit'", "plain, junit"),
        ("=a", "needs a name", "--format junit="),
        ("junit=", "needs a name", "--format junit="),
    ],
)
def test_a_slip_is_answered_with_the_names_that_there_are(formats, text, message, next):
    with pytest.raises(FactorLabError, match=re.escape(message)) as error:
        formats.outputs(["plain=b", text])
    assert next in error.value.next


def test_two_formats_in_one_file_are_refused(formats):
    with pytest.raises(FactorLabError, match=r"would be written to \./a"):
        formats.outputs(["plain=a", "junit=./a"])


def test_two_packages_with_one_name_are_told_when_it_is_asked_for(package, formats):
    package("team", TEAM, "upper = team:upper", "pages = team:pages")
    package("rivals", TEAM, "upper = rivals:upper")
    with pytest.raises(FactorLabError, match="'upper' is there 2 times") as error:
        formats.find("upper")
    assert "rivals" in error.value.what and "team" in error.value.what
    assert formats.find("pages").origin == "team"


def test_a_format_that_raises_is_told_and_stops_no_other(package, formats, tmp_path):
    package("team", TEAM, "broken = team:broken", "leaves = team:leaves", "upper = team:upper")
    places = [f"{name}={tmp_path / name}" for name in ("broken", "leaves", "upper")]
    first, second = write_all(formats.outputs(places), "luck")
    assert first.what == "The format 'broken' of team had a fault: ValueError: no luck"
    assert "SystemExit: 3" in second.what
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["upper"]


@pytest.mark.parametrize(
    "rendered",
    [
        None,
        3,
        ["a"],
        {"../out": "a"},
        {"/etc/out": "a"},
        {"..\\out": "a"},
        {"": "a"},
        {"..": "a"},
        {"fine": "a", "out": 3},
    ],
)
def test_what_cannot_be_written_is_told_and_nothing_of_it_is_written(tmp_path, rendered):
    [error] = write_all([Output(Format("odd", lambda _: rendered), tmp_path / "in")], "x")
    assert "The format 'odd' of factorlab had a fault: it" in error.what
    assert not list(tmp_path.iterdir())


def test_a_disk_that_refuses_is_told_and_the_others_are_written(formats, tmp_path):
    (tmp_path / "file").touch()
    outputs = formats.outputs([f"plain={tmp_path / 'file' / 'x'}", f"junit={tmp_path / 'y'}"])
    [error] = write_all(outputs, "some text")
    assert "could not be written" in error.what
    assert (tmp_path / "y").read_text() == "Some Text"


@pytest.mark.parametrize("room", GROUPS)
def test_a_module_of_a_room_is_a_format_with_a_line_that_says_what_it_is(room):
    module = GROUPS[room]
    files = {path.stem for path in Path(module.__file__).parent.glob("*.py")} - {"__init__"}
    found = [module.FORMATS.find(name) for name in module.FORMATS.names()]
    assert {one.name for one in found if one.origin == "factorlab"} == files
    assert all(module.FORMATS.find(name).summary.endswith(".") for name in files)


@pytest.mark.parametrize(
    ("page", "room", "command"), [("AUDIT", "audit", "audit"), ("GRADING", "grading", "grade")]
)
def test_the_example_of_the_docs_can_be_installed_and_asked_for(tmp_path, page, room, command):
    """In a process of its own, as the command is used; what it writes is held below."""
    text = (
        (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8").split("A format of your own")[1]
    )
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL)[1]
    name, module, function = re.search(r'^(\w+) = "(\w+):(\w+)"$', text, re.MULTILINE).groups()
    group = GROUPS[room].ENTRY_POINTS
    assert f'[project.entry-points."{group}"]' in text
    assert f"--format {name}=" in text
    install_package(tmp_path, module, code, f"[{group}]\n{name} = {module}:{function}")
    script = f"""import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(Path(__file__).parent)!r}, {str(ROOT / "tests")!r}]
import test_formats
test_formats.write_sample({room!r}, {f"{name}={tmp_path / 'out'}"!r})
from factorlab.cli import main
main(["{command}", "--formats"])"""
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert any(
        line.split()[0] == name and line.rstrip().endswith(module)
        for line in ran.stdout.splitlines()
        if line.strip()
    )
    for word in SEEN[room]:
        assert word in (tmp_path / "out").read_text(encoding="utf-8")


SEEN = {
    "audit": ["| VII | Does it listen on the port that the platform names? | failed |", "shop:1"],
    "grading": ["mia,1\n"],
}
"""What the examples must have written of the samples."""


def write_sample(room, text):
    """Write a scorecard or a gradebook in the format that a text asks for."""
    outputs = GROUPS[room].FORMATS.outputs([text])
    assert write_all(outputs, {"audit": card, "grading": book}[room]()) == []


def card():
    from factorlab.audit import Result, Row, Scorecard, asked

    return Scorecard("shop:1", "sha256:1", [Row(asked()["honors-port"], Result.FAILED, why="no")])


def book():
    from factorlab.grading.batch import Graded
    from factorlab.grading.collect import Submission
    from factorlab.grading.gradebook import Gradebook
    from factorlab.questions.spec import spec

    task = spec("III-2").tasks[0]
    passed = {"task": task.id, "outcome": "passed"}
    one = Graded(Submission("mia", {}, ()), {"III-2": [passed]})
    return Gradebook([one], [spec("III-2")], complete=True)


def test_the_audit_writes_a_format_and_tells_one_that_raises(
    package, tmp_path, monkeypatch, capsys
):
    from factorlab import cli

    code = TEAM.replace("found.upper()", "found.target.upper()")
    group = audit_formats.ENTRY_POINTS
    package("team", code, "broken = team:broken", "upper = team:upper", group=group)
    monkeypatch.setattr("factorlab.cli.audit._scorecard", lambda *_: card())
    files = [f"{name}={tmp_path / name}" for name in ("broken", "upper", "json")]
    with pytest.raises(SystemExit) as ended:
        cli.main(["audit", "shop:1", *(word for file in files for word in ("--format", file))])
    out, err = capsys.readouterr()
    assert ended.value.code == 1
    assert "shop:1: 1 failed" in out and "No contract was found" in out
    assert err.startswith("The format 'broken' of team had a fault: ValueError: no Scorecard(")
    assert (tmp_path / "upper").read_text() == "SHOP:1"
    assert '"honors-port"' in (tmp_path / "json").read_text()


@pytest.mark.parametrize("words", [["audit", "shop:1"], ["grade", "."]])
def test_an_unknown_format_is_told_before_anything_is_done(words, capsys, monkeypatch):
    from factorlab import cli

    for work in ("factorlab.cli.audit._scorecard", "factorlab.cli.grade._submissions"):
        monkeypatch.setattr(work, lambda *_: pytest.fail("something was done"))
    with pytest.raises(SystemExit) as ended:
        cli.main([*words, "--format", "jsn=x"])
    assert ended.value.code == 1
    assert "There is no format 'jsn': did you mean json?" in capsys.readouterr().err


def test_junit_counts_what_is_wrong_and_holds_any_text():
    odd = "\x00<&\ud800 Zoë"
    cases = [
        Case("III", "good", seconds=1.26),
        Case(odd, odd, Problem("failure", odd, odd), properties={"points": 2}),
        Case("III", "slow", Problem("error", "")),
        Case("III", "left", Problem("skipped", "why")),
    ]
    [suite] = ET.fromstring(junit(odd, [Suite(odd, cases, [odd])]))
    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "4", "failures": "1", "errors": "1", "skipped": "1"}
    assert suite[0].get("time") == "1.3" and suite[1].get("time") is None
    assert suite[1][0][0].attrib == {"name": "points", "value": "2"}
    assert {suite.get("name"), suite[1].get("name"), suite[1][1].text, suite[-1].text} == {
        "\ufffd<&\ufffd Zoë"
    }


def test_grading_writes_formats_beside_its_folder_and_a_broken_one_costs_nothing_else(
    package, tmp_path, capsys
):
    """The starters as they came: they are judged without an engine."""
    from factorlab import cli

    code = TEAM.replace("found.upper()", "found.graded[0].submission.learner.upper()")
    group = grading_formats.ENTRY_POINTS
    package("team", code, "broken = team:broken", "upper = team:upper", group=group)
    files = [f"{name}={tmp_path / name}" for name in ("broken", "upper", "html", "csv")]
    words = [word for file in files for word in ("--format", file)]
    notebook, out = ROOT / "exercises" / "01-config.ipynb", tmp_path / "grades"
    with pytest.raises(SystemExit) as ended:
        cli.main(["grade", str(notebook), "--as", "mia", "--out", str(out), *words])
    shown = capsys.readouterr()
    assert ended.value.code == 1
    assert "mia" in shown.out and "untouched" in shown.out
    assert "The format 'broken' of team had a fault: ValueError: no Gradebook(" in shown.err
    assert (tmp_path / "upper").read_text() == "MIA"
    assert (tmp_path / "csv").read_bytes() == (out / "gradebook.csv").read_bytes()
    for page in ("summary.html", "feedback/mia.html"):
        assert (tmp_path / "html" / page).read_bytes() == (out / page).read_bytes()
