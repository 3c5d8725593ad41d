"""The process types of one image: the web process answers requests, the others answer nobody."""

import time
from dataclasses import dataclass

from factorlab.checks.base import Subject
from factorlab.checks.deploys import Config
from factorlab.lab import App, Lab


@dataclass(frozen=True)
class Started:
    """One process of a type that the contract names."""

    type: str
    app: App

    def told(self) -> str:
        """How it fares, in words; with its last line when it has ended."""
        if (code := self.app.exit_code) is None:
            return "runs"
        last = self.app.logs(tail=1).strip()
        if "can't open file" in last:
            return "not there: the image has no such file"
        return f"ended with exit code {code}" + (f": {last[:160]}" if last else "")


def start_others(lab: Lab, subject: Subject, config: Config) -> list[Started]:
    """Start one process of each type beside the web process. One that there is no file for ends at
    once; that is for the check to judge."""
    return [start_one(lab, subject, config, type) for type in subject.contract.processes]


def start_one(lab: Lab, subject: Subject, config: Config, type: str) -> Started:
    """Start one process of this type, with the same config."""
    app = lab.deploy(
        subject.image, f"{subject.name}-{type}", env=config.env, wait=False,
        command=subject.contract.processes[type],
    )  # fmt: skip
    return Started(type, app)


def ends(started: Started, seconds: float) -> bool:
    """Whether it has ended by itself within these seconds."""
    deadline = time.monotonic() + seconds
    while started.app.exit_code is None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
