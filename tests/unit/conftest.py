"""What holds for all tests that need no container engine."""

import pytest


@pytest.fixture(autouse=True)
def no_docker_compose(monkeypatch):
    """Compose files are read by us, whether or not this machine has the command."""
    monkeypatch.setattr("factorlab.audit.compose.COMMAND", ("no-such-docker", "compose"))
