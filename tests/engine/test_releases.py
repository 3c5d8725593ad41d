"""Lesson 09: what its stored outputs do not show: whose a tag is, and checks that the lesson does not ask.
(The tag that moves, the change by hand, the read-only root, `runs-read-only` and
`one-build-for-all-deploys` stand there.)"""

import pytest

from factorlab import Lab
from factorlab.errors import FactorLabError

pytestmark = [pytest.mark.engine, pytest.mark.part("v")]


@pytest.fixture(scope="module")
def lab():
    with Lab("09-build-release-run") as lab:
        yield lab


@pytest.fixture(scope="module")
def env(lab):
    return {"CURRENCY": "EUR", "REDIS_URL": lab.redis("cache").url}


@pytest.fixture(scope="module")
def good(lab, env):
    return lab.run("good", env=env)


def verdict(lab, check, app):
    return lab.ask(check, app).verdicts[0]


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


@pytest.mark.parametrize(
    "variant, check, seen",
    [
        ("writes", "leaves-its-files-alone", "11 files and folders differ from the image"),
        (
            "writes",
            "nothing-kept-in-container",
            "10 of 10 writes listed before, 0 of 10 by the new",
        ),
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
        "leaves-its-files-alone",
        "nothing-kept-in-container",
        "promoted-image-serves-production",
        "missing-config-is-named",
        "settings-from-environment",
        "no-secret-in-image",
    ],
)
def test_the_good_app_passes(lab, good, check):
    found = verdict(lab, check, good)
    assert found.passed, found.finding.seen
