"""Long work says what it does, short work says nothing, and nothing stays when it has ended."""

import subprocess
import sys
import threading

import pytest

from factorlab.display import bar, front
from factorlab.display.bar import Drawn, LineFace, NotebookFace, working

SECONDS = 10


class Seen:
    """A face that remembers, and tells when it was drawn."""

    def __init__(self) -> None:
        self.drawn: list[Drawn] = []
        self.wiped = 0
        self.once = threading.Condition()

    def draw(self, now: Drawn) -> None:
        with self.once:
            self.drawn.append(now)
            self.once.notify_all()

    def wipe(self) -> None:
        self.wiped += 1

    def wait(self, text: str) -> Drawn:
        """Wait until something with this text is drawn."""
        with self.once:
            assert self.once.wait_for(
                lambda: self.drawn and text in self.drawn[-1].text, SECONDS
            ), [now.text for now in self.drawn]
            return self.drawn[-1]


@pytest.fixture
def face(monkeypatch):
    made = Seen()
    monkeypatch.setattr(bar, "_face", lambda: made)
    monkeypatch.setattr(bar, "DELAY_SECONDS", 0)
    monkeypatch.setattr(bar, "REDRAW_SECONDS", 0.01)
    return made


def test_long_work_says_what_is_done_and_how_far_it_is(face):
    with working("Judging III-1", of=5) as tell:
        assert face.wait("Judging III-1").done == 0
        tell("task 2 of 5", done=1)
        now = face.wait("Judging III-1: task 2 of 5")
        assert (now.done, now.of) == (1, 5)
    assert face.wiped == 1


def test_work_inside_work_joins_the_one_bar(face):
    with working("Judging III-1"), working("III-1", of=5) as tell:
        tell("task 3 of 5", done=2)
        with working("Is there a secret?"):
            now = face.wait("Judging III-1 · III-1: task 3 of 5 · Is there a secret?")
            assert (now.done, now.of) == (2, 5)
        face.wait("task 3 of 5")
    assert face.wiped == 1


def test_the_last_of_several_threads_ends_the_bar(face):
    go = threading.Event()

    def other():
        with working("other"):
            go.wait(SECONDS)

    thread = threading.Thread(target=other)
    with working("first"):
        thread.start()
        face.wait("first · other")
    face.wait("other")
    assert face.wiped == 0
    go.set()
    thread.join(SECONDS)
    assert face.wiped == 1


@pytest.mark.parametrize("how", [KeyboardInterrupt, ZeroDivisionError])
def test_work_that_is_cut_off_leaves_no_bar(face, how):
    with pytest.raises(how), working("Judging"):
        face.wait("Judging")
        raise how
    assert face.wiped == 1
    assert bar._open == [] and bar._drawer is None


def test_short_work_shows_nothing(monkeypatch):
    made = []
    monkeypatch.setattr(bar, "_face", lambda: made.append(1))
    with working("quick"):
        pass
    assert made == []


def test_a_bar_that_cannot_be_drawn_never_stops_the_work(face, monkeypatch):
    def broken(now):
        with face.once:
            face.drawn.append(now)
            face.once.notify_all()
        raise BrokenPipeError

    monkeypatch.setattr(face, "draw", broken)
    with working("Judging"):
        face.wait("Judging")
    assert len(face.drawn) == 1


NOW = Drawn("III-1 · <b>\x1b[31m", 2, 5, 7.4)


def test_a_pipe_gets_one_line(capsys):
    face = LineFace()
    face.draw(NOW)
    face.draw(NOW)
    face.wipe()
    assert capsys.readouterr().err == "III-1 · <b>\\x1b[31m …\n"


def test_a_notebook_gets_one_display_that_is_updated_and_emptied(monkeypatch):
    from IPython.display import DisplayHandle

    sent = []
    for name in ("display", "update"):
        monkeypatch.setattr(
            DisplayHandle, name, lambda self, bundle, raw, name=name: sent.append((name, bundle))
        )
    face = NotebookFace()
    face.wipe()
    assert sent == [], "what was never shown is not wiped"
    face.draw(NOW)
    face.draw(Drawn("nobody knows how much", 0, None, 8))
    face.wipe()
    assert [name for name, _ in sent] == ["display", "update", "update"]
    assert '<progress value="2" max="5"' in sent[0][1]["text/html"]
    assert "<b>" not in sent[0][1]["text/html"] and "7 s" in sent[0][1]["text/html"]
    assert "<progress style" in sent[1][1]["text/html"]
    assert sent[2][1] == {}


def test_a_pipe_is_told_once_what_takes_long():
    code = """if True:
        import time
        from factorlab.display import bar, working
        bar.DELAY_SECONDS = 0
        with working("Building"):
            while not (bar._drawer and bar._drawer._face and bar._drawer._face._said):
                time.sleep(0.01)
        """
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert (run.stdout, run.stderr) == ("", "Building …\n")


def test_nobody_is_asked_in_a_pipe(monkeypatch):
    monkeypatch.setattr("builtins.input", lambda question: pytest.fail("asked"))
    assert front.ask("Sure?") is None
