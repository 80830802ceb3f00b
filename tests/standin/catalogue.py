"""What the stand-in knows: its videos, their formats and captions, and the videos that YouTube would refuse.

`answer()` gives what the plugin inside yt-dlp asks for. The refusals carry YouTube's own words (`reason`, `subreason`);
the plugin puts them together as yt-dlp does.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.standin.media import STREAMS, Talk, path_of

SEEDS = Path(__file__).resolve().parents[2] / "seeds"

TALK_ID = "ZAJ4D8RAyfY"  # sample 000
INTERVIEW_ID = "JfE1Wun9xkk"  # samples 001 and 002
SHORT_ID = "SHORTTALK01"  # a minute: cheap for fault tests
LONG_ID = "LONGTALK001"  # an hour: made only when asked for, takes minutes
FPS25_ID = "FPS25TALK01"  # 25 frames a second, no B-frames
FPS2997_ID = "FPS2997TALK"  # 30000/1001 frames a second
VP9_ONLY_ID = "VP9ONLY0001"
AV1_ONLY_ID = "AV1ONLY0001"
HLS_ONLY_ID = "HLSONLY0001"
MUXED_ONLY_ID = "MUXONLY0001"  # only itag 18
NO_SOUND_ID = "NOSOUND0001"
NO_CAPTIONS_ID = "NOCAPTIONS1"
HALF_DAY_ID = (
    "HALFDAY0012"  # 12 hours, one frame a second: frame numbers are seconds; takes 2 minutes to make
)
LIVE_ID = "LIVENOW0001"
SABR_ONLY_ID = "SABRONLY001"
NEEDS_JS_ID = "NOJSRUNTIME"  # whole only if yt-dlp finds a JavaScript runtime, else itag 18 with a warning
WAITS_ID = "WAITSTALK01"  # formats carry available_at: yt-dlp waits 5 s before it downloads
MISSING_ID = "UNAVAIL0001"  # like every id that is not known

_JS = ("134", "135", "136", "137", "243", "247", "399", "140", "251", "18")
_FULL = (*_JS, "93", "95")


@dataclass(frozen=True)
class Refusal:
    """Why YouTube does not play a video, in its own words; `http_status` refuses the question itself."""

    reason: str = ""
    subreason: str = ""
    countries: tuple[str, ...] = ()
    http_status: int = 0
    live_status: str | None = None


REFUSALS = {
    "PRIVATE0001": Refusal("Private video", "Sign in if you've been granted access to this video"),
    "REMOVED0001": Refusal("Video unavailable", "This video has been removed by the uploader"),
    "TERMINATED1": Refusal(
        "Video unavailable",
        "This video is no longer available because the YouTube account associated with this video has been terminated.",
    ),
    "COPYRIGHT01": Refusal(
        "Video unavailable",
        "This video contains content from SME, who has blocked it in your country on copyright grounds",
    ),
    "GEOBLOCK001": Refusal(
        "Video unavailable", "The uploader has not made this video available in your country", ("DE", "FR")
    ),
    "AGEGATE0001": Refusal("Sign in to confirm your age", "This video may be inappropriate for some users."),
    "BOTCHECK001": Refusal(
        "Sign in to confirm you’re not a bot", "This helps protect our community. Learn more"
    ),
    "RATELIMIT01": Refusal("This content isn't available, try again later."),
    "TOOMANY0429": Refusal(http_status=429),
    "FORBIDDEN03": Refusal(http_status=403),
    "SERVERERROR": Refusal(http_status=503),
    "MEMBERS0001": Refusal(
        "Join this channel to get access to members-only content like this video, and other exclusive perks."
    ),
    "LIVESOON001": Refusal("This live event will begin in 5 hours.", live_status="is_upcoming"),
    "PREMIERE001": Refusal("Premieres in 20 hours", live_status="is_upcoming"),
    "DRMONLY0001": Refusal("DRM"),
    MISSING_ID: Refusal("Video unavailable"),
}


@dataclass(frozen=True)
class Word:
    """One spoken word with its times in ms."""

    text: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class Cue:
    """A line of captions: times in ms and the words in it."""

    start_ms: int
    end_ms: int
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The words as one line."""
        return " ".join(word.text for word in self.words)


def _spread(text: str, start_ms: int, end_ms: int) -> Cue:
    words = text.split()
    step = (end_ms - start_ms) / max(len(words), 1)
    return Cue(
        start_ms,
        end_ms,
        tuple(
            Word(word, round(start_ms + i * step), round(start_ms + (i + 1) * step))
            for i, word in enumerate(words)
        ),
    )


