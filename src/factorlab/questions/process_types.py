"""The process types of one image: the web process answers requests, the others answer nobody."""

from dataclasses import dataclass

from factorlab.lab import App, Lab
from factorlab.questions.deploys import Config
from factorlab.questions.subject import Subject


@dataclass(frozen=True)
class Started:
    """One process of a type that the contract names."""

    type: str
    app: App

    def summary(self) -> str:
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
        subject.image,
        f"{subject.name}-{type}",
        env=config.env,
        wait=False,
        command=subject.contract.processes[type],
    )
    return Started(type, app)
