from __future__ import annotations

import json
from pathlib import Path

import pytest

from viewer.base.errors import SettingError
from viewer.base.settings import Settings
from viewer.base.settings_table import SETTINGS


def test_every_default_passes_its_own_check() -> None:
    for row in SETTINGS:
        assert row.check(row.default) == row.default


def test_keys_are_unique() -> None:
    keys = [row.key for row in SETTINGS]
    assert len(keys) == len(set(keys))


def test_a_change_is_told_and_survives(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "settings.json"
    heard: list[str] = []
    settings = Settings(file)
    settings.listen(heard.append)
    settings.set("play.volume", 35)
    settings.set("play.volume", 35)
    assert heard == ["play.volume"]
    assert Settings(file).get("play.volume") == 35


def test_the_keys_of_a_newer_version_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"from.the.future": 7}', "utf-8")
    Settings(file).set("play.muted", True)
    assert json.loads(file.read_text("utf-8")) == {"from.the.future": 7, "play.muted": True}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("play.volume", 101),
        ("play.volume", "loud"),
        ("play.volume", True),
        ("look.theme", "pink"),
        ("library.folders", [1]),
    ],
)
def test_a_bad_value_is_refused(key: str, value: object) -> None:
    with pytest.raises(SettingError):
        Settings().set(key, value)  # type: ignore[arg-type]


def test_a_bad_stored_value_falls_back_to_its_default(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"play.volume": "loud", "play.speed": 2}', "utf-8")
    settings = Settings(file)
    assert settings.get("play.volume") == 80
    assert settings.get("play.speed") == 2.0


def test_a_broken_file_is_put_aside_not_lost(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text("{half", "utf-8")
    settings = Settings(file)
    settings.set("play.muted", True)
    assert (tmp_path / "settings.broken.json").read_text("utf-8") == "{half"
    assert Settings(file).get("play.muted") is True


def test_the_default_of_a_list_cannot_be_changed_from_outside() -> None:
    settings = Settings()
    settings.get("library.folders").append("x")
    assert settings.get("library.folders") == []
