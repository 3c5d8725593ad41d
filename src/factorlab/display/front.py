"""Who is looking: somebody at a notebook, somebody at a terminal, or nobody (a pipe, CI, nbval)."""

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from factorlab.display.shown import Shown


def _shell() -> Any:
    """The running IPython shell. IPython is not imported for it: where it runs, it is loaded."""
    module = sys.modules.get("IPython.core.getipython")
    return module.get_ipython() if module else None


def in_notebook() -> bool:
    """Whether this process is a notebook's kernel, with or without somebody before it."""
    return getattr(_shell(), "kernel", None) is not None


def attended() -> bool:
    """Whether somebody can answer a question here. Each cell comes to a kernel with word
    on whether its front end takes input: JupyterLab's does, nbval and `jupyter execute` have nobody to ask."""
    if in_notebook():
        return bool(getattr(_shell().kernel, "_allow_stdin", False))
    return bool(sys.stdin and sys.stdin.isatty())


def ask(question: str) -> bool | None:
    """Ask for a yes or no; anything but a yes is a no. None where nobody can answer."""
    if not attended():
        return None
    try:
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


def show(shown: "Shown") -> None:
    """Display it in a notebook, print its text twin elsewhere."""
    if _shell() is None:
        print(shown)
        return
    from IPython.display import display

    display(shown)
