"""Users of an app: what their browsers keep, and what they send."""

import pytest

from factorlab.errors import FactorLabError
from factorlab.factors.vi_processes.sessions import _forged
from factorlab.lab import Load, Reply, Request
from factorlab.lab.routing.router import config
from factorlab.questions.contract import USER, Contract, read_contract
from factorlab.questions.users import User, Users

CONTRACT = Contract(
    variables=(),
    read=Request("GET", "/"),
    write=Request("POST", "/login", {"user": "mia"}),
    others={
        "login": Request("POST", "/login", {"user": USER}),
        "me": Request("GET", "/me"),
        "logout": Request("POST", "/logout"),
    },
)
REPLICAS = [("app-1", "10.0.0.1:8000"), ("app-2", "10.0.0.2:8000")]


def reply(call, status=200, text="", **headers):
    return Reply(call, status, "", text, {k.replace("_", "-"): v for k, v in headers.items()}, 0.0)


class Place:
    """Stands for an app: hands each user a cookie, knows them all, keeps what was asked."""

    def __init__(self):
        self.asked, self.names = [], {}

    def load(self, calls, *, at_once):
        assert at_once == 1
        self.asked += calls
        return Load([self.answer(call) for call in calls])

    def answer(self, call):
        if call.path == "/login":
            self.names[f"session=id-{len(self.names)}"] = call.json["user"]
            return reply(call, set_cookie=list(self.names)[-1] + "; Path=/")
        name = self.names.get(call.headers["cookie"])
        return reply(call, text=f'{{"user":"{name}"}}') if name else reply(call, 401)


def test_a_browser_keeps_every_cookie_of_a_response():
    user = User("user-1")
    several = (
        'theme=dark; expires=Tue, 24 Nov 2026 12:00:00 GMT; Path=/, session="a.b=="; HttpOnly, '
        "replica=app-1"
    )
    user.keep(reply(Request("GET", "/"), set_cookie=several))
    assert user.cookies == {"theme": "dark", "session": '"a.b=="', "replica": "app-1"}
    sent = user.sends(CONTRACT.request("me")).headers["cookie"]
    assert sent == 'theme=dark; session="a.b=="; replica=app-1'


def test_who_has_no_cookie_sends_an_empty_header_so_that_the_probe_adds_none():
    assert User("user-1").sends(CONTRACT.request("login")).headers == {"cookie": ""}


def test_users_are_counted_by_their_own_name():
    place, users = Place(), Users(CONTRACT, 30)
    assert users.log_in(place) == 30
    assert users.valid(place) == 90
    first, second, *_ = place.names
    place.names[first], place.names[second] = place.names[second], place.names[first]
    assert users.valid(place) == 84


def test_users_ask_in_the_same_shuffled_order_each_time():
    orders = []
    for _ in range(2):
        place, users = Place(), Users(CONTRACT, 30)
        users.log_in(place)
        users.valid(place)
        orders.append([call.headers["cookie"] for call in place.asked[30:]])
    assert orders[0] == orders[1] != sorted(orders[0])
    assert {orders[0].count(cookie) for cookie in orders[0]} == {3}


@pytest.mark.parametrize("own", ["7", "user-a.99.sig", "eyJ1c2VyIjogInVzZXItYSJ9.c2ln"])
def test_what_is_forged_holds_what_somebody_could_make_of_their_own_cookie(own):
    victim, thief = User("user-b"), User("user-a", {"session": own})
    made = {value for _, value in _forged(victim, [thief])}
    wanted = {"7": "8", "user-a.99.sig": "user-b.99.sig"}.get(own, "eyJ1c2VyIjogInVzZXItYiJ9.c2ln")
    assert {"user-b", wanted} <= made


def test_a_router_that_sets_a_cookie_leads_back_to_the_replica_that_it_names():
    text = config(REPLICAS, "set-cookie", 1)
    assert '"app-2" "10.0.0.2:8000";' in text
    assert "proxy_pass http://$home;" in text
    assert "Set-Cookie" in text
    for other in ("", "cookie"):
        assert "Set-Cookie" not in config(REPLICAS, other, 1)
        assert "proxy_pass http://replicas;" in config(REPLICAS, other, 1)


def test_the_requests_of_a_login_are_read_from_the_contract(tmp_path):
    path = tmp_path / "factorlab.toml"
    path.write_text(
        '[variables]\nTIME = "seconds"\n[requests]\nread = {path = "/"}\nwrite = {path = "/"}\n'
        'login = {method = "POST", path = "/in", json = {user = "$USER"}}\n'
    )
    contract = read_contract(path)
    assert contract.request("login") == Request("POST", "/in", {"user": USER})
    with pytest.raises(FactorLabError, match="no request 'logout'"):
        contract.request("logout")
    path.write_text('[variables]\n[requests]\nread = {path = "/"}\nwrite = {path = "/"}\nme = {}\n')
    with pytest.raises(FactorLabError):
        read_contract(path)
