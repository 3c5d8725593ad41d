"""Building an app's image from files, without a network."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field

from docker.errors import APIError, BuildError

from factorlab.display.bar import working
from factorlab.engine.archive import tar
from factorlab.engine.build.context import check_files
from factorlab.engine.build.developer_folder import Folder
from factorlab.engine.build.dockerfile import Policy, check_dockerfile, instructions, labelled
from factorlab.engine.build.ignored import without_ignored
from factorlab.engine.build.run_steps import Steps, is_run
from factorlab.engine.cleanup.labels import Session
from factorlab.engine.connection import connect
from factorlab.engine.errors import machine_fault, translated
from factorlab.errors import NotReady, NotStarted

_VANISHED = (
    "no such image",
    "unknown parent image",
    "failed to get digest",
    "layer does not exist",
    "unable to find image",
)
"""What the engine says when another lab removes a step between two of its steps, or while it looks
among all images on the same base for a step that it has made before."""


@dataclass(frozen=True)
class Build:
    """A built image: its id (`sha256:…`), the name it was built under, and what it was built
    from where we built it."""

    id: str
    tag: str
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False, compare=False)
    labels: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    policy: Policy | None = None
    """What its Dockerfile was held to; None for one of our own."""
    folder: Folder | None = None
    """The developer's folder that it was built from, if it was."""


@translated
def build(
    session: Session,
    name: str,
    files: Mapping[str, bytes],
    *,
    policy: Policy | None,
    steps: Steps | None = None,
    args: Mapping[str, str] | None = None,
    nocache: bool = False,
) -> Build:
    """Build an app's image from its files, which include a Dockerfile, held to a policy unless it
    is our own. `steps` runs what its RUN lines say, `args` are the values of its `ARG` lines, and
    `nocache` does every other step anew.

    Raises Refused for a Dockerfile that is not allowed, NotStarted when the build fails, NotReady
    when it fails for want of disk or memory.
    """
    text = files.get("Dockerfile", b"").decode(errors="replace").replace("\r\n", "\n")
    if policy is not None:
        check_files(files)
        check_dockerfile(text, policy)
    sent = without_ignored(files)
    labels = session.labels("app image", name)
    tag = f"{session.object_name(name)}:latest"

    def part(text: str, tag: str) -> str:
        context = tar({**sent, "Dockerfile": labelled(text, labels).encode()})
        return build_context(context, tag, args, nocache)

    found = instructions(text)
    try:
        with working(f"building the image of '{name}'"):
            if steps is not None and any(map(is_run, found)):
                id = steps.build(name, text, found, tag, part)
            else:
                id = part(text, tag)
    except (BuildError, APIError) as error:
        fault = machine_fault(str(error))
        if fault and policy is not None:
            fault = _fault_with_ours(policy, sent, labels, tag)
        if fault:
            raise fault from error
        if isinstance(error, APIError) and "dockerfile" not in str(error).lower():
            raise
        raise _not_built(name, error) from error
    return Build(id, tag, sent, labels, policy)


def _not_built(name: str, error: Exception) -> NotStarted:
    log = getattr(error, "build_log", None) or []
    output = "".join(line.get("stream", "") or line.get("error", "") for line in log)
    return NotStarted(
        f"The image of '{name}' could not be built.",
        why="\n".join(output.splitlines()[-8:]) or str(error),
        next="read the last line above; it names the instruction of the Dockerfile.",
        logs=output[-2000:],
    )


def _fault_with_ours(
    policy: Policy, sent: Mapping[str, bytes], labels: Mapping[str, str], tag: str
) -> NotReady | None:
    """What keeps the machine from building an image of ours with as much in it. The message about
    an answer proves nothing: it quotes the answer (`STOPSIGNAL no space left on device`)."""
    dockerfile = f"FROM {policy.bases[0]}\nCOPY files /tmp/files"
    files = {f"files/{number}": content for number, content in enumerate(sent.values())}
    context = tar({**files, "Dockerfile": labelled(dockerfile, labels).encode()})
    try:
        build_context(context, tag.replace(":latest", ":ours"), nocache=True)
    except (BuildError, APIError) as error:
        return machine_fault(str(error))
    return None


def vanished(error: str) -> bool:
    """Whether a build failed only since another lab removed something meanwhile. Then it is done
    once more, without looking for steps that were made before."""
    return any(sign in error.lower() for sign in _VANISHED)


def build_context(
    context: bytes, tag: str, args: Mapping[str, str] | None = None, nocache: bool = False
) -> str:
    """Build a tar of files without a network; returns the image's id. Raises the SDK's errors."""
    try:
        return _built(context, tag, args or {}, nocache)
    except (BuildError, APIError) as error:
        if not vanished(str(error)):
            raise
        return _built(context, tag, args or {}, True)


def _built(context: bytes, tag: str, args: Mapping[str, str], nocache: bool) -> str:
    image, _ = connect().images.build(
        fileobj=io.BytesIO(context),
        custom_context=True,
        tag=tag,
        buildargs=dict(args),
        network_mode="none",
        container_limits={"memory": 512 * 2**20, "memswap": 512 * 2**20},
        nocache=nocache,
        rm=True,
        forcerm=True,
    )
    return str(image.id)
