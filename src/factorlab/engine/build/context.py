"""Files as the engine takes them: a tar archive in memory, and a folder read whole."""

import io
import tarfile
from collections.abc import Mapping
from pathlib import Path


def tar(files: Mapping[str, bytes], mode: int = 0o644, changed: int = 0) -> bytes:
    """A tar archive of these files; scripts (first line `#!`) are made executable. `changed` is
    the date that all of them get, in seconds since 1970."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            info.mtime = changed
            info.mode = 0o755 if content.startswith(b"#!") else mode
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def read_files(folder: Path) -> dict[str, bytes]:
    """The files of a folder by their relative names, without caches."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
