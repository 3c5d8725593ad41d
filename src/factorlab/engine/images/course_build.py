"""Building the images of the course; see course_images.py for which there are."""

import io
import re
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from http.client import HTTPException

from docker.errors import APIError, NotFound
from urllib3.exceptions import HTTPError

from factorlab.engine.archive import tar
from factorlab.engine.build.cancel import cut_off
from factorlab.engine.build.context import read_files
from factorlab.engine.cleanup.labels import COURSE, INPUTS
from factorlab.engine.connection import connect
from factorlab.engine.errors import translated
from factorlab.engine.images.base_image import make_base
from factorlab.engine.images.course_images import IMAGES, Image, stale
from factorlab.engine.images.wheelhouse import download_wheels, stop_download
from factorlab.errors import NotReady

POLL_SECONDS = 0.5
SETTLE_SECONDS = 5
"""How long the engine may take to end the step of a build that was cut off."""
_CLOSED = (OSError, HTTPException, HTTPError, ValueError, AttributeError)
"""What the SDK raises when the stream that it reads is closed under it."""
Progress = Callable[[str, str], None]
"""Called with an image's name and what is being done for it."""


@translated
def build(
    names: Iterable[str] | None = None, progress: Progress = lambda name, doing: None
) -> None:
    """Build the named images, or all that are stale; those that do not depend on each other
    side by side. Raises NotReady with the end of the build's output when one fails. Interrupted,
    it stops the builds at once and removes what they had made so far."""
    wanted = set(stale() if names is None else names)
    rank = {"base": 0, "probe": 2, "slim": 2}
    for level in range(3):
        layer = [i for i in IMAGES.values() if i.name in wanted and rank.get(i.name, 1) == level]
        with ThreadPoolExecutor(4) as pool:
            builds = [pool.submit(_build_one, image, progress) for image in layer]
            try:
                while wait(builds, timeout=POLL_SECONDS).not_done:
                    pass  # a wait without an end cannot be interrupted on Windows
            except KeyboardInterrupt:
                _stop(builds)
                raise
            for build in builds:
                build.result()


def _stop(builds: Sequence[Future[None]]) -> None:
    """End builds that run in threads: cut off what they wait for until they have noticed."""
    for build in builds:
        build.cancel()
    while wait(builds, timeout=POLL_SECONDS).not_done:
        cut_off()
        stop_download()


def _build_one(image: Image, progress: Progress) -> None:
    labels = {COURSE: "factorlab", INPUTS: image.inputs()}
    if image.base is None:
        make_base(image.folder, image.tag, labels, lambda doing: progress(image.name, doing))
    else:
        context = read_files(image.folder)
        try:
            if image.name == "python":
                progress(image.name, "installing the interpreter")
                _run_build(image, context, {}, target="interpreter")
                progress(image.name, "downloading the apps' libraries")
                context |= download_wheels(f"{image.tag}-interpreter", context["requirements.txt"])
            progress(image.name, "building")
            _run_build(image, context, labels)
        finally:
            if image.name == "python":
                with suppress(NotFound, APIError):  # it was not made yet
                    connect().images.remove(f"{image.tag}-interpreter", noprune=True)
    progress(image.name, "ready")


def _run_build(
    image: Image, context: dict[str, bytes], labels: dict[str, str], target: str | None = None
) -> None:
    assert image.base is not None
    steps = connect().api.build(
        fileobj=io.BytesIO(tar(context)),
        custom_context=True,
        tag=image.tag if target is None else f"{image.tag}-{target}",
        target=target,
        buildargs={"BASE": IMAGES[image.base].tag},
        labels=labels,
        rm=True,
        forcerm=True,
        decode=True,
    )
    output = ""
    with suppress(*_CLOSED):  # then it is not built, see below
        for step in steps:
            if "error" in step:
                raise _not_built(image, step["error"], output)
            output += step.get("stream", "")
    if "\nSuccessfully built " not in output:
        _remove_layers(output)
        raise _not_built(image, "the build ended before it was done", output)


def _not_built(image: Image, error: str, output: str) -> NotReady:
    return NotReady(
        f"The image '{image.name}' could not be built: {error}",
        why="\n".join(output.splitlines()[-15:]),
        next="check that the engine reaches Debian's package servers, then run "
        "`factorlab images build`; or bring the images with `factorlab images load FILE`.",
    )


def _remove_layers(output: str) -> None:
    """Remove the layers of a build that was cut off, by the id that its output names last. Those
    of an image that was built before have it as a child, and the engine keeps them."""
    made = re.findall(r"^ ---> ([0-9a-f]{12,})$", output, re.MULTILINE)
    deadline = time.monotonic() + SETTLE_SECONDS
    while made and time.monotonic() < deadline:
        try:
            layer = connect().images.get(made[-1])
            if not layer.tags:
                connect().images.remove(layer.id)
            return
        except NotFound:
            return
        except APIError as error:  # the container of the last step may be on its way out
            if "container" not in str(error):
                return
        time.sleep(0.1)
