"""Factor Lab: the twelve-factor app, shown by running it in real containers.

What a learner imports. Each name is loaded on first use, so `import factorlab` stays cheap:
no connection to a container engine, no notebook format, no plotting library.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from factorlab.exercises import Exercise as Exercise
    from factorlab.exercises import start_here as start_here
    from factorlab.lesson import Lab as Lab

_HOMES = {
    "Lab": "factorlab.lesson",
    "Exercise": "factorlab.exercises",
    "start_here": "factorlab.exercises",
}

__all__ = ["Exercise", "Lab", "__version__", "start_here"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'factorlab' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)
