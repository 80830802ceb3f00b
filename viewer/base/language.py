"""The words of the program in the reader's language: GNU gettext's catalogues, with plurals, for window and terminal.

A text in the code is English and is its own key. Babel collects the texts into ``resources/translations`` and compiles
them; nothing but the standard library is needed to read them. Until :func:`use` is called every text stays English.
"""

from __future__ import annotations

import gettext
from pathlib import Path

_DOMAIN = "soundbite"
_current: gettext.NullTranslations = gettext.NullTranslations()


def tr(text: str) -> str:
    """``text`` in the reader's language. Placeholders are filled in afterwards, with ``.format``."""
    return _current.gettext(text) if text else ""


def tr_n(one: str, many: str, count: int) -> str:
    """The form that fits ``count`` (some languages have six). The number itself is filled in afterwards."""
    return _current.ngettext(one, many, count)


def tr_noop(text: str) -> str:
    """Mark ``text`` for translation where it stands in a table; whoever shows it calls :func:`tr`."""
    return text


def use(folder: Path, language: str) -> bool:
    """Speak ``language`` (``de``, ``pt_BR``) from now on; False, and English, when ``folder`` has no such catalogue."""
    global _current
    try:
        _current = gettext.translation(_DOMAIN, folder, [language])
    except OSError:
        _current = gettext.NullTranslations()
        return False
    return True
