"""TOML that people write: read, held to a model, and each mistake named with its line.

`tomllib` gives values without lines. `lines` gets them from it all the same: it cuts the text into
statements (a header, or a key with its value, which are as short as they can be read alone), reads
each alone, and notes the line where it begins for all that it holds.
"""

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from factorlab.errors import FactorLabError

Place = tuple[str | int, ...]
M = TypeVar("M", bound=BaseModel)
Text = Annotated[str, Field(min_length=1)]
"""A text that says something."""
MOST_BYTES = 1_000_000
SHOWN = 8
"""How many mistakes of a file are told at once."""
TYPES = {
    bool: "true or false",
    int: "a whole number",
    float: "a number with a fraction",
    str: "a text",
    list: "a list",
    dict: "a table",
}
WANTED = {
    "int_type": "a whole number",
    "string_type": "a text",
    "list_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "bool_type": "true or false",
}


class Table(BaseModel):
    """A table of a file: each name is known, and no value is taken for one of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Wrong(ValueError):
    """A mistake in words, at another place than the one that is looked at, if one is named."""

    def __init__(self, words: str, *place: str) -> None:
        super().__init__(words)
        self.place = place


def read_text(path: Path) -> str:
    """The text of a file in UTF-8. Raises ValueError, or OSError, in words for people."""
    data = path.read_bytes()
    if len(data) > MOST_BYTES:
        raise ValueError(f"it has more than {MOST_BYTES // 1_000_000} MB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(f"line {line}: it is not UTF-8; save it as UTF-8") from error


def parse(text: str) -> dict[str, Any]:
    """The data of a text in TOML. Raises ValueError that names the line."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    except ValueError as error:
        raise ValueError(_syntax(str(error), text)) from error


def hold(data: Mapping[str, Any], model: type[M], text: str = "") -> M:
    """The data as this model. Raises ValueError that names each mistake, with its line in the text."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        found = lines(text)
        told = [_told(one, model, found) for one in error.errors(include_url=False)]
        rest = [f"and {len(told) - SHOWN} more"] if len(told) > SHOWN else []
        raise ValueError("\n".join([*dict.fromkeys(told[:SHOWN]), *rest])) from None


def unusable(what: str, error: object, next: str) -> FactorLabError:
    """The error for a file that cannot be used: the first mistake, and below it the others."""
    first, _, others = str(error).partition("\n")
    return FactorLabError(f"{what} cannot be used: {first}", why=others, next=next)


def near(word: object, known: Mapping[str, Any] | list[str]) -> str:
    """A hint at what a word was meant to be: the name that is near, or all that there are."""
    names = list(known)
    by_case = {name.lower(): name for name in names}
    close = difflib.get_close_matches(str(word).lower(), by_case, 1)
    return f"did you mean {by_case[close[0]]}?" if close else f"known are {', '.join(names)}"


def lines(text: str) -> dict[Place, int]:
    """The line of each place in a text: `("app", "port")`, `("exercise", 0, "task", 1, "id")`."""
    found: dict[Place, int] = {}
    here: Place = ()
    tables: dict[Place, int] = {}
    for number, statement, data in _statements(text):
        if statement.startswith("["):
            here = _header(data, tables)
            places = [here[:length] for length in range(1, len(here) + 1)]
        else:
            places = [*_places(data, here)]
        for place in places:
            found.setdefault(place, number)
    return found


def _statements(text: str) -> Iterator[tuple[int, str, dict[str, Any]]]:
    begun, number = "", 0
    for count, line in enumerate(text.splitlines(), 1):
        number = number if begun else count
        begun += line + "\n"
        try:
            data = tomllib.loads(begun)
        except ValueError:
            continue
        if data:
            yield number, begun.lstrip(), data
        begun = ""


def _header(data: Any, tables: dict[Place, int]) -> Place:
    """The place that a header opens; a list of tables is counted on at each `[[header]]`."""
    here: Place = ()
    while isinstance(data, dict) and data:
        [(key, data)] = data.items()
        here = (*here, key)
        if isinstance(data, list):
            tables[here] = tables.get(here, -1) + 1
            data = data[0]
        if here in tables:
            here = (*here, tables[here])
    return here


def _places(data: Any, here: Place) -> Iterator[Place]:
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in items:
        yield (*here, key)
        if isinstance(value, dict | list):
            yield from _places(value, (*here, key))


def _line(place: Place, found: Mapping[Place, int]) -> str:
    """Where a place is, or else what it would be in."""
    while place and place not in found:
        place = place[:-1]
    return f"line {found[place]}: " if place in found else ""


def named(place: Place) -> str:
    """A place as a text: `requests.read.path`, `exercise[0].id`."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return "".join(parts).removeprefix(".")


def _told(error: Any, model: type[BaseModel], found: Mapping[Place, int]) -> str:
    place, kind = tuple(error["loc"]), str(error["type"])
    if isinstance(own := error.get("ctx", {}).get("error"), Wrong):
        place = own.place or place
    if place[-1:] == ("[key]",):  # it is the name of the entry that is wrong
        place = place[:-1]
    where, last = _line(place, found), place[-1] if place else ""
    if kind == "extra_forbidden":
        owner = f"[{named(place[:-1])}]" if place[1:] else "it"
        return f"{where}{owner} has the unknown name '{last}'; {near(last, _known(model, place))}"
    if kind == "missing":
        owner = f" in {named(place[:-1])}" if place[1:] else ""
        return f"{where}'{last}' is missing{owner}"
    return f"{where}{named(place)} {_words(kind, error)}"


def _words(kind: str, error: Any) -> str:
    """What is wrong with a value, without a library's words."""
    value, limits = error["input"], error.get("ctx", {})
    if kind in WANTED:
        return f"must be {WANTED[kind]}, not {TYPES.get(type(value), 'a date or time')}"
    if kind == "literal_error":
        known = re.findall(r"'([^']+)'", limits["expected"])
        return f"is {value!r}; {near(value, known)}"
    if "ge" in limits or "le" in limits:
        bound = f"at least {limits['ge']}" if "ge" in limits else f"at most {limits['le']}"
        return f"must be {bound}, and is {value}"
    if kind in ("string_too_short", "too_short"):
        return "must not be empty"
    return str(limits.get("error", error["msg"]))


def _known(model: Any, place: Place) -> list[str]:
    """The names that the table may have in which this place is."""
    for part in place[:-1]:
        if isinstance(model, type) and issubclass(model, BaseModel):
            fields = {one.alias or name: one for name, one in model.model_fields.items()}
            model = fields[str(part)].annotation
        else:
            model = get_args(model)[-1]
        while get_origin(model) not in (None, dict, list):  # Annotated, or one that may be left out
            model = get_args(model)[0]
    return [one.alias or name for name, one in model.model_fields.items()]


def _syntax(words: str, text: str) -> str:
    """What `tomllib` says about a text that is no TOML, line first."""
    at = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", words)
    if not at:
        return f"it is not TOML: {words}"
    number = int(at[1] or len(text.splitlines()) or 1)
    words = words[: at.start()]
    line = text.splitlines()[number - 1 : number] or [""]
    if words.startswith(("Cannot overwrite", "Cannot declare", "Cannot mutate")):
        return f"line {number}: `{line[0].partition('=')[0].strip()}` is there a second time"
    return f"line {number}: it is not TOML: {words}"
