"""How a lab comes by images: a lesson's variants, an answer's files, and the package index that
they are installed from."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from factorlab.engine.builds import INSTALLS, STRICT, Build, Policy, build, without_ignored
from factorlab.engine.labels import Session
from factorlab.engine.steps import Layers, Steps
from factorlab.errors import FactorLabError
from factorlab.lab import variants
from factorlab.lab.index import Index
from factorlab.lab.wheels import Wheel

if TYPE_CHECKING:
    from factorlab.lab.lab import Lab

INDEX = "index"


class Builder:
    """The part of a lab that builds images."""

    session: Session
    network: str

    def _require_open(self) -> None:
        raise NotImplementedError

    def _fresh(self, name: str) -> str:
        raise NotImplementedError

    def _begin_building(self) -> None:
        self._builds: dict[str, Build] = {}
        self._index: Index | None = None
        self._layers: Layers = {}

    def image(self, variant: str) -> Build:
        """The image of a variant of this lesson's app, built once per lab; of one that you made
        yourself, built anew when a file has changed."""
        files = variants.read(self.session.lesson, variant)
        if files is not None:  # the learner's own: held to what any answer is held to
            built = self._builds.get(variant)
            if built is None or built.files != without_ignored(files):
                self._builds[variant] = self.build(variant, files)
        elif variant not in self._builds:
            files = variants.given(self.session.lesson, variant)
            self._builds[variant] = self.build(variant, files, trusted=True)
        return self._builds[variant]

    def build(
        self, name: str, files: Mapping[str, bytes], *, trusted: bool = False,
        policy: Policy | None = None, cached: bool = False,
    ) -> Build:  # fmt: skip
        """Build an image from files that include a Dockerfile, held to `policy` unless they are
        our own. What RUN lines did before is done again unless `cached`. Raises Refused or
        NotStarted."""
        held = None if trusted else policy or (INSTALLS if self._index else STRICT)
        return self._build(name, files, held, cached, self._layers)

    def _build(
        self, name: str, files: Mapping[str, bytes], held: Policy | None, cached: bool, layers: Layers
    ) -> Build:  # fmt: skip
        self._require_open()
        lent = self._index.pip() if self._index else {}
        steps = Steps(self.session, self.network, lent, cached, layers)
        return build(self.session, name, files, policy=held, steps=steps)

    def rebuild(self, variant: str, *, cached: bool = False) -> Build:
        """Build a variant's image again; the next `run` starts the new one. With `cached`, steps
        that ran before on the same files are not run again, as in an ordinary build."""
        if (files := variants.read(self.session.lesson, variant)) is not None:
            self._builds[variant] = self.build(variant, files, cached=cached)
        else:
            files = variants.given(self.session.lesson, variant)
            self._builds[variant] = self.build(variant, files, trusted=True, cached=cached)
        return self._builds[variant]

    def index(self, wheels: Sequence[Wheel] = ()) -> Index:
        """The lab's package index, started with these releases when it is asked for first. From
        then on, builds install from it, and from nowhere else."""
        if self._index is None:
            self._index = Index(cast("Lab", self), self._fresh(INDEX), wheels)
        return self._index

    @property
    def has_index(self) -> bool:
        """Whether it has a package index."""
        return self._index is not None

    def build_again(self, built: Build) -> Build:
        """The same files, built anew under the same rules; later builds find none of its layers."""
        name = built.tag.partition(":")[0].removeprefix(self.session.object_name(""))
        if not built.files:
            raise FactorLabError(f"Only an image that was built here can be built again: {name}.")
        return self._build(name, built.files, built.policy, False, {})

    def _forget_index(self) -> None:
        self._index = None
