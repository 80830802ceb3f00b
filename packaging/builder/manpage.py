"""Writes soundbite(1) from the command line's own parser. Run by the build's Python: `manpage.py > soundbite.1`."""

from __future__ import annotations

import argparse
import datetime
import os

from viewer import __version__, cli


def roff(text: str) -> str:
    """Text as roff reads it literally."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text.startswith((".", "'")) else text


def option_lines(parser: argparse.ArgumentParser) -> list[str]:
    """The arguments of one (sub-)parser as tagged paragraphs."""
    lines = []
    for action in parser._actions:
        if isinstance(action, (argparse._SubParsersAction, argparse._HelpAction)):
            continue
        name = action.metavar or "|".join(map(str, action.choices or ())) or action.dest.upper()
        if action.option_strings:
            head = ", ".join(f"\\fB{roff(flag)}\\fR" for flag in action.option_strings)
            head += f" \\fI{roff(str(name))}\\fR" if action.nargs != 0 else ""
        else:
            head = f"\\fI{roff(str(name))}\\fR"
        help_text = "print the version" if action.dest == "version" else action.help or ""
        lines += [".TP", head, roff(help_text)]
    return lines


def page() -> str:
    """The whole manual page."""
    parser = cli._parser()
    moment = datetime.datetime.fromtimestamp(
        int(os.environ.get("SOURCE_DATE_EPOCH", "0")), datetime.timezone.utc
    )
    lines = [
        f'.TH SOUNDBITE 1 "{moment:%Y-%m-%d}" "Soundbite {__version__}" "User Commands"',
        ".SH NAME",
        "soundbite \\- read a talk and hear it",
        ".SH SYNOPSIS",
        ".B soundbite",
        "[\\fIFILE\\fR|\\fIFOLDER\\fR|\\fIADDRESS\\fR ...]",
        ".br",
        ".B soundbite",
        "\\fICOMMAND\\fR [\\fIARGUMENT\\fR ...]",
        ".SH DESCRIPTION",
        roff(parser.description or ""),
        ".PP",
        "An address is that of a video, or",
        "\\fBsoundbite:\\fIVIDEO\\fB?t=\\fISTART\\fB\\-\\fIEND\\fR, which plays that segment.",
        "If Soundbite is running already, its window opens what is named.",
        ".SH OPTIONS",
        *option_lines(parser),
        ".TP",
        "\\fB\\-\\-selftest\\fR",
        "play a clip, run the JavaScript solver, merge with ffmpeg, open an index, write every export, speak every language; exit with 1 if any fails",
        ".SH COMMANDS",
    ]
    commands = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    for name, child in commands.choices.items():
        lines += [
            ".SS",
            f"soundbite {roff(name)}",
            roff((child.description or "").strip()),
            *option_lines(child),
        ]
    lines += [
        ".SH FILES",
        "Settings, data and caches lie in the folders of the XDG base directories;",
        ".B soundbite doctor",
        "prints them. Removing the program leaves them.",
        ".SH ENVIRONMENT",
        ".TP",
        ".B SOUNDBITE_HOME",
        "keep everything below this folder instead",
        ".SH SEE ALSO",
        ".BR ffmpeg (1)",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(page(), end="")
