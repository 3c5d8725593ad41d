"""A Compose file of a stranger, read as Compose reads it and held to what a lab runs.

The file is data. Whatever is not on the list of keys and images is refused, with its line: nothing
in it can reach beyond the lab. What is on the list means what Compose's documentation says.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from factorlab.engine.container.plan import Health, Upkeep
from factorlab.engine.images.course_images import IMAGES
from factorlab.errors import FactorLabError
from factorlab.lab.compose.interpolate import read_dotenv
from factorlab.lab.compose.plain_yaml import Path, Written, read_yaml
from factorlab.lab.compose.project import Mistake, Reader
from factorlab.lab.services.base import KINDS, Composed

FILE = "compose.yaml"
SERVICES = 8
STARTED, HEALTHY, COMPLETED = (
    "service_started",
    "service_healthy",
    "service_completed_successfully",
)
_TOP = ("services", "name", "version")
_KEYS = (
    "image",
    "build",
    "environment",
    "command",
    "entrypoint",
    "depends_on",
    "healthcheck",
    "restart",
)
_HEALTH = ("test", "interval", "timeout", "retries", "start_period", "disable")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,30}")
_TIMES = re.compile(r"[0-9]{1,4}")
_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?(?:(\d+)ms)?")


def _composed() -> dict[str, Composed]:
    """The kinds of backing services that a file may have: kind -> how it names them."""
    return {kind: service.composed for kind, service in KINDS.items() if service.composed}


def _image(text: str) -> re.Match[str] | None:
    """The name, the tag and the digest of such an image."""
    names = "|".join(re.escape(one.image) for one in _composed().values())
    return re.fullmatch(rf"({names})(?::([\w.-]+))?(@sha256:[0-9a-f]{{64}})?", text)


def _listed(words: Iterable[str], last: str) -> str:
    *most, end = words
    return f"{', '.join(most)} {last} {end}" if most else end


@dataclass(frozen=True)
class Service:
    """One service of a file. `image` is empty for the one that is built from the folder."""

    name: str
    image: str
    env: Mapping[str, str]
    command: Sequence[str] | None
    entrypoint: Sequence[str] | None
    upkeep: Upkeep
    needs: Mapping[str, str]
    """Service -> the condition that it must meet first."""

    @property
    def kind(self) -> str:
        """`postgres`, `redis`, or empty for an app."""
        match = _image(self.image)
        kinds = (kind for kind, one in _composed().items() if match and one.image == match[1])
        return next(kinds, "")

    @property
    def fixed(self) -> bool:
        """Whether its image's name means one version for good: all its numbers, or a digest."""
        match = _image(self.image)
        if match is None or match[3]:
            return True
        version = re.match(r"\d+(\.\d+)*", match[2] or "")
        return version is not None and version[0].count(".") + 1 >= _composed()[self.kind].numbers

    def ours(self) -> str:
        """The course's image that stands in for the one it names. Raises FactorLabError where
        there is none."""
        composed, match = _composed(), _image(self.image)
        if match and re.fullmatch(composed[self.kind].tags, match[2] or ""):
            return IMAGES[KINDS[self.kind].image].tag
        titles = _listed((one.title for one in composed.values()), "or")
        examples = _listed((one.example for one in composed.values()), "or")
        raise FactorLabError(
            f"The lab does not have the image {self.image} of the service {self.name}.",
            next=f"name what it has, {titles}: {examples}.",
        )


@dataclass(frozen=True)
class Project:
    """The services of a file, by name; and the variables that it used and nobody had set."""

    services: Mapping[str, Service]
    unset: Sequence[str]


def read_compose(files: Mapping[str, bytes], variables: Mapping[str, str] | None = None) -> Project:
    """Read the Compose file of a folder. `variables` and those of its `.env` are put in for
    `${NAME}`. Raises Refused, with the line, for what is not allowed or not right."""
    written = read_yaml(files.get(FILE, b"").decode(errors="replace"), FILE)
    dotenv = read_dotenv(files.get(".env", b"").decode(errors="replace"))
    return _LabReader(written, {**dotenv, **(variables or {})}).project()


