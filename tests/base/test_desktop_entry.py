from __future__ import annotations

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest

from viewer.base.desktop_entry import entry_text, install, quoted, remove
from viewer.base.errors import ReadError


def keys(text: str) -> dict[str, str]:
    parser = configparser.RawConfigParser(strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    return dict(parser["Desktop Entry"])


def test_writes_and_removes_entry_and_icon(tmp_path: Path) -> None:
    written = install(["/home/me/.local/bin/soundbite"], tmp_path)
    entry = tmp_path / "applications" / "soundbite.desktop"
    assert entry in written
    assert keys(entry.read_text("utf-8"))["Exec"] == "/home/me/.local/bin/soundbite %U"
    assert entry.stat().st_mode & 0o777 == 0o644
    assert (tmp_path / "icons/hicolor/scalable/apps/soundbite.svg").read_bytes().startswith(b"<svg")
    assert install(["/other"], tmp_path) == written
    assert sorted(remove(tmp_path)) == sorted(written)
    assert remove(tmp_path) == []
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_uses_the_users_data_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert all(path.is_relative_to(tmp_path / "data") for path in install(["/x"]))
    monkeypatch.setenv("XDG_DATA_HOME", "relative")  # the specification says: ignore it
    monkeypatch.setenv("HOME", str(tmp_path))
    assert all(path.is_relative_to(tmp_path / ".local/share") for path in install(["/x"]))


def test_leaves_other_files_alone(tmp_path: Path) -> None:
    install(["/x"], tmp_path)
    other = tmp_path / "applications" / "mimeapps.list"
    other.write_text("[Default Applications]\ntext/plain=editor.desktop\n")
    install(["/x"], tmp_path)
    remove(tmp_path)
    assert other.read_text() == "[Default Applications]\ntext/plain=editor.desktop\n"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "icons").touch()
    with pytest.raises(ReadError, match="could not be written"):
        install(["/x"], tmp_path)


def test_a_command_that_is_no_whole_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="whole path"):
        install(["soundbite"], tmp_path)


@pytest.mark.parametrize(
    ("argument", "written"),
    [
        ("/usr/bin/soundbite", "/usr/bin/soundbite"),
        ("/home/a b/x", '"/home/a b/x"'),
        ("50%", "50%%"),
        ('a"b', r'"a\\"b"'),
        ("$HOME", r'"\\$HOME"'),
        ("a\\b", r'"a\\\\b"'),
        ("", '""'),
    ],
)
def test_quotes_as_the_specification_says(argument: str, written: str) -> None:
    assert quoted(argument) == written


def test_a_line_end_cannot_smuggle_a_key() -> None:
    with pytest.raises(ValueError, match="desktop entry"):
        entry_text(["/x\nExec=evil"])


def test_opens_folders_for_nobody() -> None:
    types = keys(entry_text())["MimeType"].rstrip(";").split(";")
    assert "x-scheme-handler/soundbite" in types
    assert "inode/directory" not in types


@pytest.mark.skipif(
    shutil.which("desktop-file-validate") is None, reason="desktop-file-utils is not installed"
)
def test_the_validator_is_content(tmp_path: Path) -> None:
    file = tmp_path / "soundbite.desktop"
    file.write_text(entry_text(["/opt/my apps/sound$bite", "50%"]), encoding="utf-8")
    outcome = subprocess.run(
        ["desktop-file-validate", str(file)], capture_output=True, text=True, check=False
    )
    assert (outcome.returncode, outcome.stdout + outcome.stderr) == (0, "")
