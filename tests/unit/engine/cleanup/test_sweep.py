"""What `factorlab clean --images` takes away."""

from types import SimpleNamespace

from docker.errors import ImageNotFound

from factorlab import cli
from factorlab.engine.cleanup import sweep
from factorlab.engine.cleanup.sweep import Leftovers
from factorlab.engine.images.course_images import IMAGES


def test_all_images_that_the_course_made_go_the_empty_one_too(monkeypatch, capsys):
    ours = {*(image.tag for image in IMAGES.values()), "factorlab/empty:1"}
    have = ours | {"shop:1"}

    def remove(tag, force):
        if tag not in have:
            raise ImageNotFound("gone")
        have.remove(tag)

    client = SimpleNamespace(images=SimpleNamespace(remove=remove))
    monkeypatch.setattr(sweep, "connect", lambda: client)
    monkeypatch.setattr(sweep, "remove_everything", Leftovers)
    try:
        cli.main(["clean", "--images"])
    except SystemExit as ended:
        assert not ended.code
    assert have == {"shop:1"}
    assert f"Removed {len(ours)} images of the course." in capsys.readouterr().out
