"""The folder of a graded class: what `factorlab grade --out` writes."""

from pathlib import Path

from factorlab.grading.formats import csv, html, json, junit
from factorlab.grading.gradebook import Gradebook
from factorlab.workspace import write_whole


def write(book: Gradebook, folder: Path) -> list[str]:
    """Write everything into a folder: gradebook.csv, results.json, junit.xml, summary.html, and a
    page for each learner in feedback/. Returns the names. Raises FactorLabError when the disk
    refuses."""
    files = {
        "gradebook.csv": csv.render(book),
        "results.json": json.render(book),
        "junit.xml": junit.render(book),
        **html.render(book),
    }
    for name, text in files.items():
        write_whole(folder / name, text)
    return list(files)
