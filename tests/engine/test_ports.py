"""Lesson 10 with real containers: who reaches an app, the port that it is told, and whom an app
behind a router believes."""

import pytest

from factorlab import Lab
from factorlab.errors import NotStarted
from factorlab.lab.knock import CLOSED, ELSEWHERE

pytestmark = [pytest.mark.engine, pytest.mark.part("vii")]


@pytest.fixture(scope="module")
def lab():
    with Lab("10-port-binding") as lab:
        yield lab


@pytest.fixture(scope="module")
def apps(lab):
    """One of each variant, told 8000; the bad one answers nobody."""
    env = {"PORT": "8000", "PRICES": "{}"}
    return {
        variant: lab.run(variant, env=env, wait=variant != "bad")
        for variant in lab.lesson.variants
    }  # fmt: skip


def seen(lab, check, app):
    verdict = lab.ask(check, app).verdicts[0]
    return verdict.passed, verdict.finding.seen


@pytest.mark.parametrize(
    ("variant", "listens", "sibling", "door"),
    [
        ("bad", "127.0.0.1:8000", "connection refused", CLOSED),
        ("good", "0.0.0.0:8000", "200", "200"),
    ],
)
def test_who_reaches_an_app(apps, variant, listens, sibling, door):
    assert apps[variant].listens() == [listens]
    knocked = apps[variant].knock()
    assert knocked["inside"] == "200"
    assert knocked["from a sibling"] == sibling
    assert knocked["from this machine"] in (door, ELSEWHERE)


def test_the_bad_one_is_not_reached_and_says_where_it_listens(lab, apps):
    found = seen(lab, "reachable-from-outside", apps["bad"])
    assert found == (False, "no answer; it listens on 127.0.0.1")
    with pytest.raises(NotStarted, match=r"listens on 127\.0\.0\.1"):
        lab.ask("sigterm-reaches-the-app", apps["bad"])


def test_half_a_cure_is_reached_where_nobody_asks(lab, apps):
    assert seen(lab, "reachable-from-outside", apps["half"])[0]
    found = seen(lab, "honors-port", apps["half"])
    assert found == (False, "0 of 4 answer on the port that they were told")


def test_a_shell_keeps_sigterm_from_the_server(lab, apps):
    assert seen(lab, "honors-port", apps["shell"])[0]
    passed, text = seen(lab, "sigterm-reaches-the-app", apps["shell"])
    assert not passed
    assert "ran on for 10 s; process 1 is sh" in text


@pytest.mark.parametrize(
    ("variant", "check"),
    [
        *((v, c) for v in ("good", "exec")
          for c in ("reachable-from-outside", "honors-port", "sigterm-reaches-the-app")),
        ("good", "missing-config-is-named"),
        ("good", "settings-from-environment"),
        ("good", "no-secret-in-image"),
    ],
)  # fmt: skip
def test_the_good_ones_pass_what_was_taught_so_far(lab, apps, variant, check):
    passed, text = seen(lab, check, apps[variant])
    assert passed, text


@pytest.mark.parametrize(
    ("trusted", "scheme", "client", "forged"),
    [
        ("", "http", "router", "probe"),
        ("router", "https", "probe", "probe"),
        ("*", "https", "probe", "203.0.113.9"),
    ],
)
def test_an_app_believes_whom_it_is_told_to(lab, trusted, scheme, client, forged):
    router = lab.router(https=True)
    env = {
        "PORT": "8000",
        "FORWARDED_ALLOW_IPS": router.address if trusted == "router" else trusted,
    }
    app = lab.run("good", name="believes", env=env)
    router.point_at([app])
    told = router.get("/caller", headers={"Host": "shop.example"}).json()
    assert told["link"] == f"{scheme}://shop.example/"
    assert lab.who(told["client"]).partition("-")[0] == client
    direct = app.get("/caller", headers={"X-Forwarded-For": "203.0.113.9"}).json()
    assert lab.who(direct["client"]) == forged
    for container in (app, router):
        container.remove()


def test_an_app_is_asked_on_the_port_that_its_environment_names(lab):
    app = lab.run("good", name="elsewhere", env={"PORT": "9123"})
    assert app.port == 9123
    assert app.get("/").status_code == 200
    app.stop()
    assert app.listens() == []
    app.remove()
