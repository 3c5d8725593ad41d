"""The log of a container that is gone, or is being removed while somebody reads it."""

from http import HTTPStatus
from types import SimpleNamespace

import pytest
from docker.errors import APIError, NotFound

from factorlab.engine.container.container import Container
from factorlab.errors import NotReady


def container(error):
    def logs(**options):
        raise error

    return Container(SimpleNamespace(logs=logs))


def refusal(status, kind=APIError):
    return kind("no", response=SimpleNamespace(status_code=status, url="", reason=""))


@pytest.mark.parametrize(
    "error", [refusal(HTTPStatus.NOT_FOUND, NotFound), refusal(HTTPStatus.CONFLICT)], ids=repr
)
def test_it_is_empty_and_no_fault_of_the_machine(error):
    assert container(error).logs(tail=5) == ""


def test_what_else_the_engine_refuses_is_told():
    with pytest.raises(NotReady):
        container(refusal(HTTPStatus.INTERNAL_SERVER_ERROR)).logs()
