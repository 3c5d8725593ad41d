"""XI. Logs: events go to standard output, each at once, and the platform does the rest."""

import json
import secrets
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from factorlab.errors import FactorLabError
from factorlab.lab import Lab, Reply, Request
from factorlab.questions.contract import TEXT, Contract
from factorlab.questions.deploys import (
    deploy,
    fill,
    json_object,
    random_word,
    replicas,
    send,
    shared,
)
from factorlab.questions.finding import Finding, judged
from factorlab.questions.needs import SERVICE
from factorlab.questions.question import question
from factorlab.questions.subject import Subject

EVENTS = 100


@question(
    "events-reach-stdout",
    factor="XI",
    text="Does every event reach standard output, and at once?",
    how=f"{EVENTS} writes, each with a random word in its body. The words are counted on standard "
    "output while the app runs, and again after SIGKILL, which leaves it no time to write.",
    remedy="write each event to standard output and flush it: logging.StreamHandler(sys.stdout) "
    "does both, print needs flush=True or PYTHONUNBUFFERED=1; a file in the container is seen "
    "by nobody.",
)
def events_reach_stdout(lab: Lab, subject: Subject) -> Finding:
    """The words are in the bodies, so that a server's access lines cannot stand for events."""
    app = deploy(lab, subject, fill(lab, subject, "logged"))
    stream, words = app.follow(), [random_word(f"event-{n:03}") for n in range(EVENTS)]
    write = subject.contract.write
    load = app.load([_marked(write, word) for word in words])
    answered = sum(reply.status is not None and reply.status < 300 for reply in load.replies)
    stream.count(words)
    rows = [("while it runs", *_counted(app.logs, words))]
    app.kill()
    rows.append(("after SIGKILL", *_counted(app.logs, words)))
    log = app.logs(tail=8)
    app.remove()
    return Finding(
        judged(all(row[1] == EVENTS for row in rows)),
        expected=f"{EVENTS} of {EVENTS} while it runs and {EVENTS} after SIGKILL",
        seen=f"{rows[0][1]} of {EVENTS} while it runs and {rows[1][1]} after SIGKILL"
        + (f"; {rows[1][2]} on standard error" if rows[1][2] else "")
        + (f"; {answered} of {EVENTS} writes were answered 2xx" if answered < EVENTS else ""),
        columns=("counted", "on standard output", "on standard error"),
        rows=rows,
        log=log,
    )


def _counted(logs: Any, words: list[str]) -> tuple[int, int]:
    """How many of the words stand on standard output, and how many on standard error."""
    texts = logs(stderr=False), logs(stdout=False)
    return sum(word in texts[0] for word in words), sum(word in texts[1] for word in words)


def _marked(request: Request, word: str) -> Request:
    """The request with the word in place of each text of its body."""
    body = request.json if isinstance(request.json, dict) else {}
    marked = {key: word if isinstance(value, str) else value for key, value in body.items()}
    if marked == body:
        raise FactorLabError(
            "The write request of the contract has no text to mark.",
            next='give its JSON body a text, for instance { item = "tea" }.',
        )
    return replace(request, json=marked)


REQUESTS, FAILING = 50, 7
RAISED = "ZeroDivisionError"
"""What the exercise's app raises for an order of 0 pieces."""


@dataclass(frozen=True)
class Written:
    """What an app wrote about the requests, once it has ended: their replies by request id, the
    ids of those that fail, its lines by output, and the canary of the Authorization header."""

    replies: dict[str, Reply]
    failing: frozenset[str]
    out: list[str]
    err: list[str]
    canary: str

    def events(self) -> dict[str, list[dict[str, Any]]]:
        """Request id -> the JSON objects on standard output that carry it."""
        found: dict[str, list[dict[str, Any]]] = {id: [] for id in self.replies}
        for event in map(json_object, self.out):
            if event is not None and (id := str(event.get("request_id"))) in found:
                found[id].append(event)
        return found

    def count_on_stdout(self) -> int:
        """How many requests are on standard output at all, in whatever form."""
        text = "\n".join(self.out)
        return sum(id in text for id in self.replies)


