"""What is asked: an image with its contract, and what experiments on it have found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Event
from typing import TypeVar, TypeVarTuple

from factorlab.engine.build.build import Build
from factorlab.lab import Lab
from factorlab.questions.contract import Contract
from factorlab.questions.once import Once

T = TypeVar("T")
Key = TypeVarTuple("Key")


@dataclass(frozen=True)
class Subject:
    """What is asked: an image, the contract it promised, and texts that must stay secret. One that
    is made from it with another image or contract shares nothing with it."""

    name: str
    image: Build
    contract: Contract
    secrets: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False, compare=False)
    """The files of an answer as they were handed in, those included that its build ignores."""
    started: Event = field(default_factory=Event, init=False, repr=False, compare=False)
    """Set once it has answered with all that it was promised."""
    _once: Once = field(default_factory=Once, init=False, repr=False, compare=False)

    def once(self, experiment: Callable[[Lab, "Subject", *Key], T], lab: Lab, *key: *Key) -> T:
        """What an experiment finds that several questions share, or one question for each `key`:
        run at the first call, kept, the same object for all. Who asks meanwhile waits. An exception
        is raised and not kept."""
        name = experiment.__qualname__
        return self._once.get((experiment, *key), name, lambda: experiment(lab, self, *key))
