from __future__ import annotations

import ast
import os
import plistlib
import re
import shutil
import struct
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
import tomli
import yaml
from builder import deb, freeze, linux, manpage, pictures, steps, windows

from viewer import __version__, cli
from viewer.base.desktop_entry import MIME_TYPES
from viewer.base.language import OWN_NAMES

pytestmark = pytest.mark.checkout

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"


def test_reads_the_version() -> None:
    assert steps.version() == __version__


def test_the_manual_page_names_every_command_and_option() -> None:
    page = manpage.page()
    for command in cli.COMMANDS:
        assert f".SS\nsoundbite {manpage.roff(command.name)}\n" in page
    assert "\\-\\-json" in page
    assert not [line for line in page.splitlines() if line.startswith("'")]


@pytest.mark.parametrize(
    ("text", "written"), [("a-b", "a\\-b"), (".TH", "\\&.TH"), ("c:\\x", "c:\\ex"), ("'q", "\\&'q")]
)
def test_roff_is_literal(text: str, written: str) -> None:
    assert manpage.roff(text) == written


def test_the_metadata_agrees_with_the_desktop_entry() -> None:
    root = ElementTree.fromstring(linux.metainfo())
    assert root.findtext("id") == linux.COMPONENT
    assert root.findtext("launchable") == "soundbite.desktop"
    assert {node.text for node in root.iter("mediatype")} <= set(MIME_TYPES)
    release = root.find("releases/release")
    assert release is not None
    assert release.get("version") == __version__
    assert "<!--" not in linux.metainfo()


def test_screenshots_are_named_once_there_is_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linux, "HOMEPAGE", "https://example.org/soundbite")
    root = ElementTree.fromstring(linux.metainfo())
    pictures_here = {file.name for file in (steps.ROOT / "resources/screenshots").glob("*.png")}
    images = [node.text for node in root.iter("image")]
    assert images[0] == "https://example.org/soundbite/resources/screenshots/reading-light.png"
    assert {str(image).rpartition("/")[2] for image in images} == pictures_here
    assert len(images) == len(pictures_here)


def test_every_icon_goes_by_the_components_name() -> None:
    for manifest in ("flatpak/org.soundbite.Soundbite.yaml", "macos/Info.plist"):
        assert linux.COMPONENT in (PACKAGING / manifest).read_text("utf-8")


