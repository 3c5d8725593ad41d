"""A panel's board without page and engine: what its buttons do, and what it tells."""

import threading
import time
from types import SimpleNamespace

import pytest
from fakes import FakeClock

from factorlab.errors import FactorLabError, NoAnswer, NotReady, NotStarted
from factorlab.panels.board import CLOSED

SOON = 10
"""Seconds after which a thread that should have moved on is taken to hang."""


def do(board, action, side="good", **more):
    board.do({"action": action, "side": side, **more})
    return board.sides.get(side)


def timeline(board):
    return [f"{event['who']}: {event['what']}" for event in board.events]


def test_a_start_takes_the_environment_as_it_is_on_the_page(board, lab):
    good = do(board, "start", env=[["GREETING", "Ahoy"], [" NEW ", "1=2"], ["", "left out"]])
    assert [app.env for app in lab.apps] == [{"GREETING": "Ahoy", "NEW": "1=2"}]
    assert good.as_dict()["apps"] == [{"name": "good-1", "state": "running"}]
    assert good.as_dict()["env"] == [["GREETING", "Ahoy"], ["NEW", "1=2"]]
    assert good.as_dict()["image"] == "good-image"
    assert timeline(board) == ["good-1: started", "good-1: answers"]
    assert board.sides["bad"].env == {"GREETING": "Hello"}, "the other side keeps its own"


def test_a_variable_in_two_rows_is_told_and_nothing_is_started(board, lab):
    good = do(
        board, "start", env=[["GREETING", "Hello"], ["", ""], ["", ""], ["GREETING ", "Ahoy"]]
    )
    assert "'GREETING' stands in more than one row" in good.message
    assert lab.apps == []


def test_a_new_start_replaces_as_many_replicas_as_there_were(board, lab):
    do(board, "start")
    do(board, "scale", replicas="3")
    before = list(lab.apps)
    do(board, "start", env=[["GREETING", "New"]])
    assert len(lab.apps) == 3
    assert not set(before) & set(lab.apps)
    assert all(app.env == {"GREETING": "New"} for app in lab.apps)


@pytest.mark.parametrize(("wanted", "count"), [("3", 3), (1, 1), ("5", 5)])
def test_replicas_are_as_many_as_asked_for(board, wanted, count):
    do(board, "scale", replicas=2)
    good = do(board, "scale", replicas=wanted)
    assert len(good.apps) == count and good.message == ""


@pytest.mark.parametrize("wanted", ["0", -2, "99", "", "2.5"])
def test_a_number_of_replicas_that_cannot_be_is_told_and_changes_nothing(board, wanted):
    do(board, "scale", replicas=2)
    good = do(board, "scale", replicas=wanted)
    assert f"'{wanted}'" in good.message and "from 1 to 5" in good.message
    assert len(good.apps) == 2


def test_a_first_scale_takes_the_environment_of_the_page_and_a_later_one_what_runs(board, lab):
    do(board, "scale", replicas=1, env=[["GREETING", "Ahoy"]])
    do(board, "scale", replicas=2, env=[["GREETING", "not started yet"]])
    assert [app.env["GREETING"] for app in lab.apps] == ["Ahoy", "Ahoy"]


def test_scaling_down_keeps_the_oldest(board, lab):
    do(board, "scale", replicas=4)
    oldest = lab.apps[:2]
    assert do(board, "scale", replicas=2).apps == lab.apps == oldest


def test_kill_takes_one_replica_and_requests_go_round_the_rest(board, lab):
    do(board, "scale", replicas=3)
    good = do(board, "kill")
    assert list(good.states.values()) == ["ended, exit code 137", "running", "running"]
    for _ in range(4):
        do(board, "send", method="GET", path="/")
    assert [len(app.requests) for app in lab.apps] == [0, 2, 2]
    assert sum("SIGKILL: ended with exit code 137" in line for line in timeline(board)) == 1


def test_stop_ends_all_and_restart_brings_the_same_back_with_their_environment(board, lab):
    do(board, "start", env=[["GREETING", "Old"]])
    do(board, "scale", replicas=2)
    before = list(lab.apps)
    assert set(do(board, "stop").states.values()) == {"ended, exit code 0"}
    do(board, "restart", env=[["GREETING", "New"]])
    assert lab.apps == before
    assert [(app.restarts, app.env["GREETING"]) for app in lab.apps] == [(1, "Old"), (1, "Old")]


def test_a_stop_that_had_to_kill_says_so(board, lab, monkeypatch):
    do(board, "start")
    monkeypatch.setattr(lab.apps[0], "stop", lambda: lab.apps[0].end(137))
    do(board, "stop")
    assert (
        timeline(board)[-1]
        == "good-1: SIGTERM, and SIGKILL as it did not end: ended with exit code 137"
    )


