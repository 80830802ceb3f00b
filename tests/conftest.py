"""What every test stands on: no screen, no user folders touched, and no error logged unseen."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# The tests read English, whatever their reader's system speaks. Before Qt asks for it.
os.environ.update(LC_ALL="C.UTF-8", LANG="C.UTF-8")
os.environ.pop("LANGUAGE", None)
# Debian's libpipewire without its client.conf crashes Qt's PipeWire backend.
os.environ.setdefault("QT_AUDIO_BACKEND", "pulseaudio")

pytest_plugins = (
    ["tests.standin.fixtures"] if (Path(__file__).parent / "standin" / "fixtures.py").exists() else []
)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "logs_errors: this test makes the program log an error, on purpose")
    config.addinivalue_line("markers", "checkout: this test reads the program's source beside the tests")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What reads the source is left out where an installed program is tested (packaging/test/pythons)."""
    if not (Path(__file__).parents[1] / "viewer").is_dir():
        for item in items:
            if item.get_closest_marker("checkout"):
                item.add_marker(pytest.mark.skip(reason="the source is not here"))


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has folders of its own; the user's are never seen."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("SOUNDBITE_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def no_unexpected_errors(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    if request.node.get_closest_marker("logs_errors"):
        return
    errors = [record for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    assert not errors, "logged: " + "; ".join(record.getMessage() for record in errors)


@pytest.fixture(scope="session")
def seeds() -> Path:
    return Path(__file__).resolve().parents[1] / "seeds"
