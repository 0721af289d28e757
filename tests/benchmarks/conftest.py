"""Collects the figures of a run and prints them as one table at its end."""

import platform

import pytest

from tests.benchmarks.measuring import Table

_TABLE = pytest.StashKey[Table]()


@pytest.fixture
def table(request: pytest.FixtureRequest) -> Table:
    """Where a benchmark puts its figures."""
    return request.config.stash.setdefault(_TABLE, Table())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    found = config.stash.get(_TABLE, None)
    if found is not None and found.figures:
        terminalreporter.section("figures")
        terminalreporter.write_line(f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}")
        for line in found.lines():
            terminalreporter.write_line(line)
