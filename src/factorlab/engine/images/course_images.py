"""The images that the course runs: which there are, and whether they are current.

Every image is built by a Dockerfile in `images/` on one base, `debian:bookworm-slim`, and
labeled with the hash of all it was built from. The hash decides whether it is built again.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from docker.errors import ImageNotFound

from factorlab.course import root
from factorlab.engine.build.context import read_files
from factorlab.engine.cleanup.labels import INPUTS
from factorlab.engine.connection import connect
from factorlab.engine.errors import translated
from factorlab.errors import NotReady


@dataclass(frozen=True)
class Image:
    """One image of the course: its folder in `images/`, its tag, and what it is built on."""

    name: str
    tag: str
    base: str | None = None

    @property
    def folder(self) -> Path:
        """The folder with its Dockerfile and the files that this copies."""
        return root() / "images" / self.name

    def inputs(self) -> str:
        """The hash (SHA-256, 16 hex digits) of its files and of all it is built on."""
        digest = hashlib.sha256()
        if self.base:
            digest.update(IMAGES[self.base].inputs().encode())
        for name, content in read_files(self.folder).items():
            digest.update(name.encode())
            digest.update(content)
        return digest.hexdigest()[:16]


IMAGES = {
    image.name: image
    for image in (
        Image("base", "factorlab/base:bookworm"),
        Image("python", "factorlab/python:3.11", base="base"),
        Image("redis", "factorlab/redis:7", base="base"),
        Image("postgres", "factorlab/postgres:15", base="base"),
        Image("nginx", "factorlab/nginx:1", base="base"),
        Image("git", "factorlab/git:2", base="base"),
        Image("probe", "factorlab/probe:2", base="python"),
        Image("slim", "factorlab/slim:3.11", base="python"),
    )
}
"""In build order."""


@translated
def stale() -> list[str]:
    """The names of the images that are missing or not built from the present files."""
    return [image.name for image in IMAGES.values() if not _current(image)]


@translated
def missing() -> list[str]:
    """The names of the images that the engine does not have at all, current or not."""
    tags = {tag for found in connect().images.list("factorlab/*") for tag in found.tags}
    plain = {tag.removeprefix("localhost/") for tag in tags}
    return [image.name for image in IMAGES.values() if image.tag not in plain]


def require() -> None:
    """Raise NotReady when an image of the course is missing."""
    if names := missing():
        raise NotReady(
            f"Images of the course are missing: {', '.join(names)}.",
            next="run `factorlab images build`, or `factorlab images load FILE` without a network.",
        )


def _current(image: Image) -> bool:
    try:
        found = connect().images.get(image.tag)
    except ImageNotFound:
        return False
    return bool((found.labels or {}).get(INPUTS) == image.inputs())