def test_the_build_names_the_version_of_everything_that_is_needed() -> None:
    def named(lines: list[str]) -> set[str]:
        return {re.sub(r"[-_.]+", "-", re.split(r"[<>=!\[]", line)[0]).lower() for line in lines}

    project = tomli.loads((steps.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = (PACKAGING / "constraints.txt").read_text("utf-8").splitlines()
    needed = named(project["dependencies"])
    assert needed <= named([line for line in lines if "==" in line])
    flatpak = (PACKAGING / "flatpak/org.soundbite.Soundbite.yaml").read_text("utf-8")
    of_the_base = {"pyside6-essentials", "pyside6-addons"}
    assert needed - of_the_base <= named(re.findall(r"[\w.-]+", flatpak))


def test_every_package_names_the_languages_that_are_spoken() -> None:
    spoken = set(OWN_NAMES)
    assert {node.text for node in ElementTree.fromstring(linux.metainfo()).iter("lang")} == spoken
    plist = plistlib.loads((PACKAGING / "macos/Info.plist").read_bytes())
    assert set(plist["CFBundleLocalizations"]) == spoken
    assert {f"qtbase_{name}.qm" for name in spoken - {"en"}} == freeze.KEPT_TRANSLATIONS
    wheel = tomli.loads((steps.ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"][
        "targets"
    ]
    catalogues = {name for name in wheel["wheel"]["force-include"] if name.endswith(".mo")}
    assert {name.split("/")[2] for name in catalogues} == spoken - {"en"}


def test_dependencies_are_named_once() -> None:
    depends = deb.merged(["libc6 (>= 2.35)", "libssl3 (>= 3.0.0)"], ("libssl3", "ffmpeg"))
    assert depends == ["ffmpeg", "libc6 (>= 2.35)", "libssl3 (>= 3.0.0)"]
    text = deb.control("1.0", "amd64", depends, 5)
    assert "Depends: ffmpeg, libc6 (>= 2.35), libssl3 (>= 3.0.0)\n" in text
    assert max(map(len, deb.DESCRIPTION.splitlines())) <= 80


@pytest.mark.parametrize(
    ("version", "numbers"), [("0.1.0", (0, 1, 0, 0)), ("1.2.3.4", (1, 2, 3, 4)), ("2.0rc1", (2, 0, 0, 0))]
)
def test_windows_versions_are_four_numbers(version: str, numbers: tuple[int, ...]) -> None:
    assert windows.version_numbers(version) == numbers
    ast.parse(windows.version_resource(version))


def test_icon_containers_hold_the_pictures() -> None:
    pngs = {16: b"\x89PNGsmall", 256: b"\x89PNGlarge!"}
    ico = pictures.ico(pngs)
    assert struct.unpack("<HHH", ico[:6]) == (0, 1, 2)
    for entry, data in zip((ico[6:22], ico[22:38]), pngs.values(), strict=True):
        size, offset = struct.unpack("<II", entry[8:])
        assert ico[offset : offset + size] == data
    icns = pictures.icns({**pngs, 17: b"no such size"})
    assert icns[:4] == b"icns"
    assert struct.unpack(">I", icns[4:8])[0] == len(icns)
    assert icns[8:12] == b"icp4"
    assert b"no such size" not in icns


def test_the_size_report_tells_largest_first_and_no_link_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(steps, "ROOT", tmp_path)
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    for name, size in (("small", 10), ("large", 3_000_000), ("middle", 1_000_000)):
        (bundle / name).write_bytes(bytes(size))
    (bundle / "link").symlink_to("large")
    assert steps.size_bytes(bundle) == 4_000_010
    assert [name for _, name in steps.largest(bundle, 2)] == ["large", "middle"]
    steps.report(bundle, 4.1)
    assert "4 MB" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="budget"):
        steps.report(bundle, 3.9)


def test_the_constraints_keep_to_what_is_sound() -> None:
    pinned = dict(re.findall(r"^([\w-]+)==(.+)$", (PACKAGING / "constraints.txt").read_text("utf-8"), re.M))
    assert pinned["PySide6_Essentials"] == pinned["PySide6_Addons"] == pinned["shiboken6"]
    assert pinned["PySide6_Essentials"] != "6.12.0"
    assert {"yt-dlp", "yt-dlp-ejs", "deno", "imageio-ffmpeg", "pyinstaller"} <= pinned.keys()


def test_the_recipes_can_be_read() -> None:
    plist = plistlib.loads((PACKAGING / "macos/Info.plist").read_bytes())
    assert plist["CFBundleURLTypes"][0]["CFBundleURLSchemes"] == ["soundbite"]
    assert all(kind["LSHandlerRank"] == "Alternate" for kind in plist["CFBundleDocumentTypes"])
    assert plistlib.loads((PACKAGING / "macos/entitlements.plist").read_bytes())
    manifest = yaml.safe_load((PACKAGING / "flatpak/org.soundbite.Soundbite.yaml").read_text("utf-8"))
    assert manifest["id"] == linux.COMPONENT
    # Notes are read where they lie, and a user's file is never rewritten.
    assert "--filesystem=home:ro" in manifest["finish-args"]


@pytest.mark.parametrize(
    "script", ["linux/install.sh", "macos/make_dmg", "appimage/make_appimage", "appimage/AppRun"]
)
def test_the_scripts_are_sound_and_may_be_run(script: str) -> None:
    file = PACKAGING / script
    subprocess.run(["sh", "-n", str(file)], check=True)
    assert os.access(file, os.X_OK)


@pytest.mark.parametrize("removed", [False, True])
def test_the_users_installer_puts_everything_below_home_and_takes_it_away(
    tmp_path: Path, removed: bool
) -> None:
    source, home = tmp_path / "unpacked", tmp_path / "a home"
    for name in (
        "soundbite/soundbite",
        "share/applications/soundbite.desktop",
        "share/metainfo/org.soundbite.Soundbite.metainfo.xml",
        "share/icons/hicolor/scalable/apps/soundbite.svg",
        "share/man/man1/soundbite.1.gz",
    ):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text("Exec=soundbite %U\n")
    shutil.copy(PACKAGING / "linux/install.sh", source)
    mine = home / ".local/share/soundbite/clips/kept.mp4"
    mine.parent.mkdir(parents=True)
    mine.touch()
    environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
    for _ in range(2):  # over itself, as an upgrade does
        subprocess.run([str(source / "install.sh")], env=environment, check=True, capture_output=True)
    assert (home / ".local/bin/soundbite").resolve() == home / ".local/lib/soundbite/soundbite"
    entry = home / ".local/share/applications/soundbite.desktop"
    assert entry.read_text() == f'Exec="{home}/.local/bin/soundbite" %U\n'
    if removed:
        own = str(home / ".local/lib/soundbite/install.sh")
        subprocess.run([own, "--remove"], env=environment, check=True, capture_output=True)
        left = [path for path in home.rglob("*") if not path.is_dir() and path.name != "mimeinfo.cache"]
        assert left == [mine]
