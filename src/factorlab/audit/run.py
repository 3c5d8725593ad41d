"""Asking the audit's questions of one image, in one lab."""

import re
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from types import MappingProxyType

from factorlab.audit.questions import asked as all_asked
from factorlab.audit.scorecard import Result, Row, Scorecard
from factorlab.display import working
from factorlab.errors import FactorLabError, NotReady, NotStarted
from factorlab.lab import App, Lab
from factorlab.questions import commands
from factorlab.questions.contract import Contract
from factorlab.questions.deploys import deploy, fill
from factorlab.questions.finding import Outcome
from factorlab.questions.needs import Need
from factorlab.questions.question import Question
from factorlab.questions.subject import Subject
from factorlab.questions.verdict import ask

SIDE_BY_SIDE = 2
"""How many groups of questions are asked at the same time."""
QUIET = ("boot",)
"""Groups that look at times: asked alone, when the others are done."""
DEAD = ("image",)
"""Groups that are asked of an image whose containers do not start, too."""
STARTS = "reachable-from-outside"
"""The question that an app fails which never answers."""
PLAIN = ("write", "read", "list", "live", "ready")
"""Requests that a fresh app must answer 2xx."""
MIGRATE = "migrate"
RESULTS = {
    Outcome.PASSED: Result.PASSED,
    Outcome.FAILED: Result.FAILED,
    Outcome.INCONCLUSIVE: Result.INCONCLUSIVE,
}
CAPABLE = (
    "It does not start without capabilities and does with the engine's usual ones, so it was run with "
    "those. What needs them is mostly a start script that changes files or users: do that while "
    "building the image, and the app needs none."
)


def audit(
    lab: Lab,
    subject: Subject,
    *,
    target: str = "",
    only: Collection[str] = (),
    skip: Mapping[str, str] = MappingProxyType({}),
    remarks: Sequence[str] = (),
) -> Scorecard:
    """Ask all questions, or `only` those with these ids, but not those of `skip` (id -> reason), and
    return what was found, with `remarks` and those that come up. An app that does not start with
    everything that its contract names is asked what its image alone can answer. Nothing that an app
    does is raised. Raises NotReady when the engine does not answer any more."""
    began = time.monotonic()
    rows, asked = _select(subject, only, skip)
    notes = list(remarks)
    if asked:
        lab.memory_mib = max(lab.memory_mib, subject.contract.memory)
        try:
            subject = _prepared(lab, subject, notes)
        except NotStarted as error:
            # One that runs and answers nobody may listen where nobody reaches it: that can be asked.
            still = [q for q in asked if q.group in DEAD or (q.id == STARTS and error.pending)]
            rows += [_not_started(lab, q, error) for q in asked if q not in still]
            asked = still
        left_out = len(rows)
        with working("auditing", of=len(asked)) as bar:

            def add(row: Row) -> None:
                rows.append(row)
                bar(row.id, done=len(rows) - left_out)

            others = [q for q in asked if q.group not in QUIET]
            for questions, workers in (
                (others, SIDE_BY_SIDE),
                ([q for q in asked if q.group in QUIET], 1),
            ):
                _ask_groups(lab, subject, questions, workers, add)
    order = list(all_asked())
    rows.sort(key=lambda row: order.index(row.id))
    return Scorecard(
        target or subject.name, subject.image.id, rows, notes, time.monotonic() - began, dict(skip)
    )


def _select(
    subject: Subject, only: Collection[str], skip: Mapping[str, str]
) -> tuple[list[Row], list[Question]]:
    """The rows of questions that are not asked, and the questions that are."""
    rows: list[Row] = []
    asked: list[Question] = []
    for id, question in all_asked().items():
        if only and id not in only:
            continue
        if id in skip:
            rows.append(Row(question, Result.SKIPPED, why=skip[id]))
        elif lacks := question.lacks(subject):
            rows.append(
                Row(question, Result.NOT_TESTED, why=_missing(lacks), next=_how_to_add(lacks))
            )
        else:
            asked.append(question)
    return rows, asked


def _not_started(lab: Lab, question: Question, error: NotStarted) -> Row:
    """The row of a question that cannot be asked because the app does not start."""
    slow = error.pending and lab.probe.overloaded()
    if question.id == STARTS:
        result = Result.INCONCLUSIVE if slow else Result.FAILED
        return Row(question, result, why=_text(error), next=_remedy(error), log=error.logs)
    why = "the app did not start with all that the contract names"
    return Row(
        question, Result.NOT_TESTED, why=why, next="let it start first, see the row that failed"
    )


def _text(error: NotStarted) -> str:
    """Without the name of a container, which nobody gave."""
    return re.sub(r"'app(-\d+)?'", "the app", error.what)


