"""The keys in force: the table's own, and over them what the user chose. One keymap for the whole program."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence


class HasKeys(Protocol):
    """What is needed of an action of the table."""

    @property
    def id(self) -> str:
        """The action's name in the settings."""
        ...

    @property
    def keys(self) -> tuple[str, ...]:
        """The table's own keys."""
        ...


Spec = TypeVar("Spec", bound=HasKeys)

MOST_KEYS = 4
"""So many keys one action may have."""

_FIXED = (
    "Esc", "Tab", "Shift+Tab", "Return", "Enter", "Up", "Down", "PgUp", "PgDown", "Home", "End",
    "F10", "Menu", "Ctrl+A", "Ctrl+C", "Backspace", "Del",
)  # fmt: skip
"""Keys that the lists, the fields and the text listen to themselves."""

_MODIFIERS = (
    Qt.Key.Key_Control,
    Qt.Key.Key_Shift,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock,
    Qt.Key.Key_unknown,
)

_chosen: dict[str, tuple[str, ...]] = {}


def use(chosen: Mapping[str, tuple[str, ...]]) -> None:
    """Let these keys, by action id, be in force instead of the table's own; ids that are missing have the table's."""
    _chosen.clear()
    _chosen.update(chosen)


def keys_of(spec: HasKeys) -> tuple[str, ...]:
    """The keys of an action as they are in force, in Qt's portable spelling; the first is the one that is shown."""
    return _chosen.get(spec.id, spec.keys)


def chosen() -> dict[str, tuple[str, ...]]:
    """What differs from the table."""
    return dict(_chosen)


def read(text: str) -> dict[str, tuple[str, ...]]:
    """The user's keys from a setting's text; what cannot be understood in it is left out."""
    try:
        loaded = json.loads(text or "{}")
    except ValueError:
        return {}
    if not isinstance(loaded, dict):
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for action_id, keys in loaded.items():
        if isinstance(keys, list) and all(isinstance(key, str) for key in keys):
            usable = [key for key in keys if normal(key) and not is_fixed(key)]
            found[action_id] = tuple(usable[:MOST_KEYS])
    return found


def written(keys: Mapping[str, tuple[str, ...]]) -> str:
    """The user's keys as a setting's text."""
    return json.dumps({action_id: list(them) for action_id, them in keys.items()}, sort_keys=True)


def normal(key: str) -> str:
    """A key in the one spelling that keys are compared by; empty for what is no key."""
    sequence = QKeySequence(key)
    if sequence.count() != 1 or "," in key[:-1]:
        return ""
    return sequence.toString(QKeySequence.SequenceFormat.PortableText)


def is_fixed(key: str) -> bool:
    """Whether the key has its meaning everywhere and cannot be given to an action."""
    return normal(key) in {normal(one) for one in _FIXED}


def holder(key: str, specs: Iterable[Spec], besides: str = "") -> Spec | None:
    """The action that has this key now, another than ``besides``; None when it is free."""
    wanted = normal(key)
    for spec in specs:
        if spec.id != besides and wanted in {normal(one) for one in keys_of(spec)}:
            return spec
    return None


def key_of_event(event: QKeyEvent) -> str:
    """What was pressed, in Qt's portable spelling; empty while only Ctrl, Shift or the like is held."""
    if event.key() in _MODIFIERS or event.key() == 0:
        return ""
    combination = event.keyCombination()
    text = event.text()
    sign = text.isprintable() and bool(text.strip()) and not text.isalpha()
    if sign and event.modifiers() == Qt.KeyboardModifier.ShiftModifier:
        # The keyboard's layout says how a sign is typed; the sign itself is the key.
        return normal(text)
    keypad = Qt.KeyboardModifier.KeypadModifier
    if combination.keyboardModifiers() & keypad:
        return normal(QKeySequence(event.key() | (event.modifiers() & ~keypad).value).toString())
    return normal(QKeySequence(combination).toString(QKeySequence.SequenceFormat.PortableText))
