"""Commands about the machine: doctor, images, clean."""

import sys
from pathlib import Path

import click

from factorlab.cli.report import ImageReport


@click.command()
def doctor_command() -> None:
    """Say whether this machine can run the course, and how to mend what is missing.

    Exit status 0 when the course can run, otherwise 2.
    """
    from factorlab.start import doctor

    shown = doctor()
    click.echo(shown)
    sys.exit(2 if any(row[1] == "missing" for row in shown.rows) else 0)


@click.group()
def images_command() -> None:
    """Build, save and load the images of the course."""


@images_command.command("build")
@click.option("--all", "everything", is_flag=True, help="Also those that are current.")
def build(everything: bool) -> None:
    """Build the images that are missing or out of date."""
    from factorlab.engine.images import course_build, course_images

    wanted = list(course_images.IMAGES) if everything else course_images.stale()
    if not wanted:
        click.echo("All images are current.")
        return
    with ImageReport() as report:
        course_build.build(wanted, report)


@images_command.command("list")
def list_images() -> None:
    """Show the images of the course and whether they are current."""
    from factorlab.display import Table
    from factorlab.engine.images import course_images

    stale = course_images.stale()
    rows = [
        (image.name, image.tag, "to be built" if image.name in stale else "current")
        for image in course_images.IMAGES.values()
    ]
    click.echo(Table(("image", "tag", "state"), rows))


@images_command.command("save")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def save(file: Path) -> None:
    """Write all images into FILE (.tgz), for machines without a network."""
    from factorlab.display import working
    from factorlab.engine.images import bundle

    with working(f"Saving the images to {file}"):
        size = bundle.save(file)
    click.echo(f"Wrote {file}: {size / 2**20:.0f} MiB. Load it with: factorlab images load {file}")


@images_command.command("load")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def load(file: Path) -> None:
    """Load the images that `save` wrote."""
    from factorlab.display import working
    from factorlab.engine.images import bundle

    with working(f"Loading the images from {file}"):
        stale = bundle.load(file)
    if stale:
        click.echo(f"Loaded, but made for another version of the course: {', '.join(stale)}.")
        sys.exit(2)
    click.echo("Loaded. All images are current.")


@click.command()
@click.option("--images", "images_too", is_flag=True, help="Also the images of the course.")
def clean_command(images_too: bool) -> None:
    """Remove every container, network, volume and app image that the course ever created.

    Nothing else is touched: all of it is found by the course's own labels.
    """
    from factorlab.engine.cleanup import sweep

    removed = sweep.remove_everything()
    click.echo(f"Removed {removed}.")
    if images_too:
        click.echo(f"Removed {sweep.remove_images()} images of the course.")
