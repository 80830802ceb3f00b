"""Errors that carry blame.

A :class:`ViewerError` is the world's fault: it has a plain sentence for the user and what to do next. Every
other exception is a bug of ours and belongs in a crash report.
"""

from __future__ import annotations


class ViewerError(Exception):
    """Something outside the program went wrong; the user is told what, and what to do next.

    ``message`` says what happened in one plain sentence. ``advice`` says what to do next; empty when there is
    nothing to do. ``detail`` is for the log only (a command's last lines, an errno): never shown unasked.
    """

    def __init__(self, message: str, advice: str = "", detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()


class ReadError(ViewerError):
    """A file or folder could not be read or written."""


class SettingError(ViewerError):
    """A setting's value is not of its kind or out of its range."""


class Cancelled(Exception):  # noqa: N818 - an outcome, not an error
    """Raised inside work that was asked to stop. Neither a bug nor a failure."""
