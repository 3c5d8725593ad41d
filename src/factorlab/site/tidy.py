"""The body of a page made fit for a site: links, headings, images; no script and no strangers."""

import base64
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from bs4 import BeautifulSoup, Tag

from factorlab import course
from factorlab.site.pages import Page, in_course, target

UNWANTED = ("script", "noscript", "link", "meta", "base", "iframe", "object", "embed", "form")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(frozen=True)
class Heading:
    """A heading of a page, for its table of contents."""

    level: int
    id: str
    text: str

    @property
    def href(self) -> str:
        return "#" + quote(self.id)


def tidy(html: str, page: Page, known: Mapping[str, Page]) -> tuple[str, list[Heading]]:
    """The body as a page of the site can hold it, and its headings in order."""
    # Beautiful Soup makes the indentation of code one space, except in the elements named here.
    soup = BeautifulSoup(html, "html.parser", preserve_whitespace_tags={"div", "pre", "textarea"})
    _disarm(soup)
    for link in soup.find_all("a", href=True):
        _link(link, page, known)
    for image in soup.find_all("img"):
        _image(soup, image, page)
    for table in soup.select(".prose table"):
        table.wrap(soup.new_tag("div", attrs={"style": "overflow-x:auto"}))
    _scrollable(soup)
    headings = _headings(soup)
    return str(soup), headings


def _disarm(soup: BeautifulSoup) -> None:
    """Remove what runs or loads: a page is read, and what an output brought along is data."""
    for element in soup.find_all(UNWANTED):
        element.decompose()
    for element in soup.find_all(True):
        for name in [name for name in element.attrs if name.lower().startswith("on")]:
            del element.attrs[name]


def _link(link: Tag, page: Page, known: Mapping[str, Page]) -> None:
    """Lead a link to the page of its notebook, or make it text that says where it led."""
    href = str(link["href"])
    found = target(href, page, known)
    if found is not None:
        link["href"] = found
        return
    url = urlsplit(href)
    if not url.scheme and not url.netloc:
        place = in_course(url.path, page)
        if place not in link.get_text():
            link.append(f" ({place})")
    link.unwrap()


def _image(soup: BeautifulSoup, image: Tag, page: Page) -> None:
    """Put an image of the course into the page; of any other, only its words stay."""
    source, alt = str(image.get("src", "")), str(image.get("alt", ""))
    image["alt"] = alt
    if source.startswith("data:"):
        return
    url = urlsplit(source)
    path = (course.root() / in_course(url.path, page)).resolve()
    inside = path.is_relative_to(course.root().resolve())
    if url.scheme or url.netloc or not inside or not path.is_file():
        image.replace_with(alt)
        return
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    image["src"] = f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


def _scrollable(soup: BeautifulSoup) -> None:
    """What scrolls sideways must be reachable with the keyboard, and have a name."""
    wide = [e for e in soup.find_all(style=True) if "overflow-x:auto" in str(e["style"])]
    for number, element in enumerate(wide, 1):
        element.attrs |= {"tabindex": "0", "role": "region", "aria-label": f"Table {number}"}


def _headings(soup: BeautifulSoup) -> list[Heading]:
    """Give each heading an id, as JupyterLab spells it, and a level that skips none."""
    found: list[Heading] = []
    ids = {str(element["id"]) for element in soup.find_all(id=True)}
    for element in soup.find_all(HEADINGS):
        text = " ".join(element.get_text().split())
        level = min(int(element.name[1]), found[-1].level + 1) if found else 1
        level = max(level, 2) if found else level
        element.name = f"h{level}"
        id, number = text.replace(" ", "-"), 1
        while id in ids:
            number += 1
            id = f"{text.replace(' ', '-')}-{number}"
        ids.add(id)
        element["id"] = id
        found.append(Heading(level, id, text))
    return found
