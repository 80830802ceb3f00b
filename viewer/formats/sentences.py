"""Quotes in prose: whole sentences in quotation marks; words in scare quotes are none."""

from __future__ import annotations

import re

from viewer.domain.note import Quote
from viewer.formats.inline import plain, unquoted

_QUOTED = re.compile(
    r"(?<![\w\"“])\"(?=\S)([^\"“”\n]{2,4000}?)(?<=\S)\"(?!\w)"
    r"|“([^“”\n]{2,4000})”|„([^„“”\n]{2,4000})[“”]|«\s?([^«»\n]{2,4000}?)\s?»|「([^「」\n]{2,4000})」|『([^『』\n]{2,4000})』"
)
_LABEL = re.compile(
    r"(?:\*\*|__)?([^\W\d_][^\n.:!?\"“”]{0,90}?|\d[^\n.:!?\"“”]{1,90}?)(?:[:：](?:\*\*|__)|(?:\*\*|__)?[:：])[ \t]+(?=\S)"
)
_NAME = r"([A-Z][\w.'’-]*(?:[ \t]+(?:(?:de|van|von|der|la|al)[ \t]+)?[A-Z][\w.'’-]*){0,3})"
_VERB = (
    r"(?:says|said|adds|added|notes|noted|argues|argued|explains|explained|admits|admitted|states|stated|remarks|"
    r"remarked|observes|observed|recalls|recalled|jokes|joked|warns|warned|believes|insists|insisted|claims|claimed|"
    r"quips|quipped|declares|declared|concludes|concluded|asks|asked|puts it|put it|told [A-Z]\w+)"
)
_BEFORE = re.compile(rf"{_NAME}[ \t]+(?:\w+ly[ \t]+)?{_VERB}(?:[ \t]+that)?[ \t]*[,:]?[ \t]*\Z")
_NAME_BEFORE = re.compile(rf"(?:\A|[.!?][ \t]+){_NAME}[ \t]*:[ \t]*\Z")
_AFTER = re.compile(rf"[ \t]*,?[ \t]*(?:{_VERB}[ \t]+{_NAME}|{_NAME}[ \t]+{_VERB})\b")
_DASH_AFTER = re.compile(
    rf"[ \t]*(?:[—–―]|--|-[ \t])[ \t]*{_NAME}(?:[ \t]*[,(][^\"“”]{{0,80}})?[ \t]*[.)]?\Z"
)
_NO_NAMES = frozenset(
    {
        "he",
        "she",
        "they",
        "it",
        "we",
        "i",
        "you",
        "this",
        "that",
        "who",
        "quote",
        "note",
        "context",
        "the",
        "one",
    }
)
_QUOTE_LABEL = re.compile(
    r"[ \t]*(?:\*\*|__)?(?i:(?:key |notable |direct )?(?:quotes?|quotation)(?:[ \t]+(?:from|by)[ \t]+)?)"
    r"[ \t]*\(?(?P<who>[A-Z][^\n()\"“”:]{0,60})?\)?[ \t]*(?:[:：][ \t]*(?:\*\*|__)?|(?:\*\*|__)[ \t]*[:：])[ \t]*\Z"
)
"""``Quote:`` or ``Quote (Bob):`` before quoted words: the note itself says that they are a quote."""

_FEWEST_WORDS = 5
_FEWEST_WORDS_ALONE = 3


def label_of(text: str, *, longest: int = 7) -> tuple[str, str]:
    """Split ``Strategic Insight: text`` into label and text; an empty label when there is none of up to ``longest`` words."""
    match = _LABEL.match(text[:400])
    if match is None:
        return "", text
    label = match[1].strip()
    if len(label.split()) > longest or not (
        label[:1].isupper() or label[:1].isdigit() or not label[:1].isascii()
    ):
        return "", text
    return label, text[match.end() :]


def quoted_sentences(text: str, line: int) -> list[Quote]:
    """The whole sentences in quotation marks within one paragraph or list item, with the speaker where it is said.

    A quotation counts when it begins like a sentence, ends like one and is long enough; a list item that is
    nothing but one quotation (or ``Quote: "..."``) may be shorter. "AI scientist" and "electrons to model
    distribution." are no quotes.
    """
    if len(text) > 100_000:
        return []
    quotes = []
    for match in _QUOTED.finditer(text):
        words = next(group for group in match.groups() if group is not None).strip()
        before, after = text[: match.start()], text[match.end() :]
        labelled = _QUOTE_LABEL.match(before)
        alone = (labelled is not None or not before.strip(" \t*_")) and (
            not after.strip(" \t.*_") or _DASH_AFTER.match(after) is not None
        )
        speaker = (labelled["who"] if labelled else None) or _speaker(before, after)
        if (labelled and alone) or _is_sentence(words, alone=alone, said=speaker is not None):
            quotes.append(Quote(plain(unquoted(words)), speaker, line=line))
    return quotes


def _is_sentence(words: str, *, alone: bool, said: bool) -> bool:
    dense = sum(1 for letter in words if "\u3040" <= letter <= "\u9fff")
    count = len(words.split()) + dense // 2
    begins = not words[0].islower()
    ends = words.rstrip("*_")[-1:] in ".?!…。？！।" or words.endswith(("—", "–"))
    if alone:
        return count >= _FEWEST_WORDS_ALONE and (begins or ends)
    if said:
        # "We must go on," says X: the sentence ends after the marks.
        return count >= _FEWEST_WORDS and (begins or ends or words.endswith(","))
    return count >= _FEWEST_WORDS and begins and ends


def _speaker(before: str, after: str) -> str | None:
    for match in (
        _DASH_AFTER.match(after[:200]),
        _AFTER.match(after[:200]),
        _BEFORE.search(before[-200:]),
        _NAME_BEFORE.search(before[-120:]),
    ):
        if match is None:
            continue
        name = next((group for group in match.groups() if group), "").strip(" .,")
        if name and name.split()[0].lower() not in _NO_NAMES:
            return name
    return None
