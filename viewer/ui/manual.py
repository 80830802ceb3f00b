"""The manual's text: chapters in Markdown that came with the program, with the keys and settings as they are now.

A folder for each language; a page that a language does not have is shown in English. Places in the text are filled in:

    {{open_folder}}         the key in force of this action, or the action's words when it has none
    {{menu:open_folder}}    its menu and its words, **Library › Open folder**
    {{key:Alt+Up}}          a fixed key, as this desktop writes it
    {{"Look it up"}}        words that stand in the window, in the language that the program speaks
    {{keys}} {{settings}}   the tables of all of them
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QKeySequence

from viewer.base.language import RIGHT_TO_LEFT, speaks, tr
from viewer.base.paths import resources_dir
from viewer.base.settings_table import SETTINGS, Setting
from viewer.ui.actions import ACTIONS, MENUS, TABLE, keys_text

PLACE = re.compile(r'\{\{(?:(?P<kind>menu|key):)?(?P<name>[^{}"]+|"[^{}"]+")\}\}')
"""A place that is left in the text."""

_SIGNS = re.compile(r"\*+|`|\\(?=\W)|^#+ |[\u200e\u2066\u2069]", re.MULTILINE)
"""What Markdown and the order of letters need, and nobody types."""

_APART = ("\u2066", "\u2069")
"""Around a key: its signs keep their order, and are not mirrored, where the words around run from right to left.
A mark of direction is not enough: brackets are paired over the words between them."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One page: its name (for links), its title and its Markdown, everything filled in, and the page's language."""

    name: str
    title: str
    markdown: str
    language: str = "en"

    @property
    def words(self) -> str:
        """The page as it is read, on one line: what the search looks through."""
        return " ".join(_SIGNS.sub("", self.markdown).split())

    @property
    def right_to_left(self) -> bool:
        """Whether the page is read from right to left."""
        return self.language in RIGHT_TO_LEFT


def manual_dir(language: str) -> Path:
    """The folder of the manual in this language (``de``); it may not be there."""
    return resources_dir() / "manual" / language


def chapters(language: str = "") -> list[Chapter]:
    """Every chapter in order, in ``language`` or, without one, in the language that the program speaks.

    OSError when the manual is not there.
    """
    wanted = language or speaks()
    found = []
    for english in sorted(manual_dir("en").glob("*.md")):
        own = manual_dir(wanted) / english.name
        path, spoken = (own, wanted) if own.is_file() else (english, "en")
        text = filled(path.read_text(encoding="utf-8"), spoken in RIGHT_TO_LEFT)
        first, _, _ = text.partition("\n")
        name = path.stem.partition("-")[2] or path.stem
        found.append(Chapter(name, first.lstrip("# ").strip(), text, spoken))
    return found


def filled(text: str, right_to_left: bool = False) -> str:
    """``text`` with the tables, keys and words in the places that are left for them. KeyError for an unknown place."""

    def bold(words: str, is_key: bool = False) -> str:
        return f"**{_key(words, right_to_left) if is_key else _safe(words)}**"

    def fill(match: re.Match[str]) -> str:
        kind, name = match["kind"], match["name"]
        if name.startswith('"'):
            return bold(_label(name.strip('"')))
        if kind == "key":
            return bold(QKeySequence(name).toString(QKeySequence.SequenceFormat.NativeText), True)
        if name == "keys":
            return keys_table(right_to_left)
        if name == "settings":
            return settings_table()
        spec = TABLE[name]
        if kind == "menu":
            return bold(f"{tr(spec.menu)} › {_label(spec.text)}")
        first = keys_text(spec).split(", ")[0]
        return bold(first, True) if first else bold(_label(spec.text))

    return PLACE.sub(fill, text)


def _label(text: str) -> str:
    return tr(text).rstrip("…")


def _key(words: str, right_to_left: bool) -> str:
    before, after = _APART if right_to_left else ("", "")
    return f"{before}{_safe(words)}{after}"


def keys_table(right_to_left: bool = False) -> str:
    """Every action with keys, as Markdown: one table a menu."""
    parts = []
    for menu in MENUS:
        rows = [
            f"| {_safe(tr(spec.text).rstrip('…'))} | **{_key(keys_text(spec), right_to_left)}** |"
            for spec in ACTIONS
            if spec.menu == menu and keys_text(spec)
        ]
        if rows:
            head = f"| {tr('Action')} | {tr('Keys')} |\n|---|---|"
            parts.append(f"## {tr(menu)}\n\n{head}\n" + "\n".join(rows))
    return "\n\n".join(parts)


def settings_table() -> str:
    """Every setting that the preferences show, as Markdown: a list for each of their parts."""
    parts: dict[str, list[str]] = {}
    for setting in SETTINGS:
        if not setting.hidden:
            parts.setdefault(setting.section, []).append(_setting_line(setting))
    return "\n\n".join(f"## {tr(section)}\n\n" + "\n".join(lines) for section, lines in parts.items())


def _setting_line(setting: Setting) -> str:
    words = f"- **{_safe(tr(setting.label))}**"
    if setting.help:
        words += f": {_safe(tr(setting.help))}"
    if setting.minimum is not None and setting.maximum is not None:
        span = tr("From {low} to {high}.").format(low=f"{setting.minimum:g}", high=f"{setting.maximum:g}")
        words += f" {span}"
    return words


def _safe(text: str) -> str:
    """``text`` so that Markdown takes none of its letters for its own."""
    return re.sub(r"([\\`*_{}\[\]<>|#])", r"\\\1", text)
