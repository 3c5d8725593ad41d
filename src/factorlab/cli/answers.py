"""Commands about answers: list, check, reset."""

import sys
from pathlib import Path

import click

from factorlab.cli.report import doing


@click.command()
def list_command() -> None:
    """Show every lesson and exercise, by tier, and what you have passed."""
    from factorlab.start import progress

    click.echo(progress())


@click.command()
@click.argument("what")
@click.option(
    "--answers", "folder", type=click.Path(path_type=Path),
    help="The folder that holds the files of exercise WHAT. Default: your own, in work/.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
def check_command(what: str, folder: Path | None, as_json: bool) -> None:
    """Judge answers. WHAT is a notebook (exercises/01-config.ipynb) or an exercise (III-1).

    Nothing of a notebook is run: the %%answer texts are lifted out as data and judged in
    containers, from outside. Exit status: 0 all passed, 1 not all, 2 the machine is not ready.
    """
    from factorlab import course
    from factorlab.exercises.results import describe
    from factorlab.grading.submission import exit_status, grade_folder, grade_notebook

    with doing(f"Judging {what}") as say:
        if what.endswith(".ipynb"):
            results = grade_notebook(Path(what), say)
        else:
            course.exercise(what)  # an unknown exercise is said before an unknown folder
            results = grade_folder(what, folder or begun(what), say)
    if as_json:
        click.echo(describe(results))
    else:
        for result in results:
            click.echo(f"{result.card()}\n")
        passed = sum(result.earned for result in results)
        points = sum(result.task.points for result in results)
        click.echo(f"{passed} of {points} points.")
    sys.exit(exit_status(results))


def begun(exercise: str) -> Path:
    """The folder of the learner's own answer; one that is not begun yet is an empty folder."""
    from factorlab.exercises import answers

    place = answers.folder(exercise)
    place.mkdir(parents=True, exist_ok=True)
    return place


@click.command()
@click.argument("exercise")
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset_command(exercise: str, yes: bool) -> None:
    """Bring the starter of EXERCISE back; a copy of your files is kept beside them."""
    from factorlab.exercises import Exercise

    chosen = Exercise(exercise)
    if yes or click.confirm(f"Replace your files of {exercise} by the starter?"):
        chosen.reset(sure=True)
