"""What a learner holds in hand, with real containers: apps, replicas, databases, signals."""

import socket
import urllib.request

import psutil
import pytest
from on_engine import until

from factorlab import Lab
from factorlab.errors import Endless, FactorLabError, NoAnswer, NotStarted

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def db(lab):
    return lab.postgres("orders-db")


@pytest.fixture(scope="module")
def good(lab, db):
    return lab.run("good", env={"DATABASE_URL": db.url, "GREETING": "Hello"})


def test_bad_and_good_answer_in_their_own_words(lab, good):
    bad = lab.run("bad", env={"GREETING": "ignored"})
    assert bad.get("/").json() == {"greeting": "Hello from staging"}
    assert good.get("/").json() == {"greeting": "Hello"}
    assert bad.image_id != good.image_id
    assert good.seconds_to_ready is not None and good.seconds_to_ready > 0
    assert "running" in repr(good)
    bad.remove()
    assert bad.state.status == "removed"


def test_a_write_arrives_where_the_environment_says(good, db):
    before = db.rows()
    assert good.post("/orders", {"item": "tea"}).status_code == 200
    assert db.rows() == before + 1
    assert db.connections() >= 1


def test_a_body_can_be_any_bytes(good, db):
    before = db.rows()
    asked = {"content": b'{"item": "tea"}', "headers": {"content-type": "application/json"}}
    assert good.request("POST", "/orders", **asked).status_code == 200
    assert db.rows() == before + 1
    assert good.request("POST", "/orders", content=bytes(range(256))).status_code == 422


def test_a_response_is_what_the_app_sent(good):
    missing = good.get("/nowhere", headers={"x-test": "1"}, params={"q": "ü"})
    assert missing.status_code == 404
    assert missing.json() == {"detail": "Not Found"}


def test_logs_hold_what_it_wrote_and_as_much_as_asked_for(good):
    good.get("/?marker=12345")
    assert until(lambda: "marker=12345" in good.logs())  # the engine writes them down a bit later
    assert len(good.logs(tail=1).splitlines()) == 1
    assert good.logs(tail=0) == ""


def test_killed_it_ends_with_137_and_starts_again(good):
    assert good.kill() == 137
    assert good.exit_code == 137
    with pytest.raises(NoAnswer) as told:
        good.get("/")
    assert "app.logs()" in told.value.next
    good.start()
    assert good.exit_code is None
    assert good.get("/").json() == {"greeting": "Hello"}


def test_stopped_it_ends_with_0_and_a_restart_keeps_its_environment(good):
    assert good.stop() == 0
    assert good.stop() == 0, "stopping twice is fine"
    good.start()
    container = good.inspect()["Id"]
    good.restart()
    assert good.inspect()["Id"] == container
    assert "GREETING=Hello" in good.inspect()["Config"]["Env"]
    assert good.get("/").json() == {"greeting": "Hello"}


def test_a_frozen_app_does_not_answer_until_it_runs_on(good):
    good.pause()
    assert good.state.status == "paused"
    with pytest.raises(NoAnswer, match="timed out"):
        good.get("/", seconds=0.3)
    good.unpause()
    assert good.get("/").status_code == 200


def test_an_app_that_waits_for_its_disk_can_be_frozen(lab):
    writes = "while :; do dd if=/dev/zero of=/var/tmp/$i bs=64k count=200 conv=fsync; done"
    busy = lab.run(
        "good", wait=False, command=f"sh -c 'for i in 1 2 3 4; do ({writes})& done; wait'"
    )
    for _ in range(10):
        busy.pause()
        assert busy.state.status == "paused"
        busy.unpause()


def test_a_command_runs_inside(good):
    assert good.exec("cat", "/proc/1/comm")[0] == 0
    assert good.exec("sh", "-c", "echo $GREETING; exit 3") == (3, "Hello\n")
    much = "echo begun; head -c 3000000 /dev/zero | tr '\\0' x; exit 4"
    assert good.exec("sh", "-c", much) == (4, f"begun\n{'x' * 3_000_000}")


@pytest.mark.parametrize(
    ("command", "words"),
    [("yes", "writes more than 16 million bytes"), ("sleep 60", r"not ended after 0\.5 s")],
)
def test_a_command_inside_that_has_no_end_is_given_up(good, command, words):
    with pytest.raises(Endless, match=words):
        good.exec(*command.split(), seconds=0.5 if "sleep" in command else 60)
    assert good.get("/").status_code == 200


def test_replicas_answer_together_under_one_name(lab, db):
    env = {"DATABASE_URL": db.url, "GREETING": "Many"}
    replicas = lab.run("good", env=env, name="shop", replicas=2)
    assert [app.name for app in replicas] == ["shop-1", "shop-2"]
    assert all(app.get("/").json() == {"greeting": "Many"} for app in replicas)
    first, second = replicas
    addresses = "import socket; print(len({a[4] for a in socket.getaddrinfo('shop', 8000)}))"
    assert first.exec("python", "-c", addresses) == (0, "2\n")
    first.kill()
    assert second.get("/").status_code == 200
    assert first.exec("true")[0] != 0 if first.exit_code is None else True
    for app in replicas:
        app.remove()


def test_names_of_apps_are_their_own(lab, good):
    first = lab.run("bad", name="twice", wait=False)
    second = lab.run("bad", name="twice", wait=False)
    assert (first.name, second.name) == ("twice", "twice-2")
    assert first.inspect()["Name"] != second.inspect()["Name"]
    first.remove()
    second.remove()