def _calls() -> tuple[dict[str, Request], frozenset[str], str]:
    """The requests by id, the ids of those that fail, and the canary they all carry. Order, ids
    and canary are random."""
    canary = random_word("canary")
    calls = {}
    for failing in secrets.SystemRandom().sample(
        [True] * FAILING + [False] * (REQUESTS - FAILING), REQUESTS
    ):
        id = random_word("request")
        headers = {"X-Request-ID": id, "Authorization": f"Bearer {canary}"}
        body = {"item": "tea", "pieces": 0 if failing else 4}
        calls[id] = Request("POST", "/orders", body, headers)
    return calls, frozenset(id for id, call in calls.items() if not call.json["pieces"]), canary


def _written(lab: Lab, subject: Subject) -> Written:
    """The requests, one after the other, and what is in the log after an orderly stop. Run once
    for an answer: three questions are asked of it."""
    app = deploy(lab, subject, fill(lab, subject, "log"))
    calls, failing, canary = _calls()
    load = app.load(calls.values(), at_once=1)
    app.stop()
    out, err = app.logs(stderr=False).splitlines(), app.logs(stdout=False).splitlines()
    replies = dict(zip(calls, load.replies, strict=True))
    written = Written(replies, failing, out, err, canary)
    app.remove()
    return written


def _last(written: Written) -> str:
    """The end of what it wrote, to look at."""
    return "\n".join([*written.out[-8:], *written.err[-8:]])


@question(
    "one-json-object-per-request",
    factor="XI",
    text="Is each request one JSON object on one line of standard output?",
    how=f"{REQUESTS} orders, of which {FAILING} fail, each with a request id of its own. Lines of "
    "standard output that are a JSON object are looked through: each id must be the request_id "
    "of exactly one, and its path and status must be those of the request.",
    remedy="write one line for each request with json.dumps, without indent, on standard output, "
    "when its status is known; failed requests too.",
)
def one_json_object_per_request(lab: Lab, subject: Subject) -> Finding:
    """Read after an orderly stop, so that a buffer spoils no other question."""
    written = subject.once(_written, lab)
    kinds = Counter(
        "exactly one, path and status right"
        if len(found) == 1 and _fits(found[0], reply)
        else "one, path or status wrong"
        if len(found) == 1
        else "more than one"
        if found
        else "none"
        for found, reply in zip(written.events().values(), written.replies.values(), strict=True)
    )
    good = kinds["exactly one, path and status right"]
    return Finding(
        judged(good == REQUESTS),
        expected=f"{REQUESTS} of {REQUESTS} requests are one object with their path and status",
        seen=f"{good} of {REQUESTS} requests are one object with their path and status",
        columns=("objects with the request's id", "requests"),
        rows=sorted(kinds.items()),
        log=_last(written),
    )


def _fits(event: dict[str, Any], reply: Reply) -> bool:
    return event.get("path") == reply.request.path and str(event.get("status")) == str(reply.status)


@question(
    "errors-on-one-line",
    factor="XI",
    text="Is an error one event, with its exception, and nothing beside it?",
    how=f"Of {REQUESTS} orders, {FAILING} are for 0 pieces and must be answered 500. Their "
    f"objects must have the level error and {RAISED} in exception, all others the level info. "
    "Lines of either output that are no JSON object must not name it, as a traceback does.",
    remedy="catch the exception, put it into the event's exception, and return a response with "
    "status 500: what you raise again, uvicorn prints over several lines.",
)
def errors_on_one_line(lab: Lab, subject: Subject) -> Finding:
    """Both outputs are searched, because the platform collects both. The exception's name tells
    its tracebacks from those of requests that nobody asked about."""
    written = subject.once(_written, lab)
    events = written.events()
    errors = sum(
        written.replies[id].status == 500 and any(_is_error(event) for event in events[id])
        for id in written.failing
    )
    infos = sum(
        bool(events[id]) and all(_level(event) == "info" for event in events[id])
        for id in events.keys() - written.failing
    )
    loose = [
        line
        for line in (*written.out, *written.err)
        if RAISED in line and json_object(line) is None
    ]
    well = REQUESTS - FAILING
    answered = sum(written.replies[id].status == 500 for id in written.failing)
    return Finding(
        judged((errors, infos, loose) == (FAILING, well, [])),
        expected=f"{FAILING} errors with their exception, {well} infos, 0 other lines that name it",
        seen=f"{errors} errors with their exception, {infos} infos, {len(loose)} other lines that "
        "name it" + (f"; {answered} of {FAILING} were answered 500" if answered < FAILING else ""),
        log=_last(written),
    )


