"""Backing services of a lab: one class in one file is one kind.

A class in a file of this folder that `@register` stands over is found by itself: contracts, the audit,
its drafts, the questions that count and pause, and Compose files read all that is special about a kind
from its class (`KINDS`). `base.Service` says what a class must have.
"""

from importlib import import_module
from pkgutil import iter_modules

from factorlab.lab.services.base import KINDS, Service, register

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

__all__ = ["KINDS", "Service", "register"]
