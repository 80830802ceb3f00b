"""The clip command: the notes' own shape is read, everything else is refused and never run."""

from __future__ import annotations

import pytest

from viewer.domain.note import ClipCommand, Problem
from viewer.formats.clip_command import parse_clip_command
from viewer.formats.registry import parse

URL = "https://www.youtube.com/watch?v=ZAJ4D8RAyfY"
SOUND = f'yt-dlp --download-sections "*0:16-1:00" "{URL}" --force-keyframes-at-cuts --merge-output-format mp4 -o "a.mp4"'


def changed(old: str, new: str) -> str:
    assert old in SOUND
    return SOUND.replace(old, new)


def test_the_notes_own_shape_is_read():
    clip = parse_clip_command(SOUND, 7)
    assert isinstance(clip, ClipCommand)
    assert (clip.video.id, clip.start_ms, clip.end_ms, clip.file_name, clip.line) == (
        "ZAJ4D8RAyfY",
        16_000,
        60_000,
        "a.mp4",
        7,
    )


@pytest.mark.parametrize(
    ("section", "start", "end"),
    [
        ("*0:16-1:00", 16, 60),
        ("*59:01-1:00:12", 3541, 3612),
        ("*1:02:03-1:03:00", 3723, 3780),
        ("*118:30-119:15", 7110, 7155),
        ("*16-60", 16, 60),
        ("*00:00:05.500-00:00:07", 5.5, 7),
    ],
)
def test_ranges(section, start, end):
    clip = parse_clip_command(changed("*0:16-1:00", section))
    assert isinstance(clip, ClipCommand)
    assert (clip.start_ms, clip.end_ms) == (start * 1000, end * 1000)


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("-ZAJ4D8RAyf-0m16s.mp4", "-ZAJ4D8RAyf-0m16s.mp4"),
        ("what he wants.mp4", "what he wants.mp4"),
        ("$50 trillion.mp4", "$50 trillion.mp4"),
        ("why? because: this.mp4", "why_ because_ this.mp4"),
        ("シンギュラリティ.mp4", "シンギュラリティ.mp4"),
    ],
)
def test_output_names_are_only_suggestions(name, suggested):
    clip = parse_clip_command(changed('"a.mp4"', f'"{name}"'))
    assert isinstance(clip, ClipCommand)
    assert clip.file_name == suggested


@pytest.mark.parametrize(
    "command",
    [
        changed(" --force-keyframes-at-cuts --merge-output-format mp4", ""),
        changed(' -o "a.mp4"', ""),
        changed("yt-dlp ", "yt-dlp \\\n  "),
        changed("yt-dlp ", "yt-dlp \\\r\n  "),
        changed('"*0:16-1:00"', "'*0:16-1:00'"),
        changed("--download-sections ", "--download-sections="),
        changed(URL, "https://youtu.be/ZAJ4D8RAyfY"),
    ],
)
def test_the_same_said_otherwise(command):
    clip = parse_clip_command(command)
    assert isinstance(clip, ClipCommand)
    assert (clip.video.id, clip.start_ms, clip.end_ms) == ("ZAJ4D8RAyfY", 16_000, 60_000)


