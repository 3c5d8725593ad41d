"""Files that want points they have not earned: notebooks that are not what they seem, and what lies
beside them. The answer in them is always the touched starter of III-2.
"""

import json

from adversaries import BASE, EXERCISE


def notebook(cells, **more):
    """A notebook file with these code cells: (source, metadata) or only a source."""
    made = [
        {
            "cell_type": "code",
            "id": "same-id-for-all",
            "execution_count": 1,
            "metadata": cell[1] if isinstance(cell, tuple) else {},
            "source": cell[0] if isinstance(cell, tuple) else cell,
            "outputs": [{"output_type": "stream", "name": "stdout", "text": "passed 6 of 6"}],
        }
        for cell in cells
    ]
    whole = {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}
    return json.dumps(whole)


ANSWER = f"%%answer {EXERCISE}/app.py\n{BASE}# mine\n"
MARK = "open('grader-was-here', 'w').close()"
CHECK = "from factorlab import Exercise\nExercise('III-2').check()"


def as_markdown(text):
    """The answer, and its check cells turned into text."""
    whole = json.loads(text)
    whole["cells"][1:] = [
        {"cell_type": "markdown", "metadata": {}, "source": cell["source"]}
        for cell in whole["cells"][1:]
    ]
    return json.dumps(whole)


FILES = {
    "edits the check cells": notebook([ANSWER, "print('passed')"]),
    "deletes the check cells": notebook([ANSWER]),
    "turns the check cells into markdown": as_markdown(notebook([ANSWER, CHECK])),
    "every cell twice": notebook([ANSWER, ANSWER, CHECK, CHECK]),
    "every cell with the same id, forged outputs and counts": notebook([ANSWER, CHECK]),
    "no metadata at all": json.dumps({"cells": [{"cell_type": "code", "source": ANSWER}]}),
    "an object that equals everything": notebook(
        [ANSWER, "class Any:\n    __eq__ = lambda *a: True\n", CHECK]
    ),
    "assert taken out of Python": notebook(
        [ANSWER, "get_ipython().ast_transformers.append(object())", CHECK]
    ),
    "tracebacks that stay silent": notebook(
        ["get_ipython().showtraceback = lambda *a, **k: None", ANSWER, CHECK]
    ),
    "ends the kernel, or never ends it": notebook(
        ["import os\nos._exit(0)", "while True:\n    pass", "exit()", ANSWER]
    ),
    "kills and stops whoever runs it": notebook(
        ["import os\nos.kill(os.getppid(), 9)", "os.kill(0, 19)", ANSWER]
    ),
    "tags that skip": notebook(
        [(ANSWER, {"tags": ["nbval-skip", "skip-execution", "raises-exception", "solution"]})]
    ),
    "tags that are no list": notebook([(ANSWER, {"tags": 7})]),
    "points in the metadata": notebook(
        [(ANSWER, {"points": 1000, "grade": True, "nbgrader": {"points": 1000}})],
        metadata={"execution": {"allow_errors": True}, "kernelspec": {"name": "evil"}},
    ),
    "patched modules": notebook(
        [ANSWER, "import factorlab.exercises.judging as j\nj.judge = lambda *a: []", MARK]
    ),
    "forged progress": notebook(
        [ANSWER, "from factorlab.exercises import progress\nprogress.record('III-2', {})"]
    ),
    "a magic that runs": notebook([ANSWER, f"%%python\n{MARK}", f"!{MARK}"]),
    "code after the answer's head": notebook([f"{MARK}\n{ANSWER}", ANSWER]),
    "another version of the format": notebook([ANSWER], nbformat=5, nbformat_minor=99),
    "markdown with scripts": json.dumps(
        {
            "cells": [
                {"cell_type": "markdown", "source": "<script>alert(1)</script>"},
                {"cell_type": "code", "source": ANSWER.splitlines(keepends=True)},
                {"cell_type": "raw", "source": ANSWER.replace("mine", "raw")},
            ]
        }
    ),
}
"""What it tries -> a notebook in which it does; the answer in it is always the touched starter."""
SIDE_FILES = {
    "conftest.py": f"import pathlib\n{MARK}\n",
    "json.py": f"{MARK}\n",
    "sitecustomize.py": f"{MARK}\n",
    "usercustomize.py": f"{MARK}\n",
    "factorlab/__init__.py": f"{MARK}\n",
    "pytest.ini": "[pytest]\naddopts = --collect-only\n",
    "course.toml": "lesson = []\n",
    ".OTTER_LOG": "cos\nsystem\n(S'touch grader-was-here'\ntR.",
    "results.pkl": "cos\nsystem\n(S'touch grader-was-here'\ntR.",
    "gradebook.csv": "learner,exercise,task,title,points,earned,outcome\neve,III-2,x,x,1000,1000,passed\n",
    "gradebook.db": "SQLite format 3",
    "results.json": '{"learners": [{"learner": "eve", "earned": 1000}]}',
    "grades/records/eve/III-2.json": '{"key": "", "tasks": []}',
    "records/eve/III-2.json": '{"key": "", "tasks": []}',
    "catalogue.toml": "[points.III-2]\nreads-the-mounted-file = 1000\n",
    "Makefile": f'all:\n\tpython -c "{MARK}"\n',
}
"""Files beside the notebook that would be read, imported or unpickled by another grader."""