@lru_cache(maxsize=1)
def _talk_cues() -> tuple[Cue, ...]:
    text = next(SEEDS.glob("000_*.txt")).read_text(encoding="utf-8")
    transcript = text[text.index("## Transcript") :]
    found = re.findall(r"^\[[\d:]+\]\([^)]*&t=(\d+)s\) (.+)$", transcript, re.M)
    starts = [int(start) * 1000 for start, _ in found]
    return tuple(
        _spread(words, start, end)
        for (_, words), start, end in zip(found, starts, [*starts[1:], 516_000], strict=True)
    )


_FILLER_TEXT = (
    "so when we looked at that the team kept coming back to one simple idea and it took a while before anybody "
    "outside the building believed it would work but the curves were smooth and people who had seen them slept well "
    "then we talked about chips and contracts and how long a data center takes when the transformers are late "
    "and honestly most weeks the surprising part is how ordinary the work feels while it is going on around you"
)
_FILLER = _FILLER_TEXT.split()


@lru_cache(maxsize=1)
def interview_quotes() -> tuple[tuple[str, int, int], ...]:
    """The quotes of sample 002 as (text, start ms, end ms) of where they are said in the stand-in's interview."""
    text = next(SEEDS.glob("002_*.txt")).read_text(encoding="utf-8")
    quotes = [quote for quote in re.findall(r'["“]([^"”]+)["”]', text) if len(quote.split()) > 6]
    found = []
    for index, quote in enumerate(quotes):
        start = 30_000 + index * 80_000
        found.append((quote, start, start + 360 * len(quote.split())))
    return tuple(found)


