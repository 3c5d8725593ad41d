"""One lab for each exercise, kept from check to check for as long as the process runs: the
second check of an answer does not wait for a network and a probe."""

from collections.abc import Mapping
from contextlib import suppress

from factorlab import course
from factorlab.errors import NotReady
from factorlab.exercises import answer_files
from factorlab.lab import Lab

_labs: dict[str, Lab] = {}


def bench(exercise: str, files: Mapping[str, str]) -> Lab | None:
    """The exercise's lab. None for an untouched answer, which needs no engine, and where no lab
    can be made: then `judge` says why."""
    if answer_files.untouched(files, course.starter(exercise)):
        return None
    lab = _labs.get(exercise)
    if lab is None or not _alive(lab):
        clear_away(exercise)
        try:
            lab = _labs[exercise] = Lab(f"exercise-{exercise}", untrusted=True)
        except NotReady:
            return None
    return lab


def clear_away(exercise: str) -> None:
    """Close the exercise's lab, if there is one: nothing of it stays on the engine."""
    if lab := _labs.pop(exercise, None):
        lab.close()


def _alive(lab: Lab) -> bool:
    """Whether it can be used: a lab whose probe did not start cannot, and is made anew."""
    with suppress(NotReady):
        return lab.alive
    return False
