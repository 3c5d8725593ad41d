"""What a learner holds in hand: a lab, its apps, their router and their backing services."""

from factorlab.lab.apps.app import App
from factorlab.lab.apps.cpu import busy
from factorlab.lab.apps.http import Load, Reply
from factorlab.lab.apps.log_stream import Stream
from factorlab.lab.apps.one_off import OneOff
from factorlab.lab.apps.request import Request
from factorlab.lab.lab import Lab
from factorlab.lab.routing.router import Router
from factorlab.lab.routing.supervisor import Supervisor
from factorlab.lab.services.base import Access
from factorlab.lab.services.git_repository import Repository
from factorlab.lab.services.kill_at_commit import kill_at_commit
from factorlab.lab.services.mailbox import Mailbox
from factorlab.lab.services.postgres import Postgres
from factorlab.lab.services.redis import Redis

__all__ = [
    "Access",
    "App",
    "Lab",
    "Load",
    "Mailbox",
    "OneOff",
    "Postgres",
    "Redis",
    "Reply",
    "Repository",
    "Request",
    "Router",
    "Stream",
    "Supervisor",
    "busy",
    "kill_at_commit",
]
