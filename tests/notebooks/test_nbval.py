"""nbval's weak spots (GRADERS.md 3.3) are failures under our settings, and quickly so."""

import time

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from validate import Invalid, validate

pytestmark = pytest.mark.part("start")
CELL_SECONDS = 3


def notebook(folder, *sources, outputs=()):
    cells = [new_code_cell(source, execution_count=1) for source in sources]
    for cell, text in zip(cells, outputs, strict=False):
        cell.outputs = [new_output("stream", name="stdout", text=text)] if text else []
    path = folder / "fixture.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return path


def outcomes(path, **options):
    return [cell.outcome for cell in validate(path, cell_seconds=CELL_SECONDS, **options)]


def test_outputs_are_compared_and_a_skipped_cell_is_not_a_passed_one(tmp_path):
    sources = ["print(1)", "print(2)", "# NBVAL_SKIP\nraise ValueError"]
    path = notebook(tmp_path, *sources, outputs=["1\n", "1\n", ""])
    assert outcomes(path) == ["passed", "failed", "skipped"]


def test_a_hung_cell_fails_at_the_cell_time_out(tmp_path):
    began = time.monotonic()
    assert outcomes(notebook(tmp_path, "while True: pass", "x = 1"))[0] == "failed"
    assert time.monotonic() - began < 60


def test_a_hung_cell_that_swallows_the_interrupt_fails(tmp_path):
    stubborn = "while True:\n    try:\n        while True: pass\n    except KeyboardInterrupt: pass"
    assert outcomes(notebook(tmp_path, stubborn))[0] == "failed"


def test_a_notebook_that_takes_too_long_in_all_is_invalid(tmp_path):
    with pytest.raises(Invalid, match="did not end within 2 s"):
        validate(notebook(tmp_path, "while True: pass"), total_seconds=2)


def test_a_dead_kernel_fails_before_the_cell_time_out(tmp_path):
    path = notebook(tmp_path, "import os; os._exit(0)", "x = 1")
    cells = validate(path, cell_seconds=600, total_seconds=100)
    assert [cell.outcome for cell in cells] == ["failed", "failed"]
    assert "died" in cells[0].message


def test_a_silenced_traceback_fails(tmp_path):
    path = notebook(
        tmp_path,
        "%no_such_magic",
        "get_ipython().set_custom_exc((ValueError,), lambda *a, **k: None)\nraise ValueError",
        "get_ipython().showtraceback = lambda *a, **k: None\nraise KeyError",
    )
    assert outcomes(path, compare=False) == ["failed", "failed", "failed"]


def test_an_unreadable_notebook_is_invalid(tmp_path):
    path = tmp_path / "broken.ipynb"
    path.write_text('{"cells": [')
    with pytest.raises(Invalid):
        validate(path)
