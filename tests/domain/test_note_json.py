"""The schema that other programs rely on: keys are only ever added."""

from __future__ import annotations

import json

from viewer.domain.note import Note, NoteFormat
from viewer.domain.note_json import note_to_json


def test_an_empty_note_has_every_key_and_null_for_what_is_absent():
    data = note_to_json(Note(NoteFormat.PLAIN), "a.md")
    assert list(data) == [
        "path", "format", "title", "channel", "published", "duration_ms", "videos", "tags", "categories", "summary", "sections",
        "highlights", "quotes", "key_points", "mentions", "chapters", "transcript", "problems",
    ]  # fmt: skip
    assert (data["path"], data["format"], data["published"]) == ("a.md", "plain", None)
    assert data["transcript"] == {"origin": None, "cues": []}
    json.dumps(data)
