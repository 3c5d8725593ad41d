"""Backing services at unusual places: another port, user, database, and a password full of signs
that mean something in a URL; and the copy from one database to another."""

import pytest
from memo import Memo

from factorlab.errors import FactorLabError
from factorlab.lab import Lab

pytestmark = pytest.mark.engine

SCHEMA = "CREATE TABLE orders (id serial PRIMARY KEY, item text NOT NULL)"
PASSWORD = "a@b/c%41:d"
ENCODED = "a%40b%2Fc%2541%3Ad"
SEND = """
import smtplib, sys
from urllib.parse import unquote, urlsplit
url = urlsplit(sys.argv[1])
with smtplib.SMTP(url.hostname, url.port, timeout=5) as server:
    if sys.argv[2]:
        server.login(unquote(url.username), sys.argv[2])
    server.sendmail("shop@example.com", ["mia@example.com"], "Subject: thanks\\n\\nfor the tea")
"""


@pytest.fixture(scope="module")
def lab():
    with Lab("services") as lab:
        yield lab


@pytest.fixture(scope="module")
def python(lab):
    """A container to run Python in."""
    recipe = b'FROM factorlab/python:3.11\nCMD ["sleep", "infinity"]\n'
    return lab.deploy(lab.build("python", {"Dockerfile": recipe}), "python", wait=False)


def test_a_database_is_reached_by_its_url_alone_and_copied_into_another(lab, python):
    usual = lab.database("usual", schema=SCHEMA)
    other = lab.database(
        "other", schema=SCHEMA, user="app_7", password=PASSWORD, port=6543, database="orders-9"
    )
    assert other.url == f"postgresql://app_7:{ENCODED}@other:6543/orders-9"
    usual.query("INSERT INTO orders (item) SELECT 'tea' FROM generate_series(1, 100)")
    other.query("INSERT INTO orders (item) VALUES ('replaced')")
    usual.copy_to(other)
    assert (usual.rows(), other.rows()) == (100, 100)
    insert = "INSERT INTO orders (item) VALUES ('cup')"
    code = "import psycopg, sys; psycopg.connect(sys.argv[1], autocommit=True).execute(sys.argv[2])"
    assert python.exec("python", "-c", code, other.url, insert)[0] == 0
    assert other.rows() == 101
    assert other.connections() == 2  # the copy and the order
    other.kill()
    with pytest.raises(FactorLabError, match="could not be copied"):
        usual.copy_to(other)


def test_a_cache_can_have_users_and_numbers(lab):
    other = lab.redis("numbered", user="cart", password=PASSWORD, port=6400, database="3")
    assert other.url == f"redis://cart:{ENCODED}@numbered:6400/3"
    other.command("SET", "visits", "1")
    assert other.holds() == "1 key"
    with pytest.raises(FactorLabError):
        lab.probe.redis("redis://numbered:6400/3", "GET", "visits", seconds=0.2)
    locked = lab.redis("locked", password="open-sesame")
    assert locked.url == "redis://:open-sesame@locked:6379/0"
    assert locked.holds() == "0 keys"


def test_a_mailbox_keeps_what_it_is_sent_and_turns_strangers_away(lab, python):
    mail = lab.mailbox("post", user="sender", password=PASSWORD, port=2600)
    assert mail.url == f"smtp://sender:{ENCODED}@post:2600"
    assert python.exec("python", "-c", SEND, mail.url, PASSWORD)[0] == 0
    for wrong in ("guess", ""):
        assert python.exec("python", "-c", SEND, mail.url, wrong)[0] == 1
    assert mail.holds() == "1 message"
    assert mail.messages()[0] == {
        "from": "shop@example.com",
        "to": ["mia@example.com"],
        "subject": "thanks",
        "text": "for the tea",
    }
    mail.kill()
    mail.start()
    assert mail.count() == 1


def test_a_kind_that_is_one_class_runs_as_any_other_service_does():
    with Lab("services") as lab:
        service = lab.service(Memo, "notes")
        assert service.count() == 0
        lab.probe.request("POST", service.url, content=b"milk")
        assert (service.holds(), service.state) == ("1 notes", "running")
        service.pause()
        service.unpause()
        service.stop()
        service.start()
        assert service.count() == 0
