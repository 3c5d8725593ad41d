"""A stored notebook, cell by cell, as HTML. Nothing is run and nothing is fetched."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import nbformat
from nbconvert.filters.ansi import ansi2html
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import CoalesceStreamsPreprocessor
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.util import ClassNotFound

from factorlab import course
from factorlab.errors import FactorLabError
from factorlab.exercises.answer_files import ANSWER_HEAD

SHOWN = ("text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/plain")
"""The forms of an output that a page can show, best first. A widget is not among them: it needs
a kernel, and its HTML or text twin stands in."""

_colored: Callable[[str], str] = ansi2html

_FIGURE = re.compile(r"<Figure size .*>|<[\w.]+ object.*>|<IPython\..*>")


@dataclass(frozen=True)
class Output:
    """One output of a cell: `kind` is `text`, `html`, `image` or `error`."""

    kind: str
    html: str


@dataclass(frozen=True)
class Cell:
    """One cell: `html` is its text or its code; `file` is the `%%answer` line of an answer's file."""

    kind: str
    html: str
    file: str = ""
    outputs: tuple[Output, ...] = ()


def read(source: str) -> Any:
    """A notebook of the course. Raises FactorLabError when it is missing or is not a notebook."""
    path = course.root() / source
    try:
        text = path.read_text(encoding="utf-8")
        notebook = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
        nbformat.validate(notebook)
    except FileNotFoundError:
        raise FactorLabError(
            f"{source} is not there.", why="course.toml names it.", next=f"write {source}."
        ) from None
    # nbformat raises errors of many kinds, AttributeError among them, for what is no notebook.
    except Exception as error:
        raise FactorLabError(
            f"{source} is not a notebook.",
            why=str(error).strip().partition("\n")[0][:300],
            next="mend the file, or bring it back with git.",
        ) from None
    return notebook


def cells(notebook: Any) -> list[Cell]:
    """The cells of a notebook that have something to show."""
    found = []
    streams: Any = CoalesceStreamsPreprocessor
    join = streams()
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            found.append(Cell("prose", _markdown(cell.source, cell.get("attachments"))))
        elif cell.cell_type == "code" and (cell.source.strip() or cell.outputs):
            join.preprocess_cell(cell, {}, 0)
            found.append(_code(cell.source, tuple(_outputs(cell.outputs))))
    return found


def _markdown(text: str, attachments: Any = None) -> str:
    renderer = IPythonRenderer(
        escape=False, exclude_anchor_links=True, attachments=attachments or {}
    )
    return MarkdownWithMath(renderer).render(text)


def _code(source: str, outputs: tuple[Output, ...]) -> Cell:
    head, _, body = source.partition("\n")
    match = ANSWER_HEAD.match(head)
    if not match:
        return Cell("code", _highlight(source, "ipython3"), outputs=outputs)
    try:
        language = get_lexer_for_filename(match[1].rpartition("/")[2]).aliases[0]
    except ClassNotFound:
        language = "text"
    return Cell("code", _highlight(body, language), head, outputs)


def _highlight(code: str, language: str) -> str:
    return highlight(code, get_lexer_by_name(language), HtmlFormatter(nowrap=True)).rstrip()


def _outputs(outputs: list[Any]) -> list[Output]:
    found = []
    for output in outputs:
        if output.output_type == "stream":
            found.append(Output("text", _colored(output.text.rstrip())))
        elif output.output_type == "error":
            found.append(Output("error", _colored("\n".join(output.traceback))))
        elif form := next((form for form in SHOWN if form in output.data), ""):
            found.append(_output(form, output.data, output.metadata))
    return [output for output in found if output.html.strip()]


def _output(form: str, data: Any, metadata: Any) -> Output:
    value = data[form]
    if form == "text/html":
        return Output("html", value)
    if form == "text/markdown":
        return Output("html", _markdown(value))
    if form == "text/plain":
        return Output("text", _colored(value))
    # As an image, two vector plots on a page cannot mix up each other's ids.
    code = base64.b64encode(value.encode()).decode() if form == "image/svg+xml" else value
    alt = metadata.get(form, {}).get("alt") or metadata.get("alt") or data.get("text/plain", "")
    text = "Plot of the cell above." if not alt or _FIGURE.fullmatch(alt.strip()) else alt
    source = f"data:{form};base64,{''.join(code.split())}"
    return Output("image", f'<img src="{source}" alt="{escape(text)}">')
