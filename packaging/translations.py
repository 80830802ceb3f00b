"""The catalogues of the program's texts: `packaging/translations.py` does everything, in this order.

    collect   every text in viewer/ that is marked by tr(), tr_n() or tr_noop(), into soundbite.pot
    update    the .po of every language: what is new is empty, what is gone is dropped; nothing is guessed
    compile   the .mo that the program reads
    missing   say what has no translation yet (exit code 1 when something has none)

`packaging/translations.py --fill FILE` takes translations from a JSON file before it compiles:
``{"de": {"Quit": "Beenden", "{n} clip": ["{n} Clip", "{n} Clips"]}, ...}``. Needs Babel.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "translations"
DOMAIN = "soundbite"
LANGUAGES = ("de", "es", "fr", "ja", "ar")
KEYWORDS = {"tr": None, "tr_noop": None, "tr_n": (1, 2)}


class _Plain(Catalog):
    """A catalogue whose head has no dates and no names, so that the same texts compile to the same file."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Project-Id-Version", "Soundbite"),
            ("Language", str(self.locale)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def collect(root: Path = ROOT) -> Catalog:
    """Every marked text of the program. Without line numbers, which would change with every commit."""
    catalog = Catalog(project="Soundbite", charset="utf-8", fuzzy=False)
    for path in sorted((root / "viewer").rglob("*.py")):
        name = path.relative_to(root).as_posix()
        for _, text, comments, _ in extract_from_file("python", path, KEYWORDS, ("Translators:",)):
            catalog.add(text, None, [(name, 0)], auto_comments=comments)
    return catalog


def po_file(language: str) -> Path:
    """Where a language's texts are."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def mo_file(language: str) -> Path:
    """Where the program finds them."""
    return po_file(language).with_suffix(".mo")


def read(language: str) -> Catalog:
    """A language's catalogue as it is; an empty one for a new language."""
    path = po_file(language)
    if not path.exists():
        return Catalog(language, project="Soundbite", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, language, DOMAIN)


def updated(catalog: Catalog, template: Catalog) -> Catalog:
    """The catalogue with just the texts of the template."""
    made = Catalog(catalog.locale, project="Soundbite", charset="utf-8", fuzzy=False)
    for message in template:
        if not message.id:
            continue
        known = catalog.get(message.id if isinstance(message.id, str) else message.id[0])
        string: str | tuple[str, ...] = "" if isinstance(message.id, str) else ("",) * made.num_plurals
        if known is not None and type(known.id) is type(message.id) and known.id == message.id:
            string = known.string
        made.add(message.id, string, message.locations, auto_comments=message.auto_comments)
    return made


def po_text(catalog: Catalog) -> str:
    """The catalogue as text, without dates, so that the same texts give the same file."""
    out = io.BytesIO()
    write_po(out, catalog, width=110, omit_header=True, sort_output=True, include_lineno=False)
    head = 'msgid ""\nmsgstr ""\n"Project-Id-Version: Soundbite\\n"\n"MIME-Version: 1.0\\n"\n'
    head += '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
    if catalog.locale is not None:
        head += f'"Language: {catalog.locale}\\n"\n"Plural-Forms: {catalog.plural_forms}\\n"\n'
    return f"{head}\n{out.getvalue().decode('utf-8').strip()}\n"


def mo_bytes(language: str) -> bytes:
    """What the .po of a language compiles to."""
    catalog = read(language)
    plain = _Plain(catalog.locale, fuzzy=False)
    for message in catalog:
        if message.id:
            plain.add(message.id, message.string)
    out = io.BytesIO()
    write_mo(out, plain)
    return out.getvalue()


def is_complete(message: Message) -> bool:
    """Whether every form of a message is translated."""
    strings = (message.string,) if isinstance(message.string, str) else message.string
    return bool(strings) and all(strings)


def missing(language: str) -> list[Message]:
    """The texts without a translation."""
    return [message for message in read(language) if message.id and not is_complete(message)]


def _fill(catalog: Catalog, words: dict[str, str | list[str]]) -> None:
    for key, value in words.items():
        message = catalog.get(key)
        if message is None:
            continue
        if isinstance(message.id, str):
            message.string = value if isinstance(value, str) else value[0]
        else:
            forms = [value] if isinstance(value, str) else value
            message.string = tuple(forms * catalog.num_plurals if len(forms) == 1 else forms)


def main() -> int:
    """Do all of it; returns the exit code."""
    parser = argparse.ArgumentParser(description="Bring the translations up to date.")
    parser.add_argument("--fill", type=Path, metavar="FILE", help="translations to take, as JSON")
    parser.add_argument("--missing", action="store_true", help="print what is missing as JSON")
    options = parser.parse_args()
    given = json.loads(options.fill.read_text("utf-8")) if options.fill else {}
    template = collect()
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{DOMAIN}.pot").write_text(po_text(template), encoding="utf-8")
    lacking: dict[str, list[object]] = {}
    for language in LANGUAGES:
        catalog = updated(read(language), template)
        _fill(catalog, given.get(language, {}))
        po_file(language).parent.mkdir(parents=True, exist_ok=True)
        po_file(language).write_text(po_text(catalog), encoding="utf-8")
        mo_file(language).write_bytes(mo_bytes(language))
        lacking[language] = [message.id for message in missing(language)]
        print(f"{language}: {len(catalog)} texts, {len(lacking[language])} not translated", file=sys.stderr)
    if options.missing:
        print(json.dumps(lacking, ensure_ascii=False, indent=1))
    return 1 if any(lacking.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
