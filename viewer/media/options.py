"""The user's choices for downloads: light to load, since the window wants them at its start."""

from __future__ import annotations

from dataclasses import dataclass

from viewer.media.ytdlp import NetworkChoices


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """The user's choices for downloads. ``quality`` is a picture height or ``best``; 0 is no rate limit."""

    quality: str = "720"
    cookies_browser: str = ""
    proxy: str = ""
    rate_limit_kib: int = 0
    offline: bool = False

    @property
    def network(self) -> NetworkChoices:
        """The part that becomes arguments, checked. Raises ViewerError."""
        return NetworkChoices(self.cookies_browser, self.proxy, self.rate_limit_kib)
