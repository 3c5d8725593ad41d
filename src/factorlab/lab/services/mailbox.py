"""A mail server of the lab: what apps send is kept and counted, and delivered to nobody."""

import io
import json
import secrets
import tarfile
from typing import Any, Unpack

from factorlab.engine.container.container import Limits, Plan
from factorlab.errors import NotReady
from factorlab.lab.network import Network
from factorlab.lab.services.base import START_SECONDS, Access, Service


class Mailbox(Service):
    """A mail server that asks for a user and a password, and keeps what it is sent."""

    kind = "smtp"
    port = 2525

    def __init__(self, network: Network, name: str, **access: Unpack[Access]) -> None:
        access.setdefault("password", secrets.token_urlsafe(12))
        super().__init__(network, name, **access)

    def _plan(self) -> Plan:
        env = {"USER": self.user, "PASSWORD": self.password, "PORT": str(self.port)}
        limits = Limits(memory_mib=128, cpus=1, processes=32)
        return self._planned("probe", limits, env, "python", "/opt/probe/mailbox.py")

    def messages(self) -> list[dict[str, Any]]:
        """What it was sent, in order: `from`, `to` (a list), `subject` and `text` of each; also
        when it is stopped."""
        with tarfile.open(fileobj=io.BytesIO(self._container.get("/tmp/messages.jsonl"))) as tar:
            file = tar.extractfile("messages.jsonl")
            text = file.read().decode() if file else ""
        return [json.loads(line) for line in text.splitlines()]

    def count(self) -> int:
        """How many messages it was sent."""
        return len(self.messages())

    def holds(self) -> str:
        count = self.count()
        return f"{count} message" if count == 1 else f"{count} messages"

    def _wait(self) -> None:
        knock = f"until exec 3<>/dev/tcp/127.0.0.1/{self.port}; do sleep 0.05; done"
        status, output = self._container.exec(["timeout", str(START_SECONDS), "bash", "-c", knock])
        if status:
            raise NotReady(
                f"The mail server '{self.name}' did not start.",
                why=output[-300:],
                next="run the cell again when the machine is less busy.",
            )
