"""A Compose project as far as an audit takes it: the image of one service, or what that is built from,
and how it is started. It is read as Compose reads it; what changes the image and cannot be followed is
refused, so that no other image is audited in its place."""

import json
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

from factorlab.engine.build.developer_folder import DOTENV
from factorlab.errors import FactorLabError
from factorlab.lab.compose.interpolate import read_dotenv
from factorlab.lab.compose.plain_yaml import Path as Place
from factorlab.lab.compose.plain_yaml import load_own
from factorlab.lab.compose.project import Mistake, Reader

NAMES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
"""Where Compose looks for a project's file in its folder."""
_ELSEWHERE = ("additional_contexts", "dockerfile_inline", "secrets", "ssh")
"""Parts of a build that `docker compose build` alone can do."""
_PORT = re.compile(r"(?:^|:)(\d+)(?:-\d+)?(?:/tcp)?$")
_NEITHER = "it needs `services:` with a `build:` or an `image:` for each."
COMMAND = ("docker", "compose")
CONFIG_SECONDS = 30
"""How long `docker compose config` may take."""


@dataclass(frozen=True)
class Service:
    """One service: the name of its image, or the folder that it is built from with all that the build
    is told; the words of its `command:`, where it has one; whether it has an `entrypoint:`; the
    variables, the ports and the words of the health check that the project gives it."""

    name: str
    image: str = ""
    context: Path | None = None
    dockerfile: str = "Dockerfile"
    stage: str = ""
    args: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = ()
    entrypoint: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    ports: tuple[int, ...] = ()
    healthcheck: tuple[str, ...] = ()


def file_in(folder: Path) -> Path:
    """The Compose file of a project's folder. Raises FactorLabError when there is none."""
    for name in NAMES:
        if (folder / name).is_file():
            return folder / name
    raise FactorLabError(
        f"There is no Compose file in {folder}.",
        next=f"--service goes with one of {', '.join(NAMES)}; leave it out to audit the folder.",
    )


def dotenv(file: Path, outer: Mapping[str, str] | None = os.environ) -> dict[str, str]:
    """The variables of a `.env`, with those of `outer` put in; none where there is no such file. Raises FactorLabError for one that
    may not be read."""
    if not file.is_file():
        return {}
    try:
        return read_dotenv(file.read_text("utf-8", "replace"), outer)
    except OSError as error:
        raise FactorLabError(
            f"{file} cannot be read.", why=str(error.strerror), next="look at who may read it."
        ) from error


def read_service(file: Path, name: str, *, folder: bool = False) -> Service:
    """Read one service of a Compose file; without a name, the only one, or the only one that is
    built. Where `docker compose config` is there, it is what that makes of the file: with what the
    file extends and includes, and, where the project's `folder` was named, with its override file.
    Raises FactorLabError for what is not there, not right, or not for the audit."""
    whole = composed(file, folder)
    services = (whole or {}).get("services") or {}
    if services and (not name or name in services):
        return _Project(file, whole, {}).service(name)
    variables = {**dotenv(file.parent / DOTENV), **os.environ}
    return _Project(file, _load(file), variables).service(name)