def test_an_answer_that_was_waited_for_in_vain_says_how_long(board, lab, monkeypatch):
    clock = FakeClock()

    def request(method, path, json_body=None):
        clock.sleep(10.02)
        raise NoAnswer("GET / got no response: timed out.")

    do(board, "start")
    monkeypatch.setattr(lab.apps[0], "request", request)
    monkeypatch.setattr("factorlab.panels.side.time", clock)
    assert do(board, "send").answers[-1]["said"] == "got no response: timed out after 10 s."


def test_a_request_carries_its_body_and_its_answer_is_safe_to_draw(board, lab):
    do(board, "start")
    good = do(board, "send", method="POST", path="orders", body='{"item": "tea"}')
    assert lab.apps[0].requests == [("POST", "/orders", {"item": "tea"})]
    (answer,) = good.answers
    assert answer["asked"] == "POST /orders" and answer["by"] == "good-1"
    assert "\x1b" not in answer["said"] + good.log
    for _ in range(9):
        do(board, "send")
    assert len(good.answers) == 6


def test_a_page_of_metrics_is_shown_whole_and_what_is_longer_says_so(board, lab, monkeypatch):
    def answer(text):
        with monkeypatch.context() as long:
            long.setattr(
                lab.apps[0], "request", lambda *_, **__: SimpleNamespace(status_code=200, text=text)
            )
            return do(board, "send").answers[-1]["said"]

    do(board, "start")
    page = "orders_total 1.0\n" * 200
    assert answer(page) == f"200 {page}"
    assert answer("x" * 10_000).endswith("x … and 5,004 more characters")


@pytest.mark.parametrize("body", ["{tea", "'tea'", "9" * 5000, "[" * 100_000])
def test_a_body_that_is_no_json_becomes_a_message_and_is_not_sent(board, lab, body):
    do(board, "start")
    good = do(board, "send", method="POST", path="/orders", body=body)
    assert "The body is not JSON" in good.message and "double quotes" in good.message
    assert lab.apps[0].requests == []
    assert do(board, "send", method="POST", path="/orders", body="{}").message == ""


def test_no_path_leads_to_another_host(board, lab):
    do(board, "start")
    do(board, "send", path="@elsewhere/")
    assert lab.apps[0].requests == [("GET", "/@elsewhere/", None)]


def test_a_request_that_nobody_answers_is_an_answer_too(board):
    do(board, "start")
    do(board, "kill")
    assert "connection refused" in do(board, "send").answers[0]["said"]

    assert do(board, "send").answers[0]["said"].startswith("got no response"), "asked is said once"


@pytest.mark.parametrize("action", ["send", "restart", "stop", "kill"])
def test_where_nothing_runs_a_column_says_what_to_press(board, action):
    assert "press Start" in do(board, action).message


@pytest.mark.parametrize("action", ["stop", "kill"])
def test_what_has_ended_cannot_be_ended_again_and_the_column_says_so(board, action):
    do(board, "start")
    do(board, "stop")
    good = do(board, action)
    assert f"nothing to {action}" in good.message and "Restart" in good.message
    assert list(good.states.values()) == ["ended, exit code 0"]


def test_what_cannot_be_built_has_no_image_on_the_page(board, lab, monkeypatch):
    do(board, "start")

    def refuse(variant):
        raise FactorLabError("Line 1 of the Dockerfile is not allowed.")

    monkeypatch.setattr(lab, "image", refuse)
    good = do(board, "start").as_dict()
    assert good["apps"] == [] and good["image"] == "" and "Line 1" in good["message"]


def test_a_service_is_paused_and_resumed_and_a_refusal_is_told(board, lab):
    for action in ("pause", "pause", "resume"):
        board.do({"action": action, "service": "production"})
    lab.services[0].fault = NotReady("The engine was stopped.")
    board.do({"action": "pause", "service": "production"})
    lab.services[0].fault = None
    assert timeline(board) == [
        "production: paused",
        "production: cannot be paused: it is paused",
        "production: resumed",
        "production: The engine was stopped.",
    ]
    assert board.message == "The engine was stopped."
    board.look()
    assert board.services == [{"name": "production", "state": "running", "holds": "3 rows"}]


def test_a_database_that_is_just_starting_does_not_end_the_look(board, lab):
    lab.services[0].fault = FactorLabError("The database did not carry out the statement.")
    board.look()
    assert board.services == [{"name": "production", "state": "running", "holds": ""}]
    assert board.message == ""


def test_what_ended_by_itself_is_on_the_timeline_once(board, lab):
    do(board, "start")
    lab.apps[0].end(1)
    board.look()
    board.look()
    assert timeline(board)[2:] == ["good-1: ended, exit code 1"]
    do(board, "restart")
    do(board, "kill")
    assert timeline(board)[-1] == "good-1: SIGKILL: ended with exit code 137"


def test_the_log_names_the_replica_where_there_are_several(board):
    assert do(board, "start").log.startswith("log of good-1")
    lines = do(board, "scale", replicas=2).log.splitlines()
    assert [line.split(" | ")[0] for line in lines] == ["good-1", "good-2"]


def test_the_timeline_is_cut_at_its_beginning(board):
    for number in range(250):
        board.do({"action": f"a{number}"})
    assert len(board.events) == 200
    assert "a249" in board.events[-1]["what"]


