"""Fetching a video's captions by yt-dlp: the author's first, automatic ones second, in the chosen languages.

Two runs: the first asks what there is, the second fetches exactly one track. YouTube offers a machine's translation
of every track into a hundred languages; those are not what was said, so they are never taken, and a pattern of
languages that would fetch many of them (and be answered by 429) is never given.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from viewer.base.cancel import CancelToken, Progress, no_progress
from viewer.base.language import tr
from viewer.base.paths import AppPaths
from viewer.base.untrusted import read_json, told_number
from viewer.domain.alignment import TranscriptIndex
from viewer.domain.transcript import Cue, Transcript
from viewer.domain.video import VideoRef
from viewer.domain.word_transfer import with_word_times
from viewer.formats.captions import read_transcript
from viewer.formats.decoding import decode
from viewer.media import process
from viewer.media.caption_store import CaptionStore, KeptCaptions, is_language, spoken
from viewer.media.failures import FailureKind, MediaError, classify, from_os_error
from viewer.media.fetcher import FetchOptions
from viewer.media.progress import FetchStage, Meter
from viewer.media.tools import Tools
from viewer.media.ytdlp import NetworkChoices, common_arguments, safe_address
from viewer.media.ytdlp_run import PAUSES_S, run_patiently, work_folder

log = logging.getLogger(__name__)

FORMATS = "json3/vtt/srv1/ttml/srt/best"
"""What is asked for, best first: json3 has the time of every word."""

_BUDGET_S = 90.0
_MOST_BYTES = 80_000_000
_REGION = re.compile(r"-(?:[A-Z]{2}|[0-9]{3}|[A-Z][a-z]{3})\b")
_ORIGINAL = "-orig"


@dataclass(frozen=True, slots=True)
class Track:
    """One track of captions as the site offers it."""

    language: str
    automatic: bool


def choose_tracks(info: Mapping[str, Any], languages: Sequence[str]) -> list[Track]:
    """The tracks of yt-dlp's info that hold what was said, in the wanted languages, the best first.

    For each language the author's own (``en``, else ``en-GB``), then the automatic one of the spoken language.
    """
    authors = _languages(info.get("subtitles"))
    machine = _languages(info.get("automatic_captions"))
    originals = [name for name in machine if name.endswith(_ORIGINAL)]
    told = info.get("language")
    own, automatic = [], []
    for wanted in languages:
        own += [Track(name, False) for name in _matching(authors, wanted)]
        if originals:
            # Beside "de-orig", "en" is a translation by machine.
            names = [name for name in originals if spoken(name) == spoken(wanted)]
        else:
            names = _matching(machine, wanted)
            if isinstance(told, str) and told and spoken(told) != spoken(wanted):
                names = []
        automatic += [Track(name, True) for name in names]
    return list(dict.fromkeys([*own, *automatic]))


def offered(info: Mapping[str, Any]) -> list[str]:
    """The languages in which there are captions that were not translated by machine."""
    machine = _languages(info.get("automatic_captions"))
    originals = [name[: -len(_ORIGINAL)] for name in machine if name.endswith(_ORIGINAL)]
    return list(dict.fromkeys([*_languages(info.get("subtitles")), *originals]))


def _languages(tracks: object) -> list[str]:
    return (
        [name for name in tracks if isinstance(name, str) and is_language(name)]
        if isinstance(tracks, dict)
        else []
    )


def _matching(names: Sequence[str], wanted: str) -> list[str]:
    """The very language first, then the same one of other countries; never a translation (``de-en``)."""
    exact = [name for name in names if name.lower() == wanted.lower()]
    bare = [name for name in names if _REGION.sub("", name).lower() == spoken(wanted)]
    return list(dict.fromkeys([*exact, *bare]))


def list_arguments(video: VideoRef, target: Path, network: NetworkChoices, deno: Path | None) -> list[str]:
    """Everything after yt-dlp's name for finding out which captions there are. Pure; ValueError if unsafe."""
    arguments = [*common_arguments(network, deno), "--skip-download", "--write-info-json"]
    # A video whose formats cannot be had may still have captions.
    arguments += ["--ignore-no-formats-error", "-o", _template(target)]
    return [*arguments, "--", safe_address(video)]


