"""The images of the course in one file, for machines without a network."""

import gzip
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from docker.errors import APIError

from factorlab.engine.connection import connect
from factorlab.engine.errors import machine_fault, translated
from factorlab.engine.images.course_images import IMAGES, stale
from factorlab.engine.images.export import export
from factorlab.errors import NotReady

PIECE_BYTES = 2**20


@translated
def save(path: Path) -> int:
    """Write all images of the course into one file (`docker save`, gzip); returns its bytes.

    Raises NotReady when an image is missing or stale: a bundle must be complete; FactorLabError
    when the file cannot be written.
    """
    if missing := stale():
        raise NotReady(
            f"Not all images are current: {', '.join(missing)}.",
            next="run `factorlab images build`.",
        )
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
