"""Every problem that the program can find is said in the reader's language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from viewer.base import language
from viewer.base.paths import resources_dir
from viewer.domain.note import Problem
from viewer.formats import problem_words
from viewer.formats.problem_words import problem_text

ROOT = Path(__file__).resolve().parents[2]
FINDERS = (
    *sorted((ROOT / "viewer" / "formats").glob("*.py")),
    *(ROOT / "viewer" / "library" / name for name in ("loader.py", "health.py")),
)


@pytest.fixture
def german() -> Iterator[None]:
    assert language.use(resources_dir() / "translations", "de")
    yield
    language.use(resources_dir() / "translations", "en")


FILLED = {"what": "date"}
"""What only certain words can fill."""


def _sample(node: ast.expr) -> str | None:
    """A sentence as the code would make it, with a 7 for whatever is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            part.value if isinstance(part, ast.Constant) else FILLED.get(ast.unparse(part.value), "7")
            for part in node.values
        )
    return None


def sentences() -> Iterator[tuple[str, str]]:
    """(file, sentence) of everything that is given to ``problem()`` or ``Problem()``, or named ``message`` for it."""
    for path in FINDERS:
        if path.name in ("problems.py", "problem_words.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            given: list[ast.expr] = []
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                given = node.args[2:3] if node.func.id in ("problem", "Problem", "_unread") else []
            elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "message":
                given = [node.value]
            for one in given:
                text = _sample(one)
                if text is not None:
                    yield path.name, text


@pytest.mark.checkout
def test_every_sentence_has_a_form() -> None:
    found = list(sentences())
    assert len(found) > 20
    known = problem_words._known()[0]
    unknown = [one for one in found if problem_words._said(one[1], known) is None]
    assert unknown == []


def test_what_stands_in_a_sentence_is_kept(german: None) -> None:
    said = problem_text(
        Problem(
            3,
            "clip-after-end",
            "The clip 0:16–1:00 ends after the end of the video (0:50); it is kept as written.",
        )
    )
    assert said == (
        "Der Clip 0:16–1:00 endet nach dem Ende des Videos (0:50); er bleibt, wie er geschrieben ist."
    )


def test_a_reason_within_a_sentence_is_said_too(german: None) -> None:
    told = "The clip command was refused: the option '--exec' is not allowed. It is never run."
    said = problem_text(Problem(3, "clip-command-refused", told))
    assert (
        said
        == "Der Clip-Befehl wurde abgelehnt: die Option '--exec' ist nicht erlaubt. Er wird nie ausgeführt."
    )


def test_an_unknown_sentence_stays_as_it_is(german: None) -> None:
    assert problem_text(Problem(None, "future", "Something {new} happened.")) == "Something {new} happened."


def test_braces_of_the_file_harm_nothing(german: None) -> None:
    told = "date: '{0} {x}' is no date; it was left out."
    assert "{0} {x}" in problem_text(Problem(None, "value-ignored", told))
