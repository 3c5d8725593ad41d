"""The audit without an engine: contracts that leave things out, words that choose, the scorecard."""

import tomllib
import xml.etree.ElementTree as ET
from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from factorlab import cli
from factorlab.audit import Result, Row, Scorecard, asked, run
from factorlab.audit.draft import draft, kind_of
from factorlab.audit.formats import html as as_html
from factorlab.audit.formats import junit as as_junit
from factorlab.audit.questions import FACTORS, chosen
from factorlab.audit.target import Target, resolve
from factorlab.engine.build.build import Build
from factorlab.engine.images.foreign import Record
from factorlab.errors import FactorLabError
from factorlab.questions.contract import contract_of
from factorlab.questions.finding import Finding, Outcome
from factorlab.questions.subject import Subject

FULL = """
[app]
port = 3000
cookie = "connect.sid"
[variables]
DB_HOST = "postgres-host"
[optional]
PORT = "port"
[environment]
MODE = "shop"
[requests]
write = { method = "POST", path = "/orders", json = { item = "tea", pieces = 2 } }
"""


def row(id, result, **more):
    return Row(asked()[id], result, **more)


def card(*rows, **more):
    return Scorecard("shop:1", "sha256:" + "a" * 64, rows, **more)


def test_a_partial_contract_has_defaults_and_says_what_it_names():
    contract = contract_of(FULL, whole=False)
    assert contract.named == {"write"}
    assert contract.services() == ["postgres"]
    assert [(v.name, v.required, v.part) for v in contract.variables] == [
        ("DB_HOST", True, "host"),
        ("PORT", False, ""),
    ]
    assert (contract.fixed, contract.cookie, contract.texts()) == (
        {"MODE": "shop"},
        "connect.sid",
        ["item"],
    )
    assert "list" not in contract.others


def test_a_whole_contract_must_name_its_requests():
    with pytest.raises(FactorLabError, match="'variables' is missing"):
        contract_of("")
    assert contract_of("", whole=False).variables == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[request]\nread = { path = '/' }", "did you mean requests"),
        ("[app]\nprot = 1", "did you mean port"),
        ("[variables]\nX = 'postgres-wheel'", "unknown kind 'postgres-wheel'"),
        ("[requests]\nread = 'GET /'", "requests.read must be as in"),
        ("[commands]\nmigrate = 'x'", "must be a list of words"),
    ],
)
def test_a_slip_in_a_contract_is_told(text, told):
    with pytest.raises(FactorLabError, match=told):
        contract_of(text, whole=False)


def test_what_the_contract_leaves_out_is_lacking_and_said_how_to_add():
    subject = Subject("app", Build("sha256:1", "x"), contract_of("", whole=False))
    lacking = {id for id, one in asked().items() if one.lacks(subject)}
    assert asked().keys() - lacking == {
        "image-names-its-revision",
        "reachable-from-outside",
        "requests-reach-stdout",
        "runs-without-root",
    }
    assert all(need.how for one in asked().values() for need in one.needs)


def test_questions_are_chosen_by_id_and_by_factor():
    assert chosen(["IX"]) >= {"stops-by-itself", "requests-survive-a-stop"}
    assert chosen(["honors-port"]) == {"honors-port"}
    with pytest.raises(FactorLabError, match="no question or factor 'IV2'"):
        chosen(["IV2"])


def test_every_question_has_a_factor_of_the_report():
    assert {one.factor for one in asked().values()} == FACTORS.keys()


@pytest.mark.parametrize(
    ("results", "status"),
    [
        ([Result.PASSED, Result.NOT_TESTED], 0),
        ([Result.PASSED, Result.FAILED], 1),
        ([Result.INCONCLUSIVE, Result.FAILED], 1),
        ([Result.PASSED, Result.INCONCLUSIVE], 2),
        ([Result.NOT_TESTED], 2),
        ([Result.SKIPPED, Result.PASSED], 0),
    ],
)
def test_the_exit_status(results, status):
    rows = [row(id, result) for id, result in zip(asked(), results, strict=False)]
    assert card(*rows).exit_status() == status


def test_a_fault_in_a_check_is_one_row_and_not_the_end_of_the_audit(monkeypatch):
    def ask(*_):
        raise UnicodeEncodeError("ascii", "Zoë", 2, 3, "ordinal not in range(128)")

    monkeypatch.setattr(run, "ask", ask)
    found = run._ask(None, None, asked()["honors-port"])
    assert found.result is Result.INCONCLUSIVE
    assert found.why.startswith("the check had a fault: UnicodeEncodeError: ")
    assert "not to blame" in found.next
    assert card(found).exit_status() == 2


def test_junit_and_the_page_hold_what_an_app_wrote_as_text():
    bad = "\x1b[31m<script>alert(1)</script>&]]>\x00"
    finding = Finding(Outcome.FAILED, "fine", bad, ("a",), [(bad,)], log=bad)
    shown = card(
        row("honors-port", Result.FAILED, finding=finding, log=bad, next="do it"),
        row("trace-goes-on", Result.NOT_TESTED, why="no request", next="add one"),
        row("runs-without-root", Result.SKIPPED, why="we know"),
        notes=[bad],
    )
    suites = ET.fromstring(as_junit.render(shown))
    assert [suite.get("name") for suite in suites] == [
        "VII Port binding",
        "O Observability",
        "S Least privilege",
    ]
    assert suites[0].get("failures") == "1"
    assert suites[1].get("skipped") == "1"
    html = as_html.render(shown)
    assert "<script" not in html
    assert "we know" in html
    assert "http://" not in html.replace("http://www.w3.org", "")


