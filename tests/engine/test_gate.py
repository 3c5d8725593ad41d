"""A gate stops what an app does at its stores after an exact number of turns."""

import pytest

from factorlab import Lab
from factorlab.lab.gate import Gate

pytestmark = pytest.mark.engine


def test_an_app_is_stopped_after_as_many_turns_as_wanted():
    with Lab("01-config") as lab:
        gate, db = Gate(lab), lab.postgres("db")
        env = {"DATABASE_URL": gate.through(db.url), "GREETING": "Hello"}
        app = lab.run("good", env=env)
        order = ("POST", "/orders", {"item": "tea"})
        turns = gate.turns(app, *order)
        assert turns > 1
        assert db.rows() == 1
        assert not gate.stops(app, *order, after=turns), "as many as it takes"
        assert db.rows() == 2
        assert gate.stops(app, *order, after=1)
        app.kill()
        gate.open()
        app.start()
        assert db.rows() == 2, "what was stopped never arrived"
        assert app.post("/orders", {"item": "tea"}).status_code == 200
        assert db.rows() == 3


def test_a_redis_is_reached_through_a_gate_and_only_a_full_address_has_one():
    with Lab("02-processes") as lab:
        gate, cache = Gate(lab), lab.redis("cache")
        app = lab.run("good", env={"REDIS_URL": gate.through(cache.url)})
        gate.turns(app, "POST", "/login", {"user": "mia"})
        assert gate.turns(app, "POST", "/login", {"user": "leo"}) == 1
        assert cache.holds() == "2 keys"
        with pytest.raises(ValueError, match="host and port"):
            gate.through("redis://cache")
