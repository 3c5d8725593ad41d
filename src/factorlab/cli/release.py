"""`factorlab release`: the learner's copy of the course."""

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--catalogue",
    "ours",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A catalogue of your own: its exercises are put in.",
)
@click.option(
    "--as", "learner", default="", help="Whose copy it is: parameters are filled in for them."
)
def release_command(folder: Path, ours: Path | None, learner: str) -> None:
    """Write the learner's copy of the course, without solutions and tests, into FOLDER.

    It has workflows for GitHub and GitLab that grade each push, and a README that says how to
    hand in.
    """
    from factorlab.grading.catalogue import read_catalogue
    from factorlab.grading.identity import clean
    from factorlab.grading.release import release

    catalogue = read_catalogue(ours) if ours else None
    names = release(folder, catalogue, clean(learner) if learner else "")
    click.echo(f"{folder} holds the learner's copy: {', '.join(names)}.")
    click.echo("Next: put it where your learners get it from, a repository template for instance.")
