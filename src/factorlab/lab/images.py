"""What a lab builds, and the names that it gives to what it has built."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, cast

from factorlab.engine.build.build import Build
from factorlab.engine.build.ignored import without_ignored
from factorlab.engine.images import tags
from factorlab.errors import FactorLabError
from factorlab.lab import variants
from factorlab.lab.builder import Builder
from factorlab.lab.compose.project import Project, read_compose
from factorlab.lab.compose.stack import Stack

if TYPE_CHECKING:
    from factorlab.lab.lab import Lab


class Images(Builder):
    """The images of a lab: of its lesson's variants, and of whatever it has built, by their tags."""

    def image(self, name: str) -> Build:
        """The image of a variant of this lesson's app, built once per lab; of one that you made
        yourself, built anew when a file has changed. Or what a tag of this lab (`shop:v1`) means
        now, or the image with an id (`sha256:…`) that this lab has built."""
        if ":" in name:
            return self._named(name)
        built = self._builds.get(name)
        own = variants.read(self.session.lesson, name)
        if built and (own is None or built.files == without_ignored(own)):
            return built
        return self.rebuild(name)

    def tag(self, name: str, image: str) -> Build:
        """Let a tag such as `shop:v1.2.3` mean an image from now on: the one of a variant, of
        another tag, or with an id. A tag that there is already moves. Tags belong to this lab;
        nothing else on the engine is touched. Returns the image."""
        built = self.image(image)
        tags.tag(self.session, built.id, name)
        return built

    def untag(self, name: str) -> None:
        """Take a tag away. The image stays, and containers of it run on."""
        self._require_open()
        tags.untag(self.session, name)

    def find(self, name: str) -> Build | None:
        """The image that a tag means now, or that has this id; None when this lab knows none."""
        self._require_open()
        return self._made.get(tags.tagged(self.session, name) or name)

    def compose(
        self, variant: str, *, env: Mapping[str, str] | None = None, held: bool = False
    ) -> Stack:
        """The services of a variant's `compose.yaml`, which may use `env`; `up()` starts them. With
        `held`, a database stays in its start until `release()`. Raises Refused, with the line."""
        project = read_compose(variants.of(self.session.lesson, variant), env)
        return self.stack(project, lambda: self.image(variant), held)

    def stack(self, project: Project, image: Callable[[], Build], held: bool = False) -> Stack:
        """The services of a project, with the image that `build:` means in it."""
        return Stack(cast("Lab", self), project, image, self._fresh, held)

    def _named(self, name: str) -> Build:
        if (found := self.find(name)) is None:
            raise FactorLabError(
                f"No image of this lab is called '{name[:100]}'.",
                next='give it that name first: lab.tag("shop:v1.2.3", "good").',
            )
        return found
