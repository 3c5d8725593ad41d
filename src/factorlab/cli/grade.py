"""`factorlab grade`: a folder of submissions in, a gradebook and feedback out."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from factorlab.cli import INTERRUPTED

if TYPE_CHECKING:
    from factorlab.grading.catalogue import Catalogue
    from factorlab.grading.collect import Submission
    from factorlab.grading.gradebook import Gradebook
    from factorlab.questions.spec import Spec


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
) -> None:
    """Grade submissions. PATHS are notebooks, folders, or the zip files that course platforms give.

    Nothing of a submission is run but the %%answer texts in it, in containers, judged from outside.
    Exit status: 0 everybody passed everything, 1 not, 2 somebody could not be graded because of
    the machine, 130 interrupted.
    """
    from factorlab.grading.batch import Batch
    from factorlab.grading.catalogue import Catalogue, read_catalogue
    from factorlab.grading.collect import collect
    from factorlab.grading.gradebook import Gradebook
    from factorlab.grading.identity import by_pattern, by_rule, clean
    from factorlab.grading.pages import write
    from factorlab.grading.records import Records

    catalogue = read_catalogue(ours) if ours else Catalogue()
    rule = by_pattern(pattern) if pattern else by_rule
    submissions = collect(
        paths, (lambda _path, _around: clean(one)) if one else rule, catalogue.own
    )
    specs = chosen(exercises, submissions, catalogue)
    cores = jobs or os.cpu_count() or 1
    batch = Batch(
        submissions,
        specs,
        Records(folder / "records"),
        jobs=cores,
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
    click.echo(told(book))
    click.echo(
        f"{batch.judged} of {len(submissions) * len(specs)} answers judged now; "
        f"open {folder / 'summary.html'} in a browser."
    )
    if annotate:
        click.echo(book.annotations(lambda name: from_here(paths, name)), nl=False)
        on_the_page(book)
    if interrupted:
        click.echo(
            "Interrupted: what was done is kept. Run the same command again to go on.", err=True
        )
        sys.exit(INTERRUPTED)
    sys.exit(book.exit_status())


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
    if page := os.environ.get("GITHUB_STEP_SUMMARY"):
        table = told(book).replace("`", "'")
        with Path(page).open("a", encoding="utf-8") as file:
            file.write(
                f"### The verdict of factorlab grade: this one counts\n\n```\n{table}\n```\n"
            )


def told(book: "Gradebook") -> str:
    """The class as a table for the terminal."""
    from factorlab.display import Table

    rows = []
    for one in book.graded:
        outcomes = [row.outcome for row in book.rows(one)]
        words = {word: outcomes.count(word) for word in dict.fromkeys(outcomes)}
        rows.append(
            (
                one.submission.learner,
                f"{book.earned(one)} of {book.points}",
                ", ".join(f"{count} {word}" for word, count in words.items()),
                "; ".join(one.submission.problems),
            )
        )
    return Table(("learner", "points", "tasks", "remarks"), rows).to_text()
