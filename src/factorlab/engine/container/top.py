"""What runs in a container, from the engine's own list of processes."""

from typing import Any

from docker.errors import APIError

from factorlab.engine.container.execution import execute

_LIST_PROCESSES = """\
for one in /proc/[0-9]*; do
    printf '%s %s\\n' "${one#/proc/}" "$(tr '\\0' ' ' < "$one/cmdline" 2>/dev/null)"
done"""


def processes(raw: Any) -> list[tuple[str, str]]:
    """Process id and title of each; nothing when the container does not run."""
    try:
        top = raw.top(ps_args="-eo pid,args")
    except APIError:
        return []
    except ValueError:  # Podman asks for `ps` inside the container, and answers nothing
        _, listed = execute(raw, ["sh", "-c", _LIST_PROCESSES])
        rows = (line.strip().partition(" ") for line in listed.splitlines())
        return [(pid, title) for pid, _, title in rows if title]
    return [(row[0], " ".join(row[1:])) for row in top["Processes"] or []]


def users(raw: Any) -> list[str]:
    """The number of the user of each, as the engine's machine sees it."""
    try:
        return [row[1] for row in raw.top(ps_args="-eo pid,uid")["Processes"] or []]
    except (APIError, ValueError):
        return []
