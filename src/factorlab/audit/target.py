"""What is audited: an image, a folder with a Dockerfile, or a service of a Compose project."""

import os
import re
import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from factorlab.checks.base import Subject
from factorlab.checks.contract import Contract, contract_of, read_contract
from factorlab.engine.local import local_image, record_of
from factorlab.engine.own_builds import DOTENV, Folder
from factorlab.errors import FactorLabError
from factorlab.lab import Lab
from factorlab.lab.interpolate import interpolate, read_dotenv

CONTRACT = "factorlab.toml"
COMPOSE = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
SECRET_LENGTH = 8
"""Values of a `.env` that are shorter are too common to be looked for."""
_SECRET = re.compile(r"secret|password|passwd|token|key|dsn|url|credential", re.IGNORECASE)


@dataclass(frozen=True)
class Target:
    """What is audited: the words that named it, an image or a folder, the contract, and where that
    was read."""

    name: str
    image: str = ""
    folder: Folder | None = None
    contract: Contract = field(default_factory=lambda: contract_of("", whole=False))
    source: Path | None = None

    def subject(self, lab: Lab) -> Subject:
        """Build it, if it is a folder, and make it what checks ask. Raises NotStarted when the
        build fails, FactorLabError when there is no such image."""
        if self.folder is None:
            built = local_image(self.image)
            hidden: tuple[str, ...] = ()
        else:
            built = lab.build_folder(self.folder, nocache=True)
            hidden = (self.folder.canary, *_own_secrets(self.folder.path))
        contract = self.contract
        if self.source is None and (ports := record_of(built.id).ports):
            contract = replace(contract, port=ports[0])  # all that is known is what it exposes
        return Subject("app", built, contract, hidden)


def resolve(
    name: str, *, service: str = "", contract: Path | None = None, args: dict[str, str] | None = None
) -> Target:  # fmt: skip
    """Find out what a TARGET is, and read its contract: the file that is named, or `factorlab.toml`
    in the folder, or in the present one. Raises FactorLabError, saying what is missing."""
    path = Path(name)
    folder = path if path.is_dir() else path.parent
    made = Target(name)
    if (path.is_file() and path.name in COMPOSE) or (path.is_dir() and service):
        made = _of_compose(path if path.is_file() else _compose_in(path), service, args)
    elif path.is_file() and "dockerfile" in path.name.lower():
        made = replace(made, folder=_folder(folder, path.name, args))
    elif path.is_dir():
        made = replace(made, folder=_folder(folder, "Dockerfile", args))
    elif path.exists() or name.startswith((".", "/", "~")):
        raise FactorLabError(
            f"{name} is neither a folder with a Dockerfile nor a Compose file.",
            next="name a folder, a Compose file with --service, or an image such as shop:1.4.",
        )
    elif service:
        raise FactorLabError(
            f"--service {service} goes with a Compose file, and {name} is none.",
            next=f"name the project's folder or file: factorlab audit . --service {service}",
        )
    else:
        made, folder = replace(made, image=name), Path()
    found = contract or _contract_in(made.folder.path if made.folder else folder, folder)
    if found is None:
        return made
    return replace(made, contract=read_contract(found, whole=False), source=found)


def _contract_in(*folders: Path) -> Path | None:
    return next((f / CONTRACT for f in folders if (f / CONTRACT).is_file()), None)


def _folder(path: Path, dockerfile: str, args: dict[str, str] | None) -> Folder:
    if not (path / dockerfile).is_file():
        raise FactorLabError(
            f"There is no {dockerfile} in {path}.",
            next="name a folder with a Dockerfile, a Compose file with --service, or an image.",
        )
    return Folder(path.resolve(), dockerfile, args, f"canary-{secrets.token_hex(12)}")


def _compose_in(folder: Path) -> Path:
    for name in COMPOSE:
        if (folder / name).is_file():
            return folder / name
    raise FactorLabError(
        f"There is no Compose file in {folder}.",
        next=f"--service goes with one of {', '.join(COMPOSE)}; leave it out to audit the folder.",
    )


def _of_compose(file: Path, service: str, args: dict[str, str] | None) -> Target:
    """The image or the folder of a service. Its backing services are not taken: the audit starts
    its own, so that nothing of the project is touched."""
    services = _services(file)
    if not service and len(builds := [n for n, one in services.items() if one.get("build")]) == 1:
        service = builds[0]
    if service not in services:
        asked = f"no service '{service}'" if service else "more than one service"
        raise FactorLabError(
            f"{file} has {asked}.",
            next=f"choose one of them with --service: {', '.join(services)}.",
        )
    own, name, values = services[service], f"{file} · {service}", _Values(file)
    build = own.get("build")
    if build:
        build = {"context": build} if isinstance(build, str) else build
        context = file.parent / values.text(build.get("context", "."))
        dockerfile = values.text(build.get("dockerfile", "Dockerfile"))
        given = values.args(build.get("args")) | (args or {})
        return Target(name, folder=_folder(context, dockerfile, given))
    return Target(name, image=values.text(own.get("image", "")))


class _Values:
    """The values of a Compose file as text, as Compose reads them: with the variables of the
    project's `.env` and, before these, of whoever calls."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._variables = {**_dotenv(file.parent), **os.environ}

    def text(self, value: Any) -> str:
        """One value. Raises FactorLabError for what is no variable, or is required and not set."""
        text = str(value).lower() if isinstance(value, bool) else str(value)
        try:  # one that is not set is empty, as in Compose
            return interpolate(text, self._variables, unset=lambda _: None)
        except ValueError as error:
            raise FactorLabError(
                f"{self._file} has a value that cannot be read, `{text[:80]}`: {error}.",
                next="mend it, or set the variable in this shell or in the project's `.env`.",
            ) from error

    def args(self, given: Any) -> dict[str, str]:
        """Build arguments, of a list or a mapping. One without a value has that of the variable of
        its name; without such a variable, the Dockerfile's default."""
        if isinstance(given, list):
            entries = (str(entry).partition("=") for entry in given)
            given = {name: value if sign else None for name, sign, value in entries}
        return {
            name: self._variables[name] if value is None else self.text(value)
            for name, value in (given or {}).items()
            if value is not None or name in self._variables
        }


def _services(file: Path) -> dict[str, dict[str, Any]]:
    import yaml

    from factorlab.audit.compose_yaml import Loader

    try:
        data = yaml.load(file.read_text(), Loader)
        services = {str(name): dict(one or {}) for name, one in data["services"].items()}
    except (OSError, yaml.YAMLError, TypeError, KeyError, AttributeError, ValueError) as error:
        raise FactorLabError(
            f"{file} cannot be read as a Compose file: {error}",
            next="it needs `services:` with a `build:` or an `image:` for each.",
        ) from error
    return services


def _dotenv(folder: Path) -> dict[str, str]:
    file = folder / DOTENV
    return read_dotenv(file.read_text(errors="replace")) if file.is_file() else {}


def _own_secrets(folder: Path) -> tuple[str, ...]:
    """The values in a folder's `.env` that look like secrets: they are looked for in the image."""
    values = (value for name, value in _dotenv(folder).items() if _SECRET.search(name))
    return tuple(value for value in values if len(value) >= SECRET_LENGTH)
