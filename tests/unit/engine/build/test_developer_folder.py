"""A developer's folder is packed as `docker build` packs it."""

import tarfile

import pytest

from factorlab.engine.build import build_folder, developer_folder
from factorlab.engine.build.developer_folder import Folder
from factorlab.engine.cleanup.labels import Session
from factorlab.errors import FactorLabError, NotReady


def packed(path):
    with tarfile.open(fileobj=Folder(path).packed("FROM scratch")) as archive:
        return set(archive.getnames())


@pytest.mark.parametrize(
    "text",
    [b"# caf\xe9\n*.log\n", b"\xef\xbb\xbf*.log\n", "*.log\ncafé".encode("latin-1")],
    ids=["a comment in Latin-1", "a byte order mark", "a name in Latin-1"],
)
def test_a_dockerignore_need_not_be_utf_8(tmp_path, text):
    (tmp_path / ".dockerignore").write_bytes(text)
    for name in ("app.py", "x.log"):
        (tmp_path / name).write_text(name)
    assert "app.py" in packed(tmp_path) and "x.log" not in packed(tmp_path)


def test_a_file_that_cannot_be_read_is_named(tmp_path, monkeypatch):
    def unreadable(**options):
        raise OSError("Can not read file in context: /x/private.key")  # as the SDK does

    monkeypatch.setattr(developer_folder, "create_archive", unreadable)
    with pytest.raises(FactorLabError) as told:
        packed(tmp_path)
    assert not isinstance(told.value, NotReady)
    assert "private.key" in told.value.why and ".dockerignore" in told.value.next


@pytest.mark.parametrize(
    ("dockerfile", "packed_as"),
    [
        ("Dockerfile", "Dockerfile"),
        ("./docker/web", "docker/web"),
        ("../web", ".factorlab.Dockerfile"),
        ("..web", "..web"),
        ("a/../../web", ".factorlab.Dockerfile"),
        ("/x/web", ".factorlab.Dockerfile"),
    ],
)
def test_a_dockerfile_may_lie_outside_of_its_folder(tmp_path, dockerfile, packed_as):
    """Compose allows it, and the builder looks into what it is sent alone."""
    folder = Folder(tmp_path, dockerfile)
    with tarfile.open(fileobj=folder.packed("FROM scratch")) as archive:
        assert archive.getnames() == [packed_as]


def test_a_folder_is_built_again_when_another_lab_removed_an_image_meanwhile(tmp_path, monkeypatch):
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    calls = []

    def sent(context, tag, folder, nocache):
        calls.append((nocache, len(context.read())))
        return ("sha256:1", "") if nocache else (None, 'unable to find image "sha256:0123"')

    monkeypatch.setattr(build_folder, "_build", sent)
    folder = Folder(tmp_path, "Dockerfile", None, "")
    assert build_folder.build_folder(Session("test"), "app", folder).id == "sha256:1"
    [(first, size), (second, again)] = calls
    assert (first, second) == (False, True)
    assert size == again > 0
