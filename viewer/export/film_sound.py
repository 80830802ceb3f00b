"""The sound of a film: packets of AAC, one after the other, each the nearest in time to where it belongs."""

from __future__ import annotations

import struct
from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from viewer.export.film_pieces import Shown, Spool, child_box
from viewer.media.mp4_read import Mp4Error, Sample, Track, read_tracks
from viewer.media.mp4_write import Cut, read_moov

_SOUND_BYTES = 36
"""An AudioSampleEntry (version 0) with its header, before its boxes (ISO/IEC 14496-12, 12.2.3)."""
_AAC_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
"""Sampling rates by index (ISO/IEC 14496-3, 1.6.3.4)."""
_AAC_LC = 2
PACKET_SAMPLES = 1024
"""Sound samples in one packet of AAC."""


@dataclass(frozen=True, slots=True, order=True)
class SoundForm:
    """Samples a second and channels of AAC-LC sound."""

    rate: int
    channels: int


def copyable_sound(track: Track) -> SoundForm | None:
    """The form of sound that can stand in one track with others of its form; None for another codec."""
    if track.codec != "mp4a":
        return None
    esds = child_box(track.stsd, _SOUND_BYTES, b"esds")
    config = _decoder_config(esds) if esds is not None else b""
    if len(config) < 2:
        return None
    (bits,) = struct.unpack_from(">H", config)
    kind, rate, channels = bits >> 11, bits >> 7 & 15, bits >> 3 & 15
    if kind != _AAC_LC or rate >= len(_AAC_RATES) or channels not in (1, 2) or bits & 4:
        return None  # the last bit: packets of 960 samples
    return SoundForm(_AAC_RATES[rate], channels)


def _decoder_config(esds: bytes) -> bytes:
    """The AudioSpecificConfig in an ``esds`` box (ISO/IEC 14496-1, 7.2.6): tag 5 in tag 4 in tag 3."""
    at = 4
    while at < len(esds):
        tag, size, at = esds[at], 0, at + 1
        while at < len(esds):
            size = size << 7 | esds[at] & 0x7F
            at += 1
            if not esds[at - 1] & 0x80:
                break
        if tag == 3:
            at += 3
        elif tag == 4:
            at += 13
        elif tag == 5:
            return esds[at : at + size]
        else:
            at += size
    return b""


def packets(path: Path, cut: Cut) -> Shown:
    """The packets of a cut with their places, in seconds from its start; some lie before it."""
    scale = cut.track.timescale
    samples = tuple(sorted(cut.samples, key=lambda one: one.pts))
    return Shown(path, cut.track, samples, tuple(Fraction(one.pts - cut.start, scale) for one in samples))


def sound_of_file(path: Path) -> Shown:
    """The packets of a file that ffmpeg has made. Raises Mp4Error."""
    with path.open("rb") as file:
        track = next((one for one in read_tracks(read_moov(file)) if not one.is_video and one.samples), None)
    if track is None:
        raise Mp4Error(f"{path.name} has no sound")
    samples = tuple(track.samples)
    return Shown(path, track, samples, tuple(Fraction(one.pts, track.timescale) for one in samples))


class SoundLine:
    """Fills a spool with packets from the film's start on: a clip's where it has some, else silence.

    Nothing is encoded: a clip's packets are at most half a packet (12 ms at 44.1 kHz) off their place, and that
    does not add up. ``silence`` is a file of it; ``rate`` are samples a second.
    """

    def __init__(self, spool: Spool, silence: Shown, rate: int) -> None:
        self._spool = spool
        self._silence = silence
        self._silent = silence.samples[len(silence.samples) // 2]  # the first ones hold the encoder's start
        self._packet = Fraction(PACKET_SAMPLES, rate)
        self._number = 0

    def add(self, sound: Shown | None, start: Fraction, end: Fraction) -> None:
        """The sound from ``start`` to ``end`` (seconds of the film): of ``sound``, which begins at ``start``."""
        run: list[tuple[Sample, Fraction]] = []
        of = self._silence
        while self._number * self._packet + self._packet / 2 < end:
            place = self._number * self._packet
            self._number += 1
            found = _nearest(sound, place - start, self._packet / 2) if sound is not None else None
            source, sample = (sound, found) if sound is not None and found else (self._silence, self._silent)
            if source is not of:
                self._put(of, run)
                of, run = source, []
            run.append((sample, place))
        self._put(of, run)

    def _put(self, source: Shown, run: list[tuple[Sample, Fraction]]) -> None:
        if run:
            samples, times = zip(*run, strict=True)
            self._spool.add(Shown(source.path, source.track, samples, times), Fraction(0))

    @property
    def empty(self) -> bool:
        """Whether nothing was added."""
        return self._number == 0

    @property
    def end(self) -> Fraction:
        """Where the last packet ends, in seconds."""
        return self._number * self._packet


def _nearest(sound: Shown, time: Fraction, reach: Fraction) -> Sample | None:
    at = bisect_left(sound.times, time)
    near = [index for index in (at - 1, at) if 0 <= index < len(sound.times)]
    best = min(near, key=lambda index: abs(sound.times[index] - time), default=None)
    return sound.samples[best] if best is not None and abs(sound.times[best] - time) <= reach else None


__all__ = ["PACKET_SAMPLES", "SoundForm", "SoundLine", "copyable_sound", "packets", "sound_of_file"]
