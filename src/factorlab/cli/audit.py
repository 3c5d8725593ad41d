"""`factorlab audit`: the course's questions, asked of a developer's own image."""

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from factorlab.cli import INTERRUPTED

if TYPE_CHECKING:
    from factorlab.audit.scorecard import Scorecard
    from factorlab.audit.target import Target
    from factorlab.errors import FactorLabError


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
) -> None:
    """Audit TARGET: an image, a folder with a Dockerfile, or a Compose project (with --service).

    The app is run in containers of a private network, with databases of its own, and asked from
    outside. Nothing else on the engine is touched. Exit status: 0 all that was asked has passed,
    1 something failed or the app does not start, 2 the machine could not tell, 130 interrupted.
    """
    from factorlab.audit.target import resolve

    chosen, skipped = _questions(only, skip)
    values = dict(_pair(arg, "--build-arg") for arg in args)
    again = _again(target, service, args, contract)
    if contract and not init and not contract.exists():
        raise _no_contract(contract, again)
    found = resolve(target, service=service, contract=None if init else contract, args=values)
    try:
        if init:
            _draft(found, contract, again)
            return
        card = _asked(found, chosen, skipped)
    except KeyboardInterrupt:
        _interrupted()
    try:
        click.echo(_json(card) if as_json else told(card, found, again))
    finally:  # a disk that takes no report must not cost what was found, nor a reader that stops
        _written(card, junit_file, html_file)
    sys.exit(card.exit_status())


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


def _asked(found: "Target", only: set[str], skip: dict[str, str]) -> "Scorecard":
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


def _written(card: "Scorecard", junit_file: Path | None, html_file: Path | None) -> None:
    from factorlab.audit.junit import junit
    from factorlab.audit.report import page
    from factorlab.workspace import write_whole

    if junit_file:
        write_whole(junit_file, junit(card))
    if html_file:
        write_whole(html_file, page(card))


def _json(card: "Scorecard") -> str:
    import json

    return json.dumps(card.as_dict(), indent=2, ensure_ascii=False)


def told(card: "Scorecard", found: "Target", again: str) -> str:
    """The scorecard for a terminal: the table, what to do next, and the counts."""
    from factorlab.audit.questions import BEYOND
    from factorlab.audit.scorecard import Result

    parts = [card.table().to_text(), ""]
    for row in card.rows:
        if row.result in (Result.FAILED, Result.INCONCLUSIVE):
            parts += [row.card().to_text(), ""]
    if untested := [row for row in card.rows if row.result is Result.NOT_TESTED]:
        parts += ["Not tested, and what would let the audit ask:"]
        parts += [f"  {row.factor:<4} {row.id}: {row.next}" for row in untested]
        parts += [""]
    parts += [f"{factor} is not asked about. {why}" for factor, why in BEYOND.items()]
    parts += [*card.notes]
    if found.source is None:
        parts += [f"No contract was found, so little could be asked: {again} --init"]
    return "\n".join([*parts, "", f"{card.target}: {card.summary()}, in {card.seconds:.0f} s."])
