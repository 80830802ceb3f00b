"""The details name the related notes and say how sound the note is; nothing jumps when that arrives."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from pytestqt.qtbot import QtBot

from viewer.app import Application
from viewer.ui.reader_pane import DETAILS

NOTE = """---
title: {title}
channel: Somebody
tags: [{tags}]
duration: 600
---

# {title}

## Transcript

**Ada:** [0:00](https://www.youtube.com/watch?v={video}&t=0s) One two three four five.

**Ada:** [1:00](https://www.youtube.com/watch?v={video}&t=60s) Six seven eight nine ten.
"""


def test_related_notes_and_health_are_in_the_details(
    application: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    for number, (title, tags) in enumerate(
        (("First talk", "engines, looms"), ("Second talk", "looms"), ("Other", "gardens"))
    ):
        text = NOTE.format(title=title, tags=tags, video=f"abcdefghij{number}")
        (tmp_path / f"{number}.md").write_text(text, encoding="utf-8")
    application.desk.open_paths([tmp_path])
    model = application.library.model
    wanted = {"First talk", "Second talk", "Other"}
    qtbot.waitUntil(lambda: {entry.title for entry in model.entries} == wanted, timeout=15_000)
    first = next(entry for entry in model.entries if entry.title == "First talk")
    application.desk.open_entry(first)
    qtbot.waitUntil(lambda: application.session.path == first.path, timeout=5000)
    application.window.reader.tabs.setCurrentIndex(DETAILS)
    details = application.window.reader.details
    qtbot.waitUntil(lambda: "Related notes" in details.toPlainText(), timeout=5000)
    text = details.toPlainText()
    assert "Second talk" in text
    assert "looms" in text
    assert "Health of this note" in text
    assert "covers about" in text

    second = next(entry for entry in model.entries if entry.title == "Second talk")
    details.anchorClicked.emit(QUrl(f"window:{second.id}"))
    qtbot.waitUntil(lambda: bool(application.comforts.windows.windows), timeout=5000)
    details.anchorClicked.emit(QUrl(f"note:{second.id}"))
    qtbot.waitUntil(lambda: application.session.path == second.path, timeout=5000)


def test_what_arrives_late_moves_nothing(application: Application) -> None:
    window = application.window
    window.resize(1024, 700)
    window.reader.tabs.setCurrentIndex(DETAILS)
    details = window.reader.details
    application.settings.set("look.text_size", 30)
    bar = details.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    before = bar.value()
    assert before > 0
    details.show_health(["Something more."], ())
    assert bar.value() == before
