"""Which notebook becomes which page, in the order in which they are read."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from factorlab import course
from factorlab.course import Lesson

HERE_ONLY = ("localhost", "127.0.0.1", "0.0.0.0", "::1")
"""Hosts of links that led somewhere only while the notebook ran."""


@dataclass(frozen=True)
class Page:
    """One notebook on the site; `source` is its path in the course, such as notebooks/01-config.ipynb.

    A page lies where its notebook lies, so that a link from one to another changes its ending only.
    """

    lesson: Lesson
    source: str

    @property
    def url(self) -> str:
        return self.source.removesuffix(".ipynb") + ".html"

    @property
    def is_exercise(self) -> bool:
        return self.source.startswith("exercises/")

    def to(self, url: str) -> str:
        """The relative address of another file of the site."""
        return quote(posixpath.relpath(url, posixpath.dirname(self.url)))


def pages() -> tuple[Page, ...]:
    """All pages in reading order: each lesson is followed by its exercises."""
    found = []
    for lesson in course.lessons():
        found.append(Page(lesson, f"notebooks/{lesson.name}.ipynb"))
        if lesson.exercises:
            found.append(Page(lesson, f"exercises/{lesson.name}.ipynb"))
    return tuple(found)


def target(href: str, page: Page, known: Mapping[str, Page]) -> str | None:
    """Where a link of a notebook leads on the site; None when a reader cannot follow it there."""
    url = urlsplit(href)
    if url.scheme in ("http", "https"):
        return None if url.hostname in HERE_ONLY else href
    if url.scheme or url.netloc:
        return href if url.scheme == "mailto" else None
    if not url.path:
        return href
    other = known.get(in_course(url.path, page))
    if other is None:
        return None
    return page.to(other.url) + (f"#{url.fragment}" if url.fragment else "")


def in_course(path: str, page: Page) -> str:
    """A path that is relative to a notebook, counted from the folder of the course."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page.source), unquote(path)))
