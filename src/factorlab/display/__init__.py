"""How plain data looks: an HTML form for notebooks and pages, and a text twin with the same words."""

from factorlab.display.bar import Bar, working
from factorlab.display.bars import Bars, Matrix
from factorlab.display.code import Comparison
from factorlab.display.course_map import CourseMap
from factorlab.display.front import ask, attended, show
from factorlab.display.lines import Lines
from factorlab.display.note import Note
from factorlab.display.plot import Event, Span
from factorlab.display.score import Score
from factorlab.display.shown import Shown, escape
from factorlab.display.table import Table
from factorlab.display.timeline import Timeline
from factorlab.display.verdict import Card

__all__ = [
    "Bar",
    "Bars",
    "Card",
    "Comparison",
    "CourseMap",
    "Event",
    "Lines",
    "Matrix",
    "Note",
    "Score",
    "Shown",
    "Span",
    "Table",
    "Timeline",
    "ask",
    "attended",
    "escape",
    "show",
    "working",
]
