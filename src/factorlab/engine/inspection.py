"""Looking into images for a piece of text: their files, layer by layer, and their own records."""

import gzip
import hashlib
import io
import json
import posixpath
import tarfile
from collections.abc import Iterable, Iterator, Sequence

from factorlab.engine.connection import connect
from factorlab.engine.translate import translated

CHUNK_BYTES = 2**22
_RUNS = (
    "Env", "Cmd", "Entrypoint", "WorkingDir", "User", "ExposedPorts", "StopSignal", "Labels",
    "Volumes", "Healthcheck",
)  # fmt: skip
"""The parts of an image's record that decide how its containers run, and its labels."""


@translated
def export(references: Sequence[str]) -> Iterator[bytes]:
    """The images as one archive, layers that they share only once (`docker save`), in chunks."""
    api = connect().api
    url = f"{api.base_url}/v{api.api_version}/images/get"
    answer = api.get(url, params={"names": list(references)}, stream=True, timeout=api.timeout)
    api._raise_for_status(answer)
    return iter(answer.iter_content(CHUNK_BYTES))


def saved(images: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """The files of the images' archive, unpacked; the manifest, which names the layers of each, is
    the last, with the names under which layers stand here: one that several share stands once."""
    linked: dict[str, str] = {}  # a layer that stands in the archive already is a link to it
    manifest = []
    with tarfile.open(fileobj=_Stream(export(images)), mode="r|", bufsize=CHUNK_BYTES) as archive:
        for member in archive:
            if member.issym():
                folder = posixpath.dirname(member.name)
                linked[member.name] = posixpath.normpath(f"{folder}/{member.linkname}")
                continue
            content = archive.extractfile(member)
            if content is None:
                continue
            data = content.read()
            if member.name == "manifest.json":
                manifest = json.loads(data)
            else:
                yield member.name, gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    for entry in manifest:
        entry["Layers"] = [linked.get(name, name) for name in entry["Layers"]]
    yield "manifest.json", json.dumps(manifest).encode()


@translated
def find_in_files(images: Sequence[str], needles: Iterable[str]) -> dict[str, list[str]]:
    """For each image, the paths of files in any of its layers that hold one of the needles: also
    files that a later layer deletes or covers. Reads the images whole, about two seconds for
    200 MB; layers that several share are read once."""
    wanted = [needle.encode() for needle in needles if needle]
    layers: dict[str, list[str]] = {}
    manifest = []
    for name, data in saved(images):
        if name == "manifest.json":
            manifest = json.loads(data)
        elif hits := list(_search_layer(data, wanted)):
            layers[name] = hits
    # The archive lists the images in an order of its own; the name of the record is the id.
    found = {image: set[str]() for image in images}
    for entry in manifest:
        id = entry["Config"].removesuffix(".json").rpartition("/")[2]
        for image in images:
            if image.removeprefix("sha256:") == id:
                for name in entry["Layers"]:
                    found[image].update(layers.get(name, ()))
    return {image: sorted(paths) for image, paths in found.items()}


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
    try:
        layer = tarfile.open(fileobj=io.BytesIO(data))  # noqa: SIM115 - closed below
    except tarfile.TarError:
        return  # the image's record, which find_in_record reads
    with layer:
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