def _remedy(error: NotStarted) -> str:
    """What to do about an app that did not start, or about a contract that is wrong about it."""
    if error.refused:
        other = " Or name another in the contract: web in its [processes]."
        return error.next + (other if "command" in error.what else "")
    if error.exit_code is not None:
        return error.next.replace("; `wait=False` starts it without waiting", "")
    return f"{error.next} Or the contract is wrong: see port and ready in its [app]."


def _missing(needs: Sequence[Need]) -> str:
    return f"the contract does not name {', '.join(need.what for need in needs)}"


def _how_to_add(needs: Sequence[Need]) -> str:
    return "; ".join(need.how for need in needs)


def _prepared(lab: Lab, subject: Subject, notes: list[str]) -> Subject:
    """Start the app once with all that it was promised: with no capabilities, or else with the
    engine's usual ones. Where the contract names a command that migrates, it is run once, and what
    it made is the schema of every other database."""
    try:
        return _started(lab, subject, notes)
    except NotStarted as first:
        if lab.untrusted or first.exit_code is None:
            raise
        lab.capable = True
        try:
            started = _started(lab, subject, notes)
        except NotStarted:
            lab.capable = False
            raise first from None
        notes.append(CAPABLE)
        return started


def _started(lab: Lab, subject: Subject, notes: list[str]) -> Subject:
    config = fill(lab, subject, "first")
    if MIGRATE in subject.contract.commands and config.database:
        commands.must_work(lab, subject, MIGRATE, config.env).remove()
        contract = replace(subject.contract, schema=config.database.dump())
        subject = replace(subject, contract=contract)
    app = deploy(lab, subject, config)
    notes += _request_remarks(app, subject.contract)
    app.remove()
    if config.database:
        config.database.remove()
    return subject


def _request_remarks(app: App, contract: Contract) -> list[str]:
    """A remark for each request of the contract that a fresh app does not answer 2xx: then it is the
    contract, or all of the app, that is wrong, and not what a question is about."""
    own = {"write": contract.write, "read": contract.read, **contract.others}
    plain = [name for name in PLAIN if name in contract.named]
    calls = [own[name] for name in plain]
    replies = app.load(calls, at_once=1).replies if calls else ()
    return [
        f"The contract's request `{name}` ({reply.request.method} {reply.request.path}) got "
        f"{reply.status or reply.error} from a fresh app: the questions that send it cannot pass."
        for name, reply in zip(plain, replies, strict=True)
        if not reply.ok
    ]


def _ask_groups(
    lab: Lab,
    subject: Subject,
    questions: Sequence[Question],
    workers: int,
    add: Callable[[Row], None],
) -> None:
    """Ask the questions: those of a group one after the other, groups side by side."""
    groups: dict[str, list[Question]] = {}
    for question in questions:
        groups.setdefault(question.group, []).append(question)
    stopped = Event()

    def work(group: list[Question]) -> None:
        for question in group:
            if not stopped.is_set():
                add(_ask(lab, subject, question))

    pool, patient = ThreadPoolExecutor(workers, thread_name_prefix="audit"), True
    try:
        for future in [pool.submit(work, group) for group in groups.values()]:
            future.result()
    except KeyboardInterrupt:  # who presses Ctrl-C does not wait for a minute
        patient = False
        raise
    finally:  # interrupted, or without an engine: what is not asked yet is not asked
        stopped.set()
        pool.shutdown(wait=patient, cancel_futures=True)


def _ask(lab: Lab, subject: Subject, question: Question) -> Row:
    """Ask one question; whatever the app does is a row."""
    began = time.monotonic()
    try:
        finding = ask(question.id, lab, subject).finding
    except NotStarted as error:
        slow = error.pending and lab.probe.overloaded()
        result = Result.INCONCLUSIVE if slow else Result.FAILED
        return Row(
            question,
            result,
            why=_text(error),
            next=_remedy(error),
            log=error.logs,
            seconds=time.monotonic() - began,
        )
    except NotReady as error:
        if not lab.alive:
            raise
        return _unclear(question, error, began)
    except FactorLabError as error:
        return _unclear(question, error, began)
    except Exception as error:  # one row, and not the scorecard
        what = f"the check had a fault: {type(error).__name__}: {error}"[:500]
        fault = FactorLabError(what, next="tell the course team; the app is not to blame.")
        return _unclear(question, fault, began)
    result = RESULTS[finding.outcome]
    passed = result is Result.PASSED
    return Row(
        question,
        result,
        finding,
        next="" if passed else question.remedy,
        log="" if passed else finding.log,
        seconds=time.monotonic() - began,
    )


def _unclear(question: Question, error: FactorLabError, began: float) -> Row:
    return Row(
        question,
        Result.INCONCLUSIVE,
        why=f"{error.what} {error.why}".strip(),
        next=error.next,
        seconds=time.monotonic() - began,
    )
