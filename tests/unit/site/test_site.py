"""The site of the lessons: what somebody who reads it would notice."""

import json
import os
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from bs4 import BeautifulSoup

from factorlab import course
from factorlab.errors import FactorLabError
from factorlab.site import cells
from factorlab.site.build import build, rendered
from factorlab.site.pages import Page, pages, target
from factorlab.site.tidy import tidy

ROOT = course.root()
NOTEBOOKS = [page.source for page in pages()]
LESSON = next(page for page in pages() if page.lesson.exercises)
KNOWN = {page.source: page for page in pages()}
LOADED = (("img", "src"), ("link", "href"), ("source", "src"), ("video", "src"), ("use", "href"))


@pytest.fixture(scope="module")
def files():
    return rendered()


@pytest.fixture(scope="module")
def soups(files):
    return {n: BeautifulSoup(t, "html.parser") for n, t in files.items() if n.endswith(".html")}


def words(text: str) -> str:
    return " ".join(text.split())


def site(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "factorlab.site"],
        env={**os.environ, "FACTORLAB_ROOT": str(root)},
        capture_output=True,
        text=True,
        check=False,
        cwd=root,
    )


@pytest.fixture
def copied(tmp_path):
    for name in ("notebooks", "exercises"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "course.toml", tmp_path)
    return tmp_path


def test_every_lesson_and_every_exercise_has_its_page(files):
    names = [page.name for kind in ("notebooks", "exercises") for page in (ROOT / kind).iterdir()]
    assert len(NOTEBOOKS) == len([name for name in names if name.endswith(".ipynb")])
    assert {source.replace(".ipynb", ".html") for source in NOTEBOOKS} < set(files)
    assert set(files) == {page.url for page in pages()} | {"index.html", "factorlab.css"}


def test_the_map_names_every_lesson_with_its_tier_time_objectives_and_exercises(soups):
    page = words(soups["index.html"].get_text())
    for lesson in course.lessons():
        assert f"{lesson.title} " in page
        assert course.TIERS[lesson.tier] in page
        assert f"{lesson.minutes} minutes" in page
        assert all(words(objective) in page for objective in lesson.objectives)
        for entry in lesson.exercises:
            assert f"{entry.id} · {entry.title} ({entry.minutes} minutes)" in page


def test_the_map_leads_to_each_exercise_itself(soups):
    links = {a.get_text().split(" ·")[0]: a["href"] for a in soups["index.html"].find_all("a")}
    for entry in course.exercises():
        assert links[entry.id].startswith(f"exercises/{entry.lesson}.html#{entry.id}-")


def test_previous_and_next_lead_through_all_pages_and_back(soups):
    def turned(name: str, rel: str) -> str | None:
        link = soups[name].find("a", rel=rel)
        return os.path.normpath(f"{name}/../{link['href']}") if link else None

    ordered = [page.url for page in pages()]
    assert [turned(name, "next") for name in ordered] == [*ordered[1:], None]
    assert [turned(name, "prev") for name in ordered] == [None, *ordered[:-1]]


def test_every_link_inside_the_site_leads_to_a_page_and_an_anchor(soups, files):
    for name, soup in soups.items():
        for link in soup.find_all("a", href=True):
            if urlsplit(link["href"]).scheme:
                continue
            path, anchor = urldefrag(link["href"])
            there = os.path.normpath(f"{name}/../{unquote(path)}") if path else name
            assert there in files, f"{name}: {link['href']}"
            if anchor:
                assert soups[there].find(id=unquote(anchor)), f"{name}: {link['href']}"


def test_no_id_is_used_twice_on_a_page(soups):
    for name, soup in soups.items():
        ids = [element["id"] for element in soup.find_all(id=True)]
        assert len(ids) == len(set(ids)), name


def test_nothing_is_loaded_from_elsewhere_and_nothing_runs(soups, files):
    for name, soup in soups.items():
        for tag, attribute in LOADED:
            for element in soup.find_all(tag):
                source = str(element.get(attribute, ""))
                assert not urlsplit(source).netloc, f"{name}: {source}"
        assert not soup.find_all(["script", "iframe", "object", "embed", "base"]), name
        handlers = [a for e in soup.find_all(True) for a in e.attrs if a.startswith("on")]
        assert not handlers, name
        styles = [str(e["style"]) for e in soup.find_all(style=True)]
        styles += [element.get_text() for element in soup.find_all("style")]
        assert not [s for s in styles if "url(" in s or "@import" in s], name
    assert "url(" not in files["factorlab.css"] and "@import" not in files["factorlab.css"]


