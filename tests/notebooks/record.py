"""Runs notebooks from top to bottom and stores their outputs, without what changes from run to
run: `make outputs`, or `python tests/notebooks/record.py notebooks/01-config.ipynb`."""

import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from factorlab import course

CELL_SECONDS = 120
KEPT = {"tags"}
WIDGET = "application/vnd.jupyter.widget-view+json"
"""A live widget's id means nothing to a later reader; its HTML and text twins stay."""


def record(path: Path) -> None:
    """Run one notebook and store its outputs."""
    notebook = nbformat.read(path, as_version=4)
    metadata = notebook.metadata
    with tempfile.TemporaryDirectory(prefix="factorlab-fresh-") as fresh:
        os.environ["FACTORLAB_WORK"] = fresh  # as on the first day: no progress, nothing predicted
        NotebookClient(
            notebook,
            timeout=CELL_SECONDS,
            coalesce_streams=True,
            resources={"metadata": {"path": path.parent}},
        ).execute()
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET, None)
        cell.metadata = {key: value for key, value in cell.metadata.items() if key in KEPT}
    notebook.metadata = metadata
    notebook.metadata.pop("widgets", None)
    notebook.metadata.language_info = {"name": "python"}
    nbformat.write(notebook, path)


if __name__ == "__main__":
    chosen = [Path(name).resolve() for name in sys.argv[1:]]
    for notebook in chosen or [lesson.notebook for lesson in course.lessons()]:
        print(f"recording {notebook.name}")
        record(notebook)
