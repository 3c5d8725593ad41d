"""Commands about answers: list, check."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from factorlab.exercises.judging import Result


@click.command()
def list_command() -> None:
    """Show every lesson and exercise, by tier, and what you have passed."""
    from factorlab.start import progress

    click.echo(progress())


@click.command()
@click.argument("what")
@click.option(
    "--answers",
    "folder",
    type=click.Path(path_type=Path),
    help="The folder that holds the files of exercise WHAT. Default: your own, in work/.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
def check_command(what: str, folder: Path | None, as_json: bool) -> None:
    """Judge answers. WHAT is a notebook (exercises/01-config.ipynb) or an exercise (III-1).

    Nothing of a notebook is run: the %%answer texts are lifted out as data and judged in
    containers, from outside. Exit status: 0 all passed, 1 not all, 2 the machine is not ready.
    """
    from factorlab import course
    from factorlab.display import working
    from factorlab.grading.submission import exit_status, grade_folder, grade_notebook

    with working("Judging"):
        if what.endswith(".ipynb"):
            results = grade_notebook(Path(what))
        else:
            course.exercise(what)  # an unknown exercise is said before an unknown folder
            results = grade_folder(what, folder or answer_folder(what))
    try:  # printed first: a full disk, which keeps nothing, must not cost the verdicts
        print_results(results, as_json)
    finally:  # also where nobody reads to the end, as in `| head`
        if folder is None:
            keep(what, results)
    sys.exit(exit_status(result.outcome for result in results))


def print_results(results: "Sequence[Result]", as_json: bool) -> None:
    """Print the results as JSON, or as cards with the points below."""
    from factorlab.exercises.json_report import describe

    if as_json:
        click.echo(describe(results))
        return
    for result in results:
        click.echo(f"{result.card()}\n")
    passed = sum(result.earned for result in results)
    points = sum(result.task.points for result in results)
    click.echo(f"{passed} of {points} points.")


def keep(what: str, results: "Sequence[Result]") -> None:
    """Keep the outcomes of one's own answers as progress: those in `work/`, and those in the
    course's own exercise notebooks. Those that others handed in are not ours to keep."""
    from factorlab import course
    from factorlab.exercises import progress

    own = {lesson.exercise_notebook.resolve() for lesson in course.lessons()}
    if what.endswith(".ipynb") and Path(what).resolve() not in own:
        return
    for id in dict.fromkeys(result.exercise for result in results):
        mine = (result for result in results if result.exercise == id)
        progress.record(id, {result.task.id: str(result.outcome) for result in mine})


def answer_folder(exercise: str) -> Path:
    """The folder of the learner's own answer; one that is not begun yet is an empty folder."""
    from factorlab.exercises import answer_files

    place = answer_files.folder(exercise)
    place.mkdir(parents=True, exist_ok=True)
    return place
