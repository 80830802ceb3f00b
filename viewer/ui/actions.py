"""Everything the user can do, as one table: menus, shortcuts, tooltips and the help page are made from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from viewer.ui.icons import set_icon
from viewer.ui.theme import Theme

ALWAYS = ""
NOTE = "note"
CLIP = "clip"


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action. ``needs`` says when it is enabled: always, with a note open, or with a clip in the player.

    ``keys`` are in Qt's portable spelling, the first is the one that is shown. ``local`` keys belong to the widget
    that has the focus (Enter in a list): they are documented here, the widget itself listens.
    """

    id: str
    text: str
    menu: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    needs: str = ALWAYS
    checkable: bool = False
    local: bool = False


def _tr(text: str) -> str:
    return QCoreApplication.translate("actions", text)


def _T(context: str, text: str) -> str:  # noqa: N802 - it marks a text for translation, as QT_TRANSLATE_NOOP
    return text


FILE = _T("actions", "Library")
GO = _T("actions", "Go")
PLAY = _T("actions", "Play")
CLIPS = _T("actions", "Clip")
VIEW = _T("actions", "View")
HELP = _T("actions", "Help")

MENUS = (FILE, GO, PLAY, CLIPS, VIEW, HELP)
"""The menus, in order."""

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("open_folder", _T("actions", "Open folder…"), FILE, ("Ctrl+O",), "folder"),
    ActionSpec("add_folder", _T("actions", "Add a folder…"), FILE, (), "add"),
    ActionSpec("open_file", _T("actions", "Open a note…"), FILE, ("Ctrl+Shift+O",), "note"),
    ActionSpec("open_samples", _T("actions", "Open the sample library"), FILE),
    ActionSpec("refresh", _T("actions", "Look for changed files"), FILE, ("F5",), "retry"),
    ActionSpec("health", _T("actions", "Library health…"), FILE, (), "check"),
    ActionSpec("get_transcript", _T("actions", "Get the transcript"), FILE, ("Ctrl+Shift+T",), "text", NOTE),
    ActionSpec("give_address", _T("actions", "Give the address of the video…"), FILE, (), "", NOTE),
    ActionSpec("offline", _T("actions", "Work offline"), FILE, ("Ctrl+Shift+L",), "offline", checkable=True),
    ActionSpec("storage", _T("actions", "Storage…"), FILE, ("Ctrl+Shift+S",), ""),
    ActionSpec("preferences", _T("actions", "Preferences…"), FILE, ("Ctrl+,",), "settings"),
    ActionSpec("quit", _T("actions", "Quit"), FILE, ("Ctrl+Q",), "quit"),
    ActionSpec("palette", _T("actions", "All commands…"), GO, ("Ctrl+Shift+P",), "keyboard"),
    ActionSpec("search", _T("actions", "Search everything"), GO, ("Ctrl+K",), "search"),
    ActionSpec("names", _T("actions", "Who and what…"), GO, ("Ctrl+Shift+K",), "filter"),
    ActionSpec("find", _T("actions", "Find in this note"), GO, ("Ctrl+F",), "search", NOTE),
    ActionSpec("find_next", _T("actions", "Find next"), GO, ("F3", "Ctrl+G"), "down", NOTE),
    ActionSpec("find_previous", _T("actions", "Find previous"), GO, ("Shift+F3", "Ctrl+Shift+G"), "up", NOTE),
    ActionSpec("go_to_note", _T("actions", "Go to a note"), GO, ("Ctrl+P",), "note"),
    ActionSpec("outline", _T("actions", "Outline of this note"), GO, ("Ctrl+J",), "outline", NOTE),
    ActionSpec("go_back", _T("actions", "Back to the place before"), GO, ("Alt+Left", "Back"), "left"),
    ActionSpec("go_forward", _T("actions", "Forward again"), GO, ("Alt+Right", "Forward"), "right"),
    ActionSpec("filter_notes", _T("actions", "Filter the notes"), GO, ("Ctrl+Shift+F",), "filter"),
    ActionSpec("focus_library", _T("actions", "Go to the library"), GO, ("Alt+1",), "sidebar"),
    ActionSpec("focus_reader", _T("actions", "Go to the text"), GO, ("Alt+2",), "text"),
    ActionSpec("focus_side", _T("actions", "Go to the highlights"), GO, ("Alt+3",), "panel"),
    ActionSpec("next_highlight", _T("actions", "Next highlight"), GO, ("N",), "next", NOTE),
    ActionSpec("previous_highlight", _T("actions", "Previous highlight"), GO, ("P",), "previous", NOTE),
    ActionSpec("play_row", _T("actions", "Play what is chosen"), PLAY, ("Return",), "play", NOTE, local=True),
    ActionSpec("play_words", _T("actions", "Play exactly these words"), PLAY, ("W",), "", NOTE),
    ActionSpec("pause", _T("actions", "Play or pause"), PLAY, ("Space", "K"), "pause", NOTE),
    ActionSpec("back", _T("actions", "Back 5 seconds"), PLAY, ("Left",), "back5", CLIP),
    ActionSpec("forward", _T("actions", "Forward 5 seconds"), PLAY, ("Right",), "forward5", CLIP),
    ActionSpec("back_more", _T("actions", "Back 10 seconds"), PLAY, ("J",), "", CLIP),
    ActionSpec("forward_more", _T("actions", "Forward 10 seconds"), PLAY, ("L",), "", CLIP),
    ActionSpec("frame_back", _T("actions", "One frame back"), PLAY, ("Shift+Left",), "", CLIP),
    ActionSpec("frame_forward", _T("actions", "One frame forward"), PLAY, ("Shift+Right",), "", CLIP),
    ActionSpec("slower", _T("actions", "Slower"), PLAY, ("<", "Shift+,"), ""),
    ActionSpec("faster", _T("actions", "Faster"), PLAY, (">", "Shift+."), "speed"),
    ActionSpec("loop", _T("actions", "Repeat the clip"), PLAY, ("R",), "loop", checkable=True),
    ActionSpec("play_on", _T("actions", "Play on into the talk"), PLAY, ("G",), "", CLIP, checkable=True),
    ActionSpec("play_all", _T("actions", "Play all highlights"), PLAY, ("H",), "", NOTE, checkable=True),
    ActionSpec("mute", _T("actions", "Mute"), PLAY, ("M",), "muted", checkable=True),
    ActionSpec("fullscreen", _T("actions", "Full screen"), PLAY, ("F", "F11"), "fullscreen"),
    ActionSpec("start_earlier", _T("actions", "Start 1 second earlier"), CLIPS, ("[",), "", CLIP),
    ActionSpec("start_later", _T("actions", "Start 1 second later"), CLIPS, ("{", "Shift+["), "", CLIP),
    ActionSpec("end_later", _T("actions", "End 1 second later"), CLIPS, ("]",), "", CLIP),
    ActionSpec("end_earlier", _T("actions", "End 1 second earlier"), CLIPS, ("}", "Shift+]"), "", CLIP),
    ActionSpec("fetch_all", _T("actions", "Keep this note offline"), CLIPS, ("Ctrl+E",), "download", NOTE),
    ActionSpec("let_go", _T("actions", "No longer keep this note offline"), CLIPS, (), "", NOTE),
    ActionSpec("keep_whole", _T("actions", "Keep the whole video"), CLIPS, ("Ctrl+Shift+E",), "", NOTE),
    ActionSpec("stop_fetching", _T("actions", "Stop fetching"), CLIPS, ("Ctrl+.",), "stop"),
    ActionSpec("save_clip", _T("actions", "Save clip as…"), CLIPS, ("S",), "download", NOTE),
    ActionSpec("save_all", _T("actions", "Save all clips of this note…"), CLIPS, ("Ctrl+S",), "", NOTE),
    ActionSpec("copy_command", _T("actions", "Copy the clip's command"), CLIPS, ("Shift+C",), "", NOTE),
    ActionSpec(
        "compare_quote",
        _T("actions", "Compare the quote with what was said"),
        CLIPS,
        ("Ctrl+D",),
        "compare",
        NOTE,
    ),
    ActionSpec("copy_quote", _T("actions", "Copy quote with source"), CLIPS, ("C",), "copy", NOTE),
    ActionSpec("open_video", _T("actions", "Open on YouTube"), CLIPS, ("O",), "external", NOTE),
    ActionSpec("toggle_library", _T("actions", "Show the library"), VIEW, ("F9",), "sidebar", checkable=True),
    ActionSpec(
        "toggle_side", _T("actions", "Show the highlights"), VIEW, ("Shift+F9",), "panel", checkable=True
    ),
    ActionSpec(
        "to_check", _T("actions", "Only quotes to check"), VIEW, ("Ctrl+Shift+D",), "", NOTE, checkable=True
    ),
    ActionSpec("follow", _T("actions", "Back to the playing line"), VIEW, ("Ctrl+L",), "follow", CLIP),
    ActionSpec("larger", _T("actions", "Larger text"), VIEW, ("Ctrl++", "Ctrl+="), "text"),
    ActionSpec("smaller", _T("actions", "Smaller text"), VIEW, ("Ctrl+-",), ""),
    ActionSpec("usual_size", _T("actions", "Usual text size"), VIEW, ("Ctrl+0",), ""),
    ActionSpec("captions", _T("actions", "Captions under the picture"), VIEW, ("T",), "", checkable=True),
    ActionSpec("sound_only", _T("actions", "Sound only"), VIEW, ("A",), "", checkable=True),
    ActionSpec("next_theme", _T("actions", "Next theme"), VIEW, ("Ctrl+T",), "theme"),
    ActionSpec("shortcuts", _T("actions", "Keys and help"), HELP, ("F1",), "keyboard"),
    ActionSpec("renew", _T("actions", "Renew yt-dlp"), HELP, (), "download"),
    ActionSpec("copy_diagnostics", _T("actions", "Copy diagnostics"), HELP, (), "copy"),
    ActionSpec("save_report", _T("actions", "Save a report…"), HELP),
    ActionSpec("about", _T("actions", "About Soundbite"), HELP, (), "info"),
)

