"""What one does with a notebook in JupyterLab: menus, running, looking, pictures."""

import os
import re
from pathlib import Path

from playwright.sync_api import TimeoutError

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


def wait_for_kernel(page):
    """Wait until the notebook's kernel is idle. On a busy machine JupyterLab gives up its first
    connection to a kernel that is still starting; opening the page again connects anew."""
    for _ in range(3):
        try:
            page.wait_for_selector(
                '.jp-Notebook-ExecutionIndicator[data-status="idle"]', timeout=30_000
            )
            return
        except TimeoutError:
            page.reload()
    raise AssertionError("the notebook's kernel did not become idle")


def menu(page, *path):
    """Click through JupyterLab's menus."""
    page.locator(".lm-MenuBar-itemLabel", has_text=path[0]).first.click()
    for label in path[1:]:
        page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{label}$")).first.click()


def run_all(page, seconds):
    """Forget the stored outputs, run all cells, and wait until each code cell has a number and
    the kernel is idle."""
    menu(page, "Edit", "Clear Outputs of All Cells")
    page.wait_for_function(
        "() => !/\\[\\d+\\]/.test(document.querySelector('.jp-Notebook').innerText)"
    )
    menu(page, "Run", "Run All Cells")
    page.wait_for_function(
        """() => {
            const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputArea-prompt')];
            const idle = document.querySelector(
                '.jp-Notebook-ExecutionIndicator[data-status="idle"]');
            return idle && prompts.length && prompts.every(p => /\\[\\d+\\]/.test(p.innerText));
        }""",
        timeout=seconds * 1000,
    )


def screenshot(page, name):
    """Keep a picture of the window as a test artifact."""
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"{name}.png")
