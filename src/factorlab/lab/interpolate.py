"""Variables in the values of a Compose file: `$NAME`, `${NAME}`, `${NAME:-other}` and the like."""

import re
from collections.abc import Callable, Mapping

_START = re.compile(r"\$(?:(\$)|([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*))")
_OPERATOR = re.compile(r":?[-?+]")
_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")
_QUOTED = re.compile(r"""(['"])(.*?)\1\s*(?:#.*)?""")


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


def read_dotenv(text: str) -> dict[str, str]:
    """The variables of an `.env` file: `NAME=value`, one a line; quotes around a value and
    comments are left out."""
    found = {}
    for line in text.splitlines():
        if match := _LINE.fullmatch(line.strip()):
            name, value = match[1], match[2].strip()
            quoted = _QUOTED.fullmatch(value)
            found[name] = quoted[2] if quoted else re.sub(r"\s+#.*", "", value)
    return found
