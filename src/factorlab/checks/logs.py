"""XI. Logs: events go to standard output, each at once, and the platform does the rest."""

from typing import Any

from factorlab.checks.base import Finding, Outcome, Subject, check
from factorlab.checks.contract import Request
from factorlab.checks.deploys import deploy, fill, random_word
from factorlab.errors import FactorLabError
from factorlab.lab import Call, Lab

EVENTS = 100


@check(
    "events-reach-stdout",
    factor="XI",
    question="Does every event reach standard output, and at once?",
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
        Outcome.PASSED if all(row[1] == EVENTS for row in rows) else Outcome.FAILED,
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


def _marked(request: Request, word: str) -> Call:
    """The request with the word in place of each text of its body."""
    body = request.json if isinstance(request.json, dict) else {}
    marked = {key: word if isinstance(value, str) else value for key, value in body.items()}
    if marked == body:
        raise FactorLabError(
            "The write request of the contract has no text to mark.",
            next='give its JSON body a text, for instance { item = "tea" }.',
        )
    return Call(request.method, request.path, marked)