def test_a_draft_can_be_read_and_knows_the_usual_names():
    record = Record(
        [3000],
        {"PATH": "/bin", "REDIS_URL": "redis://x", "MODE": 'a "b"', "PORT": "3000"},
        healthcheck=["CMD-SHELL", "curl -f http://localhost:3000/healthz || exit 1"],
    )
    text = draft("shop", record)
    contract = contract_of(text, whole=False)
    assert (contract.port, contract.ready, contract.services()) == (3000, "/healthz", ["redis"])
    assert [v.name for v in contract.variables if not v.required] == ["PORT"]
    assert '# MODE = "a \\"b\\""' in text
    assert tomllib.loads(draft("bare", Record()))["app"]["port"] == 8000
    wanted = {need.what for question in asked().values() for need in question.needs}
    requests = {what.split("`")[1] for what in wanted if what.startswith("a request")}
    assert all(f"{name} = {{ " in text for name in requests), "each can be uncommented"
    assert kind_of("PGPASSWORD") == "postgres-password"


def test_a_draft_knows_what_a_variable_is_by_its_value_and_copies_no_secret():
    env = {
        "STORE": "postgresql://shop:hunter2@db/shop",
        "DATABASE_URL": "mysql://shop:hunter2@db/shop",
        "LITE_URL": "sqlite:///x",
        "PRICES": "http://prices:8000/",
        "STRIPE": "https://api.example.org",
        "STRIPE_KEY": "hunter2",
        "BANNER": "two\nlines\x7f",
        "odd.name": "redis://cache",
    }
    text = draft("shop", Record(env=env))
    data = tomllib.loads(text)
    assert data["variables"] == {
        "STORE": "postgres",
        "PRICES": "app",
        "STRIPE_KEY": "text",
        "odd.name": "redis",
    }
    assert "hunter2" not in text
    for line in ('# DATABASE_URL = "mysql://db/shop"', '# BANNER = "two\\nlines\\u007f"'):
        assert line in text.splitlines()
        assert tomllib.loads(line.removeprefix("# "))


def test_the_progress_counts_what_is_asked_and_not_what_is_set_aside(monkeypatch):
    seen = []
    monkeypatch.setattr(run, "_prepared", lambda lab, subject, notes: subject)
    monkeypatch.setattr(run, "_ask", lambda lab, subject, question: Row(question, Result.PASSED))
    monkeypatch.setattr(
        run, "working", lambda words, of: nullcontext(lambda _, done: seen.append((done, of)))
    )
    subject = Subject("app", Build("sha256:1", "x"), contract_of("", whole=False))
    card = run.audit(SimpleNamespace(memory_mib=256), subject)
    assert len(card.rows) == len(asked())
    assert seen == [(number, 4) for number in (1, 2, 3, 4)]


def test_a_target_that_is_none_is_told(tmp_path):
    with pytest.raises(FactorLabError, match="There is no Dockerfile"):
        resolve(str(tmp_path))
    with pytest.raises(FactorLabError, match="neither a folder"):
        resolve("./nowhere")
    assert resolve("shop:1.4").image == "shop:1.4"


@pytest.fixture
def command(monkeypatch, capsys):
    """Request `factorlab audit` on an image that exposes port 9000, without an engine."""
    subject = SimpleNamespace(image=SimpleNamespace(id="sha256:1"))
    monkeypatch.setattr(Target, "subject", lambda *_: subject)
    monkeypatch.setattr("factorlab.lab.Lab", nullcontext)
    monkeypatch.setattr("factorlab.audit.target.record_of", lambda _: Record([9000]))

    def call(*words):
        with pytest.raises(SystemExit) as ended:
            cli.main(["audit", *map(str, words)])
        return ended.value.code or 0, *capsys.readouterr()

    return call


def test_a_draft_goes_into_the_file_that_is_named_and_over_none(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "contracts" / "shop.toml"
    code, out, err = command("shop:1", "--contract", file, "--init")
    assert (code, err) == (0, "")
    assert f"Wrote {file}." in out
    assert f"factorlab audit shop:1 --contract {file}" in out
    assert not (tmp_path / "factorlab.toml").exists()
    assert contract_of(file.read_text(), whole=False).port == 9000
    file.write_text("mine")
    code, _, err = command("shop:1", "--contract", file, "--init")
    assert code == 1
    assert f"{file} is there already" in err
    assert file.read_text() == "mine"


def test_a_draft_for_a_compose_service_says_how_that_service_is_audited(
    command, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "compose.yaml").write_text("services: {web: {image: shop:1}, db: {image: pg}}")
    code, out, _ = command(tmp_path, "--service", "web", "--build-arg", "A=x y", "--init")
    assert code == 0
    assert f"factorlab audit {tmp_path} --service web --build-arg 'A=x y'\n" in out


def test_what_a_file_says_cannot_move_the_cursor_of_a_terminal(command, tmp_path):
    (tmp_path / "compose.yaml").write_text('services: {"a\\e[31mb": {image: x}, c: {image: y}}')
    code, _, err = command(tmp_path, "--service", "web")
    assert (code, "a\\x1b[31mb" in err, "\x1b" in err) == (1, True, False)


def test_a_contract_that_is_not_there_is_told_with_the_way_to_one(command, tmp_path):
    code, _, err = command("shop:1", "--contract", tmp_path / "shop.toml")
    assert code == 1
    assert "shop.toml is not there" in err
    assert "--init" in err


def test_what_was_found_is_told_also_when_a_report_cannot_be_written(
    command, tmp_path, monkeypatch
):
    done = card(row("honors-port", Result.PASSED))
    monkeypatch.setattr("factorlab.cli.audit._scorecard", lambda *_: done)
    (tmp_path / "file").touch()
    code, out, err = command("shop:1", "--junit", tmp_path / "file" / "audit.xml")
    assert code == 1
    assert "honors-port" in out
    assert "audit.xml could not be written" in err
