"""Names that a lab gives to its images: tags, which can be moved to another image and removed.

On the engine, each carries the session's name, so that no other lab and no image of the machine is
touched. A tag has no labels; it goes with its image, which has.
"""

import re

from docker.errors import ImageNotFound, NotFound

from factorlab.engine.cleanup.labels import Session
from factorlab.engine.connection import connect
from factorlab.engine.errors import translated
from factorlab.errors import FactorLabError

_NAME = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*:\w[\w.-]{0,63}", re.ASCII)
NAME_LENGTH = 100


def is_tag(name: str) -> bool:
    """Whether a text has the form of a tag: a name, a colon, a version."""
    return len(name) <= NAME_LENGTH and _NAME.fullmatch(name) is not None


@translated
def tag(session: Session, image: str, name: str) -> None:
    """Let a name such as `shop:v1` mean the image with this id from now on. Raises FactorLabError
    for a name that is none."""
    if not is_tag(name):
        raise FactorLabError(
            f"'{name[:NAME_LENGTH]}' cannot be a tag.",
            next="write a name in small letters, a colon and a version, such as shop:v1.2.3.",
        )
    repository, _, version = session.object_name(name).partition(":")
    connect().images.get(image).tag(repository, version)


@translated
def untag(session: Session, name: str) -> None:
    """Take a name away; the image stays, as it does on an engine whose other names still hold it.
    A name that is not there is fine."""
    if (image := tagged(session, name)) is None:
        return
    tag(session, image, f"kept:{image.removeprefix('sha256:')[:12]}")
    try:
        connect().images.remove(session.object_name(name), noprune=True)
    except NotFound:
        return


@translated
def tagged(session: Session, name: str) -> str | None:
    """The id of the image that a name means now, or None."""
    if not is_tag(name):
        return None
    try:
        return str(connect().images.get(session.object_name(name)).id)
    except ImageNotFound:
        return None
