"""FCPXML 1.8, which Final Cut Pro and DaVinci Resolve read ("Final Cut Pro X XML Interchange Format", Apple).

Times are rational seconds, so every rate is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

from viewer.export.edit_list import EditClip, facts_of, frames_at, one_line

_VERSION = "1.8"
_AUDIO_RATES = {32000: "32k", 44100: "44.1k", 48000: "48k", 88200: "88.2k", 96000: "96k", 176400: "176.4k"}
_SOURCE_RATES = {
    Fraction(24000, 1001): "23.98",
    Fraction(24): "24",
    Fraction(25): "25",
    Fraction(30000, 1001): "29.97",
    Fraction(30): "30",
    Fraction(48): "48",
    Fraction(50): "50",
    Fraction(60000, 1001): "59.94",
    Fraction(60): "60",
}


def fcpxml(title: str, edits: Sequence[EditClip], rate: Fraction, media: Path) -> str:
    """The clips one after the other on a timeline of ``rate`` pictures a second; the files lie in ``media``."""
    name = one_line(title) or "Soundbite"
    root = ElementTree.Element("fcpxml", version=_VERSION)
    resources = ElementTree.SubElement(root, "resources")
    formats: dict[tuple[Fraction, int, int], str] = {}
    width, height = max((edit.file.width, edit.file.height) for edit in edits)
    sequence_format = _format(resources, formats, (rate, width, height))
    library = ElementTree.SubElement(root, "library")
    event = ElementTree.SubElement(library, "event", name=name)
    project = ElementTree.SubElement(event, "project", name=name)
    length = sum(frames_at(edit, rate) for edit in edits)
    sequence = ElementTree.SubElement(
        project,
        "sequence",
        format=sequence_format,
        duration=_time(length / rate),
        tcStart="0s",
        tcFormat=_time_code(rate),
        audioLayout="stereo",
        audioRate="48k",
    )
    spine = ElementTree.SubElement(sequence, "spine")
    at = 0
    for number, edit in enumerate(edits, 1):
        frames = frames_at(edit, rate)
        own = _format(resources, formats, (edit.rate, edit.file.width, edit.file.height))
        asset = f"asset{number}"
        ElementTree.SubElement(
            resources,
            "asset",
            id=asset,
            name=edit.file.path.name,
            src=(media / edit.file.path.name).absolute().as_uri(),
            start="0s",
            duration=_time(edit.file.frames / edit.rate),
            hasVideo="1",
            format=own,
            hasAudio="1",
            audioSources="1",
            audioChannels=str(edit.file.channels),
            audioRate=str(edit.file.sound_rate),
        )
        _clip(spine, edit, asset, own, at / rate, frames / rate, rate)
        at += frames
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n{text}\n'


def _clip(
    spine: ElementTree.Element,
    edit: EditClip,
    asset: str,
    own: str,
    offset: Fraction,
    duration: Fraction,
    rate: Fraction,
) -> None:
    facts = facts_of(edit.quote)
    clip = ElementTree.SubElement(
        spine,
        "asset-clip",
        ref=asset,
        offset=_time(offset),
        name=facts.get("speaker") or edit.file.path.name,
        start="0s",
        duration=_time(duration),
        format=own,
        tcFormat=_time_code(edit.rate),
        audioRole="dialogue",
    )
    note = " · ".join(facts[key] for key in ("quote", "note", "source", "comment") if key in facts)
    ElementTree.SubElement(clip, "note").text = note
    if edit.rate != rate and edit.rate in _SOURCE_RATES:
        # Shown at its own speed: FCP would else play 24 pictures a second as 25.
        ElementTree.SubElement(clip, "conform-rate", scaleEnabled="0", srcFrameRate=_SOURCE_RATES[edit.rate])
    for text in edit.markers:
        ElementTree.SubElement(clip, "marker", start="0s", duration=_time(1 / edit.rate), value=text)


def _format(
    resources: ElementTree.Element,
    formats: dict[tuple[Fraction, int, int], str],
    what: tuple[Fraction, int, int],
) -> str:
    if what not in formats:
        rate, width, height = what
        formats[what] = f"format{len(formats) + 1}"
        element = ElementTree.Element(
            "format",
            id=formats[what],
            frameDuration=f"{rate.denominator}/{rate.numerator}s",
            width=str(width),
            height=str(height),
        )
        resources.insert(len(formats) - 1, element)
    return formats[what]


def _time(seconds: Fraction) -> str:
    """A rational number of seconds, as FCPXML writes them."""
    if seconds.denominator == 1:
        return f"{seconds.numerator}s"
    return f"{seconds.numerator}/{seconds.denominator}s"


def _time_code(rate: Fraction) -> str:
    return "DF" if rate in (Fraction(30000, 1001), Fraction(60000, 1001)) else "NDF"