def track_arguments(
    info_file: Path, track: Track, target: Path, network: NetworkChoices, deno: Path | None
) -> list[str]:
    """Everything after yt-dlp's name for fetching one track found by the first run. Pure; ValueError if unsafe."""
    if not is_language(track.language) or not info_file.is_absolute():
        raise ValueError(f"not a track: {track}")
    arguments = [*common_arguments(network, deno), "--skip-download", "--ignore-no-formats-error"]
    arguments += ["--write-auto-subs" if track.automatic else "--write-subs"]
    # yt-dlp reads each language as a pattern that need only match the beginning, but adds the end itself.
    arguments += ["--sub-langs", re.escape(track.language), "--sub-format", FORMATS]
    return [*arguments, "-o", _template(target), "--load-info-json", str(info_file)]


def _template(target: Path) -> str:
    if not target.is_absolute() or "%" in target.name:
        raise ValueError(f"not a target: {target}")
    return str(target).replace("%", "%%") + ".%(ext)s"


class SiteAsker:
    """What asks a site by yt-dlp's command. Any thread may use it; ``options`` may be replaced at any time."""

    def __init__(
        self,
        paths: AppPaths,
        store: CaptionStore,
        options: FetchOptions,
        tools: Tools | None = None,
        pauses_s: Sequence[float] = PAUSES_S,
    ) -> None:
        """``store`` keeps the captions and knows the wanted languages; without ``tools`` they are looked for."""
        self.store = store
        self.options = options
        self._paths = paths
        self._tools = tools
        self._pauses_s = tuple(pauses_s)

    def _ready(self, options: FetchOptions, offline_words: str = "") -> Tools:
        """The programs to ask with. Raises MediaError offline (in these words) and without yt-dlp."""
        if options.offline:
            raise MediaError(FailureKind.OFFLINE, message=offline_words)
        tools = self._tools or Tools.find()
        if not tools.ytdlp:
            raise MediaError(FailureKind.NO_YTDLP)
        return tools


class CaptionFetcher(SiteAsker):
    """Gets captions into the store."""

    def fetch(
        self,
        video: VideoRef,
        languages: Sequence[str],
        progress: Progress = no_progress,
        cancel: CancelToken | None = None,
        *,
        anew: bool = False,
        info: Mapping[str, Any] | None = None,
    ) -> KeptCaptions:
        """The captions of ``video``: kept, or fetched now and kept; ``anew`` asks the site again. Blocks.

        ``info`` is what yt-dlp says of the video, where it was asked just now; it is then not asked once more.
        ``progress`` gets :class:`~viewer.media.progress.FetchProgress`. Raises MediaError (``NO_CAPTIONS`` when there
        are none in these languages), Cancelled.
        """
        cancel = cancel or CancelToken()
        cancel.raise_if_cancelled()
        meter = Meter(progress)
        kept = None if anew else self.store.kept(video)
        if kept is None:
            options = self.options
            words = tr("Soundbite is set to work offline, and the captions of this video are not kept.")
            tools = self._ready(options, words)
            with work_folder(self._paths, "captions") as work:
                run = _Run(video, work, tools, options.network, meter, cancel, self._pauses_s, info)
                kept = run.fetch([language for language in languages if is_language(language)])
            self.store.add(kept)
        meter.stage(FetchStage.DONE)
        return kept