HOSTILE = [
    SOUND + ' --exec "rm -rf ~"',
    SOUND + " --exec=id",
    SOUND + " --exec-before-download id",
    SOUND + " --netrc-cmd id",
    SOUND + " --config-locations /tmp/x",
    SOUND + " --config-location=/tmp/x",
    SOUND + " --plugin-dirs /tmp",
    SOUND + " --ffmpeg-location /tmp/evil",
    SOUND + " --downloader-args ffmpeg:-y",
    SOUND + " --downloader /tmp/evil",
    SOUND + " --js-runtimes deno:/tmp/evil",
    SOUND + " --alias x y",
    SOUND + " --print-to-file title /tmp/x",
    SOUND + " --cookies /home/me/cookies.txt",
    SOUND + " --cookies-from-browser firefox",
    SOUND + " --enable-file-urls",
    SOUND + " --batch-file /etc/passwd",
    SOUND + " --load-info-json /tmp/x",
    SOUND + " --write-info-json",
    SOUND + " --proxy http://evil",
    SOUND + " -P /tmp",
    SOUND + " -f best",
    SOUND + " --no-check-certificates",
    SOUND + " -U",
    SOUND + f' "{URL}"',
    SOUND + " https://evil.example/x",
    SOUND + " ; rm -rf ~",
    SOUND + ";id",
    SOUND + " && id",
    SOUND + " || id",
    SOUND + " | sh",
    SOUND + " & id",
    SOUND + " > /home/me/.bashrc",
    SOUND + " < /etc/passwd",
    SOUND + " `id`",
    SOUND + " $(id)",
    SOUND + ' "$(id)"',
    SOUND + ' "`id`"',
    SOUND + " ${IFS}id",
    SOUND + "\nid",
    SOUND + "\r\nid",
    SOUND + " # comment",
    SOUND + ' "',
    SOUND + " \\; id",
    SOUND + "\x00id",
    SOUND + "\x1b[2J",
    SOUND + "\u202eexe",
    SOUND + " -- --exec",
    SOUND + " -",
    "sudo " + SOUND,
    "cd / ; " + SOUND,
    "X=1 " + SOUND,
    "./" + SOUND,
    "/tmp/" + SOUND,
    'bash -c "' + SOUND.replace('"', "'") + '"',
    "rm -rf ~",
    "",
    changed('"a.mp4"', "../../x"),
    changed('"a.mp4"', '"../../.bashrc"'),
    changed('"a.mp4"', "/etc/cron.d/x"),
    changed('"a.mp4"', '"sub/a.mp4"'),
    changed('"a.mp4"', '"..\\..\\a.mp4"'),
    changed('"a.mp4"', '"C:a.mp4"'),
    changed('"a.mp4"', "~/a.mp4"),
    changed('"a.mp4"', '".."'),
    changed('"a.mp4"', '"%(title)s.%(ext)s"'),
    changed('"a.mp4"', f'"{"x" * 300}.mp4"'),
    changed('"a.mp4"', '"a.mp4" -o "b.mp4"'),
    changed(' -o "a.mp4"', " -o"),
    changed("format mp4", "format mp4,exec"),
    changed(URL, "file:///etc/passwd"),
    changed(URL, "ftp://example.com/x"),
    changed(URL, "javascript:alert(1)"),
    changed(f'"{URL}"', "-exec"),
    changed(f'"{URL}"', "--exec=id"),
    changed(URL, "https://user:pw@www.youtube.com/watch?v=ZAJ4D8RAyfY"),
    changed(URL, "https://www.youtube.com/watch?v=ZAJ4D8RAyfY --exec id"),
    changed(URL, "ytsearch:cats"),
    changed(f'"{URL}" ', ""),
    changed('--download-sections "*0:16-1:00" ', ""),
    changed('"*0:16-1:00"', '"*0:16-1:00" --download-sections "*2:00-3:00"'),
    SOUND + "x" * 5000,
    '"yt-dlp"' + SOUND[6:],
    "y't-dlp'" + SOUND[6:],
    "yt-dlp.exe" + SOUND[6:],
    "env " + SOUND,
    "/usr/bin/" + SOUND,
    SOUND + " -xf best",
    SOUND + "\u00a0--exec\u00a0id",
    SOUND + " \\\n --exec id",
    SOUND + " ''",
    changed('"a.mp4"', '"-"'),
    changed('"a.mp4"', '".bashrc"'),
    changed('"a.mp4"', '""'),
    changed(URL, "http://127.0.0.1:8080/x"),
    changed(URL, "http://169.254.169.254/latest"),
    changed(URL, "http://192.168.0.1/x"),
    changed(URL, "http://0x7f.1/"),
    changed(URL, "https://router.local/x"),
]


@pytest.mark.parametrize("command", HOSTILE)
def test_anything_else_is_refused(command):
    refused = parse_clip_command(command, 3)
    assert isinstance(refused, Problem)
    assert (refused.code, refused.line) == ("clip-command-refused", 3)
    assert "never run" in refused.message


@pytest.mark.parametrize(
    "section",
    [
        "*1:00-0:16",
        "*0:16-0:16",
        "*0:16-inf",
        "*0:16",
        "0:16-1:00",
        "*-1:00",
        "*0:16-",
        "intro",
        "*0:75-1:80",
        "*from-url",
    ],
)
def test_a_section_that_is_none_is_a_problem_of_its_own(section):
    refused = parse_clip_command(changed("*0:16-1:00", section))
    assert isinstance(refused, Problem)
    assert refused.code == "clip-range-bad"


@pytest.mark.parametrize("command", [text for text in HOSTILE if text and "```" not in text])
def test_in_a_note_the_clip_is_null_the_time_still_plays_and_nothing_is_hidden(command):
    text = (
        "---\nvideo_id: ZAJ4D8RAyfY\n---\n## Highlights\n\n### One\n\n```bash\n"
        f'{command}\n```\n\n> "We are here."\n> — Ann, [0:16]({URL}&t=16s)\n'
    )
    note = parse(text)
    (highlight,) = note.highlights
    assert highlight.clip is None
    assert (highlight.start_ms, highlight.quote) == (16_000, "We are here.")
    assert [problem.code for problem in note.problems] == ["clip-command-refused"]
    assert note.problems[0].line == 9


@pytest.mark.parametrize(
    "line",
    [
        f'X=1 yt-dlp --download-sections "*0:16-1:00" "{URL}"',
        f'<pre>yt-dlp --download-sections "*0:16-1:00" "{URL}" --exec id</pre>',
        f'- yt-dlp --exec id "{URL}"',
        f'`sudo yt-dlp --download-sections "*0:16-1:00" "{URL}"`',
        f'Run: yt-dlp -f best --exec id "{URL}"',
    ],
)
def test_a_hostile_line_outside_a_fence_is_told_and_shown(line):
    note = parse(
        f'---\nvideo_id: ZAJ4D8RAyfY\n---\n\n## Highlights\n\n### One\n\n> "Words."\n> — A, [0:16]({URL}&t=16s)\n\n{line}\n'
    )
    (highlight,) = note.highlights
    assert (highlight.clip, highlight.start_ms) == (None, 16_000)
    assert [problem.code for problem in note.problems] == ["clip-command-refused"]
    assert "yt-dlp" in note.sections[0].markdown


def test_a_sound_command_in_a_list_is_a_clip():
    note = parse(f"---\nvideo_id: ZAJ4D8RAyfY\n---\n\n## Highlights\n\n### One\n\n- `{SOUND}`\n")
    assert note.highlights[0].clip is not None
    assert note.problems == ()
