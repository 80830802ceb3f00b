"""The manual's text: chapters in Markdown that came with the program, with the keys and settings as they are now."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from viewer.base.language import tr
from viewer.base.paths import resources_dir
from viewer.base.settings import SETTINGS, Setting
from viewer.ui.actions import ACTIONS, MENUS, TABLE, keys_text

_PLACE = re.compile(r"\{\{([a-z_]+)\}\}")


@dataclass(frozen=True, slots=True)
class Chapter:
    """One page: its name (for links), its title and its Markdown, everything filled in."""

    name: str
    title: str
    markdown: str


def manual_dir(language: str = "en") -> Path:
    """The folder of the manual in this language (``de``, ``pt_BR``), else in English."""
    base = resources_dir() / "manual"
    for name in (language, language.split("_")[0], "en"):
        if (base / name).is_dir():
            return base / name
    return base / "en"


def chapters(language: str = "en") -> list[Chapter]:
    """Every chapter in order. OSError when the manual is not there."""
    found = []
    for path in sorted(manual_dir(language).glob("*.md")):
        text = filled(path.read_text(encoding="utf-8"))
        first, _, _ = text.partition("\n")
        found.append(Chapter(path.stem.partition("-")[2] or path.stem, first.lstrip("# ").strip(), text))
    return found


def filled(text: str) -> str:
    """``text`` with the tables and keys in the places that are left for them. KeyError for an unknown place."""

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        if name == "keys":
            return keys_table()
        if name == "settings":
            return settings_table()
        first = keys_text(TABLE[name]).split(", ")[0]
        return f"**{_safe(first or tr(TABLE[name].text).rstrip('…'))}**"

    return _PLACE.sub(fill, text)


def keys_table() -> str:
    """Every action with keys, as Markdown: one table a menu."""
    parts = []
    for menu in MENUS:
        rows = [
            f"| {_safe(tr(spec.text).rstrip('…'))} | **{_safe(keys_text(spec))}** |"
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
