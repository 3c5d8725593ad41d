"""II. Dependencies: what an app uses and nobody declared, found by running it where it is missing."""

import gzip
import json
import secrets
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from factorlab.errors import NoAnswer
from factorlab.lab import App, Lab, Request
from factorlab.questions.contract import TEXT
from factorlab.questions.deploys import deploy, fill, random_word
from factorlab.questions.finding import Finding, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject

if TYPE_CHECKING:
    import httpx


def _app(lab: Lab, subject: Subject) -> App:
    """The subject, running; started once for all questions, and again where it has ended."""
    running = subject.once(_started, lab)
    if running[-1].state.status != "running":
        running += _started(lab, subject)
    return running[-1]


def _started(lab: Lab, subject: Subject) -> list[App]:
    return [deploy(lab, subject, fill(lab, subject, "ghosts"))]


def _sent(app: App, request: Request, text: str) -> "httpx.Response | str":
    """The response to a request with this text in its body, or in words why there is none."""
    values = {key: text if value == TEXT else value for key, value in request.json.items()}
    try:
        response = app.send(replace(request, json=values))
    except NoAnswer as error:
        return error.what
    return response if response.is_success else f"status {response.status_code}"


@question(
    "imports-are-declared",
    factor="II",
    text="Is every package that the app imports one that it declares?",
    how="The app runs on a base without libraries. It is sent prices as YAML, with random names and "
    "numbers, and must give them back as JSON.",
    remedy="look at the last line of the log: it names what was not found. Add the package to "
    "requirements.txt; a package's name and the name to import can differ.",
)
def imports_are_declared(lab: Lab, subject: Subject) -> Finding:
    """A list in a map, with a colon in quotes: one line split at its colon is not YAML."""
    prices = {
        "shop": f"{random_word('shop')}: open",
        "prices": [{"name": random_word("tea"), "cents": secrets.randbelow(900)} for _ in range(3)],
    }
    lines = [f'shop: "{prices["shop"]}"', "prices:"]
    lines += [f"  - name: {p['name']}\n    cents: {p['cents']}" for p in prices["prices"]]  # type: ignore[index]
    app, request = _app(lab, subject), subject.contract.request("prices")
    response = _sent(app, request, "\n".join(lines) + "\n")
    seen = response if isinstance(response, str) else _summary(_as_json(response.text), prices)
    return _finding(app, seen, "status 200 and the prices that were sent", _summary(prices, prices))


@question(
    "tools-are-declared",
    factor="II",
    text="Does the app do without programs that nobody declared?",
    how="The app runs on a base without gzip, tar and perl. It is sent a random text and must give "
    "it back packed as gzip does; the answer is unpacked and compared.",
    remedy="look at the last line of the log: it names the program that was not found. Use a "
    "library for it, Python's own or one from the index, or install the program with its version.",
)
def tools_are_declared(lab: Lab, subject: Subject) -> Finding:
    """Unpacked here, so that only the bytes count."""
    text = "\n".join(random_word("order") for _ in range(20))
    app, request = _app(lab, subject), subject.contract.request("export")
    response = _sent(app, request, text)
    seen = response if isinstance(response, str) else _summary(_unpacked(response.content), text)
    return _finding(
        app, seen, "status 200 and the text that was sent, packed", _summary(text, text)
    )


def _summary(found: Any, sent: Any) -> str:
    if found is None:
        return "status 200 and something that cannot be unpacked or read"
    return "status 200, as sent" if found == sent else "status 200 and something else"


def _as_json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _unpacked(data: bytes) -> str | None:
    try:
        return gzip.decompress(data).decode(errors="replace")
    except (OSError, EOFError, zlib.error):
        return None


def _finding(app: App, seen: str, expected: str, good: str) -> Finding:
    passed = seen == good
    return Finding(
        judged(passed), expected=expected, seen=seen, log="" if passed else app.logs(tail=8)
    )
