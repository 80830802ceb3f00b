"""Everything the user can do, as one table: menus, shortcuts, tooltips and the help page are made from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget

from viewer.base.language import set_apart, tr, tr_noop
from viewer.ui import keymap
from viewer.ui.icons import name_icon

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


FILE = tr_noop("Library")
GO = tr_noop("Go")
PLAY = tr_noop("Play")
CLIPS = tr_noop("Clip")
MARKS = tr_noop("Marks")
VIEW = tr_noop("View")
HELP = tr_noop("Help")

MENUS = (FILE, GO, PLAY, CLIPS, MARKS, VIEW, HELP)
"""The menus, in order."""

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("open_folder", tr_noop("Open folder…"), FILE, ("Ctrl+O",), "folder"),
    ActionSpec("add_folder", tr_noop("Add a folder…"), FILE, (), "add"),
    ActionSpec("open_file", tr_noop("Open a note…"), FILE, ("Ctrl+Shift+O",), "note"),
    ActionSpec("add_video", tr_noop("Add video by address…"), FILE, ("Ctrl+N",), "download"),
    ActionSpec("paste_address", tr_noop("Add the video that was copied"), FILE, ("Ctrl+V",), local=True),
    ActionSpec("open_samples", tr_noop("Open the sample library"), FILE),
    ActionSpec("refresh", tr_noop("Look for changed files"), FILE, ("F5",), "retry"),
    ActionSpec("health", tr_noop("Library health…"), FILE, (), "check"),
    ActionSpec("export", tr_noop("Export…"), FILE, ("Ctrl+Shift+X",), "download"),
    ActionSpec("get_transcript", tr_noop("Get the transcript"), FILE, ("Ctrl+Shift+T",), "text", NOTE),
    ActionSpec("give_address", tr_noop("Give the address of the video…"), FILE, (), "", NOTE),
    ActionSpec("offline", tr_noop("Work offline"), FILE, ("Ctrl+Shift+L",), "offline", checkable=True),
    ActionSpec("storage", tr_noop("Storage…"), FILE, ("Ctrl+Shift+S",), ""),
    ActionSpec("preferences", tr_noop("Preferences…"), FILE, ("Ctrl+,",), "settings"),
    ActionSpec("quit", tr_noop("Quit"), FILE, ("Ctrl+Q",), "quit"),
    ActionSpec("palette", tr_noop("All commands…"), GO, ("Ctrl+Shift+P",), "keyboard"),
    ActionSpec("search", tr_noop("Search everything"), GO, ("Ctrl+K",), "search"),
    ActionSpec("names", tr_noop("Who and what…"), GO, ("Ctrl+Shift+K",), "filter"),
    ActionSpec("find", tr_noop("Find in this note"), GO, ("Ctrl+F",), "search", NOTE),
    ActionSpec("find_next", tr_noop("Find next"), GO, ("F3", "Ctrl+G"), "down", NOTE),
    ActionSpec("find_previous", tr_noop("Find previous"), GO, ("Shift+F3", "Ctrl+Shift+G"), "up", NOTE),
    ActionSpec("go_to_note", tr_noop("Go to a note"), GO, ("Ctrl+P",), "note"),
    ActionSpec("outline", tr_noop("Outline of this note"), GO, ("Ctrl+J",), "outline", NOTE),
    ActionSpec("second_window", tr_noop("Open in a second window"), GO, ("Ctrl+Shift+N",), "panel", NOTE),
    ActionSpec("go_back", tr_noop("Back to the place before"), GO, ("Alt+Left", "Back"), "left"),
    ActionSpec("go_forward", tr_noop("Forward again"), GO, ("Alt+Right", "Forward"), "right"),
    ActionSpec("filter_notes", tr_noop("Filter the notes"), GO, ("Ctrl+Shift+F",), "filter"),
    ActionSpec("focus_library", tr_noop("Go to the library"), GO, ("Alt+1",), "sidebar"),
    ActionSpec("focus_reader", tr_noop("Go to the text"), GO, ("Alt+2",), "text"),
    ActionSpec("focus_side", tr_noop("Go to the highlights"), GO, ("Alt+3",), "panel"),
    ActionSpec("next_highlight", tr_noop("Next highlight"), GO, ("N",), "next", NOTE),
    ActionSpec("previous_highlight", tr_noop("Previous highlight"), GO, ("P",), "previous", NOTE),
    ActionSpec("play_row", tr_noop("Play what is chosen"), PLAY, ("Return",), "play", NOTE, local=True),
    ActionSpec("play_words", tr_noop("Play exactly these words"), PLAY, ("W",), "", NOTE),
    ActionSpec("pause", tr_noop("Play or pause"), PLAY, ("Space", "K"), "pause", NOTE),
    ActionSpec("back", tr_noop("Back 5 seconds"), PLAY, ("Left",), "back5", CLIP),
    ActionSpec("forward", tr_noop("Forward 5 seconds"), PLAY, ("Right",), "forward5", CLIP),
    ActionSpec("back_more", tr_noop("Back 10 seconds"), PLAY, ("J",), "", CLIP),
    ActionSpec("forward_more", tr_noop("Forward 10 seconds"), PLAY, ("L",), "", CLIP),
    ActionSpec("frame_back", tr_noop("One frame back"), PLAY, ("Shift+Left",), "", CLIP),
    ActionSpec("frame_forward", tr_noop("One frame forward"), PLAY, ("Shift+Right",), "", CLIP),
    ActionSpec("slower", tr_noop("Slower"), PLAY, ("<", "Shift+,"), ""),
    ActionSpec("faster", tr_noop("Faster"), PLAY, (">", "Shift+."), "speed"),
    ActionSpec("loop", tr_noop("Repeat the clip"), PLAY, ("R",), "loop", checkable=True),
    ActionSpec("play_on", tr_noop("Play on into the talk"), PLAY, ("G",), "", CLIP, checkable=True),
    ActionSpec("play_all", tr_noop("Play all highlights"), PLAY, ("H",), "", NOTE, checkable=True),
    ActionSpec("mute", tr_noop("Mute"), PLAY, ("M",), "muted", checkable=True),
    ActionSpec("detach", tr_noop("Picture in a window of its own"), PLAY, ("I",), "detach", checkable=True),
    ActionSpec("fullscreen", tr_noop("Full screen"), PLAY, ("F", "F11"), "fullscreen"),
    ActionSpec("start_earlier", tr_noop("Start 1 second earlier"), CLIPS, ("[",), "", CLIP),
    ActionSpec("start_later", tr_noop("Start 1 second later"), CLIPS, ("{", "Shift+["), "", CLIP),
    ActionSpec("end_later", tr_noop("End 1 second later"), CLIPS, ("]",), "", CLIP),
    ActionSpec("end_earlier", tr_noop("End 1 second earlier"), CLIPS, ("}", "Shift+]"), "", CLIP),
    ActionSpec("fetch_all", tr_noop("Keep this note offline"), CLIPS, ("Ctrl+E",), "download", NOTE),
    ActionSpec("let_go", tr_noop("No longer keep this note offline"), CLIPS, (), "", NOTE),
    ActionSpec("keep_whole", tr_noop("Keep the whole video"), CLIPS, ("Ctrl+Shift+E",), "", NOTE),
    ActionSpec("pause_fetching", tr_noop("Pause or resume the downloads"), CLIPS, ("Ctrl+Shift+H",), "pause"),
    ActionSpec("stop_fetching", tr_noop("Stop fetching"), CLIPS, ("Ctrl+.",), "stop"),
    ActionSpec("save_clip", tr_noop("Save clip as…"), CLIPS, ("S",), "download", NOTE),
    ActionSpec("save_all", tr_noop("Save all clips of this note…"), CLIPS, ("Ctrl+S",), "", NOTE),
    ActionSpec("make_film", tr_noop("Make a film…"), CLIPS, ("Ctrl+Shift+M",), "", NOTE),
    ActionSpec("export_editing", tr_noop("Export for editing (EDL, FCPXML)…"), CLIPS, (), "", NOTE),
    ActionSpec("export_evidence", tr_noop("Evidence bundle…"), CLIPS, (), "", NOTE),
    ActionSpec("copy_command", tr_noop("Copy the clip's command"), CLIPS, ("Shift+C",), "", NOTE),
    ActionSpec(
        "compare_quote",
        tr_noop("Compare the quote with what was said"),
        CLIPS,
        ("Ctrl+D",),
        "compare",
        NOTE,
    ),
    ActionSpec("copy_quote", tr_noop("Copy quote with source"), CLIPS, ("C",), "copy", NOTE),
    ActionSpec("copy_as", tr_noop("Copy quote as…"), CLIPS, ("Ctrl+Shift+C",), "copy", NOTE),
    ActionSpec("open_video", tr_noop("Open on YouTube"), CLIPS, ("O",), "external", NOTE),
    ActionSpec("undo", tr_noop("Undo"), MARKS, ("Ctrl+Z",), "undo"),
    ActionSpec("redo", tr_noop("Redo"), MARKS, ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    ActionSpec("mark_important", tr_noop("Mark as important"), MARKS, ("1",), "mark-important", NOTE),
    ActionSpec("mark_question", tr_noop("Mark as a question"), MARKS, ("2",), "mark-question", NOTE),
    ActionSpec("mark_agree", tr_noop("Mark as agreed"), MARKS, ("3",), "mark-agree", NOTE),
    ActionSpec("mark_doubt", tr_noop("Mark as doubtful"), MARKS, ("4",), "mark-doubt", NOTE),
    ActionSpec("mark_note", tr_noop("Note and tags of the mark…"), MARKS, ("E",), "comment", NOTE),
    ActionSpec("mark_clip", tr_noop("Make a clip of this"), MARKS, ("X",), "clip", NOTE),
    ActionSpec("mark_last", tr_noop("Mark the last 20 seconds"), MARKS, ("B",), "mark", CLIP),
    ActionSpec("mark_stretch", tr_noop("Begin or end a stretch to mark"), MARKS, ("V",), "", CLIP),
    ActionSpec("mark_remove", tr_noop("Remove the mark"), MARKS, ("Del",), "remove", NOTE, local=True),
    ActionSpec("show_marks", tr_noop("Go to my marks"), MARKS, ("Alt+4",), "", NOTE),
    ActionSpec("gather", tr_noop("Add to the collection"), MARKS, ("Q",), "add", NOTE),
    ActionSpec("collections", tr_noop("Collections"), MARKS, ("Ctrl+Shift+B",), "collection", checkable=True),
    ActionSpec(
        "play_collection", tr_noop("Play the collection"), MARKS, ("Shift+H",), "play", checkable=True
    ),
    ActionSpec("toggle_library", tr_noop("Show the library"), VIEW, ("F9",), "sidebar", checkable=True),
    ActionSpec("toggle_side", tr_noop("Show the highlights"), VIEW, ("Shift+F9",), "panel", checkable=True),
    ActionSpec(
        "to_check", tr_noop("Only quotes to check"), VIEW, ("Ctrl+Shift+D",), "", NOTE, checkable=True
    ),
    ActionSpec("focus_text", tr_noop("Only the text"), VIEW, ("F8",), "text", checkable=True),
    ActionSpec(
        "focus_player", tr_noop("Only the text and the player"), VIEW, ("Shift+F8",), "", checkable=True
    ),
    ActionSpec("follow", tr_noop("Back to the playing line"), VIEW, ("Ctrl+L",), "follow", CLIP),
    ActionSpec("type", tr_noop("How the text looks…"), VIEW, ("Ctrl+Shift+A",), "type", NOTE),
    ActionSpec("larger", tr_noop("Larger text"), VIEW, ("Ctrl++", "Ctrl+="), "text"),
    ActionSpec("smaller", tr_noop("Smaller text"), VIEW, ("Ctrl+-",), ""),
    ActionSpec("usual_size", tr_noop("Usual text size"), VIEW, ("Ctrl+0",), ""),
    ActionSpec("captions", tr_noop("Captions under the picture"), VIEW, ("T",), "", checkable=True),
    ActionSpec("sound_only", tr_noop("Sound only"), VIEW, ("A",), "", checkable=True),
    ActionSpec("next_theme", tr_noop("Next theme"), VIEW, ("Ctrl+T",), "theme"),
    ActionSpec("shortcuts", tr_noop("Keys and help"), HELP, ("F1",), "keyboard"),
    ActionSpec("manual", tr_noop("Manual"), HELP, ("Shift+F1",), "help"),
    ActionSpec("renew", tr_noop("Renew yt-dlp"), HELP, (), "download"),
    ActionSpec("copy_diagnostics", tr_noop("Copy diagnostics"), HELP, (), "copy"),
    ActionSpec("save_report", tr_noop("Save a report…"), HELP),
    ActionSpec("about", tr_noop("About Soundbite"), HELP, (), "info"),
)

TABLE = {spec.id: spec for spec in ACTIONS}


def keys_text(spec: ActionSpec) -> str:
    """The action's keys in force as this desktop writes them, ``Space, K``; empty without any.

    ``Shift+,`` is left out: it stands beside the sign that it types on one keyboard, ``<``, for another.
    """
    shown = [
        key
        for key in keymap.keys_of(spec)
        if not key.startswith("Shift+") or len(key) > 7 or key[-1].isalpha()
    ]
    native = QKeySequence.SequenceFormat.NativeText
    return ", ".join(QKeySequence(key).toString(native) for key in shown)


def key_of(action_id: str) -> str:
    """The first key of an action, for a sentence; the action's words when it has none."""
    return keys_text(TABLE[action_id]).split(", ")[0] or tr(TABLE[action_id].text).rstrip("…")


