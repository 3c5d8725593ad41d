"""Submissions as data: the answers in what was handed in, and whose they are."""

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from factorlab import course
from factorlab.errors import FactorLabError
from factorlab.exercises.answers import (
    SKIPPED,
    Answers,
    lift_text,
    starter,
    untouched,
)
from factorlab.grading.files import File, files
from factorlab.grading.identity import Whose, by_rule, number
from factorlab.workspace import is_file_name

NOT_ANSWERS = {*SKIPPED, "solutions", "notebooks", "tests", "apps", "node_modules", "__MACOSX"}
"""Folders whose files are nobody's answer: the course's own, which lie in a copy of it as well."""


@dataclass(frozen=True)
class Submission:
    """What one learner handed in: exercise -> file -> text, and the names of the files that it
    was read from. `unread` says what could not be read, `remarks` what else is odd, `origins`
    which of the files an exercise's answer stands in."""

    learner: str
    answers: Answers
    files: tuple[str, ...]
    unread: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[str, ...]:
        """All that a person should look at, as sentences."""
        return (*self.unread, *self.remarks)


@dataclass(frozen=True)
class _Names:
    """What the name of a file says; `own` are ids of exercises that are not in the course."""

    own: Container[str]

    def exercise(self, path: str) -> str:
        """The exercise whose folder a file lies in, or nothing."""
        known = {entry.id for entry in course.exercises()}
        folders = path.split("/")[:-1]
        return next((part for part in folders if part in known or part in self.own), "")

    def inside(self, path: str) -> tuple[str, str]:
        """The exercise, and the name of the file in its folder."""
        exercise = self.exercise(path)
        return exercise, path.split(f"{exercise}/", 1)[1] if exercise else ""

    def somebodys(self, path: str) -> bool:
        """Whether a file that does not count tells of a learner: it lies in their folder."""
        first, _, rest = path.partition("/")
        return bool(rest) and first not in NOT_ANSWERS and not first.startswith(".")

    def wanted(self, path: str) -> bool:
        """Whether a file counts: an answer's file, a notebook, or a zip."""
        parts = path.split("/")
        if NOT_ANSWERS & set(parts[:-1]) or any(part.startswith("._") for part in parts):
            return False
        exercise, name = self.inside(path)
        if exercise:
            return is_file_name(name) and parts[-1] != "expected.toml"
        return path.endswith((".ipynb", ".zip"))


@dataclass
class _Pile:
    """What was found of one learner so far."""

    names: _Names
    notebooks: dict[str, list[tuple[str, dict[str, str]]]] = field(default_factory=dict)
    folders: Answers = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def add(self, file: File) -> None:
        if not file.counts:
            self.others.append(file.path)
            return
        if file.content is None:
            self.unread.append(f"{file.path} was not read: {file.why}")
            return
        exercise, name = self.names.inside(file.path)
        if exercise:
            text = file.content.decode("utf-8", "replace")
            self.folders.setdefault(exercise, {})[name] = text
            self.origins.setdefault(exercise, file.path)
        else:
            try:
                answers, refused = lift_text(file.path, file.content, self.names.own)
            except FactorLabError as error:
                self.unread.append(f"{error.what} {error.why}".strip())
                return
            self.unread += [f"{file.path}: {error.what}" for error in refused]
            for exercise, texts in answers.items():
                self.notebooks.setdefault(exercise, []).append((file.path, texts))
        self.files.append(file.path)

    def settled(self, learner: str) -> Submission:
        """One answer for each exercise: what is in a notebook counts before what lies in a
        folder, what was changed before the starter, and the last name before the others."""
        answers, remarks = dict(self.folders), []
        if not self.files and not self.unread:
            named = ", ".join(self.others[:3]) + (", …" if len(self.others) > 3 else "")
            self.unread.append(f"There is no notebook and no file of an answer, only {named}.")
        for exercise, found in self.notebooks.items():
            changed = [one for one in found if not untouched(one[1], starter(exercise))] or found[
                -1:
            ]
            file, answers[exercise] = changed[-1]
            self.origins[exercise] = file
            if any(texts != answers[exercise] for _, texts in changed):
                names = ", ".join(name for name, _ in changed)
                remarks.append(
                    f"{exercise} is answered differently in {names}: the one in {file} was graded."
                )
        return Submission(
            learner, answers, tuple(self.files), tuple(self.unread), tuple(remarks), self.origins
        )


def collect(paths: Sequence[Path], whose: Whose, own: Container[str] = ()) -> list[Submission]:
    """The submissions in these notebooks, folders and zip files, by learner, in alphabetical
    order; `own` are ids of exercises that are not in the course. Who has a folder without anything that
    counts is among them. Raises FactorLabError for a path that is not there, and when there is none
    at all."""
    piles: dict[tuple[str, str], _Pile] = {}
    names = _Names(own)
    for path in paths:
        around = (path if path.is_dir() else path.parent).resolve().name
        found = sorted(files(path, names.wanted), key=lambda file: file.path)
        a_copy = any(file.path == "course.toml" for file in found)  # whose folders are no learners
        for file in found:
            told = replace(file, path=file.path.encode(errors="replace").decode())
            learner = whose(told.path, around)
            if not file.counts and (
                a_copy or learner == told.path or not names.somebodys(told.path)
            ):
                continue
            key = learner, number(told.path) if whose is by_rule else ""
            piles.setdefault(key, _Pile(names)).add(told)
    if not any(pile.files or pile.unread for pile in piles.values()):
        raise FactorLabError(
            f"No submission was found in {', '.join(map(str, paths))}.",
            next="name notebooks, zip files, or a folder that holds a folder for each learner.",
        )
    shared = Counter(learner for learner, _ in piles)
    return [
        piles[learner, told].settled(f"{learner} ({told})" if shared[learner] > 1 else learner)
        for learner, told in sorted(piles)
    ]
