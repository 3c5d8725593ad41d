"""Lesson 06 with real containers: where log lines are, and what a follower still has of them. (How many
arrive of each variant, while it runs, after SIGKILL and after its removal, stands in the stored outputs.)"""

from collections.abc import Iterator

import pytest

from factorlab import Lab
from factorlab.errors import FactorLabError
from factorlab.lab import Request

pytestmark = [pytest.mark.engine, pytest.mark.part("xi")]

ITEMS = [f"tea-{number:03}" for number in range(100)]
CALLS = [Request("POST", "/orders", {"item": item}) for item in ITEMS]


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab("06-logs") as lab:
        yield lab


def found(text):
    return sum(item in text for item in ITEMS)


def test_the_engine_keeps_the_log_beside_the_container_and_no_secret_is_in_the_image(lab):
    app = lab.run("good")
    assert app.inspect()["HostConfig"]["LogConfig"]["Type"] == "json-file"
    [verdict] = lab.ask("no-secret-in-image", app).verdicts
    assert verdict.passed, verdict.finding.seen


def test_a_follower_has_every_line_of_an_app_that_is_removed_while_it_runs(lab):
    for _ in range(3):
        app = lab.run("good")
        stream = app.follow()
        app.load(CALLS)
        app.remove()
        assert found(str(stream.finish())) == 100


def test_the_two_outputs_can_be_read_apart(lab):
    app = lab.run("good")
    app.load(CALLS[:3])
    app.kill()
    out, err = app.logs(stderr=False), app.logs(stdout=False)
    assert found(out) == 3 and "Uvicorn running" not in out
    assert found(err) == 0 and "Uvicorn running" in err
    app.remove()


def test_events_on_standard_error_are_counted_and_named(lab):
    text = lab.source("good", "app.py").replace("sys.stdout", "sys.stderr")
    files = {"app.py": text.encode(), "Dockerfile": lab.source("good", "Dockerfile").encode()}
    app = lab.deploy(lab.build("stderr", files), "stderr")
    verdict = lab.ask("events-reach-stdout", app).verdicts[0]
    assert not verdict.passed
    assert verdict.finding.seen.endswith("; 100 on standard error")


def test_a_running_app_has_no_end_of_its_log(lab):
    app = lab.run("good")
    with pytest.raises(FactorLabError, match="no end yet"):
        app.follow().finish(0.2)
    app.remove()
