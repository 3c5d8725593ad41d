"""The images that the foreign apps are built on: packages from the registries, with hashes.

They are no part of the course. Like the course's images, they carry the hash of their inputs and are
kept until that changes, so that a second run builds nothing.
"""

import hashlib
import io
import subprocess
import tarfile
from pathlib import Path

from docker.errors import ImageNotFound

from factorlab.engine.archive import tar
from factorlab.engine.build.context import read_files
from factorlab.engine.cleanup.labels import COURSE, INPUTS
from factorlab.engine.connection import connect
from factorlab.engine.images.course_images import IMAGES
from factorlab.engine.images.wheelhouse import download_wheels

HERE = Path(__file__).parent / "packages"
PYTHON = f"""FROM {IMAGES["python"].tag}
USER root
RUN rm -rf /opt/venv && python3 -m venv /opt/venv
COPY wheelhouse /tmp/wheelhouse
COPY requirements.txt /tmp/requirements.txt
RUN pip install --no-cache-dir --no-index --find-links /tmp/wheelhouse --no-deps --require-hashes \\
    -r /tmp/requirements.txt
"""
NODE = f"""FROM {IMAGES["base"].tag}
RUN apt-get update && apt-get install -y --no-install-recommends nodejs && rm -rf /var/lib/apt/lists/*
COPY node_modules.tar /tmp/node_modules.tar
RUN mkdir -p /srv && tar -xf /tmp/node_modules.tar -C /srv && rm /tmp/node_modules.tar
"""


def python() -> str:
    """The tag of an image with the Python apps' packages."""
    lock = (HERE / "python" / "requirements.txt").read_bytes()
    return _built("python", PYTHON, lambda: _wheels(lock), lock)


def _wheels(lock: bytes) -> dict[str, bytes]:
    """Downloaded in an image that may ask the package index, as the course's own does not."""
    tag = "factorlab/audit-download:1"
    text = f"FROM {IMAGES['python'].tag}\nENV PIP_NO_INDEX=0 PIP_FIND_LINKS=\nLABEL {INPUTS}=download\n"
    connect().images.build(fileobj=io.BytesIO(text.encode()), tag=tag, rm=True)
    try:
        return {**download_wheels(tag, lock), "requirements.txt": lock}
    finally:
        connect().images.remove(tag)


def node(place: Path) -> str:
    """The tag of an image with Node and the packages of package-lock.json, which npm gets."""
    lock = (HERE / "node" / "package-lock.json").read_bytes()
    return _built("node", NODE, lambda: _modules(place), lock)


def _modules(place: Path) -> dict[str, bytes]:
    for name, content in read_files(HERE / "node").items():
        (place / name).write_bytes(content)
    subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--loglevel=error"],
        cwd=place,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.add(place / "node_modules", "node_modules")
    return {"node_modules.tar": packed.getvalue()}


def _built(name, dockerfile, files, lock) -> str:
    digest = hashlib.sha256(lock + dockerfile.encode()).hexdigest()[:16]
    tag = f"factorlab/audit-{name}:{digest}"
    try:
        connect().images.get(tag)
    except ImageNotFound:
        context = tar({**files(), "Dockerfile": dockerfile.encode()})
        connect().images.build(
            fileobj=io.BytesIO(context),
            custom_context=True,
            tag=tag,
            rm=True,
            forcerm=True,
            labels={COURSE: "factorlab", INPUTS: digest},
        )
    return tag
