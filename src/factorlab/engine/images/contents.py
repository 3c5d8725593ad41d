"""What is in an image: each file with a hash of its content, whatever dates it carries."""

import hashlib
import io
import tarfile
from collections.abc import Sequence

from factorlab.engine.connection import connect
from factorlab.engine.errors import translated
from factorlab.engine.images.inspection import read_layers


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
                told = f"{member.mode:o}".encode() + content.read()
                listed[member.name] = hashlib.sha256(told).hexdigest()
            elif member.issym() or member.islnk():
                listed[member.name] = f"link to {member.linkname}"
    return listed
