"""The images that the course runs: which there are, whether they are current, building them.

Every image is built by a Dockerfile in `images/` on one base, `debian:bookworm-slim`, and
labelled with the hash of all it was built from. The hash decides whether it is built again.
"""

import gzip
import hashlib
import io
import shutil
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from docker.errors import APIError, BuildError, ImageNotFound

from factorlab.course import root
from factorlab.engine.base_image import make_base
from factorlab.engine.connection import connect
from factorlab.engine.containers import read_files, tar
from factorlab.engine.inspection import export
from factorlab.engine.labels import COURSE, INPUTS
from factorlab.engine.translate import machine_fault, translated
from factorlab.engine.wheelhouse import download_wheels
from factorlab.errors import NotReady

Progress = Callable[[str, str], None]
"""Called with an image's name and what is being done for it."""


@dataclass(frozen=True)
class Image:
    """One image of the course: its folder in `images/`, its tag, and what it is built on."""

    name: str
    tag: str
    base: str | None = None

    @property
    def folder(self) -> Path:
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
        Image("probe", "factorlab/probe:1", base="python"),
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


def _current(image: Image) -> bool:
    try:
        found = connect().images.get(image.tag)
    except ImageNotFound:
        return False
    return bool((found.labels or {}).get(INPUTS) == image.inputs())


@translated
def build(
    names: Iterable[str] | None = None, progress: Progress = lambda name, doing: None
) -> None:
    """Build the named images, or all that are stale; those that do not depend on each other
    side by side. Raises NotReady with the end of the build's output when one fails."""
    wanted = set(stale() if names is None else names)
    rank = {"base": 0, "probe": 2}
    for level in range(3):
        layer = [i for i in IMAGES.values() if i.name in wanted and rank.get(i.name, 1) == level]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda image: _build_one(image, progress), layer))


def _build_one(image: Image, progress: Progress) -> None:
    labels = {COURSE: "factorlab", INPUTS: image.inputs()}
    if image.base is None:
        make_base(image.folder, image.tag, labels, lambda doing: progress(image.name, doing))
    else:
        context = read_files(image.folder)
        if image.name == "python":
            progress(image.name, "installing the interpreter")
            _run_build(image, context, {}, target="interpreter")
            progress(image.name, "downloading the apps' libraries")
            context |= download_wheels(f"{image.tag}-interpreter", context["requirements.txt"])
        progress(image.name, "building")
        _run_build(image, context, labels)
        if image.name == "python":
            connect().images.remove(f"{image.tag}-interpreter", noprune=True)
    progress(image.name, "ready")


def _run_build(
    image: Image, context: dict[str, bytes], labels: dict[str, str], target: str | None = None
) -> None:
    assert image.base is not None
    try:
        connect().images.build(
            fileobj=io.BytesIO(tar(context)),
            custom_context=True,
            tag=image.tag if target is None else f"{image.tag}-{target}",
            target=target,
            buildargs={"BASE": IMAGES[image.base].tag},
            labels=labels,
            rm=True,
            forcerm=True,
        )
    except BuildError as error:
        output = "".join(line.get("stream", "") for line in error.build_log)
        raise NotReady(
            f"The image '{image.name}' could not be built: {error.msg}",
            why="\n".join(output.splitlines()[-15:]),
            next="check that the engine reaches Debian's package servers, then run "
            "`factorlab images build`; or bring the images with `factorlab images load FILE`.",
        ) from error


@translated
def save(path: Path, progress: Progress = lambda name, doing: None) -> int:
    """Write all images of the course into one file (`docker save`, gzip); returns its bytes.

    Raises NotReady when an image is missing or stale: a bundle must be complete.
    """
    if missing := stale():
        raise NotReady(
            f"Not all images are current: {', '.join(missing)}.",
            next="run `factorlab images build`.",
        )
    progress("all", "saving")
    parts = export([image.tag for image in IMAGES.values()])
    partial = path.with_name(path.name + ".part")
    with gzip.open(partial, "wb", compresslevel=1) as bundle:
        for chunk in parts:
            bundle.write(chunk)
    shutil.move(partial, path)
    return path.stat().st_size


@translated
def load(path: Path) -> list[str]:
    """Load a bundle that `save` wrote; returns the names that are still stale afterwards.

    Raises NotReady for a file that is damaged or no bundle.
    """
    with path.open("rb") as bundle:
        try:
            trouble = [
                step["error"] for step in connect().api.load_image(bundle) if "error" in step
            ]
        except APIError as error:
            trouble = [str(error.explanation or error)]
    if trouble:
        raise machine_fault(trouble[0]) or NotReady(
            f"The engine cannot load {path.name}.",
            why=trouble[0].strip()[:300],
            next="copy the file again: it is damaged, or not what `factorlab images save` wrote.",
        )
    return stale()
