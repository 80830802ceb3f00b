"""Fixtures that give tests the stand-in; named by `pytest_plugins` in tests/conftest.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.standin.server import StandinServer


@pytest.fixture(scope="session")
def standin_session() -> Iterator[StandinServer]:
    """The one server of a test run, with the sample talk's 360p picture and sound made (20 s once per machine)."""
    with StandinServer() as server:
        server.prepare()
        yield server


@pytest.fixture
def standin(standin_session: StandinServer) -> Iterator[StandinServer]:
    """The server as new: no faults, no limits, an empty log."""
    standin_session.reset()
    yield standin_session
    standin_session.reset()


@pytest.fixture
def standin_env(standin: StandinServer) -> dict[str, str]:
    """The environment variables for a child that runs yt-dlp (put them over os.environ's)."""
    return standin.environment
