"""Submissions as data: the answers in what was handed in, and whose they are."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from factorlab import course
from factorlab.course import starter
from factorlab.errors import FactorLabError
from factorlab.exercises.answer_files import SKIPPED, Answers, lift_text, untouched
from factorlab.grading.files import Budget, File, files
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

    def inside(self, path: str) -> tuple[str, str]:
        """The exercise whose folder a file lies in, and the file's name in it; or nothing. Of two
        such folders the inner one counts: III-1.zip, which holds III-1, is the outer one."""
        known = {entry.id for entry in course.exercises()}
        parts = path.split("/")
        for n in range(len(parts) - 2, -1, -1):
            if parts[n] in known or parts[n] in self.own:
                return parts[n], "/".join(parts[n + 1 :])
        return "", ""

    def in_learner_folder(self, path: str) -> bool:
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
            return is_file_name(name)
        return path.endswith((".ipynb", ".zip"))


_Key = tuple[str, str]
"""A learner, and the platform's number, which tells two of the same name apart."""
_Place = tuple[Path, str]
"""What was named, and below it a notebook or a folder that is called like an exercise."""
_Places = defaultdict[str, dict[_Place, dict[str, str]]]
"""Exercise -> place -> file -> text."""


@dataclass
class _Collected:
    """What was found of one learner so far, by the place where it stands."""

    names: _Names
    notebooks: _Places = field(default_factory=lambda: defaultdict(dict))
    folders: _Places = field(default_factory=lambda: defaultdict(dict))
    files: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def add(self, path: Path, file: File) -> None:
        if not file.counts:
            self.others.append(file.path)
            return
        if file.content is None:
            self.unread.append(f"{file.path} was not read: {file.why}")
            return
        exercise, name = self.names.inside(file.path)
        if exercise:
            place = path, file.path.removesuffix(f"/{name}")
            text = file.content.decode("utf-8", "replace")
            self.folders[exercise].setdefault(place, {})[name] = text
        else:
            try:
                answers, refused = lift_text(file.path, file.content, self.names.own)
            except FactorLabError as error:
                self.unread.append(f"{error.what} {error.why}".strip())
                return
            self.unread += [f"{file.path}: {error.what}" for error in refused]
            for exercise, texts in answers.items():
                self.notebooks[exercise][path, file.path] = texts
        self.files.append(file.path)

    def submission(self, learner: str) -> Submission:
        """One answer for each exercise: what was changed counts before the starter, what is in a
        notebook before what lies in a folder, and the last name before the others."""
        answers: Answers = {}
        remarks, origins = [], {}
        if not self.files and not self.unread:
            named = ", ".join(self.others[:3]) + (", …" if len(self.others) > 3 else "")
            self.unread.append(f"There is no notebook and no file of an answer, only {named}.")
        for exercise in dict.fromkeys((*self.folders, *self.notebooks)):
            starter_files = starter(exercise)
            found = {**self.folders[exercise], **self.notebooks[exercise]}
            changed = {
                place: texts
                for place, texts in found.items()
                if not untouched(texts, starter_files)
            }
            place, texts = [*(changed or found).items()][-1]
            answers[exercise], (_, origin) = texts, place
            origins[exercise] = (
                f"{origin}/{min(texts)}" if place in self.folders[exercise] else origin
            )
            graded = {**starter_files, **texts}
            if not all(untouched({**starter_files, **other}, graded) for other in changed.values()):
                names = ", ".join(name for _, name in changed)
                remarks.append(
                    f"{exercise} is answered differently in {names}: the one in {origin} was graded."
                )
        return Submission(
            learner, answers, tuple(self.files), tuple(self.unread), tuple(remarks), origins
        )


def collect(paths: Sequence[Path], whose: Whose, own: Container[str] = ()) -> list[Submission]:
    """The submissions in these notebooks, folders and zip files, by learner, in alphabetical
    order; `own` are ids of exercises that are not in the course. Who has a folder without anything that
    counts is among them. Raises FactorLabError for a path that is not there, and when there is none
    at all."""
    collected: dict[_Key, _Collected] = {}
    names = _Names(own)
    for path in paths:
        for key, file in _keyed(path, whose, names):
            collected.setdefault(key, _Collected(names)).add(path, file)
    if not any(one.files or one.unread for one in collected.values()):
        raise FactorLabError(
            f"No submission was found in {', '.join(map(str, paths))}.",
            next="name notebooks, zip files, or a folder that holds a folder for each learner.",
        )
    shared = Counter(learner for learner, _ in collected)
    return [
        collected[learner, id].submission(f"{learner} ({id})" if shared[learner] > 1 else learner)
        for learner, id in sorted(collected)
    ]


def _keyed(path: Path, whose: Whose, names: _Names) -> Iterator[tuple[_Key, File]]:
    """The files in one path that tell of a learner, in alphabetical order, and of whom."""
    around = (path if path.is_dir() else path.parent).resolve().name
    if path.suffix == ".zip" and not path.is_dir():
        around = by_rule(path.name, around)

    def key(name: str) -> _Key:
        return whose(name, around), number(name) if whose is by_rule else ""

    budgets: dict[_Key, Budget] = defaultdict(Budget)
    found = sorted(
        files(path, names.wanted, lambda name: budgets[key(name)]), key=lambda file: file.path
    )
    is_course_copy = any(
        file.path == "course.toml" for file in found
    )  # whose folders are no learners
    for file in found:
        readable = replace(file, path=file.path.encode(errors="replace").decode())
        # the rule looks at names that platforms make: in a learner's zip, only the zip has one
        owner = key(file.packed_in if file.packed_in and whose is by_rule else readable.path)
        unowned = (
            is_course_copy
            or owner[0] == readable.path
            or not names.in_learner_folder(readable.path)
        )
        if file.counts or not unowned:
            yield owner, readable
