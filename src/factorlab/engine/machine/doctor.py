"""Can this machine run the course? One line for each thing that matters, with the remedy."""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from factorlab.engine.cleanup import sweep
from factorlab.engine.connection import connect
from factorlab.engine.errors import translated
from factorlab.engine.images import course_images
from factorlab.errors import NotReady

MEMORY_GIB, DISK_GIB, CORES = 2, 3, 2
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Line:
    """One finding: what was examined, what was observed, what to do. `state` is `ok`, `warning` (the course runs all the same) or `missing`."""

    name: str
    state: str
    observed: str
    remedy: str = ""


def examine() -> list[Line]:
    """Look at Python, the engine, the images, cores, memory, disk and leftovers. Nothing is raised
    for an engine that does not answer: that is a line."""
    lines = [_python()]
    try:
        lines += [_engine(), _images()]
    except NotReady as error:
        observed = " ".join(f"{error.what} {error.why}".split())
        lines += [Line("engine", "missing", observed, error.next.replace("\n", " "))]
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


@translated
def _engine() -> Line:
    version = connect().version()
    parts = [component.get("Name", "") for component in version.get("Components") or []]
    kind = "Podman" if any("Podman" in part for part in parts) else "Docker Engine"
    return Line("engine", "ok", f"{kind} {version['Version']} (API {version['ApiVersion']})")


def _images() -> Line:
    stale = course_images.stale()
    if not stale:
        return Line("images", "ok", f"all {len(course_images.IMAGES)} are current")
    return Line("images", "missing", f"to be built: {', '.join(stale)}", "factorlab images build")


def _cores() -> Line:
    try:
        count = _engine_cores()
    except NotReady:
        count = os.cpu_count() or 1
    if count >= CORES:
        return Line("cores", "ok", str(count))
    return Line("cores", "warning", str(count), f"with fewer than {CORES}, expect to wait longer")


@translated
def _engine_cores() -> int:
    return int(connect().info().get("NCPU") or 0)


def _memory() -> Line:
    if elsewhere := _elsewhere():
        return Line("memory", "ok", elsewhere)
    gib = psutil.virtual_memory().available / 2**30
    observed = f"{gib:.1f} GiB free"
    if gib >= MEMORY_GIB:
        return Line("memory", "ok", observed)
    return Line("memory", "warning", observed, f"close programs until {MEMORY_GIB} GiB are free")


def _disk() -> Line:
    if elsewhere := _elsewhere():
        return Line("disk", "ok", elsewhere)
    place = Path("/var/lib/docker")
    gib = shutil.disk_usage(place if place.is_dir() else Path.home()).free / 2**30
    observed = f"{gib:.0f} GiB free"
    if gib >= DISK_GIB:
        return Line("disk", "ok", observed)
    return Line("disk", "missing", observed, f"free {DISK_GIB} GiB; `factorlab clean` helps")


def _leftovers() -> Line:
    left = sweep.leftovers()
    if not left:
        return Line("leftovers", "ok", "none")
    return Line("leftovers", "warning", str(left), "factorlab clean")


def _elsewhere() -> str:
    """The text in place of a measurement where the engine is on another machine, whose free memory
    and disk it does not report; empty where it is on this one, or does not answer."""
    try:
        url = str(connect().api.base_url)
    except NotReady:
        return ""
    if not url.startswith(("http://", "https://", "http+docker://ssh")):
        return ""
    host = urlsplit(url).hostname or ""
    if host in LOCAL_HOSTS:
        return ""
    return "not measured: the engine is on another machine"