def test_what_a_lesson_printed_and_showed_is_on_its_page(soups):
    for page in pages():
        there = words(soups[page.url].get_text())
        for cell in json.loads((ROOT / page.source).read_text())["cells"]:
            for output in cell.get("outputs", ()):
                data = output.get("data", {})
                if "text/html" in data:
                    html = BeautifulSoup("".join(data["text/html"]), "html.parser")
                    assert words(html.get_text()) in there, cell["id"]
                elif "text/plain" in data and len(data) == 1:
                    assert words("".join(data["text/plain"])) in there, cell["id"]
                for line in "".join(output.get("text", "")).splitlines():
                    assert words(line) in there, cell["id"]


def test_the_indentation_of_code_side_by_side_is_kept():
    row = "<td>    <span>return</span> 1</td>"
    assert row in body(f'<div class="output"><table><tr>{row}</tr></table></div>')


def test_the_text_and_the_code_of_every_cell_are_on_its_page(soups):
    for page in pages():
        there = words(soups[page.url].get_text())
        for cell in json.loads((ROOT / page.source).read_text())["cells"]:
            if cell["cell_type"] == "code":
                for line in "".join(cell["source"]).splitlines():
                    assert words(line) in there, cell["id"]


def test_a_page_has_a_language_a_title_a_skip_link_and_headings_in_order(soups):
    for name, soup in soups.items():
        assert soup.html["lang"] == "en"
        assert soup.title.get_text().endswith("Factor Lab")
        first = soup.body.find("a")
        assert first["href"] == "#content" and soup.find("main", id="content")
        levels = [int(h.name[1]) for h in soup.find_all(re.compile(r"^h[1-6]$"))]
        assert levels[0] == 1 and levels.count(1) == 1, name
        assert all(b <= a + 1 for a, b in pairwise(levels)), name
        assert all(image.get("alt") for image in soup.find_all("img")), name


def test_a_page_has_a_table_of_its_contents(soups):
    for page in pages():
        soup = soups[page.url]
        wanted = [h.get_text() for h in soup.main.find_all(["h2", "h3"])]
        for contents in soup.find_all("nav", {"aria-label": "On this page"}):
            assert [a.get_text() for a in contents.find_all("a")] == wanted


def test_what_scrolls_sideways_can_be_reached_with_the_keyboard(soups):
    for soup in soups.values():
        for element in soup.find_all(style=re.compile("overflow-x:auto")):
            assert element["tabindex"] == "0" and element["aria-label"]


def test_a_file_of_an_answer_is_named_and_colored_as_what_it_is(soups):
    soup = soups[f"exercises/{LESSON.lesson.name}.html"]
    heads = {head.get_text(): head.parent for head in soup.find_all("p", class_="file")}
    dockerfile = next(box for head, box in heads.items() if head.endswith("/Dockerfile"))
    python = next(box for head, box in heads.items() if head.endswith("/app.py"))
    assert dockerfile.find("span", class_="k", string="FROM")
    assert python.find("span", class_="kn", string="import")
    assert not soup.find("span", class_="err")


def body(html: str, source: str = "notebooks/00-start-here.ipynb") -> str:
    return tidy(html, KNOWN[source], KNOWN)[0]


@pytest.mark.parametrize(
    ("href", "found"),
    [
        ("01-config.ipynb", "01-config.html"),
        ("../exercises/01-config.ipynb", "../exercises/01-config.html"),
        ("01-config.ipynb#The-claim", "01-config.html#The-claim"),
        ("#The-claim", "#The-claim"),
        ("https://12factor.net/config", "https://12factor.net/config"),
        ("../solutions/01-config.ipynb", None),
        ("../docs/SECURITY.md", None),
        ("../../elsewhere.ipynb", None),
        ("http://127.0.0.1:8888/lab", None),
        ("javascript:alert(1)", None),
        ("//example.com/x", None),
    ],
)
def test_where_a_link_leads(href, found):
    assert target(href, KNOWN["notebooks/00-start-here.ipynb"], KNOWN) == found


def test_a_link_that_leads_nowhere_becomes_text_that_says_where_it_led():
    link = '<p>See <a href="../docs/SECURITY.md">what keeps it safe</a>.</p>'
    assert body(link) == "<p>See what keeps it safe (docs/SECURITY.md).</p>"
    assert body('<a href="http://localhost:1/x">http://localhost:1/x</a>') == "http://localhost:1/x"