def test_without_an_engine_the_panel_says_so_and_its_buttons_come_back(board, lab):
    do(board, "start")
    lab.engine_is_gone = True
    good = do(board, "kill")
    assert "No container engine answers." in board.snapshot()["message"]
    assert good.doing == ""
    lab.engine_is_gone = False
    do(board, "send")
    assert board.snapshot()["message"] == ""


def test_after_a_fault_of_our_own_a_column_takes_commands_again(board, lab, monkeypatch):
    def fail(variant):
        raise RuntimeError("a fault of ours")

    with monkeypatch.context() as broken:
        broken.setattr(lab, "image", fail)
        with pytest.raises(RuntimeError):  # the panel says it over all columns
            do(board, "start")
    assert board.sides["good"].as_dict()["doing"] == "", "its buttons are on"
    assert list(do(board, "start").states.values()) == ["running"]


def test_a_closed_lab_is_told_and_nothing_is_tried(board, lab):
    lab.closed = True
    do(board, "start")
    assert board.snapshot()["message"] == CLOSED
    assert lab.apps == []


def test_what_ran_in_a_lab_that_is_closed_is_said_to_be_gone(board, lab):
    do(board, "start")
    lab.closed = True
    good = do(board, "send")
    assert good.as_dict()["apps"] == [{"name": "good-1", "state": "removed"}]
    assert {(one["state"], one["holds"]) for one in board.snapshot()["services"]} == {
        ("removed", "")
    }


@pytest.fixture
def slow(board, lab, monkeypatch):
    """`good` runs and answers nothing, until it is killed."""
    do(board, "start")
    killed = threading.Event()

    def request(method, path, json_body=None):
        killed.wait(SOON)
        raise NoAnswer(f"{method} {path} got no response: the connection was cut.")

    def kill():
        killed.set()
        return lab.apps[0].end(137)

    monkeypatch.setattr(lab.apps[0], "request", request)
    monkeypatch.setattr(lab.apps[0], "kill", kill)
    return board.sides["good"]


def send(board, slow, times):
    """Requests under way, as many as that."""
    threads = [threading.Thread(target=do, args=(board, "send")) for _ in range(times)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + SOON
    while slow.as_dict()["waiting"] < times and time.monotonic() < deadline:
        time.sleep(0.01)
    return threads


def test_who_owes_an_answer_can_be_killed(board, slow):
    (thread,) = send(board, slow, 1)
    assert slow.as_dict()["waiting"] == 1 and slow.answers == []
    assert do(board, "kill").as_dict()["apps"][0]["state"] == "ended, exit code 137"
    thread.join(SOON)
    assert [one["said"] for one in slow.answers] == ["got no response: the connection was cut."]
    assert slow.as_dict()["waiting"] == 0


def test_no_more_requests_wait_than_the_panel_has_hands_for(board, slow):
    threads = send(board, slow, 3)
    assert "3 requests are on their way already" in do(board, "send").message
    do(board, "kill")
    for thread in threads:
        thread.join(SOON)
    assert len(slow.answers) == 3


def test_who_wrote_nothing_before_it_ended_has_no_log_to_be_read(board, lab):
    def end(app):
        raise NotStarted("It ended before it answered.", why="(it wrote nothing)")

    lab.on_wait = end
    assert do(board, "start").message == "It ended before it answered. It wrote nothing."


def test_what_a_failed_build_said_is_in_the_log_until_a_build_goes_well(board, lab, monkeypatch):
    def fail(variant):
        raise NotStarted("The image could not be built.", logs="pip: no such package \x1b[31m")

    with monkeypatch.context() as broken:
        broken.setattr(lab, "image", fail)
        good = do(board, "start")
        assert "log below" in good.message and good.log.startswith("pip: no such package")
        assert "\x1b" not in good.log
        assert do(board, "send").log == good.log, "still there to be read"
    assert do(board, "start").log.startswith("log of good-1")


def test_two_commands_on_one_side_do_not_interleave(board, lab):
    began, go_on = threading.Event(), threading.Event()

    def wait(app):
        began.set()
        assert go_on.wait(SOON)

    lab.on_wait = wait
    threads = [
        threading.Thread(target=do, args=(board, "start")),
        threading.Thread(target=do, args=(board, "scale"), kwargs={"replicas": 3}),
        threading.Thread(target=do, args=(board, "scale", "bad"), kwargs={"replicas": 1}),
    ]
    threads[0].start()
    assert began.wait(SOON)
    assert board.sides["good"].doing == "starting"
    board.look()  # the panel looks on all the while
    for thread in threads[1:]:
        thread.start()
    go_on.set()
    for thread in threads:
        thread.join(SOON)
        assert not thread.is_alive()
    good = [line for line in timeline(board) if line.startswith("good")]
    assert good[:2] == ["good-1: started", "good-1: answers"]
    assert len(board.sides["good"].apps) == 3
    assert len(board.sides["bad"].apps) == 1, "the other side need not wait"
