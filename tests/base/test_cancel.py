from __future__ import annotations

import threading
import time

import pytest

from viewer.base.cancel import CancelToken
from viewer.base.errors import Cancelled


def test_a_cancel_acts_at_once_and_once() -> None:
    token, calls = CancelToken(), []
    with token.on_cancel(lambda: calls.append(1)):
        token.cancel()
        token.cancel()
    assert calls == [1]


def test_a_callback_that_comes_late_is_called_all_the_same() -> None:
    token, calls = CancelToken(), []
    token.cancel()
    with token.on_cancel(lambda: calls.append(1)):
        pass
    assert calls == [1]


def test_after_the_block_nothing_is_called() -> None:
    token, calls = CancelToken(), []
    with token.on_cancel(lambda: calls.append(1)):
        pass
    token.cancel()
    assert calls == []


def test_a_sleeper_wakes() -> None:
    token = CancelToken()
    threading.Timer(0.05, token.cancel).start()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        token.wait(30)
    assert time.monotonic() - began < 10
