from __future__ import annotations

import json
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

from tests.export.quotes import QUOTE, VIDEO
from tests.standin.media import ffmpeg
from viewer.domain.cited_quote import CitedQuote
from viewer.domain.video import Segment
from viewer.export.card_media import card_media
from viewer.export.writing import write_outline
from viewer.media.clip_store import ClipStore


def test_a_kept_clip_gives_a_picture_and_sound_to_its_card(tmp_path: Path) -> None:
    store, segment = ClipStore(tmp_path / "clips"), Segment(VIDEO, 10_000, 13_000)
    made = tmp_path / "made.mp4"
    picture = ["-f", "lavfi", "-i", "testsrc=size=320x180:rate=10:duration=3"]
    sound = ["-f", "lavfi", "-i", "sine=frequency=440:duration=3", "-shortest", "-c:a", "aac"]
    coded = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-movflags", "+faststart"]
    arguments = [ffmpeg(), "-v", "error", "-y", *picture, *sound, *coded, str(made)]
    subprocess.run(arguments, check=True, timeout=60)
    store.add(segment, "360", made)
    kept, other = replace(QUOTE, segment=segment), QUOTE
    work = tmp_path / "work"
    work.mkdir()
    media = card_media([kept, other, CitedQuote("x")], store.find, Path(ffmpeg()), work)
    assert list(media) == [segment]
    found = media[segment]
    assert found.picture is not None
    assert found.picture.read_bytes()[:3] == b"\xff\xd8\xff"
    assert found.sound is not None
    assert b"ftyp" in found.sound.read_bytes()[:12]
    target = write_outline([kept, other], "Deck", "anki", tmp_path / "a.apkg", media=media)
    names = json.loads(zipfile.ZipFile(target).read("media"))
    assert sorted(name.rsplit(".", 1)[1] for name in names.values()) == ["jpg", "m4a"]


def test_what_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    store, segment = ClipStore(tmp_path / "clips"), Segment(VIDEO, 10_000, 13_000)
    (tmp_path / "bad.mp4").write_bytes(b"no film at all")
    store.add(segment, "360", tmp_path / "bad.mp4")
    media = card_media([replace(QUOTE, segment=segment)], store.find, Path(ffmpeg()), tmp_path)
    assert media[segment].picture is None
    assert media[segment].sound is None
