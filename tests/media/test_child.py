"""A helper process answers in JSON lines, and never outlives us."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from viewer.media.child import Child, ChildGone


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


ECHO = "import sys, json\nfor line in sys.stdin:\n print('noise'); print(json.dumps({'got': json.loads(line)}), flush=True)"


def test_a_child_answers_and_ends(tmp_path: Path) -> None:
    child = Child(python(ECHO), cwd=tmp_path)
    child.send({"a": 1})
    assert child.receive(10) == {"got": {"a": 1}}
    with pytest.raises(ChildGone):
        child.receive(0.05)
    child.close()
    assert not child.alive
    with pytest.raises(ChildGone):
        child.send({})
    with pytest.raises(ChildGone):
        child.receive(1)


def test_a_child_that_dies_says_its_last_words(tmp_path: Path) -> None:
    child = Child(python("import sys; sys.exit('no luck')"), cwd=tmp_path)
    with pytest.raises(ChildGone, match="no luck"):
        child.receive(10)
    child.close()
