"""Looking into images for a piece of text: their files, layer by layer, and their own records."""

import gzip
import hashlib
import io
import json
import posixpath
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from factorlab.engine.connection import connect
from factorlab.engine.errors import translated
from factorlab.errors import NotReady

T = TypeVar("T")

CHUNK_BYTES = 2**22
RECORD_BYTES = 2**23
"""More than any image's record has; what is larger and no layer is not kept."""
_RUNS = (
    "Env",
    "Cmd",
    "Entrypoint",
    "WorkingDir",
    "User",
    "ExposedPorts",
    "StopSignal",
    "Labels",
    "Volumes",
    "Healthcheck",
)
"""The parts of an image's record that decide how its containers run, and its labels."""


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
    """The layers of each image in an archive: their hashes -> their names there. Images are told
    apart by these hashes, which all engines know: with containerd's store, an image's id is the
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


@translated
def find_in_files(images: Sequence[str], needles: Iterable[str]) -> dict[str, list[str]]:
    """For each image, the paths of files in any of its layers that hold one of the needles: also
    files that a later layer deletes or covers. Reads the images whole, about two seconds for
    200 MB; layers that several share are read once. Raises NotReady as `read_layers` does."""
    wanted = [needle.encode() for needle in needles if needle]
    hits = read_layers(images, lambda layer: list(_search_layer(layer, wanted)))
    return {image: sorted({path for paths in own for path in paths}) for image, own in hits.items()}


@translated
def find_in_record(image: str, needles: Iterable[str]) -> list[str]:
    """Which parts of the image's own record hold a needle: `environment`, `labels`, `command`,
    `history`."""
    client = connect()
    record = client.api.inspect_image(image)
    parts = {
        "environment": record["Config"].get("Env"),
        "labels": record["Config"].get("Labels"),
        "command": [record["Config"].get("Cmd"), record["Config"].get("Entrypoint")],
        "history": [entry["CreatedBy"] for entry in client.api.history(image)],
    }
    return [
        name
        for name, part in parts.items()
        if any(needle and needle in json.dumps(part, ensure_ascii=False) for needle in needles)
    ]


@translated
def environment(image: str) -> dict[str, str]:
    """The environment variables that the image itself sets."""
    lines = connect().api.inspect_image(image)["Config"].get("Env") or []
    return dict(line.partition("=")[::2] for line in lines)


@translated
def labels(image: str) -> dict[str, str]:
    """The labels of an image."""
    return dict(connect().api.inspect_image(image)["Config"].get("Labels") or {})


@translated
def content(image: str) -> str:
    """What an image is made of, as a hash (SHA-256, 16 hex digits): its layers, and how its
    containers run. The same for two builds of the same, whose ids may differ by their date."""
    record = connect().api.inspect_image(image)
    parts = [record["RootFS"].get("Layers"), {key: record["Config"].get(key) for key in _RUNS}]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def _search_layer(data: bytes, needles: Sequence[bytes]) -> Iterator[str]:
    if not any(needle in data for needle in needles):
        return
    with tarfile.open(fileobj=io.BytesIO(data)) as layer:
        for member in layer:
            content = layer.extractfile(member) if member.isfile() else None
            text = content.read() if content is not None else b""
            if any(needle in text for needle in needles):
                yield "/" + member.name


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