def _level(event: dict[str, Any]) -> str:
    return str(event.get("level")).lower()


def _is_error(event: dict[str, Any]) -> bool:
    return _level(event) == "error" and RAISED in json.dumps(event.get("exception"))


@question(
    "no-credentials-in-log",
    factor="XI",
    text="Could you show the log to a colleague?",
    how=f"{REQUESTS} orders, each with a password in the header Authorization. Both outputs are "
    "searched for it. There must be something to search: the ids of the requests, on standard "
    "output.",
    remedy="log the headers that you name, never all of them; Authorization and Cookie are "
    "passwords.",
)
def no_credentials_in_log(lab: Lab, subject: Subject) -> Finding:
    """A log without a word about the requests keeps no secret: it is no log."""
    written = subject.once(_written, lab)
    count_on_stdout = written.count_on_stdout()
    rows = [
        (name, sum(written.canary in line for line in lines))
        for name, lines in (("standard output", written.out), ("standard error", written.err))
    ]
    lines = sum(row[1] for row in rows)
    return Finding(
        judged(bool(count_on_stdout) and not lines),
        expected="0 lines with the password, and requests on standard output",
        seen=f"{lines} lines with the password, "
        + (
            f"{count_on_stdout} requests on standard output"
            if count_on_stdout
            else "no request on standard output"
        ),
        columns=("output", "lines with the password"),
        rows=rows,
        log=_last(written) if not count_on_stdout else "",
    )


@question(
    "log-survives-sigkill",
    factor="XI",
    text="Is the last event before a crash in the log?",
    how=f"{REQUESTS} orders, each with a request id of its own. The ids are counted on standard "
    "output while the app runs, and again after SIGKILL, which leaves it no time to write.",
    remedy="flush each line: print(…, flush=True), a handler of logging, or PYTHONUNBUFFERED=1 in "
    "the Dockerfile; write to standard output, not to a file.",
)
def log_survives_sigkill(lab: Lab, subject: Subject) -> Finding:
    """Ids are looked for in any form: whether a line is JSON is another question."""
    app = deploy(lab, subject, fill(lab, subject, "log"))
    stream, (calls, _, _) = app.follow(), _calls()
    ids = list(calls)
    app.load(calls.values(), at_once=1)
    stream.count(ids)
    before, _ = _counted(app.logs, ids)
    app.kill()
    after, _ = _counted(app.logs, ids)
    log = app.logs(tail=8)
    app.remove()
    return Finding(
        judged(before == after == REQUESTS),
        expected=f"{REQUESTS} of {REQUESTS} while it runs and {REQUESTS} after SIGKILL",
        seen=f"{before} of {REQUESTS} while it runs and {after} after SIGKILL",
        log=log,
    )


REQUESTS = 50
QUERY = "factorlab"
AT_ONCE = 5
WRITES = 3


