"""A formation under test: web processes, workers, a scheduler, and a mail service that holds mails."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from factorlab import waiting
from factorlab.lab import App, Lab, variants
from factorlab.questions.deploys import Config, random_word, replicas, shared
from factorlab.questions.process_types import Started, start_one
from factorlab.questions.subject import Subject

LESSON, VARIANT = "11-concurrency", "mailer"
TICK_SECONDS = 1
IDLE_SECONDS = 7
"""More than the five after which a client of Redis gives up unless it is told otherwise."""
WAITS_WITHOUT_END = (
    "waited with an end: redis.Redis.from_url(…, socket_timeout=None) waits without."
)
COME_SECONDS = 60
ORDER_SECONDS = 30


@dataclass
class Mails:
    """The mail service of a subject: what has come, from whom, and who is held."""

    app: App
    began: int = 0
    """How many had come when this check began."""

    def _state(self) -> dict[str, Any]:
        state: dict[str, Any] = self.app.get("/mails", seconds=30).json()
        return state

    def begin(self, state: str) -> None:
        """Look away from what has come so far; `open` or `shut` for what comes."""
        self.gate(state)
        self.began = len(self._state()["mails"])

    def gate(self, state: str) -> None:
        """Let go those that are held; then let all pass (`open`) or hold what comes (`shut`)."""
        self.app.post(f"/gate/{state}", seconds=30)

    def orders(self) -> list[str]:
        """The orders whose mails have come, each as often as it came."""
        return [str(m.get("order")) for m in self._new() if m.get("kind") == "order"]

    def digests(self) -> int:
        """How many digests have come."""
        return len(self._digests())

    def pace(self) -> float:
        """The seconds from one digest to the next, on average, as the mail service saw them."""
        times = self._digests()
        return (times[-1] - times[0]) / max(1, len(times) - 1) if times else 0.0

    def _digests(self) -> list[float]:
        return [float(mail["at"]) for mail in self._new() if mail.get("kind") == "digest"]

    def held(self) -> set[str]:
        """The addresses of the containers that wait now for their mail to be sent."""
        return set(self._state()["held"])

    def _new(self) -> list[dict[str, Any]]:
        return list(self._state()["mails"][self.began :])


@dataclass
class Formation:
    """Three web processes, the mail service, and one config for all."""

    lab: Lab
    subject: Subject
    webs: Sequence[App]
    mails: Mails
    config: Config
    others: list[Started] = field(default_factory=list)

    def start(self, type: str, count: int = 1) -> None:
        """Start so many processes of a type."""
        starts = [lambda: start_one(self.lab, self.subject, self.config, type)] * count
        self.others += self.lab.together(*starts)

    def order(self, count: int) -> tuple[list[str], int]:
        """Order so many things, on the web processes in turn; their names, and how many orders were
        answered 2xx."""
        names, taken = [random_word("order") for _ in range(count)], 0
        request = self.subject.contract.request("order")
        for number, web in enumerate(self.webs):
            calls = [
                replace(request, json={"order": name}) for name in names[number :: len(self.webs)]
            ]
            taken += web.load(calls, seconds=ORDER_SECONDS).succeeded
        return names, taken

    def passes(self) -> int:
        """Send one order and wait for its mail: 1 when it has come, 0 when it has not."""
        last = set(self.order(1)[0])
        return until(1, lambda: len(last & set(self.mails.orders())), COME_SECONDS / 2)

    def hands(self) -> int:
        """How many of the processes started here have a mail in hand now."""
        return len(self.mails.held() & {one.app.address for one in self.others})

    def end(self) -> None:
        """Remove all but the web processes."""
        for one in self.others:
            one.app.remove()
        self.others = []

    def rows(self) -> list[tuple[str, str]]:
        """How each process fares."""
        return [(one.type, one.summary()) for one in self.others]

    def log(self) -> str:
        """The last lines of a process that has ended, or else of the last one started."""
        ended = [one for one in self.others if one.app.exit_code is not None]
        last = (ended or self.others)[-1:]
        return last[0].app.logs(tail=8) if last else self.webs[0].logs(tail=8)


@contextmanager
def formed(lab: Lab, subject: Subject, gate: str) -> Iterator[Formation]:
    """The subject's formation, with the mail service's gate open or shut; started once."""
    formation = subject.once(_formed, lab)
    formation.mails.begin(gate)
    try:
        yield formation
    finally:
        formation.mails.gate("open")
        formation.end()


def _formed(lab: Lab, subject: Subject) -> Formation:
    mailer = lab.build(VARIANT, variants.given(LESSON, VARIANT), trusted=True)
    config = shared(lab, subject)
    [mail] = subject.contract.of_kind("app")
    [tick] = subject.contract.of_kind("seconds")
    mails = Mails(lab.deploy(mailer, random_word("mailer")))
    config.env[mail.name] = mails.app.url
    config.env[tick.name] = str(TICK_SECONDS)
    return Formation(lab, subject, replicas(lab, subject), mails, config)


def until(count: int, look: Callable[[], int], seconds: float = COME_SECONDS) -> int:
    """Look until there are so many, or the seconds are over."""
    return waiting.until(look, seconds, enough=lambda found: found >= count, every=0.1)
