"""`factorlab release`: the learner's copy of the course."""

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def release_command(folder: Path) -> None:
    """Write the learner's copy of the course, without solutions and tests, into FOLDER.

    It has a workflow that grades each push, and a README that says how to hand in.
    """
    from factorlab.grading.release import release

    names = release(folder)
    click.echo(f"{folder} holds the learner's copy: {', '.join(names)}.")
    click.echo("Next: put it where your learners get it from, a repository template for instance.")