def tooltip(action_id: str) -> str:
    """What a button for this action says when it is pointed at: the words, and the keys in brackets."""
    return with_keys(tr(TABLE[action_id].text).rstrip("…"), action_id)


def with_keys(words: str, *action_ids: str) -> str:
    """``words``, and in brackets the keys of an action, or of several."""
    keys = ", ".join(filter(None, (keys_text(TABLE[one]) for one in action_ids)))
    return f"{words} ({set_apart(keys)})" if keys else words


_WORDS, _KEYS_OF = "wordsBeforeKeys", "keysOf"


def describe_action(widget: QWidget, words: str, *action_ids: str) -> None:
    """Say what ``widget`` does and by which actions' keys; said anew when these change."""
    widget.setProperty(_WORDS, words)
    widget.setProperty(_KEYS_OF, list(action_ids))
    widget.setToolTip(with_keys(words, *action_ids))
    if not (isinstance(widget, QAbstractButton) and widget.text()):
        widget.setAccessibleName(words)  # where words are written on it, they are its name


class ActionSet:
    """The table's actions as QActions of one window. ``set_state`` enables those that make sense now.

    Their icons are drawn when the window stands (:func:`viewer.ui.icons.dress_actions_later`).
    """

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._actions: dict[str, QAction] = {}
        for spec in ACTIONS:
            action = QAction(tr(spec.text), window)
            action.setObjectName(f"action_{spec.id}")
            if not spec.local:
                action.setShortcuts([QKeySequence(key) for key in keymap.keys_of(spec)])
            else:
                action.setText(f"{tr(spec.text)}\t{keys_text(spec)}")
            action.setToolTip(tooltip(spec.id))
            action.setCheckable(spec.checkable)
            if spec.icon:
                name_icon(action, spec.icon)
            window.addAction(action)
            self._actions[spec.id] = action
        self.set_state(note=False, clip=False)

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def use_keys(self, chosen: dict[str, tuple[str, ...]]) -> None:
        """Put these keys in force, by action id, over the table's: shortcuts, menus, and what buttons say."""
        before = {spec.id: tooltip(spec.id) for spec in ACTIONS}
        keymap.use(chosen)
        said = {}
        for spec in ACTIONS:
            action = self._actions[spec.id]
            if not spec.local:
                action.setShortcuts([QKeySequence(key) for key in keymap.keys_of(spec)])
            now = tooltip(spec.id)
            action.setToolTip(now)
            if now != before[spec.id]:
                said[before[spec.id]] = now
        for widget in self._window.findChildren(QWidget):
            action_ids = widget.property(_KEYS_OF)
            if action_ids:
                widget.setToolTip(with_keys(widget.property(_WORDS), *action_ids))
            elif widget.toolTip() in said:
                widget.setToolTip(said[widget.toolTip()])

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
            if self._actions[spec.id].isEnabled() is not enabled:
                self._actions[spec.id].setEnabled(enabled)

    def fill_menu(self, menu: QMenu) -> None:
        """Add every action to ``menu``, in a sub-menu for each part of the table."""
        for title in MENUS:
            part = menu.addMenu(tr(title))
            part.addActions([self._actions[spec.id] for spec in ACTIONS if spec.menu == title])


def _without_argument(handler: Callable[[], object]) -> Callable[[bool], None]:
    # triggered carries the check state, which the handlers do not want.
    def call(checked: bool = False) -> None:
        handler()

    return call
