"""The problems of a file in the reader's language.

A problem's sentence is kept in English: in the index, which outlives a change of the language, and in the JSON, which
programs read. Whoever shows one to a person asks :func:`problem_text`, which knows the sentences by their forms.
"""

from __future__ import annotations

import re
from functools import lru_cache

from viewer.base.language import tr, tr_noop
from viewer.domain.note import Problem

FORMS: tuple[str, ...] = (
    tr_noop("The clip {clip} ends after the end of the video ({end}); it is kept as written."),
    tr_noop("The clip ends at {end}, after the end of the video at {duration}; it is kept as written."),
    tr_noop("The clip command was refused: {why}. It is never run."),
    tr_noop("The clip's section {section} is not a pair of times; no clip is made of it."),
    tr_noop("The clip's section {section} is empty; no clip is made of it."),
    tr_noop("The clip's section {section} runs backwards; no clip is made of it."),
    tr_noop("The time {time} lies after the end of the video ({end}); it is kept as written."),
    tr_noop(
        "The time {time} lies after the end of the video ({end}), and {n} more; they are kept as written."
    ),
    tr_noop("The time {time} links to {link}; the link was believed."),
    tr_noop("The times run backwards at {time}; the file's order was kept."),
    tr_noop("The times run backwards at {time}, and in one more place; the file's order was kept."),
    tr_noop("The times run backwards at {time}, and in {n} more places; the file's order was kept."),
    tr_noop("The times of the transcript run backwards at {time}; the file's order was kept."),
    tr_noop("The transcript covers about {n} % of the video."),
    tr_noop("The transcript covers about {n} % of the video ({why})."),
    tr_noop("The front matter has no closing {mark}; it was taken to end before line {n}."),
    tr_noop("The front matter was not read: {why}. The text below it is shown."),
    tr_noop("The front matter is broken here ({what}); it was read line by line instead."),
    tr_noop("{key}: {value} is no date; it was left out."),
    tr_noop("{key}: {value} is no length of time; it was left out."),
    tr_noop("All parts of this caption file are no cues; they are shown as text."),
    tr_noop("{n} parts of this caption file are no cues; they are shown as text."),
    tr_noop("This caption file has no cues."),
    tr_noop("The text was damaged (UTF-8 read as {name}); it is shown repaired, the file was not touched."),
    tr_noop("Some letters of this file are damaged; they show as �."),
    tr_noop("This file is not UTF-8; it was read as Windows-1252. Letters with accents may be wrong."),
    tr_noop("This file is not text; nothing of it can be shown."),
    tr_noop("The file is empty."),
    tr_noop("The file has {n} letters; its text is shown as it is."),
    tr_noop("This line has {n} letters; it is shown as it is."),
    tr_noop("The file has {n} MB and was not read; the limit is {limit} MB."),
    tr_noop("The file could not be read: {reason}."),
    tr_noop("The folder could not be read."),
    tr_noop("{name} beside the note could not be read: {reason}."),
    tr_noop("{name} beside the note could not be read; it was left out."),
    tr_noop("{name} beside the note is too large and was left out."),
    tr_noop("The program failed to understand this file (a bug of ours); it is shown as plain text."),
    tr_noop("The video {video} has another note: {others}."),
)
"""The sentences, by their forms: what stands in braces is the file's own."""

REASONS: tuple[str, ...] = (
    tr_noop("it is too long"),
    tr_noop("it holds control letters"),
    tr_noop("it has more than one line"),
    tr_noop("it does not begin with yt-dlp"),
    tr_noop("it names no video"),
    tr_noop("it names more than one address"),
    tr_noop("it names no section"),
    tr_noop("it names more than one section"),
    tr_noop("it holds the shell's {letter}"),
    tr_noop("it holds a space that no shell takes for one"),
    tr_noop("it holds a shell substitution"),
    tr_noop("its quotation marks do not match"),
    tr_noop("{option} has no value"),
    tr_noop("the option {option} is not allowed"),
    tr_noop("the container {name} is not known"),
    tr_noop("{word} is not a video's web address"),
    tr_noop("it is too large"),
    tr_noop("it has too many aliases"),
    tr_noop("it is nested too deeply"),
    tr_noop("{n} words a minute"),
    tr_noop("its last line is at {time}"),
)
"""What can stand for ``{why}``."""


@lru_cache(maxsize=1)
def _known() -> tuple[tuple[tuple[str, re.Pattern[str]], ...], tuple[tuple[str, re.Pattern[str]], ...]]:
    return tuple((form, _pattern(form)) for form in FORMS), tuple((form, _pattern(form)) for form in REASONS)


def _pattern(form: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", form)
    text = "".join(f"(?P<{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts))
    return re.compile(text, re.DOTALL)


def _said(text: str, forms: tuple[tuple[str, re.Pattern[str]], ...]) -> str | None:
    for form, pattern in forms:
        match = pattern.fullmatch(text)
        if match is not None:
            values = match.groupdict()
            if "why" in values:
                values["why"] = _said(values["why"], _known()[1]) or values["why"]
            return tr(form).format(**values)
    return None


def problem_text(problem: Problem) -> str:
    """The sentence of ``problem`` for a person; as it stands when its form is not known."""
    return _said(problem.message, _known()[0]) or problem.message
