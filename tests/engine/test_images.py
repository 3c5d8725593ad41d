"""The images of the course: when they count as stale or missing, and carrying them to a machine."""

import shutil
import socket

import pytest

from factorlab.engine.cleanup.labels import COURSE, OWNER, owner
from factorlab.engine.connection import connect
from factorlab.engine.errors import translated
from factorlab.engine.images import bundle, course_images
from factorlab.engine.images.course_images import IMAGES, Image
from factorlab.errors import NotReady
from factorlab.lab import Lab

pytestmark = pytest.mark.engine


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """A copy of the images' folders that a test may change."""
    copied = shutil.copytree(IMAGES["base"].folder.parent, tmp_path / "images")
    monkeypatch.setattr(Image, "folder", property(lambda image: copied / image.name))
    return copied


def test_unchanged_images_are_current(folders):
    assert course_images.stale() == []
    assert course_images.missing() == []


@pytest.mark.parametrize(
    ("file", "stale"),
    [
        ("redis/Dockerfile", {"redis"}),
        ("probe/probe.py", {"probe"}),
        ("python/requirements.txt", {"python", "probe", "slim"}),
        ("base/make-base.sh", set(IMAGES)),
    ],
)
def test_a_changed_file_makes_its_image_stale_and_all_that_build_on_it(folders, file, stale):
    with (folders / file).open("a") as text:
        text.write("# changed\n")
    assert set(course_images.stale()) == stale


def test_a_new_and_a_renamed_file_count_as_changes_and_a_cache_does_not(folders):
    (folders / "nginx" / "__pycache__").mkdir()
    (folders / "nginx" / "__pycache__" / "x.pyc").write_text("cache")
    assert course_images.stale() == []
    (folders / "nginx" / "nginx.conf").rename(folders / "nginx" / "other.conf")
    assert course_images.stale() == ["nginx"]


def test_without_an_image_a_lab_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(IMAGES, "probe", Image("probe", "factorlab/probe:no-such", base="python"))
    assert course_images.missing() == ["probe"]
    with pytest.raises(NotReady, match="missing: probe") as told:
        Lab("01-config")
    assert "factorlab images build" in told.value.next
    assert "factorlab images load FILE" in told.value.next


def test_a_bundle_must_be_complete(folders, tmp_path):
    (folders / "redis" / "Dockerfile").write_text("FROM scratch\n")
    with pytest.raises(NotReady, match="Not all images are current: redis"):
        bundle.save(tmp_path / "bundle.tgz")
    assert not (tmp_path / "bundle.tgz").exists()


def test_a_damaged_bundle_is_said_and_no_engine_is_blamed(tmp_path):
    path = tmp_path / "bundle.tgz"
    for content in (b"", b"no bundle at all", b"\x1f\x8b\x08\x00damaged"):
        path.write_bytes(content)
        with pytest.raises(NotReady, match=r"cannot load bundle\.tgz") as told:
            bundle.load(path)
        assert "copy the file again" in told.value.next


def test_saved_images_load_again(tmp_path):
    path = tmp_path / "bundle.tgz"
    size = bundle.save(path)
    assert size == path.stat().st_size > 50 * 2**20
    assert [file.name for file in tmp_path.iterdir()] == ["bundle.tgz"]
    assert bundle.load(path) == []


def test_a_port_that_is_taken_is_said():
    @translated
    def publish(port):
        container = connect().containers.create(
            IMAGES["python"].tag,
            ["sleep", "60"],
            ports={8000: ("127.0.0.1", port)},
            labels={COURSE: "factorlab", OWNER: owner()},
        )
        try:
            container.start()
        finally:
            container.remove(force=True)

    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        pytest.raises(NotReady, match="The port is taken") as told,
    ):
        publish(server.getsockname()[1])
    assert "stop the other program" in told.value.next
