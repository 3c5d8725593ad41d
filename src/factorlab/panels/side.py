"""One column of a panel, as data; and the states of apps and services in words."""

import threading
from collections.abc import Mapping
from typing import Any

from factorlab.errors import FactorLabError, NotReady
from factorlab.lab import App
from factorlab.lab.service import Service


class Side:
    """One column: a variant, its environment, its replicas and what they answered."""

    def __init__(self, variant: str, env: Mapping[str, str]) -> None:
        self.variant = variant
        self.env = dict(env)
        self.apps: list[App] = []
        self.answers: list[dict[str, str]] = []
        self.states: dict[str, str] = {}
        self.image = self.log = self.doing = self.message = ""
        self.built = ""
        """What the last build said, if it failed."""
        self.turn = 0
        self.lock = threading.Lock()

    def as_dict(self) -> dict[str, Any]:
        """The column as the page draws it."""
        return {
            "name": self.variant,
            "env": [[name, value] for name, value in self.env.items()],
            "apps": [{"name": name, "state": state} for name, state in self.states.items()],
            "image": self.image.removeprefix("sha256:")[:12],
            "answers": list(self.answers),
            "log": self.log,
            "doing": self.doing,
            "message": self.message,
        }


def words(app: App) -> str:
    """The state of an app in words: `running`, `paused`, `ended, exit code 137`."""
    state = app.state
    if state.exit_code is None:
        return state.status
    return f"ended, exit code {state.exit_code}{' (out of memory)' if state.oom_killed else ''}"


def holds(service: Service) -> str:
    """What is in it; nothing while it cannot say so, as when it is just starting."""
    try:
        return service.holds()
    except NotReady:
        raise
    except FactorLabError:
        return ""
