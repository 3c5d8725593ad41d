"""The layers that an app adds to the course's base, without the base.

Reading an image means that the engine packs all of it, base included: 220 MB, three seconds. A
Dockerfile that only copies and sets adds the same layers to an empty base; those are read in no
time. Where a Dockerfile runs something while building, the image itself is read.
"""

import io
import re
import tarfile

from docker.errors import BuildError, ImageNotFound

from factorlab.engine.archive import tar
from factorlab.engine.build.build import Build, build_context
from factorlab.engine.build.dockerfile import ALLOWED, instructions, labelled
from factorlab.engine.cleanup.labels import COURSE, INPUTS
from factorlab.engine.connection import connect
from factorlab.engine.errors import translated

EMPTY = "factorlab/empty:1"
_FROM = re.compile(rb"^[ \t]*FROM[ \t]+\S+[ \t]*$", re.IGNORECASE | re.MULTILINE)


@translated
def own_layers(build: Build) -> str:
    """The id of an image with the app's own layers alone, or of the image itself where that is
    not possible."""
    dockerfile = build.files.get("Dockerfile", b"")
    words = {one.keyword for one in instructions(dockerfile.decode())}
    if not words or not words <= ALLOWED:
        return build.id
    _make_empty()
    emptied = _FROM.sub(f"FROM {EMPTY}".encode(), dockerfile, count=1).decode()
    files = {**build.files, "Dockerfile": labelled(emptied, build.labels).encode()}
    try:
        return build_context(tar(files), build.tag.replace(":latest", ":layers"))
    except BuildError:  # it needs something of the base
        return build.id


def _make_empty() -> None:
    try:
        connect().images.get(EMPTY)
    except ImageNotFound:
        repository, _, tag = EMPTY.partition(":")
        changes = [f"LABEL {COURSE}=factorlab", f"LABEL {INPUTS}=none", "WORKDIR /app"]
        connect().api.import_image_from_data(
            _folders(), repository=repository, tag=tag, changes=changes
        )


def _folders() -> bytes:
    """Folders that the base has: `COPY app.py /srv` means another thing where there is no /srv."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name in ("app", "etc", "home", "home/app", "opt", "root", "srv", "tmp", "usr", "var"):
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode = tarfile.DIRTYPE, 0o755
            archive.addfile(folder)
    return buffer.getvalue()
