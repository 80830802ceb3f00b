"""What import-linter cannot say about the house."""

from __future__ import annotations

import ast
import graphlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted((ROOT / "viewer").rglob("*.py"))


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def importers(module: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in MODULES
        if any(name == module or name.startswith(module + ".") for name in imports(path))
    }


def test_only_the_database_speaks_sqlite() -> None:
    assert importers("sqlite3") == {"viewer/library/database.py"}


def test_only_the_process_module_starts_programs() -> None:
    assert importers("subprocess") == {"viewer/media/process.py"}


def test_no_widgets_in_the_qt_room() -> None:
    rooms = {path.split("/")[1] for path in importers("PySide6.QtWidgets")}
    assert rooms <= {"ui", "app.py"}


def test_no_module_imports_one_that_imports_it() -> None:
    """Nor for a type only: two modules that name each other are one."""
    named = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in MODULES}
    graph = {name: imports(path) & named.keys() for name, path in named.items()}
    assert len(list(graphlib.TopologicalSorter(graph).static_order())) == len(named)


def test_nobody_asks_for_a_shell_or_a_nested_loop() -> None:
    for path in MODULES:
        text = path.read_text("utf-8")
        for word in ("shell=True", "os.system(", "processEvents(", "QListWidget", "QEventLoop", ".exec_()"):
            assert word not in text, f"{word} in {path}"


def test_the_package_root_holds_only_the_version() -> None:
    tree = ast.parse((ROOT / "viewer" / "__init__.py").read_text("utf-8"))
    names = [node.targets[0].id for node in tree.body if isinstance(node, ast.Assign)]  # type: ignore[attr-defined]
    assert names == ["__version__"]


@pytest.mark.parametrize(
    ("statement", "unwanted"),
    [
        ("import viewer.cli", ("PySide6", "yt_dlp")),
        ("import viewer.app", ("yt_dlp",)),
        ("import viewer.__main__", ("PySide6", "yt_dlp", "argparse")),
    ],
)
def test_starting_does_not_import_what_it_must_not(statement: str, unwanted: tuple[str, ...]) -> None:
    code = f"import sys; {statement}; print([n for n in {unwanted!r} if n in sys.modules])"
    outcome = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert outcome.stdout.strip() == "[]"


def test_the_seeds_are_the_users_files() -> None:
    import hashlib

    digests = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (ROOT / "seeds").iterdir()
    }
    assert digests == SEEDS


SEEDS = {
    "000_444db1c560ca1a42.txt": "f4a0b5bd50b05cbac1a2c536b18d2fe1e494585b0137feb1a8208f0c62cb9fdc",
    "001_94f98f10ab0f22cf.txt": "45ea7262b62492ff24d080d03b355fa417436b32f5748d6b4a51582d76e4c802",
    "002_56d206fd3f7da9d4.txt": "9dcb924a33ca3a3af4d6befc4f95223306de879cf06bebe8e3181efdf4d3d79c",
}


def test_documents_name_every_dependency() -> None:
    import tomli

    project = tomli.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    contributing = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    for requirement in project["dependencies"]:
        name = requirement.split(">")[0].split("!")[0].split(";")[0].strip()
        assert name in contributing, f"{name} has no reason in CONTRIBUTING.md"
