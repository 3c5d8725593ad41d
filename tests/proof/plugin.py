"""What pytest needs for parts: options, selection, the order of tests, and who works on what.

Several workers share a part by module where a module's tests share a lab or a JupyterLab, and by
test where one test is long. The longest begin first, so that all end together.
"""

from collections import defaultdict
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

from proof import durations
from proof.parts import PARTS, part_of

ONE_BY_ONE = ("tests/notebooks", "tests/answers", "tests/audit/test_foreign")
TOGETHER = "tests/browser"
"""All on one worker: one JupyterLab and one browser serve them."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("proof", "Parts of the proof")
    group.addoption("--part", action="append", default=[], choices=PARTS, help="Only this part.")
    group.addoption("--floor", action="store_true", help="Also the tests marked `floor`.")
    group.addoption("--touched", action="append", default=[], help="Also the tests of this file.")
    group.addoption("--keep-durations", type=Path, help="Write here how long each test took.")


def scope_of(nodeid: str) -> str:
    """What one worker does in one go."""
    if nodeid.startswith(TOGETHER):
        return TOGETHER
    return nodeid if nodeid.startswith(ONE_BY_ONE) else nodeid.partition("::")[0]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Every test has a part; those of other parts go; the longest scopes begin."""
    if lost := [item.nodeid for item in items if part_of(item) is None]:
        raise pytest.UsageError(f"No part of the proof has these tests (proof/parts.py): {lost}")
    chosen, others = [], []
    for item in items:
        (chosen if wanted(item, config) else others).append(item)
    config.hook.pytest_deselected(items=others)
    took = durations.read()
    scopes: dict[str, float] = defaultdict(float)
    for item in chosen:
        scopes[scope_of(item.nodeid)] += took.get(item.nodeid, 0.0)
    items[:] = sorted(
        chosen, key=lambda i: (-scopes[scope_of(i.nodeid)], scope_of(i.nodeid))
    )  # stable: a module's own order stays


def wanted(item: pytest.Item, config: pytest.Config) -> bool:
    """Whether the options ask for this test; without any, all are wanted."""
    parts, touched = config.getoption("--part"), config.getoption("--touched")
    floor = config.getoption("--floor")
    if not (parts or touched or floor):
        return True
    return (
        part_of(item) in parts
        or item.nodeid.partition("::")[0] in touched
        or (floor and item.get_closest_marker("floor") is not None)
    )


class ByScope(LoadScopeScheduling):
    """`--dist loadgroup` would do it with markers, but pytest-xdist 3.8 writes them into a field
    that pytest 9.2 no longer reads, and spreads every group over all workers."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByScope:
    config.option.loadscopereorder = False  # it would begin with the scopes of most tests
    return ByScope(config, log)


_took: dict[str, float] = defaultdict(float)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """A fixture's seconds are those of the first test that asks for it."""
    _took[report.nodeid] += report.duration


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The workers' reports have come to the one that began them, and it alone writes."""
    file = session.config.getoption("--keep-durations")
    if file and not hasattr(session.config, "workerinput"):
        durations.write(_took, file)
