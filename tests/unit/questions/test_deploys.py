"""What an app says is text from a stranger: reading it never raises."""

import pytest

from factorlab.questions.deploys import json_object


def test_an_object_is_read() -> None:
    assert json_object('{"total": 3}') == {"total": 3}


@pytest.mark.parametrize("text", ["", "total: 3", "[1]", "3", '"x"', "null", "[" * 100_000])
def test_anything_else_is_none(text: str) -> None:
    assert json_object(text) is None
