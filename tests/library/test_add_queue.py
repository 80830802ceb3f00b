"""The queue of videos that are to become notes: stopped, gone on with, killed; one failure never stops the rest."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.running import ROOT
from viewer.base.cancel import CancelToken, Progress
from viewer.base.errors import Cancelled, ReadError, ViewerError
from viewer.domain.note import Metadata, Note, NoteFormat
from viewer.domain.transcript import Cue, Transcript
from viewer.domain.video import VideoRef
from viewer.formats.registry import parse_bytes
from viewer.library.add_queue import AddProgress, AddQueue, AddRun, AddState, Verdicts, Wanted

VIDEOS = [VideoRef.youtube(f"VIDEO{number:06}") for number in range(6)]


class FailingError(ViewerError):
    """A failure of a kind."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"It is {kind}.")
        self.kind = kind


VERDICTS = Verdicts(
    busy=lambda error: getattr(error, "kind", "") == "busy",
    cut_off=lambda error: getattr(error, "kind", "") == "cut off",
    halts=lambda error: getattr(error, "kind", "halting") == "halting",
)


class Site:
    """Makes notes, and fails as told: video -> the failures to come, one a call."""

    def __init__(self, **failures: list[str]) -> None:
        self.failures = failures
        self.asked: list[str] = []
        self.stop_after: tuple[int, CancelToken] | None = None

    def __call__(
        self, video: VideoRef, info: Mapping[str, Any] | None, progress: Progress, cancel: CancelToken
    ) -> Note:
        self.asked.append(video.id)
        if self.stop_after is not None and len(self.asked) >= self.stop_after[0]:
            self.stop_after[1].cancel()
        cancel.raise_if_cancelled()
        kinds = self.failures.get(video.id, [])
        if kinds:
            raise FailingError(kinds.pop(0))
        cues = Transcript((Cue(0, None, None, "Hello."),))
        return Note(NoteFormat.VIDEO_NOTE, Metadata("A talk: part 1/2?"), (video,), transcript=cues)


def nothing_known(video: VideoRef, folder: str) -> str | None:
    return None


def run(queue: AddQueue, site: Site, known: Any = nothing_known, **more: Any) -> list[AddProgress]:
    told: list[AddProgress] = []
    AddRun(queue, site, known, VERDICTS, gap_s=0, busy_pauses_s=(0.01, 0.02)).work(told.append, **more)  # type: ignore[arg-type]
    return told


def filled(tmp_path: Path, count: int = 3) -> AddQueue:
    queue = AddQueue(tmp_path / "queue.json")
    queue.add([Wanted(video, video.id) for video in VIDEOS[:count]], tmp_path / "notes")
    return queue


def states(queue: AddQueue) -> list[str]:
    return [str(item.state) for item in queue.items()]


