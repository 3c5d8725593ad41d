"""VII. Port binding: behind a router, an app believes the router, and nobody else."""

import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from factorlab.lab import App, Lab, Router
from factorlab.questions.deploys import deploy, fill, random_word
from factorlab.questions.finding import Finding, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject

TIMES = 3
PROBE = "probe"


def _pair(lab: Lab, subject: Subject) -> tuple[App, Router]:
    """The app, told which address its router has, and the router. Started once for an answer."""
    [variable] = subject.contract.of_kind("proxy")
    router = lab.router(name="front", https=True)
    config = fill(lab, subject, "proxied")
    app = deploy(lab, subject, replace(config, env=config.env | {variable.name: router.address}))
    router.point_at([app])
    return app, router


def _believed(
    lab: Lab, subject: Subject, place: App | Router, headers: Mapping[str, str]
) -> tuple[str, str]:
    """The link and the client that an app tells: the client in words where it is known."""
    request = subject.contract.request("caller")
    load = place.load([replace(request, headers={**request.headers, **headers})])
    reply, body = load.replies[0], {}
    with suppress(ValueError, RecursionError):
        body = json.loads(reply.text)
    if reply.status != 200 or not isinstance(body, dict):
        return (f"status {reply.status}" if reply.status else reply.error,) * 2
    return str(body.get("link")), _owner(lab, body.get("client"))


def _owner(lab: Lab, address: Any) -> str:
    name = lab.who(str(address))
    if name == PROBE:
        return "the client"
    return "the router" if name.startswith("front") else name


def _host() -> str:
    return f"{random_word('shop')}.example"


@question(
    "links-behind-the-router",
    factor="VII",
    text="Do its links lead to where its customers are?",
    how=f"{TIMES} requests through a router that says https in X-Forwarded-Proto, each with a "
    "random name in the header Host.",
    remedy="let the server believe the headers of the router: forwarded_allow_ips in uvicorn.run, "
    "--forwarded-allow-ips, or the variable FORWARDED_ALLOW_IPS when uvicorn starts. It takes "
    "the address that TRUSTED_PROXY holds.",
)
def links_behind_the_router(lab: Lab, subject: Subject) -> Finding:
    """The name differs each time, so that none can be written down."""
    _, router = subject.once(_pair, lab)
    hosts = [_host() for _ in range(TIMES)]
    links = [_believed(lab, subject, router, {"host": host})[0] for host in hosts]
    rows = [(f"https://{host}/", link) for host, link in zip(hosts, links, strict=True)]
    right = sum(link.rstrip("/") + "/" == wanted for wanted, link in rows)
    return Finding(
        judged(right == TIMES),
        expected=f"{TIMES} of {TIMES} links with https and the name that was asked for",
        seen=f"{right} of {TIMES} links with https and the name that was asked for"
        + ("" if right == TIMES else f"; the last is {links[-1]}"),
        columns=("expected", "seen"),
        rows=rows,
    )


@question(
    "client-behind-the-router",
    factor="VII",
    text="Does it know who is asking?",
    how=f"{TIMES} requests through a router that names its client in X-Forwarded-For. The app "
    "tells the address of its client.",
    remedy="the router's address is in TRUSTED_PROXY: what comes from there carries the client's "
    "address in X-Forwarded-For. uvicorn puts it into request.client when it is told to believe "
    "that address.",
)
def client_behind_the_router(lab: Lab, subject: Subject) -> Finding:
    """The client is the probe: its address is new in each lab."""
    _, router = subject.once(_pair, lab)
    clients = [_believed(lab, subject, router, {})[1] for _ in range(TIMES)]
    right = clients.count("the client")
    others = ", ".join(dict.fromkeys(name for name in clients if name != "the client"))
    return Finding(
        judged(right == TIMES),
        expected=f"{TIMES} of {TIMES} times the client",
        seen=f"{right} of {TIMES} times the client" + (f"; otherwise: {others}" if others else ""),
    )


@question(
    "forged-headers-ignored",
    factor="VII",
    text="Does it believe the router only?",
    how="A client writes a random address and a scheme into the headers that a router could send. "
    "It asks the app directly, and then through the router, which replaces X-Forwarded-For and "
    "X-Forwarded-Proto and passes on all others. Directly, the link is http and the client is the "
    "sender; through the router, the link is https and the client is the router's.",
    remedy="believe X-Forwarded-For and X-Forwarded-Proto when the request comes from the address "
    "in TRUSTED_PROXY, and from nowhere else: not from *, not from a whole network. Believe no "
    "other header.",
)
def forged_headers_ignored(lab: Lab, subject: Subject) -> Finding:
    """A request that carries no forged header must be answered rightly too, in the way that it
    came: an app that tells everybody the same ignores headers, and is of no use."""
    app, router = subject.once(_pair, lab)
    rows = []
    for way, place, scheme in (("directly", app, "http"), ("through the router", router, "https")):
        other = {"http": "https", "https": "http"}[scheme]
        for name, headers in _forgeries(router.address, other).items():
            host = _host()
            link, client = _believed(lab, subject, place, {"host": host, **headers})
            wanted = f"{scheme}://{host}"
            good = link.rstrip("/") == wanted and client == "the client"
            rows.append((way, name, link, client, "no" if good else "yes"))
    fooled = [row for row in rows if row[-1] == "yes"]
    first = ""
    if fooled:
        way, name, link, client, _ = fooled[0]
        first = f"; the first, {name} sent {way}: link {link}, client {client}"
    return Finding(
        judged(not fooled),
        expected=f"0 of {len(rows)} requests answered wrongly",
        seen=f"{len(fooled)} of {len(rows)} requests answered wrongly{first}",
        columns=("sent", "forged", "link", "client", "wrong"),
        rows=rows,
    )


def _forgeries(router: str, scheme: str) -> dict[str, dict[str, str]]:
    """What somebody writes into headers who wants to be somebody else; the addresses are of a
    network that is kept for examples."""
    address = f"203.0.113.{1 + secrets.randbelow(250)}"
    return {
        "nothing": {},
        "X-Forwarded-For": {"x-forwarded-for": address},
        "X-Forwarded-For with the router": {"x-forwarded-for": f"{address}, {router}"},
        "X-Forwarded-Proto": {"x-forwarded-proto": scheme},
        "X-Real-IP": {"x-real-ip": address},
        "Forwarded": {"forwarded": f"for={address};proto={scheme}"},
    }
