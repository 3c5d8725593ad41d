"""`factorlab audit` as it is called: exit status, files, Ctrl-C; and images that are unusual."""

import json
import os
import signal
import subprocess
import sys

import far as far_engine
import pytest
from forms import HERE
from on_engine import until

from factorlab.audit import audit
from factorlab.audit.target import resolve
from factorlab.engine.cleanup.labels import OWNER
from factorlab.engine.connection import connect
from factorlab.lab import Lab

pytestmark = pytest.mark.engine
COMMAND = [sys.executable, "-m", "factorlab", "audit"]
SERVER = "CMD python -m http.server 8000"


def run(*words, before=()):
    command = [*before, *COMMAND, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


def test_a_folder_gives_a_scorecard_in_each_form(tmp_path):
    html, junit = tmp_path / "report.html", tmp_path / "audit.xml"
    done = run(
        HERE / "apps" / "fastapi", "--only", "I,S", "--json", "--html", html, "--junit", junit
    )
    assert done.returncode == 1, done.stderr
    card = json.loads(done.stdout)
    assert {one["id"]: one["result"] for one in card["questions"]} == {
        "image-names-its-revision": "failed",
        "runs-without-root": "passed",
    }
    assert "git rev-parse HEAD" in html.read_text()
    assert 'failures="1"' in junit.read_text()


def test_an_engine_on_another_machine_is_as_good():
    """The command has no way to the app but the engine's API."""
    root = [] if os.geteuid() == 0 else ["--map-root-user"]
    far = ["unshare", *root, "--net", sys.executable, far_engine.__file__]
    done = run(HERE / "apps" / "fastapi", "--only", "honors-port,IX,XI", "--json", before=far)
    assert done.returncode == 0, done.stderr
    results = {one["id"]: one["result"] for one in json.loads(done.stdout)["questions"]}
    assert results.pop("workers-stop-by-themselves") == "not tested"
    assert len(results) == 7
    assert set(results.values()) == {"passed"}


def test_what_is_not_there_is_told_in_plain_words(tmp_path):
    for words, told in (
        (["nosuch:1"], "has no image 'nosuch:1'"),
        ([tmp_path], "There is no Dockerfile"),
        (["shop:1", "--skip", "I"], "--skip needs a name"),
    ):
        done = run(*words)
        assert (done.returncode, told in done.stderr) == (1, True), done.stderr
        assert "Traceback" not in done.stderr


def test_a_draft_is_written_once(tmp_path):
    (tmp_path / "Dockerfile").write_text("FROM factorlab/python:3.11\nEXPOSE 9000\n")
    assert run(tmp_path, "--init").returncode == 0
    assert "port = 9000\n" in (tmp_path / "factorlab.toml").read_text()
    assert "is there already" in run(tmp_path, "--init").stderr


def test_an_interrupt_leaves_nothing():
    process = subprocess.Popen(
        [*COMMAND, str(HERE / "apps" / "fastapi")], stderr=subprocess.PIPE, text=True
    )
    mine = f":{process.pid}:"

    def owned():
        containers = connect().containers.list(
            all=True, filters={"label": OWNER}, ignore_removed=True
        )
        return [one for one in containers if mine in one.labels.get(OWNER, "")]

    assert until(lambda: len(owned()) >= 4, 120)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in told
    assert until(lambda: not owned())


def of(folder, dockerfile, contract="[app]\nport = 8000\n", only=()):
    (folder / "Dockerfile").write_text(f"FROM factorlab/python:3.11\n{dockerfile}\n")
    (folder / "factorlab.toml").write_text(contract)
    target = resolve(str(folder))
    with Lab("audit") as lab:
        return audit(lab, target.subject(lab), only=only)


def test_an_image_that_needs_capabilities_gets_the_usual_ones_and_the_report_says_so(tmp_path):
    start = (
        "chown 10001 /srv && exec setpriv --reuid 10001 --clear-groups python -m http.server 8000"
    )
    card = of(tmp_path, f'USER root\nCMD ["sh", "-c", "{start}"]', only=["runs-without-root"])
    assert card.row("runs-without-root").result == "passed"
    assert "usual ones" in card.notes[0]


def test_an_image_without_cat_and_a_build_that_needs_root_are_audited(tmp_path):
    only = ["reachable-from-outside", "requests-reach-stdout", "runs-without-root"]
    card = of(tmp_path, f"USER root\nRUN rm /bin/cat\n{SERVER}", only=only)
    results = {row.id: str(row.result) for row in card.rows}
    assert results == {only[0]: "passed", only[1]: "failed", only[2]: "failed"}


def test_an_app_that_does_not_start_is_asked_what_its_image_can_answer(tmp_path):
    only = ["image-names-its-revision", "reachable-from-outside", "runs-without-root"]
    card = of(tmp_path, 'CMD ["python", "-c", "raise SystemExit(\'no license\')"]', only=only)
    row = card.row("reachable-from-outside")
    assert (row.result, "no license" in row.log) == ("failed", True)
    assert card.row("runs-without-root").result == "not tested"
    assert card.exit_status() == 1
