"""What is in an image: its files, layer by layer, and what it says about itself."""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterable, Iterator, Sequence

from factorlab.engine.connection import connect
from factorlab.engine.errors import translated
from factorlab.engine.images.export import read_layers

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
def find_in_files(images: Sequence[str], needles: Iterable[str]) -> dict[str, list[str]]:
    """For each image, the paths of files in any of its layers that hold one of the needles: also
    files that a later layer deletes or covers. Reads the images whole, about two seconds for
    200 MB; layers that several share are read once. Raises NotReady as `read_layers` does."""
    wanted = [needle.encode() for needle in needles if needle]
    hits = read_layers(images, lambda layer: list(_search_layer(layer, wanted)))
    return {image: sorted({path for paths in own for path in paths}) for image, own in hits.items()}


def _search_layer(data: bytes, needles: Sequence[bytes]) -> Iterator[str]:
    if not any(needle in data for needle in needles):
        return
    with tarfile.open(fileobj=io.BytesIO(data)) as layer:
        for member in layer:
            content = layer.extractfile(member) if member.isfile() else None
            text = content.read() if content is not None else b""
            if any(needle in text for needle in needles):
                yield "/" + member.name


@translated
def files_of(images: Sequence[str]) -> dict[str, dict[str, str]]:
    """For each image, the paths in those of its layers that not all of the images have: path ->
    hash of the content (or what a link points to). Empty where all layers are the same. Raises
    NotReady as `read_layers` does."""
    api = connect().api
    layers = {image: api.inspect_image(image)["RootFS"].get("Layers") or [] for image in images}
    shared = set.intersection(*map(set, layers.values()))
    found: dict[str, dict[str, str]] = {image: {} for image in images}
    if all(set(own) <= shared for own in layers.values()):
        return found
    for image, listed in read_layers(images, _listed).items():
        for layer, files in zip(layers[image], listed, strict=True):
            if layer not in shared:
                found[image].update(files)
    return found


def _listed(data: bytes) -> dict[str, str]:
    """Path -> hash of each file in a layer."""
    listed = {}
    with tarfile.open(fileobj=io.BytesIO(data)) as layer:
        for member in layer:
            if member.isfile() and (content := layer.extractfile(member)) is not None:
                entry = f"{member.mode:o}".encode() + content.read()
                listed[member.name] = hashlib.sha256(entry).hexdigest()
            elif member.issym() or member.islnk():
                listed[member.name] = f"link to {member.linkname}"
    return listed


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
