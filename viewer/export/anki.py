"""Anki cards, by genanki: who said it and where on the front; the words, picture and sound on the back.

The note type's id and each note's guid never change for the same quote, so that importing the deck again updates the
cards and keeps what was learnt (https://github.com/kerrickstaley/genanki, "Note GUIDs").
"""

from __future__ import annotations

import hashlib
import html
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from viewer.base.cancel import CancelToken, Progress, no_progress
from viewer.domain.cited_quote import CitedQuote, Heading, Outline
from viewer.domain.video import Segment
from viewer.export.documents import caption_text
from viewer.export.quote_text import place_text

MODEL_ID = 1_648_205_917
"""The note type's id: a random number, chosen once. A changed one would make a second type of the same name."""

_FIELDS = ("Prompt", "Quote", "Speaker", "Source", "Link", "Picture", "Sound", "Comment", "Id")
_FRONT = """<div class="prompt">{{Prompt}}</div>{{#Picture}}<div>{{Picture}}</div>{{/Picture}}"""
_BACK = (
    '{{FrontSide}}<hr id="answer"><div class="quote" dir="auto">{{Quote}}</div>{{Sound}}'
    '<div class="source" dir="auto">{{Source}}{{#Link}} · {{Link}}{{/Link}}</div>'
    '{{#Comment}}<div class="comment" dir="auto">{{Comment}}</div>{{/Comment}}'
)
_STYLE = """.card { font: 20px/1.5 Georgia, serif; text-align: center; padding: 1em; max-width: 34em; margin: auto; }
.prompt { font-family: sans-serif; font-size: 18px; } .quote { margin: .8em 0; } img { max-height: 40vh; border-radius: 6px; }
.source, .comment { font: 14px/1.4 sans-serif; opacity: .75; margin-top: .6em; }"""


@dataclass(frozen=True, slots=True)
class CardMedia:
    """What a kept clip gives to its card: a picture of it (PNG or JPEG) and its sound (mp3 or m4a)."""

    picture: Path | None = None
    sound: Path | None = None


def stable_number(text: str) -> int:
    """A number for a deck that is always the same for the same name, in the range that Anki wants (2^30 to 2^31)."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return (1 << 30) + int.from_bytes(digest[:4], "big") % (1 << 30)


def card_guid(quote: CitedQuote) -> str:
    """The card's own id: from the words and their source alone, so that a comment, tag or verdict may change."""
    segment = quote.segment
    place = f"{segment.video.id}@{segment.start_ms}" if segment is not None else quote.url
    key = "\x1f".join([quote.bare_text or quote.title, place, quote.note_title])
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def write_anki(
    outline: Outline,
    title: str,
    target: Path,
    media: Mapping[Segment, CardMedia] | None = None,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> None:
    """Write a deck named ``title`` to ``target`` (``.apkg``), a card a quote; the same quote twice gives one card.

    ``media`` are the pictures and sounds of kept clips by their segments. Raises OSError or Cancelled.
    """
    import genanki  # here: a start does without it

    model = genanki.Model(
        MODEL_ID,
        "Soundbite quote",
        fields=[{"name": name} for name in _FIELDS],
        templates=[{"name": "Who said what", "qfmt": _FRONT, "afmt": _BACK}],
        css=_STYLE,
        sort_field_index=_FIELDS.index("Prompt"),
    )
    deck = genanki.Deck(stable_number(title), _whole(title) or "Soundbite")
    seen: set[str] = set()
    heading = ""
    with tempfile.TemporaryDirectory(prefix="soundbite-anki-") as work:
        files: list[str] = []
        for number, part in enumerate(outline):
            if cancel is not None:
                cancel.raise_if_cancelled()
            if isinstance(part, Heading):
                heading = part.text
            if not isinstance(part, CitedQuote) or card_guid(part) in seen:
                continue
            guid = card_guid(part)
            seen.add(guid)
            found = (media or {}).get(part.segment) if part.segment is not None else None
            fields = _fields(part, heading, guid, _media_names(found, guid, Path(work), files))
            tags = ["soundbite", *(_tag(tag) for tag in part.tags), *([part.colour] if part.colour else [])]
            deck.add_note(genanki.Note(model=model, fields=fields, tags=tags, guid=guid))
            progress(number + 1)
        package = genanki.Package(deck)
        package.media_files = files
        package.write_to_file(str(target))


def _media_names(found: CardMedia | None, guid: str, work: Path, files: list[str]) -> dict[str, str]:
    """Give a card's files names that no other deck has, and say which field gets which."""
    names: dict[str, str] = {}
    for field, source in (("Picture", found.picture), ("Sound", found.sound)) if found is not None else ():
        if source is None or not source.is_file():
            continue
        copy = work / f"soundbite-{guid}{source.suffix.lower()}"
        shutil.copyfile(source, copy)
        files.append(str(copy))
        names[field] = copy.name
    return names


def _tag(tag: str) -> str:
    """Anki's tags hold no white space."""
    return "_".join(_whole(tag).split()).replace('"', "")


def _whole(text: str) -> str:
    """``text`` without half letters and what no database takes."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _fields(quote: CitedQuote, heading: str, guid: str, media: dict[str, str]) -> list[str]:
    who = quote.speaker or quote.channel or ""
    prompt = quote.title or heading or quote.note_title
    if who and who != prompt:
        prompt = f"{who}: {prompt}" if prompt else who
    place, url = place_text(quote), quote.url_at
    link = ""
    if url.startswith(("https://", "http://")):
        link = f'<a href="{html.escape(_whole(url), quote=True)}">{html.escape(place or url)}</a>'
    values: dict[str, Any] = {
        "Prompt": _text(prompt),
        "Quote": _text(quote.bare_text),
        "Speaker": _text(who),
        "Source": _text(caption_text(quote)),
        "Link": link,
        "Picture": f'<img src="{html.escape(media["Picture"])}">' if "Picture" in media else "",
        "Sound": f"[sound:{media['Sound']}]" if "Sound" in media else "",
        "Comment": _text(quote.comment),
        "Id": guid,
    }
    return [values[name] for name in _FIELDS]


def _text(text: str) -> str:
    """Words as a field's HTML. Anki's own braces are taken apart: words are never a template."""
    return html.escape(_whole(text)).replace("{{", "{&#8203;{").replace("\n", "<br>")
