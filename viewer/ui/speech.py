"""The language of the window: catalogue, dates and numbers, direction, and the words of Qt's own dialogs."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtGui import QGuiApplication

from viewer.base import language
from viewer.base.paths import resources_dir

_SOURCE = ("en", "C")
"""Qt's own texts are English."""


def speak(choice: str) -> str:
    """Let every window that is built from now on speak ``choice`` (see ``look.language``); returns the language.

    To be called before the first widget: what has its words already keeps them.
    """
    system = QLocale.system()
    chosen = language.chosen(choice, system.uiLanguages())
    if not language.use(resources_dir() / "translations", chosen):
        chosen = "en"
    QLocale.setDefault(locale_of(chosen, system))
    app = QCoreApplication.instance()
    if isinstance(app, QGuiApplication):
        right = language.is_right_to_left()
        app.setLayoutDirection(Qt.LayoutDirection.RightToLeft if right else Qt.LayoutDirection.LeftToRight)
        _speak_qt(app, chosen)
    return chosen


def locale_of(chosen: str, system: QLocale) -> QLocale:
    """The system's own dates and numbers where it speaks the language, else those that are usual with it.

    Times in a talk are written 12:31 in every language. So that one window has one kind of digits, Arabic is
    written with those, as in the Maghreb and the Gulf.
    """
    spoken = system.name().split("_")[0]
    if (spoken == chosen or (chosen == "en" and spoken in _SOURCE)) and system.zeroDigit() == "0":
        return QLocale(system)
    return QLocale("ar_AE" if chosen == "ar" else "en_GB" if chosen == "en" else chosen)


def _speak_qt(app: QGuiApplication, chosen: str) -> None:
    for old in app.findChildren(QTranslator, "qtbase"):
        QCoreApplication.removeTranslator(old)
        old.deleteLater()
    if chosen in _SOURCE:
        return
    translator = QTranslator(app)
    translator.setObjectName("qtbase")
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(f"qtbase_{chosen}", folder):
        QCoreApplication.installTranslator(translator)
