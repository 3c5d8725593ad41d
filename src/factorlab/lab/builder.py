"""How a lab comes by images: a lesson's variants, an answer's files, and the package index that
they are installed from."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from factorlab.engine.build.build import Build, build
from factorlab.engine.build.build_folder import build_folder
from factorlab.engine.build.developer_folder import Folder
from factorlab.engine.build.dockerfile import INSTALLS, STRICT, Policy
from factorlab.engine.build.run_steps import Layers, Steps
from factorlab.engine.cleanup.labels import Session
from factorlab.errors import FactorLabError, Refused
from factorlab.lab import variants
from factorlab.lab.services.package_index import Index
from factorlab.lab.services.wheels import Wheel

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
        self._made: dict[str, Build] = {}
        self._index: Index | None = None
        self._layers: Layers = {}

    def build(
        self,
        name: str,
        files: Mapping[str, bytes | str],
        *,
        trusted: bool = False,
        policy: Policy | None = None,
        cached: bool = False,
        nocache: bool = False,
        args: Mapping[str, str] | None = None,
        dockerfile: str = "Dockerfile",
    ) -> Build:
        """Build an image from files, one of which is its `dockerfile`, with `args` as the values
        of its `ARG` lines. It is held to `policy` unless the files are our own. What RUN lines did
        before is done again unless `cached`, every other step only with `nocache`. Raises Refused
        or NotStarted."""
        sent = {
            file: text.encode() if isinstance(text, str) else text
            for file, text in {**files, "Dockerfile": files.get(dockerfile, b"")}.items()
        }
        held = None if trusted else policy or (INSTALLS if self._index else STRICT)
        return self._build(name, sent, held, cached, self._layers, args, nocache)

    def _build(
        self,
        name: str,
        files: Mapping[str, bytes],
        held: Policy | None,
        cached: bool,
        layers: Layers,
        args: Mapping[str, str] | None = None,
        nocache: bool = False,
    ) -> Build:
        self._require_open()
        lent = self._index.pip() if self._index else {}
        steps = Steps(self.session, self.network, lent, cached, layers)
        built = build(
            self.session, name, files, policy=held, steps=steps, args=args, nocache=nocache
        )
        self._made[built.id] = built
        return built

    def rebuild(self, variant: str, *, cached: bool = False) -> Build:
        """Build a variant's image again; the next `run` starts the new one. With `cached`, steps
        that ran before on the same files are not run again, as in an ordinary build."""
        files = variants.read(self.session.lesson, variant)
        if files is not None:  # the learner's own: held to what any answer is held to
            self._builds[variant] = self._build_own(variant, files, cached)
        else:
            files = variants.given(self.session.lesson, variant)
            self._builds[variant] = self.build(variant, files, trusted=True, cached=cached)
        return self._builds[variant]

    def _build_own(self, variant: str, files: Mapping[str, bytes], cached: bool) -> Build:
        try:
            return self.build(variant, files, cached=cached)
        except Refused as error:  # a file that was saved before, perhaps, and is not in sight
            raise Refused(
                f"{variant} cannot be built. {error.what}", why=error.why, next=error.next
            ) from error

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

    def build_folder(self, folder: Folder, name: str = "app", *, nocache: bool = False) -> Build:
        """Build a developer's own folder, held to nothing. Raises NotStarted when that fails."""
        self._require_open()
        return build_folder(self.session, name, folder, nocache=nocache)

    def build_anew(self, built: Build) -> Build:
        """An image built once more without a cache, from wherever it was built."""
        if built.folder:
            return self.build_folder(built.folder, "again", nocache=True)
        return self.build_again(built)

    def _forget_index(self) -> None:
        self._index = None
