"""The user's choices: one value for each row of the table, in one JSON file.

An unknown key in it is kept (a newer version may have written it), a bad value falls back to its default.
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from viewer.base.errors import ReadError, SettingError
from viewer.base.language import tr
from viewer.base.settings_table import Value, setting

log = logging.getLogger(__name__)


def write_atomically(path: Path, text: str) -> None:
    """Replace ``path`` by ``text`` (UTF-8) so that a crash leaves the old or the new file, never half of one.

    Raises :class:`ReadError` when the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=path.name, dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ReadError(
            tr("{path} could not be written.").format(path=path),
            tr("Check the folder's permissions and free space."),
            str(error),
        ) from error


class Settings:
    """The user's choices, read once, written at every change. Not thread-safe: the GUI thread owns it."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._stored: dict[str, Any] = {}
        self._listeners: list[Callable[[str], None]] = []
        if path is not None and path.exists():
            try:
                loaded = json.loads(path.read_text(encoding="utf-8"))
                self._stored = loaded if isinstance(loaded, dict) else {}
            except (OSError, ValueError) as error:
                log.warning("settings in %s cannot be read, the defaults are used: %s", path, error)
                broken = path.with_suffix(".broken.json")
                try:
                    path.replace(broken)
                except OSError:
                    pass

    def get(self, key: str) -> Any:
        """The value of ``key``; its default when unset or unusable. KeyError for a key not in the table."""
        row = setting(key)
        if key not in self._stored:
            return list(row.default) if isinstance(row.default, list) else row.default
        try:
            return row.check(self._stored[key])
        except SettingError as error:
            log.warning("%s The default is used.", error)
            return row.default

    def set(self, key: str, value: Value) -> None:
        """Check, keep and write ``value``, then tell the listeners. Raises SettingError or ReadError."""
        value = setting(key).check(value)
        if key in self._stored and self._stored[key] == value:
            return
        self._stored[key] = value
        if self._path is not None:
            write_atomically(
                self._path, json.dumps(self._stored, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
            )
        for listener in list(self._listeners):
            listener(key)

    def listen(self, listener: Callable[[str], None]) -> None:
        """Call ``listener(key)`` after every change, for the life of this object."""
        self._listeners.append(listener)
