from __future__ import annotations

import pytest

from viewer.base.paths import resources_dir
from viewer.ui.actions import ACTIONS
from viewer.ui.theme import THEMES, contrast_ratio, load_theme, style_sheet

MARKS = ("important", "question", "agree", "doubt")
GROUNDS = ("window", "surface", "raised", "hover", "accent_soft")
PAIRS = [
    *[(ink, ground) for ink in ("text", "text_soft", "accent") for ground in GROUNDS],
    ("text", "sunken"),
    ("text", "selection"),
    ("text", "find"),
    ("accent_text", "accent"),
    ("accent_text", "accent_hover"),
    ("danger", "raised"),
    ("danger", "danger_soft"),
    ("text", "danger_soft"),
    ("warning", "warning_soft"),
    ("warning", "surface"),
    ("warning", "window"),
    ("success", "raised"),
    ("success", "accent_soft"),
    ("stage_text", "stage"),
    ("stage_soft", "stage"),
    *[(ink, f"mark_{name}_soft") for name in MARKS for ink in ("text", "text_soft")],
    *[(f"mark_{name}", "raised") for name in MARKS],
]


@pytest.mark.parametrize("name", THEMES)
def test_every_text_can_be_read(name: str) -> None:
    theme = load_theme(name)
    least = 7.0 if name == "contrast" else 4.5
    weak = [
        f"{ink} on {ground}: {contrast_ratio(theme.css(ink), theme.css(ground)):.2f}"
        for ink, ground in PAIRS
        if contrast_ratio(theme.css(ink), theme.css(ground)) < least
    ]
    weak += [
        f"speaker {color}: {contrast_ratio(color, theme.css('surface')):.2f}"
        for color in theme.speakers
        if contrast_ratio(color, theme.css("surface")) < least
    ]
    assert weak == []


@pytest.mark.parametrize("name", THEMES)
def test_shapes_and_outlines_are_seen(name: str) -> None:
    theme = load_theme(name)
    own = tuple(f"mark_{name}" for name in MARKS)
    for mark in ("highlight", "quote", "point", "mention", "border_strong", *own):
        for ground in ("window", "surface"):
            assert contrast_ratio(theme.css(mark), theme.css(ground)) >= 3.0, (mark, ground)


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast_ratio("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast_ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", THEMES)
def test_the_style_sheet_leaves_no_token_open(name: str) -> None:
    sheet = style_sheet(load_theme(name))
    assert "$" not in sheet.replace("$names", "")


def test_every_action_wears_an_icon_that_exists() -> None:
    icons = {path.stem for path in (resources_dir() / "icons").glob("*.svg")}
    assert {spec.icon for spec in ACTIONS if spec.icon} <= icons


@pytest.mark.parametrize("name", THEMES)
def test_what_cannot_be_used_looks_so_and_is_still_read(name: str) -> None:
    theme = load_theme(name)
    off = theme.css("disabled")
    assert contrast_ratio(off, theme.css("window")) >= 3.0
    assert contrast_ratio(theme.css("text"), off) >= 2.0
