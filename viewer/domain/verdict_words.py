"""What a verdict means in words: its sentence, the differences, where the words were said, and by which transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.base.language import tr, tr_n
from viewer.domain.judgement import Op, Verdict
from viewer.domain.timestamp import format_timestamp

if TYPE_CHECKING:
    from viewer.domain.quote_checks import QuoteCheck


def verdict_words(verdict: Verdict) -> str:
    """The verdict as a mark's word."""
    return {
        Verdict.VERBATIM: tr("verbatim"),
        Verdict.EDITED: tr("edited"),
        Verdict.STITCHED: tr("stitched"),
        Verdict.PARAPHRASE: tr("paraphrase"),
        Verdict.NOT_FOUND: tr("not found"),
        Verdict.CANNOT_BE_CHECKED: tr("cannot be checked"),
    }[verdict]


def verdict_sentence(check: QuoteCheck) -> str:
    """What the verdict means, in a sentence."""
    parts = len(check.judgement.places)
    return {
        Verdict.VERBATIM: tr("Every word of this quote was said, in this order."),
        Verdict.EDITED: tr("This was said in one place, but not in exactly these words."),
        Verdict.STITCHED: tr_n(
            "The parts of this quote were said in {n} place.",
            "The parts of this quote were said in {n} different places.",
            parts,
        ).format(n=parts),
        Verdict.PARAPHRASE: tr("Something like this was said, in other words."),
        Verdict.NOT_FOUND: tr("The transcript is complete, and these words are not in it."),
        Verdict.CANNOT_BE_CHECKED: tr(
            "There is no transcript, or not all of it, to compare this quote with."
        ),
    }[check.verdict]


def differences_words(check: QuoteCheck) -> str:
    """``3 words left out, 1 added, 2 changed``; nothing where there is no difference."""
    left_out = sum(len(one.said.split()) for one in check.differences if one.op is Op.OMITTED)
    added = sum(len(one.quote.split()) for one in check.differences if one.op is Op.ADDED)
    changed = sum(len(one.quote.split()) for one in check.differences if one.op is Op.CHANGED)
    parts = []
    if left_out:
        parts.append(tr_n("{n} word left out", "{n} words left out", left_out).format(n=left_out))
    if added:
        parts.append(tr_n("{n} word added", "{n} words added", added).format(n=added))
    if changed:
        parts.append(tr_n("{n} word changed", "{n} words changed", changed).format(n=changed))
    return tr(", ").join(parts)


def elsewhere_words(check: QuoteCheck) -> tuple[str, str]:
    """``Said at 12:31`` and ``the note says 14:05``, of a quote whose words are not where the note says."""
    said = tr("Said at {place}").format(place=format_timestamp(check.start_ms or 0))
    note = tr("the note says {place}").format(place=format_timestamp(check.note_start_ms or 0))
    return said, note


def origin_words(origin: str) -> str:
    """Where a transcript comes from: ``Automatic captions, en``."""
    kind, _, rest = origin.partition(":")
    if kind == "captions":
        language, _, automatic = rest.partition(":")
        words = tr("Automatic captions, {language}") if automatic else tr("The author's captions, {language}")
        return words.format(language=language)
    if kind == "sidecar":
        return tr("The file {name} beside the note").format(name=rest)
    return tr("The note's own transcript") if kind == "note" else origin
