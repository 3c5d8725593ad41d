"""`factorlab audit`: the course's questions, asked of a developer's own image."""

import os
import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from factorlab.cli import INTERRUPTED
from factorlab.cli.formats import format_options, report

if TYPE_CHECKING:
    from factorlab.audit.scorecard import Scorecard
    from factorlab.audit.target import Target
    from factorlab.errors import FactorLabError
    from factorlab.formats.registry import Formats, Output


def _formats() -> "Formats[Scorecard]":
    from factorlab.audit.formats import FORMATS

    return FORMATS


@click.command()
@click.argument("target")
@click.option("--service", default="", help="The service of the Compose project TARGET.")
@click.option(
    "--contract",
    type=click.Path(path_type=Path, dir_okay=False),
    help="What the app promises. Default: factorlab.toml in the folder. With --init, the "
    "file to write.",
)
@click.option(
    "--init", "init", is_flag=True, help="Write a first draft of the contract, and ask nothing."
)
@click.option(
    "--build-arg", "args", multiple=True, metavar="NAME=VALUE", help="For a folder's build."
)
@click.option("--only", multiple=True, metavar="ID,…", help="Ask these questions or factors alone.")
@click.option(
    "--skip",
    multiple=True,
    metavar="ID=REASON",
    help="Leave a question or factor out; the reason is printed in the report.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the scorecard as JSON.")
@click.option(
    "--junit",
    "junit_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write JUnit XML here.",
)
@click.option(
    "--html",
    "html_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write one page to show a team here.",
)
@format_options(_formats)
def audit_command(
    target: str,
    service: str,
    contract: Path | None,
    init: bool,
    args: tuple[str, ...],
    only: tuple[str, ...],
    skip: tuple[str, ...],
    as_json: bool,
    junit_file: Path | None,
    html_file: Path | None,
    outputs: tuple[str, ...],
) -> None:
    """Audit TARGET: an image, a folder with a Dockerfile, or a Compose project (with --service).

    The app is run in containers of a private network, with databases of its own, and asked from
    outside. Nothing else on the engine is touched. Exit status: 0 all that was asked has passed,
    1 something failed or the app does not start, 2 the machine could not tell, 130 interrupted.
    """
    from factorlab.audit.target import resolve

    chosen, skipped = _questions(only, skip)
    files = _outputs(junit_file, html_file, outputs)
    values = dict(_pair(arg, "--build-arg") for arg in args)
    again = _again(target, service, args, contract)
    if contract and not init and not contract.exists():
        raise _no_contract(contract, again)
    found = resolve(target, service=service, contract=None if init else contract, args=values)
    try:
        if init:
            _draft(found, contract, again)
            return
        card = _scorecard(found, chosen, skipped)
    except KeyboardInterrupt:
        _interrupted()
    if found.source is None:
        missing = f"No contract was found, so little could be asked: {again} --init"
        card = replace(card, advice=[missing])
    sys.exit(_print_and_write(card, "json" if as_json else "terminal", files))


def _questions(only: tuple[str, ...], skip: tuple[str, ...]) -> tuple[set[str], dict[str, str]]:
    from factorlab.audit.questions import chosen

    words = [word.strip() for text in only for word in text.split(",")]
    reasons: dict[str, str] = {}
    for text in skip:
        name, reason = _pair(text, "--skip")
        reasons |= dict.fromkeys(chosen([name]), reason)
    return chosen(words), reasons


def _pair(text: str, option: str) -> tuple[str, str]:
    from factorlab.errors import FactorLabError

    name, equals, value = (part.strip() for part in text.partition("="))
    if not (name and equals and (value or option != "--skip")):
        raise FactorLabError(
            f"{option} needs a name, an equals sign and a text, and got '{text}'.",
            next="for instance --skip I='our CI keeps the revision'"
            if option == "--skip"
            else "for instance --build-arg REVISION=$(git rev-parse HEAD)",
        )
    return name, value


def _scorecard(found: "Target", only: set[str], skip: dict[str, str]) -> "Scorecard":
    from factorlab.audit.run import audit
    from factorlab.lab import Lab

    with Lab("audit") as lab:
        try:
            return audit(
                lab,
                found.subject(lab),
                target=found.name,
                only=only,
                skip=skip,
                remarks=found.remarks(),
            )
        except KeyboardInterrupt:  # not once the lab is closed: that waits for what is under way
            _interrupted()


def _again(target: str, service: str, args: tuple[str, ...], contract: Path | None) -> str:
    """The command that audits the same target, as one types it."""
    words = ["factorlab", "audit", target]
    words += ["--service", service] if service else []
    words += [word for arg in args for word in ("--build-arg", arg)]
    words += ["--contract", str(contract)] if contract else []
    return shlex.join(words)


def _no_contract(file: Path, again: str) -> "FactorLabError":
    from factorlab.errors import FactorLabError

    return FactorLabError(
        f"The contract {file} is not there.",
        next=f"name a file that exists, or write a first draft of it: {again} --init",
    )


def _draft(found: "Target", file: Path | None, then: str) -> None:
    """Write the draft into the file that was named, or where an audit looks for it; never over
    what is there: a contract is somebody's work."""
    from factorlab.audit.draft import draft
    from factorlab.audit.target import CONTRACT
    from factorlab.errors import FactorLabError
    from factorlab.lab import Lab
    from factorlab.workspace import write_whole

    place = file or (found.folder.path if found.folder else Path()) / CONTRACT
    if place.exists():
        raise FactorLabError(
            f"{place} is there already, and was not changed.",
            next=f"edit it, or move it away and run --init again. Then: {then}",
        )
    with Lab("audit") as lab:
        record = found.record(found.subject(lab).image.id)
    write_whole(place, draft(found.name, record))
    click.echo(
        f"Wrote {place}. Go over it: each line says what it lets the audit ask. Then:\n  {then}"
    )


def _interrupted() -> NoReturn:
    """Remove what is running now; the watchdog removes what a thread has just made."""
    from factorlab.engine.cleanup import sweep
    from factorlab.engine.cleanup.labels import owner

    click.echo("Interrupted: removing the audit's containers.", err=True)
    sweep.remove_owner(owner())
    sys.stderr.flush()
    os._exit(INTERRUPTED)  # threads that still ask a question have nothing left to ask


def _outputs(
    junit_file: Path | None, html_file: Path | None, texts: tuple[str, ...]
) -> "list[Output[Scorecard]]":
    """What is written besides what is printed, in the order in which it was before `--format`."""
    from factorlab.formats.registry import Output

    formats = _formats()
    files = [("junit", junit_file), ("html", html_file)]
    named = [Output(formats.find(name), file) for name, file in files if file]
    return [*named, *formats.outputs(texts)]


def _print_and_write(card: "Scorecard", printed: str, files: "list[Output[Scorecard]]") -> int:
    """Print the scorecard in a format and write its files; returns the exit status."""
    from factorlab.formats.registry import write_all

    try:
        click.echo(_formats().find(printed).render(card), nl=False)
    finally:  # a disk that takes no report must not cost what was found, nor a reader that stops
        errors = write_all(files, card)
        report(errors)
    return 1 if errors else card.exit_status()
