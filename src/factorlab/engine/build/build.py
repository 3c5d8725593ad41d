"""Building an app's image from files, and what a Dockerfile that we did not write may say.

A Dockerfile of a learner is data from a stranger. Before the engine sees it, it is held to a
list of instructions that cannot reach beyond the build: one stage, on an image of the course,
files from the answer only, nothing run while building. The build itself has no network. Where an
exercise is about what is installed, its `Policy` allows RUN too; see steps.py for how that runs.
"""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

from docker.errors import APIError, BuildError

from factorlab.display.bar import working
from factorlab.engine.build.arguments import argument_names, is_name, keyword
from factorlab.engine.build.context import tar
from factorlab.engine.build.ignored import DOCKERIGNORE, without_ignored
from factorlab.engine.build.run_steps import Steps, is_run
from factorlab.engine.cleanup.labels import Session, label_step
from factorlab.engine.connection import connect
from factorlab.engine.errors import machine_fault, translated
from factorlab.engine.images.course_images import IMAGES
from factorlab.errors import NotReady, NotStarted, Refused

if TYPE_CHECKING:
    from factorlab.engine.build.developer_folder import Folder

ALLOWED = {
    "FROM",
    "COPY",
    "ENV",
    "ARG",
    "LABEL",
    "WORKDIR",
    "USER",
    "EXPOSE",
    "CMD",
    "ENTRYPOINT",
    "STOPSIGNAL",
}
_DIRECTIVE = re.compile(r"#\s*(escape|syntax|check)\s*=", re.IGNORECASE)
_CONTINUED = re.compile(r"(^|[ \t])\\$")
"""A continuation that all engines read alike: neither `\\\\` nor a word cut in two."""
FILE_BYTES = 200_000
FILES = 50
NAME_LENGTH = 200
IGNORE_LINES, IGNORE_BYTES = 500, 10_000
"""More than any answer needs: each line is held against each file, in the grader."""
RUNS = 8
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
class Policy:
    """What a Dockerfile that we did not write may say: the images it may be built on, and the
    instructions beyond `ALLOWED`."""

    bases: tuple[str, ...] = (IMAGES["python"].tag,)
    more: frozenset[str] = frozenset()


STRICT = Policy()
INSTALLS = Policy((IMAGES["python"].tag, IMAGES["slim"].tag), frozenset({"RUN"}))
"""For exercises in which the answer installs packages."""


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
    folder: "Folder | None" = None
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
            if steps is not None and any(is_run(line) for _, line in found):
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
        log = getattr(error, "build_log", None) or []
        output = "".join(line.get("stream", "") or line.get("error", "") for line in log)
        raise NotStarted(
            f"The image of '{name}' could not be built.",
            why="\n".join(output.splitlines()[-8:]) or str(error),
            next="read the last line above; it names the instruction of the Dockerfile.",
            logs=output[-2000:],
        ) from error
    return Build(id, tag, sent, labels, policy)


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
    """Whether a build failed only since another lab removed something meanwhile. It is asked for
    once more then, and without looking for steps that were made before."""
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


def labelled(text: str, labels: Mapping[str, str]) -> str:
    """A Dockerfile that sets these labels right after its last FROM, all in one step: a build that
    is cut off leaves no images that nobody can tell from those of other people. Where it sets
    labels of its own, the course's stand once more at the end, so that these cannot hide it.

    Labels that are handed to the engine would be a step each, and a step takes it 0.1 CPU seconds.
    """
    text = text.replace("\r\n", "\n")
    steps, lines = instructions(text), text.split("\n")
    words = [keyword(line) for _, line in steps]
    if "FROM" not in words:
        return text
    after = len(words) - words[::-1].index("FROM")
    at = steps[after][0] - 1 if after < len(steps) else len(lines)
    ours = label_step(labels)
    again = [ours] if "LABEL" in words else []
    return "\n".join([*lines[:at], ours, *lines[at:], *again])


