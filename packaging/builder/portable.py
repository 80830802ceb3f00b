"""For Linux distributions without .deb, for one user and without root: a .tar.zst and a self-extracting installer."""

from __future__ import annotations

import os
import platform
import shutil
from pathlib import Path

from builder import linux, steps


def _name() -> str:
    return f"soundbite-{steps.version()}-linux-{platform.machine()}"


def stage() -> Path:
    """Lay out the folder that both carry: the bundle, share/ and install.sh."""
    folder = steps.BUILD / "portable" / _name()
    shutil.rmtree(folder.parent, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copytree(steps.BUNDLE, folder / "soundbite", symlinks=True)
    linux.place_desktop_files(folder / "share")
    shutil.copy2(steps.PACKAGING / "linux" / "install.sh", folder / "install.sh")
    return folder


def tar(folder: Path) -> Path:
    """Make dist/NAME.tar.zst; the same files give the same archive."""
    steps.say("making the .tar.zst")
    target = steps.DIST / f"{folder.name}.tar.zst"
    same = ["--sort=name", f"--mtime=@{steps.source_date()}", "--owner=0", "--group=0", "--numeric-owner"]
    steps.run(
        ["tar", *same, "--use-compress-program=zstd -15 -T0", "-cf", target, "-C", folder.parent, folder.name]
    )
    return target


def installer(folder: Path) -> Path:
    """Make dist/NAME.run with makeself."""
    steps.say("making the self-extracting installer")
    target = steps.DIST / f"{folder.name}.run"
    options = [
        "--xz",
        "--nox11",
        "--sha256",
        "--quiet",
        "--tar-extra",
        "--owner=0 --group=0 --numeric-owner --sort=name",
    ]
    environment = dict(os.environ, SOURCE_DATE_EPOCH=steps.source_date(), XZ_DEFAULTS="-T0")
    title = f"Soundbite {steps.version()}"
    steps.run(["makeself", *options, folder, target, title, "./install.sh"], env=environment)
    return target
