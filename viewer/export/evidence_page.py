"""The page of an evidence bundle: one file of HTML that needs nothing but the clips beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from viewer.base.language import speaks, tr, tr_n
from viewer.domain.cited_quote import CitedQuote, Heading, Outline
from viewer.domain.judgement import Verdict
from viewer.domain.timestamp import format_range, format_timestamp
from viewer.domain.verdict_words import (
    differences_words,
    elsewhere_words,
    origin_words,
    verdict_sentence,
    verdict_words,
)
from viewer.export.exhibits import Exhibit, utc_text

if TYPE_CHECKING:
    from jinja2 import Template

_TEMPLATE = Path(__file__).with_name("evidence_page.html")
_SIGNS = {
    Verdict.VERBATIM: "✓",
    Verdict.EDITED: "≈",
    Verdict.STITCHED: "≈",
    Verdict.PARAPHRASE: "≈",
    Verdict.NOT_FOUND: "✗",
    Verdict.CANNOT_BE_CHECKED: "?",
}
_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined  # here: a start does without it

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_TEMPLATE.read_text("utf-8"))


def evidence_page(
    title: str, outline: Outline, exhibits: Sequence[Exhibit], manifest: Mapping[str, Any]
) -> str:
    """The page, in the reader's language. Every value is escaped; an address becomes a link only when it is http(s)."""
    by_quote = iter(exhibits)
    parts: list[dict[str, Any]] = []
    for part in outline:
        if isinstance(part, CitedQuote):
            parts.append(_of_exhibit(next(by_quote)))
        else:
            kind = "heading" if isinstance(part, Heading) else "words"
            parts.append({"kind": kind, "text": part.text})
    length = sum(one.quote.segment.duration_ms for one in exhibits if one.quote.segment is not None)
    clips = sum(one.clip is not None for one in exhibits)
    facts = [
        tr_n("{n} quote", "{n} quotes", len(exhibits)).format(n=len(exhibits)),
        tr_n("{n} clip", "{n} clips", clips).format(n=clips),
        format_timestamp(length),
    ]
    language = speaks()
    return _template().render(
        title=title or tr("Evidence"),
        language=language.replace("_", "-"),
        direction="rtl" if language.partition("_")[0] in _RIGHT_TO_LEFT else "ltr",
        facts=facts,
        exported=manifest["exported"],
        programs=[f"{name} {version}".strip() for name, version in manifest["programs"].items()],
        parts=parts,
        words=_words(),
    )


def _words() -> dict[str, str]:
    return {
        "evidence": tr("Evidence"),
        "exported": tr("Exported"),
        "contents": tr("Contents"),
        "before": tr("Said before"),
        "after": tr("Said after"),
        "said": tr("What was said"),
        "comment": tr("Comment"),
        "source": tr("Where it comes from"),
        "no_clip": tr("There is no clip: when this was said is not known."),
        "no_video": tr("This browser cannot play the clip. The file lies beside this page:"),
        "programs": tr("Made with"),
        "check": tr("How to check this folder"),
        "check_words": tr(
            "Every file's SHA-256 is in the file SHA256SUMS. One of these commands, run in this folder, says "
            "whether anything has changed since:"
        ),
        "sums_words": tr(
            "SHA256SUMS itself is not signed: keep its own checksum elsewhere if you must prove that nobody wrote it anew."
        ),
    }


def _of_exhibit(exhibit: Exhibit) -> dict[str, Any]:
    quote, clip, segment = exhibit.quote, exhibit.clip, exhibit.quote.segment
    return {
        "kind": "exhibit",
        "number": exhibit.number,
        "title": quote.title,
        "text": quote.bare_text,
        "speaker": quote.speaker or "",
        "note_title": quote.note_title,
        "range": format_range(segment.start_ms, segment.end_ms) if segment is not None else "",
        "clip": clip.path if clip is not None else "",
        "verdict": _verdict(exhibit),
        "before": exhibit.before,
        "after": exhibit.after,
        "comment": quote.comment,
        "tags": quote.tags,
        "rows": _rows(exhibit),
    }


def _verdict(exhibit: Exhibit) -> dict[str, str] | None:
    verdict, check = exhibit.verdict, exhibit.source.check
    if verdict is None:
        return None
    reasons = []
    said = ""
    if check is not None:
        reasons = [verdict_sentence(check), differences_words(check)]
        if check.elsewhere:
            reasons.append(" ".join(elsewhere_words(check)))
        if verdict in (Verdict.EDITED, Verdict.STITCHED, Verdict.PARAPHRASE):
            said = check.said
        if check.origin:
            reasons.append(tr("Compared with: {transcript}").format(transcript=origin_words(check.origin)))
    elif exhibit.quote.verdict_words:
        reasons = [exhibit.quote.verdict_words]
    return {
        "value": verdict.value,
        "sign": _SIGNS[verdict],
        "words": verdict_words(verdict),
        "reasons": " · ".join(reason.rstrip(".") for reason in reasons if reason),
        "said": said,
    }


def _rows(exhibit: Exhibit) -> list[tuple[str, str, str]]:
    """Facts as (name, text, link): the link is empty, or an http(s) address. A link of ``mono`` means a checksum."""
    quote, clip, note, segment = exhibit.quote, exhibit.clip, exhibit.note, exhibit.quote.segment
    published = quote.published.isoformat() if quote.published else ""
    transcript = exhibit.source.transcript
    rows = [
        (tr("Video"), quote.note_title, ""),
        (tr("Channel"), quote.channel or "", ""),
        (tr("Published"), published, ""),
        (tr("Address"), quote.url_at, _link(quote.url_at)),
        (tr("Time"), format_range(segment.start_ms, segment.end_ms) if segment is not None else "", ""),
        (tr("Transcript"), origin_words(transcript.origin) if transcript is not None else "", ""),
    ]
    if note is not None:
        rows += [(tr("Note's file"), note.name, ""), (tr("Note's SHA-256"), note.sha256, "mono")]
    if clip is not None:
        size = f"{clip.size_bytes:,} B".replace(",", "\u202f")
        rows += [
            (tr("Clip"), f"{clip.path} · {size}", clip.path),
            (tr("Clip's SHA-256"), clip.sha256, "mono"),
            (tr("Fetched"), utc_text(clip.fetched), ""),
        ]
    return [row for row in rows if row[1]]


def _link(url: str) -> str:
    return url if url.startswith(("https://", "http://")) else ""
