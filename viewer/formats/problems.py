"""Every code that a :class:`Problem` of a file can carry, and what it means."""

from __future__ import annotations

from viewer.domain.note import Problem

PROBLEM_CODES: dict[str, str] = {
    "not-text": "The file is no text (a picture, a program); nothing of it is shown.",
    "encoding-guessed": "The file's letters are in an unknown or damaged encoding; some may be wrong.",
    "empty": "The file holds no text.",
    "line-too-long": "A line is so long that it was not searched for structure; its text is shown as it is.",
    "text-repaired": "The text was damaged (UTF-8 once read as another encoding) and is shown repaired.",
    "front-matter-broken": "The front matter could not be read; the rest of the file was read without it.",
    "front-matter-refused": "The front matter is built to exhaust the program (aliases, nesting) and was not read.",
    "value-ignored": "A value in the front matter is not of its kind (a date that is none) and was left out.",
    "clip-command-refused": "A clip command holds something that is not allowed; it is never run.",
    "clip-range-bad": "A clip command's section is empty, runs backwards or is no pair of times.",
    "clip-after-end": "A clip ends after the end of the video.",
    "time-after-end": "A time lies after the end of the video.",
    "time-disagrees": "A time and the link below it disagree; the link was believed.",
    "times-backwards": "The times of the transcript run backwards somewhere; the order of the file was kept.",
    "transcript-partial": "The transcript covers only a part of the video.",
    "captions-broken": "A caption file has parts that are no cues; they are shown as text.",
    "unreadable": "The file could not be read from disk.",
    "too-large": "The file is larger than the program reads.",
    "parser-failed": "The program failed on this file (a bug); its text is shown as it is.",
    "sidecar-unreadable": "A file beside the note could not be read; it was left out.",
}
"""Stable code -> what it means. Codes are part of the JSON schema: they are only ever added."""


def problem(code: str, line: int | None, message: str) -> Problem:
    """A problem with a code of the table (KeyError for any other) and its plain sentence."""
    _ = PROBLEM_CODES[code]
    return Problem(line, code, message)
