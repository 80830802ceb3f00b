"""Renewal, reports and what other programs ask for, in the real window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from viewer.app import Application
from viewer.base.cancel import CancelToken, Progress
from viewer.base.crash import LastRun
from viewer.base.errors import ViewerError
from viewer.base.paths import AppPaths
from viewer.domain.video import Segment, VideoRef
from viewer.media import renewal
from viewer.media.failures import FailureKind, MediaError
from viewer.media.ytdlp_copies import YtdlpCopy
from viewer.ui.openings import OpenEvents
from viewer.ui.preferences import Preferences

SEGMENT = Segment(VideoRef.youtube("ZAJ4D8RAyfY"), 16_000, 60_000)


def shown(application: Application) -> str:
    banner = application.window.banner
    return banner.message.text() if banner.isVisible() else ""


def buttons(application: Application) -> dict[str, QPushButton]:
    return {button.text(): button for button in application.window.banner.buttons}


@pytest.fixture
def renewals(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Renewing succeeds at once; the list says which version comes next (none: there is no newer one)."""
    versions: list[str] = []

    def renew(paths: AppPaths, progress: Progress, cancel: CancelToken) -> YtdlpCopy | None:
        progress(renewal.RenewalProgress(renewal.RenewalStage.FETCHING, "yt-dlp"))
        if versions == ["broken"]:
            raise ViewerError("It could not be fetched.", "Try again later.")
        return YtdlpCopy(versions[0], paths.ytdlp) if versions else None

    monkeypatch.setattr(renewal, "renew", renew)
    return versions


@pytest.mark.parametrize("kind", [FailureKind.OUTDATED, FailureKind.FORBIDDEN])
def test_a_failure_that_smells_of_age_is_mended_in_one_click(
    application: Application, qtbot: QtBot, fetcher: object, renewals: list[str], kind: FailureKind
) -> None:
    forgot: list[bool] = []
    fetcher.forget_tools = lambda: forgot.append(True)  # type: ignore[attr-defined]
    renewals.append("2030.1.2")
    application.session.play(SEGMENT)
    qtbot.waitUntil(lambda: "Retry" in buttons(application))
    asked = len(fetcher.asked)  # type: ignore[attr-defined]
    application.session.fail(SEGMENT, MediaError(kind))
    with qtbot.waitSignal(application.renewal.renewed) as told:
        buttons(application)["Renew yt-dlp"].click()
    assert told.args == ["2030.1.2"]
    assert forgot
    qtbot.waitUntil(lambda: len(fetcher.asked) > asked)  # type: ignore[attr-defined]


def test_other_failures_do_not_offer_it(application: Application) -> None:
    application.session.fail(SEGMENT, MediaError(FailureKind.PRIVATE))
    assert "Renew yt-dlp" not in buttons(application)


def test_what_renewing_came_to_is_said(application: Application, qtbot: QtBot, renewals: list[str]) -> None:
    renew = application.window.actions_set["renew"]
    renew.trigger()
    assert shown(application) == "Renewing yt-dlp"
    qtbot.waitUntil(lambda: shown(application) == "There is no newer yt-dlp")
    qtbot.waitUntil(lambda: renew.statusTip().endswith("There is no newer one.") and renew.isEnabled())
    renewals.append("broken")
    renew.trigger()
    assert not renew.isEnabled()
    qtbot.waitUntil(lambda: shown(application) == "It could not be fetched.")
    qtbot.waitUntil(lambda: renew.statusTip().endswith("It could not be fetched.") and renew.isEnabled())
    with qtbot.waitSignal(application.renewal.statusKnown):
        application.renewal.look()  # another look that was under way takes nothing back
    assert renew.statusTip().endswith("It could not be fetched.")
    application.settings.set("fetch.offline", True)
    renew.trigger()
    assert shown(application) == "Soundbite is set to work offline."


def test_the_preferences_say_which_one_is_in_use(application: Application, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "days old" in application.window.actions_set["renew"].statusTip())
    dialog = Preferences(application.settings, application.window)
    label = dialog.findChild(QLabel, "ytdlpStatus")
    assert label is not None
    assert label.text().startswith("In use: yt-dlp 20")
    dialog.close()


def test_a_run_that_did_not_end_properly_is_told_once(
    application: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    application.upkeep.start(LastRun("0.0", "2026-01-02 03:04:05", "Fatal Python error: here"))
    assert shown(application) == "Soundbite did not end properly last time"
    assert "Save a report…" in buttons(application)
    report = tmp_path / "report.txt"
    application.upkeep.write_report(str(report))
    qtbot.waitUntil(lambda: shown(application) == "The report is saved", timeout=20_000)
    text = report.read_text("utf-8")
    assert "Fatal Python error: here" in text
    assert "ffmpeg" in text
    assert application.session.note is not None
    assert application.session.note.title not in text
    application.upkeep._tell_last()
    assert shown(application) == "The report is saved"


def test_diagnostics_are_copied(application: Application, qtbot: QtBot) -> None:
    application.window.actions_set["copy_diagnostics"].trigger()
    qtbot.waitUntil(lambda: "clipboard" in shown(application), timeout=20_000)
    assert "yt-dlp" in QGuiApplication.clipboard().text()


def test_a_file_is_opened_by_its_address(application: Application, qtbot: QtBot, tmp_path: Path) -> None:
    note = tmp_path / "a b.md"
    note.write_text("# A talk by its address\n\nWords.\n", "utf-8")
    application.open_arguments([note.as_uri(), "soundbite:ZAJ4D8RAyfY?t=16-60"])
    qtbot.waitUntil(lambda: application.session.path == str(note), timeout=10_000)
    # Opening a note clears the banner; the question comes after it.
    qtbot.waitUntil(lambda: shown(application).startswith("Play 0:16"))


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ("https://youtu.be/ZAJ4D8RAyfY?t=16", "Play 0:16"),
        ("soundbite:--exec?t=1", "This address cannot be read"),
        ("--exec=true", "This address cannot be read"),
        ("file://server/share/a.md", "This address cannot be read"),
    ],
)
def test_addresses_are_asked_about(
    application: Application, fetcher: object, argument: str, words: str
) -> None:
    application.open_arguments([argument])
    assert shown(application).startswith(words)
    assert fetcher.asked == []  # type: ignore[attr-defined]


def test_events_of_macos_are_heard(qtbot: QtBot) -> None:
    from PySide6.QtCore import QObject, QUrl
    from PySide6.QtGui import QFileOpenEvent

    events = OpenEvents()
    for given, told in (("/tmp/a b.md", "/tmp/a b.md"), ("soundbite:ZAJ4D8RAyfY?t=1-2", None)):
        url = QUrl.fromLocalFile(given) if told else QUrl(given)
        with qtbot.waitSignal(events.asked) as heard:
            assert events.eventFilter(QObject(), QFileOpenEvent(url))
        assert heard.args == [[told or given]]
