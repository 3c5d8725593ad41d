"""What is audited: an image, a folder with a Dockerfile, or a service of a Compose project."""

import re
import secrets
import shlex
from dataclasses import dataclass, field, replace
from pathlib import Path

from factorlab.audit import compose
from factorlab.engine.build.developer_folder import DOTENV, Folder
from factorlab.engine.images.foreign import Record, local_image, record_of
from factorlab.errors import FactorLabError
from factorlab.lab import Lab
from factorlab.questions.contract import Contract, contract_of, read_contract
from factorlab.questions.subject import Subject

CONTRACT = "factorlab.toml"
YAML = (".yaml", ".yml")
SECRET_LENGTH = 8
"""Values of a `.env` that are shorter are too common to be looked for."""
_SECRET = re.compile(r"secret|password|passwd|token|key|dsn|url|credential", re.IGNORECASE)


@dataclass(frozen=True)
class Target:
    """What is audited: the words that named it, an image or a folder, the contract, and where that
    was read; the service of a Compose project that it is, if it is one."""

    name: str
    image: str = ""
    folder: Folder | None = None
    contract: Contract = field(default_factory=lambda: contract_of("", whole=False))
    source: Path | None = None
    service: compose.Service | None = None

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
        if self.source is None and (ports := self.record(built.id).ports):
            contract = replace(contract, port=ports[0])  # all that is known is what it exposes
        if self.service and not contract.web:
            contract = replace(contract, web=self.service.command)
        return Subject("app", built, contract, hidden)

    def record(self, image: str) -> Record:
        """What its image says about itself, and what a Compose project says about it."""
        record, service = record_of(image), self.service
        if service is None:
            return record
        return replace(
            record,
            env={**record.env, **service.environment},
            ports=[*service.ports] or record.ports,
            healthcheck=[*service.healthcheck] or record.healthcheck,
        )

    def remarks(self) -> list[str]:
        """What the report must say about how it was run."""
        service, remarks = self.service, []
        if service and service.command and not self.contract.web:
            remarks.append(
                f"It was started as {self.name} has it: `{shlex.join(service.command)}`. Where deploys "
                "start it by another command, name that in the contract: web in its [processes]."
            )
        if service and service.entrypoint:
            remarks.append(
                f"The `entrypoint` of {self.name} was not taken: the image was started by its own."
            )
        return remarks


def resolve(
    name: str,
    *,
    service: str = "",
    contract: Path | None = None,
    args: dict[str, str] | None = None,
) -> Target:
    """Find out what a TARGET is, and read its contract: the file that is named, or `factorlab.toml`
    in the folder, or in the present one. Raises FactorLabError, saying what is missing."""
    path = Path(name)
    folder = path if path.is_dir() else path.parent
    target = Target(name)
    if (path.is_file() and path.suffix in YAML) or (path.is_dir() and service):
        file = path if path.is_file() else compose.file_in(path)
        target = _of_compose(file, service, args, folder=path.is_dir())
    elif path.is_file() and "dockerfile" in path.name.lower():
        target = replace(target, folder=_folder(folder, path.name, args))
    elif path.is_dir():
        target = replace(target, folder=_folder(folder, "Dockerfile", args))
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
        target, folder = replace(target, image=name), Path()
    found = contract or _contract_in(target.folder.path if target.folder else folder, folder)
    if found is None:
        return target
    return replace(target, contract=read_contract(found, whole=False), source=found)


def _contract_in(*folders: Path) -> Path | None:
    return next((f / CONTRACT for f in folders if (f / CONTRACT).is_file()), None)


def _folder(path: Path, dockerfile: str, args: dict[str, str] | None) -> Folder:
    if not (path / dockerfile).is_file():
        raise FactorLabError(
            f"There is no {dockerfile} in {path}.",
            next="name a folder with a Dockerfile, a Compose file with --service, or an image.",
        )
    return Folder(path.resolve(), dockerfile, args, f"canary-{secrets.token_hex(12)}")


def _of_compose(file: Path, name: str, args: dict[str, str] | None, *, folder: bool) -> Target:
    """The image or the folder of a service. Its backing services are not taken: the audit starts
    its own, so that nothing of the project is touched."""
    service = compose.read_service(file, name, folder=folder)
    target = Target(f"{file} · {service.name}", image=service.image, service=service)
    if service.context:
        given = {**service.args, **(args or {})}
        own = _folder(service.context, service.dockerfile, given)
        target = replace(target, folder=replace(own, stage=service.stage, labels=service.labels))
    return target


def _own_secrets(folder: Path) -> tuple[str, ...]:
    """The values in a folder's `.env` that look like secrets: they are looked for in the image."""
    # An app may read `pa$$word` as it is written, or as Compose does: it is looked for in both forms
    read = [compose.dotenv(folder / DOTENV), compose.dotenv(folder / DOTENV, None)]
    values = [value for found in read for name, value in found.items() if _SECRET.search(name)]
    return tuple(dict.fromkeys(value for value in values if len(value) >= SECRET_LENGTH))
