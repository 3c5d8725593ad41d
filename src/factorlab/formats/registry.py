"""Formats by name: ours, and those that other packages name in a group of entry points."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from inspect import getdoc
from pathlib import Path, PurePosixPath
from typing import Generic, TypeVar

from factorlab.display import Table
from factorlab.errors import FactorLabError
from factorlab.toml import near
from factorlab.workspace import write_whole

OURS = "factorlab"
FAULT_LENGTH = 500
"""Characters of a fault's message that are passed on."""

T = TypeVar("T")
Content = str | bytes
"""What one file holds; a str is written as UTF-8."""
Rendered = Content | Mapping[str, Content]
"""One file; or several, by their names below the folder that they are written to."""


@dataclass(frozen=True)
class Format(Generic[T]):
    """One way to write down a T, which is a scorecard or a gradebook; `origin` is the package that
    it comes from."""

    name: str
    render: Callable[[T], Rendered]
    origin: str = OURS

    @property
    def summary(self) -> str:
        """The first line of the function's docstring."""
        return (getdoc(self.render) or "").partition("\n")[0]

    def write(self, found: T, place: Path) -> None:
        """Write what was found into the file `place`, or, where the format has several files, into
        the folder `place`. Raises FactorLabError when the disk refuses, and when the format itself
        raises or gives what cannot be written."""
        try:
            rendered = self.render(found)
        except FactorLabError:
            raise
        except (Exception, SystemExit) as error:
            raise self._fault(f"{type(error).__name__}: {error}") from error
        if isinstance(rendered, str | bytes):
            write_whole(place, rendered)
            return
        for name, content in self._files(rendered).items():
            write_whole(place / name, content)

    def _files(self, rendered: object) -> dict[str, Content]:
        """The files, once it is sure that they can be written and stay in their folder: a learner's
        name may be part of theirs."""
        if not isinstance(rendered, Mapping):
            kind = type(rendered).__name__
            raise self._fault(f"it gave {kind}, not str, bytes or a mapping of names to these")
        for name, content in rendered.items():
            path = PurePosixPath(str(name).replace("\\", "/"))
            if not path.name or path.is_absolute() or ".." in path.parts:
                raise self._fault(f"its file '{name}' does not lie in the folder")
            if not isinstance(content, str | bytes):
                raise self._fault(f"its file '{name}' is neither str nor bytes")
        return {str(name): content for name, content in rendered.items()}

    def _fault(self, what: str) -> FactorLabError:
        return FactorLabError(
            f"The format '{self.name}' of {self.origin} had a fault: {what}"[:FAULT_LENGTH],
            next="tell who made it; nothing else is touched by it.",
        )


@dataclass(frozen=True)
class Output(Generic[T]):
    """A format, and the file or folder that it is written to."""

    format: Format[T]
    place: Path

    def write(self, found: T) -> None:
        """Write it. Raises FactorLabError as `Format.write` does."""
        self.format.write(found, self.place)


class Formats(Generic[T]):
    """The formats of a T: `ours` by name, and the entry points of `group`, each a function that is
    called with the T. An entry point is loaded when its format is asked for, so that one that is
    broken stops nothing else; a name of ours stays ours."""

    def __init__(self, group: str, ours: Mapping[str, Callable[[T], Rendered]]) -> None:
        self.group = group
        self._ours = {name: Format(name, render) for name, render in ours.items()}

    def names(self) -> list[str]:
        """All names: ours, then the others in alphabetical order."""
        return [*self._ours, *self._others()]

    def find(self, name: str) -> Format[T]:
        """The format of this name. Raises FactorLabError, naming those that there are; and for one
        of another package that cannot be loaded, or that two packages have."""
        if name in self._ours:
            return self._ours[name]
        others = self._others()
        if name not in others:
            raise FactorLabError(
                f"There is no format '{name}': {near(name, self.names())}",
                next=f"choose one of: {', '.join(self.names())}.",
            )
        return _loaded(name, others[name])

    def outputs(self, texts: Sequence[str]) -> list[Output[T]]:
        """What texts such as `junit=audit.xml` ask for: a format's name, and the file or folder
        that it is written to, from the working directory. Raises FactorLabError for a text of
        another form, for two that name one place, and as `find` does."""
        found: dict[Path, Output[T]] = {}
        for text in texts:
            name, _, place = (part.strip() for part in text.partition("="))
            if not (name and place):
                raise FactorLabError(
                    f"--format needs a name, an equals sign and a file, and got '{text}'.",
                    next=f"for instance --format junit=junit.xml. "
                    f"The names are: {', '.join(self.names())}.",
                )
            if Path(place) in found:
                raise FactorLabError(
                    f"Two formats would be written to {place}.",
                    next="give each --format a file of its own.",
                )
            found[Path(place)] = Output(self.find(name), Path(place))
        return list(found.values())

    def table(self) -> Table:
        """A line for each format: its name, what it is, and the package that it comes from. One
        that cannot be loaded says so in its line."""
        rows = []
        for name in self.names():
            try:
                found = self.find(name)
                rows.append((name, found.summary, found.origin))
            except FactorLabError as error:
                rows.append((name, error.what, "cannot be used"))
        return Table(("format", "what it is", "from"), rows)

    def _others(self) -> dict[str, list[EntryPoint]]:
        entries = sorted(entry_points(group=self.group), key=lambda entry: entry.name)
        names = [entry.name for entry in entries if entry.name not in self._ours]
        return {name: [entry for entry in entries if entry.name == name] for name in names}


def write_all(outputs: Sequence[Output[T]], found: T) -> list[FactorLabError]:
    """Write all outputs; one that cannot be written is among the errors that are returned, and
    stops no other."""
    errors = []
    for output in outputs:
        try:
            output.write(found)
        except FactorLabError as error:
            errors.append(error)
    return errors


def _loaded(name: str, entries: Sequence[EntryPoint]) -> Format[T]:
    origins = [entry.dist.name if entry.dist else entry.value for entry in entries]
    if len(entries) > 1:
        raise FactorLabError(
            f"The format '{name}' is there {len(entries)} times: from {', '.join(origins)}.",
            next="uninstall all of these packages but one, or rename the format in theirs.",
        )
    try:
        render = entries[0].load()
        if not callable(render):
            raise TypeError(f"{entries[0].value} cannot be called")
    except (Exception, SystemExit) as error:
        raise FactorLabError(
            f"The format '{name}' of {origins[0]} cannot be loaded: "
            f"{type(error).__name__}: {error}"[:FAULT_LENGTH],
            next=f"mend {entries[0].value}, or do without the format.",
        ) from error
    return Format(name, render, origins[0])
