"""A panel's board on a real lab: what its buttons do to containers, and versions of one's own."""

import pytest

from factorlab import Lab
from factorlab.errors import Refused
from factorlab.panels.board import CLOSED, Board

pytestmark = pytest.mark.engine

GREETING = 'return {"greeting": GREETING}'


@pytest.fixture(scope="module")
def db(lab):
    return lab.postgres("production")


@pytest.fixture(scope="module")
def board(lab, db):
    return Board(lab, ("bad", "good"), {"DATABASE_URL": db.url, "GREETING": "Hello"})


@pytest.fixture
def good(board, db):
    """`good` with one replica that runs, and the environment of the panel."""
    side, env = board.sides["good"], {"DATABASE_URL": db.url, "GREETING": "Hello"}
    if side.env != env or list(side.states.values()) != ["running"]:
        do(board, "scale", replicas=1)
        do(board, "start", env=[*env.items()])
    return side


def do(board, action, side="good", **more):
    board.do({"action": action, "side": side, **more})
    return board.sides[side]


def answer(board, side="good", **request):
    """What the next request to a side is answered."""
    return do(board, "send", side, **request).answers[-1]["said"]


def test_an_order_sent_from_the_panel_is_in_the_database(board, good, db):
    before = db.rows()
    assert answer(board) == '200 {"greeting":"Hello"}'
    said = answer(board, method="POST", path="/orders", body='{"item": "tea"}')
    assert said == f'200 {{"orders":{before + 1}}}'
    (service,) = board.services
    rows = "1 row" if before == 0 else f"{before + 1} rows"
    assert service == {"name": "production", "state": "running", "holds": rows}
    assert "POST /orders" in good.log
    assert good.as_dict()["image"] in good.apps[0].image_id


def test_killed_and_restarted_it_keeps_its_environment_and_started_anew_it_takes_the_new(
    board, good, db
):
    assert do(board, "kill").states == {"good": "ended, exit code 137"}
    assert "connection refused" in answer(board)
    container = good.apps[0].inspect()["Id"]
    assert do(board, "restart").states == {"good": "running"}
    assert good.apps[0].inspect()["Id"] == container
    assert '"Hello"' in answer(board)
    do(board, "start", env=[["DATABASE_URL", db.url], ["GREETING", "Ahoy"]])
    assert good.apps[0].inspect()["Id"] != container
    assert '"Ahoy"' in answer(board)


def test_three_replicas_share_the_requests_and_one_less_is_no_harm(board, good):
    do(board, "scale", replicas="3")
    assert list(good.states.values()) == ["running"] * 3
    do(board, "kill")
    asked = [do(board, "send").answers[-1] for _ in range(4)]
    assert {seen["said"] for seen in asked} == {'200 {"greeting":"Hello"}'}
    assert {seen["by"] for seen in asked} == {app.name for app in good.apps[1:]}
    first = good.apps[0]
    do(board, "scale", replicas="1")
    assert good.apps == [first]


def test_a_paused_database_holds_the_order_until_it_is_resumed(board, good):
    board.do({"action": "pause", "service": "production"})
    assert board.services == [{"name": "production", "state": "paused", "holds": ""}]
    assert '"Hello"' in answer(board), "what needs no database goes on"
    board.do({"action": "pause", "service": "production"})
    assert board.events[-1]["what"] == "cannot be paused: it is paused"
    board.do({"action": "resume", "service": "production"})
    assert board.services[0]["state"] == "running"
    assert answer(board, method="POST", path="/orders", body='{"item": "tea"}').startswith("200")


def test_without_a_variable_the_column_says_how_it_ended(board, good):
    do(board, "start", env=[["GREETING", "Hello"]])
    assert "exit code 1" in good.message
    assert "DATABASE_URL" in good.log
    assert good.states == {"good": "ended, exit code 1"}
    assert "KeyError" in good.log
    assert good.doing == ""


def test_my_version_answers_beside_the_original(board, lab, good):
    text = lab.source("good", "app.py").replace(GREETING, 'return {"greeting": "mine"}')
    do(board, "edit", files={"app.py": text})
    assert board.sides["my-good"].states == {"my-good": "running"}
    assert '"mine"' in answer(board, "my-good")
    assert '"Hello"' in answer(board)
    assert board.sides["my-good"].image != good.image


def test_a_version_is_built_anew_when_it_was_changed_and_only_then(lab, db):
    text = lab.source("good", "app.py")
    built = []
    for word in ("one", "one", "two"):
        changed = text.replace(GREETING, f'return {{"greeting": "{word}"}}')
        lab._save_variant("my-own/app.py from good", changed)
        built.append(lab.image("my-own").id)
    assert built[0] == built[1] != built[2]
    app = lab.run("my-own", env={"DATABASE_URL": db.url, "GREETING": "Hello"})
    assert app.get("/").json() == {"greeting": "two"}
    app.remove()


@pytest.mark.parametrize("line", ["RUN id", "ADD http://example.org/x .", "FROM alpine"])
def test_a_dockerfile_of_ones_own_is_held_to_the_rules_of_answers(lab, line):
    text = f"FROM factorlab/python:3.11\nCOPY app.py .\n{line}\n"
    lab._save_variant("my-strict/Dockerfile from good", text)
    with pytest.raises(Refused, match="my-strict cannot be built"):
        lab.run("my-strict", wait=False)


def test_a_refused_dockerfile_is_a_message_in_the_column_of_ones_own_version(board, lab, good):
    text = lab.source("good", "Dockerfile") + "RUN id\n"
    do(board, "edit", files={"Dockerfile": text})
    assert "RUN is not available here" in board.sides["my-good"].message
    assert good.states == {"good": "running"} and good.message == ""


def test_a_lab_that_is_closed_under_the_panel_is_told():
    with Lab("00-start-here") as lab:
        board = Board(lab, ("hello",), {})
        do(board, "start", "hello")
        assert answer(board, "hello").startswith("200")
    for action in ("start", "send", "kill", "scale"):
        board.do({"action": action, "side": "hello", "replicas": 2})
        assert board.snapshot()["message"] == CLOSED
    board.look()
    assert board.snapshot()["sides"][0]["apps"] == [{"name": "hello", "state": "removed"}]
