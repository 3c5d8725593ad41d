"""The private network and the volume of one lab."""

from docker.errors import APIError, NotFound

from factorlab.engine.cleanup.labels import Session
from factorlab.engine.connection import connect
from factorlab.engine.errors import translated


@translated
def create_network(session: Session, *, private: bool = True) -> str:
    """Create a lab's network and return its name.

    A private network has no way out: neither to the internet nor, where the engine can leave
    the bridge without an address, to the engine's own machine. The other kind exists only to
    publish a port on loopback.
    """
    name = session.object_name("net" if private else "door")
    connect().networks.create(
        name,
        driver="bridge",
        internal=private,
        options={"com.docker.network.bridge.inhibit_ipv4": "true"} if private else None,
        labels=session.labels("network"),
        check_duplicate=True,
    )
    return name


@translated
def addresses(network: str) -> dict[str, str]:
    """Who has which address in a network now: address -> name of the container."""
    members = connect().api.inspect_network(network).get("Containers") or {}
    return {one["IPv4Address"].partition("/")[0]: one["Name"] for one in members.values()}


@translated
def create_volume(session: Session) -> str:
    """Create the lab's volume for files that a platform mounts, and return its name."""
    name = session.object_name("mounted")
    connect().volumes.create(name, labels=session.labels("volume"))
    return name


def remove_network(raw: object) -> None:
    """Remove a network of the SDK; one that is gone already is fine."""
    try:
        raw.remove()  # type: ignore[attr-defined]
    except NotFound:
        pass
    except APIError as error:
        if error.status_code != 403:  # still in use: the next sweep takes it
            raise
