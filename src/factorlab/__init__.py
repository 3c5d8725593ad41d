"""Factor Lab: the twelve-factor app, shown by running it in real containers.

What a learner imports. Each name is loaded on first use, so `import factorlab` stays cheap:
no connection to a container engine, no notebook format, no plotting library.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from factorlab.exercises import Exercise as Exercise
    from factorlab.lesson import Lab as Lab
    from factorlab.start import doctor as doctor
    from factorlab.start import progress as progress
    from factorlab.start import ten_points as ten_points

_HOMES = {
    "Lab": "factorlab.lesson",
    "Exercise": "factorlab.exercises",
    "doctor": "factorlab.start",
    "progress": "factorlab.start",
    "ten_points": "factorlab.start",
}

__all__ = ["Exercise", "Lab", "__version__", "doctor", "progress", "ten_points"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'factorlab' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)
