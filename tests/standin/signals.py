"""What a stand-in talk shows and sounds like, and how a test reads it back: pure numpy, no files.

Every frame carries its own number as a strip of 18 black or white squares and its time as large digits; every second
of sound is a chord whose four tones spell the number of that second in base 16.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

WIDTH, HEIGHT = 320, 180  # the drawing; ffmpeg enlarges it without smoothing
SQUARES = 18
_SQUARE = 16
_LEFT = (WIDTH - SQUARES * _SQUARE) // 2
_STRIP_TOP, _STRIP_BOTTOM = 6, 22
_BAND_BOTTOM = 28
_NOISE_TOP = 140  # below it moving noise, so that a second costs about as many bytes as a real talk

TONE_S = 0.9  # of every second; the last tenth is silent, so that an onset can be seen
_BASES_HZ = (401, 1103, 1807, 2503)  # with steps of 37 Hz the chord never repeats within its second
_STEP_HZ = 37

# Seven-segment digits as (x, y, width, height) in a cell of 20 by 40.
_SEGMENTS = {
    "a": (3, 0, 14, 4),
    "b": (16, 3, 4, 15),
    "c": (16, 21, 4, 15),
    "d": (3, 36, 14, 4),
    "e": (0, 21, 4, 15),
    "f": (0, 3, 4, 15),
    "g": (3, 18, 14, 4),
}
_DIGITS = ("abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "afgedc", "abc", "abcdefg", "abfgcd")


@lru_cache(maxsize=4)
def _background(second: int) -> np.ndarray:
    """Everything that stays the same within one second: a soft gradient and the time as M:SS."""
    rows = np.linspace(34, 70, HEIGHT).astype(np.uint8)
    luma = np.repeat(rows[:, None], WIDTH, axis=1)
    luma[:_BAND_BOTTOM] = 128
    text = f"{second // 60}:{second % 60:02d}"
    x = (WIDTH - 28 * len(text)) // 2
    for character in text:
        if character == ":":
            luma[72:77, x + 8 : x + 13] = luma[92:97, x + 8 : x + 13] = 220
        else:
            for name in _DIGITS[int(character)]:
                left, top, width, height = _SEGMENTS[name]
                luma[64 + top : 64 + top + height, x + left : x + left + width] = 220
        x += 28
    return luma


@lru_cache(maxsize=1)
def _noise() -> list[np.ndarray]:
    random = np.random.default_rng(1)
    return [random.integers(60, 120, (HEIGHT - _NOISE_TOP, WIDTH), dtype=np.uint8) for _ in range(37)]


def draw_luma(number: int, second: int) -> bytes:
    """The brightness plane (WIDTH x HEIGHT bytes) of frame `number`, which lies in `second`."""
    luma = _background(second).copy()
    bits = np.array([(number >> (SQUARES - 1 - i)) & 1 for i in range(SQUARES)], np.uint8)
    luma[_STRIP_TOP:_STRIP_BOTTOM, _LEFT : _LEFT + SQUARES * _SQUARE] = np.repeat(bits * 219 + 16, _SQUARE)
    luma[_NOISE_TOP:] = _noise()[number % 37]
    return luma.tobytes()


def _as_grey(
    data: bytes | bytearray | memoryview | np.ndarray, width: int | None, height: int | None
) -> np.ndarray:
    if isinstance(data, np.ndarray) and data.ndim >= 2:
        grey = data
    else:
        if width is None or height is None:
            raise ValueError("the size of raw bytes must be told")
        flat = data if isinstance(data, np.ndarray) else np.frombuffer(data, np.uint8)
        channels = flat.size // (width * height)
        if channels not in (1, 3, 4) or flat.size != width * height * channels:
            raise ValueError(f"{flat.size} bytes are not a picture of {width} x {height}")
        grey = flat.reshape(height, width) if channels == 1 else flat.reshape(height, width, channels)
    return grey[:, :, :3].mean(axis=2) if grey.ndim == 3 else grey.astype(float)


def read_frame_number(
    data: bytes | bytearray | memoryview | np.ndarray, width: int | None = None, height: int | None = None
) -> int | None:
    """The burned-in frame number of a picture at any scale, or None if this is no stand-in frame.

    `data`: raw grey, RGB or RGBA bytes with the size told, or an array (height, width[, 3 or 4]). The picture must be
    the whole frame, without bars round it.
    """
    grey = _as_grey(data, width, height)
    rows, columns = grey.shape
    top, bottom = (_STRIP_TOP + 4) / HEIGHT * rows, (_STRIP_BOTTOM - 4) / HEIGHT * rows
    band = grey[int(top) : max(int(bottom), int(top) + 1)]

    def mean(left: float, right: float) -> float:
        a = int(left / WIDTH * columns)
        return float(band[:, a : max(int(right / WIDTH * columns), a + 1)].mean())

    # The grey margins tell a strip from a black or a white picture.
    if not all(80 <= value <= 180 for value in (mean(3, 12), mean(WIDTH - 12, WIDTH - 3))):
        return None
    number = 0
    for index in range(SQUARES):
        left = _LEFT + index * _SQUARE
        value = mean(left + 5, left + _SQUARE - 5)
        if 85 < value < 165:
            return None
        number = number << 1 | (value >= 165)
    return number


def chord(second: int, rate: int) -> np.ndarray:
    """The sound of one second (rate samples, floats within -1 to 1): four tones, then a tenth of silence."""
    time = np.arange(rate) / rate
    wave = np.zeros(rate)
    for digit, base in enumerate(_BASES_HZ):
        wave += np.sin(2 * np.pi * (base + _STEP_HZ * (second >> 4 * digit & 15)) * time)
    wave[int(TONE_S * rate) :] = 0
    return wave * 0.2


def _as_samples(pcm: bytes | np.ndarray) -> np.ndarray:
    samples = np.frombuffer(pcm, "<i2") if isinstance(pcm, (bytes, bytearray)) else np.asarray(pcm)
    scale = 32768.0 if samples.dtype.kind == "i" else 1.0
    samples = samples.astype(float) / scale
    return samples.mean(axis=1) if samples.ndim == 2 else samples


def _decode_chord(piece: np.ndarray, rate: int) -> int | None:
    size = 1 << 16
    spectrum = np.abs(np.fft.rfft(piece * np.hanning(piece.size), size))
    second = 0
    for digit, base in enumerate(_BASES_HZ):
        bins = [round((base + _STEP_HZ * value) * size / rate) for value in range(16)]
        levels = spectrum[bins]
        best = int(levels.argmax())
        if levels[best] < 3 * np.delete(levels, best).max():
            return None
        second |= best << 4 * digit
    return second


def _first_chord(samples: np.ndarray, rate: int) -> int | None:
    length = int(0.15 * rate)
    for start in range(0, max(samples.size - length, 0) + 1, length // 3):
        piece = samples[start : start + length]
        if piece.size < length or np.sqrt((piece**2).mean()) < 0.02:
            continue
        second = _decode_chord(piece, rate)
        if second is not None:
            return second
    return None


def read_second_from_audio(pcm: bytes | np.ndarray, rate: int) -> int | None:
    """The number of the first second that can be heard in mono 16-bit samples (at least 0.3 s of them), or None."""
    return _first_chord(_as_samples(pcm), rate)


def read_time_from_audio(pcm: bytes | np.ndarray, rate: int) -> float | None:
    """The moment of the talk, in seconds, at which these samples begin; None if no chord is heard.

    Found by correlation with the chord that was sent out, so right to about a millisecond. Give it 0.5 s or more; only
    the first 3 s are looked at.
    """
    samples = _as_samples(pcm)[: 3 * rate]
    second = _first_chord(samples, rate)
    if second is None:
        return None
    # Neighbouring seconds share most of their tones: only the run of them has one clear place.
    first = max(second - 1, 0)
    template = np.concatenate([chord(s, rate) for s in range(first, second + 4)])
    size = 1 << (samples.size + template.size).bit_length()
    match = np.fft.irfft(np.fft.rfft(samples, size) * np.conj(np.fft.rfft(template, size)), size)
    lag = int(match.argmax())
    if lag > size // 2:
        lag -= size
    return first - lag / rate
