"""The formats of a gradebook. One module is one format; other packages add theirs.

A format is a function that takes the Gradebook and returns the file, as a str (UTF-8) or bytes; or
several files, as a mapping of their names to these, which are written into a folder. The first line
of its docstring is what `factorlab grade --formats` says about it. Another package names it in the
entry point group `factorlab.grading.formats`; docs/GRADING.md has an example. What it raises is
reported, and stops nothing else.
"""

from factorlab.formats.registry import Formats
from factorlab.grading.formats import csv, github, html, json, junit, terminal
from factorlab.grading.gradebook import Gradebook

ENTRY_POINTS = "factorlab.grading.formats"
"""The group in which other packages name functions that are formats of their own."""
FORMATS: Formats[Gradebook] = Formats(
    ENTRY_POINTS,
    {
        "terminal": terminal.render,
        "csv": csv.render,
        "json": json.render,
        "junit": junit.render,
        "html": html.render,
        "github": github.render,
    },
)