@question(
    "requests-reach-stdout",
    factor="XI",
    group="streams",
    text="Does every request leave a line on standard output, and at once?",
    how=f"{REQUESTS} random words. Each is sent twice: as a path that does not exist, and in the query, "
    "in the header X-Request-ID and in the texts of a request that does. Words are counted on standard "
    "output while the app runs, and again after SIGKILL, which leaves it no time to write.",
    remedy="write one line for each request, with its path and query or its X-Request-ID, to "
    "standard output, and flush it: gunicorn --access-logfile -, PYTHONUNBUFFERED=1, a logger whose "
    "handler writes to stdout. A file in the container is seen by nobody. Where your app logs "
    "something else, name the request: event in [requests], with $TEXT where the word goes.",
)
def requests_reach_stdout(lab: Lab, subject: Subject) -> Finding:
    """Any trace of a request counts, in whatever form: the app chooses what its lines say."""
    app = deploy(lab, subject, fill(lab, subject, "streamed"))
    stream, words = app.follow(), [random_word(f"event{n:03}") for n in range(REQUESTS)]
    app.load([c for word in words for c in _marked_calls(subject.contract, word)], at_once=AT_ONCE)
    stream.count(words)
    rows = [("while it runs", *_carried(app.logs(stderr=False), app.logs(stdout=False), words))]
    app.kill()
    rows.append(("after SIGKILL", *_carried(app.logs(stderr=False), app.logs(stdout=False), words)))
    log = app.logs(tail=8)
    app.remove()
    good = all(row[1] == REQUESTS for row in rows)
    return Finding(
        judged(good),
        expected=f"{REQUESTS} of {REQUESTS} on standard output while it runs, {REQUESTS} after SIGKILL",
        seen=f"{rows[0][1]} of {REQUESTS} while it runs, {rows[1][1]} after SIGKILL"
        + (f"; {rows[1][2]} on standard error" if rows[1][2] else ""),
        columns=("counted", "on standard output", "on standard error"),
        rows=rows,
        log="" if good else log,
    )


def _carried(out: str, err: str, words: list[str]) -> tuple[int, int]:
    return sum(word in out for word in words), sum(word in err for word in words)


def _marked_calls(contract: Contract, word: str) -> list[Request]:
    """The request `event` of the contract with the word; or else requests that carry it wherever an
    app may log it."""
    if (own := contract.others.get("event")) is not None:
        json = own.json
        if isinstance(json, dict):
            json = {k: v.replace(TEXT, word) if isinstance(v, str) else v for k, v in json.items()}
        return [_sent_with(own, own.path.replace(TEXT, word), json, word)]
    request, texts = contract.read, contract.texts() if "write" in contract.named else []
    body = request.json
    if texts:
        request = contract.write
        body = {**request.json, **dict.fromkeys(texts, word)}
    joined = "&" if "?" in request.path else "?"
    path = f"{request.path}{joined}{QUERY}={word}"
    return [Request("GET", f"/{word}"), _sent_with(request, path, body, word)]


def _sent_with(request: Request, path: str, json: Any, word: str) -> Request:
    headers = {**request.headers, "x-request-id": word}
    return replace(request, path=path, json=json, headers=headers)


@question(
    "secrets-stay-out-of-log",
    factor="III",
    group="replicas",
    needs=(SERVICE,),
    text="Do the passwords that it is given stay out of its log?",
    how="Replicas are started with a random password in each URL, and asked a few times. Their output "
    "is searched for the passwords.",
    remedy="log no URL of a backing service and no whole environment: host and name are enough to "
    "tell one from another.",
)
def secrets_stay_out_of_log(lab: Lab, subject: Subject) -> Finding:
    """The passwords are the lab's own and random: none is there by chance."""
    apps = replicas(lab, subject)
    for app in apps:
        send(app, subject.contract.read, WRITES)
    given = [s for s in lab.secrets if any(s in v for v in shared(lab, subject).env.values())]
    logs = [(app.name, app.logs()) for app in apps]
    rows = [
        (name, sum(s in line for line in text.splitlines() for s in given)) for name, text in logs
    ]
    lines = sum(row[1] for row in rows)
    return Finding(
        judged(not lines),
        expected="0 lines with a password",
        seen=f"{lines} lines with a password",
        columns=("replica", "lines with a password"),
        rows=rows,
    )
