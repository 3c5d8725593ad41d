"""How many files a stranger may hand in, how large, and under which names."""

import pytest

from factorlab.engine.build.context import check_files
from factorlab.errors import Refused


@pytest.mark.parametrize(
    "name", ["../app.py", "a/../../app.py", "/etc/passwd", "a\\..\\b", "a\0b", "..", "x" * 201]
)
def test_a_name_that_leaves_the_folder_or_is_too_long_is_refused(name):
    with pytest.raises(Refused):
        check_files({name: b""})


def test_more_or_larger_files_than_an_answer_needs_are_refused():
    with pytest.raises(Refused, match="51 files"):
        check_files({f"{n}.py": b"" for n in range(51)})
    with pytest.raises(Refused, match=r"app\.py has 200,001 bytes"):
        check_files({"app.py": b"x" * 200_001})
    check_files({f"a/{n}.py": b"x" * 200_000 for n in range(50)})


@pytest.mark.parametrize("text", [b"a\n" * 501, b"x" * 10_001], ids=["lines", "bytes"])
def test_a_dockerignore_longer_than_an_answer_needs_is_refused(text):
    with pytest.raises(
        Refused, match=r"\.dockerignore has .* 500 and 10,000 are the limits"
    ) as told:
        check_files({".dockerignore": text})
    assert told.value.next
    check_files({".dockerignore": b"a\n" * 500})
