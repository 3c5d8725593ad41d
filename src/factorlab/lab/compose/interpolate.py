"""Variables in the values of a Compose file: `$NAME`, `${NAME}`, `${NAME:-other}` and the like; and
those of an `.env` beside it, whose lines python-dotenv reads."""

import io
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType

from dotenv.parser import parse_stream

_START = re.compile(r"\$(?:(\$)|([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*))")
_OPERATOR = re.compile(r":?[-?+]")
ROOM = 1_000_000
"""How much putting variables into one `.env` may take: `B=$A$A`, `C=$B$B` … doubles each time, and
each `${A:-${A:-…` looks for its brace."""
_LITERAL = re.compile(r"[^=]*=\s*'")


def interpolate(text: str, variables: Mapping[str, str], unset: Callable[[str], None]) -> str:
    """Put variables in, as Compose does; `$$` is one `$`. `unset` is told each variable that is
    neither set nor given another value; it becomes empty. Raises ValueError with the reason for
    what is no variable, and for `${NAME:?reason}` when it is not set."""
    out, place = [], 0
    while (at := text.find("$", place)) >= 0:
        out.append(text[place:at])
        match = _START.match(text, at)
        if match is None:
            raise ValueError(f"`{text[at : at + 12]}` is no variable; write $$ for a plain $")
        place = match.end()
        if match[1]:
            out.append("$")
        elif match[2]:
            out.append(_simple(match[2], variables, unset))
        else:
            end = _closing(text, place)
            out.append(_braced(match[3], text[place:end], variables, unset))
            place = end + 1
    return "".join([*out, text[place:]])


def _simple(name: str, variables: Mapping[str, str], unset: Callable[[str], None]) -> str:
    if name not in variables:
        unset(name)
    return variables.get(name, "")


def _closing(text: str, place: int) -> int:
    """Where the brace ends that was opened before `place`."""
    depth = 1
    for at in range(place, len(text)):
        if text.startswith("${", at):
            depth += 1
        elif text[at] == "}":
            depth -= 1
            if not depth:
                return at
    raise ValueError("a `${` has no `}`")


def _braced(
    name: str, rest: str, variables: Mapping[str, str], unset: Callable[[str], None]
) -> str:
    if not rest:
        return _simple(name, variables, unset)
    operator = _OPERATOR.match(rest)
    if operator is None:
        raise ValueError(f"`${{{name}{rest[:12]}}}` is no variable")
    other = rest[operator.end() :]
    there = name in variables and (variables[name] != "" or not operator[0].startswith(":"))
    if operator[0].endswith("-"):
        return variables[name] if there else interpolate(other, variables, unset)
    if operator[0].endswith("+"):
        return interpolate(other, variables, unset) if there else ""
    if not there:
        raise ValueError(f"the variable {name} is required: {other or 'it is not set'}")
    return variables[name]


def read_dotenv(
    text: str, outer: Mapping[str, str] | None = MappingProxyType({})
) -> dict[str, str]:
    """The variables of an `.env` file, as Compose reads it: quotes and what is escaped in them,
    values on several lines, comments. A variable in a value is one named before it or one of
    `outer`, except between single quotes; what is no variable stays as it is written, and with None
    for `outer`, all of them."""
    found: dict[str, str] = {}
    known = dict(outer or {})
    longest = max(map(len, known.values()), default=0)
    room = ROOM if outer is not None else 0
    for one in parse_stream(io.StringIO(text)):
        if one.key is None or one.value is None or one.error:
            continue
        value = one.value
        room -= value.count("$") * max(longest, len(value))
        if room > 0 and "$" in value and not _LITERAL.match(one.original.string):
            with suppress(ValueError, RecursionError):
                value = interpolate(value, known, lambda _: None)
        found[one.key] = known[one.key] = value
        longest = max(longest, len(value))
    return found
