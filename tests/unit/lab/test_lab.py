"""A lab without an engine: interrupts, environments that are no text, and a line that is cut."""

from types import SimpleNamespace

import pytest
from fakes import FakeContainer, FakeEngine, FakeProbe

from factorlab.engine.build.build import Build
from factorlab.engine.container.container import Container
from factorlab.errors import NotReady
from factorlab.lab import Lab, images, network
from factorlab.lab import lab as module

BUILT = Build("sha256:1", "shop:1")


@pytest.fixture
def engine(monkeypatch):
    engine = FakeEngine()
    monkeypatch.setattr(Container, "create", engine.create)
    monkeypatch.setattr(module.course_images, "require", lambda: None)
    for place, name, stand_in in (
        (module, "watch", lambda: None),
        (module, "_open", {}),
        (network, "create_network", lambda session, private=True: "net" if private else "outside"),
        (network, "create_volume", lambda session: "volume"),
        (network, "Probe", lambda *_: FakeProbe(engine)),
        (network, "remove_session", lambda session: engine.there.clear()),
        (images, "Index", lambda network, name, wheels: SimpleNamespace(name=name)),
    ):
        monkeypatch.setattr(place, name, stand_in)
    return engine


@pytest.fixture
def lab(engine):
    return Lab("01-config")


def deploy(lab, **env):
    return lab.deploy(BUILT, "app", env=env, wait=False)


@pytest.mark.parametrize("again", [lambda lab: lab.close(), lambda lab: Lab("01-config")])
def test_what_an_interrupted_close_left_goes_with_the_next_or_with_a_new_lab(lab, engine, again):
    deploy(lab)
    engine.interrupt_at = "close"
    with pytest.raises(KeyboardInterrupt):
        lab.close()
    assert lab.closed and engine.names() == ["app"]
    again(lab)
    assert engine.names() == []


def test_an_interrupted_clearing_leaves_no_index_that_is_gone_and_the_next_removes_the_rest(
    lab, engine
):
    lab.index()
    lab.redis()
    deploy(lab)
    engine.interrupt_at = "remove"
    with pytest.raises(KeyboardInterrupt):
        lab.clear()
    assert not lab.has_index and lab.services == []
    assert deploy(lab).name == "app-2", "the first is still there"
    lab.clear()
    assert engine.names() == []
    assert deploy(lab).name == "app"


def test_after_an_interrupt_at_the_door_it_can_be_opened(lab, engine):
    app = deploy(lab)
    engine.interrupt_at = "wait"
    with pytest.raises(KeyboardInterrupt):
        app.open()
    assert engine.names() == ["app"]
    assert app.open() == "http://127.0.0.1:4711/"
    assert engine.names() == ["app", "door-app"]


@pytest.mark.parametrize("ports", [{}, None, {"8080/tcp": None}])
def test_a_door_without_a_port_is_the_machines_fault(lab, engine, monkeypatch, ports):
    monkeypatch.setattr(FakeContainer, "inspect", lambda _: {"NetworkSettings": {"Ports": ports}})
    with pytest.raises(NotReady, match="publishes no port") as error:
        deploy(lab).open()
    assert error.value.why == "it ended" and error.value.next


def test_numbers_in_an_environment_become_text(lab, engine):
    app = deploy(lab, PORT=9000, LIMIT=1.5, UNSET=None)
    assert (app.port, app.env) == (9000, {"PORT": "9000", "LIMIT": "1.5"})
    job = lab.job(BUILT, "app", ["true"], env={"TIMES": 3}, wait=False)
    assert job.env == {"TIMES": "3"}
    assert [one.plan.env for one in engine.there] == [app.env, job.env]


def test_the_address_of_a_cut_names_the_line_and_nothing_else(lab):
    cut = lab.cut(lab.redis("redis", user="redis", password="redis", port=6380))
    assert cut.url == "redis://redis:redis@redis-line:6380/0"