class _LabReader(Reader):
    """Reads a stranger's file: what is not on the lists above is refused, with its line."""

    def __init__(self, written: Written, variables: Mapping[str, str]) -> None:
        super().__init__(variables)
        self.file = written

    def project(self) -> Project:
        top = self.allowed(self.file.data, (), _TOP)
        named = self.mapping(top.get("services"), ("services",))
        if not named or len(named) > SERVICES:
            self.refuse(("services",), f"it has {len(named)} services.", f"name 1 to {SERVICES}.")
        found = {name: self.service(name, data) for name, data in named.items()}
        for one in found.values():
            self.check_needs(one, found)
        self.check_order(found)
        return Project(found, sorted(set(self.unset)))

    def service(self, name: str, data: Any) -> Service:
        path: Path = ("services", name)
        if not _NAME.fullmatch(name) or name == "probe":
            self.refuse(
                path, "a service needs a short name in small letters.", "rename it, as in `app`."
            )
        own = self.allowed(data, path, _KEYS)
        builds = own.get("build") is not None
        if builds:
            self.check_build(own["build"], (*path, "build"))
        image = "" if builds else self.text(own.get("image"), (*path, "image"))
        composed = _composed().values()
        if not builds and not _image(image):
            examples = ", ".join(f"image: {one.example}" for one in composed)
            self.refuse(
                (*path, "image"),
                f"the lab has {_listed((one.image for one in composed), 'and')}, and builds your app.",
                f"write {examples}, or build: .",
            )
        if image and own.get("entrypoint") is not None:
            self.refuse(
                (*path, "entrypoint"), "the image's own start stays as it is.", "remove it."
            )
        command = self.words(own.get("command"), (*path, "command"))
        if image and command and command[0] not in [one.server for one in composed]:
            self.refuse(
                (*path, "command"),
                "this image runs its server and nothing else.",
                "begin it with the server's name, or remove it.",
            )
        return Service(
            name,
            image,
            self.given(self.pairs(own.get("environment"), (*path, "environment"))),
            command,
            self.words(own.get("entrypoint"), (*path, "entrypoint")),
            self.upkeep(own, path),
            self.needs(own.get("depends_on"), (*path, "depends_on")),
        )

    def check_build(self, data: Any, path: Path) -> None:
        context = data
        if isinstance(data, dict):
            context = self.allowed(data, path, ("context",)).get("context")
        if self.text(context, path).rstrip("/") != ".":
            self.refuse(path, "the app is built from the folder of this file.", "write build: .")

    def upkeep(self, own: Mapping[str, Any], path: Path) -> Upkeep:
        word = self.text(own.get("restart", "no"), (*path, "restart"))
        policy, _, times = word.partition(":")
        known = ("no", "always", "unless-stopped", "on-failure")
        if own.get("restart") is False:  # `no` is a word for us, and false in older readers
            policy = "no"
        elif policy not in known or (times and policy != "on-failure"):
            self.refuse(
                (*path, "restart"), "that is no restart policy.", f"write {', '.join(known)}."
            )
        elif times and not _TIMES.fullmatch(times):
            self.refuse(
                (*path, "restart"),
                "that is no number of restarts.",
                "write on-failure:3, with a number up to 9999.",
            )
        health = self.health(own.get("healthcheck"), (*path, "healthcheck"))
        return Upkeep(health, policy, int(times or 0))

    def health(self, data: Any, path: Path) -> Health | None:
        if data is None:
            return None
        own = self.allowed(data, path, _HEALTH)
        test = own.get("test")
        if isinstance(test, str):
            test = ["CMD-SHELL", test]
        test = self.words(test, (*path, "test")) or []
        if own.get("disable") is True or test[:1] == ["NONE"]:
            return Health([])
        if len(test) < 2 or test[0] not in ("CMD", "CMD-SHELL"):
            self.refuse(
                (*path, "test"),
                "it has no command.",
                'write test: ["CMD", "pg_isready"], or the command as one text.',
            )
        retries = own.get("retries", 3)
        if not _TIMES.fullmatch(str(retries)) or not 1 <= int(retries) <= 1000:
            self.refuse(
                (*path, "retries"), "it is no number of tries.", "write one from 1 to 1000."
            )
        return Health(
            test,
            self.seconds(own, "interval", 30, path),
            self.seconds(own, "timeout", 30, path),
            int(retries),
            self.seconds(own, "start_period", 0, path),
        )

    def seconds(self, own: Mapping[str, Any], key: str, default: float, path: Path) -> float:
        if key not in own:
            return default
        text = self.text(own[key], (*path, key))
        match = _DURATION.fullmatch(text)
        if not text or match is None:
            self.refuse(
                (*path, key), "that is no duration.", "write it with its unit: 2s, 500ms, 1m30s."
            )
        hours, minutes, seconds, milli = (float(part or 0) for part in match.groups())
        total = hours * 3600 + minutes * 60 + seconds + milli / 1000
        if total > 3600 or (total < 0.1 and key != "start_period"):
            self.refuse((*path, key), "it is out of bounds.", "write a time from 100ms to 1h.")
        return total

    def needs(self, data: Any, path: Path) -> dict[str, str]:
        if isinstance(data, list):
            return {self.text(one, (*path, n)): STARTED for n, one in enumerate(data)}
        found = {}
        for name, entry in self.mapping(data, path).items():
            own = self.allowed(entry, (*path, name), ("condition",))
            found[name] = self.text(own.get("condition", STARTED), (*path, name, "condition"))
            if found[name] not in (STARTED, HEALTHY, COMPLETED):
                self.refuse(
                    (*path, name, "condition"),
                    "that is no condition.",
                    f"write {STARTED}, {HEALTHY} or {COMPLETED}.",
                )
        return found

    def check_needs(self, one: Service, found: Mapping[str, Service]) -> None:
        for name, condition in one.needs.items():
            path: Path = ("services", one.name, "depends_on")
            if name not in found:
                self.refuse(path, f"there is no service {name}.", "name one that the file has.")
            health = found[name].upkeep.health
            if condition == HEALTHY and (health is None or not health.test):
                self.refuse(
                    path,
                    f"the service {name} has no healthcheck, so it is never healthy.",
                    f"give {name} a healthcheck.",
                )

    def check_order(self, found: Mapping[str, Service]) -> None:
        started: set[str] = set()
        while ready := [n for n in found if n not in started and started >= set(found[n].needs)]:
            started |= set(ready)
        for name in found:
            if name not in started:
                self.refuse(
                    ("services", name, "depends_on"),
                    "services wait for each other in a circle.",
                    "remove one of the lines.",
                )

    # The values

    def allowed(self, data: Any, path: Path, keys: Sequence[str]) -> dict[str, Any]:
        """A mapping that has none but these keys."""
        found = self.mapping(data, path)
        for key in found:
            if key not in keys:
                self.refuse((*path, key), "the lab does not run it.", f"use {', '.join(keys)}.")
        return found

    def text(self, data: Any, path: Path) -> str:
        """A value as text, with its variables put in."""
        if data is None or isinstance(data, (dict, list)):
            self.refuse(path, "a text is expected here.", "write one value.")
        if isinstance(data, str) and "\0" in data:
            self.refuse(path, "it holds a character that no text has.", "remove it.")
        return super().text(data, path)

    def check_pair(self, name: str, value: Any, path: Path) -> None:
        """A variable's name, and a value that nobody reads in two ways."""
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
            self.refuse(path, "that is not the name of a variable.", "write NAME=value.")
        if isinstance(value, bool):
            self.refuse(path, "a truth value is no text.", 'put it in quotes: "true".')

    def wrong(self, path: Path, mistake: Mistake, text: str = "", error: object = "") -> NoReturn:
        """Refuse it, with its line."""
        why, next = {
            Mistake.MAPPING: (
                "names with values are expected here.",
                "write one `name: value` a line.",
            ),
            Mistake.COMMAND: (f"it is no command: {error}.", "close the quotes."),
            Mistake.VARIABLE: (f"{error}.", "mend the variable, or set it in a file `.env`."),
            Mistake.DEPTH: (
                "its variables are nested too deeply.",
                "write fewer ${…} in each other.",
            ),
        }[mistake]
        self.refuse(path, why, next)

    def refuse(self, path: Path, why: str, next: str) -> NoReturn:
        self.file.refuse(path, why, next)
