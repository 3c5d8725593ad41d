"""Answers are files. Where they lie, what the starter was, and lifting them out of a notebook.

Nothing here runs an answer. A notebook is read as data: only the text of cells that begin with
`%%answer` counts, the last one for each file.
"""

import json
import re
from collections.abc import Container, Mapping
from pathlib import Path
from typing import Any

from factorlab import course
from factorlab.errors import FactorLabError, Refused
from factorlab.workspace import is_file_name, write_whole

NOTEBOOK_BYTES = 20_000_000
ANSWER_HEAD = re.compile(r"^%%answer[ \t]+(\S+)[ \t]*$")
_BLANK_LINES = re.compile(r"\A(?:[ \t]*\n)+")
SKIPPED = ("__pycache__", ".copies", ".git", ".venv", ".ipynb_checkpoints")
"""Folders that are no part of an answer."""
_EDITORS_OWN = re.compile(r".*~|#.*#|\.#.*|\..*\.sw[a-z]|4913|\..*\.part")
"""Backups, locks and swap files of Emacs and Vim, and our own files before they are whole."""

Answers = dict[str, dict[str, str]]
"""Exercise id -> file name -> text."""


def split_name(line: str, own: Container[str] = ()) -> tuple[str, str]:
    """`III-1/app.py` as exercise and file. `own` are ids of exercises that are not in the course.
    Raises Refused for a path that leaves the exercise."""
    name = line.strip()
    exercise, _, file = name.partition("/")
    if not exercise or not is_file_name(file):
        raise Refused(
            f"'{name}' is not the name of an answer.",
            next="write the exercise and the file, for instance: %%answer III-1/app.py",
        )
    if exercise not in own:
        course.exercise(exercise)
    return exercise, file


def folder(exercise: str) -> Path:
    """Where the answer to an exercise lies on this machine."""
    return course.work() / exercise


def save(exercise: str, file: str, text: str) -> Path:
    """Write one file of an answer; a reader never sees half of it."""
    path = folder(exercise) / file
    write_whole(path, text if text.endswith("\n") or not text else text + "\n")
    return path


def load(exercise: str) -> dict[str, str]:
    """The answer's files as they lie in its folder; the starter's for those that are not there."""
    return {**course.starter(exercise), **read_folder(folder(exercise))}


def read_folder(path: Path) -> dict[str, str]:
    """The text files of a folder, by relative name; copies, caches, verdicts and what an editor
    lays beside a file that is open in it left out."""
    return {
        file.relative_to(path).as_posix(): file.read_text(encoding="utf-8", errors="replace")
        for file in sorted(path.rglob("*"))
        if file.is_file() and not file.is_symlink() and not _is_beside(file.relative_to(path))
    }


def _is_beside(file: Path) -> bool:
    return any(part in SKIPPED for part in file.parts) or bool(_EDITORS_OWN.fullmatch(file.name))


def untouched(files: Mapping[str, str], handed_out: Mapping[str, str]) -> bool:
    """Whether an answer is the starter, apart from blank space at the ends of lines and files;
    files that it lacks are the starter's."""
    return _bare({**handed_out, **files}) == _bare(handed_out)


def _bare(files: Mapping[str, str]) -> dict[str, list[str]]:
    return {
        name: [line.rstrip() for line in text.rstrip().splitlines()] for name, text in files.items()
    }


def lift(path: Path) -> Answers:
    """The answers in a notebook, read as data. Raises FactorLabError, with the reason, for a file
    that is not a notebook, and Refused for a name that is not one of an answer."""
    try:
        if path.stat().st_size > NOTEBOOK_BYTES:
            raise _not_a_notebook(path.name, f"larger than {NOTEBOOK_BYTES:,} bytes")
        content = path.read_bytes()
    except OSError as error:
        raise _not_a_notebook(path.name, str(error)) from error
    found, refused = lift_text(path.name, content)
    if refused:
        raise refused[0]
    return found


def lift_text(
    name: str, content: bytes, own: Container[str] = ()
) -> tuple[Answers, list[FactorLabError]]:
    """The answers in the bytes of a notebook called `name`, and what was refused of them; `own`
    are ids of exercises that are not in the course. Raises FactorLabError when it is not a notebook."""
    try:
        notebook = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _not_a_notebook(name, str(error)) from error
    try:
        sources = [_source(cell) for cell in notebook["cells"] if cell.get("cell_type") == "code"]
    except (KeyError, TypeError, AttributeError) as error:
        raise _not_a_notebook(name, "it has no list of cells with their text") from error
    found: Answers = {}
    refused: list[FactorLabError] = []
    for source in sources:
        head, _, body = source.partition("\n")
        if match := ANSWER_HEAD.match(head):
            try:
                exercise, file = split_name(match[1], own)
            except FactorLabError as error:
                refused.append(error)
                continue
            found.setdefault(exercise, {})[file] = body if body.endswith("\n") else body + "\n"
    return found, refused


def _not_a_notebook(name: str, why: str) -> FactorLabError:
    return FactorLabError(
        f"{name} cannot be read as a notebook.",
        why=why[:200],
        next="open it in JupyterLab and save it again, or hand in the original file.",
    )


def _source(cell: Mapping[str, Any]) -> str:
    """The text of a cell as the kernel would see it: blank lines before a magic do not count. What
    is not a character (half of a surrogate pair) becomes a question mark."""
    source = cell["source"]
    text = source if isinstance(source, str) else "".join(source)
    text = text.replace("\r\n", "\n").encode(errors="replace").decode()
    return _BLANK_LINES.sub("", text)
