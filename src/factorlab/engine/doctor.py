"""Can this machine run the course? One line for each thing that matters, with the remedy."""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil

from factorlab.engine import cleanup, images
from factorlab.engine.connection import connect
from factorlab.errors import NotReady

MEMORY_GIB, DISK_GIB, CORES = 2, 3, 2


@dataclass(frozen=True)
class Line:
    """One finding. `state` is `ok`, `warning` (the course runs all the same) or `missing`."""

    name: str
    state: str
    seen: str
    remedy: str = ""


def examine() -> list[Line]:
    """Look at Python, the engine, the images, cores, memory, disk and leftovers."""
    lines = [_python()]
    try:
        lines += [_engine(), _images()]
    except NotReady as error:
        seen = " ".join(f"{error.what} {error.why}".split())
        lines += [Line("engine", "missing", seen, error.next.replace("\n", " "))]
        lines += [
            Line("images", "missing", "not known without an engine", "start the engine first")
        ]
    lines += [_cores(), _memory(), _disk()]
    if all(line.state != "missing" for line in lines):
        lines += [_leftovers()]
    return lines


def healthy(lines: list[Line]) -> bool:
    """Whether the course can run: nothing is missing."""
    return all(line.state != "missing" for line in lines)


def _python() -> Line:
    version = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= (3, 11)
    return Line(
        "Python", "ok" if good else "missing", version, "" if good else "use Python 3.11 or later"
    )


def _engine() -> Line:
    client = connect()
    version = client.version()
    parts = [component.get("Name", "") for component in version.get("Components") or []]
    kind = "Podman" if any("Podman" in part for part in parts) else "Docker Engine"
    return Line("engine", "ok", f"{kind} {version['Version']} (API {version['ApiVersion']})")


def _images() -> Line:
    stale = images.stale()
    if not stale:
        return Line("images", "ok", f"all {len(images.IMAGES)} are current")
    return Line("images", "missing", f"to be built: {', '.join(stale)}", "factorlab images build")


def _cores() -> Line:
    count = int(connect().info().get("NCPU") or 0) if _engine_answers() else os.cpu_count() or 1
    if count >= CORES:
        return Line("cores", "ok", str(count))
    return Line("cores", "warning", str(count), f"with fewer than {CORES}, expect to wait longer")


def _memory() -> Line:
    gib = psutil.virtual_memory().available / 2**30
    seen = f"{gib:.1f} GiB free"
    if gib >= MEMORY_GIB:
        return Line("memory", "ok", seen)
    return Line("memory", "warning", seen, f"close programs until {MEMORY_GIB} GiB are free")


def _disk() -> Line:
    place = Path("/var/lib/docker")
    gib = shutil.disk_usage(place if place.is_dir() else Path.home()).free / 2**30
    seen = f"{gib:.0f} GiB free"
    if gib >= DISK_GIB:
        return Line("disk", "ok", seen)
    return Line("disk", "missing", seen, f"free {DISK_GIB} GiB; `factorlab clean` helps")


def _leftovers() -> Line:
    left = cleanup.leftovers()
    if not left:
        return Line("leftovers", "ok", "none")
    return Line("leftovers", "warning", str(left), "factorlab clean")


def _engine_answers() -> bool:
    try:
        connect()
    except NotReady:
        return False
    return True