TABLE = {spec.id: spec for spec in ACTIONS}


def keys_text(spec: ActionSpec) -> str:
    """The action's keys as this desktop writes them, ``Space, K``; empty without any."""
    shown = [key for key in spec.keys if not key.startswith("Shift+") or len(key) > 7]
    native = QKeySequence.SequenceFormat.NativeText
    return ", ".join(QKeySequence(key).toString(native) for key in shown)


def tooltip(action_id: str) -> str:
    """What a button for this action says when it is pointed at: the words, and the keys in brackets."""
    spec = TABLE[action_id]
    text = _tr(spec.text).rstrip("…")
    keys = keys_text(spec)
    return f"{text} ({keys})" if keys else text


class ActionSet:
    """The table's actions as QActions of one window. ``set_state`` enables those that make sense now."""

    def __init__(self, window: QWidget, theme: Theme) -> None:
        self._actions: dict[str, QAction] = {}
        for spec in ACTIONS:
            action = QAction(_tr(spec.text), window)
            action.setObjectName(f"action_{spec.id}")
            if spec.keys and not spec.local:
                action.setShortcuts([QKeySequence(key) for key in spec.keys])
            elif spec.local:
                action.setText(f"{_tr(spec.text)}\t{keys_text(spec)}")
            action.setToolTip(tooltip(spec.id))
            action.setCheckable(spec.checkable)
            if spec.icon:
                set_icon(action, spec.icon, theme)
            window.addAction(action)
            self._actions[spec.id] = action
        self.set_state(note=False, clip=False)

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def connect(self, handlers: dict[str, Callable[[], object]]) -> None:
        """Call the handler of an id when its action is triggered. KeyError for an id that is not in the table."""
        for action_id, handler in handlers.items():
            self._actions[action_id].triggered.connect(_without_argument(handler))

    def connected(self) -> Iterable[str]:
        """Ids of the actions that do something when triggered."""
        return [key for key, action in self._actions.items() if action.receivers("2triggered(bool)") > 0]

    def set_state(self, *, note: bool, clip: bool) -> None:
        """Enable the actions that make sense with or without a note open, a clip in the player."""
        for spec in ACTIONS:
            enabled = {ALWAYS: True, NOTE: note, CLIP: clip}[spec.needs]
            self._actions[spec.id].setEnabled(enabled)

    def fill_menu(self, menu: QMenu) -> None:
        """Add every action to ``menu``, in a sub-menu for each part of the table."""
        for title in MENUS:
            part = menu.addMenu(_tr(title))
            part.addActions([self._actions[spec.id] for spec in ACTIONS if spec.menu == title])


def _without_argument(handler: Callable[[], object]) -> Callable[[bool], None]:
    # triggered carries the check state, which the handlers do not want.
    def call(checked: bool = False) -> None:
        handler()

    return call
