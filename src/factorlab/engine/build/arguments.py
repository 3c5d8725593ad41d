"""The build arguments of a Dockerfile that is cut at its RUN lines (see steps.py).

FROM ends the scope of ARG, and a RUN step of ours is none of the builder's: what comes after a cut
has to be told the values. What a default means (`${A:-x}`, an ENV, an earlier ARG) and what goes
before it is the builder's to say. So it is asked, with an image of the FROM, ARG and ENV lines alone.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from docker.errors import APIError

from factorlab.engine.connection import connect

Chunk = Callable[[str, str], str]
"""Builds a Dockerfile without RUN under a tag; returns the image's id."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORD = re.compile(r"""(?:[^\s"'\\]|\\.|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')+""")
"""A word as the builder reads it: blanks in quotes or after a backslash do not end it."""
_SPECIAL = re.compile(r'["\\$]')
_ASKED = "factorlab.argument."
"""No ARG can have such a name, and no `$` can refer to it."""


def keyword(line: str) -> str:
    """The first word of an instruction, in capitals."""
    return line.split(None, 1)[0].upper()


def argument_names(line: str) -> list[str]:
    """What an ARG instruction names; one may name several."""
    return [word.partition("=")[0] for word in _WORD.findall(line)[1:]]


def is_name(name: str) -> bool:
    """Whether it can name a variable of a shell."""
    return _NAME.fullmatch(name) is not None


def values_in_scope(before: Sequence[tuple[str, str]], tag: str, chunk: Chunk) -> dict[str, str]:
    """The build arguments after these instructions (each in one line, and as it is written): name
    -> value. One that is empty counts as unset, and one that an ENV of its name hides is left out.
    `tag` is for the image that is built for it, and removed."""
    named: dict[str, None] = {}
    for line, _ in before:
        if keyword(line) == "FROM":
            named.clear()
        elif keyword(line) == "ARG":
            named |= dict.fromkeys(filter(is_name, argument_names(line)))
    if not named:
        return {}
    # ENV too: a default means what it meant at its line, whatever is set after it.
    kept = [text for line, text in before if keyword(line) in ("FROM", "ARG", "ENV")]
    asked = " ".join(f'{_ASKED}{name}="${name}"' for name in named)
    try:
        image = chunk("\n".join([*kept, f"ENV {asked}"]), tag)
        told = connect().api.inspect_image(image)["Config"]["Env"]
    finally:
        with suppress(APIError):
            connect().api.remove_image(tag)
    env = dict(variable.split("=", 1) for variable in told)
    return {name: env[_ASKED + name] for name in named if env[_ASKED + name] and name not in env}


def declared(args: Mapping[str, str]) -> list[str]:
    """The lines that have these values in scope once more, after a FROM. A value with a line end
    cannot be written in one; it was given to the build, which gives it again."""
    literal = {name: _SPECIAL.sub(r"\\\g<0>", value) for name, value in args.items()}
    return [
        f"ARG {name}" if "\n" in value else f'ARG {name}="{value}"'
        for name, value in literal.items()
    ]
