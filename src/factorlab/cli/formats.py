"""The options that commands have in common which write what they found in formats by name."""

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from factorlab.errors import FactorLabError
    from factorlab.formats.registry import Formats

Command = TypeVar("Command", bound=Callable[..., object])


def format_options(formats: "Callable[[], Formats[Any]]") -> Callable[[Command], Command]:
    """Give a command `--format NAME=FILE`, whose texts it gets as `outputs`, and `--formats`, which
    lists the names and ends it. `formats` is called when one of them is used."""

    def listed(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
        if wanted:
            click.echo(formats().table().to_text())
            context.exit()

    write = click.option(
        "--format",
        "outputs",
        multiple=True,
        metavar="NAME=FILE",
        help="Write this format into FILE, too. May be repeated.",
    )
    show = click.option(
        "--formats",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=listed,
        help="List the formats, those of other packages among them, and do no more.",
    )
    return lambda command: write(show(command))


def report(errors: "Sequence[FactorLabError]") -> None:
    """Say which outputs could not be written: they cost no other."""
    from factorlab.display.shown import printable

    for error in errors:
        click.echo(printable(error), err=True)
    sys.stderr.flush()
