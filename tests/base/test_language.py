"""Choosing a language, and what is said in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from viewer.base import language
from viewer.base.paths import resources_dir


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    language.use(resources_dir() / "translations", "en")


@pytest.mark.parametrize(
    ("choice", "wishes", "wanted"),
    [
        ("de", ["fr_FR"], "de"),
        ("system", ["fr_CA.UTF-8", "de"], "fr"),
        ("system", ["pt-BR", "es-MX"], "es"),
        ("system", ["ja"], "ja"),
        ("system", ["C", "de"], "en"),
        ("system", ["xx", "nn_NO"], "en"),
        ("system", [], "en"),
        ("no such", ["ar_EG"], "ar"),
    ],
)
def test_the_choice_counts_then_the_first_wish_that_is_spoken(
    choice: str, wishes: list[str], wanted: str
) -> None:
    assert language.chosen(choice, wishes) == wanted


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({"LANG": "de_DE.UTF-8"}, ["de_DE.UTF-8"]),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "fr_FR"}, ["fr_FR"]),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "es:fr"}, ["es", "fr", "de_DE.UTF-8"]),
        ({"LANG": "C.UTF-8", "LANGUAGE": "es"}, ["C.UTF-8"]),
        ({"LANG": "", "LANGUAGE": "es"}, []),
        ({}, []),
    ],
)
def test_a_terminal_asks_by_its_environment(environment: dict[str, str], wanted: list[str]) -> None:
    assert language.terminal_wishes(environment) == wanted


def test_without_a_catalogue_it_stays_english() -> None:
    assert not language.use(resources_dir() / "translations", "xx")
    assert language.speaks() == "en"
    assert language.tr("Quit") == "Quit"


def test_texts_and_counts_are_said_in_the_language() -> None:
    assert language.use(resources_dir() / "translations", "de")
    assert language.tr("Quit") == "Beenden"
    assert language.tr_n("{n} note", "{n} notes", 1).format(n=1) == "1 Notiz"
    assert language.tr_n("{n} note", "{n} notes", 3).format(n=3) == "3 Notizen"
    assert language.tr("") == ""
    assert not language.is_right_to_left()


def test_arabic_runs_from_right_to_left() -> None:
    assert language.use(resources_dir() / "translations", "ar")
    assert language.is_right_to_left()
