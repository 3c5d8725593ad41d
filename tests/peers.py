"""nbgrader and otter-grader on an exercise with three tasks: seconds a submission. They are
installed by `make bench` in an environment of their own, from tests/peers.txt."""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

ANSWER = '''\
import os


class Settings:
    """What the environment says, read anew each time."""

    def __init__(self, env=os.environ):
        self.env = env

    def url(self):
        return self.env["DATABASE_URL"]

    def greeting(self):
        return self.env.get("GREETING", "Hello")
'''
TASKS = {
    "reads": ('assert Settings({"DATABASE_URL": "a"}).url() == "a"', 1),
    "survives": (
        'env = {"DATABASE_URL": "a"}\nread = Settings(env)\nenv["DATABASE_URL"] = "b"\n'
        'assert read.url() == "b"',
        3,
    ),
    "default": ('assert Settings({}).greeting() == "Hello"', 2),
}
CONFIG = 'c = get_config()\nc.CourseDirectory.course_id = "bench"\n'


def cell(id: str, text: str, kind: str = "code", **metadata: object) -> dict[str, object]:
    """A cell of a notebook file."""
    more = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "id": id, "source": text, "metadata": metadata, **more}


def notebook(*cells: dict[str, object]) -> str:
    """A notebook file of these cells."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps(
        {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    )


def ran(peers: Path, folder: Path, *words: str) -> float:
    """Run a command of that environment; how long it took. Raises OSError or RuntimeError."""
    began = time.perf_counter()
    command = [str((peers / "bin" / words[0]).absolute()), *words[1:]]
    env = {
        **os.environ,
        "PYTHONPATH": "",
        "HOME": str(folder),
        "PATH": f"{(peers / 'bin').absolute()}{os.pathsep}{os.environ['PATH']}",
        "JUPYTER_PREFER_ENV_PATH": "1",
    }
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no output").splitlines()[-1]
        raise RuntimeError(f"{words[0]} ended with {done.returncode}: {last}")
    return time.perf_counter() - began


def nbgrader(peers: Path, place: Path, size: int) -> float:
    """`autograde` and `generate_feedback` of `size` submissions, in one command each."""
    folder = place / "nbgrader"
    (folder / "source" / "ps1").mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(CONFIG)
    common = {"schema_version": 3, "locked": False, "task": False}
    solution = {**common, "grade": False, "solution": True, "grade_id": "answer"}
    marked = f"### BEGIN SOLUTION\n{ANSWER}### END SOLUTION\n"
    tests = [
        cell(
            name,
            text,
            nbgrader={
                **common,
                "grade": True,
                "solution": False,
                "locked": True,
                "points": points,
                "grade_id": name,
            },
        )
        for name, (text, points) in TASKS.items()
    ]
    source = folder / "source" / "ps1" / "ps1.ipynb"
    source.write_text(notebook(cell("answer", marked, nbgrader=solution), *tests))
    ran(peers, folder, "nbgrader", "generate_assignment", "ps1", "--create")
    handed_out = json.loads((folder / "release" / "ps1" / "ps1.ipynb").read_text())
    handed_out["cells"][0]["source"] = ANSWER
    for number in range(size):
        submitted = folder / "submitted" / f"s{number:02}" / "ps1"
        submitted.mkdir(parents=True)
        (submitted / "ps1.ipynb").write_text(json.dumps(handed_out))
    spent = ran(peers, folder, "nbgrader", "autograde", "ps1", "--create")
    spent += ran(peers, folder, "nbgrader", "generate_feedback", "ps1")
    pages = list(folder.glob("feedback/*/ps1/ps1.html"))
    if len(pages) != size:
        raise RuntimeError(f"nbgrader graded {len(pages)} of {size}")
    return spent / size


def otter(peers: Path, place: Path, size: int) -> float:
    """`otter run` of each submission, a process each, as it is made for. (`otter grade` is its
    way with containers; it builds an image of some gigabytes from the network.)"""
    folder = place / "otter"
    (folder / "subs").mkdir(parents=True)
    raw = [cell("assign", "# ASSIGNMENT CONFIG\ninit_cell: true\ngenerate: true\n", "raw")]
    raw += [
        cell("q", "# BEGIN QUESTION\nname: q1\npoints: 6\n", "raw"),
        cell("s", "# BEGIN SOLUTION", "raw"),
        cell("answer", f"# BEGIN SOLUTION\n{ANSWER}# END SOLUTION"),
        cell("e", "# END SOLUTION", "raw"),
        cell("t", "# BEGIN TESTS", "raw"),
    ]
    raw += [cell(name, text) for name, (text, _) in TASKS.items()]
    raw += [cell("te", "# END TESTS", "raw"), cell("qe", "# END QUESTION", "raw")]
    (folder / "master.ipynb").write_text(notebook(*raw))
    ran(peers, folder, "otter", "assign", "--no-run-tests", "master.ipynb", "dist")
    [archive] = (folder / "dist" / "autograder").glob("*.zip")
    right = (folder / "dist" / "autograder" / "master.ipynb").read_text()
    spent = 0.0
    for number in range(size):
        path = folder / "subs" / f"s{number:02}.ipynb"
        path.write_text(right)
        out = folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        spent += ran(
            peers,
            folder,
            "otter",
            "run",
            "--no-logo",
            "-a",
            str(archive),
            "-o",
            str(out),
            str(path),
        )
        told = json.loads((out / "results.json").read_text())
        if not sum(test.get("score", 0) for test in told["tests"]):
            raise RuntimeError(f"otter gave no point to a right answer: {told['tests']}")
    return spent / size
