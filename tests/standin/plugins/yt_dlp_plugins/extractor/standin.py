"""A yt-dlp plugin that answers for YouTube from the stand-in server named by SOUNDBITE_STANDIN.

Loaded by the unmodified yt-dlp from PYTHONPATH. It says what yt-dlp's own extractor says, in the same order and words
(yt_dlp/extractor/youtube/_video.py, `_real_extract`), so that a test sees the messages a user would see.
"""

import os
import urllib.parse

from yt_dlp.extractor.youtube import YoutubeIE, YoutubeTabIE
from yt_dlp.networking.exceptions import HTTPError, network_exceptions
from yt_dlp.utils import ExtractorError, remove_end

_EJS_WIKI_URL = "https://github.com/yt-dlp/yt-dlp/wiki/EJS"


def _asked(extractor, path, subject, note):
    """What the stand-in server says; a slip of the line is tried again as yt-dlp does it."""
    base = os.environ.get("SOUNDBITE_STANDIN")
    if not base:
        raise ExtractorError("SOUNDBITE_STANDIN is not set: this is a test's plugin")
    for retry in extractor.RetryManager():
        try:
            return extractor._download_json(
                f"{base}/{path}", subject, note=note, errnote="Unable to download API page"
            )
        except ExtractorError as error:
            # As YoutubeBaseInfoExtractor._extract_response: no second try after 403 and 429.
            cause = error.cause
            if isinstance(cause, network_exceptions) and not (
                isinstance(cause, HTTPError) and cause.status in (403, 429)
            ):
                retry.error = error
                continue
            raise
    return None


class StandinYoutubeIE(YoutubeIE, plugin_name="standin"):
    def _real_initialize(self):
        pass  # the real one looks at cookies of youtube.com only

    def _ask(self, video_id):
        return _asked(self, f"catalogue/{video_id}.json", video_id, "Downloading tv client config")

    def _refuse(self, video_id, refusal):
        reason, subreason = refusal["reason"], refusal["subreason"]
        if reason == "DRM":
            self.report_drm(video_id)
        if subreason:
            if subreason.startswith("The uploader has not made this video available in your country"):
                self.raise_geo_restricted(subreason, refusal["countries"], metadata_available=True)
            reason += f". {subreason}"
        if "sign in" in reason.lower():
            reason = remove_end(reason, "This helps protect our community. Learn more")
            reason = f"{remove_end(reason.strip(), '.')}. {self._youtube_login_hint}"
        elif "This content isn't available, try again later" in reason:
            reason = (
                f"{remove_end(reason.strip(), '.')}. The current session "
                f"has been rate-limited by YouTube for up to an hour. It is recommended to use `-t sleep` to add a delay "
                f"between video requests to avoid exceeding the rate limit. For more information, refer to  "
                f"https://github.com/yt-dlp/yt-dlp/wiki/Extractors#this-content-isnt-available-try-again-later"
            )
        self.raise_no_formats(reason, expected=True)
        return {  # only reached with --ignore-no-formats-error or --wait-for-video
            "id": video_id,
            "title": f"youtube video #{video_id}",
            "formats": [],
            "live_status": refusal["live_status"],
        }

    def _has_js_runtime(self):
        return any(
            runtime is not None and runtime.info is not None and runtime.info.supported
            for runtime in self._downloader._js_runtimes.values()
        )

    def _without_js(self, video_id, info):
        self.report_warning(
            f"No supported JavaScript runtime could be found. Only deno is enabled by default; "
            f"to use another runtime add  --js-runtimes RUNTIME[:PATH]  to your command/config. "
            f"YouTube extraction without a JS runtime has been deprecated, and some formats may be missing. "
            f"See  {_EJS_WIKI_URL}  for details on installing one",
            only_once=True,
        )
        info["formats"] = [fmt for fmt in info["formats"] if fmt["format_id"] == "18"]

    def _only_sabr(self, video_id, info):
        self.report_warning(
            "Some web client https formats have been skipped as they are missing a URL. "
            "YouTube may have enabled the SABR-only streaming experiment for the current session. "
            "See  https://github.com/yt-dlp/yt-dlp/issues/12482  for more details",
            video_id,
            only_once=True,
        )
        info["formats"] = [
            {
                "format_id": "sb0",
                "format_note": "storyboard",
                "ext": "mhtml",
                "protocol": "mhtml",
                "acodec": "none",
                "vcodec": "none",
                "url": info["thumbnail"],
                "width": 320,
                "height": 180,
                "fps": 0.1,
                "rows": 3,
                "columns": 3,
                "fragments": [{"url": info["thumbnail"], "duration": info["duration"]}],
            }
        ]

    def _real_extract(self, url):
        video_id = self._match_id(url)
        said = self._ask(video_id)
        if "refusal" in said:
            return self._refuse(video_id, said["refusal"])
        info = said["info"]
        if said["sabr_only"]:
            self._only_sabr(video_id, info)
        if said["needs_js"] and not self._has_js_runtime():
            self._without_js(video_id, info)
        info["_format_sort_fields"] = (
            "quality",
            "res",
            "fps",
            "hdr:12",
            "source",
            "vcodec",
            "channels",
            "acodec",
            "lang",
            "proto",
        )
        return info


# A plugin's name would show in every message ("[youtube+standin] ..."); the messages shall be the real ones.
StandinYoutubeIE.IE_NAME = "youtube"


class StandinYoutubeTabIE(YoutubeTabIE, plugin_name="standin"):
    """Playlists and channels, page by page as the real extractor asks for them (yt_dlp/extractor/youtube/_tab.py)."""

    def _real_initialize(self):
        pass

    def _page(self, list_id, number):
        path = f"lists/{list_id}.json?page={number}"
        return _asked(self, path, list_id, f"Downloading API JSON page {number}")

    def _entries_of(self, list_id, first):
        said, number = first, 0
        while True:
            for entry in said["entries"]:
                yield self.url_result(
                    f"https://www.youtube.com/watch?v={entry['id']}",
                    YoutubeIE,
                    entry["id"],
                    entry["title"],
                    duration=entry["duration"],
                    channel=entry["channel"],
                )
            if not said["more"]:
                return
            number += 1
            said = self._page(list_id, number)

    def _real_extract(self, url):
        parts = urllib.parse.urlsplit(url)
        list_id = urllib.parse.parse_qs(parts.query).get("list", [parts.path.strip("/")])[0]
        first = self._page(list_id, 0)
        if "error" in first:
            raise ExtractorError(f"YouTube said: {first['error']}", expected=True)
        return self.playlist_result(
            self._entries_of(list_id, first),
            list_id,
            first["title"],
            channel=first["channel"],
            uploader=first["channel"],
        )


StandinYoutubeTabIE.IE_NAME = "youtube:tab"
