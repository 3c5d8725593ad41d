"""How plain data looks: an HTML form for notebooks and pages, and a text twin with the same words."""

from factorlab.display.code import Comparison
from factorlab.display.shown import Shown, escape
from factorlab.display.table import Table
from factorlab.display.verdict import Card

__all__ = ["Card", "Comparison", "Shown", "Table", "escape"]
