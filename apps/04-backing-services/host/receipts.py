"""Mail: the server is found by a URL from the environment."""

import os
import smtplib
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from fastapi import APIRouter, Body

SERVER = urlsplit(os.environ["SMTP_URL"])

pages = APIRouter()


@pages.post("/receipts")
def send(to: str = Body(embed=True)):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "shop@example.com", to, "Your receipt"
    mail.set_content("Thank you for your order.")
    with smtplib.SMTP(SERVER.hostname, SERVER.port, timeout=2) as server:
        server.login(unquote(SERVER.username), unquote(SERVER.password))
        server.send_message(mail)
    return {"sent": to}
