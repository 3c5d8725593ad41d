"""The start page's demo fails for the reason that the page names: where orders and events went, and what
the exit code tells of requests under way. (The quick checks, and the four counts of both apps, stand in
the stored outputs, which are compared at each run.)"""

import json

import pytest

from factorlab import Lab, course

pytestmark = [pytest.mark.engine, pytest.mark.part("start")]

BAD, GOOD = "looks-fine", "is-fine"
TEA = {"item": "tea"}


@pytest.fixture(scope="module")
def lab():
    with Lab("00-start-here") as lab:
        yield lab


@pytest.fixture(scope="module")
def env(lab):
    database, cache = lab.together(lambda: lab.postgres("orders-db"), lambda: lab.redis("sessions"))
    return {"DATABASE_URL": database.url, "REDIS_URL": cache.url}


@pytest.fixture(scope="module")
def sold(lab, env):
    """Each app with another database than the copies', and the three orders that it answered."""

    def sell(variant):
        other = lab.postgres("other-db")
        app = lab.run(variant, env=env | {"DATABASE_URL": other.url})
        assert [app.post("/orders", TEA).status_code for _ in range(3)] == [200] * 3
        return app, other

    pairs = lab.together(*(lambda v=v: sell(v) for v in (BAD, GOOD)))
    return dict(zip((BAD, GOOD), pairs, strict=True))


def inside(app, python):
    """What a line of Python prints inside an app's container."""
    status, output = app.exec("python", "-c", python)
    assert status == 0, output
    return output.strip()


def test_orders_go_into_a_file_and_not_into_another_database(sold):
    assert {variant: database.rows() for variant, (_, database) in sold.items()} == {
        BAD: 0,
        GOOD: 3,
    }
    count = "SELECT count(*) FROM orders"
    file = (
        f"import sqlite3 as s; print(s.connect('/home/app/shop.db').execute('{count}').fetchone())"
    )
    assert inside(sold[BAD][0], file) == "(3,)", "they are in its file, not lost on the way"


def test_events_go_into_a_file_and_not_to_standard_output(sold):
    file = "print(open('/home/app/shop.log').read().count('sold tea'))"
    assert inside(sold[BAD][0], file) == "3", "it wrote them, but where nobody collects them"
    assert [app.kill() for app, _ in sold.values()] == [137, 137]
    told = {variant: app.logs().count("sold tea") for variant, (app, _) in sold.items()}
    assert told == {BAD: 0, GOOD: 3}


@pytest.fixture(scope="module")
def replaced(lab, sold):
    """New containers in the place of those that have sold: same image, same environment."""
    for app, _ in sold.values():
        app.start().remove()
    fresh = lab.together(*(lambda v=v: lab.run(v, env=sold[v][0].env) for v in sold))
    return dict(zip(sold, fresh, strict=True))


def test_requests_under_way_get_an_error_from_an_app_that_does_not_wait(replaced):
    answered = {}
    for variant, app in replaced.items():
        orders = [app.begin("POST", "/orders", TEA) for _ in range(3)]
        app.get("/")
        app.kill("SIGTERM")
        assert app.wait(2) == (0 if variant == BAD else None)
        answered[variant] = [order.finish() for order in orders]
        assert app.wait(10) == 0, "both end in order, as far as the exit code tells"
    assert answered == {BAD: [500] * 3, GOOD: [200] * 3}


def test_the_table_of_the_page_says_so():
    cells = json.loads(course.lesson("00-start-here").notebook.read_text())["cells"]
    [table] = [cell["outputs"][0]["data"] for cell in cells if cell["id"] == "verdicts"]
    lines = "".join(table["text/plain"]).splitlines()[2:]
    words = [[word for word in line.split() if word in ("passed", "failed")] for line in lines]
    assert words == [["passed", "failed", "passed"]] * 4
