"""Whether things may move by themselves: the user's choice, else the desktop's wish where Qt tells it."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QStyle

_choice = "system"


def use(choice: str) -> None:
    """``full``, ``reduced``, or ``system`` for what the desktop wishes."""
    global _choice
    _choice = choice


def reduced() -> bool:
    """Whether nothing is to glide or turn."""
    if _choice != "system":
        return _choice == "reduced"
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return False
    return app.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0
