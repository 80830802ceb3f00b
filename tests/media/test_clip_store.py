"""What the store keeps is whole; what a crash leaves behind is not kept."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from viewer.domain.video import Segment, VideoRef
from viewer.media.clip_files import Clip
from viewer.media.clip_store import ClipStore
from viewer.media.failures import FailureKind, MediaError

A = VideoRef.youtube("ZAJ4D8RAyfY")
B = VideoRef.youtube("-bcdefghijk")
UPPER, LOWER = VideoRef.youtube("AAAAAAAAAAA"), VideoRef.youtube("aaaaaaaaaaa")


def segment(start_s: float, end_s: float, video: VideoRef = A) -> Segment:
    return Segment(video, int(start_s * 1000), int(end_s * 1000))


def put(
    store: ClipStore, wanted: Segment, quality: str = "720", size: int = 100, *, whole: bool = False
) -> Clip:
    with store.work_folder() as work:
        (work / "clip.mp4").write_bytes(b"x" * size)
        return store.add(wanted, quality, work / "clip.mp4", whole=whole)


def played_at(store: ClipStore, clip: Clip, moment: float) -> None:
    os.utime(clip.path.with_suffix(".json"), (moment, moment))


@pytest.fixture
def store(tmp_path: Path) -> ClipStore:
    return ClipStore(tmp_path / "clips")


def test_a_clip_is_found_again(store: ClipStore) -> None:
    kept = put(store, segment(16, 60))
    assert store.find(segment(16, 60), "720") == kept
    assert kept.offset_ms(segment(16, 60)) == 0
    assert kept.path.read_bytes() == b"x" * 100
    assert store.total_bytes() == 100


def test_nothing_is_found_in_a_folder_that_is_not_there(store: ClipStore) -> None:
    assert store.find(segment(0, 1)) is None
    assert store.clips() == []
    assert store.total_bytes() == 0
    assert not store.folder.exists()


def test_a_longer_clip_holds_a_shorter_one(store: ClipStore) -> None:
    put(store, segment(10, 100))
    shorter = put(store, segment(15, 70))
    found = store.find(segment(16, 60), "720")
    assert found == shorter
    assert found is not None
    assert found.offset_ms(segment(16, 60)) == 1000
    assert store.find(segment(5, 20), "720") is None
    assert store.find(segment(16, 60, B), "720") is None


def test_a_whole_video_holds_what_runs_over_its_end(store: ClipStore) -> None:
    whole = put(store, segment(0, 516), whole=True)
    assert store.find(segment(500, 530), "720") == whole
    assert store.find(segment(516, 530), "720") is None
    assert store.find_whole(A) == whole
    assert store.find_whole(B) is None


def test_a_better_picture_will_do_and_a_worse_only_when_asked(store: ClipStore) -> None:
    put(store, segment(0, 10), "360")
    better = put(store, segment(0, 10), "1080")
    assert store.find(segment(0, 10), "720") == better
    assert store.find(segment(0, 10)) == better
    store.remove(better)
    assert store.find(segment(0, 10), "720") is None
    found = store.find(segment(0, 10))
    assert found is not None
    assert found.quality == "360"


def test_ids_that_differ_in_case_only_are_two(store: ClipStore) -> None:
    one, other = put(store, segment(0, 1, UPPER)), put(store, segment(0, 1, LOWER))
    assert one.path.name.lower() != other.path.name.lower()
    assert store.find(segment(0, 1, UPPER), "720") == one


def test_file_names_are_plain_for_hostile_addresses(store: ClipStore) -> None:
    hostile = VideoRef("https://a.bc/../../etc/passwd", "https://a.bc/../../etc/passwd")
    clip = put(store, segment(0, 1, hostile))
    assert clip.path.parent == store.folder
    assert clip.path.name.startswith("url-")
    assert not put(store, segment(0, 1, B)).path.name.startswith("-")


def test_a_file_of_another_size_does_not_count(store: ClipStore) -> None:
    clip = put(store, segment(0, 1))
    clip.path.write_bytes(b"x" * 99)
    assert store.find(segment(0, 1), "720") is None
    assert store.clips() == []


@pytest.mark.parametrize("damage", ["", "[]", "{}", '{"size_bytes": 100}', "\0\xff"])
def test_a_damaged_json_file_does_not_count(store: ClipStore, damage: str) -> None:
    clip = put(store, segment(0, 1))
    clip.path.with_suffix(".json").write_text(damage)
    assert store.find(segment(0, 1), "720") is None


def test_the_least_recently_played_goes_first_and_pins_stay(store: ClipStore) -> None:
    old = store.pin(put(store, segment(0, 1)))
    second, third = put(store, segment(1, 2)), put(store, segment(2, 3))
    played_at(store, old, 1000)
    played_at(store, second, 3000)
    played_at(store, third, 2000)
    store.budget_bytes = 250
    gone = store.make_room()
    assert [clip.segment for clip in gone] == [third.segment]
    assert {clip.segment for clip in store.clips()} == {old.segment, second.segment}


def test_playing_saves_from_eviction(store: ClipStore) -> None:
    first, second = put(store, segment(0, 1)), put(store, segment(1, 2))
    played_at(store, first, 1000)
    played_at(store, second, 2000)
    store.touch(first)
    store.budget_bytes = 150
    assert [clip.segment for clip in store.make_room()] == [second.segment]


def test_adding_makes_room_but_keeps_what_was_added(store: ClipStore) -> None:
    store.budget_bytes = 150
    first = put(store, segment(0, 1))
    played_at(store, first, 1000)
    second = put(store, segment(1, 2), size=400)
    assert store.clips() == [second]


def test_a_pin_survives_a_second_download(store: ClipStore) -> None:
    clip = store.pin(put(store, segment(0, 1)))
    played_at(store, clip, 1000)
    assert put(store, segment(0, 1)).pinned
    assert not store.unpin(clip).pinned
    found = store.find(segment(0, 1), "720")
    assert found is not None
    assert not found.pinned


def test_clear_spares_pins(store: ClipStore) -> None:
    pinned = store.pin(put(store, segment(0, 1)))
    put(store, segment(1, 2))
    assert store.clear() == 100
    assert [clip.segment for clip in store.clips()] == [pinned.segment]
    assert store.clear(pinned_too=True) == 100
    store.remove(pinned)  # gone already: no error


def test_a_work_folder_is_gone_afterwards(store: ClipStore) -> None:
    with contextlib.suppress(KeyError), store.work_folder() as work:
        (work / "half.part").write_bytes(b"x")
        raise KeyError
    assert not work.exists()


def test_what_a_crash_left_is_removed_and_what_lives_is_not(store: ClipStore) -> None:
    kept = put(store, segment(0, 1))
    (store.folder / "work-dead").mkdir()
    (store.folder / "work-dead" / "half.part").write_bytes(b"x")
    (store.folder / "work-older").mkdir()
    (store.folder / "work-older" / "owner.lock").touch()
    orphan = kept.path.with_name(kept.path.name.replace("_0-", "_7-"))
    orphan.write_bytes(b"half")
    widow = kept.path.with_name(kept.path.name.replace("_0-", "_8-")).with_suffix(".json")
    widow.write_text("{}")
    (store.folder / "notes.txt").write_text("not ours")
    with store.work_folder() as alive:
        removed = ClipStore(store.folder).clean_up()
        assert alive.is_dir()
    assert {path.name for path in removed} == {"work-dead", "work-older", orphan.name, widow.name}
    assert (store.folder / "notes.txt").exists()
    assert store.clips() == [kept]


CRASH = """
import os, sys, signal
from pathlib import Path
from viewer.domain.video import Segment, VideoRef
from viewer.media import clip_store
store = clip_store.ClipStore(Path(sys.argv[1]))
stop = int(sys.argv[2])
seen = 0
def counted(name):
    inner = getattr(os, name)
    def call(*arguments, **more):
        global seen
        seen += 1
        if seen == stop:
            os.kill(os.getpid(), signal.SIGKILL)
        return inner(*arguments, **more)
    setattr(os, name, call)
