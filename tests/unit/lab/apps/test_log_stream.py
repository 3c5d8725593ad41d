"""A log that is followed from outside: lines, counts, and the ways in which it can end."""

import pytest
from fakes import FakeContainer

from factorlab.errors import Endless, FactorLabError, NotReady
from factorlab.lab.apps import log_stream as module
from factorlab.lab.apps.log_stream import Stream


@pytest.fixture
def container():
    made = FakeContainer()
    yield made
    made.write(None)


@pytest.fixture
def stream(container):
    return Stream("shop", container)


def test_a_line_counts_once_it_has_ended_however_it_was_cut(container, stream):
    container.write(b"first\nsec", b"ond\ngr\xc3", b"\xb6\xc3\x9fer")
    assert stream.count(["first", "second", "größer"]) == 3
    assert stream.lines() == ["first", "second"]
    container.write(None)
    assert stream.finish() == ["first", "second", "größer"]


def test_counting_waits_for_what_is_on_its_way_and_no_longer(container, stream):
    container.write(b"one\n")
    assert stream.count(["one", "two"], seconds=0.05) == 1
    container.write(b"two\n")
    assert stream.count(["one", "two"], seconds=10) == 2
    container.write(None)
    assert stream.count(["three"], seconds=60) == 0, "an ended stream has nothing more to wait for"


def test_how_often_a_word_has_come_is_waited_for(container, stream):
    container.write(b"up\nup\n")
    assert stream.times("up", 2, seconds=10) == 2
    assert stream.times("up", 3, seconds=0.05) == 2
    container.write(b"up\n")
    assert stream.times("up", 3, seconds=10) == 3


def test_what_runs_has_no_end_and_the_error_says_what_to_do(container, stream):
    with pytest.raises(FactorLabError, match="'shop' has no end yet") as error:
        stream.finish(0.01)
    assert "stop or kill it first" in error.value.next


def test_a_stream_that_breaks_is_the_machines_fault_and_keeps_what_came(container, stream):
    container.write(b"one\n", NotReady("The engine is gone.", why="the engine went away"))
    with pytest.raises(NotReady, match="could not be followed") as error:
        stream.finish()
    assert "the engine went away" in error.value.why
    assert stream.lines() == ["one"]
    assert repr(stream) == "<Stream of shop>"


def test_a_log_without_an_end_is_followed_so_far_and_no_further(container, stream, monkeypatch):
    monkeypatch.setattr(module, "STREAM_BYTES", 2_000_000)
    container.write(*[b"first\n" + b"y\n" * 500_000] * 3)
    with pytest.raises(Endless, match="wrote more than 2 million bytes") as error:
        stream.finish()
    assert "lines() has what came before" in error.value.next
    assert stream.count(["first", "never"], seconds=60) == 1
    assert stream.times("first", 9, seconds=60) == 2, "what came after that is not kept"
    assert container.pieces.qsize() == 1, "nor read"
