"""Files as the engine takes and gives them: a tar archive in memory."""

import io
import tarfile
from collections.abc import Mapping


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


def untar(data: bytes) -> dict[str, bytes]:
    """The files of a tar archive: name -> content. Folders and links are left out. Raises
    tarfile.TarError for what is none."""
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return {
            member.name: content.read()
            for member in archive
            if member.isfile() and (content := archive.extractfile(member)) is not None
        }