def test_each_video_gets_a_note_under_a_free_name(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    mine = tmp_path / "notes" / "A talk - part 1-2.md"
    mine.write_text("mine")
    queue = filled(tmp_path, 2)
    told = run(queue, Site())
    assert states(queue) == ["done", "done"]
    assert mine.read_text() == "mine"
    names = ["A talk - part 1-2 (2).md", "A talk - part 1-2 (3).md"]
    assert [Path(item.path).name for item in queue.items()] == names
    note = parse_bytes((tmp_path / "notes" / names[0]).read_bytes())
    assert note.video == VIDEOS[0]
    assert (told[0].done, told[-1].done, told[-1].total) == (0, 2, 2)
    assert sorted(os.listdir(tmp_path / "notes")) == sorted([mine.name, *names])


def test_what_exists_is_not_asked_for(tmp_path: Path) -> None:
    queue = filled(tmp_path)
    queue.add([Wanted(VIDEOS[0])], tmp_path / "notes")  # waits already
    queue.add([Wanted(VIDEOS[0])], tmp_path / "elsewhere")
    site = Site()
    run(queue, site, lambda video, folder: "/a/b.md" if video == VIDEOS[1] else None)
    assert states(queue) == ["done", "exists", "done", "exists"]
    assert site.asked == [VIDEOS[0].id, VIDEOS[2].id]
    assert queue.items()[1].path == "/a/b.md"


def test_one_failure_never_stops_the_rest(tmp_path: Path) -> None:
    queue = filled(tmp_path)
    queue.add([Wanted(VIDEOS[3], "[Private video]", None, "This video is private.")], tmp_path / "notes")
    site = Site(**{VIDEOS[0].id: ["private"], VIDEOS[2].id: ["cut off"]})
    run(queue, site)
    assert states(queue) == ["failed", "done", "failed", "failed"]
    assert queue.items()[0].reason == "It is private."
    assert VIDEOS[3].id not in site.asked
    queue.retry()
    run(queue, site)
    assert states(queue) == ["done"] * 4


def test_a_busy_site_is_left_alone_for_a_while(tmp_path: Path) -> None:
    queue = filled(tmp_path, 2)
    told = run(queue, Site(**{VIDEOS[0].id: ["busy", "busy"]}))
    assert states(queue) == ["done", "done"]
    assert [each.resting_s for each in told if each.resting_s] == [0.01, 0.02]


@pytest.mark.parametrize(("kinds", "asked"), [(["busy"] * 3, 3), (["halting"], 1)])
def test_what_would_fail_for_all_stops_the_queue(tmp_path: Path, kinds: list[str], asked: int) -> None:
    queue, site = filled(tmp_path), Site(**{VIDEOS[0].id: kinds})
    with pytest.raises(ViewerError):
        run(queue, site)
    assert states(queue) == ["waiting"] * 3
    assert len(site.asked) == asked


def test_a_network_that_is_gone_stops_the_queue(tmp_path: Path) -> None:
    queue = filled(tmp_path, 4)
    with pytest.raises(ViewerError):
        run(queue, Site(**{video.id: ["cut off"] for video in VIDEOS[1:3]}))
    assert states(queue) == ["done", "waiting", "waiting", "waiting"]


def test_stopped_and_gone_on_with_by_another_start(tmp_path: Path) -> None:
    queue, site, token = filled(tmp_path, 6), Site(), CancelToken()
    site.stop_after = (3, token)
    with pytest.raises(Cancelled):
        run(queue, site, cancel=token)
    assert states(queue) == ["done", "done", *["waiting"] * 4]
    again = AddQueue(tmp_path / "queue.json")
    assert again.items() == queue.items()
    fresh = Site()
    run(again, fresh)
    assert states(again) == ["done"] * 6
    assert fresh.asked == [video.id for video in VIDEOS[2:]]


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("a file")
    with pytest.raises(ReadError):
        run(filled(tmp_path), Site())


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"version": 9, "items": []}', '{"version": 1, "items": [{"id": "file:///etc/passwd"}]}'],
)
def test_a_broken_queue_is_put_aside(tmp_path: Path, text: str) -> None:
    file = tmp_path / "queue.json"
    file.write_text(text)
    assert AddQueue(file).items() == ()
    assert (tmp_path / "queue.broken.json").read_text() == text


def test_forgetting_keeps_what_waits(tmp_path: Path) -> None:
    queue = filled(tmp_path)
    queue.finish(queue.items()[0].number, AddState.DONE)
    queue.clear()
    assert states(queue) == ["waiting", "waiting"]
    queue.clear(all_of_it=True)
    assert AddQueue(tmp_path / "queue.json").items() == ()


KILLED = """
import sys, time
from pathlib import Path
from tests.library.test_add_queue import Site, VERDICTS, nothing_known
from viewer.library.add_queue import AddQueue, AddRun
site = Site()
class Slow(Site):
    def __call__(self, *rest):
        time.sleep(0.02)
        return super().__call__(*rest)
AddRun(AddQueue(Path(sys.argv[1])), Slow(), nothing_known, VERDICTS, gap_s=0).work(lambda value: print(value, flush=True))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@pytest.mark.parametrize("delay_s", [0.0, 0.013, 0.03, 0.05, 0.09])
def test_killed_in_the_middle_nothing_is_lost_nor_made_twice(tmp_path: Path, delay_s: float) -> None:
    filled(tmp_path, 6)
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path / "queue.json")], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    child.stdout.readline()
    time.sleep(delay_s)
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    json.loads((tmp_path / "queue.json").read_text())
    queue = AddQueue(tmp_path / "queue.json")
    assert AddState.FETCHING not in {item.state for item in queue.items()}
    run(queue, Site())
    assert states(queue) == ["done"] * 6
    notes = [parse_bytes(path.read_bytes()).video for path in (tmp_path / "notes").glob("*.md")]
    assert sorted(video.id for video in notes if video) == [video.id for video in VIDEOS]
