"""Lesson 09: a tag moves and a container does not, a change by hand lasts as long as its container,
and each bad way fails its check for the reason that the lesson names."""

import pytest

from factorlab import Lab
from factorlab.errors import FactorLabError
from factorlab.lab import Call

pytestmark = [pytest.mark.engine, pytest.mark.part("v")]
MEND = ("sed", "-i", "s/PRICE = 5/PRICE = 4/", "app.py")


@pytest.fixture(scope="module")
def lab():
    with Lab("09-build-release-run") as lab:
        yield lab


@pytest.fixture(scope="module")
def env(lab):
    return {"CURRENCY": "EUR", "REDIS_URL": lab.redis("cache").url}


def verdict(lab, check, app):
    return lab.ask(check, app).verdicts[0]


def tea(app):
    return app.get("/").json()["tea"]


def test_a_tag_moves_and_what_runs_does_not_notice(lab, env):
    lab.tag("shop:v1", "good")
    first = lab.run("shop:v1", name="first", env=env)
    lab.tag("shop:v1", "bad")
    first.kill()
    first.start()
    second = lab.run("shop:v1", name="second", env=env)
    third = lab.run(first.image_id, name="third", env=env)
    assert [tea(app) for app in (first, second, third)] == ["4 EUR", "5 EUR", "4 EUR"]
    router = lab.router(first, second, third)
    load = router.load([Call("GET", "/")] * 30, at_once=1)
    assert sum("5 EUR" in reply.text for reply in load.replies) == 10


def test_a_tag_belongs_to_its_lab_and_goes_without_its_image(lab, env):
    built = lab.tag("own:1.0", "good")
    assert lab.image("own:1.0") == built == lab.find("own:1.0")
    lab.untag("own:1.0")
    lab.untag("own:1.0")
    assert lab.find("own:1.0") is None
    assert lab.find(built.id) == built
    assert lab.run(built.id, name="later", env=env).get("/").is_success
    with Lab("01-config") as other:
        assert other.find(built.id) is None
    for strange in ("factorlab/python:3.11", "../up:1", "UPPER:1", "sha256:" + "0" * 64):
        assert lab.find(strange) is None
    with pytest.raises(FactorLabError, match="cannot be a tag"):
        lab.tag("no version", "good")
    with pytest.raises(FactorLabError, match="No image of this lab"):
        lab.run("shop:v9")


def test_the_last_name_of_an_image_can_go_and_the_image_stays(lab):
    files = {"Dockerfile": b"FROM factorlab/python:3.11\nENV N=1\n"}
    first = lab.build("only", files)
    lab.tag("only:1", first.id)
    lab.build("only", {"Dockerfile": b"FROM factorlab/python:3.11\nENV N=2\n"})
    lab.untag("only:1")
    assert lab.run(first.id, name="nameless", wait=False).image_id == first.id


def test_a_change_by_hand_outlives_a_restart_and_not_its_container(lab, env):
    app = lab.run("bad", name="mended", env=env)
    assert app.diff() == []
    assert app.exec(*MEND)[0] == 0
    assert app.diff() == ["C /home", "C /home/app", "C /home/app/app.py"]
    assert tea(app) == "5 EUR"
    app.restart()
    assert tea(app) == "4 EUR"
    app.remove()
    assert tea(lab.run("bad", name="mended", env=env)) == "5 EUR"


def test_with_a_read_only_root_nothing_can_be_mended(lab, env):
    app = lab.run("bad", name="frozen", env=env, read_only=True)
    status, output = app.exec(*MEND)
    assert status != 0 and "Read-only file system" in output
    assert app.exec("touch", "/tmp/may-be-written")[0] == 0
    assert app.diff() == []


@pytest.mark.parametrize(
    "variant, check, seen",
    [
        ("writes", "runs-read-only", "0 of 10 writes answered 2xx, 0 of 10 writes listed"),
        ("writes", "leaves-its-files-alone", "11 files and folders differ from the image"),
        (
            "writes",
            "nothing-kept-in-container",
            "10 of 10 writes listed before, 0 of 10 by the new",
        ),
        ("baked", "one-build-for-all-deploys", "3 images from 3 builds, 0 builds failed"),
        ("baked", "missing-config-is-named", "1 of 2 did"),
    ],
)
def test_a_bad_way_fails_for_the_reason_that_the_lesson_names(lab, env, variant, check, seen):
    found = verdict(lab, check, lab.run(variant, env=env))
    assert not found.passed
    assert seen in found.finding.seen


@pytest.mark.parametrize(
    "check",
    [
        "runs-read-only", "leaves-its-files-alone", "nothing-kept-in-container",
        "one-build-for-all-deploys", "promoted-image-serves-production",
        "missing-config-is-named", "settings-from-environment", "no-secret-in-image",
    ],
)  # fmt: skip
def test_the_good_app_passes(lab, env, check):
    found = verdict(lab, check, lab.run("good", env=env))
    assert found.passed, found.finding.seen
