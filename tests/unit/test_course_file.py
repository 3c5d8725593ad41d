"""The catalogue of the course has no name, type or number that its form does not have."""

import pytest

from factorlab import course, course_file
from factorlab.errors import FactorLabError


@pytest.fixture
def put(tmp_path, monkeypatch):
    """Another course.toml, with one thing changed."""

    def write(old, new):
        text = (course.root() / "course.toml").read_text("utf-8")
        assert old in text
        (tmp_path / "course.toml").write_text(text.replace(old, new, 1), "utf-8")
        monkeypatch.setattr(course, "root", lambda: tmp_path)
        return tmp_path / "course.toml"

    return write


def test_the_catalogue_has_its_form():
    read = course_file.read(course.root() / "course.toml")
    assert [one.name for one in read.lesson] == [one.name for one in course.lessons()]
    assert {one.tier for one in read.lesson} == set(course.TIERS)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("minutes = 15", "minute = 15", "line 4: 'minutes' is missing in lesson[0]"),
        ('tier = "start"', "", "line 4: 'tier' is missing in lesson[0]"),
        ("[[lesson]]", "[lesson]", "line 17: `[[lesson]]` is there a second time"),
        (
            "objectives = [",
            "objectives = 3\nvariant = [",
            "line 9: lesson[0].objectives must be a list",
        ),
    ],
)
def test_a_catalogue_that_cannot_be_read_is_told_with_its_line(put, old, new, told):
    put(old, new)
    with pytest.raises(FactorLabError) as error:
        course.lessons.__wrapped__()
    assert told in f"{error.value.what}\n{error.value.why}"
    assert error.value.what.startswith("The catalogue course.toml cannot be used: line ")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("minutes = 15", "minutes = 0", "minutes must be at least 1, and is 0"),
        ('tier = "start"', 'tier = "strat"', "is 'strat'; did you mean start?"),
        ("variants = ", "variant = ", "has the unknown name 'variant'; did you mean variants?"),
    ],
)
def test_what_the_course_would_overlook_its_form_does_not(put, old, new, told):
    with pytest.raises(ValueError, match=r"line \d+: .*" + told.replace("?", r"\?")):
        course_file.read(put(old, new))
