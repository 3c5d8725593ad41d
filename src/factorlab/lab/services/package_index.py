"""A package index in the lab: the pages and files that pip asks for, and every way to change them.

It is a plain file server over pages in the form that all Python indexes share (PEP 503). Beside
what is published here it offers the libraries that the course's apps import.
"""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace

from factorlab.display import Table
from factorlab.engine.container.plan import Limits
from factorlab.errors import FactorLabError, NoAnswer, NotReady
from factorlab.lab.network import Network
from factorlab.lab.services.base import START_SECONDS, Service
from factorlab.lab.services.wheels import Wheel, normal, release_of

SERVED = "/opt"
"""The folder that is served: the image has its wheels in /opt/wheelhouse."""
_FETCHED = re.compile(r'"GET /(?:files|wheelhouse)/(\S+\.whl) HTTP/[\d.]+" 200')


@dataclass(frozen=True)
class File:
    """One file of the index: what is in it, or None for a library of the course's image."""

    wheel: Wheel | None
    yanked: bool = False


class Index(Service):
    """A package index with releases of the course's own making."""

    scheme = "http"
    port = 8000
    image = "python"
    limits = Limits(memory_mib=256, cpus=1, processes=64)

    def __init__(self, network: Network, name: str, wheels: Sequence[Wheel]) -> None:
        super().__init__(network, name)
        self._files: dict[str, File] = {}
        self._first: dict[str, File] = {}
        self._publish_first(wheels)

    def _arguments(self) -> tuple[Mapping[str, str], Sequence[str]]:
        return {}, ("python", "-m", "http.server", str(self.port), "--directory", SERVED)

    @property
    def url(self) -> str:
        """Where pip finds it: `http://NAME:8000/simple/`."""
        return f"http://{self.name}:{self.port}/simple/"

    def publish(self, name: str, version: str, source: str, requires: Sequence[str] = ()) -> None:
        """Publish a release: a package with one module of this source. One of the same name and
        version is replaced, which no public index allows; mirrors and thieves do it."""
        self.put(Wheel(name, version, source, tuple(requires)))

    def yank(self, name: str, version: str) -> None:
        """Withdraw a release (PEP 592): it stays for those who ask for exactly this version.
        Raises FactorLabError when there is none."""
        wanted = (normal(name), version)
        found = [file for file in self._files if release_of(file) == wanted]
        if not found:
            raise FactorLabError(f"The index has no {name} {version}.", next="look at show().")
        self._change({file: replace(self._files[file], yanked=True) for file in found})

    def put(self, *wheels: Wheel) -> None:
        """Publish releases, or replace those of the same name and version."""
        self._change({wheel.file: File(wheel) for wheel in wheels})

    def replace(self, file: str, more: str) -> None:
        """Replace a file by one that does the same and has other bytes: the same module with
        `more` at its end. A library of the course's image becomes an empty one."""
        wheel = self._files[file].wheel or Wheel(*release_of(file), "")
        self._change({file: File(replace(wheel, source=wheel.source + more))})

    def show(self) -> Table:
        """What was published here, with the hash of each file."""
        rows = [
            (
                w.name,
                w.version,
                ", ".join(w.requires) or "nothing",
                "withdrawn" if one.yanked else w.sha256(),
            )
            for _, one in sorted(self._files.items())
            if (w := one.wheel)
        ]
        return Table(("package", "version", "needs", "SHA-256 of its file"), rows)

    def search(self, word: str) -> Table:
        """The packages whose names contain a word, libraries too, and their versions."""
        found = sorted(release_of(file) for file in self._files)
        return Table(("package", "version"), [row for row in found if word.lower() in row[0]])

    def holds(self) -> str:
        return f"{sum(one.wheel is not None for one in self._files.values())} releases"

    def files(self) -> dict[str, File]:
        """All files by name, those of the course's libraries too."""
        return dict(self._files)

    @contextmanager
    def as_on_the_first_day(self) -> Iterator[None]:
        """For as long as it lasts, the index as it began; then it is again as it was before, and
        what was changed meanwhile is taken back."""
        before = dict(self._files)
        self._restore(self._first)
        try:
            yield
        finally:
            self._restore(before)

    @contextmanager
    def watched(self) -> Iterator[list[str]]:
        """The names of the files that it hands out meanwhile, in order: complete at the end."""
        fetched: list[str] = []
        before = self._complete_log()
        try:
            yield fetched
        finally:
            fetched += _FETCHED.findall(self._complete_log()[len(before) :])

    def pip(self) -> dict[str, str]:
        """The variables that make this the index of a pip that is run in the lab."""
        return {
            "PIP_INDEX_URL": self.url,
            "PIP_TRUSTED_HOST": self.name,
            "PIP_RETRIES": "2",
            "PIP_DEFAULT_TIMEOUT": "30",
            "PIP_NO_CACHE_DIR": "1",
            "PIP_PROGRESS_BAR": "off",
            "PIP_ROOT_USER_ACTION": "ignore",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }

    def _publish_first(self, wheels: Sequence[Wheel]) -> None:
        _, listed = self._container.exec(["ls", f"{SERVED}/wheelhouse"])
        libraries = {file: File(None) for file in listed.split() if file.endswith(".whl")}
        self._change(libraries)
        self.put(*wheels)
        self._first = dict(self._files)
        self._wait()

    def _restore(self, files: Mapping[str, File]) -> None:
        gone = {release_of(file)[0] for file in self._files if file not in files}
        changed = {file: one for file, one in files.items() if self._files.get(file) != one}
        self._files = {file: one for file, one in self._files.items() if file in files}
        self._change(changed, gone)

    def _change(self, files: Mapping[str, File], others: Set[str] = frozenset()) -> None:
        """Write files, and the pages of their projects and of `others`."""
        self._files.update(files)
        content = {f"files/{file}": one.wheel.content() for file, one in files.items() if one.wheel}
        for project in {release_of(file)[0] for file in files} | others:
            content[f"simple/{project}/index.html"] = self._page(project).encode()
        if content:
            self._container.put(content, SERVED)

    def _page(self, project: str) -> str:
        """The links of one project, as PEP 503 has them."""
        lines = []
        for file, one in sorted(self._files.items()):
            if release_of(file)[0] != project:
                continue
            folder, mark = "wheelhouse", ""
            if one.wheel is not None:
                folder, mark = "files", f"#sha256={one.wheel.sha256()}"
            yanked = ' data-yanked="withdrawn"' if one.yanked else ""
            lines.append(f'<a href="/{folder}/{file}{mark}"{yanked}>{file}</a><br>')
        return "<!DOCTYPE html><html><body>\n" + "\n".join(lines) + "\n</body></html>\n"

    def _complete_log(self) -> str:
        """Its log up to now: complete, since a request of our own stands at its end."""
        mark = secrets.token_hex(8)
        try:
            self._network.probe.request("GET", f"http://{self.name}:{self.port}/{mark}")
        except NoAnswer as error:
            raise NotReady(f"The package index does not answer: {error.what}") from error
        return self.logs_with(mark)

    def _wait(self) -> None:
        if not self._network.probe.wait_http(self.url, seconds=START_SECONDS):
            raise NotReady("The package index did not start.", next="run the cell again.")
