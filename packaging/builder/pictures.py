"""Icon containers made of PNGs, by hand, so that they can be made on any system: .ico and .icns."""

from __future__ import annotations

import struct
from pathlib import Path

# https://en.wikipedia.org/wiki/Apple_Icon_Image_format: types that may hold a PNG, by size
_ICNS_TYPES = {16: b"icp4", 32: b"icp5", 64: b"icp6", 128: b"ic07", 256: b"ic08", 512: b"ic09"}


def ico(pngs: dict[int, bytes]) -> bytes:
    """A Windows icon of PNGs by size in pixels, up to 256 (https://en.wikipedia.org/wiki/ICO_(file_format))."""
    offset = 6 + 16 * len(pngs)
    head, body = struct.pack("<HHH", 0, 1, len(pngs)), b""
    for size, data in sorted(pngs.items()):
        if not 0 < size <= 256:
            raise ValueError(f"an .ico has no icon of {size} pixels")
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(data), offset + len(body))
        body += data
    return head + body


def icns(pngs: dict[int, bytes]) -> bytes:
    """A macOS icon of PNGs by size in pixels; sizes that the format has no name for are left out."""
    parts = [
        _ICNS_TYPES[size] + struct.pack(">I", len(data) + 8) + data
        for size, data in sorted(pngs.items())
        if size in _ICNS_TYPES
    ]
    body = b"".join(parts)
    return b"icns" + struct.pack(">I", len(body) + 8) + body


def read(folder: Path, sizes: tuple[int, ...]) -> dict[int, bytes]:
    """SIZE.png of every size in ``folder``."""
    return {size: (folder / f"{size}.png").read_bytes() for size in sizes}
