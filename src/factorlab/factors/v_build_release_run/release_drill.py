"""A drill for a tool that keeps releases (V). The platform around it is played here: images are
built, their tags moved and removed, config changes, and what the tool says is started."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from factorlab.engine.build.build import Build
from factorlab.errors import NoAnswer, NotReady, NotStarted
from factorlab.lab import App, Lab
from factorlab.questions.deploys import deploy, fill, random_word
from factorlab.questions.subject import Subject

RELEASES = 4
"""How many releases are handed in before the rollbacks."""
VALUE_LENGTH = 1000
UNKNOWN = 4_000_000
"""The number of a release that there is not."""
_SHOP = """\
import json, os
from http.server import BaseHTTPRequestHandler, HTTPServer

class Shop(BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"build": "%s", "env": dict(os.environ)}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

HTTPServer(("", 8000), Shop).serve_forever()
"""
"""What is released: it tells which build it is, and its variables."""


@dataclass(frozen=True)
class Release:
    """A release as the platform handed it in, and the number that the tool gave it."""

    number: Any
    build: str
    config: dict[str, str]


@dataclass(frozen=True)
class Rollback:
    """One rollback: to which release, what had become of its tag, and what ran then."""

    to: Release
    tag: str
    build: str
    config: dict[str, str] | None


@dataclass
class Drill:
    """All that happened: the rollbacks, and the history as it was listed after each step, with
    what the tool had answered by then."""

    rollbacks: list[Rollback] = field(default_factory=list)
    answered: list[dict[str, Any]] = field(default_factory=list)
    steps: list[tuple[str, list[dict[str, Any]], int]] = field(default_factory=list)
    refused: str = ""
    log: str = ""


class Tool:
    """The subject, running, as the platform talks to it."""

    def __init__(self, lab: Lab, subject: Subject, app: App) -> None:
        self._lab, self._subject, self.app = lab, subject, app

    def release(self, tag: str, image: Build, config: Mapping[str, str]) -> dict[str, Any]:
        """Hand in a release; the entry that it answers with, or an empty one."""
        body = {"tag": tag, "image": image.id, "config": dict(config)}
        return _entry(self._send("POST", "/releases", body)[1])

    def roll_back(self, number: Any) -> tuple[str, dict[str, Any]]:
        """Ask for a rollback; what came (a status, or no answer) and the entry."""
        status, body = self._send("POST", "/rollback", {"to": number})
        return status, _entry(body) if status.startswith("2") else {}

    def history(self) -> list[dict[str, Any]]:
        """The releases that it lists."""
        body = self._send("GET", "/releases")[1]
        return [_entry(one) for one in body] if isinstance(body, list) else []

    def _send(self, method: str, path: str, body: Any = None) -> tuple[str, Any]:
        try:
            reply = self.app.request(method, path, json_body=body)
            status = str(reply.status_code)
            return status, reply.json()
        except NoAnswer:
            return "no answer", None
        except (ValueError, RecursionError):  # not JSON
            return status, None


def _entry(body: Any) -> dict[str, Any]:
    """The three parts of a release that are looked at; whatever else an entry has is its own."""
    return (
        {key: body.get(key) for key in ("release", "image", "config")}
        if isinstance(body, dict)
        else {}
    )


def shops_of(lab: Lab, subject: Subject) -> dict[str, Build]:
    """Three builds of a shop, by the random word that each answers with. Built once for an answer."""
    dockerfile = b'FROM factorlab/python:3.11\nCOPY shop.py .\nCMD ["python", "shop.py"]\n'
    made = {}
    for number in range(3):
        word = random_word("build")
        files = {"Dockerfile": dockerfile, "shop.py": (_SHOP % word).encode()}
        made[word] = lab.build(f"shop-{number}", files, trusted=True)
    return made


def configs() -> list[dict[str, str]]:
    """Three configs: the second has one variable more, the third another one."""
    one, two = (f"SHOP_{secrets.token_hex(3).upper()}" for _ in range(2))
    return [
        {"GREETING": random_word("hello")},
        {"GREETING": random_word("hello"), one: random_word("value")},
        {"GREETING": random_word("hello"), two: random_word("value")},
    ]


def drill_of(lab: Lab, subject: Subject) -> Drill:
    """Four releases, then three rollbacks. Done once for an answer; three questions are asked of it."""
    tool = Tool(lab, subject, deploy(lab, subject, fill(lab, subject, "ledger")))
    drill, sets = Drill(), configs()
    shops = subject.once(shops_of, lab)
    names = {name for config in sets for name in config}
    first, second, third = shops
    tag, other = "shop:v1.2.3", "shop:v1.3.0"
    done: list[Release] = []
    plan = ((tag, first, 0), (tag, first, 1), (tag, second, 1), (other, third, 2))
    assert len(plan) == RELEASES
    for name, build, config in plan:
        lab.tag(name, shops[build].id)
        entry = tool.release(name, shops[build], sets[config])
        done.append(Release(entry.get("release"), build, sets[config]))
        drill.answered.append(entry)
        drill.steps.append(("release", tool.history(), len(drill.answered)))
    moved = ((done[0], "moved"), (done[2], "removed"), (done[1], "removed"))
    for release, fate in moved:
        if fate == "removed":
            lab.untag(tag)
        status, entry = tool.roll_back(release.number)
        drill.answered.append(entry)
        drill.steps.append(("rollback", tool.history(), len(drill.answered)))
        ran = _run(lab, shops, entry, names) if entry else (f"answered {status}", None)
        drill.rollbacks.append(Rollback(release, fate, *ran))
    drill.refused = tool.roll_back(UNKNOWN)[0]
    drill.steps.append(("refused rollback", tool.history(), len(drill.answered)))
    drill.log = tool.app.logs(tail=8)
    tool.app.remove()
    return drill


def _run(
    lab: Lab, shops: Mapping[str, Build], entry: Mapping[str, Any], names: set[str]
) -> tuple[str, dict[str, str] | None]:
    """Start what the tool says: which build answers, and what it has of the configs' variables.
    Where the image cannot be found, another runs, so that this hides nothing about the config."""
    found = lab.find(str(entry["image"]))
    if found not in shops.values():  # the tool's own image is one of this lab, too
        found = None
    env = entry["config"] if _is_config(entry["config"]) else None
    image = found or next(iter(shops.values()))
    given = {name: value for name, value in (env or {}).items() if name in names}
    try:
        app = lab.deploy(image, "restored", env=given)
    except NotStarted as error:  # it is ours, and starts wherever the machine lets it
        raise NotReady("A release could not be started.", why=error.what) from error
    said = app.get("/").json()
    app.remove()
    has = {name: said["env"][name] for name in names if name in said["env"]}
    unknown = f"nothing: no image is called {str(entry['image'])[:60]}"
    return said["build"] if found else unknown, None if env is None else has


def _is_config(body: Any) -> bool:
    """Whether it is a dictionary of texts that a container can get as variables."""
    return isinstance(body, dict) and all(
        isinstance(value, str) and "\0" not in value and len(value) < VALUE_LENGTH
        for value in body.values()
    )
