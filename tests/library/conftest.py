"""A small library to work on, written in a notation that reads like one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from viewer.library.catalog import Catalog
from viewer.library.user_store import UserStore

VIDEO = "ZAJ4D8RAyfY"


def note_text(
    title: str = "A talk",
    *,
    video: str = VIDEO,
    channel: str = "Slow Mornings",
    date: str = "2024-05-06",
    tags: tuple[str, ...] = (),
    duration: int = 300,
    highlight: str = "",
    cues: str = "Ada: 0:00 hello | Tom: 0:05 world",
) -> str:
    """A video note; ``cues`` as ``Speaker: 0:00 words | ...``."""
    url = f"https://www.youtube.com/watch?v={video}"
    listed = "".join(f"  - {tag}\n" for tag in tags)
    out = (
        f'---\nvideo_id: "{video}"\ntitle: "{title}"\nchannel: {channel}\nduration: {duration}\nupload_date: {date}\n'
        f"url: {url}\ntags:\n{listed}---\n\n# {title}\n"
    )
    if highlight:
        out += (
            f'\n## Highlights\n\n### "{highlight}"\n\n```bash\nyt-dlp --download-sections "*0:10-0:20" "{url}" '
            f'--force-keyframes-at-cuts --merge-output-format mp4 -o "a.mp4"\n```\n\n'
            f'> "{highlight}, she said."\n> — Ada, [0:10]({url}&t=10s)\n'
        )
    out += "\n## Transcript\n"
    for cue in filter(None, (part.strip() for part in cues.split("|"))):
        speaker, _, rest = cue.partition(": ")
        stamp, _, words = rest.partition(" ")
        minutes, _, seconds = stamp.partition(":")
        out += f"\n**{speaker}:** [{stamp}]({url}&t={int(minutes) * 60 + int(seconds)}s) {words}\n"
    return out


class Library:
    """A folder of notes and the catalog over it."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "notes"
        self.folder.mkdir()
        self.index = root / "cache" / "index.sqlite3"
        self.user = root / "data" / "user.sqlite3"
        self.catalog = Catalog(self.index, self.user)

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def refresh(self, **options):
        return self.catalog.refresh([self.folder], **options)

    def reopen(self) -> None:
        self.catalog.close()
        self.catalog = Catalog(self.index, self.user)

    def names(self) -> list[str]:
        return sorted(
            Path(entry.path).relative_to(self.folder).as_posix() for entry in self.catalog.entries()
        )

    def id_of(self, name: str) -> int:
        return next(e.id for e in self.catalog.entries() if e.path == str(self.folder / name))

    def found(self, query: str) -> list[str]:
        """``name/kind`` of the hits, best first."""
        return [f"{Path(hit.path).stem}/{hit.kind}" for hit in self.catalog.search(query).hits]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = Library(tmp_path)
    yield made
    made.catalog.close()


@pytest.fixture
def user(tmp_path: Path) -> Iterator[UserStore]:
    store = UserStore(tmp_path / "user.sqlite3")
    yield store
    store.close()
