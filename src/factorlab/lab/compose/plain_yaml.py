"""A YAML file of a stranger as plain data, with the line of every entry.

Only what YAML 1.2 and Compose agree on is read: `no` and `on` are words, not truth values. Nothing
is made from tags, nothing is repeated by aliases, and what is too large or too deep is refused.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NoReturn

import yaml

from factorlab.errors import Refused

BYTES = 50_000
DEPTH = 20
Path = tuple[str | int, ...]
"""Where an entry stands: `("services", "db", "command", 0)`."""

_TAGS = "tag:yaml.org,2002:"
_HALF = re.compile("[\ud800-\udfff]")
"""What an escape can write and no terminal and no file can take."""


class _Loader(yaml.SafeLoader):
    """Without aliases, and with the few plain values of YAML 1.2."""

    yaml_implicit_resolvers = {}  # noqa: RUF012  # as PyYAML wants it: of the class

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            mark: Any = event.start_mark
            raise yaml.MarkedYAMLError(
                problem=f"*{event.anchor} repeats another part", problem_mark=mark
            )
        node = super().compose_node(parent, index)
        if isinstance(node, yaml.ScalarNode) and _HALF.search(node.value):
            raise yaml.MarkedYAMLError(problem="half a character", problem_mark=node.start_mark)
        return node


_TRUTH = r"true|True|TRUE|false|False|FALSE"
for _tag, _pattern, _first in (
    ("bool", _TRUTH, "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?(?:0|[1-9][0-9]{0,17})", "-+0123456789"),
    ("float", r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+", "-+0123456789"),
):
    _Loader.add_implicit_resolver(_TAGS + _tag, re.compile(f"^(?:{_pattern})$"), list(_first))


class _OwnLoader(yaml.SafeLoader):
    """PyYAML's safe loader reads YAML 1.1. Of its truth values Compose knows those of YAML 1.2 alone:
    `yes`, `no`, `on` and `off` are words, as an argument `DEBUG: yes` means them."""

    yaml_implicit_resolvers = {  # noqa: RUF012  # as PyYAML wants it: of the class
        first: [(tag, pattern) for tag, pattern in resolvers if tag != _TAGS + "bool"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_OwnLoader.add_implicit_resolver(_TAGS + "bool", re.compile(f"^(?:{_TRUTH})$"), [*"tTfF"])


@dataclass(frozen=True)
class Written:
    """The data of a file, and the line on which each entry begins."""

    file: str
    data: Any
    lines: dict[Path, int]

    def line(self, path: Path) -> int:
        """The line of an entry, or of the nearest one around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def refuse(self, path: Path, why: str, next: str) -> NoReturn:
        """Raise Refused, naming line and key."""
        key = ".".join(str(part) for part in path)[:80] or "the file"
        raise Refused(
            f"Line {self.line(path)} of {self.file} is not allowed: {key}", why=why, next=next
        )


def read_yaml(text: str, file: str) -> Written:
    """Read a file's text. Raises Refused, with the line, for what is not plain YAML."""
    if len(text.encode()) > BYTES:
        raise Refused(f"{file} has more than {BYTES:,} bytes.", next="make it shorter.")
    lines: dict[Path, int] = {}
    try:
        node = yaml.compose(text, _Loader)
        data = None if node is None else _plain(node, (), lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise _unreadable(file, f"line {line}: {error.problem or error.context}") from error
    except yaml.YAMLError as error:  # a character that YAML does not know
        raise _unreadable(file, str(error).splitlines()[0]) from error
    except RecursionError as error:
        raise _unreadable(file, "it is nested too deeply") from error
    return Written(file, data, lines)


def load_own(text: str) -> Any:
    """The data of a file that a developer wrote for themselves, aliases and merged parts too. Raises
    ValueError with the reason for what is no YAML."""
    try:
        return yaml.load(text, _OwnLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ValueError(str(error)) from error


def _unreadable(file: str, why: str) -> Refused:
    return Refused(
        f"{file} cannot be read: {why[:200]}.",
        next="mend that line. Indent with spaces, the same number for the same level; write no "
        "anchors (&), aliases (*) or tags (!).",
    )


def _plain(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if len(path) > DEPTH:
        raise yaml.MarkedYAMLError(problem="too deep", problem_mark=node.start_mark)
    if isinstance(node, yaml.SequenceNode) and node.tag == _TAGS + "seq":
        return [_plain(item, (*path, n), lines) for n, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode) and node.tag == _TAGS + "map":
        return dict(_entries(node, path, lines))
    if isinstance(node, yaml.ScalarNode) and node.tag.startswith(_TAGS):
        return _value(node)
    raise yaml.MarkedYAMLError(problem=f"the tag {node.tag}", problem_mark=node.start_mark)


def _entries(
    node: yaml.MappingNode, path: Path, lines: dict[Path, int]
) -> Iterator[tuple[str, Any]]:
    seen = set()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise yaml.MarkedYAMLError(problem="a key is no word", problem_mark=key.start_mark)
        name = str(key.value)
        if name in seen:
            raise yaml.MarkedYAMLError(
                problem=f"{name} stands there twice", problem_mark=key.start_mark
            )
        seen.add(name)
        lines[*path, name] = key.start_mark.line + 1
        yield name, _plain(value, (*path, name), lines)


def _value(node: yaml.ScalarNode) -> str | int | float | bool | None:
    kind, text = node.tag.removeprefix(_TAGS), str(node.value)
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "str":
        return text
    with suppress(ValueError):  # a tag that does not fit its text is one that nobody knows
        if kind == "int":
            return int(text)
        if kind == "float":
            return float(text)
    raise yaml.MarkedYAMLError(problem=f"the tag !!{kind}", problem_mark=node.start_mark)
