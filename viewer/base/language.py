"""The words of the program in the reader's language: GNU gettext's catalogues, with plurals, for window and terminal.

A text in the code is English and is its own key. Babel collects the texts into ``resources/translations`` and compiles
them; nothing but the standard library is needed to read them. Until :func:`use` is called every text stays English.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

_DOMAIN = "soundbite"

SYSTEM = "system"
"""The choice that follows the desktop or, in the terminal, ``LANG``."""

OWN_NAMES: dict[str, str] = {
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "ja": "日本語",
    "ar": "العربية",
}
"""The languages that the program speaks, as they call themselves."""

RIGHT_TO_LEFT = frozenset({"ar"})
"""Those of them that are written from right to left."""

_current: gettext.NullTranslations = gettext.NullTranslations()
_language = "en"


def tr(text: str) -> str:
    """``text`` in the reader's language. Placeholders are filled in afterwards, with ``.format``."""
    return _current.gettext(text) if text else ""


def tr_n(one: str, many: str, count: int) -> str:
    """The form that fits ``count`` (some languages have six). The number itself is filled in afterwards."""
    return _current.ngettext(one, many, count)


def tr_noop(text: str) -> str:
    """Mark ``text`` for translation where it stands in a table; whoever shows it calls :func:`tr`."""
    return text


def chosen(choice: str, wishes: Iterable[str]) -> str:
    """The language to speak: ``choice``, or with :data:`SYSTEM` the first of ``wishes`` that is spoken; else English.

    Wishes are written ``de``, ``de_AT.UTF-8`` or ``pt-BR``.
    """
    if choice in OWN_NAMES:
        return choice
    for wish in wishes:
        language = re.split(r"[_.@-]", wish, maxsplit=1)[0].lower()
        if language in ("c", "posix"):
            return "en"
        if language in OWN_NAMES:
            return language
    return "en"


def terminal_wishes(environment: Mapping[str, str]) -> list[str]:
    """The languages that the environment asks for, in gettext's order: ``LANGUAGE``, ``LC_ALL``, ``LC_MESSAGES``, ``LANG``.

    As in gettext ``LANGUAGE`` counts only when a language is set at all.
    """
    first = next(
        (environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), ""
    )
    if not first or re.split(r"[.@]", first, maxsplit=1)[0] in ("C", "POSIX"):
        return [first] if first else []
    return [*filter(None, environment.get("LANGUAGE", "").split(":")), first]


def speaks() -> str:
    """The language that is spoken now: ``en`` until :func:`use` found another."""
    return _language


def is_right_to_left() -> bool:
    """Whether the language that is spoken now is written from right to left."""
    return _language in RIGHT_TO_LEFT


def set_apart(words: str) -> str:
    """A name, a title or a path within what runs from right to left: it runs as its own letters do, none is misplaced.

    Left as it is where the program's language runs from left to right. For the eye only, never for a file or a search.
    """
    return f"\u200f\u2068{words}\u2069" if words and is_right_to_left() else words


def use(folder: Path, language: str) -> bool:
    """Speak ``language`` (``de``, ``pt_BR``) from now on; False, and English, when ``folder`` has no such catalogue."""
    global _current, _language
    _current, _language = gettext.NullTranslations(), "en"
    if language == "en":
        return True
    try:
        _current = gettext.translation(_DOMAIN, folder, [language])
    except OSError:
        return False
    _language = language
    return True
