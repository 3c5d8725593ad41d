"""The command that judges an answer again whenever a file of it is saved."""

import time
from collections.abc import Sequence
from pathlib import Path

import click

from factorlab import course


@click.command()
@click.argument("exercise")
@click.option(
    "--answers",
    "folder",
    type=click.Path(path_type=Path),
    help="The folder that holds the files of EXERCISE. Default: your own, in work/.",
)
def watch_command(exercise: str, folder: Path | None) -> None:
    """Judge your answer to EXERCISE (such as III-1) now, and again at each save of a file.

    Edit the files in any editor. A folder without files gets the starter first. Ctrl-C ends it,
    with exit status 0, and nothing stays on the engine.
    """
    from factorlab.exercises import answer_files, starter
    from factorlab.exercises.lab_cache import clear_away
    from factorlab.exercises.watch import saves
    from factorlab.questions.spec import spec

    spec(exercise)
    place = folder or answer_files.folder(exercise)
    try:
        if starter.lay_out(exercise, place):
            click.echo(f"The starter files of {exercise} are now in {place}")
        click.echo(f"Watching {place}: save a file there to have it judged. Ctrl-C ends this.\n")
        for files, changed in saves(place):
            _round(exercise, files, changed)
    except KeyboardInterrupt:
        click.echo("\nWatching has ended.")
    finally:
        clear_away(exercise)


def _round(exercise: str, files: dict[str, str], changed: Sequence[str]) -> None:
    """Judge the files as they are, and tell it compactly: of what is not passed only what was seen and what is next."""
    from factorlab.display import working
    from factorlab.exercises import progress
    from factorlab.exercises.judging import judge
    from factorlab.exercises.lab_cache import bench
    from factorlab.questions.spec import spec

    full = {**course.starter(exercise), **files}
    click.echo(f"{_now()}  judging {exercise}: {', '.join(changed)}")
    with working("Judging"):
        results = judge(spec(exercise), full, lab=bench(exercise, full))
    for result in results:
        click.echo(result.card().brief())
    progress.record(exercise, {result.task.id: str(result.outcome) for result in results})
    passed = sum(result.outcome == "passed" for result in results)
    click.echo(f"{_now()}  {passed} of {len(results)} tasks passed\n")


def _now() -> str:
    return time.strftime("%H:%M:%S")
