"""`factorlab grade`: a folder of submissions in, a gradebook and feedback out."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from factorlab.cli import INTERRUPTED
from factorlab.cli.formats import format_options, report

if TYPE_CHECKING:
    from factorlab.formats.registry import Formats
    from factorlab.grading.batch import Batch
    from factorlab.grading.catalogue import Catalogue
    from factorlab.grading.collect import Submission
    from factorlab.grading.gradebook import Gradebook
    from factorlab.questions.spec import Spec


def _formats() -> "Formats[Gradebook]":
    from factorlab.grading.formats import FORMATS

    return FORMATS


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default="grades",
    show_default=True,
    help="The folder to write.",
)
@click.option(
    "--jobs", type=click.IntRange(1, 64), help="Answers judged at a time. Default: the cores."
)
@click.option(
    "--exercises",
    help="What is graded, such as III-1,III-2. Default: all exercises of "
    "the lessons that somebody has answered.",
)
@click.option(
    "--learner",
    "pattern",
    help="A regular expression that finds the learner in a file's "
    "path: its group `learner`, or its first.",
)
@click.option("--as", "one", help="The learner whose everything is, in place of a rule.")
@click.option(
    "--catalogue",
    "ours",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A catalogue of your own: points, exercises, parameters per learner.",
)
@click.option("--again", is_flag=True, help="Judge also what was judged before and is unchanged.")
@click.option(
    "--annotate",
    is_flag=True,
    help="Also tell GitHub Actions: an annotation for each "
    "task that is not passed, and the table on the run's page.",
)
@format_options(_formats)
def grade_command(
    paths: tuple[Path, ...],
    folder: Path,
    jobs: int | None,
    exercises: str | None,
    pattern: str | None,
    one: str | None,
    again: bool,
    annotate: bool,
    ours: Path | None,
    outputs: tuple[str, ...],
) -> None:
    """Grade submissions. PATHS are notebooks, folders, or the zip files that course platforms give.

    Nothing of a submission is run but the %%answer texts in it, in containers, judged from outside.
    Exit status: 0 everybody passed everything, 1 not, 2 somebody could not be graded because of
    the machine, 130 interrupted.
    """
    from factorlab.formats.registry import write_all
    from factorlab.grading.batch import Batch
    from factorlab.grading.catalogue import Catalogue, read_catalogue
    from factorlab.grading.folder import write
    from factorlab.grading.gradebook import Gradebook
    from factorlab.grading.records import Records

    files = _formats().outputs(outputs)
    catalogue = read_catalogue(ours) if ours else Catalogue()
    submissions = _submissions(paths, pattern, one, catalogue)
    specs = chosen(exercises, submissions, catalogue)
    batch = Batch(
        submissions,
        specs,
        Records(folder / "records"),
        jobs=jobs or os.cpu_count() or 1,
        again=again,
        catalogue=catalogue,
    )
    interrupted = False
    try:
        batch.run()
    except KeyboardInterrupt:
        interrupted = True
    book = Gradebook(batch.results(), specs, batch.complete)
    write(book, folder)
    errors = write_all(files, book)
    _print(book, batch, folder)
    if annotate:
        _annotate(book, paths)
    report(errors)
    sys.exit(_status(book, interrupted, bool(errors)))


def _submissions(
    paths: Sequence[Path], pattern: str | None, one: str | None, catalogue: "Catalogue"
) -> "list[Submission]":
    """What was handed in, by learner: those that a pattern or the rule finds, or `one`."""
    from factorlab.grading.collect import collect
    from factorlab.grading.identity import by_pattern, by_rule, clean

    rule = by_pattern(pattern) if pattern else by_rule
    whose = (lambda _path, _around: clean(one)) if one else rule
    return collect(paths, whose, catalogue.own)


def _print(book: "Gradebook", batch: "Batch", folder: Path) -> None:
    from factorlab.grading.formats import terminal

    click.echo(terminal.render(book), nl=False)
    click.echo(
        f"{batch.judged} of {len(book.graded) * len(book.specs)} answers judged now; "
        f"open {folder / 'summary.html'} in a browser."
    )


def _annotate(book: "Gradebook", paths: Sequence[Path]) -> None:
    """Tell GitHub Actions: the annotations, and the table on the run's page."""
    from factorlab.grading.formats import github

    click.echo(github.annotations(book, lambda name: from_here(paths, name)), nl=False)
    on_the_page(book)


def _status(book: "Gradebook", interrupted: bool, unwritten: bool) -> int:
    if interrupted:
        click.echo(
            "Interrupted: what was done is kept. Run the same command again to go on.", err=True
        )
        return INTERRUPTED
    return 1 if unwritten else book.exit_status()


def chosen(
    wanted: str | None, submissions: "Sequence[Submission]", catalogue: "Catalogue"
) -> "list[Spec]":
    """The exercises that are graded: those that were named, or the catalogue names, or all of the
    lessons in which somebody has changed a starter, and of the catalogue's own. A whole copy of
    the course has the starters of lessons that are still to come: they are no answers yet, unless
    nobody has changed anything. Raises FactorLabError for an id that does not exist, and when
    there is nothing at all."""
    from factorlab import course
    from factorlab.course import starter
    from factorlab.errors import FactorLabError
    from factorlab.exercises.answer_files import untouched

    named = [id.strip() for id in wanted.split(",")] if wanted else list(catalogue.exercises)
    if named:
        return [catalogue.spec(id) for id in named]
    given = {id for one in submissions for id in one.answers}
    known = given - set(catalogue.own)
    changed = {
        id
        for one in submissions
        for id, files in one.answers.items()
        if id in known and not untouched(files, starter(id))
    }
    answered = {course.exercise(id).lesson for id in changed or known}
    if not given:
        raise FactorLabError(
            "No submission holds an answer.",
            why="\n".join(p for one in submissions for p in one.problems)[:2000],
            next="name what is graded: --exercises III-1. Then everybody gets a row.",
        )
    ids = [entry.id for entry in course.exercises() if entry.lesson in answered]
    return [catalogue.spec(id) for id in (*ids, *catalogue.own)]


def from_here(paths: Sequence[Path], name: str) -> str:
    """A file below one of the paths, by its name from the working directory."""
    beside = (path / name for path in paths)
    return next((path.as_posix() for path in beside if path.is_file()), name)


def on_the_page(book: "Gradebook") -> None:
    """Put the table on the page that GitHub Actions shows for a run."""
    from factorlab.grading.formats import terminal

    if page := os.environ.get("GITHUB_STEP_SUMMARY"):
        table = terminal.render(book).rstrip("\n").replace("`", "'")
        with Path(page).open("a", encoding="utf-8") as file:
            file.write(
                f"### The verdict of factorlab grade: this one counts\n\n```\n{table}\n```\n"
            )