def composed(file: Path, folder: bool) -> dict[str, Any] | None:
    """A project as `docker compose config` prints it: whole, with all variables put in. None where
    there is no such command, or where it does not take the file: what is wrong with it is said in
    our own words, and one that lacks a file with variables is read all the same."""
    of = [] if folder else ["--file", str(file.resolve())]
    command = [*COMMAND, *of, "--profile", "*", "config", "--format", "json"]
    try:
        run = subprocess.run(
            command, cwd=file.parent, capture_output=True, timeout=CONFIG_SECONDS, check=True
        )
        whole = json.loads(run.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return whole if isinstance(whole, dict) else None


def _load(file: Path) -> Any:
    try:
        return load_own(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise _unreadable(file, str(error)) from error


def _unreadable(file: Path, why: str) -> FactorLabError:
    return FactorLabError(f"{file} cannot be read as a Compose file: {why}", next=_NEITHER)


class _Project(Reader):
    """A Compose file's data with its variables: those of the project's `.env` and, before these, of
    whoever calls. A mistake is told with the file's name."""

    def __init__(self, file: Path, data: Any, variables: Mapping[str, str]) -> None:
        super().__init__(variables)
        self.file = file
        named = self.mapping(self.mapping(data, ()).get("services"), ("services",))
        self.services = {
            str(name): self.mapping(one, ("services", str(name))) for name, one in named.items()
        }

    def service(self, name: str) -> Service:
        """One service by its name, as `read_service` says."""
        name = self.chosen(name)
        path: Place = ("services", name)
        levels = self.levels(name)
        own: dict[str, Any] = {key: value for level in levels for key, value in level.items()}
        if not own.get("build") and not own.get("image"):
            raise FactorLabError(
                f"The service {name} in {self.file} has neither `build:` nor `image:`.",
                next="add one of them, or choose another service.",
            )
        health = self.mapping(own.get("healthcheck"), (*path, "healthcheck"))
        service = Service(
            name,
            self.text(own.get("image") or "", path),
            command=tuple(self.words(own.get("command"), (*path, "command")) or ()),
            entrypoint=bool(own.get("entrypoint")),
            environment=self.environment(own, path),
            ports=self.ports(own, path),
            healthcheck=tuple(self.text(word, path) for word in _listed(health.get("test"))),
        )
        return self.built(service, levels) if own.get("build") else service

    def chosen(self, name: str) -> str:
        """The name of the service that is meant."""
        if not self.services:
            raise _unreadable(self.file, "it has no services")
        built = [n for n, one in self.services.items() if one.get("build")] or [*self.services]
        if not name and len(built) == 1:
            name = built[0]
        if name not in self.services:
            what = f"no service '{name}'" if name else "more than one service"
            raise FactorLabError(
                f"{self.file} has {what}.",
                next=f"choose one of them with --service: {', '.join(self.services)}.",
            )
        return name

    def levels(self, name: str, above: tuple[str, ...] = ()) -> list[Mapping[str, Any]]:
        """A service with those that it takes from by `extends`, the lowest first."""
        own = self.services[name]
        if not (extends := own.get("extends")):
            return [own]
        given = {"service": extends} if isinstance(extends, str) else extends
        whence = self.mapping(given, ("services", name, "extends"))
        base = str(whence.get("service"))
        if whence.get("file") or base not in self.services or base in (name, *above):
            raise FactorLabError(
                f"What the service {name} in {self.file} extends is not in that file.",
                next="write all of the project into one file, and audit that: "
                f"docker compose config > whole.yaml && factorlab audit whole.yaml --service {name}",
            )
        return [*self.levels(base, (*above, name)), own]

    def built(self, service: Service, levels: Sequence[Mapping[str, Any]]) -> Service:
        """The service with what its image is built from."""
        name = service.name
        path: Place = ("services", name, "build")
        build: dict[str, Any] = {}
        args: dict[str, str | None] = {}
        labels: dict[str, str | None] = {}
        for level in levels:
            written = level.get("build") or {}
            one = self.mapping({"context": written} if isinstance(written, str) else written, path)
            build |= one
            args |= self.pairs(one.get("args"), (*path, "args"))
            labels |= self.pairs(one.get("labels"), (*path, "labels"))
        context = self.text(build.get("context") or ".", path)
        for key in _ELSEWHERE:
            if build.get(key):
                raise self.elsewhere(name, f"`{key}`")
        if "://" in context or context.startswith("git@"):
            raise self.elsewhere(name, f"a context that is no folder here, {context}")
        return replace(
            service,
            image="",
            context=self.file.parent / context,
            dockerfile=self.text(build.get("dockerfile") or "Dockerfile", path),
            stage=self.text(build.get("target") or "", path),
            args=self.given(args),
            labels={key: value or "" for key, value in labels.items()},
        )

    def environment(self, own: Mapping[str, Any], path: Place) -> dict[str, str]:
        """The variables of a service: those of its files first. A file that is not there has none:
        somebody else may have it, and nothing but a draft is made of this."""
        found: dict[str, str] = {}
        for entry in _listed(own.get("env_file")):
            file = entry.get("path", "") if isinstance(entry, dict) else entry
            found |= dotenv(self.file.parent / self.text(file, path))
        return found | self.given(self.pairs(own.get("environment"), (*path, "environment")))

    def ports(self, own: Mapping[str, Any], path: Place) -> tuple[int, ...]:
        """The ports inside the container of a service that the project publishes or exposes."""
        found = []
        for entry in [*_listed(own.get("ports")), *_listed(own.get("expose"))]:
            inside = entry.get("target", "") if isinstance(entry, dict) else entry
            if match := _PORT.search(self.text(inside, path)):
                found.append(int(match[1]))
        return tuple(found)

    def wrong(self, path: Place, mistake: Mistake, text: str = "", error: object = "") -> NoReturn:
        """Say what cannot be read, and where."""
        if mistake is Mistake.MAPPING:
            raise _unreadable(self.file, f"{_called(path)} is no mapping of names to values")
        if mistake is Mistake.COMMAND:
            raise _unreadable(self.file, f"`{text}` is no command: {error}")
        raise FactorLabError(
            f"{self.file} has a value that cannot be read, `{text[:80]}`: {error}.",
            next="mend it, or set the variable in this shell or in the project's `.env`.",
        )

    def elsewhere(self, name: str, what: str) -> FactorLabError:
        """The error that a build needs what `docker compose build` alone can do."""
        return FactorLabError(
            f"The build of {name} in {self.file} has {what}, which the audit cannot follow.",
            next=f"build it with `docker compose build {name}`, and audit the image by its name.",
        )


def _called(path: Place) -> str:
    """What a place is called in a sentence: `services.web`, or its key and whose it is."""
    if not path:
        return "it"
    if path[2:]:
        return f"`{path[-1]}` of {path[1]}"
    return f"`{'.'.join(map(str, path))}`"


def _listed(given: Any) -> list[Any]:
    """One or several values as a list."""
    return given if isinstance(given, list) else [] if given is None else [given]
