"""A kind of backing service is one class: a contract, a deploy, a draft and a Compose file take it from there."""

import textwrap
from types import SimpleNamespace

import pytest
from fakes import FakeNetwork
from memo import Memo

from factorlab.audit.draft import kind_of
from factorlab.errors import FactorLabError, Refused
from factorlab.lab import Lab, Mailbox, Postgres, Redis
from factorlab.lab.compose.lab_rules import read_compose
from factorlab.lab.services import KINDS, Service, register
from factorlab.questions.contract import contract_of
from factorlab.questions.deploys import fill


@pytest.fixture
def memo(monkeypatch):
    before = dict(KINDS)
    yield register(Memo)
    KINDS.clear()
    KINDS.update(before)


@pytest.fixture
def lab():
    made = Lab.__new__(Lab)
    made.net, made.services = FakeNetwork(), []
    made.mount = lambda name, text: f"/run/secrets/{name} with {text}"
    return made


def contract(text):
    return contract_of(textwrap.dedent(text), whole=False)


def filled(lab, text):
    return fill(lab, SimpleNamespace(contract=contract(text)), "warm")


def test_the_kinds_that_there_are():
    assert list(KINDS.items()) == [("postgres", Postgres), ("redis", Redis), ("smtp", Mailbox)]


def test_a_contract_names_a_kind_that_was_registered(memo):
    found = contract('[variables]\nMEMO_URL = "memo"\nMEMO_HOST = "memo-host"\nA = "memo-file"\n')
    assert found.services() == ["memo"]
    assert [one.part for one in found.variables] == ["", "host", ""]


def test_a_contract_refuses_one_that_was_not():
    with pytest.raises(FactorLabError, match="unknown kind 'memo'"):
        contract('[variables]\nMEMO_URL = "memo"\n')


def test_filling_a_contract_starts_it(memo, lab):
    config = filled(lab, '[variables]\nMEMO_URL = "memo"\n[optional]\nGREETING = "text"\n')
    [service], [plan] = config.services, lab.net.plans
    assert isinstance(service, Memo)
    assert service.name.startswith("warm-notes-")
    assert config.env["MEMO_URL"] == f"http://{service.name}:7070"
    assert (plan.env, plan.limits.memory_mib) == ({"PORT": "7070"}, 64)
    assert plan.labels["org.factorlab.role"] == "memo"


def test_parts_of_its_url_are_those_of_one_server_and_a_file_is_too(memo, lab):
    config = filled(
        lab,
        """
        [variables]
        MEMO_HOST = "memo-host"
        MEMO_PORT = "memo-port"
        MEMO_FILE = "memo-file"
        """,
    )
    [service] = config.services
    assert config.env["MEMO_HOST"] == service.name
    assert config.env["MEMO_PORT"] == "7070"
    assert config.env["MEMO_FILE"].endswith(f" with {service.url}")


def test_a_draft_knows_it_by_the_name_of_a_variable_and_by_a_value(memo):
    assert kind_of("MEMO_URI") == "memo"
    assert kind_of("MEMO_HOST") == "memo-host"
    assert kind_of("NOTES", "memos://memo.example") == "memo"
    assert kind_of("DB_NAME") == "postgres-name"


def test_a_compose_file_names_it(memo):
    files = {"compose.yaml": b"services:\n  notes:\n    image: memo:1.4\n"}
    [service] = read_compose(files).services.values()
    assert (service.kind, service.fixed, service.ours()) == ("memo", True, "factorlab/python:3.11")
    wrong = {"compose.yaml": b"services:\n  notes:\n    image: mysql:8\n"}
    with pytest.raises(Refused) as error:
        read_compose(wrong)
    assert error.value.why == "the lab has memo, postgres and redis, and builds your app."


@pytest.mark.parametrize("service", [Postgres, Redis, Mailbox, Memo])
def test_a_kind_says_all_that_it_must(service):
    assert service.kind and service.variable and service.names[""]
    assert service.scheme and service.port and service.limits and service.image
    for method in ("_arguments", "_wait", "count", "holds"):
        assert getattr(service, method) is not getattr(Service, method)