for name in ("fsync", "replace", "rename", "mkdir", "open", "stat", "unlink", "utime"):
    counted(name)
for number in range(3):
    with store.work_folder() as work:
        (work / "clip.mp4").write_bytes(b"x" * 1000)
        store.add(Segment(VideoRef.youtube("ZAJ4D8RAyfY"), number * 1000, number * 1000 + 1000), "720", work / "clip.mp4")
print("done")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@pytest.mark.parametrize("stop", [3, 9, 14, 20, 27, 33])
def test_a_kill_at_any_moment_leaves_whole_clips_only(tmp_path: Path, stop: int) -> None:
    root = Path(__file__).resolve().parents[2]
    run = subprocess.run(
        [sys.executable, "-c", CRASH, str(tmp_path), str(stop)], cwd=root, capture_output=True, check=False
    )
    assert run.returncode in (-9, 0), run.stderr.decode()
    store = ClipStore(tmp_path)
    store.clean_up()
    left = {path.name for path in tmp_path.iterdir()} - {"store.lock"}
    assert left == {name for clip in store.clips() for name in (clip.path.name, clip.path.stem + ".json")}
    assert all(clip.path.stat().st_size == 1000 for clip in store.clips())


def test_two_programs_share_one_folder(tmp_path: Path) -> None:
    stores = [ClipStore(tmp_path, budget_bytes=2_000) for _ in range(4)]
    errors: list[BaseException] = []

    def busy(number: int) -> None:
        try:
            for index in range(12):
                clip = put(stores[number], segment(index, index + 1, A if number % 2 else B), size=300)
                stores[number].touch(clip)
                stores[number].clean_up()
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=busy, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    ClipStore(tmp_path, budget_bytes=2_000).make_room()
    assert 0 < stores[0].total_bytes() <= 2_000


