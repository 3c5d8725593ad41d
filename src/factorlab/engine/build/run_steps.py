"""The RUN steps of a Dockerfile, each in a container of our own instead of the engine's builder.

The builder gives a step root's usual capabilities, no limit on processes and no time limit, and
takes no security options on Linux. So what stands between two RUN lines goes to the builder, which
only copies and sets; a RUN line runs as an app does, without capabilities and with ceilings, on the
network of its lab and no other; and what it wrote is kept as a layer (`docker commit`). Build
arguments get across the cuts by their values (see arguments.py).
"""

import json
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from factorlab.engine.build.arguments import Chunk, declared, values_in_scope
from factorlab.engine.build.dockerfile import Instruction
from factorlab.engine.cleanup.labels import Session
from factorlab.engine.connection import connect
from factorlab.engine.container.container import Container, State
from factorlab.engine.container.plan import Limits, Plan
from factorlab.errors import NotReady, NotStarted

STEP_SECONDS = 120
STEP_MIB = 256
"""How much one step may add to the image."""
LOG_LINES = 12
POLL_SECONDS = 0.5
"""How often a step's time and size are looked at while it runs."""
SHELL = ("/bin/sh", "-c")
LIMITS = Limits(memory_mib=512, cpus=1, processes=128)

Layers = dict[tuple[str, str, frozenset[tuple[str, str]]], str]
"""What was made of an image by an instruction: (the image, the instruction, the build arguments
that it saw) -> the new image."""


@dataclass
class Steps:
    """Where RUN steps run, and the layers that they have made.

    `env` and the build arguments are set for a step alone and get into no image. With `cached`, a
    step that has run on the same image with the same arguments before is not run again, as in every
    builder's layer cache.
    """

    session: Session
    network: str
    env: Mapping[str, str] = field(default_factory=dict)
    cached: bool = False
    layers: Layers = field(default_factory=dict)

    def build(
        self, name: str, text: str, found: Sequence[Instruction], tag: str, chunk: Chunk
    ) -> str:
        """Build the Dockerfile `text`, whose instructions are `found`, under `tag`; returns the
        image's id. Raises NotStarted when a step fails or is ended."""
        lines = text.split("\n")
        parent, begin, args = "", 1, dict[str, str]()
        for count, run in enumerate(filter(is_run, found), 1):
            part = f"{tag.rpartition(':')[0]}:{count}"
            before = [one for one in found if one.line < run.line]
            if not parent or any(begin <= one.line for one in before):
                head = [f"FROM {parent}", *declared(args)] if parent else []
                parent = chunk("\n".join([*head, *lines[begin - 1 : run.line - 1]]), part)
                args = values_in_scope(before, _unique(f"{part}-args"), chunk)
            parent = self._layer(name, parent, run, args, _unique(f"{part}-run"))
            begin = run.end + 1
        return chunk("\n".join([f"FROM {parent}", *declared(args), *lines[begin - 1 :]]), tag)

    def _layer(
        self, name: str, parent: str, run: Instruction, args: Mapping[str, str], tag: str
    ) -> str:
        """The image of a step on its parent: made before, or made now."""
        key = (parent, run.text, frozenset(args.items()))
        if self.cached and (made := self.layers.get(key)):
            return made
        config = connect().api.inspect_image(parent)["Config"]
        words = [*self._with_variables(args), *_command(run.text)]
        # What the image has not must not be set here either: commit keeps it then.
        entrypoint, command = (words[:1], words[1:]) if config.get("Entrypoint") else (None, words)
        container = Container.create(
            Plan(
                image=parent,
                name=self.session.object_name(f"step-{uuid.uuid4().hex[:8]}"),
                labels=self.session.labels("build step", name),
                network=self.network,
                aliases=["build"],
                entrypoint=entrypoint,
                command=command,
                limits=LIMITS,
            )
        )
        try:
            container.start()
            self._watch(container, name, run)
            _keep(container, config, tag)
        finally:
            container.remove()
        self.layers[key] = tag
        return tag

    def _with_variables(self, args: Mapping[str, str]) -> list[str]:
        """The words before a step's command that set `env` and its build arguments for it alone, so
        that the image's own environment stays as it is. `env` wins: the lab's index is the one that
        is used."""
        unset = [word for name in ("PIP_NO_INDEX", "PIP_FIND_LINKS") for word in ("-u", name)]
        return [
            "/usr/bin/env",
            *(unset if self.env else ()),
            *(f"{name}={value}" for name, value in {**args, **self.env}.items()),
        ]

    def _watch(self, container: Container, name: str, run: Instruction) -> None:
        """Wait until the step has ended; end it when it takes too long or writes too much. Raises
        NotStarted when it failed or was ended, NotReady when somebody else removed it: then no
        answer is to blame."""
        code, trouble = _wait(container)
        state = container.state()
        if _gone(state):
            raise NotReady(
                f"The container of a build step of '{name}' was removed while it ran.",
                why="Somebody else did so: `factorlab clean` in another terminal, say.",
                next="build it again.",
            )
        if trouble := trouble or _trouble(container, state, code):
            output = container.logs(tail=60)
            raise NotStarted(
                f"The image of '{name}' could not be built: line {run.line} of the Dockerfile "
                f"({run.text[:60]}) {trouble}.",
                why="\n".join(output.splitlines()[-8:]) or "(it wrote nothing)",
                next="read the last lines above: they are what the command said.",
                logs="\n".join(output.splitlines()[-LOG_LINES:])[-2000:],
            )


