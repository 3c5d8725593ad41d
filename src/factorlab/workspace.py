"""Files in the learner's folder: names that stay inside it, and writing that is never half done."""

import os
import re
import tempfile
from pathlib import Path

from factorlab.errors import FactorLabError

_FILE = re.compile(r"^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*$")


def is_file_name(name: str) -> bool:
    """Whether a relative name, with folders or without, stays inside the folder it is put in."""
    return bool(_FILE.fullmatch(name)) and not {".", ".."} & set(name.split("/"))


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file in one step, a str as UTF-8. Raises FactorLabError when the disk refuses."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content.encode() if isinstance(content, str) else content)
            Path(partial).replace(path)
        except BaseException:  # half a file is no file, and must not be taken for one
            Path(partial).unlink(missing_ok=True)
            raise
    except (OSError, UnicodeError) as error:
        raise FactorLabError(
            f"{path} could not be written.",
            why=str(error),
            next="check that the folder is yours and that the disk has room.",
        ) from error
