"""The one base of all images: `debian:bookworm-slim`, or its equal made from Debian's packages."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

from docker.errors import DockerException
from requests.exceptions import RequestException

from factorlab.engine.connection import connect
from factorlab.engine.machine.apt import apt_install, sudo
from factorlab.errors import NotReady

REFERENCE = "debian:bookworm-slim"
PULL_SECONDS = 30


def make_base(
    folder: Path, tag: str, labels: Mapping[str, str], progress: Callable[[str], None]
) -> None:
    """Tag a Debian 12 base image as `tag`, from a registry or, where none answers, from packages.

    Raises NotReady when neither is possible here.
    """
    progress(f"asking the registry for {REFERENCE}")
    if _pull():
        dockerfile = f"FROM {REFERENCE}\n".encode()
        connect().images.build(fileobj=BytesIO(dockerfile), tag=tag, labels=dict(labels), rm=True)
        return
    progress("no registry answers: making the base from Debian's packages (about 15 s)")
    _import(_bootstrap(folder / "make-base.sh"), tag, labels)


def _pull() -> bool:
    client = connect()
    try:
        client.images.get(REFERENCE)
        return True
    except DockerException:
        pass
    before, client.api.timeout = client.api.timeout, PULL_SECONDS
    try:
        client.images.pull(REFERENCE)
        return True
    except (DockerException, RequestException):
        return False
    finally:
        client.api.timeout = before


def _bootstrap(script: Path) -> bytes:
    if shutil.which("mmdebstrap") is None:
        apt_install("mmdebstrap")
    if shutil.which("mmdebstrap") is None or not (os.geteuid() == 0 or sudo()):
        raise NotReady(
            "No image registry answers, and the base image cannot be made here.",
            why=f"{REFERENCE} could not be pulled; making it from packages needs Debian or Ubuntu "
            "with root or password-less sudo, and mmdebstrap.",
            next="connect to the internet and run `factorlab images build`, or bring the images "
            "from another machine with `factorlab images load FILE`.",
        )
    run = subprocess.run([*sudo(), "sh", str(script)], capture_output=True, check=False)
    if run.returncode != 0:
        raise NotReady(
            "The base image could not be made from Debian's packages.",
            why="\n".join(run.stderr.decode(errors="replace").splitlines()[-8:]),
            next="check that this machine reaches Debian's package servers, then try again.",
        )
    return run.stdout


def _import(root_filesystem: bytes, tag: str, labels: Mapping[str, str]) -> None:
    changes = ['CMD ["bash"]', *(f'LABEL {key}="{value}"' for key, value in labels.items())]
    repository, _, version = tag.partition(":")
    connect().api.import_image_from_data(
        root_filesystem, repository=repository, tag=version, changes=changes
    )
