"""What a learner holds in hand: a lab, its apps, their router and their backing services."""

from factorlab.lab.app import App
from factorlab.lab.asked import Call, Load, Reply
from factorlab.lab.lab import Lab
from factorlab.lab.oneoff import OneOff
from factorlab.lab.repository import Repository
from factorlab.lab.router import Router
from factorlab.lab.services import Postgres, Redis
from factorlab.lab.stream import Stream
from factorlab.lab.supervisor import Supervisor

__all__ = [
    "App",
    "Call",
    "Lab",
    "Load",
    "OneOff",
    "Postgres",
    "Redis",
    "Reply",
    "Repository",
    "Router",
    "Stream",
    "Supervisor",
]
