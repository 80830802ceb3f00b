"""On Windows: what we have started ends with us, even when we are killed (a job object that is closed with its owner).

Never run on the machine that this was written on; see Microsoft's "Job Objects", JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE.
"""

from __future__ import annotations

import ctypes
import functools
import logging
from typing import Any

log = logging.getLogger(__name__)

_EXTENDED_LIMITS = 9
_KILL_ON_JOB_CLOSE = 0x2000


class _BasicLimits(ctypes.Structure):
    _fields_ = (
        ("per_process_user_time", ctypes.c_int64),
        ("per_job_user_time", ctypes.c_int64),
        ("limit_flags", ctypes.c_uint32),
        ("minimum_working_set", ctypes.c_size_t),
        ("maximum_working_set", ctypes.c_size_t),
        ("active_process_limit", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority_class", ctypes.c_uint32),
        ("scheduling_class", ctypes.c_uint32),
    )


class _ExtendedLimits(ctypes.Structure):
    _fields_ = (
        ("basic", _BasicLimits),
        ("io_counters", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    )


def _kernel() -> Any:
    return vars(ctypes)["WinDLL"]("kernel32", use_last_error=True)  # not there on other systems


@functools.lru_cache(maxsize=1)
def _job() -> int | None:
    """Our one job; its handle stays open until we end. None when the system does not give one."""
    kernel = _kernel()
    kernel.CreateJobObjectW.restype = ctypes.c_void_p
    job: int | None = kernel.CreateJobObjectW(None, None)
    if not job:
        return None
    limits = _ExtendedLimits()
    limits.basic.limit_flags = _KILL_ON_JOB_CLOSE
    size = ctypes.sizeof(limits)
    if not kernel.SetInformationJobObject(ctypes.c_void_p(job), _EXTENDED_LIMITS, ctypes.byref(limits), size):
        return None
    return job


def bind(process_handle: int) -> None:
    """Let the process of this handle end when we do. What it starts belongs to the job as well."""
    job = _job()
    if job is None or not _kernel().AssignProcessToJobObject(
        ctypes.c_void_p(job), ctypes.c_void_p(process_handle)
    ):
        log.info("a process could not be bound to ours; it would outlive us if we were killed")
