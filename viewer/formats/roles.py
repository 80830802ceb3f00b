"""What a heading announces, under the many names that notes give it."""

from __future__ import annotations

import enum
import re

from viewer.formats.inline import plain
from viewer.formats.role_names import NAMES_ELSEWHERE


class Role(enum.Enum):
    """What the part below a heading holds. OTHER is prose."""

    SUMMARY = "summary"
    HIGHLIGHTS = "highlights"
    KEY_POINTS = "key points"
    MENTIONS = "mentions"
    QUOTES = "quotes"
    TRANSCRIPT = "transcript"
    CHAPTERS = "chapters"
    OTHER = "other"


_NAMES: dict[Role, frozenset[str]] = {
    Role.SUMMARY: frozenset(
        {
            "summary", "overview", "abstract", "synopsis", "tldr", "tl dr", "executive summary",
            "video summary", "episode summary", "short summary", "brief summary", "in brief",
        }
    ),
    Role.HIGHLIGHTS: frozenset(
        {
            "highlights", "highlight", "key highlights", "video highlights", "episode highlights", "top highlights",
            "highlight clips", "clips", "video clips", "best moments", "top moments", "highlights and clips",
            "highlights clips", "highlights with clips", "best clips", "top clips", "highlight reel",
        }
    ),
    Role.KEY_POINTS: frozenset(
        {
            "key points", "key point", "keypoints", "key takeaways", "takeaways", "main points", "key insights",
            "main takeaways", "key ideas", "main ideas", "key learnings", "key lessons", "key moments", "key topics",
            "key points and takeaways", "key takeaways and insights", "key points discussed", "core ideas",
        }
    ),
    Role.MENTIONS: frozenset(
        {
            "mentions", "mentioned", "mentioned in this video", "mentioned in this episode", "all mentions",
            "notable mentions", "key mentions", "mentions and references", "references and mentions",
            "people and companies mentioned", "entities", "entities mentioned", "named entities",
        }
    ),
    Role.QUOTES: frozenset(
        {
            "quotes", "quote", "surprising quotes", "notable quotes", "key quotes", "best quotes", "memorable quotes",
            "top quotes", "important quotes", "favorite quotes", "favourite quotes", "quotable moments", "quotations",
            "direct quotes", "great quotes", "interesting quotes", "powerful quotes", "standout quotes",
            "in their words", "in their own words", "in his words", "in her words", "pull quotes",
        }
    ),
    Role.TRANSCRIPT: frozenset(
        {
            "transcript", "full transcript", "transcription", "complete transcript", "video transcript",
            "episode transcript", "raw transcript", "full video transcript", "transcripts", "full transcription",
            "edited transcript", "cleaned transcript", "timestamped transcript", "auto generated transcript",
            "abridged transcript", "partial transcript", "transcript excerpt", "transcript excerpts",
            "transcript with timestamps", "interview transcript", "podcast transcript", "full episode transcript",
        }
    ),
    Role.CHAPTERS: frozenset(
        {
            "chapters", "video chapters", "chapter", "timestamps", "time stamps", "timecodes", "chapter markers",
            "chapters and timestamps", "timeline", "youtube chapters", "episode chapters", "contents with times",
            "chapter summary", "chapter summaries", "chapter overview", "timestamp index", "index of timestamps", "video timestamps", "episode timestamps", "table of timestamps",
        }
    ),
}  # fmt: skip

_ROLE = {name: role for role, names in _NAMES.items() for name in names}
_ROLE.update((name, Role(role)) for role, names in NAMES_ELSEWHERE.items() for name in names)

_MENTION_KINDS = frozenset(
    {
        "companies", "organizations", "organisations", "companies and organizations", "companies and organisations",
        "people", "persons", "products", "technologies", "products and technologies", "products and services",
        "tools", "tools and technologies", "technologies and tools", "products and tools", "services", "brands",
        "books", "papers", "books and papers", "articles", "publications", "research papers", "countries", "places",
        "locations", "cities", "countries and places", "places and countries", "films", "movies", "tv shows", "shows",
        "films and shows", "movies and tv shows", "songs", "albums", "artists", "bands", "podcasts", "events",
        "concepts", "terms", "websites", "apps", "games", "universities", "institutions", "institutions and companies",
        "government agencies", "laws", "models", "ai models", "vehicles", "planes", "aircraft", "cars", "ships",
        "teams", "characters", "media", "currencies", "stocks", "tickers", "startups", "frameworks", "libraries",
        "software", "hardware", "diseases", "drugs", "foods", "restaurants", "people mentioned", "books mentioned",
        "companies mentioned", "products mentioned", "tools mentioned", "technologies mentioned",
    }
)  # fmt: skip

_LETTERS = r"(?:[^\W_]|[\u0300-\u036f\u0591-\u05c7\u0610-\u06ed\u0900-\u0dff\u0e31-\u0e4e\u0eb1-\u0ece\u1000-\u109f\u1780-\u17d3])+"
"""A word, the signs that Indic and other scripts put around their letters included (``\\w`` leaves them out)."""

_WORDS = re.compile(rf"{_LETTERS}(?:['’]{_LETTERS})?")


def normal_title(title: str) -> str:
    """A heading's words in lower case: without pictures, numbering, punctuation and a count in brackets."""
    text = re.sub(r"[(\[（【][^()\[\]（）【】]{0,60}[)\]）】]\s*\Z", "", plain(title).replace("&", " and "))
    words = _WORDS.findall(text.casefold())
    while words and words[0].isdigit() and len(words) > 1:
        words.pop(0)
    return " ".join(words)


def words_of(title: str) -> list[str]:
    """All words of a heading in lower case, to tell whether it only repeats another."""
    return _WORDS.findall(plain(title).replace("&", " and ").casefold())


def role_of(title: str) -> Role:
    """What a heading announces."""
    name = normal_title(title)
    role = _ROLE.get(name)
    if role is not None:
        return role
    words = name.split()
    if not 1 < len(words) <= 6:
        return Role.OTHER
    return _LAST.get(words[-1]) or next(
        (role for start, role in _FIRST.items() if name.startswith(f"{start} ")), Role.OTHER
    )


_FIRST = {
    "summary": Role.SUMMARY,
    "highlights from": Role.HIGHLIGHTS,
    "key points": Role.KEY_POINTS,
    "key takeaways": Role.KEY_POINTS,
    "quotes": Role.QUOTES,
    "best quotes": Role.QUOTES,
    "key quotes": Role.QUOTES,
    "notable quotes": Role.QUOTES,
    "memorable quotes": Role.QUOTES,
    "transcript": Role.TRANSCRIPT,
    "full transcript": Role.TRANSCRIPT,
    "mentions of": Role.MENTIONS,
    "video chapters": Role.CHAPTERS,
}
"""How a longer heading of the kind begins: "Transcript, part 1"."""

_LAST = {
    "transcript": Role.TRANSCRIPT,
    "transcription": Role.TRANSCRIPT,
    "quotes": Role.QUOTES,
    "takeaways": Role.KEY_POINTS,
}
"""How a longer heading of the kind ends: "Ann's best quotes"."""


def is_usual_name(title: str) -> bool:
    """Whether a heading says no more than what it announces."""
    return normal_title(title) in _ROLE


def is_mention_kind(title: str) -> bool:
    """Whether a heading names a kind of mentions though it does not stand below "Mentions"."""
    return normal_title(title) in _MENTION_KINDS
