"""A library that was made to do harm is shown in the real window: it opens nothing, asks nobody, is words only."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtGui import QAction, QColor, QImage
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from viewer.app import Application
from viewer.ui.timeline_view import TimelineView

from .test_languages import DIALOGS, opened

RED = QColor(255, 0, 0)
COMMAND = (
    'yt-dlp --download-sections "*0:16-1:00" "https://www.youtube.com/watch?v=dQw4w9WgXcQ" '
    '--force-keyframes-at-cuts --merge-output-format mp4 -o "x.mp4"'
)


def evil(folder: Path) -> str:
    return f"<img src='{folder}/red.png'><img src='http://127.0.0.1:9/x.png'><b>words</b>"


def note(folder: Path) -> str:
    words = evil(folder)
    return f"""---
title: "{words} one"
video_id: dQw4w9WgXcQ
channel: "{words}"
tags: ["{words}"]
thumbnail: "file://{folder}/red.png"
summary: "{words}"
"{words}": "{words}"
---

# {words} [31m

![{words}]({folder}/red.png) ![x](http://127.0.0.1:9/y.png) [x](file://{folder}/red.png)

<img src="{folder}/red.png">
<style>@import url(file://{folder}/red.css)</style>

## Highlights

### {words} two

```bash
{COMMAND}
```

> "{words} three"
> — {words} [0:16]

## Key Points

- **{words}** ([0:16](https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=16s)) {words}

## Companies Mentioned

- **{words}** ([0:20](https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=20s)): {words}

## Transcript

[0:00] **{words}**: {words} four

[0:16] **{words}**: {words} three and so on
"""


def indexes(model: QAbstractItemModel) -> list[QModelIndex]:
    return [model.index(row, 0) for row in range(min(model.rowCount(), 50))]


def looks_like_a_page(words: object) -> bool:
    return isinstance(words, str) and bool(GuiQt.mightBeRichText(words))


def loose_words(window: QWidget) -> list[str]:
    """What in a window would be taken for a page although it is a note's."""
    found = []
    for widget in [window, *window.findChildren(QWidget)]:
        if looks_like_a_page(widget.toolTip()):
            found.append(f"tip of {widget.objectName() or type(widget).__name__}: {widget.toolTip()[:80]}")
        if (
            isinstance(widget, QLabel)
            and widget.textFormat() is not Qt.TextFormat.PlainText
            and "<img" in widget.text()
        ):
            found.append(f"label {widget.objectName() or widget.text()[:80]}")
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            tips = [index.data(Qt.ItemDataRole.ToolTipRole) for index in indexes(widget.model())]
            found += [f"row of {widget.objectName()}" for tip in tips if looks_like_a_page(tip)]
    found += [
        f"action {action.text()[:80]}"
        for action in window.findChildren(QAction)
        if looks_like_a_page(action.toolTip()) and "img" in action.toolTip()
    ]
    return found


def is_red(widget: QWidget) -> bool:
    shown = widget.grab().toImage()
    return any(
        shown.pixelColor(x, y) == RED for x in range(0, shown.width(), 7) for y in range(0, shown.height(), 7)
    )


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    folder = tmp_path / "hostile"
    folder.mkdir()
    picture = QImage(200, 200, QImage.Format.Format_RGB32)
    picture.fill(RED)
    assert picture.save(str(folder / "red.png"))
    (folder / "red.css").write_text("p { background-color: #ff0000 }", "utf-8")
    (folder / "one.md").write_text(note(folder), "utf-8")
    (folder / "<img src=x>.md").write_text(note(folder).replace("dQw4w9WgXcQ", "AAAAAAAAAAA"), "utf-8")
    return folder


def test_a_hostile_library_is_words_only(
    qtbot: QtBot, application: Application, hostile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(socket, "create_connection", lambda *where, **_: asked.append(where))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *where, **_: asked.append(where))
    window = application.window
    window.resize(1200, 800)
    window.show()
    application.desk.open_paths([hostile])
    qtbot.waitUntil(lambda: len(application.library.model.entries) == 2, timeout=10_000)
    for entry in application.library.model.entries:
        application.desk.open_entry(entry)
        qtbot.waitUntil(lambda entry=entry: application.session.path == entry.path, timeout=10_000)
        assert application.session.note is not None
        assert application.session.note.highlights
        for tabs in window.findChildren(QTabWidget):
            for number in range(tabs.count()):
                tabs.setCurrentIndex(number)
                QApplication.processEvents()
                assert not is_red(window)
        assert not loose_words(window)
    strip = window.findChild(TimelineView)
    assert strip is not None
    assert any("<img" in strip.words_at(x, strip.height() / 2) for x in range(0, strip.width(), 4))
    application.desk.search_typed("words")
    qtbot.wait(300)
    for action in DIALOGS:
        dialog = opened(qtbot, application, action)
        qtbot.wait(150)
        assert not is_red(dialog)
        assert not loose_words(dialog), action
        dialog.close()
        dialog.deleteLater()
    assert not asked
