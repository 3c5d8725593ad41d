"""What the tests of panels share: a board over a lab and apps that need no engine."""

import pytest
from fakes import FakeLab, FakeService

from factorlab.panels.board import Board


@pytest.fixture
def lab():
    return FakeLab(services=[FakeService("production")])


@pytest.fixture
def board(lab):
    return Board(lab, ("bad", "good"), {"GREETING": "Hello"})
