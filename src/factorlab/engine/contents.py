"""What is in an image: each file with a hash of its content, whatever dates it carries."""

import hashlib
import io
import json
import tarfile
from collections.abc import Sequence

from factorlab.engine.connection import connect
from factorlab.engine.inspection import saved
from factorlab.engine.translate import translated


@translated
def files_of(images: Sequence[str]) -> dict[str, dict[str, str]]:
    """For each image, the paths in those of its layers that not all of the images have: path ->
    hash of the content (or what a link points to). Empty where all layers are the same."""
    api = connect().api
    layers = {image: api.inspect_image(image)["RootFS"].get("Layers") or [] for image in images}
    shared = set.intersection(*map(set, layers.values()))
    found: dict[str, dict[str, str]] = {image: {} for image in images}
    if all(set(own) <= shared for own in layers.values()):
        return found
    contents: dict[str, dict[str, str]] = {}
    order: dict[str, list[str]] = {}
    for name, data in saved(images):
        if name == "manifest.json":
            for entry in json.loads(data):
                id = entry["Config"].removesuffix(".json").rpartition("/")[2]
                order[id] = entry["Layers"]
        elif (listed := _listed(data)) is not None:
            contents[name] = listed
    for image in images:
        names = order[image.removeprefix("sha256:")]
        for name, layer in zip(names, layers[image], strict=True):
            if layer not in shared:
                found[image].update(contents.get(name, {}))
    return found


def _listed(data: bytes) -> dict[str, str] | None:
    """Path -> hash of each file in a layer; None for what is no layer."""
    try:
        layer = tarfile.open(fileobj=io.BytesIO(data))  # noqa: SIM115 - closed below
    except tarfile.TarError:
        return None
    listed = {}
    with layer:
        for member in layer:
            if member.isfile() and (content := layer.extractfile(member)) is not None:
                told = f"{member.mode:o}".encode() + content.read()
                listed[member.name] = hashlib.sha256(told).hexdigest()
            elif member.issym() or member.islnk():
                listed[member.name] = f"link to {member.linkname}"
    return listed
