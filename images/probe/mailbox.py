"""A mail server that delivers nothing: it keeps each message as one line of JSON in a file.

Its port, user and password come from the environment.
"""

import asyncio
import json
import os
from email import message_from_bytes, policy
from hmac import compare_digest
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

FILE = "/tmp/messages.jsonl"
PORT = int(os.environ["PORT"])


class Keep:
    """What is done with a message: it is written down before it is confirmed."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd calls it)
        """Keep a message, with those that the sender named on the way and not in its head."""
        message = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        body = message.get_body(("plain", "html"))
        kept = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "subject": str(message["subject"] or ""),
            "text": str(body.get_content()).strip() if body else "",
        }
        with open(FILE, "a", encoding="utf-8") as file:
            file.write(json.dumps(kept) + "\n")
        return "250 kept"


def authenticate(
    server: SMTP, session: Session, envelope: Envelope, way: str, data: Any
) -> AuthResult:
    """Whether the user and the password are the right ones."""
    good = isinstance(data, LoginPassword) and all(
        compare_digest(given, os.environ[name].encode())
        for given, name in ((data.login, "USER"), (data.password, "PASSWORD"))
    )
    return AuthResult(success=good, handled=False)


async def main() -> None:
    """Serve until stopped."""
    open(FILE, "a").close()
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(
            Keep(),
            authenticator=authenticate,
            auth_required=True,
            auth_require_tls=False,
            hostname="mailbox",
        ),
        "0.0.0.0",
        PORT,
    )
    await server.serve_forever()


asyncio.run(main())
