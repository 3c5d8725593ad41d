"""A Compose project as far as an audit takes it: the image of one service, or what that is built from,
and how it is started. It is read as Compose reads it; what changes the image and cannot be followed is
refused, so that no other image is audited in its place."""

import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from factorlab.engine.build.developer_folder import DOTENV
from factorlab.errors import FactorLabError
from factorlab.lab.compose.interpolate import interpolate, read_dotenv

NAMES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
"""Where Compose looks for a project's file in its folder."""
_ELSEWHERE = ("additional_contexts", "dockerfile_inline", "secrets", "ssh")
"""Parts of a build that `docker compose build` alone can do."""
_PORT = re.compile(r"(?:^|:)(\d+)(?:-\d+)?(?:/tcp)?$")
_NEITHER = "it needs `services:` with a `build:` or an `image:` for each."
_BOOL = "tag:yaml.org,2002:bool"


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader reads YAML 1.1. Of its truth values Compose knows those of YAML 1.2 alone:
    `yes`, `no`, `on` and `off` are words, as an argument `DEBUG: yes` means them."""

    yaml_implicit_resolvers = {  # noqa: RUF012  # as PyYAML wants it: of the class
        first: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOL]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver(
    _BOOL, re.compile("^(?:true|True|TRUE|false|False|FALSE)$"), [*"tTfF"]
)


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


def read_service(file: Path, name: str) -> Service:
    """Read one service of a Compose file; without a name, the only one, or the only one that is
    built. Raises FactorLabError for what is not there, not right, or not for the audit."""
    return _Project(file).service(name)


class _Project:
    """A Compose file with its variables: those of the project's `.env` and, before these, of
    whoever calls."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.variables = {**dotenv(file.parent / DOTENV), **os.environ}
        try:
            data = yaml.load(file.read_text("utf-8"), _Loader)
        except (OSError, yaml.YAMLError, ValueError, RecursionError) as error:
            raise self.unreadable(str(error)) from error
        named = self.mapping(self.mapping(data, "it").get("services"), "`services`")
        self.services = {
            str(name): self.mapping(one, f"`services.{name}`") for name, one in named.items()
        }

    def service(self, name: str) -> Service:
        if not self.services:
            raise self.unreadable("it has no services")
        built = [n for n, one in self.services.items() if one.get("build")] or [*self.services]
        if not name and len(built) == 1:
            name = built[0]
        if name not in self.services:
            asked = f"no service '{name}'" if name else "more than one service"
            raise FactorLabError(
                f"{self.file} has {asked}.",
                next=f"choose one of them with --service: {', '.join(self.services)}.",
            )
        own = self.whole(name)
        if not own.get("build") and not own.get("image"):
            raise FactorLabError(
                f"The service {name} in {self.file} has neither `build:` nor `image:`.",
                next="add one of them, or choose another service.",
            )
        health = self.mapping(own.get("healthcheck"), f"`healthcheck` of {name}")
        service = Service(
            name,
            self.text(own.get("image") or ""),
            command=self.words(own.get("command")),
            entrypoint=bool(own.get("entrypoint")),
            environment=self.environment(own, name),
            ports=self.ports(own),
            healthcheck=tuple(self.text(word) for word in self.listed(health.get("test"))),
        )
        if own.get("build"):
            return self.built(service, self.build(own["build"], name))
        return service

    def built(self, service: Service, build: Mapping[str, Any]) -> Service:
        """The service with what its image is built from."""
        name, context = service.name, self.text(build.get("context") or ".")
        for key in _ELSEWHERE:
            if build.get(key):
                raise self.elsewhere(name, f"`{key}`")
        if "://" in context or context.startswith("git@"):
            raise self.elsewhere(name, f"a context that is no folder here, {context}")
        return replace(
            service,
            image="",
            context=self.file.parent / context,
            dockerfile=self.text(build.get("dockerfile") or "Dockerfile"),
            stage=self.text(build.get("target") or ""),
            args=self.given(build.get("args"), f"`args` of {name}"),
            labels={
                key: self.text("" if value is None else value)
                for key, value in self.pairs(build.get("labels"), f"`labels` of {name}").items()
            },
        )

    def environment(self, own: Mapping[str, Any], name: str) -> dict[str, str]:
        """The variables of a service: those of its files first. A file that is not there has none:
        somebody else may have it, and nothing but a draft is made of this."""
        found: dict[str, str] = {}
        for entry in self.listed(own.get("env_file")):
            path = entry.get("path", "") if isinstance(entry, dict) else entry
            found |= dotenv(self.file.parent / self.text(path))
        return found | self.given(own.get("environment"), f"`environment` of {name}")

    def ports(self, own: Mapping[str, Any]) -> tuple[int, ...]:
        """The ports inside the container of a service that the project publishes or exposes."""
        found = []
        for entry in [*self.listed(own.get("ports")), *self.listed(own.get("expose"))]:
            inside = entry.get("target", "") if isinstance(entry, dict) else entry
            if match := _PORT.search(self.text(inside)):
                found.append(int(match[1]))
        return tuple(found)

    def whole(self, name: str, above: tuple[str, ...] = ()) -> Mapping[str, Any]:
        """A service with what it takes from another by `extends`."""
        own = self.services[name]
        if not (extends := own.get("extends")):
            return own
        given = {"service": extends} if isinstance(extends, str) else extends
        base = str(self.mapping(given, f"`extends` of {name}").get("service"))
        if given.get("file") or base not in self.services or base in (name, *above):
            raise FactorLabError(
                f"What the service {name} in {self.file} extends is not in that file.",
                next="write all of the project into one file, and audit that: "
                f"docker compose config > whole.yaml && factorlab audit whole.yaml --service {name}",
            )
        below = self.whole(base, (*above, name))
        both = {**below, **own}
        if below.get("build") and own.get("build"):
            one, two = self.build(below["build"], base), self.build(own["build"], name)
            both["build"] = {**one, **two} | {
                key: {**self.pairs(one.get(key), base), **self.pairs(two.get(key), name)}
                for key in ("args", "labels")
            }
        return both

    def build(self, build: Any, name: str) -> Mapping[str, Any]:
        given = {"context": build} if isinstance(build, str) else build
        return self.mapping(given, f"`build` of {name}")

    def pairs(self, given: Any, what: str) -> Mapping[str, Any]:
        """Names and values, of a list or a mapping; None for a name alone."""
        if isinstance(given, list):
            entries = (str(entry).partition("=") for entry in given)
            return {name: value if sign else None for name, sign, value in entries}
        return {str(name): value for name, value in self.mapping(given, what).items()}

    def given(self, given: Any, what: str) -> dict[str, str]:
        """Names and values; one without a value has that of the variable of its name, and without
        such a variable it is not given."""
        return {
            name: self.variables[name] if value is None else self.text(value)
            for name, value in self.pairs(given, what).items()
            if value is not None or name in self.variables
        }

    def words(self, command: Any) -> tuple[str, ...]:
        if isinstance(command, list):
            return tuple(self.text(word) for word in command)
        try:
            return tuple(shlex.split(self.text(command or "")))
        except ValueError as error:
            raise self.unreadable(f"`{command}` is no command: {error}") from error

    def text(self, value: Any) -> str:
        """One value, with its variables put in. Raises FactorLabError for what is no variable, or is
        required and not set."""
        text = str(value).lower() if isinstance(value, bool) else str(value)
        try:  # one that is not set is empty, as in Compose
            return interpolate(text, self.variables, unset=lambda _: None)
        except ValueError as error:
            raise FactorLabError(
                f"{self.file} has a value that cannot be read, `{text[:80]}`: {error}.",
                next="mend it, or set the variable in this shell or in the project's `.env`.",
            ) from error

    def listed(self, given: Any) -> list[Any]:
        """One or several values as a list."""
        return given if isinstance(given, list) else [] if given is None else [given]

    def mapping(self, given: Any, what: str) -> Mapping[str, Any]:
        if given is None:
            return {}
        if not isinstance(given, dict):
            raise self.unreadable(f"{what} is no mapping of names to values")
        return given

    def unreadable(self, why: str) -> FactorLabError:
        return FactorLabError(f"{self.file} cannot be read as a Compose file: {why}", next=_NEITHER)

    def elsewhere(self, name: str, what: str) -> FactorLabError:
        return FactorLabError(
            f"The build of {name} in {self.file} has {what}, which the audit cannot follow.",
            next=f"build it with `docker compose build {name}`, and audit the image by its name.",
        )
