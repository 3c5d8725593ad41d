"""The build arguments of a Dockerfile that is cut at its RUN lines (see run_steps.py).

FROM ends the scope of ARG, and a RUN step of ours is none of the builder's: what comes after a cut
needs the values. What a default means (`${A:-x}`, an ENV, an earlier ARG) and what overrides it is
for the builder to decide. So it builds an image of the FROM, ARG and ENV lines alone, in whose
environment the values are read.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from docker.errors import APIError

from factorlab.engine.build.dockerfile import Instruction, argument_names, is_name
from factorlab.engine.connection import connect

Chunk = Callable[[str, str], str]
"""Builds a Dockerfile without RUN under a tag; returns the image's id."""

_SPECIAL = re.compile(r'["\\$]')
_COPY = "factorlab.argument."
"""Begins the name of the variable that copies a value. No ARG can have such a name, and no `$` can
refer to it."""


def values_in_scope(before: Sequence[Instruction], tag: str, chunk: Chunk) -> dict[str, str]:
    """The build arguments after these instructions: name -> value. One that is empty counts as
    unset, and one that an ENV of its name hides is left out. `tag` is for the image that is built
    for it, and removed."""
    names: dict[str, None] = {}
    for instruction in before:
        if instruction.keyword == "FROM":
            names.clear()
        elif instruction.keyword == "ARG":
            names |= dict.fromkeys(filter(is_name, argument_names(instruction.text)))
    if not names:
        return {}
    # ENV too: a default means what it meant at its line, whatever is set after it.
    kept = [one.raw for one in before if one.keyword in ("FROM", "ARG", "ENV")]
    copies = " ".join(f'{_COPY}{name}="${name}"' for name in names)
    try:
        image = chunk("\n".join([*kept, f"ENV {copies}"]), tag)
        variables = connect().api.inspect_image(image)["Config"]["Env"]
    finally:
        with suppress(APIError):
            connect().api.remove_image(tag)
    env = dict(variable.split("=", 1) for variable in variables)
    return {name: env[_COPY + name] for name in names if env[_COPY + name] and name not in env}


def declared(args: Mapping[str, str]) -> list[str]:
    """The lines that have these values in scope once more, after a FROM. A value with a line end
    cannot be written in one; it was given to the build, which gives it again."""
    literal = {name: _SPECIAL.sub(r"\\\g<0>", value) for name, value in args.items()}
    return [
        f"ARG {name}" if "\n" in value else f'ARG {name}="{value}"'
        for name, value in literal.items()
    ]
