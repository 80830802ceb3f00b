"""A film shows exactly the seconds that were chosen, in order, and copies what can be copied."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from tests.export.conftest import NTSC, THIRTY, TWENTY_FIVE, Keep, png
from tests.media.conftest import child_processes
from tests.standin import media
from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled
from viewer.domain.captioning import CaptionLine
from viewer.domain.video import Segment
from viewer.export.film import Film, FilmProgress, FilmStage, make_film
from viewer.export.film_parts import (
    Captions,
    Card,
    CardKind,
    CardPart,
    ClipPart,
    FilmOptions,
    FilmPart,
)
from viewer.media.clip_files import Clip
from viewer.media.failures import FailureKind, MediaError
from viewer.media.mp4_read import read_tracks
from viewer.media.mp4_write import read_moov
from viewer.media.tools import Tools

CARD = CardPart(Card(CardKind.HEADING, "A heading"), 1000, "Opening")
Kept = tuple[Clip, Segment]


def part(kept: Kept, *captions: CaptionLine, chapter: str = "") -> ClipPart:
    return ClipPart(kept[1], Card(CardKind.CLIP, "who"), captions, chapter)


def film(parts: list[FilmPart], kept: list[Kept], target: Path, tools: Tools, **options: object) -> Film:
    clips = {segment: clip for clip, segment in kept}
    return make_film("A film", parts, clips, target, FilmOptions(**options), png, tools.ffmpeg)  # type: ignore[arg-type]


def runs(path: Path) -> list[tuple[int | None, int | None, int]]:
    """What a player shows, in order: (first number, last number, count); None for a card."""
    found: list[tuple[int | None, int | None, int]] = []
    for number in media.frame_numbers(path):
        if found and (number is None) == (found[-1][1] is None):
            first, last, count = found[-1]
            if number is None or last is None or number == last + 1:
                found[-1] = (first, number, count + 1)
                continue
        found.append((number, number, 1))
    return found


def probe(path: Path, *what: str) -> dict[str, list[dict[str, object]]]:
    ffprobe = shutil.which("ffprobe")
    if ffprobe is None:
        pytest.skip("no ffprobe")
    argv = [ffprobe, "-v", "error", "-of", "json", *what, str(path)]
    answer: dict[str, list[dict[str, object]]] = json.loads(
        subprocess.run(argv, check=True, capture_output=True).stdout
    )
    return answer


def test_three_videos_of_three_rates_in_order_to_the_picture(
    keep: Keep, tools: Tools, tmp_path: Path
) -> None:
    kept = [keep(THIRTY, 3.35, 6.02), keep(TWENTY_FIVE, 9.1, 11.5), keep(NTSC, 11.1, 13.9, inside=2)]
    parts: list[FilmPart] = [CARD, part(kept[0]), CARD, part(kept[1]), part(kept[2])]
    made = film(parts, kept, tmp_path / "film.mp4", tools)
    assert runs(made.path) == [
        (None, None, 30),
        (101, 180, 80),
        (None, None, 30),
        (228, 287, 60),
        (333, 416, 84),
    ]
    assert (made.copied, made.encoded) == (2, 1)
    assert abs(made.duration_ms - (1000 + 2670 + 1000 + 2400 + 2800)) < 40


def test_the_sound_is_where_the_picture_is(keep: Keep, tools: Tools, tmp_path: Path) -> None:
    kept = [keep(THIRTY, 3.35, 6.0), keep(TWENTY_FIVE, 9.1, 11.5), keep(NTSC, 11.1, 13.9, inside=2)]
    made = film([CARD, *(part(one) for one in kept)], kept, tmp_path / "film.mp4", tools)
    for begin, said in ((1.0, 3.35), (3.65, 9.1), (6.05, 11.1)):
        heard = media.audio_time(made.path, begin + 0.1)
        assert heard is not None
        assert abs(heard - said - 0.1) < 0.025
    assert np.abs(media.audio_samples(made.path, 0.1, 0.8).astype(int)).max() < 10  # cards are silent


def test_what_can_be_copied_is_copied_byte_for_byte(keep: Keep, tools: Tools, tmp_path: Path) -> None:
    kept = keep(THIRTY, 3.35, 8.02)
    made = film([CARD, part(kept)], [kept], tmp_path / "film.mp4", tools)

    def samples(path: Path) -> list[bytes]:
        data = path.read_bytes()
        with path.open("rb") as file:
            track = next(one for one in read_tracks(read_moov(file)) if one.is_video)
        return [data[one.offset : one.offset + one.size] for one in track.samples]

    before, after = samples(kept[0].path), samples(made.path)
    same = sum(any(new.endswith(old) for new in after) for old in before)
    assert (
        same >= 88
    )  # of 5.0 s to 8.02 s; 50 pictures before the key picture are new, and one or two at the end
    assert media.frame_number_at(made.path, 1.0 + 6.5 - 3.35) == 195  # a player may begin in the middle


def test_every_key_picture_can_be_sought(keep: Keep, tools: Tools, tmp_path: Path) -> None:
    kept = [keep(THIRTY, 4.0, 7.0), keep(NTSC, 4.0, 7.0)]
    made = film([part(one) for one in kept], kept, tmp_path / "film.mp4", tools)
    assert media.frame_number_at(made.path, 2.0) == 180
    assert media.frame_number_at(made.path, 5.0) == 180


def test_clips_of_another_size_and_codec_are_made_to_fit(keep: Keep, tools: Tools, tmp_path: Path) -> None:
    kept = [keep(THIRTY, 3.35, 6.02), keep(TWENTY_FIVE, 8.0, 9.0, itag="136")]
    made = film([part(one) for one in kept], kept, tmp_path / "film.mp4", tools)
    assert runs(made.path) == [(101, 180, 80), (200, 224, 25)]
    assert (made.copied, made.encoded) == (1, 1)
    (video,) = probe(made.path, "-show_streams", "-select_streams", "v")["streams"]
    assert (video["width"], video["height"]) == (640, 360)


def test_captions_as_a_track_chapters_and_title(keep: Keep, tools: Tools, tmp_path: Path) -> None:
    kept = keep(THIRTY, 5.0, 7.0)
    lines = [CaptionLine(200, 900, "Hello <i>there</i> {\\an8}"), CaptionLine(1000, 1900, "Żółw 你好")]
    made = film([CARD, part(kept, *lines, chapter="a=b; #\\ c")], [kept], tmp_path / "film.mp4", tools)
    answer = probe(made.path, "-show_chapters", "-show_streams", "-show_format")
    assert [stream["codec_type"] for stream in answer["streams"]][:3] == ["video", "audio", "subtitle"]
    chapters = [(c["start_time"], c["tags"]["title"]) for c in answer["chapters"]]  # type: ignore[index]
    assert chapters == [("0.000000", "Opening"), ("1.000000", "a=b; #\\ c")]
    assert answer["format"]["tags"]["title"] == "A film"  # type: ignore[call-overload]
    argv = [media.ffmpeg(), "-v", "error", "-i", str(made.path), "-map", "0:s", "-f", "webvtt", "-"]
    text = subprocess.run(argv, check=True, capture_output=True).stdout.decode()
    assert "00:01.200 --> 00:01.900" in text
    assert "there" in text
    assert "an8" in text
    assert "Żółw 你好" in text
    assert (made.copied, made.encoded) == (1, 0)


def test_captions_burned_in_change_the_picture_and_nothing_else(
    keep: Keep, tools: Tools, tmp_path: Path
) -> None:
    kept = keep(THIRTY, 5.0, 6.5)
    lines = [CaptionLine(500, 1000, "words")]
    made = film([part(kept, *lines)], [kept], tmp_path / "f.mp4", tools, captions=Captions.BURNED_IN)
    assert runs(made.path) == [(150, 194, 45)]
    assert (made.copied, made.encoded) == (0, 1)
    argv = [
        media.ffmpeg(),
        "-v",
        "error",
        "-i",
        str(made.path),
        "-vf",
        "crop=iw:8:0:ih-8,scale=1:1",
        "-pix_fmt",
    ]
    raw = subprocess.run([*argv, "gray", "-f", "rawvideo", "-"], check=True, capture_output=True).stdout
    white = [index for index, level in enumerate(raw) if level > 200]
    assert abs(white[0] - 15) <= 2
    assert abs(white[-1] - 29) <= 2


def test_a_clip_without_sound_is_silent_and_one_without_picture_has_a_card(
    keep: Keep, tools: Tools, tmp_path: Path
) -> None:
    kept = [keep(THIRTY, 5.0, 6.0, itag="134"), keep(NTSC, 5.0, 6.0, itag="140"), keep(TWENTY_FIVE, 5.0, 6.0)]
    made = film([part(one) for one in kept], kept, tmp_path / "f.mp4", tools)
    found = runs(made.path)
    assert [one[:2] for one in found] == [(150, 179), (None, None), (125, 149)]
    assert np.abs(media.audio_samples(made.path, 0.1, 0.8).astype(int)).max() < 10
    for begin in (1.1, 2.1):
        heard = media.audio_time(made.path, begin)
        assert heard is not None
        assert abs(heard - 5.0 - begin % 1) < 0.03


def test_nothing_is_left_after_a_cancel(keep: Keep, tools: Tools, tmp_path: Path) -> None:
    kept = keep(THIRTY, 3.35, 12.0)
    target = tmp_path / "out" / "film.mp4"
    target.parent.mkdir()
    token, begun = CancelToken(), threading.Event()

    def listen(value: object) -> None:
        assert isinstance(value, FilmProgress)
        if value.part == 2:
            begun.set()

    def stop() -> None:
        begun.wait(30)
        token.cancel()

    threading.Thread(target=stop, daemon=True).start()
    options = FilmOptions(Captions.BURNED_IN)
    with pytest.raises(Cancelled):
        make_film(
            "t", [CARD, part(kept)], {kept[1]: kept[0]}, target, options, png, tools.ffmpeg, listen, token
        )
    assert list(target.parent.iterdir()) == []
    deadline = time.monotonic() + 5
    while child_processes() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not child_processes()


def test_progress_runs_forwards_to_the_end(keep: Keep, tools: Tools, tmp_path: Path) -> None:
    kept = keep(THIRTY, 5.0, 6.0)
    told: list[FilmProgress] = []
    make_film(
        *("t", [CARD, part(kept)], {kept[1]: kept[0]}, tmp_path / "f.mp4", FilmOptions(), png, tools.ffmpeg),
        lambda value: told.append(value),  # type: ignore[arg-type]
    )
    assert [one.fraction for one in told] == sorted(one.fraction for one in told)
    assert (told[-1].stage, told[-1].fraction) == (FilmStage.DONE, 1.0)


def test_a_full_disk_is_said_at_once(
    keep: Keep, tools: Tools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = keep(THIRTY, 5.0, 6.0)
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(MediaError, match="no space left in") as caught:
        film([part(kept)], [kept], tmp_path / "f.mp4", tools)
    assert caught.value.kind is FailureKind.DISK_FULL
    assert not (tmp_path / "f.mp4").exists()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(keep: Keep, tools: Tools, tmp_path: Path) -> None:
    kept = keep(THIRTY, 5.0, 6.0)
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    with pytest.raises(MediaError, match="cannot be written"):
        film([part(kept)], [kept], folder / "f.mp4", tools)


def test_a_missing_folder_and_a_missing_ffmpeg(keep: Keep, tools: Tools, tmp_path: Path) -> None:
    kept = keep(THIRTY, 5.0, 6.0)
    with pytest.raises(MediaError, match="cannot be written"):
        film([part(kept)], [kept], tmp_path / "nowhere" / "f.mp4", tools)
    with pytest.raises(MediaError) as caught:
        make_film("t", [CARD], {}, tmp_path / "f.mp4", FilmOptions(), png, None)
    assert caught.value.kind is FailureKind.NO_FFMPEG


def test_a_film_of_cards_alone(tools: Tools, tmp_path: Path) -> None:
    made = film([CARD], [], tmp_path / "f.mp4", tools)
    assert runs(made.path) == [(None, None, 30)]
