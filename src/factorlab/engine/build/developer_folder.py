"""Building a developer's own folder, as `docker build` does: with their Dockerfile, the engine's
ordinary network and whatever images it names. Nothing is held to a list: it is their own code.
"""

import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import click
from docker.errors import APIError
from docker.utils.build import PatternMatcher, create_archive, exclude_paths
from docker.utils.json_stream import json_stream

from factorlab.display.bar import working
from factorlab.engine.build.build import Build, vanished
from factorlab.engine.build.ignored import DOCKERIGNORE
from factorlab.engine.cleanup.labels import Session, label_step
from factorlab.engine.connection import connect
from factorlab.engine.errors import machine_fault, translated
from factorlab.errors import FactorLabError, NotStarted

_FROM = re.compile(r"^[ \t]*FROM[ \t]", re.IGNORECASE)
_ESCAPE = re.compile(r"(?:#[ \t]*\w+[ \t]*=.*\n)*?#[ \t]*escape[ \t]*=[ \t]*(\S)", re.IGNORECASE)
_BUILDKIT = ("buildkit", "--mount", "unknown flag", "heredoc", "<<")
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
        """What the Dockerfile is called in what is sent to the builder, which looks nowhere else."""
        name = Path(os.path.normpath(self.dockerfile))
        outside = name.is_absolute() or name.parts[:1] == ("..",)
        return ".factorlab.Dockerfile" if outside else name.as_posix()


@translated
def build_folder(session: Session, name: str, folder: Folder, *, nocache: bool = False) -> Build:
    """Build the image of a folder. Raises NotStarted, with the builder's last lines, when the build
    fails, FactorLabError when there is no Dockerfile."""
    text = _dockerfile(folder)
    tag = f"{session.object_name(name)}:latest"
    # The same for each build: COPY . . takes the Dockerfile along, labels and all.
    labels = session.labels("app image", "app")
    steps = _labelled(text, labels)
    with working(f"building {folder.path.name or folder.path}"), _context(folder, steps) as context:
        id, output = _sent(context, tag, folder, nocache)
        if id is None and vanished(output):
            context.seek(0)
            id, output = _sent(context, tag, folder, nocache=True)
    if id is None:
        if fault := machine_fault(output):
            raise fault
        raise NotStarted(
            f"The Dockerfile in {folder.path} could not be built.",
            why="\n".join(output.splitlines()[-8:]),
            next=_advice(output),
            logs=output[-2000:],
        )
    return Build(id, tag, labels=labels, folder=folder)


def _dockerfile(folder: Folder) -> str:
    path = folder.path / folder.dockerfile
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise FactorLabError(
            f"There is no {folder.dockerfile} to build in {folder.path}: {error}.",
            next="name a folder with a Dockerfile, or an image that is built already.",
        ) from error


def _labelled(text: str, labels: Mapping[str, str]) -> str:
    """The Dockerfile with labels right after each FROM: whatever a build leaves can be told from other
    people's images. Unlike `builds.labelled`, it refuses nothing: directives and other people's
    syntax are the developer's own."""
    found = _ESCAPE.match(text)
    escape = found[1] if found else "\\"
    lines: list[str] = []
    goes_on = is_from = False
    for line in text.replace("\r\n", "\n").split("\n"):
        lines.append(line)
        if not goes_on:
            is_from = _FROM.match(line) is not None
        if not line.strip() or line.lstrip().startswith("#"):
            continue  # neither begins nor ends an instruction
        goes_on = line.rstrip().endswith(escape)
        if is_from and not goes_on:
            lines.append(label_step(labels))
    return "\n".join(lines)


def _context(folder: Folder, dockerfile: str) -> IO[bytes]:
    """The folder as `docker build` packs it: without what .dockerignore names. Raises
    FactorLabError for a file that cannot be read."""
    ignored = folder.path / DOCKERIGNORE
    # Names on the disk need not be UTF-8 either, and Python reads these in the same way.
    text = ignored.read_bytes().decode("utf-8-sig", "surrogateescape") if ignored.is_file() else ""
    lines = text.splitlines()
    patterns = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    extra: list[tuple[str, str]] = [(folder.packed_as, dockerfile)]
    if folder.canary and not PatternMatcher(patterns).matches(DOTENV):
        own = folder.path / DOTENV
        text = own.read_text("utf-8", "replace") if own.is_file() else ""
        extra.append((DOTENV, f"{text}\nFACTORLAB_CANARY={folder.canary}\n"))
    root = str(folder.path)
    try:
        files = sorted(exclude_paths(root, patterns, dockerfile=folder.packed_as))
        packed: IO[bytes] = create_archive(root=root, files=files, extra_files=extra)
    except OSError as error:
        raise FactorLabError(
            f"The folder {folder.path} could not be packed for the build.",
            why=str(error),
            next="make the file readable, or name it in .dockerignore.",
        ) from error
    return packed


def _sent(context: IO[bytes], tag: str, folder: Folder, nocache: bool) -> tuple[str | None, str]:
    """Have it built; the image's id, or None, and the output. The builder's stream is read to its
    end, so that an error in it is told with the lines before it."""
    api = connect().api
    try:
        stream = api.build(
            fileobj=context,
            custom_context=True,
            dockerfile=folder.packed_as,
            tag=tag,
            buildargs=dict(folder.args or {}),
            target=folder.stage,
            labels=dict(folder.labels),
            nocache=nocache,
            rm=True,
            forcerm=True,
        )
        output: list[str] = []
        for step in json_stream(stream):
            if "error" in step:
                return None, click.unstyle("".join([*output, str(step["error"])]))
            output.append(str(step.get("stream", "")))
    except APIError as error:
        return None, str(error.explanation or error)
    with suppress(APIError):
        return str(api.inspect_image(tag)["Id"]), "".join(output)
    return None, "".join(output)


def _advice(output: str) -> str:
    last: Sequence[str] = output.splitlines()[-2:]
    if any(sign in line.lower() for line in last for sign in _BUILDKIT):
        return (
            "the Dockerfile needs BuildKit, which is asked for by `docker build` alone: build the "
            "image with it, and audit the image by its name."
        )
    return "read the last line above; `docker build` on the same folder says the same."