@lru_cache(maxsize=1)
def _interview_cues() -> tuple[Cue, ...]:
    cues, now, at = [], 0, 0
    for quote, start, end in (*interview_quotes(), ("", 600_000, 600_000)):
        while now < start:
            stop = min(now + 4_000, start)
            count = max((stop - now) // 400, 1)
            cues.append(_spread(" ".join(_FILLER[(at + i) % len(_FILLER)] for i in range(count)), now, stop))
            at, now = at + count, stop
        if quote:
            cues.append(_spread(quote, start, end))
            now = end
    return tuple(cues)


@dataclass(frozen=True)
class Video:
    """One video that plays: what YouTube would say about it and which talk stands behind it."""

    id: str
    title: str
    channel: str
    upload_date: str
    talk: Talk
    itags: tuple[str, ...] = _FULL
    cues: tuple[Cue, ...] = ()
    author_captions: bool = False
    chapters: tuple[tuple[int, str], ...] = ()
    live_status: str = "not_live"
    duration_s: int | None = None  # where it is not the talk's own

    @property
    def url(self) -> str:
        """The real address."""
        return f"https://www.youtube.com/watch?v={self.id}"


def _special(video_id: str, title: str, talk: Talk, *itags: str, **more: Any) -> Video:
    cues = (_spread(" ".join(_FILLER), 0, talk.seconds * 1000),)
    return Video(video_id, title, "Stand-in", "20250101", talk, itags or _FULL, **{"cues": cues, **more})


MINUTE = Talk(60, tint=3)


@lru_cache(maxsize=1)
def videos() -> dict[str, Video]:
    """Every video that plays, by id."""
    found = (
        Video(
            TALK_ID,
            "What does Sam Altman actually want? Cyber-physical ecosystem! | 3 Wow and 1 Promise",
            "Turing Post",
            "20250616",
            Talk(516),
            cues=_talk_cues(),
            author_captions=True,
            chapters=(
                (0, "Intro"),
                (16, "The Gentle Singularity"),
                (252, "Second wow"),
                (385, "One promise"),
            ),
        ),
        Video(
            INTERVIEW_ID,
            "Sam Altman on Sora, Energy, and Building an AI Empire",
            "a16z",
            "20251008",
            Talk(600, tint=1),
            cues=_interview_cues(),
        ),
        _special(SHORT_ID, "A minute", MINUTE),
        _special(LONG_ID, "An hour", Talk(3600, tint=2)),
        _special(FPS25_ID, "25 frames a second", Talk(60, Fraction(25), 2, 0)),
        _special(FPS2997_ID, "29.97 frames a second", Talk(60, Fraction(30000, 1001), 1)),
        _special(VP9_ONLY_ID, "Only VP9", MINUTE, "243", "251"),
        _special(AV1_ONLY_ID, "Only AV1", Talk(20, tint=3), "396", "251"),
        _special(HLS_ONLY_ID, "Only HLS", MINUTE, "93", "95"),
        _special(MUXED_ONLY_ID, "Only itag 18", MINUTE, "18"),
        _special(NO_SOUND_ID, "No sound", MINUTE, "134", "136", cues=()),
        _special(NO_CAPTIONS_ID, "No captions", MINUTE, cues=()),
        _special(HALF_DAY_ID, "Twelve hours", Talk(43_200, Fraction(1), 1, 0, 8_000), "134", "140", "18"),
        _special(LIVE_ID, "Live now", MINUTE, "93", live_status="is_live", cues=()),
        _special(SABR_ONLY_ID, "Only SABR", MINUTE),
        _special(NEEDS_JS_ID, "Needs a JavaScript runtime", MINUTE, *_JS),
        _special(WAITS_ID, "Waits before it downloads", MINUTE),
    )
    return {video.id: video for video in found}


_CODECS = {
    "134": "avc1.4d401e",
    "135": "avc1.4d401f",
    "136": "avc1.4d401f",
    "137": "avc1.640028",
    "18": "avc1.42001E",
    "93": "avc1.4D401E",
    "95": "avc1.4D401F",
    "243": "vp9",
    "247": "vp9",
    "396": "av01.0.01M.08",
    "399": "av01.0.08M.08",
}
_SOUND = {"140": "mp4a.40.2", "251": "opus", "18": "mp4a.40.2", "93": "mp4a.40.2", "95": "mp4a.40.2"}
CHUNK_SIZE = 10 << 20  # yt_dlp.extractor.youtube CHUNK_SIZE


def _format(video: Video, itag: str, url: str) -> dict[str, Any]:
    """One format as yt-dlp's own extractor would give it."""
    stream, path = STREAMS[itag], path_of(video.talk, itag)
    found: dict[str, Any] = {
        "format_id": itag,
        "url": url,
        "ext": "mp4" if stream.is_folder else stream.extension,
        "vcodec": _CODECS.get(itag, "none"),
        "acodec": _SOUND.get(itag, "none"),
        "tbr": float(stream.kbits),
        "source_preference": -1,
        "quality": {0: 3, 360: 6, 480: 7, 720: 8, 1080: 9}[stream.height],
        "format_note": f"{stream.height}p" if stream.height else "medium",
        "has_drm": False,
    }
    if stream.height:
        found |= {"width": stream.width, "height": stream.height, "fps": round(float(video.talk.fps))}
    if itag in _SOUND:
        found |= {
            "asr": 48_000 if itag == "251" else video.talk.audio_rate,
            "audio_channels": 2,
            "language": "en",
        }
    if stream.is_folder:
        found |= {"protocol": "m3u8_native", "manifest_url": url, "format_note": None}
        return found
    found["downloader_options"] = {"http_chunk_size": CHUNK_SIZE}
    if path.exists():
        found["filesize"] = path.stat().st_size
    else:
        found["filesize_approx"] = stream.kbits * 125 * video.talk.seconds
    if "none" in (found["vcodec"], found["acodec"]):
        found["container"] = f"{stream.extension}_dash"
    return found


def _captions(base: str, video: Video, author: bool) -> dict[str, Any]:
    kind = "" if author else "&kind=asr"
    tracks = [
        {
            "ext": ext,
            "url": f"{base}/api/timedtext?v={video.id}{kind}&lang=en&fmt={ext}",
            "name": "English",
        }
        for ext in ("json3", "vtt")
    ]
    return {"en": tracks} if author else {"en-orig": tracks, "en": tracks}


def answer(base: str, video_id: str, query: str, now: float) -> dict[str, Any]:
    """What `/catalogue/ID.json` says; `base` is the server's address, `query` is put on each media address."""
    video = videos().get(video_id)
    if video is None:
        refusal = REFUSALS.get(video_id, REFUSALS[MISSING_ID])
        return {
            "refusal": {
                "reason": refusal.reason,
                "subreason": refusal.subreason,
                "countries": list(refusal.countries),
                "live_status": refusal.live_status,
            }
        }
    seconds = video.duration_s or video.talk.seconds
    formats = []
    for itag in video.itags:
        if STREAMS[itag].is_folder:
            url = f"{base}/hls/{video_id}/{itag}/index.m3u8?{query}"
        else:
            url = f"{base}/videoplayback?{query}&id={video_id}&itag={itag}"
        formats.append(_format(video, itag, url))
        if video_id == WAITS_ID:
            formats[-1]["available_at"] = int(now) + 5
    chapters = [
        {"start_time": start, "end_time": end, "title": title}
        for (start, title), end in zip(
            video.chapters, [*(start for start, _ in video.chapters[1:]), seconds], strict=False
        )
    ]
    channel_id = "UC" + "standin".ljust(22, "0")
    info: dict[str, Any] = {
        "id": video_id,
        "title": video.title,
        "formats": [] if video_id == SABR_ONLY_ID else formats,
        "thumbnail": f"{base}/vi/{video_id}/hqdefault.jpg",
        "thumbnails": [{"url": f"{base}/vi/{video_id}/hqdefault.jpg", "width": 480, "height": 270}],
        "description": f"{video.title}\n\nA made-up talk.",
        "channel": video.channel,
        "channel_id": channel_id,
        "channel_url": f"https://www.youtube.com/channel/{channel_id}",
        "uploader": video.channel,
        "upload_date": video.upload_date,
        "duration": None if video.live_status == "is_live" else seconds,
        "view_count": 804,
        "age_limit": 0,
        "webpage_url": video.url,
        "tags": [],
        "categories": ["Science & Technology"],
        "live_status": video.live_status,
        "availability": "public",
        "chapters": chapters or None,
        "automatic_captions": _captions(base, video, author=False) if video.cues else {},
        "subtitles": _captions(base, video, author=True) if video.author_captions else {},
    }
    return {
        "info": info,
        "sabr_only": video_id == SABR_ONLY_ID,
        "needs_js": video_id == NEEDS_JS_ID,
    }


def _lines(cues: tuple[Cue, ...], words_a_line: int = 8) -> list[Cue]:
    lines = []
    for cue in cues:
        for at in range(0, len(cue.words), words_a_line):
            words = cue.words[at : at + words_a_line]
            lines.append(Cue(words[0].start_ms, words[-1].end_ms, words))
    return lines


def _heard(word: str) -> str:
    """A word as YouTube's recogniser used to write it: small letters, no punctuation."""
    return re.sub(r"[^\w'$%-]", "", word).lower()


def _stamp(ms: int) -> str:
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}"


