"""Lesson 14: each app fails for the reason that the lesson names, and the good one passes the checks
of the factors before."""

import pytest

from factorlab import Lab
from factorlab.checks.spans import read
from factorlab.lab import Call

pytestmark = [pytest.mark.engine, pytest.mark.part("o")]

SERVE = "uvicorn prices:app --host 0.0.0.0 --port 8000"
WORKERS = "uvicorn app:app --host 0.0.0.0 --port 8000 --workers 4"


@pytest.fixture(scope="module")
def lab():
    with Lab("14-observability") as lab:
        yield lab


@pytest.fixture(scope="module")
def env():
    return {"PRICES_URL": "http://prices:8000"}


def verdict(lab, check, app):
    return lab.ask(check, app).verdicts[0]


def test_without_an_instrumented_client_each_service_traces_for_itself(lab, env):
    found = verdict(lab, "one-trace-per-request", lab.run("bad", env=env))
    assert not found.passed
    assert found.finding.seen == "40 traces, 0 go through both services"


def test_one_order_is_one_trace(lab, env):
    found = verdict(lab, "one-trace-per-request", lab.run("good", env=env))
    assert found.passed, found.finding.seen


def test_a_killed_batch_is_lost(lab):
    slow = {"OTEL_BSP_SCHEDULE_DELAY": "60000"}
    prices = lab.run("batch", name="prices", command=SERVE, env=slow)
    shop = lab.run("batch", name="shop", env={**slow, "PRICES_URL": prices.url})
    assert shop.load([Call("POST", "/orders", {"item": "tea"})] * 20).count() == 20
    shop.kill()
    assert read("shop", shop.logs()) == []
    prices.stop()
    assert len(read("prices", prices.logs())) == 20


@pytest.mark.parametrize(
    "check",
    ["missing-config-is-named", "no-secret-in-image", "reachable-from-outside"],
)
def test_the_good_app_passes(lab, env, check):
    found = verdict(lab, check, lab.run("good", env=env))
    assert found.passed, found.finding.seen


def orders_of(app):
    lines = app.get("/metrics").text.splitlines()
    return [float(line.split()[-1]) for line in lines if line.startswith("orders_total")]


def test_no_worker_knows_what_all_took_and_each_user_is_a_series(lab):
    app = lab.run("counted", name="workers", command=WORKERS)
    assert app.follow().times("startup complete", 4, seconds=60) == 4
    calls = [Call("POST", "/orders", {"user": f"u{n}", "packing": 0.02}) for n in range(100)]
    assert app.load(calls).count() == 100
    assert all(sum(orders_of(app)) < 100 for _ in range(10))
    assert app.remove() is None
    per_user = lab.run("per-user")
    assert per_user.load(calls).count() == 100
    assert orders_of(per_user) == [1.0] * 100
