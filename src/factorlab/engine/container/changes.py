"""What a container has changed in the files of its image: `docker diff`."""

from pathlib import PurePosixPath

from factorlab.engine.connection import connect
from factorlab.engine.container.container import Container
from factorlab.engine.errors import translated


@translated
def changes(container: Container) -> list[str]:
    """`A` (added), `C` (changed) or `D` (deleted) and the path, sorted by path. The places of
    mounts are left out: the engine made them."""
    record = container.inspect()
    places = [mount["Destination"] for mount in record["Mounts"]]
    places += record["HostConfig"].get("Tmpfs") or {}
    made = {str(path) for place in places for path in (place, *PurePosixPath(place).parents)}
    entries = connect().api.diff(container.id) or []
    return [
        f"{'CAD'[entry['Kind']]} {entry['Path']}"
        for entry in sorted(entries, key=lambda entry: str(entry["Path"]))
        if entry["Path"] not in made
    ]
