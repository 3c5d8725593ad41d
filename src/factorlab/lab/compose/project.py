"""A Compose file's values, read as Compose reads them: names with values, the words of a command, and
variables put in wherever they stand.

Who may write what, and what is said of a mistake, is the reader's own that is built on this: `lab_rules`
holds a stranger's file to what a lab runs, and `audit/compose` takes a developer's as it is.
"""

import shlex
from collections.abc import Mapping
from enum import Enum
from typing import Any, NoReturn

from factorlab.lab.compose.interpolate import interpolate
from factorlab.lab.compose.plain_yaml import Path


class Mistake(Enum):
    """What can be wrong with a value, whoever reads it."""

    MAPPING = "it is no mapping of names to values"
    COMMAND = "it is no command"
    VARIABLE = "what stands in it for a variable is none, or is required and not set"
    DEPTH = "its variables are nested too deeply"


class Reader:
    """Reads the values of a file. `variables` are put in; `unset` are those that were used and that
    nobody had set, which are empty then."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables
        self.unset: list[str] = []

    def wrong(self, path: Path, mistake: Mistake, text: str = "", error: object = "") -> NoReturn:
        """Raise what is to be said of a mistake in an entry; `text` is what stands there, `error` the
        reason in words."""
        raise NotImplementedError

    def check_pair(self, name: str, value: Any, path: Path) -> None:
        """Hold a name with its value to rules of one's own."""

    def mapping(self, data: Any, path: Path) -> dict[str, Any]:
        """Names with values; none where nothing stands."""
        if data is None:
            return {}
        if not isinstance(data, dict):
            self.wrong(path, Mistake.MAPPING)
        return dict(data)

    def text(self, data: Any, path: Path) -> str:
        """A value as text, with its variables put in."""
        if isinstance(data, bool):
            return str(data).lower()
        if not isinstance(data, str):
            return str(data)
        try:
            return interpolate(data, self.variables, self.unset.append)
        except ValueError as error:
            self.wrong(path, Mistake.VARIABLE, data, error)
        except RecursionError as error:
            self.wrong(path, Mistake.DEPTH, data, error)

    def words(self, data: Any, path: Path) -> list[str] | None:
        """The words of a command: a list of them, or a line as a shell splits it."""
        if data is None:
            return None
        if isinstance(data, list):
            return [self.text(word, (*path, number)) for number, word in enumerate(data)]
        try:
            return shlex.split(self.text(data, path))
        except ValueError as error:
            self.wrong(path, Mistake.COMMAND, str(data), error)

    def pairs(self, data: Any, path: Path) -> dict[str, str | None]:
        """Names and values, of a list of `NAME=value` or a mapping; None for a name alone."""
        found: dict[str, str | None] = {}
        if isinstance(data, list):
            for number, line in enumerate(data):
                place = (*path, number)
                name, sign, value = self.text(line, place).partition("=")
                found[name] = value if sign else None
                self.check_pair(name, found[name], place)
            return found
        for key, value in self.mapping(data, path).items():
            name, place = str(key), (*path, key)
            self.check_pair(name, value, place)
            found[name] = None if value is None else self.text(value, place)
        return found

    def given(self, pairs: Mapping[str, str | None]) -> dict[str, str]:
        """Names and values; one without a value has that of the variable of its name, and without
        such a variable it is not given."""
        return {
            name: self.variables[name] if value is None else value
            for name, value in pairs.items()
            if value is not None or name in self.variables
        }
