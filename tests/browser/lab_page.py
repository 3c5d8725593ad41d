"""What one does with a notebook in JupyterLab: menus, running, looking, pictures."""

import os
import re
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import TimeoutError, expect

from factorlab import course

ARTIFACTS = Path(os.environ.get("FACTORLAB_ARTIFACTS") or course.root() / "artifacts")

LEAST_CONTRAST = """element => {
    const parse = color => (color.match(/[\\d.]+/g) || []).map(Number);
    const light = ([r, g, b]) => {
        const part = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
        return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
    };
    const paper = node => {
        for (; node; node = node.parentElement) {
            const color = parse(getComputedStyle(node).backgroundColor);
            if (color.length === 3 || color[3] > 0) return color;
        }
        return [255, 255, 255];
    };
    let least = 21;
    for (const node of element.querySelectorAll('*')) {
        const own = [...node.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
        if (!own) continue;
        const [a, b] = [light(parse(getComputedStyle(node).color)), light(paper(node))];
        least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
    }
    return least;
}"""
"""The smallest contrast of any text with what is behind it, as WCAG counts it (4.5 is legible)."""


IDLE = '.jp-Notebook-ExecutionIndicator[data-status="idle"]'
CONNECTED = f"""() => document.querySelector('{IDLE}')
    && !document.body.innerText.includes('No Kernel')"""


def open_with_kernel(page, address):
    """Open a notebook and wait until its kernel is idle. A Chromium that hears of changes to the
    machine's networks (see unmoved.py) may drop what it is just connecting; JupyterLab may then
    stay without a kernel, or drop the notebook from its address. Opening it again connects anew."""
    for _ in range(4):
        page.goto(address)
        try:
            page.wait_for_function(CONNECTED, timeout=30_000)
            page.wait_for_timeout(500)  # long enough to be lost
            if page.evaluate(CONNECTED):
                return
        except TimeoutError:
            continue
    raise AssertionError(f"the notebook's kernel did not become idle; the page is now {page.url}")


def close_dialog(dialog):
    """Close JupyterLab's word on a lost connection, unless it has closed it by itself."""
    with suppress(TimeoutError):
        dialog.locator("button").last.click(timeout=2_000)


def menu(page, *path):
    """Click through JupyterLab's menus."""
    page.locator(".lm-MenuBar-itemLabel", has_text=path[0]).first.click()
    for label in path[1:]:
        page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{label}$")).first.click()


PROMPTS = "[...document.querySelectorAll('.jp-CodeCell .jp-InputArea-prompt')]"
ALL_RAN = f"""() => document.querySelector('{IDLE}')
    && {PROMPTS}.every(p => /\\[\\d+\\]/.test(p.innerText))"""
BEGUN = f"() => {PROMPTS}.some(p => /\\[[*\\d]+\\]/.test(p.innerText))"


def cell(page, text):
    """The notebook cell with this text in its source."""
    return (
        page.locator(".jp-Notebook-cell")
        .filter(has=page.locator(".jp-InputArea, .jp-MarkdownOutput", has_text=text))
        .first
    )


def run_all(page, seconds):
    """Forget the stored outputs, run all cells, and wait until each code cell has a number and
    the kernel is idle."""
    forget(page)
    begin(page, lambda: menu(page, "Run", "Run All Cells"))
    page.wait_for_function(ALL_RAN, timeout=seconds * 1000)


def begin(page, run):
    """Do what makes cells run. While JupyterLab is still connecting to a new kernel it may lose
    what it was told to run; then it is told again, as anybody would."""
    for _ in range(5):
        try:
            run()
            page.wait_for_function(BEGUN, timeout=4_000)
            page.wait_for_timeout(500)  # long enough to be lost
            if page.evaluate(BEGUN):
                return
        except (TimeoutError, AssertionError):
            continue
    raise AssertionError("no cell began to run")


def forget(page):
    """Remove all outputs and numbers."""
    menu(page, "Edit", "Clear Outputs of All Cells")
    page.wait_for_function(f"() => {PROMPTS}.every(p => !/\\d/.test(p.innerText))")


def run_down_to(page, text, seconds):
    """Forget the stored outputs and run all cells down to the code cell with this text, which
    must not be the first."""
    forget(page)
    last = cell(page, text)
    last.locator(".jp-InputArea-prompt").click()
    begin(page, lambda: menu(page, "Run", "Run All Above Selected Cell"))
    page.keyboard.press("Control+Enter")
    ran(last, seconds)


def ran(cell, seconds):
    """Wait until a cell has run."""
    expect(cell.locator(".jp-InputArea-prompt")).to_have_text(
        re.compile(r"\[\d+\]"), timeout=seconds * 1000
    )


def screenshot(page, name):
    """Keep a picture of the window as a test artifact."""
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"{name}.png")


AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
OURS = (".jp-OutputArea-output", ".jp-RenderedMarkdown")


def barriers(page):
    """What axe-core finds in the course's own part of the page that is serious or critical: rule
    and the markup that breaks it."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "ours => axe.run({include: ours.map(o => [o])}, {resultTypes: ['violations']})",
        [ours for ours in OURS if page.locator(ours).count()],
    )
    return [
        (violation["id"], node["html"][:200], node["failureSummary"])
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
