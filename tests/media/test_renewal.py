"""Renewal, with pip itself, from a folder of tiny wheels made here: no network."""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled, ViewerError
from viewer.base.paths import AppPaths
from viewer.base.settings import Settings
from viewer.media import process, renewal, ytdlp_copies
from viewer.media.renewal import RenewalProgress, RenewalStage, newest_version, renew, status
from viewer.media.tools import Tools, copy_command
from viewer.media.ytdlp_copies import YtdlpCopies, age_days, version_key

OWN, NEWER, NEWEST = "2026.1.2", "2030.2.3", "2030.4.5"

_INIT = """
import sys
from . import version
def parse_options(argv): raise SystemExit(5)
"""
_MAIN = "import sys; from yt_dlp.version import __version__; print(__version__ + ' of the renewed', *sys.argv[1:])"
_EXTRACTOR = """
class YoutubeIE:
    @staticmethod
    def ie_key(): return "Youtube"
    @staticmethod
    def suitable(url): return "youtube.com" in url
def gen_extractor_classes(): return [YoutubeIE]
"""

MakeWheel = Callable[..., None]


def write_wheel(
    folder: Path, name: str, version: str, files: dict[str, str], requires: tuple[str, ...] = ()
) -> Path:
    """A wheel as PyPA's binary distribution format wants it."""
    stem = f"{name.replace('-', '_')}-{version}"
    info = f"{stem}.dist-info"
    extras = "Provides-Extra: default\n" if requires else ""
    wanted = "".join(f"Requires-Dist: {one}\n" for one in requires)
    files = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{extras}{wanted}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        record += f"{path},sha256={digest},{len(text.encode())}\n"
    wheel = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in {**files, f"{info}/RECORD": record + f"{info}/RECORD,,\n"}.items():
            archive.writestr(path, text)
    return wheel


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes for its index."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    for module in (renewal, ytdlp_copies):
        monkeypatch.setattr(module, "bundled_version", lambda: OWN)
    write_wheel(folder, "yt-dlp-ejs", "0.9.0", {"yt_dlp_ejs/__init__.py": "version = '0.9.0'\n"})
    return folder


@pytest.fixture
def paths(own_folders: Path) -> AppPaths:
    return AppPaths.standard()


def publish(index: Path, version: str, *, ejs: str = "0.9.0", body: str = _INIT) -> Path:
    year, month, day = version.split(".")
    files = {
        "yt_dlp/__init__.py": body,
        "yt_dlp/__main__.py": _MAIN,
        "yt_dlp/version.py": f"__version__ = '{year}.{int(month):02}.{int(day):02}'\n",
        "yt_dlp/extractor/__init__.py": _EXTRACTOR,
    }
    return write_wheel(index, "yt-dlp", version, files, (f"yt-dlp-ejs=={ejs} ; extra == 'default'",))


def lay(index: Path, paths: AppPaths, version: str) -> None:
    """As if it had been fetched, without pip's second of work."""
    publish(index, version)
    fresh = paths.ytdlp / "new-by-hand"
    for wheel in (*index.glob(f"yt_dlp-{version}-*"), *index.glob("yt_dlp_ejs-*")):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(fresh)
    YtdlpCopies(paths.ytdlp).activate(fresh, version)


def said(paths: AppPaths) -> str:
    """What the yt-dlp that is in use answers."""
    outcome = process.run([*Tools.find(paths).ytdlp, "--version"], cwd=paths.ytdlp, timeout_s=30)
    return outcome.stdout[0] if outcome.stdout else outcome.words


def test_fetches_proves_and_switches(index: Path, paths: AppPaths) -> None:
    publish(index, NEWER)
    steps: list[object] = []
    assert newest_version(paths) == NEWER
    assert not paths.ytdlp.joinpath("active.json").exists(), "looking must not fetch"
    copy = renew(paths, steps.append)
    assert copy is not None
    assert copy.version == NEWER
    assert status(paths) == renewal.YtdlpStatus(NEWER, "renewed", 0)
    assert said(paths) == "2030.02.03 of the renewed --version"
    assert [step.stage for step in steps if isinstance(step, RenewalProgress)][-1] is RenewalStage.DONE
    assert not list(paths.ytdlp.glob("new-*"))
    assert renew(paths) is None, "there is nothing newer"
    manifest = json.loads((paths.ytdlp / f"{NEWER}.json").read_text("utf-8"))
    assert {wheel["name"] for wheel in manifest["wheels"]} == {"yt-dlp", "yt-dlp-ejs"}
    assert all(len(wheel["sha256"]) == 64 for wheel in manifest["wheels"])


def test_what_does_not_import_is_never_used(index: Path, paths: AppPaths) -> None:
    lay(index, paths, NEWER)
    publish(index, NEWEST, body="raise RuntimeError('made for another world')\n")
    with pytest.raises(ViewerError, match="does not work here"):
        renew(paths)
    assert status(paths).version == NEWER
    assert not (paths.ytdlp / NEWEST).exists()


