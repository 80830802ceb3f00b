"""Words about the folder that the user chose, when an export cannot be written there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from viewer.base.language import tr
from viewer.media.failures import FailureKind, MediaError
from viewer.media.saving import errors_about


@contextlib.contextmanager
def told_of(folder: Path) -> Iterator[None]:
    """What goes wrong inside, said of ``folder``: a clip's own words would send the user to the preferences."""
    try:
        with errors_about(folder):
            yield
    except MediaError as error:
        if error.kind is FailureKind.DISK_FULL:
            message = tr("There is no space left in {folder}.")
            advice = tr("Free some space there, or choose another folder.")
        elif error.kind is FailureKind.STORE_UNWRITABLE:
            message = tr("The folder {folder} cannot be written.")
            advice = tr("Check that it exists and is yours, or choose another one.")
        else:
            raise
        words = message.format(folder=folder)
        raise MediaError(error.kind, error.detail, message=words, advice=advice) from error
