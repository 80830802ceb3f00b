"""External programs (yt-dlp, ffmpeg) and the clips they make; blocking and cancellable."""
