"""`%%answer III-1/app.py`: the text of the cell becomes a file of the answer. It is not run here."""

from typing import Any

from factorlab.exercises import answer_files


def register() -> None:
    """Make `%%answer` known to the running notebook; does nothing outside of one."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is not None and "answer" not in shell.magics_manager.magics["cell"]:
        shell.register_magic_function(_answer, magic_kind="cell", magic_name="answer")


def _answer(line: str, cell: str) -> None:
    """%%answer EXERCISE/FILE: save the cell as a file of your answer. It does not run here; the
    checks run it in a container."""
    exercise, file = answer_files.split_name(line)
    answer_files.save(exercise, file, cell)
    count: Any = len(cell.splitlines())
    print(f"Saved {exercise}/{file} ({count} {'line' if count == 1 else 'lines'}).")
