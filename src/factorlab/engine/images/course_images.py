"""The images that the course runs: which there are, whether they are current, building them.

Every image is built by a Dockerfile in `images/` on one base, `debian:bookworm-slim`, and
labeled with the hash of all it was built from. The hash decides whether it is built again.
"""

import gzip
import hashlib
import io
import re
import shutil
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import BinaryIO

from docker.errors import APIError, ImageNotFound, NotFound
from urllib3.exceptions import HTTPError

from factorlab.course import root
from factorlab.engine.archive import tar
from factorlab.engine.build.cancel import cut_off
from factorlab.engine.build.context import read_files
from factorlab.engine.cleanup.labels import COURSE, INPUTS
from factorlab.engine.connection import connect
from factorlab.engine.errors import machine_fault, translated
from factorlab.engine.images.base_image import make_base
from factorlab.engine.images.inspection import export
from factorlab.engine.images.wheelhouse import download_wheels, stop_download
from factorlab.errors import NotReady

LOOK_SECONDS = 0.5
PIECE_BYTES = 2**20
SETTLE_SECONDS = 5
"""How long the engine may take to end the step of a build that was cut off."""
_CUT = (OSError, HTTPException, HTTPError, ValueError, AttributeError)
"""What the SDK raises when the stream that it reads is closed under it."""
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


@translated
def build(
    names: Iterable[str] | None = None, progress: Progress = lambda name, doing: None
) -> None:
    """Build the named images, or all that are stale; those that do not depend on each other
    side by side. Raises NotReady with the end of the build's output when one fails. Interrupted,
    it stops the builds at once and removes what they had made so far."""
    wanted = set(stale() if names is None else names)
    rank = {"base": 0, "probe": 2, "slim": 2}
    for level in range(3):
        layer = [i for i in IMAGES.values() if i.name in wanted and rank.get(i.name, 1) == level]
        with ThreadPoolExecutor(4) as pool:
            builds = [pool.submit(_build_one, image, progress) for image in layer]
            try:
                while wait(builds, timeout=LOOK_SECONDS).not_done:
                    pass  # a wait without an end cannot be interrupted on Windows
            except KeyboardInterrupt:
                _stop(builds)
                raise
            for build in builds:
                build.result()


def _stop(builds: Sequence[Future[None]]) -> None:
    """End builds that run in threads: cut off what they wait for until they have noticed."""
    for build in builds:
        build.cancel()
    while wait(builds, timeout=LOOK_SECONDS).not_done:
        cut_off()
        stop_download()


def _build_one(image: Image, progress: Progress) -> None:
    labels = {COURSE: "factorlab", INPUTS: image.inputs()}
    if image.base is None:
        make_base(image.folder, image.tag, labels, lambda doing: progress(image.name, doing))
    else:
        context = read_files(image.folder)
        try:
            if image.name == "python":
                progress(image.name, "installing the interpreter")
                _run_build(image, context, {}, target="interpreter")
                progress(image.name, "downloading the apps' libraries")
                context |= download_wheels(f"{image.tag}-interpreter", context["requirements.txt"])
            progress(image.name, "building")
            _run_build(image, context, labels)
        finally:
            if image.name == "python":
                with suppress(NotFound, APIError):  # it was not made yet
                    connect().images.remove(f"{image.tag}-interpreter", noprune=True)
    progress(image.name, "ready")


def _run_build(
    image: Image, context: dict[str, bytes], labels: dict[str, str], target: str | None = None
) -> None:
    assert image.base is not None
    steps = connect().api.build(
        fileobj=io.BytesIO(tar(context)),
        custom_context=True,
        tag=image.tag if target is None else f"{image.tag}-{target}",
        target=target,
        buildargs={"BASE": IMAGES[image.base].tag},
        labels=labels,
        rm=True,
        forcerm=True,
        decode=True,
    )
    output = ""
    with suppress(*_CUT):  # then it is not built, see below
        for step in steps:
            if "error" in step:
                raise _not_built(image, step["error"], output)
            output += step.get("stream", "")
    if "\nSuccessfully built " not in output:
        _remove_layers(output)
        raise _not_built(image, "the build ended before it was done", output)


def _not_built(image: Image, error: str, output: str) -> NotReady:
    return NotReady(
        f"The image '{image.name}' could not be built: {error}",
        why="\n".join(output.splitlines()[-15:]),
        next="check that the engine reaches Debian's package servers, then run "
        "`factorlab images build`; or bring the images with `factorlab images load FILE`.",
    )


def _remove_layers(output: str) -> None:
    """Remove the layers of a build that was cut off, by the id that its output names last. Those
    of an image that was built before have it as a child, and the engine keeps them."""
    made = re.findall(r"^ ---> ([0-9a-f]{12,})$", output, re.MULTILINE)
    deadline = time.monotonic() + SETTLE_SECONDS
    while made and time.monotonic() < deadline:
        try:
            layer = connect().images.get(made[-1])
            if not layer.tags:
                connect().images.remove(layer.id)
            return
        except NotFound:
            return
        except APIError as error:  # the container of the last step may be on its way out
            if "container" not in str(error):
                return
        time.sleep(0.1)


@translated
def save(path: Path, progress: Progress = lambda name, doing: None) -> int:
    """Write all images of the course into one file (`docker save`, gzip); returns its bytes.

    Raises NotReady when an image is missing or stale: a bundle must be complete; FactorLabError
    when the file cannot be written.
    """
    if missing := stale():
        raise NotReady(
            f"Not all images are current: {', '.join(missing)}.",
            next="run `factorlab images build`.",
        )
    progress("all", "saving")
    parts = export([image.tag for image in IMAGES.values()])
    partial = path.with_name(path.name + ".part")
    try:
        with gzip.open(partial, "wb", compresslevel=1) as bundle:
            for chunk in parts:
                bundle.write(chunk)
        shutil.move(partial, path)
    finally:
        partial.unlink(missing_ok=True)  # half of a bundle is none
    return path.stat().st_size


def _unpacked(raw: BinaryIO, trouble: list[str]) -> Iterator[bytes]:
    """The bundle as a plain tar, piece by piece: Podman's socket takes no compressed one. What is
    wrong with the file goes into `trouble`, and the pieces end."""
    packed = raw.read(2) == b"\x1f\x8b"
    raw.seek(0)
    file = gzip.GzipFile(fileobj=raw) if packed else raw
    try:
        while piece := file.read(PIECE_BYTES):
            yield piece
    except (OSError, EOFError, zlib.error) as error:
        trouble.append(str(error))


@translated
def load(path: Path) -> list[str]:
    """Load a bundle that `save` wrote; returns the names that are still stale afterwards.

    Raises NotReady for a file that is damaged or no bundle, FactorLabError for one that cannot be
    opened.
    """
    trouble: list[str] = []
    try:
        with path.open("rb") as raw:  # here: what fails while it is sent counts as the engine's
            steps = connect().api.load_image(_unpacked(raw, trouble))
            trouble += [step["error"] for step in steps if "error" in step]
    except APIError as error:
        trouble.append(str(error.explanation or error))
    if trouble:
        raise machine_fault(trouble[0]) or NotReady(
            f"The engine cannot load {path.name}.",
            why=trouble[0].strip()[:300],
            next="copy the file again: it is damaged, or not what `factorlab images save` wrote.",
        )
    return stale()
