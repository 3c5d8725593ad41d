"""The commands of a page, read as what they are: plain data that anyone may have sent.

What does not fit is a FactorLabError that says what would.
"""

import json
from collections.abc import Mapping
from typing import Any

from factorlab.errors import FactorLabError

Command = Mapping[str, Any]

METHODS = ("GET", "POST", "PUT", "DELETE")
PATH_LENGTH = 2000
DOING = {
    "start": "starting",
    "stop": "stopping: SIGTERM was sent",
    "kill": "killing",
    "restart": "restarting",
    "scale": "scaling",
}
"""What a column says while a command is under way."""


def environment(command: Command) -> dict[str, str]:
    """The variables of a start; rows without a name are left out. Raises FactorLabError for what no
    environment can be."""
    rows = command["env"]
    if not isinstance(rows, list | tuple) or not all(
        isinstance(row, list | tuple) and len(row) == 2 for row in rows
    ):
        raise FactorLabError("The environment must be pairs of a name and a value.")
    pairs = [(str(name).strip(), str(value)) for name, value in rows]
    env = {name: value for name, value in pairs if name}
    for name, value in env.items():
        if [other for other, _ in pairs].count(name) > 1:
            raise FactorLabError(
                f"'{name}' stands in more than one row.", next="leave out all but one, with ×."
            )
        if "=" in name or "\0" in name + value:
            raise FactorLabError(
                f"'{name}' cannot be a variable.",
                next="write the name in the first field and the value in the second, without '='.",
            )
    return env


def replicas(command: Command, most: int) -> int:
    """How many replicas are asked for: 1 … `most`. Raises FactorLabError for anything else."""
    asked = str(command.get("replicas"))
    try:
        if 1 <= (wanted := int(asked)) <= most:
            return wanted
    except ValueError:
        pass
    raise FactorLabError(
        f"'{asked[:20]}' is not a number of replicas here.",
        next=f"write a whole number from 1 to {most}.",
    )


def request(command: Command) -> tuple[str, str, Any]:
    """Method, path and JSON body of a request. The path always begins with `/`, so that it
    cannot become another host."""
    method, path = str(command.get("method", "GET")), str(command.get("path") or "/")
    if method not in METHODS:
        raise FactorLabError(
            f"'{method}' is not a method here.", next=f"choose one of: {', '.join(METHODS)}."
        )
    if not path.isprintable() or len(path) > PATH_LENGTH:
        raise FactorLabError(
            "The path holds a character that no path can hold, or is too long.",
            next="write it like /orders.",
        )
    path = path if path.startswith("/") else f"/{path}"
    return method, path, None if method == "GET" else _body(str(command.get("body") or ""))


def changed_files(command: Command) -> dict[str, str]:
    """The texts of changed files, by their names. Raises FactorLabError for any other form."""
    files = command.get("files")
    if not isinstance(files, dict) or not all(
        isinstance(part, str) for file in files.items() for part in file
    ):
        raise FactorLabError("Changed files need their names and their texts.")
    return files


def _body(text: str) -> Any:
    try:
        return json.loads(text) if text.strip() else None
    except (ValueError, RecursionError) as error:
        why = (
            f"{error.msg} at character {error.pos}"
            if isinstance(error, json.JSONDecodeError)
            else "a number in it is too long, or it is nested too deep"
        )
        raise FactorLabError(
            f"The body is not JSON: {why}.",
            next='write it like {"item": "tea"}, with double quotes.',
        ) from error
