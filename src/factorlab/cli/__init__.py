"""The `factorlab` command. Each command is loaded when it is called, so `--help` is quick."""

import sys
from importlib import import_module
from typing import Any

import click

from factorlab import __version__

COMMANDS = {
    "lab": ("factorlab.cli.lab", "Bring up what is needed and open JupyterLab."),
    "setup": ("factorlab.cli.lab", "Bring up the engine and build the images."),
    "doctor": ("factorlab.cli.machine", "Say whether this machine can run the course."),
    "images": ("factorlab.cli.machine", "Build, save and load the images of the course."),
    "clean": ("factorlab.cli.machine", "Remove everything the course ever created, and no more."),
    "list": ("factorlab.cli.answers", "Show lessons and exercises, and how far you are."),
    "check": ("factorlab.cli.answers", "Judge the answers in a notebook or a folder."),
    "audit": ("factorlab.cli.audit", "Ask the course's questions of your own image."),
    "grade": ("factorlab.cli.grade", "Grade a class: notebooks, folders, zip files."),
    "release": ("factorlab.cli.release", "Write the learner's copy of the course."),
    "watch": ("factorlab.cli.watch", "Judge an answer again whenever you save a file of it."),
    "hint": ("factorlab.cli.exercise", "Give the next hint of an exercise."),
    "solution": ("factorlab.cli.exercise", "Show the solution of an exercise."),
    "reset": ("factorlab.cli.exercise", "Bring an exercise's starter back."),
}

NOT_READY = 2
"""The exit status when the machine, and nobody's answer, is to blame."""
INTERRUPTED = 130
"""The exit status after Ctrl-C, as shells give it."""


class Lazy(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = import_module(COMMANDS[name][0])
        command: click.Command = getattr(module, f"{name}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="factorlab")
def cli() -> None:
    """Factor Lab: the twelve-factor app, shown by running it in real containers."""


def main(*args: Any) -> None:
    """Run the command; what a user can act on is printed in plain words, without a traceback."""
    from factorlab.display.shown import printable
    from factorlab.errors import FactorLabError, NotReady

    try:
        cli(*args)
    except FactorLabError as error:
        click.echo(printable(error), err=True)
        sys.exit(NOT_READY if isinstance(error, NotReady) else 1)
