"""`make bench`: what must be quick, as ratios and medians of one run on this machine.

Not a test: a busy machine makes it slow, not wrong. The bars are in docs/BENCHMARKS.md.
"""

import shutil
import statistics
import subprocess
import time
import uuid
from collections.abc import Callable

from factorlab.course import starter
from factorlab.exercises.exercise import solution_files
from factorlab.exercises.judging import DOCKERFILE, judge
from factorlab.lab import Lab
from factorlab.questions import Subject, ask
from factorlab.questions.spec import spec

ROUNDS = 9
APP = {
    "Dockerfile": DOCKERFILE.encode(),
    "app.py": b"from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/')\ndef home():\n    return {}\n",
}


def seconds(call: Callable[[], object]) -> float:
    """How long a call takes."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def start_by_lab(lab: Lab, image: object) -> Callable[[], object]:
    """Create a container through the lab, until its first response."""
    return lambda: lab.deploy(image, "app")  # type: ignore[arg-type]


def start_by_cli(lab: Lab, tag: str) -> Callable[[], object]:
    """The same with the bare CLI: same image, network and limits; asked by the same probe."""

    def start() -> None:
        name = f"bench-{uuid.uuid4().hex[:8]}"
        subprocess.run(
            [
                "docker",
                "run",
                "-d",
                "--name",
                name,
                "--network",
                lab.network,
                "--network-alias",
                name,
                "--cap-drop",
                "ALL",
                "--memory",
                "256m",
                "--cpus",
                "1",
                "--pids-limit",
                "128",
                "--security-opt",
                "no-new-privileges",
                "--label",
                f"org.factorlab.session={lab.session.id}",
                "--label",
                "org.factorlab.course=factorlab",
                tag,
            ],
            capture_output=True,
            check=True,
        )
        assert lab.probe.wait_http(f"http://{name}:8000/", seconds=20)

    return start


def start_cost() -> None:
    """Create to first 200: the lab against `docker run`, in turns."""
    if shutil.which("docker") is None:
        print("start: no docker CLI here to compare with")
        return
    with Lab("bench-start") as lab:
        image = lab.build("app", APP)
        calls = {"lab": start_by_lab(lab, image), "cli": start_by_cli(lab, image.tag)}
        for call in calls.values():
            call()
        times = {name: [] for name in calls}
        for _ in range(ROUNDS):
            for name, call in calls.items():
                times[name].append(seconds(call))
        ours, bare = (statistics.median(times[name]) for name in ("lab", "cli"))
    print(f"start: lab {ours:.2f} s, docker run {bare:.2f} s, ratio {ours / bare:.2f} (bar 1.15)")


def check_cost() -> None:
    """A check with one app and one database, from an open lab to its verdict."""
    exercise = spec("III-2")
    files = {**starter("III-2"), **solution_files("III-2")}
    with Lab("bench-check", untrusted=True) as lab:
        image = lab.build(
            "answer", {"Dockerfile": DOCKERFILE.encode(), "app.py": files["app.py"].encode()}
        )
        subject = Subject("answer", image, exercise.contract)
        times = []
        for _ in range(ROUNDS):
            times.append(seconds(lambda: ask("serves-from-mounted-file", lab, subject)))
            lab.clear()
        print(f"check: one app, one database: median {statistics.median(times):.2f} s (bar 3 s)")
        task = next(t for t in exercise.tasks if t.question == "serves-from-mounted-file")
        times = [seconds(lambda: judge(exercise, files, [task], lab)) for _ in range(ROUNDS)]
    print(
        f"check: the same with building the answer and clearing up: {statistics.median(times):.2f} s"
    )


if __name__ == "__main__":
    start_cost()
    check_cost()
