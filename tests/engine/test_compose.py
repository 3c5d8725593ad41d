"""A Compose file in a lab: what it names is started in its order and on its conditions."""

import json
import time

import pytest

from factorlab.engine.build.build import Build
from factorlab.engine.images.course_images import IMAGES
from factorlab.lab import Lab
from factorlab.lab.compose.lab_rules import read_compose

pytestmark = pytest.mark.engine

SERVER = """python -m http.server 8000 --bind 0.0.0.0"""


@pytest.fixture(scope="module")
def lab():
    with Lab("exercise-X-2", untrusted=True) as lab:
        yield lab


@pytest.fixture
def up(lab):
    made = []

    def start(text, held=False, seconds=60):
        image = IMAGES["python"].tag
        project = read_compose({"compose.yaml": text.encode()})
        stack = lab.stack(project, lambda: Build(image, image), held)
        made.append(stack)
        return stack.up(seconds)

    yield start
    for stack in made:
        stack.down()


def test_a_service_waits_until_its_database_is_healthy(up):
    stack = up(
        f"""
services:
  app:
    build: .
    command: {SERVER}
    depends_on: {{db: {{condition: service_healthy}}}}
  db:
    image: postgres:15
    environment: {{POSTGRES_PASSWORD: melon-46}}
    healthcheck: {{test: [CMD, pg_isready], interval: 500ms, retries: 100}}
""",
        held=True,
        seconds=4,
    )
    assert stack.state("app").status == "waiting"
    stack.release()
    assert stack.ready()
    assert stack.state("db").health == "healthy"


def test_a_service_waits_until_another_has_ended_well_and_is_not_started_otherwise(up):
    stack = up(f"""
services:
  migrate: {{build: ., command: "true"}}
  fails: {{build: ., command: "false"}}
  app:
    build: .
    command: {SERVER}
    depends_on: {{migrate: {{condition: service_completed_successfully}}}}
  never:
    build: .
    depends_on: {{fails: {{condition: service_completed_successfully}}}}
  after:
    build: .
    depends_on: [never]
""")
    assert stack.state("migrate").exit_code == 0
    assert stack.ready("app")
    assert stack.given_up == {
        "never": "not started: fails failed",
        "after": "not started: never was not started",
    }


def test_a_database_without_a_password_does_not_start(up):
    stack = up("services: {db: {image: 'postgres:15'}, app: {build: ., command: 'false'}}")
    assert not stack.ready("db", path="/")
    assert "POSTGRES_PASSWORD" in stack.logs("db")


def test_restarts_are_counted_and_end_where_the_policy_says(up):
    stack = up("services: {app: {build: ., command: 'false', restart: 'on-failure:2'}}")
    assert not stack.ready("app")
    assert stack.state("app").restarts == 2


def test_a_held_database_counts_who_asks(up):
    ask = "import psycopg, time\nwhile True:\n try: psycopg.connect('host=db')\n except Exception: time.sleep(.2)"
    stack = up(
        f"""
services:
  db: {{image: "postgres:15", environment: {{POSTGRES_PASSWORD: melon-46}}}}
  app: {{build: ., command: [python, -c, {json.dumps(ask)}]}}
""",
        held=True,
    )
    deadline = time.monotonic() + 60
    while stack.attempts() < 3 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert stack.attempts() >= 3


def test_nothing_of_it_has_more_rights_than_an_answer(up):
    stack = up("services: {app: {build: ., command: sleep 30}, redis: {image: 'redis:7'}}")
    for name in ("app", "redis"):
        record = stack._containers[name].inspect()["HostConfig"]
        assert record["CapDrop"] == ["ALL"]
        assert record["Memory"] and record["PidsLimit"] and not record["Privileged"]
    app = stack._containers["app"].inspect()
    assert app["Config"]["User"] == "10001:10001"
    assert app["HostConfig"]["ReadonlyRootfs"]
