"""Leaving nothing behind: containers, networks, volumes and images, found by their labels.

Three lines of defence. A lab removes its own objects when it is closed. A watchdog process
removes them when the owner dies in any way, SIGKILL included (see watchdog.py). A sweep at the
next start removes what a dead owner left if the watchdog was killed too.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from docker.errors import APIError, NotFound

from factorlab.engine.cleanup.labels import COURSE, OWNER, SESSION, alive
from factorlab.engine.connection import connect
from factorlab.engine.container.container import remove_quietly
from factorlab.engine.container.network import remove_network
from factorlab.engine.errors import translated


@dataclass(frozen=True)
class Leftovers:
    """How many objects of the course were found or removed."""

    containers: int = 0
    networks: int = 0
    volumes: int = 0
    images: int = 0

    def __bool__(self) -> bool:
        return any((self.containers, self.networks, self.volumes, self.images))

    def __str__(self) -> str:
        return (
            f"{self.containers} containers, {self.networks} networks, "
            f"{self.volumes} volumes, {self.images} app images"
        )


def remove_session(session: str) -> Leftovers:
    """Remove all that one lab created."""
    return _remove(_find(f"{SESSION}={session}"))


def remove_owner(label: str) -> Leftovers:
    """Remove all that one process created."""
    return _remove(_find(f"{OWNER}={label}"))


def remove_everything() -> Leftovers:
    """Remove all that the course ever created on this engine, except its own built images."""
    return _remove(_find(COURSE))


@translated
def remove_images() -> int:
    """Remove the images that the course made for itself; returns how many.

    By their tags: an image that somebody built on one of them carries its labels too.
    """
    from factorlab.engine.images.course_images import IMAGES
    from factorlab.engine.images.own_layers import EMPTY

    count = 0
    for tag in (EMPTY, *(image.tag for image in reversed(IMAGES.values()))):
        with suppress(NotFound, APIError):
            connect().images.remove(tag, force=True)
            count += 1
    return count


def sweep() -> Leftovers:
    """Remove what processes of this machine that are no longer alive have left."""
    return _remove(_dead(_find(COURSE)))


def leftovers() -> Leftovers:
    """Count what `sweep` would remove."""
    return _count(_dead(_find(COURSE)))


Found = dict[str, list[Any]]


@translated
def _find(label: str) -> Found:
    client, named = connect(), {"label": label}
    return {
        "containers": client.containers.list(all=True, filters=named, ignore_removed=True),
        "networks": client.networks.list(filters=named),
        "volumes": client.volumes.list(filters=named),
        # Labels are inherited from the base, so only the session's tells an app's image. The
        # plain list: the SDK's objects cost a request each, and fail when one is removed meanwhile.
        "images": client.api.images(filters={"label": [label, SESSION]}),
    }


def _dead(found: Found) -> Found:
    return {
        kind: [raw for raw in objects if not alive(_owner(raw))] for kind, objects in found.items()
    }


def _owner(raw: Any) -> str:
    attributes = raw if isinstance(raw, dict) else raw.attrs
    labels = attributes.get("Labels") or attributes.get("Config", {}).get("Labels") or {}
    return str(labels.get(OWNER, ""))


def _count(found: Found) -> Leftovers:
    return Leftovers(**{kind: len(objects) for kind, objects in found.items()})


@translated
def _remove(found: Found) -> Leftovers:
    # One at a time: Docker 20.10 (Debian 12) can deadlock when containers leave the same network
    # at the same moment (moby/moby#46661); it then answers no start and no removal any more.
    for container in found["containers"]:
        remove_quietly(container)
    for network in found["networks"]:
        remove_network(network)
    for volume in found["volumes"]:
        with suppress(NotFound, APIError):
            volume.remove(force=True)
    _remove_app_images([image["Id"] for image in found["images"]])
    return _count(found)


def _remove_app_images(ids: list[str]) -> None:
    """Remove images, those that others are built on after these: tried again for as long as
    each round removes one."""
    while ids:
        kept = []
        for id in ids:
            try:
                connect().images.remove(id, force=True)
            except NotFound:  # gone with the one that was built on it
                pass
            except APIError:
                kept.append(id)
        if len(kept) == len(ids):
            return
        ids = kept
