"""Images as the engine hands them out (`docker save`), read layer by layer."""

import gzip
import io
import json
import posixpath
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from factorlab.engine.connection import connect
from factorlab.engine.errors import translated
from factorlab.errors import NotReady

T = TypeVar("T")

CHUNK_BYTES = 2**22
RECORD_BYTES = 2**23
"""More than any image's record has; what is larger and no layer is not kept."""


@translated
def export(references: Sequence[str]) -> Iterator[bytes]:
    """The images as one archive, layers that they share only once (`docker save`), in chunks."""
    api = connect().api
    url = f"{api.base_url}/v{api.api_version}/images/get"
    answer = api.get(url, params={"names": list(references)}, stream=True, timeout=api.timeout)
    api._raise_for_status(answer)
    return iter(answer.iter_content(CHUNK_BYTES))


@translated
def read_layers(images: Sequence[str], read: Callable[[bytes], T]) -> dict[str, list[T]]:
    """For each image, what `read` makes of its layers (tar archives, unpacked), the lowest first.
    The images are read whole; a layer that several share is read once.

    Raises NotReady when a layer of an image is not in the engine's archive, or cannot be read: an
    image that was not looked into must not pass for one in which nothing was found.
    """
    made: dict[str, T] = {}
    records: dict[str, bytes] = {}
    linked: dict[str, str] = {}  # a layer that stands in the archive already is a link to it
    try:
        for name, data in _members(images, linked):
            if _is_tar(data):
                made[name] = read(data)
            elif len(data) <= RECORD_BYTES:
                records[name] = data
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise _not_read(str(error)) from error
    layers = _layer_names(records)
    found: dict[str, list[T]] = {}
    for image in images:
        names = layers.get(tuple(connect().api.inspect_image(image)["RootFS"].get("Layers") or []))
        if names is None:
            raise _not_read(f"The archive does not hold {image}.")
        names = [linked.get(name, name) for name in names]
        if missing := [name for name in names if name not in made]:
            raise _not_read(f"{missing[0]} of {image} is not there, or packed in an unknown way.")
        found[image] = [made[name] for name in names]
    return found


def _members(images: Sequence[str], linked: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """The files of the images' archive, unpacked; what links to another goes into `linked`."""
    with tarfile.open(fileobj=_Stream(export(images)), mode="r|", bufsize=CHUNK_BYTES) as archive:
        for member in archive:
            if member.issym():
                folder = posixpath.dirname(member.name)
                linked[member.name] = posixpath.normpath(f"{folder}/{member.linkname}")
            elif (content := archive.extractfile(member)) is not None:
                data = content.read()
                yield member.name, gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def _layer_names(records: Mapping[str, bytes]) -> dict[tuple[str, ...], list[str]]:
    """The layers of each image in an archive: their hashes -> their names there. Images are
    distinguished by these hashes, which all engines know: with containerd's store, an image's id is the
    hash of its manifest, and the archive names the hash of its record."""
    layers: dict[tuple[str, ...], list[str]] = {}
    for entry in json.loads(records.get("manifest.json", b"[]")):
        record = json.loads(records.get(entry["Config"], b"{}"))
        hashes = tuple(record.get("rootfs", {}).get("diff_ids") or ())
        names = entry["Layers"] or []
        if len(hashes) == len(names):
            layers[hashes] = names
    return layers


def _is_tar(data: bytes) -> bool:
    """Whether it is a layer as it stands: in one that is still packed, no text would be found."""
    try:
        tarfile.open(fileobj=io.BytesIO(data), mode="r:").close()
    except tarfile.TarError:
        return False
    return True


def _not_read(why: str) -> NotReady:
    return NotReady(
        "The engine's archive of an image could not be read, so nothing is said about its files.",
        why=why,
        next="try again; if it stays so, `factorlab doctor` says which engine this is.",
    )


class _Stream(io.RawIOBase):
    """An iterator of chunks as a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._rest = chunks, b""

    def read(self, size: int = -1) -> bytes:
        parts, missing = [], size
        while missing > 0:
            if not self._rest:
                self._rest = next(self._chunks, b"")
            if not self._rest:
                break
            parts.append(self._rest[:missing])
            self._rest = self._rest[missing:]
            missing -= len(parts[-1])
        return b"".join(parts)
