"""What every Linux package has in its share/ folder: menu entry, icons, metadata, manual page."""

from __future__ import annotations

import datetime
import gzip
import os
import subprocess
from pathlib import Path

from builder import steps

COMPONENT = "org.soundbite.Soundbite"
ICON_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)

HOMEPAGE = ""
"""Where the project can be seen. AppStream's screenshots need an address: once this is set, they are named."""


def screenshots() -> list[Path]:
    """The pictures that software centres show, the one that says most first."""
    found = (steps.ROOT / "resources" / "screenshots").glob("*.png")
    return sorted(found, key=lambda file: (file.stem != "reading-light", file.name))


def metainfo() -> str:
    """The AppStream metadata with this version's release in it."""
    text = (steps.PACKAGING / "linux" / f"{COMPONENT}.metainfo.xml").read_text(encoding="utf-8")
    day = datetime.datetime.fromtimestamp(int(steps.source_date()), datetime.timezone.utc).date()
    release = f'<releases>\n    <release version="{steps.version()}" date="{day}"/>\n  </releases>'
    pictures = ""
    files = screenshots()
    if HOMEPAGE and files:
        rows = [
            f"    <screenshot{' type=' + chr(34) + 'default' + chr(34) if number == 0 else ''}>\n"
            f"      <image>{HOMEPAGE}/resources/screenshots/{file.name}</image>\n    </screenshot>"
            for number, file in enumerate(files)
        ]
        pictures = "<screenshots>\n" + "\n".join(rows) + "\n  </screenshots>"
        pictures += f'\n  <url type="homepage">{HOMEPAGE}</url>'
    return text.replace("<!-- RELEASE -->", release).replace(
        "  <!-- SCREENSHOTS -->\n", pictures and f"  {pictures}\n"
    )


def _told_by_python(*arguments: str | Path) -> bytes:
    """What the build's Python prints, with this source first on its path."""
    environment = dict(os.environ, SOURCE_DATE_EPOCH=steps.source_date(), PYTHONPATH=str(steps.ROOT))
    argv = [str(part) for part in (steps.PYTHON, *arguments)]
    return subprocess.run(argv, stdout=subprocess.PIPE, check=True, env=environment, cwd=steps.BUILD).stdout


def manual_page() -> bytes:
    """soundbite(1), compressed."""
    return gzip.compress(_told_by_python(steps.PACKAGING / "builder" / "manpage.py"), 9, mtime=0)


def desktop_entry() -> bytes:
    """soundbite.desktop, as the program itself would write it."""
    code = "from viewer.base.desktop_entry import entry_text; print(entry_text(), end='')"
    return _told_by_python("-c", code)


def place_desktop_files(share: Path) -> None:
    """Fill a share/ folder."""

    def write(name: str, data: bytes) -> None:
        (share / name).parent.mkdir(parents=True, exist_ok=True)
        (share / name).write_bytes(data)

    write("applications/soundbite.desktop", desktop_entry())
    write(f"metainfo/{COMPONENT}.metainfo.xml", metainfo().encode())
    write("man/man1/soundbite.1.gz", manual_page())
    write(
        "icons/hicolor/scalable/apps/soundbite.svg",
        (steps.ROOT / "resources/icons/soundbite.svg").read_bytes(),
    )
    rendered = steps.BUILD / "icons"
    steps.render_icons(rendered, ICON_SIZES)
    for size in ICON_SIZES:
        write(f"icons/hicolor/{size}x{size}/apps/soundbite.png", (rendered / f"{size}.png").read_bytes())
