"""What a learner holds in hand: a lab, its apps, their router and their backing services."""

from factorlab.lab.app import App
from factorlab.lab.asked import Call, Load, Reply
from factorlab.lab.busy import busy
from factorlab.lab.crash import kill_at_commit
from factorlab.lab.lab import Lab
from factorlab.lab.mailbox import Mailbox
from factorlab.lab.oneoff import OneOff
from factorlab.lab.redis import Redis
from factorlab.lab.repository import Repository
from factorlab.lab.router import Router
from factorlab.lab.service import Access
from factorlab.lab.services import Postgres
from factorlab.lab.stream import Stream
from factorlab.lab.supervisor import Supervisor

__all__ = [
    "Access",
    "App",
    "Call",
    "Lab",
    "Load",
    "Mailbox",
    "OneOff",
    "Postgres",
    "Redis",
    "Reply",
    "Repository",
    "Router",
    "Stream",
    "Supervisor",
    "busy",
    "kill_at_commit",
]
