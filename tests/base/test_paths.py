from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from viewer.base import paths
from viewer.base.paths import AppPaths, resources_dir, seeds_dir


def test_the_samples_and_resources_of_a_checkout_are_found() -> None:
    assert len(list(seeds_dir().iterdir())) == 3
    assert (resources_dir() / "themes").is_dir()


def test_a_frozen_program_looks_in_its_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "seeds").mkdir()
    monkeypatch.setattr(paths.sys, "_MEIPASS", str(tmp_path), raising=False)
    assert seeds_dir() == tmp_path / "seeds"


def test_one_variable_moves_every_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    ours = AppPaths.standard()
    for folder in (ours.config, ours.data, ours.cache, ours.log, ours.clips, ours.work):
        assert folder.is_relative_to(tmp_path)


def test_the_users_own_database_is_not_in_the_cache() -> None:
    ours = AppPaths.below(Path("/x"))
    assert not ours.user_file.is_relative_to(ours.cache)
    assert not ours.clips.is_relative_to(ours.cache)


@pytest.mark.checkout
def test_the_wheel_carries_samples_and_resources(tmp_path: Path) -> None:
    hatchling = pytest.importorskip("hatchling.build")
    import os

    root = Path(__file__).resolve().parents[2]
    before = Path.cwd()
    os.chdir(root)
    try:
        name = hatchling.build_wheel(str(tmp_path))
    finally:
        os.chdir(before)
    names = zipfile.ZipFile(tmp_path / name).namelist()
    assert sum(n.startswith("viewer/_data/seeds/") for n in names) == 3
    assert any(n.startswith("viewer/_data/resources/themes/") for n in names)
    assert "viewer/app.py" in names
