"""Long work that is interrupted leaves nothing behind: no container, no image, no bar."""

import signal
import subprocess
import sys
import uuid

import pytest
from jupyter_client.manager import start_new_kernel
from on_engine import begin, count, left, owner_of, until

from factorlab import course
from factorlab.engine.cleanup import labels
from factorlab.engine.connection import connect
from factorlab.exercises import answer_files
from factorlab.exercises.exercise import solution_files

pytestmark = pytest.mark.engine

BEGUN_SECONDS = 60
GONE_SECONDS = 15
APP = f"{labels.ROLE}=app"


@pytest.fixture
def answer(tmp_path):
    for name, text in {**course.starter("III-2"), **solution_files("III-2")}.items():
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize("role", ["probe", "app"])
def test_a_check_that_is_interrupted_leaves_nothing(answer, role):
    """While the lab comes up, and while an app is judged."""
    process = subprocess.Popen(
        [sys.executable, "-m", "factorlab", "check", "III-2", "--answers", str(answer)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    owner = owner_of(process)
    assert until(lambda: count(owner, f"{labels.ROLE}={role}") > 0, BEGUN_SECONDS)
    process.send_signal(signal.SIGINT)
    said, trouble = process.communicate(timeout=GONE_SECONDS)
    assert process.returncode != 0
    assert "passed" not in said and "Traceback" not in trouble
    assert until(lambda: not left(owner), GONE_SECONDS), left(owner)


APP_BUILDING = """
import sys
from factorlab import Lab
Lab("01-config").build("slow", {"Dockerfile": sys.stdin.read().encode()}, trusted=True)
"""


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_an_app_image_whose_build_is_cut_off_leaves_no_layer(end):
    mark = f"org.factorlab.test-{uuid.uuid4().hex[:8]}"
    process = begin(APP_BUILDING)
    owner = owner_of(process)
    process.stdin.write(
        f"FROM factorlab/python:3.11\nLABEL {mark}=1\nRUN touch /tmp/a\nRUN sleep 300\n"
    )
    process.stdin.close()
    assert until(lambda: steps_of(mark), BEGUN_SECONDS)
    process.send_signal(end)
    assert process.wait(GONE_SECONDS) != 0
    assert until(lambda: not left(owner), GONE_SECONDS), left(owner)
    assert connect().api.images(all=True, filters={"label": mark}) == []


BUILDING = """
import sys
from pathlib import Path
from factorlab.engine.images import course_build, course_images
from factorlab.engine.images.course_images import Image
course_images.IMAGES["test"] = Image("test", sys.argv[2], base="python")
Image.folder = property(lambda image: Path(sys.argv[1]))
Image.inputs = lambda image: "0"
course_build.build(["test"])
"""


def test_a_build_of_an_image_of_the_course_that_is_interrupted_leaves_nothing(tmp_path):
    mark = f"org.factorlab.test-{uuid.uuid4().hex[:8]}"
    (tmp_path / "Dockerfile").write_text(
        f"ARG BASE\nFROM $BASE\nLABEL {mark}=1\nRUN touch /tmp/{mark}\nRUN sleep 300 && echo {mark}\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", BUILDING, str(tmp_path), f"{mark}:1"], stderr=subprocess.PIPE
    )
    assert until(lambda: steps_of(mark), BEGUN_SECONDS)
    process.send_signal(signal.SIGINT)
    _, trouble = process.communicate(timeout=GONE_SECONDS)
    assert trouble.rstrip().endswith(b"KeyboardInterrupt")
    assert until(lambda: not steps_of(mark), GONE_SECONDS)
    assert connect().api.images(all=True, filters={"label": mark}) == []


def steps_of(mark: str) -> list[str]:
    """The containers in which a build runs the step that takes long."""
    found = connect().api.containers(all=True, filters={"label": mark})
    return [raw["Id"] for raw in found if "sleep 300" in raw["Command"]]


class Kernel:
    """A notebook's kernel with somebody before it."""

    def __init__(self) -> None:
        self.manager, self.client = start_new_kernel()
        self.owner = f"{labels.OWNER}={self.run('print(owner())', BEFORE)[0]['text'].strip()}"

    def begin(self, *code: str) -> None:
        self.client.execute("\n".join([*reversed(code)]), allow_stdin=True)

    def run(self, *code: str) -> list[dict]:
        self.begin(*code)
        return self.rest()

    def rest(self) -> list[dict]:
        """What the cell shows until it has ended."""
        shown = []
        while (message := self.next())["content"].get("execution_state") != "idle":
            if message["msg_type"] in ("stream", "display_data", "update_display_data", "error"):
                shown.append(message["content"])
        return shown

    def next(self) -> dict:
        return self.client.get_iopub_msg(timeout=BEGUN_SECONDS)


BEFORE = "from factorlab import Exercise\nfrom factorlab.engine.cleanup.labels import owner"


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    monkeypatch.setenv("FACTORLAB_WORK", str(tmp_path))
    kernel = Kernel()
    yield kernel
    kernel.client.stop_channels()
    kernel.manager.shutdown_kernel(now=True)


def test_a_check_that_is_interrupted_in_a_notebook_leaves_no_bar_and_no_container(kernel):
    for name, text in solution_files("III-2").items():
        answer_files.save("III-2", name, text)
    kernel.begin("Exercise('III-2').check()")
    bar = ""
    while "task " not in bar:
        bar = kernel.next()["content"].get("data", {}).get("text/html", "")
    assert "<progress value=" in bar and "III-2: task " in bar
    assert until(lambda: count(kernel.owner, APP), BEGUN_SECONDS)
    kernel.manager.interrupt_kernel()
    shown = kernel.rest()
    assert [one["data"] for one in shown if "data" in one][-1] == {}, "the bar is emptied"
    assert shown[-1]["ename"] == "KeyboardInterrupt"
    assert count(kernel.owner, APP) == 0
    assert count(kernel.owner, f"{labels.ROLE}=probe") == 1, "the lab waits for the next check"
    kernel.manager.shutdown_kernel()
    assert until(lambda: count(kernel.owner) == 0, GONE_SECONDS)


def test_a_short_cell_shows_no_bar_and_a_kernel_without_anybody_never_does(kernel):
    code = "from factorlab.display import bar, working\nwith working('x'): pass"
    assert kernel.run(code) == []
    kernel.client.execute(
        "import time\nbar.DELAY_SECONDS = 0\nwith working('x'): time.sleep(0.2)", allow_stdin=False
    )
    assert kernel.rest() == []