def captions_json3(video: Video) -> str:
    """Automatic captions with a time for every word, in YouTube's json3."""
    events: list[dict[str, Any]] = [
        {"tStartMs": 0, "dDurationMs": video.talk.seconds * 1000, "id": 1, "wpWinPosId": 1, "wsWinStyleId": 1}
    ]
    for index, line in enumerate(_lines(video.cues)):
        if index:
            events.append(
                {
                    "tStartMs": line.start_ms - 10,
                    "dDurationMs": 10,
                    "wWinId": 1,
                    "aAppend": 1,
                    "segs": [{"utf8": "\n"}],
                }
            )
        segments: list[dict[str, Any]] = []
        for word in line.words:
            text = _heard(word.text)
            segment = {"utf8": f" {text}" if segments else text, "acAsrConf": 0}
            if segments:
                segment["tOffsetMs"] = word.start_ms - line.start_ms
            segments.append(segment)
        events.append(
            {
                "tStartMs": line.start_ms,
                "dDurationMs": line.end_ms - line.start_ms + 1500,
                "wWinId": 1,
                "segs": segments,
            }
        )
    return json.dumps(
        {
            "wireMagic": "pb3",
            "pens": [{}],
            "wsWinStyles": [{}, {"mhModeHint": 2, "juJustifCode": 0, "sdScrollDir": 3}],
            "wpWinPositions": [
                {},
                {"apPoint": 6, "ahHorPos": 20, "avVerPos": 100, "rcRows": 2, "ccCols": 40},
            ],
            "events": events,
        }
    )


def captions_vtt(video: Video) -> str:
    """Automatic captions as YouTube's rolling WebVTT: each line once with word times, once more at rest."""
    parts, before = ["WEBVTT\nKind: captions\nLanguage: en\n"], " "
    for line in _lines(video.cues):
        timed = _heard(line.words[0].text)
        for word in line.words[1:]:
            timed += f"<{_stamp(word.start_ms)}><c> {_heard(word.text)}</c>"
        plain = " ".join(_heard(word.text) for word in line.words)
        end = line.end_ms
        parts.append(
            f"{_stamp(line.start_ms)} --> {_stamp(end - 10)} align:start position:0%\n{before}\n{timed}\n"
        )
        parts.append(f"{_stamp(end - 10)} --> {_stamp(end)} align:start position:0%\n{plain}\n \n")
        before = plain
    return "\n".join(parts)


def author_vtt(video: Video) -> str:
    """The author's own subtitles: whole cues with punctuation."""
    parts = ["WEBVTT\nKind: captions\nLanguage: en\n"]
    parts += [f"{_stamp(cue.start_ms)} --> {_stamp(cue.end_ms)}\n{cue.text}\n" for cue in video.cues]
    return "\n".join(parts)


def author_json3(video: Video) -> str:
    """The author's own subtitles in json3: one segment a cue."""
    events = [
        {"tStartMs": cue.start_ms, "dDurationMs": cue.end_ms - cue.start_ms, "segs": [{"utf8": cue.text}]}
        for cue in video.cues
    ]
    return json.dumps({"wireMagic": "pb3", "pens": [{}], "events": events})
