"""The command add as a whole process, with the stand-in for YouTube."""

from __future__ import annotations

import json
from pathlib import Path

from tests.running import soundbite
from tests.standin import catalogue, playlists
from tests.standin.server import StandinServer
from viewer.base.paths import AppPaths

TALK = f"https://www.youtube.com/watch?v={catalogue.TALK_ID}"


def test_videos_and_lists_become_notes(
    tmp_path: Path, standin: StandinServer, standin_env: dict[str, str]
) -> None:
    to = tmp_path / "new"
    mixed = f"{TALK}&list={playlists.MIXED_ID}"
    outcome = soundbite("add", TALK, mixed, "--playlist", "--to", str(to), "--json", env=standin_env)
    assert outcome.returncode == 1, outcome.stderr  # some are gone
    rows = json.loads(outcome.stdout)["items"]
    assert [(row["id"], row["state"]) for row in rows] == [
        (catalogue.TALK_ID, "done"),
        (catalogue.SHORT_ID, "done"),
        ("PRIVATE0001", "failed"),
        ("REMOVED0001", "failed"),
        ("MEMBERS0001", "failed"),
    ]
    assert rows[2]["reason"] == "This video is private."
    assert Path(rows[0]["path"]).read_text("utf-8").startswith(f"---\nvideo_id: {catalogue.TALK_ID}\n")

    standin.clear_log()
    again = soundbite("add", TALK, "--to", str(to), env=standin_env)
    assert again.returncode == 0
    assert again.stdout == f"exists already: {rows[0]['path']}\n"
    assert standin.requests() == []

    shown = json.loads(soundbite("show", rows[0]["path"], "--json").stdout)
    assert [point["title"] for point in shown["key_points"]][:2] == ["Intro", "The Gentle Singularity"]
    assert shown["problems"] == []


def test_what_cannot_be_meant_is_said_before_anything_is_asked(
    tmp_path: Path, standin: StandinServer, standin_env: dict[str, str]
) -> None:
    outcome = soundbite("add", "file:///etc/passwd", "--to", str(tmp_path), env=standin_env)
    assert (outcome.returncode, outcome.stdout) == (1, "")
    assert "no address" in outcome.stderr
    outcome = soundbite("add", TALK, env=standin_env)
    assert outcome.returncode == 1
    assert "--to" in outcome.stderr
    file = AppPaths.standard().settings_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"fetch.offline": True, "library.add_folder": str(tmp_path)}))
    outcome = soundbite("add", TALK, env=standin_env)
    assert outcome.returncode == 1
    assert "offline" in outcome.stderr
    assert standin.requests() == []
