"""The one place from which nbval is called: with our settings, in a process of its own."""

import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

import nbformat

HERE = Path(__file__).parent
KERNEL_START_SECONDS = 60


@dataclass(frozen=True)
class Cell:
    """What became of one code cell: `passed`, `failed` or `skipped`, and nbval's words."""

    id: str
    outcome: str
    message: str = ""


class Invalid(Exception):
    """nbval could not test the notebook at all."""


def validate(
    notebook: Path, *, compare: bool = True, cell_seconds: int = 300, total_seconds: int = 1500
) -> list[Cell]:
    """Run a notebook under nbval and tell the fate of each code cell, in order.

    With `compare`, stored outputs must match. Raises Invalid for a notebook that cannot be read
    or does not end within `total_seconds`, and when a code cell has no result.
    """
    report = Path(os.environ["FACTORLAB_WORK"]) / f"{notebook.parent.name}-{notebook.stem}.xml"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    command = [
        sys.executable,
        "-m",
        "pytest",
        str(notebook),
        "-q",
        "-c",
        os.devnull,
        f"--rootdir={notebook.parent}",
        "--noconftest",
        "-p",
        "strict",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "--nbval" if compare else "--nbval-lax",
        "--nbval-current-env",
        f"--nbval-cell-timeout={cell_seconds}",
        f"--nbval-kernel-startup-timeout={KERNEL_START_SECONDS}",
        f"--junitxml={report}",
    ]
    with tempfile.TemporaryDirectory(prefix="factorlab-fresh-") as fresh:
        environment = {
            **os.environ,
            "NO_COLOR": "1",
            "PYTHONPATH": os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH")])),
            "FACTORLAB_WORK": fresh,  # as on the first day: no progress, nothing predicted
        }
        environment.pop("PYTEST_ADDOPTS", None)
        try:
            run = subprocess.run(
                command,
                env=environment,
                capture_output=True,
                text=True,
                timeout=total_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Invalid(f"{notebook.name} did not end within {total_seconds} s") from error
    if run.returncode not in (0, 1) or not report.is_file():
        raise Invalid(f"{notebook.name} could not be tested:\n{run.stdout[-2000:]}")
    return _cells(notebook, report, run.stdout)


def _cells(notebook: Path, report: Path, output: str) -> list[Cell]:
    code = [
        cell for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"
    ]
    cases = list(ET.parse(report).getroot().iter("testcase"))
    if len(cases) != len(code):
        raise Invalid(f"{len(cases)} of {len(code)} code cells have a result:\n{output[-2000:]}")
    return [_cell(cell["id"], case) for cell, case in zip(code, cases, strict=True)]


def _cell(id: str, case: ET.Element) -> Cell:
    for tag, outcome in (("failure", "failed"), ("error", "failed"), ("skipped", "skipped")):
        if (found := case.find(tag)) is not None:
            return Cell(id, outcome, found.text or found.get("message", ""))
    return Cell(id, "passed")
