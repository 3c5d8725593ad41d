"""What a learner holds in hand: a lab, its apps and its backing services."""

from factorlab.lab.app import App
from factorlab.lab.lab import Lab
from factorlab.lab.services import Postgres, Redis

__all__ = ["App", "Lab", "Postgres", "Redis"]
