"""The menu entry of a Linux desktop: its text (packages use it too), and putting it into one user's folders.

``pipx install soundbite`` gives a command and no menu entry; :func:`install` adds it. Formats:
https://specifications.freedesktop.org/desktop-entry-spec/ and .../icon-theme-spec/.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from viewer.base.errors import ReadError
from viewer.base.language import tr
from viewer.base.paths import APP_NAME, resources_dir
from viewer.base.settings import write_atomically

MIME_TYPES = ("text/markdown", "text/plain", "text/vtt", "application/x-subrip", "x-scheme-handler/soundbite")
"""What may be opened with Soundbite. It is never made the default of any; its own scheme has no other taker.

Folders are not among them: where no file manager has claimed them, a program that names them would open every one.
"""

_QUOTED = '"`$\\'


def quoted(argument: str) -> str:
    """One word of an Exec line. ValueError for control letters, which cannot be written in one."""
    if any(ord(letter) < 32 for letter in argument):
        raise ValueError(f"cannot stand in a desktop entry: {argument!r}")
    safe = argument.replace("%", "%%")
    if safe and all(letter.isalnum() or letter in "-_./+:@,%" for letter in safe):
        return safe
    inner = "".join("\\" + letter if letter in _QUOTED else letter for letter in safe)
    # The file format reads backslashes once before the Exec line's own rules are applied.
    return f'"{inner}"'.replace("\\", "\\\\")


def entry_text(command: Sequence[str] = (APP_NAME,), icon: str = APP_NAME) -> str:
    """The whole ``soundbite.desktop``. ``command`` starts the program; files and addresses are given to it as URLs."""
    lines = (
        "[Desktop Entry]",
        "Type=Application",
        "Version=1.4",
        "Name=Soundbite",
        "GenericName=Transcript Reader",
        "Comment=Read a talk and hear it: every quote is a play button",
        f"Exec={' '.join(quoted(word) for word in command)} %U",
        f"Icon={icon}",
        "Terminal=false",
        "StartupNotify=true",
        f"StartupWMClass={APP_NAME}",
        "Categories=AudioVideo;Player;",
        "Keywords=talk;transcript;quote;highlight;clip;notes;video;",
        f"MimeType={';'.join(MIME_TYPES)};",
    )
    return "\n".join(lines) + "\n"


def _data_home() -> Path:
    given = os.environ.get("XDG_DATA_HOME", "")
    return Path(given) if given.startswith("/") else Path.home() / ".local" / "share"


def _places(data_home: Path) -> tuple[Path, Path]:
    return (
        data_home / "applications" / f"{APP_NAME}.desktop",
        data_home / "icons" / "hicolor" / "scalable" / "apps" / f"{APP_NAME}.svg",
    )


def install(command: Sequence[str], data_home: Path | None = None) -> list[Path]:
    """Write menu entry and icon for this user; returns the files. ``command[0]`` must be a whole path.

    ``data_home`` is ``$XDG_DATA_HOME`` unless given. A second call replaces the files. Raises ReadError.
    """
    if not command or not Path(command[0]).is_absolute():
        raise ValueError("a menu entry needs the program's whole path: it is started with another PATH")
    entry, icon = _places(data_home or _data_home())
    try:
        icon.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(resources_dir() / "icons" / f"{APP_NAME}.svg", icon)
    except OSError as error:
        raise ReadError(
            tr("{path} could not be written.").format(path=icon),
            tr("Check the folder's permissions."),
            str(error),
        ) from error
    write_atomically(entry, entry_text(command))
    entry.chmod(0o644)
    return [entry, icon]


def remove(data_home: Path | None = None) -> list[Path]:
    """Take away what :func:`install` wrote; returns the files that were there. Raises ReadError."""
    gone = []
    for file in _places(data_home or _data_home()):
        try:
            file.unlink()
            gone.append(file)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise ReadError(
                tr("{path} could not be removed.").format(path=file),
                tr("Check the folder's permissions."),
                str(error),
            ) from error
    return gone
