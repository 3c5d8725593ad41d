"""Building a developer's own folder, as `docker build` does: with their Dockerfile, the engine's
ordinary network and whatever images it names. Nothing is held to a list: it is their own code.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import IO

import click
from docker.errors import APIError
from docker.utils.json_stream import json_stream

from factorlab.display.bar import working
from factorlab.engine.build.build import Build, vanished
from factorlab.engine.build.developer_folder import Folder
from factorlab.engine.build.dockerfile import labelled_stages
from factorlab.engine.cleanup.labels import Session
from factorlab.engine.connection import connect
from factorlab.engine.errors import machine_fault, translated
from factorlab.errors import NotStarted

_BUILDKIT = ("buildkit", "--mount", "unknown flag", "heredoc", "<<")
"""Signs in a builder's last lines that the Dockerfile is written for another builder."""


@translated
def build_folder(session: Session, name: str, folder: Folder, *, nocache: bool = False) -> Build:
    """Build the image of a folder. Raises NotStarted, with the builder's last lines, when the build
    fails, FactorLabError when there is no Dockerfile."""
    tag = f"{session.object_name(name)}:latest"
    # The same for each build: COPY . . takes the Dockerfile along, labels and all.
    labels = session.labels("app image", "app")
    dockerfile = labelled_stages(folder.read_dockerfile(), labels)
    with (
        working(f"building {folder.path.name or folder.path}"),
        folder.packed(dockerfile) as context,
    ):
        id, output = _build(context, tag, folder, nocache)
        if id is None and vanished(output):
            context.seek(0)
            id, output = _build(context, tag, folder, nocache=True)
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


def _build(context: IO[bytes], tag: str, folder: Folder, nocache: bool) -> tuple[str | None, str]:
    """Send it to the builder: the image's id, or None, and the output. The builder's stream is read
    to its end, so that an error in it comes with the lines before it."""
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
