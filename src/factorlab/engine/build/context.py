"""The files of a build: a folder read whole."""

from pathlib import Path


def read_files(folder: Path) -> dict[str, bytes]:
    """The files of a folder by their relative names, without caches."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
