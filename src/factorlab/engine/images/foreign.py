"""Images that somebody else has made and that are on the engine: used, and never changed."""

import re
from dataclasses import dataclass, field

from docker.errors import APIError, ImageNotFound

from factorlab.engine.build.build import Build
from factorlab.engine.connection import connect
from factorlab.engine.errors import translated
from factorlab.engine.images.inspection import environment, labels
from factorlab.errors import FactorLabError


@dataclass(frozen=True)
class Record:
    """What an image says about itself."""

    ports: list[int] = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    user: str = ""
    command: list[str] = field(default_factory=list)
    healthcheck: list[str] = field(default_factory=list)


@translated
def local_image(name: str) -> Build:
    """An image on the engine by its name or id. Raises FactorLabError when it is not there: nothing
    is pulled."""
    try:
        record = connect().api.inspect_image(name)
    except (ImageNotFound, APIError) as error:
        if isinstance(error, APIError) and error.status_code not in (400, 404):
            raise
        raise FactorLabError(
            f"The engine has no image '{name}'.",
            next=f"build it, or fetch it with `docker pull {name}`; or name a folder with a Dockerfile.",
        ) from error
    return Build(str(record["Id"]), name)


@translated
def record_of(image: str) -> Record:
    """What an image says about itself."""
    config = connect().api.inspect_image(image)["Config"]
    exposed = config.get("ExposedPorts") or {}
    ports = sorted(
        int(port.partition("/")[0]) for port in exposed if re.match(r"\d+(/tcp)?$", port)
    )
    return Record(
        ports,
        environment(image),
        labels(image),
        str(config.get("User") or ""),
        [*(config.get("Entrypoint") or []), *(config.get("Cmd") or [])],
        list((config.get("Healthcheck") or {}).get("Test") or []),
    )
