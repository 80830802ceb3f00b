"""A note's prose as HTML for a QTextDocument: Markdown without raw HTML, pictures replaced by their words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from viewer.base.language import tr
from viewer.domain.note import Note, Section
from viewer.ui.text import escape
from viewer.ui.theme import Theme

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token
    from markdown_it.utils import EnvType, OptionsDict


def _image(
    renderer: RendererHTML, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
) -> str:
    # A picture would be fetched from its author's server: its words stand in for it.
    words = tokens[idx].content or tr("picture")
    return f"<i>[{escape(words)}]</i>"


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt  # here: the prose is made when it is first looked at

    reader = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False})
    reader.enable(["table", "strikethrough"])
    reader.add_render_rule("image", _image)
    return reader


def markdown_html(text: str) -> str:
    """Markdown as HTML. Raw HTML in it is shown as the letters it is made of."""
    return str(_markdown().render(text))


def notes_html(note: Note, theme: Theme, size: int, leading: int = 115) -> str:
    """Every section of the note in order, as one page. ``size`` is the reading text's, in px,
    ``leading`` the distance of lines in percent of the typeface's own.
    """
    soft = theme.css("text_soft")
    css = (
        f"p,li{{line-height:{leading}%;margin-top:0;margin-bottom:{round(size * 0.7)}px}}"
        # What belongs together stands together: items are nearer to each other than paragraphs are.
        f"li{{margin-bottom:{round(size * 0.4)}px}}"
        f"ul,ol{{margin-top:0;margin-bottom:{round(size * 0.7)}px}}"
        f"a{{color:{theme.css('accent')};text-decoration:none}}"
        f"blockquote{{color:{soft};margin-left:{size}px;margin-right:0}}"
        f"code,pre{{font-family:monospace;font-size:{round(size * 0.88)}px;color:{soft}}}"
        f"th,td{{padding:4px 12px 4px 0}}"
    )
    parts = [f"<style>{css}</style>"]
    sections = note.sections
    if note.summary and not any(_holds(section, note.summary) for section in sections):
        parts.append(_heading(tr("Summary"), 2, size, 0))
        parts.append(markdown_html(note.summary))
    for section in sections:
        top = 0 if len(parts) == 1 else round(size * (1.6 if section.level <= 2 else 1.0))
        if section.title:
            parts.append(_heading(section.title, section.level, size, top))
        parts.append(markdown_html(section.markdown))
    return "".join(parts) if len(parts) > 1 else ""


def _holds(section: Section, summary: str) -> bool:
    return summary.strip()[:80] in section.markdown


def _heading(title: str, level: int, size: int, top: int) -> str:
    scale = {1: 1.5, 2: 1.3, 3: 1.1}.get(max(level, 1), 1.0)
    return (
        f'<p style="font-size:{round(size * scale)}px;font-weight:600;line-height:105%;'
        f'margin:{top}px 0 {round(size * 0.5)}px 0">{escape(title)}</p>'
    )
