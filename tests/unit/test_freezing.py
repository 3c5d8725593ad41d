"""A container that the runtime does not freeze at once."""

from http import HTTPStatus
from types import SimpleNamespace

import pytest
from docker.errors import APIError

from factorlab.engine.container import container
from factorlab.engine.container.container import Container
from factorlab.errors import NotReady


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(container, "PAUSE_SECONDS", 0.5)
    monkeypatch.setattr(container, "PAUSE_POLL", 0.01)


class Stubborn:
    def __init__(self, said, times):
        self.said, self.left, self.tries = said, times, 0

    def pause(self):
        self.tries += 1
        if self.tries <= self.left:
            status = SimpleNamespace(
                status_code=HTTPStatus.INTERNAL_SERVER_ERROR, url="", reason=""
            )
            raise APIError(self.said, response=status, explanation=self.said)


def test_it_is_asked_again_until_it_is_frozen():
    busy = Stubborn("OCI runtime pause failed: unable to freeze: unknown", 12)
    Container(busy).pause()
    assert busy.tries == 13


def test_one_that_never_freezes_is_told():
    with pytest.raises(NotReady, match="unable to freeze"):
        Container(Stubborn("unable to freeze", 10**9)).pause()


def test_another_refusal_is_told_at_once():
    gone = Stubborn("no such container", 1)
    with pytest.raises(NotReady):
        Container(gone).pause()
    assert gone.tries == 1