@dataclass(frozen=True, slots=True)
class _Run:
    """One fetch on its way."""

    video: VideoRef
    work: Path
    tools: Tools
    network: NetworkChoices
    meter: Meter
    cancel: CancelToken
    pauses_s: tuple[float, ...]
    told: Mapping[str, Any] | None = None

    def fetch(self, languages: Sequence[str]) -> KeptCaptions:
        self.meter.stage(FetchStage.RESOLVING)
        info_file, info = self._ask()
        tracks = choose_tracks(info, languages)
        if not tracks:
            there = ", ".join(offered(info))
            raise MediaError(
                FailureKind.NO_CAPTIONS,
                f"there are: {there or 'none'}",
                message=tr("This video has no captions in your languages, only in: {there}.").format(
                    there=there
                )
                if there
                else tr("This video has no captions."),
            )
        duration = told_number(info.get("duration"))
        failure: MediaError | None = None
        for number, track in enumerate(tracks):
            self.meter.begin_download()
            try:
                cues = self._get(info_file, track, f"track{number}")
            except MediaError as error:
                if error.kind is not FailureKind.DAMAGED:
                    raise
                log.warning("%s: captions %s: %s", self.video.id, track, error.detail)
                failure = error
                continue
            language = track.language
            language = language[: -len(_ORIGINAL)] if language.endswith(_ORIGINAL) else language
            length = round(duration * 1000) if duration else None
            if not track.automatic and not any(cue.words for cue in cues):
                cues = self._with_word_times(cues, info_file, tracks[number + 1 :])
            return KeptCaptions(self.video, language, track.automatic, cues, length)
        raise failure or MediaError(FailureKind.NO_CAPTIONS)

    def _with_word_times(
        self, cues: tuple[Cue, ...], info_file: Path, tracks: Sequence[Track]
    ) -> tuple[Cue, ...]:
        """The author's cues with the word times of the automatic captions, where those can be had."""
        track = next((track for track in tracks if track.automatic), None)
        if track is None:
            return cues
        try:
            heard = self._get(info_file, track, "heard")
        except MediaError as error:
            log.info("%s: no word times: %s", self.video.id, error)
            return cues
        return with_word_times(Transcript(cues), TranscriptIndex(Transcript(heard))).cues

    def _ask(self) -> tuple[Path, dict[str, Any]]:
        """What yt-dlp says about the video, and the file it lies in."""
        if self.told is not None:
            return write_info(self.told, self.work / "video.info.json"), dict(self.told)
        target = self.work / "video"
        outcome = self._patiently(list_arguments(self.video, target, self.network, self.tools.deno))
        path = self.work / "video.info.json"
        info = read_info(path)
        if info is None:
            raise classify(as_errors(outcome.stderr), outcome.returncode)
        if not info.get("subtitles") and not info.get("automatic_captions") and not info.get("formats"):
            # With --ignore-no-formats-error a private video is only warned of.
            failure = classify(as_errors(outcome.stderr), outcome.returncode)
            if failure.kind is not FailureKind.UNKNOWN:
                raise failure
        return path, info

    def _get(self, info_file: Path, track: Track, name: str) -> tuple[Cue, ...]:
        """The cues of one track. Raises MediaError (``DAMAGED`` when what came holds none)."""
        arguments = track_arguments(info_file, track, self.work / name, self.network, self.tools.deno)
        outcome = self._patiently(arguments)
        for path in sorted(self.work.glob(f"{name}.*")):
            try:
                if path.stat().st_size <= _MOST_BYTES:
                    text, _ = decode(path.read_bytes())
                    found = read_transcript(text, path.name)
                    if found is not None and found.cues:
                        return found.cues
            except OSError as error:
                raise from_os_error(error, "reading captions") from error
        raise MediaError(FailureKind.DAMAGED, f"no cues in {track}: {outcome.words}")

    def _patiently(self, arguments: list[str]) -> process.Outcome:
        """Run yt-dlp; after 429 wait and try again. Raises MediaError, Cancelled."""
        return run_patiently(
            self.tools,
            arguments,
            work=self.work,
            cancel=self.cancel,
            budget_s=_BUDGET_S,
            pauses_s=self.pauses_s,
        )


def write_info(info: Mapping[str, Any], path: Path) -> Path:
    """Put yt-dlp's info into a file that it reads again. Raises MediaError."""
    try:
        path.write_text(json.dumps(info), encoding="utf-8")
    except OSError as error:
        raise from_os_error(error, "preparing a download") from error
    return path


def read_info(path: Path) -> dict[str, Any] | None:
    """yt-dlp's info from the file into which it was told to write it; None when there is none."""
    try:
        info = read_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return info if isinstance(info, dict) else None


def as_errors(lines: Sequence[str]) -> list[str]:
    """yt-dlp's lines with its warnings raised to errors, for where it was told to go on in spite of them."""
    return [re.sub(r"\AWARNING:", "ERROR:", line) for line in lines]
