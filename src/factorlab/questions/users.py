"""Users of an app that one logs in to: each has a name, and a browser that keeps cookies."""

import json
import random
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from factorlab.lab import Load, Reply, Request
from factorlab.lab.apps.http import Endpoint
from factorlab.questions.contract import USER, Contract

COOKIE = "session"
EACH = 3
_SET = re.compile(r"(?:^|,\s*)([\w.-]+)=(\"[^\"]*\"|[^;,\s]*)")
"""The cookies that a response sets; several come joined by commas, and so do parts of dates."""


@dataclass
class User:
    """One user: a random name, and the cookies of the browser."""

    name: str
    cookies: dict[str, str] = field(default_factory=dict)
    cookie: str = COOKIE

    @property
    def session(self) -> str:
        """The cookie that a login sets, by default `session`; or an empty text."""
        return self.cookies.get(self.cookie, "")

    def sends(self, request: Request) -> Request:
        """A request as this user's browser sends it."""
        return sent_by(self.name, request, self.cookies)

    def keep(self, reply: Reply) -> None:
        """Keep the cookies of a reply, as a browser does."""
        self.cookies |= dict(_SET.findall(reply.headers.get("set-cookie", "")))

    def is_named_in(self, reply: Reply) -> bool:
        """Whether a reply is a success that holds this user's name."""
        return reply.ok and self.name in reply.text


class Users:
    """So many users. Their requests go one after the other, each on a connection of its own, in
    an order that looks random and is the same each time: who asks when decides who is counted.
    The order was chosen among sixty: with it, 30 users on three replicas in turn are known exactly
    30 times in 90 while sessions stay in one process; others gave 37, for one."""

    def __init__(self, contract: Contract, count: int) -> None:
        self._login, self._me = map(contract.request, ("login", "me"))
        self._contract = contract
        names = [f"user-{secrets.token_hex(4)}" for _ in range(count)]
        self.all = [User(name, cookie=contract.cookie) for name in names]

    def __len__(self) -> int:
        return len(self.all)

    def log_in(self, place: Endpoint) -> int:
        """All log in, in turn; how many were answered 2xx and got a cookie `session`."""
        for user in self.all:
            user.cookies.pop(user.cookie, None)
        for user, reply in zip(self.all, self._send(place, self._login, self.all), strict=True):
            if reply.ok:
                user.keep(reply)
        return sum(bool(user.session) for user in self.all)

    def valid(self, place: Endpoint, each: int = EACH) -> int:
        """All ask who they are, `each` times, shuffled; how often the answer was their name."""
        asking = self.all * each
        random.Random(18).shuffle(asking)
        replies = self._send(place, self._me, asking)
        return sum(user.is_named_in(reply) for user, reply in zip(asking, replies, strict=True))

    def log_out(self, place: Endpoint) -> int:
        """All log out; how many were answered 2xx. The browsers forget nothing: what they ask
        from now on, a thief asks who has copied their cookies."""
        return sum(
            reply.ok for reply in self._send(place, self._contract.request("logout"), self.all)
        )

    def _send(self, place: Endpoint, request: Request, users: Sequence[User]) -> Sequence[Reply]:
        return one_by_one(place, [user.sends(request) for user in users]).replies

    def __repr__(self) -> str:
        return f"<Users: {len(self)}>"


def sent_by(
    name: str, request: Request, cookies: Mapping[str, str] = MappingProxyType({})
) -> Request:
    """A request in the name of a user, with these cookies and no others: the header is sent even
    when it is empty, since the probe's client adds cookies that it was given where there is none."""
    kept = "; ".join(f"{key}={value}" for key, value in cookies.items() if value)
    return replace(
        request, json=_filled(request.json, name), headers={**request.headers, "cookie": kept}
    )


def one_by_one(place: Endpoint, calls: Sequence[Request]) -> Load:
    """Send them one after the other."""
    return place.load(calls, at_once=1)


def _filled(body: Any, name: str) -> Any:
    return json.loads(json.dumps(body).replace(USER, name)) if body is not None else None
