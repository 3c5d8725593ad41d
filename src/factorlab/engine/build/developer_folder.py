"""A developer's own folder: its Dockerfile, and how `docker build` packs it for the builder."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from docker.utils.build import PatternMatcher, create_archive, exclude_paths

from factorlab.engine.build.ignored import DOCKERIGNORE
from factorlab.errors import FactorLabError

DOTENV = ".env"


@dataclass(frozen=True)
class Folder:
    """A developer's folder: where it is, where in it or beside it its Dockerfile is, the values of build
    arguments, and a canary: a text that is put into the `.env` that the build gets, and never on the
    disk; the stage to build, the last one unless it is said, and labels for the image."""

    path: Path
    dockerfile: str = "Dockerfile"
    args: Mapping[str, str] | None = None
    canary: str = ""
    stage: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def packed_as(self) -> str:
        """The name of the Dockerfile in the context that is sent to the builder, which looks
        for it nowhere else."""
        name = Path(os.path.normpath(self.dockerfile))
        outside = name.is_absolute() or name.parts[:1] == ("..",)
        return ".factorlab.Dockerfile" if outside else name.as_posix()

    def read_dockerfile(self) -> str:
        """The text of its Dockerfile. Raises FactorLabError when there is none to read."""
        path = self.path / self.dockerfile
        try:
            return path.read_text()
        except (OSError, UnicodeDecodeError) as error:
            raise FactorLabError(
                f"There is no {self.dockerfile} to build in {self.path}: {error}.",
                next="name a folder with a Dockerfile, or an image that is built already.",
            ) from error

    def packed(self, dockerfile: str) -> IO[bytes]:
        """The folder as `docker build` packs it: without what .dockerignore names, and with this text
        as its Dockerfile. Raises FactorLabError for a file that cannot be read."""
        patterns = self._ignored()
        extra: list[tuple[str, str]] = [(self.packed_as, dockerfile)]
        if self.canary and not PatternMatcher(patterns).matches(DOTENV):
            own = self.path / DOTENV
            text = own.read_text("utf-8", "replace") if own.is_file() else ""
            extra.append((DOTENV, f"{text}\nFACTORLAB_CANARY={self.canary}\n"))
        root = str(self.path)
        try:
            files = sorted(exclude_paths(root, patterns, dockerfile=self.packed_as))
            packed: IO[bytes] = create_archive(root=root, files=files, extra_files=extra)
        except OSError as error:
            raise FactorLabError(
                f"The folder {self.path} could not be packed for the build.",
                why=str(error),
                next="make the file readable, or name it in .dockerignore.",
            ) from error
        return packed

    def _ignored(self) -> list[str]:
        """The patterns of its .dockerignore."""
        file = self.path / DOCKERIGNORE
        # Names on the disk need not be UTF-8 either, and Python reads these in the same way.
        text = file.read_bytes().decode("utf-8-sig", "surrogateescape") if file.is_file() else ""
        lines = text.splitlines()
        return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
