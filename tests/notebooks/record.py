"""Runs notebooks from top to bottom and stores their outputs, without what changes from run to
run: `make outputs`, or `python tests/notebooks/record.py notebooks/01-config.ipynb`."""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from factorlab import course

CELL_SECONDS = 120
KEPT = {"tags"}


def record(path: Path) -> None:
    """Run one notebook and store its outputs."""
    notebook = nbformat.read(path, as_version=4)
    metadata = notebook.metadata
    NotebookClient(
        notebook, timeout=CELL_SECONDS, resources={"metadata": {"path": path.parent}}
    ).execute()
    for cell in notebook.cells:
        cell.metadata = {key: value for key, value in cell.metadata.items() if key in KEPT}
    notebook.metadata = metadata
    notebook.metadata.language_info = {"name": "python"}
    nbformat.write(notebook, path)


if __name__ == "__main__":
    chosen = [Path(name).resolve() for name in sys.argv[1:]]
    for notebook in chosen or [lesson.notebook for lesson in course.lessons()]:
        print(f"recording {notebook.name}")
        record(notebook)
