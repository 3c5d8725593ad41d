"""Requests that are in flight for as long as a test likes, a load that goes on, a table that is
locked, and a router that drains."""

import pytest
from on_engine import until

from factorlab import Lab
from factorlab.errors import NoAnswer
from factorlab.lab import Request, kill_at_commit

pytestmark = pytest.mark.engine

ORDER = Request("POST", "/orders", {"item": "tea"})


@pytest.fixture(scope="module")
def lab():
    with Lab("05-disposability") as lab:
        yield lab


@pytest.fixture
def app(lab):
    app = lab.run("good", env={"BANK_SECONDS": "0.1"})
    yield app
    app.remove()


def test_a_held_load_is_answered_when_it_is_let_go(app):
    orders = app.begin_load(ORDER, 5, hold=True)
    assert app.logs().count("POST /orders") == 0
    assert orders.finish().statuses() == {"200": 5}


def test_a_begun_load_ends_by_itself(app):
    assert app.begin_load(ORDER, 5).finish().statuses() == {"200": 5}


def test_a_held_load_is_lost_with_its_app(app):
    orders = app.begin_load(ORDER, 5, hold=True)
    app.kill()
    load = orders.finish()
    assert load.statuses() == {"connection closed without a response": 5}
    assert load.lost == 5


def test_an_app_that_answers_before_the_body_came_is_heard(app):
    orders = app.begin_load(Request("POST", "/no-such", {"item": "tea"}), 2, hold=True)
    assert orders.finish().statuses() == {"404": 2}


def test_a_load_cannot_be_begun_where_nothing_listens(app):
    app.kill()
    with pytest.raises(NoAnswer):
        app.begin_load(ORDER, 2)


def test_an_open_connection_is_no_request(app):
    connection = app.begin("POST", "/orders", {"item": "tea"}, sent=False)
    app.stop()
    assert connection.finish() is None


def test_a_fire_counts_all_that_it_sent(lab, app):
    fire = app.fire(ORDER, per_second=20)
    app.post("/orders", {"item": "tea"})
    app.stop()
    app.start()
    load = fire.cease()
    assert load.count(200) and load.lost
    assert load.count(200) + load.lost == len(load)
    assert [reply.at for reply in load.replies] == sorted(reply.at for reply in load.replies)
    lanes = load.timeline("A restart", app).lanes
    assert [span.what for span in lanes[app.name]] == ["stopping", "starting"]
    assert {span.what for span in lanes["requests"]} == {"all answered", "some lost"}


def test_a_router_that_drains_waits_for_what_is_under_way(lab):
    apps = lab.run("good", name="drained", replicas=2, env={"BANK_SECONDS": "0.5"})
    router = lab.router(*apps)
    fire = router.fire(ORDER, per_second=20)
    for app in apps:
        router.point_at([other for other in apps if other is not app], drain=True)
        app.kill()  # nothing is under way on it: not even SIGKILL loses a request
        app.start()
        router.point_at(apps)
    assert fire.cease().lost == 0


@pytest.mark.parametrize(("done", "rows"), [(False, 0), (True, 1)])
def test_a_process_is_killed_just_before_or_just_after_its_commit(lab, done, rows):
    bank, queue = lab.database("bank", schema=lab.contract.schema), lab.redis("queue")
    env = {"DATABASE_URL": bank.url, "REDIS_URL": queue.url}
    queue.command("RPUSH", "jobs", "one")
    assert kill_at_commit(lambda: lab.run("pop", env=env, wait=False), bank, "charges", done=done)
    assert bank.rows() == rows
    assert bank.wait("SELECT 1", seconds=1)
    bank.query("INSERT INTO charges VALUES ('two')")  # commits are confirmed again


def test_a_failing_container_is_started_again_when_it_is_asked_for(lab):
    image = lab.image("good")
    app = lab.deploy(image, "failing", wait=False, command=["sh", "-c", "exit 3"], restart=True)
    assert until(lambda: app.state.restarts >= 2)
    app.remove()
