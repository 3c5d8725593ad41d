"""The learner's copy of the course: all that is needed to take it, and nothing that solves it."""

import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any

import nbformat

from factorlab import course
from factorlab.errors import FactorLabError
from factorlab.grading.catalogue import Catalogue
from factorlab.questions.spec import Spec

TAKEN = (
    "apps",
    "exercises",
    "images",
    "notebooks",
    "src",
    "course.toml",
    "environment.yml",
    "LICENSE",
    "Makefile",
    "pyproject.toml",
    "requirements.txt",
    "requirements-dev.txt",
)
"""Of the course's root. Solutions, judged answers, tests and history stay where they are."""
LEFT_OUT = shutil.ignore_patterns(
    "__pycache__", ".*", "*.egg-info", "*.pyc", "node_modules", "artifacts"
)
MADE = {
    "README.md": "learner-readme.md",
    ".gitignore": "learner-gitignore",
    ".github/workflows/grade.yml": "grade.yml",
    ".gitlab-ci.yml": "gitlab-ci.yml",
}
"""Written anew: name in the copy -> our text for it."""


def release(folder: Path, catalogue: Catalogue | None = None, learner: str = "") -> list[str]:
    """Write the learner's copy into a new or empty folder; returns the names at its top. It gets
    a notebook for each exercise that is the catalogue's own, with this learner's parameters.
    Raises FactorLabError when the folder holds something, or the disk refuses."""
    ours = catalogue or Catalogue()
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise FactorLabError(
                f"{folder} is not an empty folder.",
                why="A copy that is already in use would be mixed with the new one.",
                next="name a folder that is not there yet.",
            )
        folder.mkdir(parents=True, exist_ok=True)
        for name in TAKEN:
            source = course.root() / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=LEFT_OUT)
            else:
                shutil.copyfile(source, folder / name)
        for name, template in MADE.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            text = (files("factorlab.grading") / "templates" / template).read_text(encoding="utf-8")
            target.write_text(text, encoding="utf-8")
        for id in ours.own:
            text = _as_text(_notebook(ours.spec(id, learner)))
            (folder / "exercises" / f"{id}.ipynb").write_text(text, encoding="utf-8")
    except OSError as error:
        raise FactorLabError(
            f"{folder} could not be written.",
            why=str(error),
            next="check that the folder is yours and that the disk has room.",
        ) from error
    return sorted(path.name for path in folder.iterdir())


def _as_text(notebook: Any) -> str:
    written: Any = nbformat.writes
    return f"{written(notebook)}\n"


def _notebook(spec: Spec) -> Any:
    """A notebook with the starter of an exercise: a cell for each file, to be changed."""
    v4: Any = nbformat.v4
    tasks = "\n".join(f"- {task.title} ({task.points} points)" for task in spec.tasks)
    head = v4.new_markdown_cell(
        f"# {spec.id} · {spec.title}\n\nEach cell below is a file. Change them, save the notebook, "
        f"and hand it in; there is nothing to run. It is judged by what your app does:\n\n{tasks}",
        id="head",
    )
    cells = [
        v4.new_code_cell(f"%%answer {spec.id}/{name}\n{text}", id=f"file-{number}")
        for number, (name, text) in enumerate(spec.starter.items(), 1)
    ]
    return v4.new_notebook(cells=[head, *cells])