def test_move_to_another_folder(store: ClipStore, tmp_path: Path) -> None:
    pinned = store.pin(put(store, segment(0, 1)))
    put(store, segment(1, 2))
    played_at(store, pinned, 5000)
    store.move_to(tmp_path / "other")
    assert store.folder == tmp_path / "other"
    found = store.find(segment(0, 1), "720")
    assert found is not None
    assert found.pinned
    assert found.played == 5000
    assert len(store.clips()) == 2
    assert ClipStore(tmp_path / "clips").clips() == []


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    if not hasattr(os, "getuid") or os.getuid() != 0 or shutil.which("mount") is None:
        pytest.skip("mounting wants root")
    folder = tmp_path / "tiny"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("mounting is not allowed here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


def keep_on_a_disk_that_fills_up(store: ClipStore) -> None:
    with store.work_folder() as work:
        (work / "clip.mp4").write_bytes(b"x" * 4096)
        with contextlib.suppress(OSError), (work / "filler").open("wb", buffering=0) as filler:
            while True:
                filler.write(b"x" * 4096)
        store.add(segment(5, 6), "720", work / "clip.mp4")


def test_a_full_disk_is_told_and_leaves_nothing(tiny_disk: Path) -> None:
    store = ClipStore(tiny_disk)
    kept = put(store, segment(0, 1), size=4096)
    with pytest.raises(MediaError) as told:
        keep_on_a_disk_that_fills_up(store)
    assert told.value.kind is FailureKind.DISK_FULL
    store.clean_up()
    assert store.clips() == [kept]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "clips").write_text("a file where the folder should be")
    store = ClipStore(tmp_path / "clips")
    with pytest.raises(MediaError) as caught, store.work_folder():
        pass
    assert caught.value.kind is FailureKind.STORE_UNWRITABLE
    assert store.find(segment(0, 1)) is None


def test_a_folder_removed_while_running_comes_back(store: ClipStore) -> None:
    put(store, segment(0, 1))
    shutil.rmtree(store.folder)
    assert store.clips() == []
    assert put(store, segment(0, 1)).path.exists()


def test_the_json_file_says_what_is_kept(store: ClipStore) -> None:
    clip = put(store, segment(16, 60))
    values = json.loads(clip.path.with_suffix(".json").read_text())
    assert values["video"]["id"] == A.id
    assert (values["start_ms"], values["end_ms"], values["quality"]) == (16_000, 60_000, "720")
    assert abs(values["created"] - time.time()) < 60


def test_what_a_broken_move_left_is_removed(store: ClipStore) -> None:
    kept = put(store, segment(0, 1))
    (store.folder / (kept.path.name + ".part")).write_bytes(b"half")
    store.clean_up()
    assert store.clips() == [kept]
    assert not list(store.folder.glob("*.part"))


def test_what_was_found_is_recalled_while_it_is_there(store: ClipStore, tmp_path: Path) -> None:
    part = segment(16, 60)
    assert store.recall(part, "720") is None
    kept = put(store, segment(10, 100))
    assert store.recall(part, "720") is None
    assert store.find(part, "720") == kept
    assert store.recall(part, "720") == kept
    assert store.recall(part, "1080") is None
    kept.path.write_bytes(b"another")
    assert store.recall(part, "720") is None
    put(store, segment(10, 100))
    assert store.recall(part, "720") == kept
    store.remove(kept)
    assert store.recall(part, "720") is None


def test_a_clip_that_has_moved_is_not_recalled(store: ClipStore, tmp_path: Path) -> None:
    kept = put(store, segment(16, 60))
    assert store.find(segment(16, 60), "720") == kept
    store.move_to(tmp_path / "elsewhere")
    assert store.recall(segment(16, 60), "720") is None
    assert store.find(segment(16, 60), "720") == store.recall(segment(16, 60), "720") is not None
