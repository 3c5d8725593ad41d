"""XI. Logs, of any app: each request leaves a line on standard output, and no password does."""

from factorlab.checks.base import Finding, Subject, check, judged
from factorlab.checks.contract import TEXT, Contract
from factorlab.checks.deploys import deploy, fill, random_word, replicas, send, shared
from factorlab.lab import Call, Lab

REQUESTS = 50
QUERY = "factorlab"
AT_ONCE = 5
WRITES = 3


@check(
    "requests-reach-stdout",
    factor="XI",
    question="Does every request leave a line on standard output, and at once?",
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
    app.load([c for word in words for c in _calls(subject.contract, word)], at_once=AT_ONCE)
    stream.count(words)
    rows = [("while it runs", *_counted(app.logs(stderr=False), app.logs(stdout=False), words))]
    app.kill()
    rows.append(("after SIGKILL", *_counted(app.logs(stderr=False), app.logs(stdout=False), words)))
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


def _counted(out: str, err: str, words: list[str]) -> tuple[int, int]:
    return sum(word in out for word in words), sum(word in err for word in words)


def _calls(contract: Contract, word: str) -> list[Call]:
    """The request `event` of the contract with the word; or else requests that carry it wherever an
    app may log it."""
    if (own := contract.others.get("event")) is not None:
        json = own.json
        if isinstance(json, dict):
            json = {k: v.replace(TEXT, word) if isinstance(v, str) else v for k, v in json.items()}
        return [Call(own.method, own.path.replace(TEXT, word), json, {"x-request-id": word})]
    request, texts = contract.read, contract.texts() if "write" in contract.named else []
    body = request.json
    if texts:
        request = contract.write
        body = {**request.json, **dict.fromkeys(texts, word)}
    joined = "&" if "?" in request.path else "?"
    path = f"{request.path}{joined}{QUERY}={word}"
    return [Call("GET", f"/{word}"), Call(request.method, path, body, {"x-request-id": word})]


@check(
    "secrets-stay-out-of-log",
    factor="III",
    question="Do the passwords that it is given stay out of its log?",
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
