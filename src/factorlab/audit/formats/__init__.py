"""The formats of a scorecard. One module is one format; other packages add theirs.

A format is a function that takes the Scorecard and returns the file, as a str (UTF-8) or bytes; or
several files, as a mapping of their names to these, which are written into a folder. The first line
of its docstring is what `factorlab audit --formats` says about it. Another package names it in the
entry point group `factorlab.audit.formats`; docs/AUDIT.md has an example. What it raises is reported,
and stops nothing else.
"""

from factorlab.audit.formats import html, json, junit, terminal
from factorlab.audit.scorecard import Scorecard
from factorlab.formats.registry import Formats

ENTRY_POINTS = "factorlab.audit.formats"
"""The group in which other packages name functions that are formats of their own."""
FORMATS: Formats[Scorecard] = Formats(
    ENTRY_POINTS,
    {
        "terminal": terminal.render,
        "json": json.render,
        "junit": junit.render,
        "html": html.render,
    },
)
