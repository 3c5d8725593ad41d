"""The start page's demo cannot turn into its opposite: `looks-fine` passes the article's four quick
checks and fails the four that count, each for the reason that the page names; `is-fine` passes all.
"""

import json

import pytest
from on_engine import until

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
def copies(lab, env):
    """Two copies of each app; the tests below follow one another on them."""
    bad, good = lab.together(
        *(lambda v=v: lab.run(v, name=f"{v}-copy", env=env, replicas=2) for v in (BAD, GOOD))
    )
    return {BAD: bad, GOOD: good}


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


@pytest.mark.parametrize("variant", [BAD, GOOD])
def test_the_quick_checks_of_the_article_pass(variant, copies, env):
    app, second = copies[variant]
    assert app.post("/orders", TEA).json() == {"orders": 1}
    assert app.exec("sh", "-c", "echo $DATABASE_URL") == (0, env["DATABASE_URL"] + "\n")
    assert app.get("/").is_success and second.get("/").is_success
    assert until(lambda: '"POST /orders HTTP/1.1" 200' in app.logs())
    assert app.restart().get("/orders").json() == {"orders": 1}


def test_orders_go_into_a_file_and_not_into_another_database(sold):
    assert {variant: database.rows() for variant, (_, database) in sold.items()} == {
        BAD: 0, GOOD: 3,
    }  # fmt: skip
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


def test_a_replaced_container_takes_its_file_with_it(sold, replaced):
    assert all(app.image_id == sold[variant][0].image_id for variant, app in replaced.items())
    kept = {variant: app.get("/orders").json()["orders"] for variant, app in replaced.items()}
    assert kept == {BAD: 0, GOOD: 3}


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


def test_the_second_copy_knows_who_logged_in_on_the_first_if_that_is_kept_outside(copies):
    known = {}
    for variant, (first, second) in copies.items():
        logins = [first.post("/login", {"user": name}).json() for name in ("ana", "ben", "cleo")]
        assert [first.get("/me", headers=login).status_code for login in logins] == [200] * 3
        first.kill()
        known[variant] = [second.get("/me", headers=login).status_code for login in logins]
    assert known == {BAD: [401] * 3, GOOD: [200] * 3}


def test_the_table_of_the_page_says_so():
    cells = json.loads(course.lesson("00-start-here").notebook.read_text())["cells"]
    [table] = [cell["outputs"][0]["data"] for cell in cells if cell["id"] == "verdicts"]
    lines = "".join(table["text/plain"]).splitlines()[2:]
    words = [[word for word in line.split() if word in ("passed", "failed")] for line in lines]
    assert words == [["passed", "failed", "passed"]] * 4
