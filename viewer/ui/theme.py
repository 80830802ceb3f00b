"""The look as one thing: colour tokens from a TOML file, the palette and the style sheet made from them.

One :class:`ThemeManager` lives as long as the application. It follows the desktop's light or dark scheme unless a
theme was chosen, and says ``changed`` when widgets must repaint what they draw themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import Template

import tomli
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from viewer.base.paths import resources_dir

THEMES = ("light", "dark", "sepia", "contrast")
"""The themes that come with the program, by file name."""


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme's colours. ``colors`` maps a token to ``#rrggbb``; ``speakers`` are used in turn."""

    name: str
    dark: bool
    colors: dict[str, str]
    speakers: tuple[str, ...]

    def color(self, token: str) -> QColor:
        """The token as a colour. KeyError for a token that does not exist."""
        return QColor(self.colors[token])

    def css(self, token: str) -> str:
        """The token as ``#rrggbb``."""
        return self.colors[token]

    def speaker(self, number: int) -> str:
        """The colour of the number-th speaker, as ``#rrggbb``."""
        return self.speakers[number % len(self.speakers)]


def load_theme(name: str) -> Theme:
    """Read ``resources/themes/NAME.toml``. KeyError, OSError or a TOML error when the file is not sound."""
    path = resources_dir() / "themes" / f"{name}.toml"
    data = tomli.loads(path.read_text(encoding="utf-8"))
    return Theme(name, bool(data["dark"]), dict(data["colors"]), tuple(data["speakers"]["colors"]))


def contrast_ratio(first: str, second: str) -> float:
    """How well two colours are told apart, 1 to 21, as WCAG 2.2 defines it (relative luminance, 1.4.3)."""

    def luminance(name: str) -> float:
        color = QColor(name)
        parts = []
        for part in (color.redF(), color.greenF(), color.blueF()):
            parts.append(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def palette_of(theme: Theme) -> QPalette:
    """Qt's palette in the theme's colours, for everything the style sheet does not reach."""
    palette = QPalette()
    role = QPalette.ColorRole
    pairs = {
        role.Window: "window",
        role.WindowText: "text",
        role.Base: "surface",
        role.AlternateBase: "hover",
        role.Text: "text",
        role.PlaceholderText: "text_soft",
        role.Button: "raised",
        role.ButtonText: "text",
        role.BrightText: "danger",
        role.ToolTipBase: "raised",
        role.ToolTipText: "text",
        role.Highlight: "selection",
        role.HighlightedText: "text",
        role.Link: "accent",
        role.LinkVisited: "accent",
        role.Light: "raised",
        role.Midlight: "hover",
        role.Mid: "border",
        role.Dark: "border_strong",
        role.Shadow: "border_strong",
    }
    for key, token in pairs.items():
        palette.setColor(key, theme.color(token))
    soft = theme.color("text_soft")
    soft.setAlphaF(0.6)
    for key in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, key, soft)
    return palette


def style_sheet(theme: Theme) -> str:
    """The application's style sheet in the theme's colours. Its text lies in ``resources/themes/style.qss``."""
    path = resources_dir() / "themes" / "style.qss"
    icons = (resources_dir() / "icons").as_posix()
    return Template(path.read_text(encoding="utf-8")).substitute(
        theme.colors, icons=icons, tick="dark" if theme.dark else "light"
    )


class ThemeManager(QObject):
    """The theme in force. ``choice`` is ``system`` or one of :data:`THEMES`."""

    changed = Signal()

    def __init__(self, choice: str = "system", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choice = choice
        self._loaded: dict[str, Theme] = {}
        self.changing = False
        """whether the application is being dressed anew: what is laid out now is laid out in vain"""
        self.theme = self._theme_for(choice)
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._desktop_changed)

    @property
    def choice(self) -> str:
        """What the user chose."""
        return self._choice

    def choose(self, choice: str) -> None:
        """Use ``choice`` from now on: ``system`` or a theme's name."""
        self._choice = choice
        self._use(self._theme_for(choice))

    def lay_ground(self) -> None:
        """Give the application its style and colours before its widgets are made; the sheet follows with :meth:`apply`.

        Dressing them all at once when they stand together takes half the time of dressing each as it comes.
        """
        app = QApplication.instance()
        if isinstance(app, QApplication):
            if app.style().objectName().lower() != "fusion" and not app.styleSheet():
                app.setStyle("Fusion")
            app.setPalette(palette_of(self.theme))

    def apply(self) -> None:
        """Dress the application in the theme in force."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self.lay_ground()
            # Off and on again: Qt dresses every widget once for each window and pane around it when a sheet is
            # exchanged (2 200 times for 330 widgets, 100 ms), and once when there was none (30 ms).
            self.changing = True
            app.setStyleSheet("")
            app.setPalette(palette_of(self.theme))
            app.setStyleSheet(style_sheet(self.theme))
            self.changing = False
        self.changed.emit()

    def _use(self, theme: Theme) -> None:
        if theme is not self.theme:
            self.theme = theme
            self.apply()

    def _theme_for(self, choice: str) -> Theme:
        if choice not in THEMES:
            dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
            choice = "dark" if dark else "light"
        if choice not in self._loaded:
            self._loaded[choice] = load_theme(choice)
        return self._loaded[choice]

    def _desktop_changed(self) -> None:
        if self._choice not in THEMES:
            self._use(self._theme_for("system"))
