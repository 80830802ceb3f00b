"""What a refresh has to read, decided from two scans and what the index knows. Opens no note."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from viewer.library.database import Session
from viewer.library.index_store import IndexStore, from_db, to_db
from viewer.library.loader import side_keys, stem_of
from viewer.library.scanner import NOTE_SUFFIXES, Changes, FileState, Scan, is_note_name

CAPTION_RANK = (".json3", ".vtt", ".srt", ".json")
"""Of several caption files with one name the first of these is the note: json3 knows the times of words."""


@dataclass(slots=True)
class Plan:
    """The work of one refresh. ``paths`` and ``gone`` are paths of notes -> ids.

    ``texts`` are note files to read, ``sides`` the caption and JSON files to look at again; ``same_file`` says for a
    new path which vanished path was the same file (by inode, size and time).
    """

    scanned: Scan
    changes: Changes
    roots: tuple[str, ...]
    paths: dict[str, int]
    gone: dict[str, int] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    sides: list[str] = field(default_factory=list)
    same_file: dict[str, str] = field(default_factory=dict)
    moved_roots: list[tuple[int, str]] = field(default_factory=list)

    def root_of(self, path: str) -> str:
        """The library folder that a path lies below: the innermost where several do."""
        return root_of(path, self.roots)


def root_of(path: str, roots: Iterable[str]) -> str:
    """The innermost of the folders that a path lies below; its own folder when none."""
    best = ""
    for root in roots:
        if (path == root or path.startswith(root.rstrip(os.sep) + os.sep)) and len(root) > len(best):
            best = root
    return best or os.path.dirname(path)


def make_plan(
    store: IndexStore,
    scanned: Scan,
    known: Mapping[str, FileState],
    changes: Changes,
    roots: tuple[str, ...],
    *,
    thorough: bool,
) -> Plan:
    """Decide what to read. ``thorough`` also looks for rows that a damaged disk has changed or lost."""
    files = scanned.files
    plan = Plan(scanned, changes, roots, store.note_paths())
    plan.gone = {path: number for path, number in plan.paths.items() if path not in files}
    texts = dict.fromkeys(path for path in (*changes.added, *changes.changed) if is_note_name(path))
    sides = dict.fromkeys(
        path for path in (*changes.added, *changes.changed, *changes.removed) if path not in texts
    )
    for path in changes.removed:
        if is_note_name(path):
            sides.pop(path, None)
    if thorough:
        for path in _lost(store, plan.paths, files):
            (texts if is_note_name(path) else sides)[path] = None
    session = store.pool.session()
    for path in list(sides):
        texts.update(dict.fromkeys(p for p in _owners(session, path) if p in files and is_note_name(p)))
        if path in files:
            texts.update(dict.fromkeys(_may_own(session, path, plan.paths)))
    for number in plan.gone.values():
        claimed = (path for path in store.siblings(number) if path in files)
        sides.update(dict.fromkeys(claimed))
    plan.texts, plan.sides = list(texts), list(sides)
    plan.same_file = _same_files(plan, known)
    plan.moved_roots = _moved_roots(session, plan)
    return plan


def _lost(store: IndexStore, paths: Mapping[str, int], files: Mapping[str, FileState]) -> list[str]:
    """Files whose note is not in the index as it should be."""
    wrong = [path for path in store.wrong_rows() if path in files]
    missing = [path for path in files if is_note_name(path) and path not in paths]
    return wrong + missing


def _owners(session: Session, side: str) -> list[str]:
    """The notes that a side file went into."""
    rows = session.rows(
        "SELECT n.path FROM claims c JOIN notes n ON n.id=c.note_id WHERE c.side=?", (to_db(side),)
    )
    return [from_db(row[0]) for row in rows]


def _may_own(session: Session, side: str, paths: Mapping[str, int]) -> list[str]:
    """Known notes in the same folder to which a new side file may belong: by name, or by the video's id."""
    folder, name = os.path.split(side)
    found = []
    for key in side_keys(name):
        found += [path for suffix in NOTE_SUFFIXES if (path := os.path.join(folder, key + suffix)) in paths]
        rows = session.rows(
            "SELECT n.path FROM videos v JOIN notes n ON n.id=v.note_id WHERE v.video_id=?", (key,)
        )
        near = (from_db(row[0]) for row in rows)
        found += [path for path in near if os.path.dirname(path) == folder and is_note_name(path)]
    return found


def _same_files(plan: Plan, known: Mapping[str, FileState]) -> dict[str, str]:
    """New path -> vanished path of the same file, where inode, size and time say so."""
    if not plan.gone:
        return {}
    vanished = {known[path]: path for path in plan.gone if path in known}
    files = plan.scanned.files
    return {path: vanished[files[path]] for path in plan.changes.added if files[path] in vanished}


def _moved_roots(session: Session, plan: Plan) -> list[tuple[int, str]]:
    """Notes that stand below another library folder than before: the user added or removed one."""
    moved = []
    for number, path, folder in session.stream("SELECT id, path, folder FROM notes"):
        text = from_db(path)
        if text not in plan.gone and plan.root_of(text) != from_db(folder):
            moved.append((int(number), text))
    return moved


def caption_groups(sides: Iterable[str], files: Iterable[str]) -> list[list[str]]:
    """The caption files that have to be looked at again, those of one talk and language together, best first.

    yt-dlp's ``.info.json`` is no candidate, but a change of it is one of its talk.
    """
    touched = {_group_of(path) for path in sides}
    groups: dict[tuple[str, str], list[str]] = {}
    if touched:
        for path in files:
            if not is_note_name(path) and _group_of(path) in touched and not is_info(path):
                folder, name = os.path.split(path)
                groups.setdefault((folder, os.path.splitext(name)[0]), []).append(path)
    return [sorted(group, key=_rank) for group in groups.values()]


def is_info(path: str) -> bool:
    """Whether a file is what yt-dlp wrote about a video: never a note of its own."""
    return path.lower().endswith(".info.json")


def _group_of(path: str) -> tuple[str, str]:
    folder, name = os.path.split(path)
    return folder, stem_of(name)


def _rank(path: str) -> int:
    return CAPTION_RANK.index(os.path.splitext(path)[1].lower())
