"""A gate stops who passes it, and a time budget does not count while it is shut."""

from __future__ import annotations

import threading
import time

import pytest

from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled
from viewer.media.pausing import Gate, Gates, budget
from viewer.media.progress import FetchProgress, FetchStage, Meter


def test_a_shut_gate_holds_until_it_is_opened() -> None:
    gate = Gate()
    gate.wait(CancelToken())
    gate.pause()
    gate.pause()
    threading.Timer(0.1, gate.resume).start()
    began = time.monotonic()
    gate.wait(CancelToken())
    assert time.monotonic() - began >= 0.09
    assert 0.09 <= gate.paused_s < 1
    gate.resume()


def test_who_waits_can_be_cancelled() -> None:
    gate, token = Gate(), CancelToken()
    gate.pause()
    threading.Timer(0.05, token.cancel).start()
    with pytest.raises(Cancelled):
        gate.wait(token)


def test_listeners_hear_every_change_once() -> None:
    gate = Gate()
    heard: list[bool] = []
    gate.pause()
    with gate.on_change(heard.append):
        gate.resume()
        gate.resume()
        gate.pause()
    gate.resume()
    assert heard == [True, False, True]


def test_gates_are_shared_while_somebody_is_inside() -> None:
    gates = Gates()
    with gates.of("a") as one:
        with gates.of("a") as two, gates.of("b") as other:
            assert one is two
            assert gates.running("a") == [one]
            assert gates.running() == [one, other]
        assert gates.running() == [one]
    assert gates.running() == []
    with gates.of("a") as fresh:
        assert fresh is not one


def test_a_budget_ends_and_pauses_do_not_count() -> None:
    gate, outer = Gate(), CancelToken()
    began = time.monotonic()
    with budget(outer, 0.2, gate) as inner:
        gate.pause()
        threading.Timer(0.4, gate.resume).start()
        with pytest.raises(Cancelled):
            inner.wait(5)
    assert 0.55 <= time.monotonic() - began < 2
    assert not outer.cancelled


def test_a_budget_ends_with_its_owner() -> None:
    outer = CancelToken()
    with budget(outer, 60, Gate()) as inner:
        outer.cancel()
        assert inner.cancelled


def test_the_meter_says_paused_and_loses_no_byte() -> None:
    told: list[FetchProgress] = []
    meter = Meter(lambda value: told.append(value) if isinstance(value, FetchProgress) else None)
    meter.begin_download(1000)
    meter.pause(True)
    assert (told[-1].stage, told[-1].speed_bps) == (FetchStage.PAUSED, None)
    meter.pause(False)
    assert told[-1].stage is FetchStage.DOWNLOADING
    threads = [threading.Thread(target=lambda: [meter.add(1) for _ in range(400)] and None) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    meter.stage(FetchStage.CUTTING)
    assert told[-1].done_bytes == 800