@pytest.mark.parametrize("change", ["changed", "added", "removed", "manifest"])
def test_a_tampered_copy_falls_back(index: Path, paths: AppPaths, change: str) -> None:
    lay(index, paths, NEWER)
    lay(index, paths, NEWEST)
    file = paths.ytdlp / NEWEST / "yt_dlp" / "__main__.py"
    if change == "changed":
        file.write_text(file.read_text("utf-8").replace("renewed", "tampered"), "utf-8")
    elif change == "added":
        (file.parent / "more.py").write_text("", "utf-8")
    elif change == "removed":
        file.unlink()
    else:
        (paths.ytdlp / f"{NEWEST}.json").write_text("{}", "utf-8")
    told = status(paths)
    assert (told.version, told.source) == (NEWER, "renewed")
    assert len(told.passed_over) == 1
    assert said(paths).startswith("2030.02.03 ")


def test_a_copy_that_fails_to_start_gives_way_at_once_and_for_good(index: Path, paths: AppPaths) -> None:
    lay(index, paths, NEWER)
    folder = paths.ytdlp / NEWER
    (folder / "yt_dlp" / "__init__.py").write_text("raise RuntimeError('rotten')\n", "utf-8")
    # Its starter does not look at hashes: as if it had broken in between.
    outcome = process.run([*copy_command(folder), "ytdlp", "--version"], cwd=paths.ytdlp, timeout_s=60)
    assert outcome.ok, outcome.words
    assert "renewed" not in outcome.stdout[0], "the program's own one has answered"
    assert "rotten" in "\n".join(outcome.stderr)
    told = status(paths)
    assert told.source == "bundled"
    assert "rotten" in told.passed_over[0]


def test_the_worker_starts_with_the_renewed_one(index: Path, paths: AppPaths) -> None:
    from viewer.media.child import Child

    lay(index, paths, NEWER)
    child = Child(Tools.find(paths).worker, cwd=paths.ytdlp)
    try:
        assert child.receive(30) == {"id": None, "ready": "2030.02.03"}
    finally:
        child.close()


def test_one_can_go_back(index: Path, paths: AppPaths) -> None:
    for version in (NEWER, NEWEST):
        lay(index, paths, version)
    stock = YtdlpCopies(paths.ytdlp)
    assert stock.go_back() == NEWER
    assert not (paths.ytdlp / NEWEST).exists()
    assert stock.go_back() == OWN
    assert status(paths).source == "bundled"


def test_a_newer_program_outdoes_an_old_copy(
    index: Path, paths: AppPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(index, paths, NEWER)
    for module in (renewal, ytdlp_copies):
        monkeypatch.setattr(module, "bundled_version", lambda: NEWEST)
    assert status(paths) == renewal.YtdlpStatus(NEWEST, "bundled", 0)


def test_a_part_that_is_missing_is_said_and_nothing_older_is_taken(index: Path, paths: AppPaths) -> None:
    publish(index, OWN)
    publish(index, NEWER, ejs="7.7.7")
    with pytest.raises(
        ViewerError, match=r"something that it needs is not on the package index|could not be fetched"
    ):
        renew(paths)
    assert status(paths).source == "bundled"


def test_the_users_choice_is_followed(
    index: Path, paths: AppPaths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(index, paths, NEWER)
    settings = Settings(paths.settings_file)
    settings.set("renew.source", "bundled")
    assert status(paths).version == OWN
    assert "renewed" not in said(paths)
    own = tmp_path / "bin" / "yt-dlp"
    own.parent.mkdir()
    own.write_text(f"#!{sys.executable}\nprint('the system one')\n", "utf-8")
    own.chmod(0o755)
    monkeypatch.setenv("PATH", str(own.parent))
    settings.set("renew.source", "system")
    assert said(paths) == "the system one"
    assert Tools.find(paths).worker[0] == sys.executable


def test_stopping_leaves_everything_as_it_is(index: Path, paths: AppPaths) -> None:
    publish(index, NEWER)
    token = CancelToken()

    def stop(value: object) -> None:
        if isinstance(value, RenewalProgress) and value.stage is RenewalStage.FETCHING:
            token.cancel()

    with pytest.raises(Cancelled):
        renew(paths, stop, token)
    assert status(paths).source == "bundled"
    assert not list(paths.ytdlp.glob("new-*"))


def test_an_index_without_encryption_is_refused(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    item = {
        "metadata": {"name": "yt-dlp", "version": NEWER},
        "download_info": {
            "url": "http://index.example/yt.whl",
            "archive_info": {"hashes": {"sha256": "0" * 64}},
        },
    }
    report.write_text(json.dumps({"install": [item]}), "utf-8")
    with pytest.raises(ViewerError, match="not trustworthy"):
        renewal._reported(report)


def test_pip_is_given_no_other_words(paths: AppPaths, tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        renewal._pip(["install", "--index-url=x"], tmp_path, CancelToken(), 1)
    with pytest.raises(ValueError):
        renewal._pip(["install", "requests"], tmp_path, CancelToken(), 1)


def test_a_state_that_names_a_path_is_not_followed(paths: AppPaths) -> None:
    paths.ytdlp.mkdir(parents=True)
    rows = [{"version": "../../evil", "manifest": "0"}]
    (paths.ytdlp / "active.json").write_text(json.dumps({"copies": rows}), "utf-8")
    assert YtdlpCopies(paths.ytdlp).state() == []


def test_versions_are_dates() -> None:
    assert version_key("2026.08.19") == version_key("2026.8.19") == (2026, 8, 19)
    assert version_key("2026.8.19.1") > version_key("2026.8.19")
    assert version_key("nightly") == ()
    assert age_days("2026.8.19", datetime.date(2026, 11, 21)) == 94
    assert age_days("2026.13.40", datetime.date(2026, 11, 21)) is None
