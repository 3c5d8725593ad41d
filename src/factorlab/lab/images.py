"""The images of a lab: built from a lesson's variants, an answer's files or a developer's folder, and
the names that they are given. Where the lab has a package index, builds install from it."""

from collections.abc import Mapping, Sequence

from factorlab.engine.build.build import Build, build
from factorlab.engine.build.build_folder import build_folder
from factorlab.engine.build.developer_folder import Folder
from factorlab.engine.build.dockerfile import INSTALLS, STRICT, Policy
from factorlab.engine.build.ignored import without_ignored
from factorlab.engine.build.run_steps import Layers, Steps
from factorlab.engine.images import tags
from factorlab.errors import FactorLabError, Refused
from factorlab.lab import variants
from factorlab.lab.network import Network
from factorlab.lab.services.package_index import Index
from factorlab.lab.services.wheels import Wheel

INDEX = "index"


class Images:
    """What a lab has built, and what its tags mean."""

    def __init__(self, network: Network) -> None:
        self._network, self._session = network, network.session
        self.by_variant: dict[str, Build] = {}
        """The image of each variant of the lesson's app that was built."""
        self._made: dict[str, Build] = {}
        self._layers: Layers = {}
        self._index: Index | None = None

    def image(self, name: str) -> Build:
        """The image of a variant of this lesson's app, built once per lab; of one that you made
        yourself, built anew when a file has changed. Or what a tag of this lab (`shop:v1`) means
        now, or the image with an id (`sha256:…`) that this lab has built."""
        if ":" in name:
            return self._named(name)
        built = self.by_variant.get(name)
        own = variants.read(self._session.lesson, name)
        if built and (own is None or built.files == without_ignored(own)):
            return built
        return self.rebuild(name)

    def tag(self, name: str, image: str) -> Build:
        """Let a tag such as `shop:v1.2.3` mean an image from now on: the one of a variant, of
        another tag, or with an id. A tag that there is already moves. Tags belong to this lab;
        nothing else on the engine is touched. Returns the image."""
        built = self.image(image)
        tags.tag(self._session, built.id, name)
        return built

    def untag(self, name: str) -> None:
        """Take a tag away. The image stays, and containers of it run on."""
        self._network.require_open()
        tags.untag(self._session, name)

    def find(self, name: str) -> Build | None:
        """The image that a tag means now, or that has this id; None when this lab knows none."""
        self._network.require_open()
        return self._made.get(tags.tagged(self._session, name) or name)

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
        policy = None if trusted else policy or (INSTALLS if self._index else STRICT)
        return self._build(name, sent, policy, cached, self._layers, args, nocache)

    def _build(
        self,
        name: str,
        files: Mapping[str, bytes],
        policy: Policy | None,
        cached: bool,
        layers: Layers,
        args: Mapping[str, str] | None = None,
        nocache: bool = False,
    ) -> Build:
        self._network.require_open()
        variables = self._index.pip() if self._index else {}
        steps = Steps(self._session, self._network.name, variables, cached, layers)
        built = build(
            self._session, name, files, policy=policy, steps=steps, args=args, nocache=nocache
        )
        self._made[built.id] = built
        return built

    def rebuild(self, variant: str, *, cached: bool = False) -> Build:
        """Build a variant's image again; the next `run` starts the new one. With `cached`, steps
        that ran before on the same files are not run again, as in an ordinary build."""
        files = variants.read(self._session.lesson, variant)
        if files is not None:  # the learner's own: held to what any answer is held to
            self.by_variant[variant] = self._build_own(variant, files, cached)
        else:
            files = variants.given(self._session.lesson, variant)
            self.by_variant[variant] = self.build(variant, files, trusted=True, cached=cached)
        return self.by_variant[variant]

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
            self._index = Index(self._network, self._network.fresh(INDEX), wheels)
        return self._index

    @property
    def has_index(self) -> bool:
        """Whether it has a package index."""
        return self._index is not None

    def build_again(self, built: Build) -> Build:
        """The same files, built anew under the same rules; later builds find none of its layers."""
        name = built.tag.partition(":")[0].removeprefix(self._session.object_name(""))
        if not built.files:
            raise FactorLabError(f"Only an image that was built here can be built again: {name}.")
        return self._build(name, built.files, built.policy, False, {})

    def build_folder(self, folder: Folder, name: str = "app", *, nocache: bool = False) -> Build:
        """Build a developer's own folder, held to nothing. Raises NotStarted when that fails."""
        self._network.require_open()
        return build_folder(self._session, name, folder, nocache=nocache)

    def build_anew(self, built: Build) -> Build:
        """An image built once more without a cache, from wherever it was built."""
        if built.folder:
            return self.build_folder(built.folder, "again", nocache=True)
        return self.build_again(built)

    def forget_index(self) -> None:
        """Take the package index for gone."""
        self._index = None

    def _named(self, name: str) -> Build:
        if (found := self.find(name)) is None:
            raise FactorLabError(
                f"No image of this lab is called '{name[:100]}'.",
                next='give it that name first: lab.tag("shop:v1.2.3", "good").',
            )
        return found
