"""Runs the cells of a notebook in one IPython shell, without nbval and without a kernel, each whatever
became of those before it; prints as JSON what each cell that failed raised: id -> words.

For sheets as they come, in which nothing is started: a kernel and nbval for each took four CPU
seconds. What a learner's page shows is not looked at here."""

import contextlib
import io
import json
import sys
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell


def failures(notebook: Path) -> dict[str, str]:
    """The cells that failed, and why: before they ran or while they did."""
    shell = InteractiveShell.instance(colors="nocolor")
    failed = {}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            ran = shell.run_cell("".join(cell["source"]), store_history=True)
            if error := ran.error_before_exec or ran.error_in_exec:
                failed[cell["id"]] = f"{type(error).__name__}: {error}"
    return failed


if __name__ == "__main__":
    with contextlib.redirect_stdout(io.StringIO()):
        found = failures(Path(sys.argv[1]))
    print(json.dumps(found))
