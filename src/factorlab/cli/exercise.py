"""Commands about one exercise: hint, solution, reset."""

import click


@click.command()
@click.argument("exercise")
def hint_command(exercise: str) -> None:
    """Give the next hint of EXERCISE (such as III-1), and say how many are left."""
    from factorlab.exercises import hints
    from factorlab.questions.spec import spec

    taken = hints.take(spec(exercise))
    more, solution = f"factorlab hint {exercise}", f"factorlab solution {exercise} --show"
    click.echo(taken.note(more, solution))


@click.command()
@click.argument("exercise")
@click.option("--show", is_flag=True, help="Show it also before all tasks are passed.")
def solution_command(exercise: str, show: bool) -> None:
    """Show a solution of EXERCISE: after all its tasks are passed, or with --show."""
    from factorlab.errors import FactorLabError
    from factorlab.exercises.exercise import solution_files, solved
    from factorlab.questions.spec import spec

    if not show and not solved(spec(exercise)):
        raise FactorLabError(
            f"Not all tasks of {exercise} are passed yet.",
            next=f"take a hint with `factorlab hint {exercise}`, or see it all the same with "
            f"`factorlab solution {exercise} --show`.",
        )
    for name, text in solution_files(exercise).items():
        click.echo(f"--- {exercise}/{name}\n{text}")


@click.command()
@click.argument("exercise")
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset_command(exercise: str, yes: bool) -> None:
    """Bring the starter of EXERCISE back; a copy of your files is kept beside them."""
    from factorlab.exercises import starter
    from factorlab.questions.spec import spec

    spec(exercise)
    if yes or click.confirm(f"Replace your files of {exercise} by the starter? A copy is kept."):
        click.echo(starter.bring_back(exercise).said)
    else:
        click.echo(f"Nothing was changed. Your files of {exercise} are as they were.")
