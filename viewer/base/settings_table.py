"""The settings as one table: key, kind, default, range and the words the user reads.

The preferences window, the manual and the checks are all made from :data:`SETTINGS`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from viewer.base.errors import SettingError
from viewer.base.language import OWN_NAMES, SYSTEM, tr, tr_noop

Value = bool | int | float | str | list[str]


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table. ``choices``, ``pattern`` (of the whole text) and ``minimum``/``maximum`` limit the value.

    ``unit`` is for display.
    """

    key: str
    default: Value
    section: str
    label: str
    help: str = ""
    choices: tuple[str, ...] = ()
    pattern: str = ""
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    hidden: bool = False

    def check(self, value: Any) -> Value:
        """Return ``value`` in this setting's kind, or raise :class:`SettingError`."""
        kind = type(self.default)
        if kind is float and type(value) is int:
            value = float(value)
        if type(value) is not kind:
            raise SettingError(
                tr("{key} must be of kind {kind}, not {value!r}.").format(
                    key=self.key, kind=kind.__name__, value=value
                )
            )
        if isinstance(value, list) and not all(isinstance(item, str) for item in value):
            raise SettingError(
                tr("{key} must be a list of texts, not {value!r}.").format(key=self.key, value=value)
            )
        if self.choices and value not in self.choices:
            raise SettingError(
                tr("{key} must be one of {choices}, not {value!r}.").format(
                    key=self.key, choices=", ".join(self.choices), value=value
                )
            )
        if self.pattern and isinstance(value, str) and not re.fullmatch(self.pattern, value):
            raise SettingError(
                tr("{value!r} cannot be used as “{label}”.").format(value=value, label=tr(self.label)),
                tr(self.help),
            )
        if isinstance(value, (int, float)) and not self._in_range(value):
            raise SettingError(
                tr("{key} must lie between {minimum} and {maximum}, not {value!r}.").format(
                    key=self.key, minimum=self.minimum, maximum=self.maximum, value=value
                )
            )
        checked: Value = value
        return checked

    def _in_range(self, value: float) -> bool:
        above = self.minimum is None or value >= self.minimum
        return above and (self.maximum is None or value <= self.maximum)


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "library.folders",
        [],
        tr_noop("Library"),
        tr_noop("Folders"),
        tr_noop("The folders whose notes are shown."),
        hidden=True,
    ),
    Setting("library.recent", [], tr_noop("Library"), tr_noop("Recent folders"), hidden=True),
    Setting(
        "library.sort",
        "date",
        tr_noop("Library"),
        tr_noop("Sort notes by"),
        choices=("date", "title", "channel", "duration", "opened"),
    ),
    Setting(
        "library.add_folder",
        "",
        tr_noop("Library"),
        tr_noop("Folder for new notes"),
        tr_noop("Notes of the videos you add are saved here. Empty: you are asked."),
    ),
    Setting(
        "look.theme",
        "system",
        tr_noop("Appearance"),
        tr_noop("Theme"),
        tr_noop("Follow the desktop, or choose."),
        choices=("system", "light", "dark", "sepia", "contrast"),
    ),
    Setting(
        "look.language",
        "system",
        tr_noop("Appearance"),
        tr_noop("Language"),
        tr_noop("In force at the next start."),
        choices=(SYSTEM, *OWN_NAMES),
    ),
    Setting(
        "look.text_size",
        16,
        tr_noop("Appearance"),
        tr_noop("Text size"),
        tr_noop("Size of the reading text."),
        minimum=10,
        maximum=40,
        unit=tr_noop("px"),
    ),
    Setting(
        "look.serif",
        False,
        tr_noop("Appearance"),
        tr_noop("Serif text"),
        tr_noop("Read in a serif typeface."),
    ),
    Setting(
        "look.measure",
        68,
        tr_noop("Appearance"),
        tr_noop("Line length"),
        tr_noop("Letters in a line of reading text; 60 to 75 read best."),
        minimum=45,
        maximum=120,
        unit=tr_noop("letters"),
    ),
    Setting(
        "look.spacing",
        160,
        tr_noop("Appearance"),
        tr_noop("Line spacing"),
        tr_noop("From line to line, in percent of the text size."),
        minimum=120,
        maximum=240,
        unit="%",
    ),
    Setting(
        "look.zoom",
        100,
        tr_noop("Appearance"),
        tr_noop("Size of the window's contents"),
        tr_noop("Everything, not only the text you read. In force at the next start."),
        minimum=100,
        maximum=300,
        unit="%",
    ),
    Setting(
        "look.motion",
        "system",
        tr_noop("Appearance"),
        tr_noop("Motion"),
        tr_noop("Whether the text glides and rings turn."),
        choices=("system", "full", "reduced"),
    ),
    Setting(
        "look.notices",
        True,
        tr_noop("Appearance"),
        tr_noop("Notices of the desktop"),
        tr_noop("When long work ends while the window is not in front."),
    ),
    Setting(
        "keys.chosen",
        "",
        tr_noop("Appearance"),
        tr_noop("Keys"),
        tr_noop("Every action and its keys; change them there."),
    ),
    Setting("play.volume", 80, tr_noop("Playing"), tr_noop("Volume"), minimum=0, maximum=100, unit="%"),
    Setting("play.muted", False, tr_noop("Playing"), tr_noop("Muted")),
    Setting("play.speed", 1.0, tr_noop("Playing"), tr_noop("Speed"), minimum=0.5, maximum=3.0, unit="x"),
    Setting("play.loop", False, tr_noop("Playing"), tr_noop("Repeat the clip")),
    Setting(
        "play.captions",
        False,
        tr_noop("Playing"),
        tr_noop("Captions"),
        tr_noop("Show the transcript's words under the picture."),
    ),
    Setting(
        "play.sound_only", False, tr_noop("Playing"), tr_noop("Sound only"), tr_noop("Hide the picture.")
    ),
    Setting(
        "play.lead_in",
        0,
        tr_noop("Playing"),
        tr_noop("Lead-in"),
        tr_noop("Start this much before the clip."),
        minimum=0,
        maximum=10,
        unit=tr_noop("s"),
    ),
    Setting(
        "play.tail",
        0,
        tr_noop("Playing"),
        tr_noop("Tail"),
        tr_noop("Play on this much after the clip."),
        minimum=0,
        maximum=10,
        unit=tr_noop("s"),
    ),
    Setting(
        "play.default_length",
        30,
        tr_noop("Playing"),
        tr_noop("Length of a clip without an end"),
        tr_noop("Used when a note gives a start only."),
        minimum=5,
        maximum=300,
        unit=tr_noop("s"),
    ),
    Setting(
        "fetch.quality",
        "720",
        tr_noop("Downloads"),
        tr_noop("Picture height"),
        tr_noop("The largest picture that is downloaded."),
        choices=("360", "480", "720", "1080", "best"),
        unit=tr_noop("lines"),
    ),
    Setting(
        "fetch.offline",
        False,
        tr_noop("Downloads"),
        tr_noop("Work offline"),
        tr_noop("Nothing goes to the network."),
    ),
    Setting(
        "fetch.prefetch",
        False,
        tr_noop("Downloads"),
        tr_noop("Fetch clips ahead"),
        tr_noop("While a note is read, its first clips are fetched quietly."),
    ),
    Setting(
        "fetch.pictures",
        False,
        tr_noop("Downloads"),
        tr_noop("Pictures of videos"),
        tr_noop(
            "Show each video's small picture: fetched from i.ytimg.com (YouTube), for other sites from the address "
            "that the note names. Not while working offline or on a metered line. Without it nothing is asked for: "
            "pictures come from kept clips, or are drawn."
        ),
    ),
    Setting("fetch.parallel", 2, tr_noop("Downloads"), tr_noop("Downloads at once"), minimum=1, maximum=4),
    Setting(
        "fetch.cookies_browser",
        "",
        tr_noop("Downloads"),
        tr_noop("Sign in with the cookies of"),
        tr_noop("Only this browser's cookies are read, by yt-dlp. No password is ever asked for."),
        choices=("", "brave", "chrome", "chromium", "edge", "firefox", "opera", "safari", "vivaldi"),
    ),
    Setting(
        "fetch.proxy",
        "",
        tr_noop("Downloads"),
        tr_noop("Proxy"),
        tr_noop("For example socks5://127.0.0.1:1080"),
        pattern=r"((https?|socks4a?|socks5h?)://[^\s'\"\\<>|`]+)?",
    ),
    Setting(
        "fetch.rate_limit",
        0,
        tr_noop("Downloads"),
        tr_noop("Speed limit"),
        tr_noop("0 is no limit."),
        minimum=0,
        maximum=1_000_000,
        unit=tr_noop("KiB/s"),
    ),
    Setting("fetch.subtitle_languages", ["en"], tr_noop("Downloads"), tr_noop("Caption languages")),
    Setting(
        "renew.source",
        "renewed",
        tr_noop("Downloads"),
        tr_noop("Which yt-dlp"),
        tr_noop(
            "Renewed: the newest that was fetched, else the program's own. System: the one that you have installed."
        ),
        choices=("renewed", "bundled", "system"),
    ),
    Setting(
        "renew.check",
        False,
        tr_noop("Downloads"),
        tr_noop("Look for a newer yt-dlp"),
        tr_noop("Once a week, at the start. Without it nothing is looked for unless you ask."),
    ),
    Setting(
        "film.captions",
        "track",
        tr_noop("Downloads"),
        tr_noop("Captions of films"),
        choices=("none", "track", "burned-in"),
        hidden=True,
    ),
    Setting("film.cards", True, tr_noop("Downloads"), tr_noop("Title cards in films"), hidden=True),
    Setting("export.folder", "", tr_noop("Downloads"), tr_noop("Where the last export went"), hidden=True),
    Setting("export.format", "md", tr_noop("Downloads"), tr_noop("Form of the last export"), hidden=True),
    Setting(
        "export.transcript_format",
        "txt",
        tr_noop("Downloads"),
        tr_noop("Form of the last transcript that was exported"),
        hidden=True,
    ),
    Setting(
        "store.budget_gb",
        5.0,
        tr_noop("Storage"),
        tr_noop("Space for clips"),
        tr_noop("The least recently played clips go first; pinned ones stay."),
        minimum=0.1,
        maximum=10_000.0,
        unit=tr_noop("GB"),
    ),
    Setting(
        "store.folder",
        "",
        tr_noop("Storage"),
        tr_noop("Folder for clips"),
        tr_noop("See what is kept there, or move it."),
    ),
    Setting(
        "marks.folder",
        "",
        tr_noop("Marks"),
        tr_noop("Folder for marks as notes"),
        tr_noop("Each note's marks are kept there as a file that any program reads. Empty: no files."),
    ),
    Setting("window.geometry", "", tr_noop("Window"), tr_noop("Window place"), hidden=True),
    Setting("window.splitters", "", tr_noop("Window"), tr_noop("Pane sizes"), hidden=True),
    Setting(
        "window.picture", "", tr_noop("Window"), tr_noop("Place of the picture's own window"), hidden=True
    ),
    Setting("window.last_note", "", tr_noop("Window"), tr_noop("Last note"), hidden=True),
    Setting("window.collections", False, tr_noop("Window"), tr_noop("Collections are open"), hidden=True),
    Setting("collections.current", "", tr_noop("Window"), tr_noop("Last collection"), hidden=True),
    Setting("window.welcomed", False, tr_noop("Window"), tr_noop("First start is over"), hidden=True),
)

_TABLE = {row.key: row for row in SETTINGS}


def setting(key: str) -> Setting:
    """The row of ``key``. KeyError when there is none."""
    return _TABLE[key]
