"""How much an app has written, asked from a container of ours beside its own: any program in an
app's container, `df` too, may be the app's and say what it likes."""

from dataclasses import replace

from factorlab.engine.container.container import Container
from factorlab.engine.container.plan import Limits
from factorlab.errors import NotReady
from factorlab.lab.apps.app import App
from factorlab.lab.network import Network

SECONDS = 30
PLACES = ("/tmp", "/dev/shm")
"""Where a container can write whose root is read-only."""
_USED = ("stat", "-f", "-c", "%b %f %S", *(f"/proc/1/root{place}" for place in PLACES))
"""Blocks, free blocks, and bytes in a block: process 1 is the app's, and so is its root."""


def used_kib(network: Network, app: App) -> int | None:
    """KiB in use in `/tmp` and `/dev/shm` of an app; None when it has ended. Raises NotReady when
    the engine does not let us look."""
    limits = Limits(memory_mib=64, processes=16)
    plan = replace(
        network.plan("probe", "disk", f"{app.name}-disk", limits),
        command=_USED,
        read_only=True,
        # The app's own user may look, too, unless the app hides from it, and the app may kill and
        # trace what runs as that user. Neither works against root.
        user="0:0",
        beside=str(app.inspect()["Id"]),
    )
    observer = network.create(plan)
    try:
        return _measured(observer)
    except NotReady:
        if app.state.status == "running":
            raise
        return None
    finally:
        observer.remove()


def _measured(observer: Container) -> int:
    observer.start()
    status, output = observer.wait(SECONDS), observer.logs()
    if status != 0:
        raise NotReady(
            "What an app has written could not be measured.",
            why=output or f"no answer within {SECONDS} s.",
            next="run `factorlab doctor`; then run this again.",
        )
    rows = (map(int, line.split()) for line in output.splitlines())
    return sum((blocks - free) * size for blocks, free, size in rows) // 1024
