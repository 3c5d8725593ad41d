"""A Dockerfile: its instructions, what one that we did not write may say, and our labels in it.

A Dockerfile of a learner is data from a stranger. Before the engine sees it, it is held to a
list of instructions that cannot reach beyond the build: one stage, on an image of the course,
files from the answer only, nothing run while building. Where an exercise is about what is
installed, its `Policy` allows RUN too; see run_steps.py for how that runs.

Read by ourselves and not by a library: a gate must refuse what engines may read in different ways.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from factorlab.engine.images.course_images import IMAGES
from factorlab.errors import Refused

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
RUNS = 8
"""More RUN lines than any answer needs."""
_DIRECTIVE = re.compile(r"#\s*(escape|syntax|check)\s*=", re.IGNORECASE)
_ESCAPE = re.compile(r"(?:#[ \t]*\w+[ \t]*=.*\n)*?#[ \t]*escape[ \t]*=[ \t]*(\S)", re.IGNORECASE)
_CONTINUED = re.compile(r"(^|[ \t])\\$")
"""A continuation that all engines read alike: neither `\\\\` nor a word cut in two."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORD = re.compile(r"""(?:[^\s"'\\]|\\.|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')+""")
"""A word as the builder reads it: blanks in quotes or after a backslash do not end it."""


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
class Instruction:
    """One instruction of a Dockerfile."""

    line: int
    """The line that it begins in, counted from 1."""
    end: int
    """The last line before the next instruction: comments and blank lines between count as its."""
    text: str
    """What it says, in one line, with single blanks."""
    raw: str
    """Its lines as they are written, up to `end`."""
    finished: bool = True
    """False where its last line is continued and the file ends."""

    @property
    def keyword(self) -> str:
        """Its first word, in capitals; empty for a lone continuation at the end."""
        return self.text.partition(" ")[0].upper()


Check = Callable[[int, str, bool], None]
"""Looks at a line of a Dockerfile: its number, its text, whether it goes on with an instruction."""


def scan(
    text: str, escape: str = "\\", check: Check = lambda number, line, goes_on: None
) -> list[Instruction]:
    """The instructions of a Dockerfile with plain line ends. `escape` at the end of a line continues
    an instruction, comments and blank lines in it are skipped. `check` sees each line first."""
    lines = text.split("\n")
    found: list[tuple[int, str, bool]] = []
    pending, first = "", 0
    for number, line in enumerate(map(str.strip, lines), 1):
        check(number, line, first > 0)
        if not line or line.startswith("#"):
            continue
        first = first or number
        if line.endswith(escape):
            pending += line.removesuffix(escape) + " "
            continue
        found.append((first, pending + line, True))
        pending, first = "", 0
    if first:
        found.append((first, pending, False))
    ends = [begin - 1 for begin, _, _ in found[1:]] + [len(lines)]
    return [
        Instruction(
            begin, end, " ".join(words.split()), "\n".join(lines[begin - 1 : end]), finished
        )
        for (begin, words, finished), end in zip(found, ends, strict=False)
    ]


def instructions(text: str) -> list[Instruction]:
    """The instructions of a Dockerfile that all engines read alike. Raises Refused, with the line,
    for a parser directive, and for a continuation that cuts a word or may be none."""
    return scan(text, check=_check_unambiguous)


def _check_unambiguous(number: int, line: str, goes_on: bool) -> None:
    if line.startswith("#"):
        if not goes_on and _DIRECTIVE.match(line):
            _refuse(number, line, "parser directives are not available here.")
    elif line.endswith("\\") and not _CONTINUED.search(line):
        _refuse(number, line, "put a space before the \\ that continues a line.")


def argument_names(line: str) -> list[str]:
    """What an ARG instruction names; one may name several."""
    return [word.partition("=")[0] for word in _WORD.findall(line)[1:]]


def is_name(name: str) -> bool:
    """Whether it can name a variable of a shell."""
    return _NAME.fullmatch(name) is not None


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
    words = [one.keyword for one in found]
    runs = "RUN" in words and "RUN" in policy.more  # else the RUN line is what is refused
    if found and found[-1].keyword and not found[-1].finished:
        # What we put behind it, our labels, would become a part of it.
        _refuse(
            found[-1].line, found[-1].text, "the last line ends in \\, and nothing follows.", policy
        )
    for one in found:
        if why := _objection(one.keyword, one.text.partition(" ")[2], runs, policy):
            _refuse(one.line, one.text, why, policy)
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
        return f"{word or 'an empty instruction'} is not available here{why}"
    if word == "FROM" and rest.split() not in [[base] for base in policy.bases]:
        return f"an answer is built FROM {policy.bases[0]} and nothing else."
    if word == "COPY" and any(sign in rest for sign in ("--", "://", "<<")):
        return "files come from the answer: no flags, addresses or stages."
    if word == "RUN" and (rest.startswith("--") or "<<" in rest):
        return "a RUN line is one command, without flags; && joins two."
    if word == "ARG" and runs and not all(map(is_name, argument_names(f"{word} {rest}"))):
        return "beside RUN, ARG names variables: letters, digits and _, as in ARG REVISION=unknown."
    return ""


def _refuse(number: int, line: str, why: str, policy: Policy = STRICT) -> NoReturn:
    words = ["FROM", "COPY", *sorted(policy.more), "ENV", "WORKDIR", "USER", "EXPOSE"]
    raise Refused(
        f"Line {number} of the Dockerfile is not allowed: {line[:80]}",
        why=why,
        next=f"use {', '.join(words)}, ENTRYPOINT and CMD.",
    )


def labelled(text: str, labels: Mapping[str, str]) -> str:
    """A Dockerfile that sets these labels right after its last FROM, all in one step: a build that
    is cut off leaves no images that cannot be distinguished from other people's. Where it sets
    labels of its own, the course's stand once more at the end, so that these cannot hide it.

    Labels that are handed to the engine would be a step each, and a step takes it 0.1 CPU seconds.
    Raises Refused as `instructions` does.
    """
    text = text.replace("\r\n", "\n")
    found = instructions(text)
    stages = [one for one in found if one.keyword == "FROM"]
    if not stages:
        return text
    step = _label_step(labels)
    again = [step] if any(one.keyword == "LABEL" for one in found) else []
    return "\n".join([_with_step(text, step, stages[-1:]), *again])


def labelled_stages(text: str, labels: Mapping[str, str]) -> str:
    """A developer's Dockerfile with these labels after each FROM: whatever a build leaves can be
    distinguished from other people's images. Unlike `labelled`, it refuses nothing: directives and other
    people's syntax are the developer's own."""
    text = text.replace("\r\n", "\n")
    directive = _ESCAPE.match(text)
    found = scan(text, directive[1] if directive else "\\")
    stages = [one for one in found if one.keyword == "FROM" and one.finished]
    return _with_step(text, _label_step(labels), stages)


def _label_step(labels: Mapping[str, str]) -> str:
    """The one line of a Dockerfile that sets these labels, as they are."""
    pairs = " ".join(f"{key}={json.dumps(value)}" for key, value in labels.items())
    return "LABEL " + pairs.replace("$", "\\$")


def _with_step(text: str, step: str, after: Sequence[Instruction]) -> str:
    """The Dockerfile with one more step after each of these instructions."""
    ends = {one.end for one in after}
    lines: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        lines.append(line)
        if number in ends:
            lines.append(step)
    return "\n".join(lines)