def check_files(files: Mapping[str, bytes]) -> None:
    """Refuse names that leave the folder, and more or larger files than an answer can need."""
    if len(files) > FILES:
        raise Refused(f"{len(files)} files were handed in; {FILES} is the limit.")
    for name, content in files.items():
        if name.startswith("/") or ".." in name.split("/") or "\\" in name or "\0" in name:
            raise Refused(f"The file name {name[:80]!r} leaves the answer's folder.")
        if len(name) > NAME_LENGTH:
            raise Refused(f"The file name {name[:40]!r}… is longer than {NAME_LENGTH} characters.")
        if len(content) > FILE_BYTES:
            raise Refused(f"{name} has {len(content):,} bytes; {FILE_BYTES:,} is the limit.")
    ignored = files.get(DOCKERIGNORE, b"")
    if (lines := len(ignored.splitlines())) > IGNORE_LINES or len(ignored) > IGNORE_BYTES:
        raise Refused(
            f"{DOCKERIGNORE} has {lines:,} lines and {len(ignored):,} bytes; "
            f"{IGNORE_LINES} and {IGNORE_BYTES:,} are the limits.",
            next="leave out folders instead of single files.",
        )


def check_dockerfile(text: str, policy: Policy = STRICT) -> None:
    """Raise Refused, with the line, for an instruction that a learner's Dockerfile may not use."""
    text = text.replace("\r\n", "\n")
    if strange := re.search(r"[^\n\t\x20-\x7e]", text):
        # Characters that we and the engine could take differently, as the end of a line or not.
        raise Refused(
            f"The Dockerfile holds the character {strange.group()!r}.",
            next="use plain ASCII in the Dockerfile.",
        )
    found = instructions(text)
    words = [keyword(line) for _, line in found]
    runs = "RUN" in words and "RUN" in policy.more  # else the RUN line is what is told
    for word, (number, line) in zip(words, found, strict=True):
        if why := _objection(word, line.partition(" ")[2], runs, policy):
            _refuse(number, line, why, policy)
    if (steps := words.count("RUN")) > RUNS:
        raise Refused(
            f"The Dockerfile has {steps} RUN lines; {RUNS} is the limit.",
            next="join commands with && in one RUN line.",
        )
    if (stages := words.count("FROM")) != 1 or ("RUN" in words and words[0] != "FROM"):
        raise Refused(
            f"The Dockerfile has {stages} FROM lines; exactly one is needed, at its beginning.",
            next=f"begin it with FROM {policy.bases[0]}",
        )


def _objection(word: str, rest: str, runs: bool, policy: Policy) -> str:
    """Why an instruction is not allowed; empty when it is."""
    if word not in ALLOWED | policy.more:
        why = ": nothing is run while building." if word == "RUN" else "."
        return f"{word} is not available here{why}"
    if word == "FROM" and rest.split() not in [[base] for base in policy.bases]:
        return f"an answer is built FROM {policy.bases[0]} and nothing else."
    if word == "COPY" and ("--" in rest or "://" in rest or "<<" in rest):
        return "files come from the answer: no flags, addresses or stages."
    if word == "RUN" and (rest.startswith("--") or "<<" in rest):
        return "a RUN line is one command, without flags; && joins two."
    if word == "ARG" and runs and not all(map(is_name, argument_names(f"{word} {rest}"))):
        return "beside RUN, ARG names variables: letters, digits and _, as in ARG REVISION=unknown."
    return ""


def instructions(text: str) -> list[tuple[int, str]]:
    """The instructions of a Dockerfile: line number and text of each instruction, continuation lines joined as Docker joins them."""
    found: list[tuple[int, str]] = []
    pending, began = "", 0
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()
        if line.startswith("#"):
            if not pending and _DIRECTIVE.match(line):
                _refuse(number, line, "parser directives are not available here.")
            continue
        if not line:
            continue
        began = began or number
        if line.endswith("\\"):
            if not _CONTINUED.search(line):
                _refuse(number, line, "put a space before the \\ that continues a line.")
            pending += line[:-1] + " "
            continue
        found.append((began, " ".join((pending + line).split())))
        pending, began = "", 0
    if pending:
        found.append((began, " ".join(pending.split())))
    return found


def _refuse(number: int, line: str, why: str, policy: Policy = STRICT) -> NoReturn:
    words = ["FROM", "COPY", *sorted(policy.more), "ENV", "WORKDIR", "USER", "EXPOSE"]
    raise Refused(
        f"Line {number} of the Dockerfile is not allowed: {line[:80]}",
        why=why,
        next=f"use {', '.join(words)}, ENTRYPOINT and CMD.",
    )
