"""All files of the site, made from the notebooks in the order of the catalogue."""

import shutil
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from pygments.formatters import HtmlFormatter

from factorlab import course
from factorlab.errors import FactorLabError
from factorlab.site.cells import cells, read
from factorlab.site.pages import Page, pages
from factorlab.site.tidy import Heading, tidy

STYLE = "factorlab.css"
LIGHT, DARK = "xcode", "github-dark"
"""Pygments' styles for code; both have enough contrast on the page's own background."""


def build(folder: Path) -> Path:
    """Write the site into a folder, in place of the one that was there; returns its index page.

    Raises FactorLabError when a notebook is broken, or when the folder holds something else.
    """
    folder = folder.resolve()
    there = folder.exists()
    if there and (
        not folder.is_dir() or (any(folder.iterdir()) and not (folder / STYLE).is_file())
    ):
        raise FactorLabError(
            f"{folder} is not a site of the course.",
            why="It would be overwritten.",
            next="name an empty folder with --out.",
        )
    files = rendered()
    if there:
        shutil.rmtree(folder)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "index.html"


def rendered() -> dict[str, str]:
    """All files of the site, by path, with their text. Raises FactorLabError when a notebook is
    broken."""
    environment = Environment(
        loader=PackageLoader("factorlab.site"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    ordered = pages()
    known = {page.source: page for page in ordered}
    files = {STYLE: _style(environment)}
    headings: dict[str, list[Heading]] = {}
    lesson = environment.get_template("lesson.html.j2")
    for page, before, after in zip(ordered, (None, *ordered), (*ordered[1:], None), strict=False):
        body = environment.get_template("cells.html.j2").render(cells=cells(read(page.source)))
        body, headings[page.source] = tidy(body, page, known)
        files[page.url] = lesson.render(
            page=page,
            before=before,
            after=after,
            title=_title(page, headings),
            body=body,
            headings=[h for h in headings[page.source] if h.level in (2, 3)],
            style=page.to(STYLE),
            index=page.to("index.html"),
        )
    index = environment.get_template("index.html.j2")
    files["index.html"] = index.render(tiers=_tiers(known, headings), style=STYLE)
    return files


def _title(page: Page, headings: dict[str, list[Heading]]) -> str:
    found = headings[page.source]
    return found[0].text if found else page.lesson.title


def _tiers(known: dict[str, Page], headings: dict[str, list[Heading]]) -> list[dict[str, Any]]:
    """The map of the course: the tiers that have lessons, each with its lessons in order."""
    found: list[dict[str, Any]] = []
    for tier, name in course.TIERS.items():
        entries = [
            {
                "lesson": lesson,
                "url": known[f"notebooks/{lesson.name}.ipynb"].url,
                "exercises": [
                    (entry, _exercise_url(entry.id, lesson.name, known, headings))
                    for entry in lesson.exercises
                ],
            }
            for lesson in course.lessons()
            if lesson.tier == tier
        ]
        if entries:
            found.append({"name": name, "entries": entries})
    return found


def _exercise_url(
    id: str, lesson: str, known: dict[str, Page], headings: dict[str, list[Heading]]
) -> str:
    """The address of an exercise: its own heading on the page, which begins with its id."""
    page = known[f"exercises/{lesson}.ipynb"]
    own = (h for h in headings[page.source] if h.text.split(" ")[0] == id)
    heading = next(own, None)
    return page.url + (heading.href if heading else "")


def _style(environment: Environment) -> str:
    """The one style sheet: ours, and Pygments' colors for light and dark pages."""
    formatter: Any = HtmlFormatter
    light, dark = (
        "\n".join(formatter(style=style).get_token_style_defs(".highlight"))
        for style in (LIGHT, DARK)
    )
    return environment.get_template("style.css.j2").render(light=light, dark=dark)