def test_an_output_that_brings_a_script_or_a_handler_loses_it():
    html = body('<p onclick="x()">kept</p><script src="https://example.com/x.js">gone()</script>')
    assert html == "<p>kept</p>"


def test_an_image_of_the_course_is_part_of_the_page_and_a_strange_one_is_its_words():
    assert 'src="data:image/png;base64,' in body('<img src="../docs/lesson-01.png" alt="A page">')
    assert body('<p><img src="https://example.com/x.png" alt="A plot"></p>') == "<p>A plot</p>"
    assert body('<p><img src="../../../etc/hostname" alt="No"></p>') == "<p>No</p>"


def test_headings_skip_no_level_and_two_of_the_same_words_differ_in_their_id():
    html, headings = tidy("<h1>A</h1><h4>B c</h4><h4>B c</h4><h1>D</h1>", LESSON, KNOWN)
    assert [(h.level, h.id) for h in headings] == [(1, "A"), (2, "B-c"), (3, "B-c-2"), (2, "D")]
    assert '<h3 id="B-c-2">' in html


def output_of(**data) -> cells.Output:
    import nbformat.v4 as v4

    output = v4.new_output("display_data", {k.replace("__", "/"): v for k, v in data.items()})
    cell = v4.new_code_cell("x", outputs=[output])
    return cells.cells(v4.new_notebook(cells=[cell]))[0].outputs[0]


WIDGET = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}}


def test_a_widget_is_told_by_its_twin():
    shown = output_of(**WIDGET, text__html="<b>3 of 4</b>", text__plain="3 of 4")
    assert shown == cells.Output("html", "<b>3 of 4</b>")
    assert output_of(**WIDGET, text__plain="<4>") == cells.Output("text", "&lt;4&gt;")


def test_a_plot_is_an_image_with_words():
    figure = "<Figure size 640x480 with 1 Axes>"
    shown = output_of(image__png="aGk=", text__plain=figure)
    assert shown.html == '<img src="data:image/png;base64,aGk=" alt="Plot of the cell above.">'
    told = output_of(**{"image__svg+xml": "<svg/>"}, text__plain='"Stops" by second')
    assert told.html.startswith('<img src="data:image/svg+xml;base64,')
    assert 'alt="&quot;Stops&quot; by second"' in told.html


def test_built_twice_it_is_the_same_to_the_byte_and_says_where_it_is(copied, files):
    run = site(copied)
    assert run.returncode == 0, run.stderr
    assert str(copied / "site" / "index.html") in run.stdout
    for file, text in files.items():
        assert (copied / "site" / file).read_bytes() == text.encode(), file


def test_the_page_of_a_lesson_that_is_gone_goes_too(tmp_path, files, monkeypatch):
    monkeypatch.setattr("factorlab.site.build.rendered", lambda: files)
    stale = tmp_path / "notebooks" / "99-gone.html"
    stale.parent.mkdir()
    stale.touch()
    (tmp_path / "factorlab.css").touch()
    assert build(tmp_path).is_file()
    assert not stale.exists()


def test_a_folder_that_is_no_site_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(FactorLabError, match="is not a site of the course"):
        build(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_broken_notebook_is_named_in_plain_words_and_nothing_is_written(copied):
    (copied / LESSON.source).write_text('{"cells": [')
    run = site(copied)
    assert run.returncode == 1
    assert run.stderr.startswith(f"{LESSON.source} is not a notebook.")
    assert "Next: " in run.stderr and "Traceback" not in run.stderr
    assert not (copied / "site").exists()


@pytest.mark.parametrize("text", ["", "[]", '{"nbformat": 4}', '{"nbformat": 4, "cells": 1}', None])
def test_what_is_no_notebook_is_refused(tmp_path, monkeypatch, text):
    monkeypatch.setattr(course, "root", lambda: tmp_path)
    if text is not None:
        (tmp_path / "x.ipynb").write_text(text)
    with pytest.raises(FactorLabError, match=r"x\.ipynb is not (a notebook|there)\."):
        cells.read("x.ipynb")


def test_a_page_knows_its_place():
    page = Page(LESSON.lesson, "exercises/01-config.ipynb")
    assert page.to("index.html") == "../index.html"
    assert page.to("exercises/02-x.html") == "02-x.html"
