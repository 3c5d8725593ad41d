"""Lesson 10 with real containers: what its stored outputs do not show. (Who reaches the bad and the good
app, `half` and its port, the shell that keeps SIGTERM, and whom an app behind a router believes stand
there.)"""

import pytest

from factorlab import Lab
from factorlab.errors import NotStarted

pytestmark = [pytest.mark.engine, pytest.mark.part("vii")]


@pytest.fixture(scope="module")
def lab():
    with Lab("10-port-binding") as lab:
        yield lab


@pytest.fixture(scope="module")
def apps(lab):
    """Told 8000; the bad one answers nobody."""
    env = {"PORT": "8000", "PRICES": "{}"}
    return {
        variant: lab.run(variant, env=env, wait=variant != "bad")
        for variant in ("bad", "good", "exec")
    }


def seen(lab, check, app):
    verdict = lab.ask(check, app).verdicts[0]
    return verdict.passed, verdict.finding.seen


def test_the_bad_one_is_not_reached_and_says_where_it_listens(lab, apps):
    with pytest.raises(NotStarted, match=r"listens on 127\.0\.0\.1"):
        lab.ask("sigterm-reaches-the-app", apps["bad"])


@pytest.mark.parametrize(
    ("variant", "check"),
    [
        ("good", "sigterm-reaches-the-app"),
        ("exec", "honors-port"),
        ("good", "missing-config-is-named"),
        ("good", "settings-from-environment"),
        ("good", "no-secret-in-image"),
    ],
)
def test_the_good_ones_pass_what_was_taught_so_far(lab, apps, variant, check):
    passed, text = seen(lab, check, apps[variant])
    assert passed, text


def test_an_app_is_asked_on_the_port_that_its_environment_names(lab):
    app = lab.run("good", name="elsewhere", env={"PORT": "9123"})
    assert app.port == 9123
    assert app.get("/").status_code == 200
    app.stop()
    assert app.listens() == []
    app.remove()
