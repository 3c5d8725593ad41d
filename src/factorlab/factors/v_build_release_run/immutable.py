"""V. Build, release, run: what runs is what was released, so nothing in it changes while it runs."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from factorlab.errors import FactorLabError, NoAnswer
from factorlab.lab import App, Lab
from factorlab.questions.deploys import Config, answers, deploy, fill, launch, random_word
from factorlab.questions.finding import Finding, judged
from factorlab.questions.needs import LIST, TEXTED, WRITE
from factorlab.questions.question import question
from factorlab.questions.subject import Subject

WRITES = 10
SHOWN = 6
"""How many changed paths are shown as evidence."""


def _config(lab: Lab, subject: Subject) -> Config:
    """One config for all checks of an answer. They count only the words that they sent."""
    return fill(lab, subject, "frozen")


def _words() -> list[str]:
    return [random_word("tea") for _ in range(WRITES)]


def _texts(subject: Subject) -> list[str]:
    """The names of the texts in the body of the write request."""
    if not (names := subject.contract.texts()):
        raise FactorLabError(
            "The write request of the contract has no text to mark.",
            next='give its JSON body a text, for instance { item = "tea" }.',
        )
    return names


def _marked(subject: Subject, word: str) -> dict[str, str]:
    """What stands for each text when this word is sent: no two are the same."""
    return {name: f"{word}-{number}" for number, name in enumerate(_texts(subject), 1)}


def _write(app: App, subject: Subject, words: Sequence[str]) -> int:
    """Send a write with each of the words, one after the other; how many were answered 2xx."""
    write = subject.contract.write
    calls = [replace(write, json={**write.json, **_marked(subject, word)}) for word in words]
    return app.load(calls, at_once=1).succeeded


def _listed(app: App, subject: Subject, words: Sequence[str]) -> int:
    """How many of the words are in the answer to the list request, with all texts that were sent
    for them, if that answer is 2xx. Where the contract has no list, the answer itself counts."""
    contract = subject.contract
    read = contract.others.get("list", contract.read)
    with suppress(NoAnswer):
        reply = app.send(read)
        if reply.is_success and "list" not in contract.others:
            return len(words)
        if reply.is_success:
            return sum(
                all(text in reply.text for text in _marked(subject, word).values())
                for word in words
            )
    return 0


def _thawed(lab: Lab, subject: Subject) -> App:
    """The subject with a root that it may write to, running. `/tmp` is in memory all the same."""
    return deploy(lab, subject, subject.once(_config, lab), read_only=False)


@question(
    "runs-read-only",
    factor="V",
    group="frozen",
    needs=(
        WRITE,
        TEXTED,
    ),
    text="Does it work when nothing in its container can be changed?",
    how=f"The root of the container is read-only; only /tmp can be written. {WRITES} writes, each "
    "with random words, must be answered 2xx, and the read request must then list all of them.",
    remedy="write nothing beside the code: keep what must last in a backing service, and what may "
    "be lost at any time in /tmp.",
)
def runs_read_only(lab: Lab, subject: Subject) -> Finding:
    """An app that does not start like this is a finding, if it starts with a root that it may
    write to."""
    app = launch(lab, subject, subject.once(_config, lab), read_only=True)
    started, words = answers(lab, subject, app), _words()
    answered = _write(app, subject, words) if started else 0
    listed = _listed(app, subject, words) if started else 0
    log = app.logs(tail=8)
    ended = app.exit_code is not None
    app.remove()
    if not started:
        _thawed(lab, subject).remove()
    return Finding(
        judged(answered == listed == WRITES),
        expected=f"{WRITES} of {WRITES} writes answered 2xx, {WRITES} of {WRITES} writes listed",
        seen=f"{answered} of {WRITES} writes answered 2xx, {listed} of {WRITES} writes listed"
        if started
        else "it ended before it answered; with a root that can be written, it starts"
        if ended
        else "it runs and never answered; with a root that can be written, it answers",
        log="" if answered == listed == WRITES else log,
    )


@question(
    "leaves-its-files-alone",
    factor="V",
    group="frozen",
    needs=(
        WRITE,
        TEXTED,
    ),
    text="Is the container still what the image was, after it has worked?",
    how=f"The container's root can be written; /tmp is in memory. {WRITES} writes and {WRITES} "
    "reads, then `docker diff` lists the files and folders that are not as in the image.",
    remedy="the paths in the table say what it wrote: files for its process id, caches, uploads, "
    "Python's bytecode (__pycache__). Leave it out, or put it into /tmp or a backing service.",
)
def leaves_its_files_alone(lab: Lab, subject: Subject) -> Finding:
    """With a root that can be written, so that what an app writes where it may is seen."""
    app, words = _thawed(lab, subject), _words()
    answered = _write(app, subject, words)
    for _ in range(WRITES):
        _listed(app, subject, words)
    found = app.diff()
    app.remove()
    folders = {entry[2:].rpartition("/")[0] for entry in found}
    changed = [e for e in found if not (e.startswith("C ") and e[2:] in folders)]
    shown = changed[:SHOWN]
    left = len(changed) - len(shown)
    names = {"A": "added", "C": "changed", "D": "deleted"}
    return Finding(
        judged(not changed),
        expected="0 files and folders differ from the image",
        seen=f"{len(changed)} {'file differs' if len(changed) == 1 else 'files and folders differ'} "
        "from the image"
        + (f"; {answered} of {WRITES} writes were answered 2xx" if answered < WRITES else ""),
        columns=("what", "path"),
        rows=[(names[entry[0]], entry[2:]) for entry in shown]
        + ([("and", f"{left} more")] if left else []),
    )


@question(
    "nothing-kept-in-container",
    factor="V",
    group="frozen",
    needs=(
        LIST,
        WRITE,
        TEXTED,
    ),
    text="Can a new container take over, with nothing but the image and the config?",
    how=f"{WRITES} writes, each with random words. The container gets SIGKILL and is removed. "
    "A new one, of the same image and with the same variables, must list all of them.",
    remedy="what must last belongs to a backing service (a database or Redis): memory, /tmp and "
    "every other folder end with their container.",
)
def nothing_kept_in_container(lab: Lab, subject: Subject) -> Finding:
    """With a root that can be written: whether it may be is another question."""
    first, words = _thawed(lab, subject), _words()
    answered = _write(first, subject, words)
    before = _listed(first, subject, words)
    first.kill()
    first.remove()
    second = _thawed(lab, subject)
    after = _listed(second, subject, words)
    log = second.logs(tail=8)
    second.remove()
    good = before == after == WRITES
    return Finding(
        judged(good),
        expected=f"{WRITES} of {WRITES} writes listed before, {WRITES} of {WRITES} by the new one",
        seen=f"{before} of {WRITES} writes listed before, {after} of {WRITES} by the new one"
        + (f"; {answered} of {WRITES} writes were answered 2xx" if answered < WRITES else ""),
        log="" if good else log,
    )
