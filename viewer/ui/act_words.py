"""What an act of the user is called, in the menu's “Undo” and when it was undone."""

from __future__ import annotations

from viewer.base.language import tr
from viewer.library.journal import Act


def act_words(act: Act | None) -> str:
    """``mark removed``; empty for None and for an act of a newer version."""
    words = {
        Act.ADD_MARK: tr("mark made"),
        Act.CHANGE_MARK: tr("mark changed"),
        Act.REMOVE_MARK: tr("mark removed"),
        Act.CREATE_COLLECTION: tr("collection made"),
        Act.RENAME_COLLECTION: tr("collection renamed"),
        Act.DELETE_COLLECTION: tr("collection deleted"),
        Act.ADD_ITEMS: tr("added to the collection"),
        Act.CHANGE_ITEM: tr("changed in the collection"),
        Act.MOVE_ITEM: tr("moved in the collection"),
        Act.REMOVE_ITEMS: tr("removed from the collection"),
        Act.TAKE_FROM_FILE: tr("taken from a mark's file"),
    }
    return words.get(act, "") if act is not None else ""