def test_without_its_config_it_does_not_start_and_says_so(lab):
    with pytest.raises(NotStarted) as told:
        lab.run("good")
    error = told.value
    assert error.exit_code == 1
    assert "KeyError: 'DATABASE_URL'" in error.logs
    assert "exit code 1" in str(error) and "DATABASE_URL" in str(error)
    assert "Next: read its last lines above" in str(error)


def test_an_app_that_does_not_listen_is_told_where_to(lab, monkeypatch):
    monkeypatch.setattr("factorlab.lab.apps.app.READY_SECONDS", 1.5)
    built = lab.build("deaf", {"Dockerfile": b'FROM factorlab/python:3.11\nCMD ["sleep", "60"]\n'})
    with pytest.raises(NotStarted) as told:
        lab.deploy(built, "deaf")
    assert told.value.exit_code is None
    assert "runs, but did not answer" in str(told.value)
    assert "0.0.0.0:8000" in told.value.next


SLOW = """
import http.server, time
while time.process_time() < 5:
    pass
http.server.HTTPServer(("", 8000), http.server.SimpleHTTPRequestHandler).serve_forever()
"""


def test_an_app_that_is_kept_from_the_cores_while_it_starts_is_waited_for(lab):
    """A fifth of a core for five CPU seconds: it is not the machine that is overloaded."""
    dockerfile = b'FROM factorlab/python:3.11\nCOPY app.py .\nCMD ["python", "app.py"]\n'
    image = lab.build("slow", {"Dockerfile": dockerfile, "app.py": SLOW.encode()})
    app = lab.deploy(image, "slow", cpus=0.2)
    assert app.seconds_to_ready > 20
    app.remove()


def test_an_image_that_cannot_be_built_says_which_line(lab):
    with pytest.raises(NotStarted) as told:
        lab.build("broken", {"Dockerfile": b"FROM factorlab/python:3.11\nCOPY nothing.py .\n"})
    assert "nothing.py" in told.value.why


def test_a_variant_that_does_not_exist_is_answered_with_those_that_do(lab):
    with pytest.raises(FactorLabError, match="no app 'worse'") as told:
        lab.run("worse")
    assert "bad" in told.value.next and "good" in told.value.next


def test_a_browser_on_this_machine_gets_in_and_nobody_else(good, lab):
    other = lab.run("bad", name="other")
    addresses = {app.name: app.open() for app in (good, other)}
    assert addresses[good.name] == good.open(), "the door is made once"
    for app, greeting in ((good, b"Hello"), (other, b"Hello from staging")):
        address = addresses[app.name]
        assert address.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(address, timeout=10) as answer:
            assert greeting in answer.read()
        port = int(address.rsplit(":", 1)[1].strip("/"))
        for host in other_addresses():
            with pytest.raises(OSError), socket.create_connection((host, port), timeout=2):
                pass
    other.remove()


def other_addresses() -> list[str]:
    """This machine's IPv4 addresses that are not loopback."""
    return [
        address.address
        for addresses in psutil.net_if_addrs().values()
        for address in addresses
        if address.family == socket.AF_INET and not address.address.startswith("127.")
    ]


def test_a_new_password_shuts_the_old_one_out(lab, db, good):
    old = db.url
    db.set_password("it's new")
    assert db.url != old
    assert good.post("/orders", {"item": "tea"}).status_code == 500
    renewed = lab.run("good", env={"DATABASE_URL": db.url, "GREETING": "New"}, name="renewed")
    before = db.rows()
    assert renewed.post("/orders", {"item": "tea"}).status_code == 200
    assert db.rows() == before + 1
    renewed.remove()


def test_a_database_keeps_its_data_over_stop_and_kill(db):
    db.query("INSERT INTO orders (item) VALUES ('tea')")
    rows = db.rows()
    assert rows
    db.stop()
    db.start()
    assert db.rows() == rows
    db.kill()
    db.start()
    assert db.rows() == rows


def test_a_database_says_in_its_own_words_what_is_wrong(db):
    with pytest.raises(FactorLabError, match='relation "nowhere" does not exist'):
        db.query("SELECT * FROM nowhere")
    assert db.query("SELECT %s::int + 1, NULL, now()::text <> ''", 41) == [[42, None, True]]


def test_redis_runs_commands_and_keeps_data_over_a_pause(lab):
    cache = lab.redis()
    assert cache.command("SET", "greeting", "hello")
    cache.pause()
    cache.unpause()
    assert cache.command("GET", "greeting") == "hello"
    assert cache.url == "redis://cache:6379/0"
    with pytest.raises(FactorLabError, match="unknown command"):
        cache._network.probe.redis(cache.url, "NONSENSE", seconds=0.2)
    cache.remove()


def test_a_closed_lab_says_what_to_do():
    lab = Lab("00-start-here")
    app = lab.run("hello")
    assert app.get("/").json()["greeting"]
    lab.close()
    lab.close()
    for use in (
        lambda: app.get("/"),
        lambda: lab.run("hello"),
        lambda: lab.run("hello", replicas=2),
        lambda: lab.build("x", {"Dockerfile": b"FROM factorlab/python:3.11\n"}),
        lab.postgres,
        lab.redis,
    ):
        with pytest.raises(FactorLabError, match="is closed") as told:
            use()
        assert "run the cell that makes the lab again" in told.value.next
    assert repr(lab) == "<Lab 00-start-here (closed)>"
