"""The wheels of the apps' libraries, downloaded inside the image that will install them.

Downloading on the host would choose wheels for the host's interpreter and platform. A host
whose network needs an extra certificate authority or a package mirror passes both on to the
download, and neither gets into an image.
"""

import os
from pathlib import Path
from typing import Any

from requests.exceptions import ConnectionError, ReadTimeout

from factorlab.engine.archive import tar, untar
from factorlab.engine.cleanup.labels import COURSE, OWNER, ROLE, owner
from factorlab.engine.connection import connect
from factorlab.engine.container.container import remove_quietly
from factorlab.errors import NotReady

DOWNLOAD_SECONDS = 600
_CA_VARIABLES = ("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_CA_FILES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt")
_PASSED_ON = ("PIP_INDEX_URL", "PIP_TRUSTED_HOST", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")


def download_wheels(image: str, requirements: bytes) -> dict[str, bytes]:
    """The wheels for a hashed requirements file as `wheelhouse/NAME.whl` -> content.

    Raises NotReady with pip's last lines when the package index cannot be reached.
    """
    files = {"tmp/requirements.txt": requirements}
    env = {name: os.environ[name] for name in _PASSED_ON if os.environ.get(name)}
    if authorities := _certificates():
        files["tmp/authorities.pem"] = authorities
        env["PIP_CERT"] = "/tmp/authorities.pem"
    download = (
        "pip download --quiet --disable-pip-version-check --no-deps --require-hashes "
        "--only-binary :all: --dest /tmp/wheelhouse -r /tmp/requirements.txt"
    )
    container = connect().containers.create(
        image,
        ["sh", "-c", download],
        environment=env,
        labels={COURSE: "factorlab", OWNER: owner(), ROLE: "download"},
    )
    try:
        container.put_archive("/", tar(files))
        container.start()
        if _exit_code(container) != 0:
            raise NotReady(
                "The libraries of the course's apps could not be downloaded.",
                why="\n".join(container.logs().decode(errors="replace").splitlines()[-6:]),
                next="check that this machine reaches the Python package index, then run "
                "`factorlab images build`; or use `factorlab images load FILE`.",
            )
        chunks, _ = container.get_archive("/tmp/wheelhouse")
        return untar(b"".join(chunks))
    finally:
        remove_quietly(container)


def _exit_code(container: Any) -> int:
    """The exit code of the download. Raises NotReady when it takes too long."""
    try:
        return int(container.wait(timeout=DOWNLOAD_SECONDS)["StatusCode"])
    except (ReadTimeout, ConnectionError) as error:  # the SDK lets a time-out through as either
        container.reload()
        if container.status != "running":
            raise
        raise NotReady(
            f"The libraries of the course's apps were not downloaded within {DOWNLOAD_SECONDS} s.",
            why=container.logs().decode(errors="replace")[-600:] or "pip has said nothing so far.",
            next="try again with a faster network; or use `factorlab images load FILE`.",
        ) from error


def stop_download() -> None:
    """End a download that another thread of this process waits for."""
    ours = {"label": [f"{OWNER}={owner()}", f"{ROLE}=download"]}
    for container in connect().containers.list(all=True, filters=ours, ignore_removed=True):
        remove_quietly(container)


def _certificates() -> bytes | None:
    named = [os.environ[name] for name in _CA_VARIABLES if os.environ.get(name)]
    for path in map(Path, [*named, *_CA_FILES]):
        if path.is_file():
            return path.read_bytes()
    return None
