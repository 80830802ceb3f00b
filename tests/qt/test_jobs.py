"""Lanes: who waits for whom, what cancelling means, and that every job finishes exactly once."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from viewer.base.cancel import CancelToken, Progress
from viewer.base.errors import Cancelled, ReadError
from viewer.qt.jobs import Job, JobRunner, JobState, Lane

Until = Callable[[Callable[[], object]], None]


def listen(job: Job) -> list[tuple[str, object]]:
    heard: list[tuple[str, object]] = []
    job.progressed.connect(lambda value: heard.append(("progressed", value)))
    job.succeeded.connect(lambda value: heard.append(("succeeded", value)))
    job.failed.connect(lambda error: heard.append(("failed", error)))
    job.cancelled.connect(lambda: heard.append(("cancelled", None)))
    job.finished.connect(lambda: heard.append(("finished", None)))
    return heard


def waits_for(gate: threading.Event) -> Callable[[Progress, CancelToken], str]:
    def work(progress: Progress, cancel: CancelToken) -> str:
        with cancel.on_cancel(gate.set):
            assert gate.wait(10)
        return "done"

    return work


def test_the_outcome_comes_on_the_gui_thread(runner: JobRunner, qtbot: QtBot):
    threads = []
    job = runner.start(Lane.NOTE, lambda progress, cancel: QThread.currentThread(), subject="which")
    job.succeeded.connect(lambda worker: threads.append((worker, QThread.currentThread())))
    with qtbot.waitSignal(job.finished) as finished:
        pass
    worker, receiver = threads[0]
    assert worker is not receiver
    assert receiver is runner.thread()
    assert finished.args[0].subject == "which"
    assert finished.args[0].state is JobState.SUCCEEDED


def test_progress_then_success_then_finished_once(runner: JobRunner, until: Until, qtbot: QtBot):
    def work(progress: Progress, cancel: CancelToken) -> int:
        for step in range(1000):
            progress(step)
        return 7

    heard = listen(runner.start(Lane.INDEX, work))
    until(lambda: ("finished", None) in heard)
    qtbot.wait(20)
    names = [name for name, _ in heard]
    assert names[-2:] == ["succeeded", "finished"]
    assert names.count("finished") == 1
    assert ("progressed", 999) in heard
    assert names.count("progressed") < 1000


def test_a_viewer_error_is_delivered_and_not_logged(runner: JobRunner, until: Until):
    def work(progress: Progress, cancel: CancelToken) -> None:
        raise ReadError("No such folder.")

    heard = listen(runner.start(Lane.INDEX, work))
    until(lambda: ("finished", None) in heard)
    assert heard[0][0] == "failed"
    assert isinstance(heard[0][1], ReadError)


@pytest.mark.logs_errors
def test_a_bug_is_logged_with_its_traceback_and_delivered(
    runner: JobRunner, until: Until, caplog: pytest.LogCaptureFixture
):
    heard = listen(runner.start(Lane.INDEX, lambda progress, cancel: 1 / 0))
    until(lambda: ("finished", None) in heard)
    assert isinstance(heard[0][1], ZeroDivisionError)
    assert "ZeroDivisionError" in caplog.text
    assert "test_jobs.py" in caplog.text


def test_success_after_cancel_counts_as_cancelled(runner: JobRunner, until: Until):
    gate = threading.Event()
    job = runner.start(Lane.INDEX, waits_for(gate))
    heard = listen(job)
    until(lambda: job.state is JobState.RUNNING)
    job.cancel()
    job.cancel()
    until(lambda: ("finished", None) in heard)
    assert heard == [("cancelled", None), ("finished", None)]
    assert job.state is JobState.CANCELLED


def test_work_that_hears_the_cancel_ends_as_cancelled(runner: JobRunner, until: Until):
    def work(progress: Progress, cancel: CancelToken) -> None:
        cancel.wait(10)

    job = runner.start(Lane.FETCH, work)
    heard = listen(job)
    until(lambda: job.state is JobState.RUNNING)
    begun = time.monotonic()
    job.cancel()
    until(lambda: ("finished", None) in heard)
    assert time.monotonic() - begun < 0.5
    assert heard == [("cancelled", None), ("finished", None)]


def test_a_job_that_waits_is_cancelled_at_once(runner: JobRunner, until: Until):
    gate = threading.Event()
    first = runner.start(Lane.INDEX, waits_for(gate))
    ran = []
    second = runner.start(Lane.INDEX, lambda progress, cancel: ran.append(1))
    heard = listen(second)
    second.cancel()
    until(lambda: ("finished", None) in heard)
    assert heard == [("cancelled", None), ("finished", None)]
    assert not first.state.final
    gate.set()
    until(lambda: not runner.live())
    assert not ran


def test_the_index_lane_runs_one_at_a_time_in_order(runner: JobRunner, until: Until):
    order: list[int] = []
    together: list[int] = []
    busy = threading.Lock()

    def work(number: int) -> Callable[[Progress, CancelToken], None]:
        def run(progress: Progress, cancel: CancelToken) -> None:
            if not busy.acquire(blocking=False):
                together.append(number)
                return
            time.sleep(0.002)
            order.append(number)
            busy.release()

        return run

    for number in range(20):
        runner.start(Lane.INDEX, work(number))
    until(lambda: not runner.live())
    assert order == list(range(20))
    assert not together


def test_lanes_do_not_wait_for_each_other(runner: JobRunner, until: Until):
    gate = threading.Event()
    runner.start(Lane.INDEX, waits_for(gate))
    done = listen(runner.start(Lane.SEARCH, lambda progress, cancel: "found"))
    until(lambda: ("succeeded", "found") in done)
    gate.set()


def test_the_fetch_lane_runs_several_at_once(runner: JobRunner, until: Until):
    meeting = threading.Barrier(3, timeout=5)
    jobs = [runner.start(Lane.FETCH, lambda progress, cancel: meeting.wait()) for _ in range(3)]
    until(lambda: not runner.live())
    assert all(job.state is JobState.SUCCEEDED for job in jobs)


def test_the_newest_search_wins(runner: JobRunner, until: Until):
    def search(progress: Progress, cancel: CancelToken) -> None:
        cancel.wait(5)

    older = [listen(runner.start(Lane.SEARCH, search)) for _ in range(5)]
    newest = listen(runner.start(Lane.SEARCH, lambda progress, cancel: "newest"))
    until(lambda: not runner.live())
    assert newest == [("succeeded", "newest"), ("finished", None)]
    assert all(heard == [("cancelled", None), ("finished", None)] for heard in older)


def test_cancelled_raised_by_itself_is_no_failure(runner: JobRunner, until: Until):
    def work(progress: Progress, cancel: CancelToken) -> None:
        raise Cancelled

    heard = listen(runner.start(Lane.NOTE, work))
    until(lambda: ("finished", None) in heard)
    assert heard[0] == ("cancelled", None)


def test_shutdown_cancels_and_joins(qtbot: QtBot):
    runner = JobRunner()
    for _ in range(8):
        runner.start(Lane.FETCH, lambda progress, cancel: cancel.wait(30))
    qtbot.wait(20)
    begun = time.monotonic()
    assert runner.shutdown()
    assert time.monotonic() - begun < 1
    assert not runner.live()
    with pytest.raises(RuntimeError):
        runner.start(Lane.INDEX, lambda progress, cancel: None)


def test_shutdown_does_not_wait_longer_than_told(qtbot: QtBot):
    runner, gate = JobRunner(), threading.Event()
    runner.start(Lane.INDEX, lambda progress, cancel: gate.wait(10))
    qtbot.wait(20)
    begun = time.monotonic()
    assert not runner.shutdown(0.1)
    assert time.monotonic() - begun < 1
    gate.set()
    qtbot.wait(50)


_THOUSANDS = """
import faulthandler
faulthandler.dump_traceback_later(50, exit=True)
from PySide6.QtCore import QCoreApplication, QObject, Signal
from viewer.qt.jobs import JobRunner, Lane
app = QCoreApplication([])
class Bell(QObject):
    rung = Signal(bool)
bell, heard = Bell(), []
bell.rung.connect(heard.append)
for _ in range(20_000):
    bell.rung.emit(True)
assert len(heard) == 20_000
runner, left = JobRunner(), [2_000]
def count(job):
    left[0] -= 1
    if not left[0]:
        app.quit()
    elif left[0] % 4 == 0:
        start()
def work(progress, cancel):
    for step in range(10):
        progress(step)
    return step
def start():
    for lane in (Lane.INDEX, Lane.FETCH, Lane.FETCH, Lane.STORE):
        job = runner.start(lane, work)
        job.finished.connect(count)
start()
app.exec()
assert left == [0], left
assert runner.shutdown()
print("done")
"""


def test_thousands_of_signals_and_jobs_in_a_process_of_their_own():
    result = subprocess.run([sys.executable, "-c", _THOUSANDS], capture_output=True, text=True, timeout=60)
    assert (result.returncode, result.stdout.strip()) == (0, "done"), result.stderr[-2000:]
