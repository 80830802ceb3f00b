"""Damaged text is repaired once the damage is proven; sound text never is."""

from __future__ import annotations

import pytest

from viewer.formats.registry import parse
from viewer.formats.repair import repair

SOUND = "An em dash — and “curly quotes”, an ellipsis… a café, naïve, Zürich, 🔍 and 💡, Привет, 日本語, ©."


def damaged(text: str, codec: str = "mac_roman") -> str:
    return text.encode("utf-8").decode(codec)


@pytest.mark.parametrize("codec", ["mac_roman", "sloppy-windows-1252"])
def test_damage_is_undone_to_the_letter(codec):
    repaired, problem = repair(f"First line.\n{damaged(SOUND, codec)}\n")
    assert repaired == f"First line.\n{SOUND}\n"
    assert (problem.code, problem.line) == ("text-repaired", 2)


def test_damage_done_twice_is_undone_twice():
    assert repair(damaged(damaged(SOUND * 3)))[0] == SOUND * 3


@pytest.mark.parametrize("picture", ["🔍", "💡"])
def test_one_damaged_picture_is_proof_enough(picture):
    assert repair(f"## {damaged(picture)} Key Insights\n")[0] == f"## {picture} Key Insights\n"


def test_a_picture_whose_private_letter_was_dropped():
    text = damaged("## 🔍 Look\n\nOne — two — three.\n").replace("\uf8ff", "")
    assert repair(text)[0] == "## 🔍 Look\n\nOne — two — three.\n"


def test_once_proven_the_whole_document_is_repaired_front_matter_too():
    text = damaged('---\ntitle: "Why — and how"\ntags: [café]\n---\n\n## 🔍 Look\n\nOne — two — three.\n')
    note = parse(text)
    assert (note.title, note.metadata.tags) == ("Why — and how", ("café",))
    assert (note.sections[0].title, note.sections[0].markdown) == ("🔍 Look", "One — two — three.")
    assert [(p.code, p.line) for p in note.problems] == [("text-repaired", 2)]


def test_a_sound_letter_in_a_damaged_document_stays():
    text = damaged("One — two — three — four — five.") + " Added later: naïve."
    assert repair(text)[0] == "One — two — three — four — five. Added later: naïve."


@pytest.mark.parametrize(
    "text",
    [
        SOUND,
        SOUND * 50,
        "Zürich, Köln, Ärzte ‚heute‘ und „morgen“: Übung — «voilà»…",
        "L’école d’été, l’éducation, l’État, «État», qu’à — “École”",
        "Größe: 5 € – „Müller“ & Söhne ©2024 ™ ®",
        "ESPAÑA “MAÑANA” SÃO PAULO À ÉVITER ÅNGSTRÖM",
        "Tiếng Việt: Đường Âu Cơ, Ấn Độ",
        "¡Hola! ¿Qué tal? √2 ≈ 1.41, ∑ƒ(x)∂x ≤ ∞ • ‚ ‘a’ „b“",
        "The damage shows as ‚Äî where a dash — was meant, and ‚Äú for “.",
        "A lone ‚Äî in a file.",
        "In code: `‚Äî‚Äî‚Äî` `\uf8ffüîç` is a dash and a picture.",
        "עברית, العربية, हिन्दी, ไทย, 한국어",
        "I ♥ NY – naïve coöperation, piñata, smörgåsbord",
    ],
)
def test_sound_text_is_never_repaired(text):
    assert repair(text) == (text, None)


def test_a_page_about_damage_is_left_as_it_is():
    table = "".join(f"| `{sound}` | {sound} | {damaged(sound)} |\n" for sound in "—–…“”‘’•™")
    assert repair(table) == (table, None)
