"""A mail server of the lab: what apps send is kept and counted, and delivered to nobody."""

import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Unpack

from factorlab.engine.archive import untar
from factorlab.engine.container.plan import Limits
from factorlab.lab.network import Network
from factorlab.lab.services.base import Access, Service, register


@register
class Mailbox(Service):
    """A mail server that asks for a user and a password, and keeps what it is sent."""

    scheme = "smtp"
    port = 2525

    image = "probe"
    limits = Limits(memory_mib=128, cpus=1, processes=32)

    kind = "smtp"
    variable = "SMTP_URL"
    nickname = "mail"
    names: ClassVar[Mapping[str, str]] = {"": r"^(SMTP|MAIL|EMAIL)_?(URL|URI)$"}
    urls = r"^smtps?://"

    def __init__(
        self, network: Network, name: str, *, schema: str = "", **access: Unpack[Access]
    ) -> None:
        access.setdefault("password", secrets.token_urlsafe(12))
        super().__init__(network, name, **access)

    def _arguments(self) -> tuple[Mapping[str, str], Sequence[str]]:
        env = {"USER": self.user, "PASSWORD": self.password, "PORT": str(self.port)}
        return env, ("python", "/opt/probe/mailbox.py")

    def messages(self) -> list[dict[str, Any]]:
        """What it was sent, in order: `from`, `to` (a list), `subject` and `text` of each; also
        when it is stopped."""
        text = untar(self._container.get("/tmp/messages.jsonl"))["messages.jsonl"].decode()
        return [json.loads(line) for line in text.splitlines()]

    def count(self) -> int:
        """How many messages it was sent."""
        return len(self.messages())

    def holds(self) -> str:
        count = self.count()
        return f"{count} message" if count == 1 else f"{count} messages"

    def _wait(self) -> None:
        self._wait_for_port("mail server")