def _wait(container: Container) -> tuple[int | None, str]:
    """Wait until a step has ended or is gone: its exit code. One that takes too long or writes too
    much is killed; then also why."""
    deadline = time.monotonic() + STEP_SECONDS
    while (code := container.wait(POLL_SECONDS)) is None and not _gone(container.state()):
        trouble = ""
        if time.monotonic() > deadline:
            trouble = f"did not end within {STEP_SECONDS} s"
        elif _written(container) > STEP_MIB * 2**20:
            trouble = f"wrote more than {STEP_MIB} MB"
        if trouble:
            container.kill()
            return code, trouble
    return code, ""


def _trouble(container: Container, state: State, code: int | None) -> str:
    """What is wrong with a step that has ended by itself; empty when nothing is."""
    if state.oom_killed:
        return f"used more than {LIMITS.memory_mib} MB of memory"
    if code != 0:
        return f"ended with exit code {code}"
    if _written(container) > STEP_MIB * 2**20:
        return f"wrote more than {STEP_MIB} MB"
    return ""


def is_run(instruction: Instruction) -> bool:
    """Whether an instruction is a RUN step."""
    return instruction.keyword == "RUN"


def _unique(tag: str) -> str:
    """A tag that no other build takes, or takes away."""
    return f"{tag}-{uuid.uuid4().hex[:6]}"


def _command(line: str) -> list[str]:
    """The words to run: a JSON list as it is, anything else by the shell."""
    rest = line.split(None, 1)[1] if " " in line else ""
    try:
        words = json.loads(rest)
    except ValueError:
        words = None
    if isinstance(words, list) and words and all(isinstance(word, str) for word in words):
        return words
    return [*SHELL, rest]


def _gone(state: State) -> bool:
    """Whether it is removed or about to be: before that, the engine kills it, and it has an exit
    code."""
    return state.status in ("removing", "dead", "removed")


def _written(container: Container) -> int:
    """The bytes of all files that it has written or changed so far, on top of its image."""
    found = connect().api.containers(all=True, size=True, filters={"id": container.id})
    return int(found[0].get("SizeRw") or 0) if found else 0


def _keep(container: Container, config: Mapping[str, Any], tag: str) -> None:
    """Keep what it has written as an image that starts as its parent does, whose settings these
    are. Where that has nothing to start, one empty word says so: for an empty list, commit puts
    the step's own command."""
    entrypoint, command = config.get("Entrypoint") or [], config.get("Cmd") or []
    if not entrypoint and not command:
        command = [""]
    changes = [f"ENTRYPOINT {json.dumps(entrypoint)}", f"CMD {json.dumps(command)}"]
    repository, _, version = tag.rpartition(":")
    connect().api.commit(container.id, repository, version, changes=changes)
