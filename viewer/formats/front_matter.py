"""Front matter: the YAML or TOML block at the head of a file, read without trusting it.

The block is cut off by python-frontmatter's handlers. Every YAML scalar stays text: YAML's own guesses turn
``1:02:03`` into 3723, ``20140204`` into a number, ``no`` into False and the video id ``1e10`` into a float, and
each key's reader knows better what it expects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import tomli
import yaml
from frontmatter.default_handlers import BaseHandler, YAMLHandler

from viewer.domain.note import Problem
from viewer.formats.problems import problem

_LARGEST = 256 * 1024
"""Letters of front matter that are read; real ones have a few thousand."""

_DEEPEST = 30
_MOST_ALIASES = 20
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})

Value = Any
"""str, None, a list of values or a dict of str to value; from TOML also numbers, bools and dates."""


@dataclass(slots=True)
class FrontMatter:
    """What stood at the head of a file. ``kind`` is ``yaml``, ``toml`` or empty (there was none).

    ``lines`` are the 1-based lines of the outermost keys, where known. ``body`` is the text below, and begins at
    ``body_line``.
    """

    kind: str = ""
    values: dict[str, Value] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    body: str = ""
    body_line: int = 1
    problems: list[Problem] = field(default_factory=list)
    leftover: str = ""
    """The lines of a broken block that could not be read: shown as text, so that nothing is lost."""


class _RefusedError(Exception):
    """The block is built to exhaust the reader."""


class _YamlHandler(YAMLHandler):
    """python-frontmatter's YAML handler with a reader of events in place of the loader: see :func:`_read_yaml`."""

    def load(self, fm: str, **kwargs: object) -> dict[str, Value]:
        return _read_yaml(fm)[0]


class _TomlHandler(BaseHandler):
    """TOML between ``+++`` lines, as Zola and Hugo write it; read by tomli on every Python version."""

    FM_BOUNDARY = re.compile(r"^\+{3,}[ \t]*$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = "+++"

    def load(self, fm: str, **kwargs: object) -> dict[str, Value]:
        return tomli.loads(fm)


_HEAD = re.compile(r"[ \t\ufeff\n]*(?=---|\+\+\+)")


def split_front_matter(text: str) -> FrontMatter:
    """Cut the front matter off and read it. Never raises: a broken block is read line by line, with a problem."""
    head = _HEAD.match(text, 0, 4096)
    if head is None:
        return FrontMatter(body=text)
    skipped = text.count("\n", 0, head.end())
    rest = text[head.end() :]
    kind = "yaml" if rest.startswith("---") else "toml"
    handler = _YamlHandler() if kind == "yaml" else _TomlHandler()
    if handler.detect(rest[:200]) is False and handler.detect(rest[: rest.find("\n") + 1 or None]) is False:
        return FrontMatter(body=text)
    try:
        block, body = handler.split(rest)
    except ValueError:
        return _never_closed(text, rest, kind, skipped)
    result = FrontMatter(kind, body=body)
    result.body_line = skipped + 1 + rest.count("\n", 0, len(rest) - len(body))
    # handler.split drops the blank lines that follow the opening mark: the block's own first line.
    begin = rest.find(block) if block else 0
    first = skipped + 1 + rest.count("\n", 0, max(begin, 0))
    _read(result, block, first)
    if not result.values and not result.problems and block.strip():
        # Two thematic breaks with prose between them: no front matter at all.
        return FrontMatter(body=text)
    return result


def _never_closed(text: str, rest: str, kind: str, skipped: int) -> FrontMatter:
    """A block without an end: its leading ``key: value`` lines are still believed, the text below is the body."""
    mark = "---" if kind == "yaml" else "+++"
    lines = rest.split("\n")
    end = 1
    while end < len(lines) and end < 500 and _looks_like_entry(lines[end]):
        end += 1
    block = "\n".join(lines[1:end])
    values, key_lines, leftover = _salvage(block, skipped + 2)
    if not values:
        return FrontMatter(body=text)
    message = f"The front matter has no closing {mark}; it was taken to end before line {skipped + end + 1}."
    return FrontMatter(
        kind,
        values,
        key_lines,
        "\n".join(lines[end:]),
        skipped + end + 1,
        [problem("front-matter-broken", skipped + 1, message)],
        leftover,
    )


def _read(result: FrontMatter, block: str, first: int) -> None:
    try:
        if len(block) > _LARGEST:
            raise _RefusedError("it is too large")
        if result.kind == "yaml":
            result.values, rows = _read_yaml(block)
            result.lines = {key: first + row for key, row in rows.items()}
        else:
            _check_depth(block)
            result.values = tomli.loads(block)
            result.lines = {key: first + row for key, row in _toml_rows(block)}
    except _RefusedError as refused:
        message = f"The front matter was not read: {refused}. The text below it is shown."
        result.problems.append(problem("front-matter-refused", first, message))
        result.leftover = block
    except (yaml.YAMLError, tomli.TOMLDecodeError, ValueError, RecursionError) as error:
        row, what = _place(error)
        message = f"The front matter is broken here ({what}); it was read line by line instead."
        result.problems.append(problem("front-matter-broken", first + row, message))
        result.values, result.lines, result.leftover = _salvage(block, first)


def _place(error: Exception) -> tuple[int, str]:
    """The 0-based row of an error in its block and what the parser said, in a few words."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return error.problem_mark.line, str(error.problem or error.context or "not YAML")
    text = str(error).split("\n", 1)[0]
    match = re.search(r"\(at line (\d+), column \d+\)", text)
    if match is not None:
        return int(match[1]) - 1, text[: match.start()].strip()
    return 0, text[:120]


# --- YAML: from events, never from a loader -------------------------------------------------------------------

_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def _read_yaml(block: str) -> tuple[dict[str, Value], dict[str, int]]:
    """The outermost mapping of a YAML block with every scalar as text, and the row of each of its keys.

    Raises :class:`yaml.YAMLError`, or :class:`_RefusedError` for what is only ever a bomb.
    """
    _check_depth(block)
    builder = _Builder()
    for event in yaml.parse(block, Loader=_Loader):
        if isinstance(event, yaml.DocumentEndEvent):
            break
        builder.take(event)
    return (builder.value if isinstance(builder.value, dict) else {}), builder.rows


class _Builder:
    """Makes values from a YAML parser's events, so that neither nesting (recursion) nor aliases can hurt."""

    def __init__(self) -> None:
        self.value: Value = None
        self.rows: dict[str, int] = {}
        self._anchors: dict[str, Value] = {}
        self._aliases = 0
        self._open: list[tuple[yaml.NodeEvent, list[Value]]] = []

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            nothing = not event.style and event.value in _NULLS
            self._add(event, None if nothing else event.value)
        elif isinstance(event, yaml.AliasEvent):
            self._aliases += 1
            if self._aliases > _MOST_ALIASES:
                raise _RefusedError("it has too many aliases")
            self._add(event, self._anchors.get(event.anchor or ""))
        elif isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
            if len(self._open) >= _DEEPEST:
                raise _RefusedError("it is nested too deeply")
            self._open.append((event, []))
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            start, items = self._open.pop()
            self._add(start, items if isinstance(start, yaml.SequenceStartEvent) else _mapping(items))

    def _add(self, event: yaml.NodeEvent, node: Value) -> None:
        if event.anchor and not isinstance(event, yaml.AliasEvent):
            self._anchors[event.anchor] = node
        if not self._open:
            self.value = node
            return
        parent, items = self._open[-1]
        outermost_key = (
            len(self._open) == 1 and isinstance(parent, yaml.MappingStartEvent) and len(items) % 2 == 0
        )
        if outermost_key and isinstance(node, str) and event.start_mark is not None:
            self.rows[node] = event.start_mark.line
        items.append(node)


def _mapping(items: list[Value]) -> dict[str, Value]:
    return {
        key if isinstance(key, str) else as_text(key): value
        for key, value in zip(items[::2], items[1::2], strict=True)
    }


_COMPACT = re.compile(r"(?:[-?:][ \t]+){20}")


def _check_depth(block: str) -> None:
    """Refuse nesting that would exhaust a parser's stack (PyYAML's C parser, tomli) before it sees it."""
    depth = deepest = 0
    for match in re.finditer(r"[\[{]|[\]}]", block):
        depth += 1 if match[0] in "[{" else -1 if depth else 0
        deepest = max(deepest, depth)
        if deepest > 4 * _DEEPEST:
            raise _RefusedError("it is nested too deeply")
    if _COMPACT.search(block) or re.search(r"^[ \t]{300}", block, re.MULTILINE):
        raise _RefusedError("it is nested too deeply")
    if any(line.count(".") > 200 and "=" in line and line[:1] not in "\"' #" for line in block.split("\n")):
        key = (line.split("=", 1)[0] for line in block.split("\n"))
        if any(part.count(".") > 200 for part in key):
            raise _RefusedError("it is nested too deeply")


# --- what can be saved of a broken block -----------------------------------------------------------------------

_ENTRY = re.compile(r"([A-Za-z_][\w .-]{0,60}?)\s*[:=](?:\s+(.*)|\s*)\Z")
_PLAIN_ENTRY = re.compile(r"[A-Za-z_][\w-]{0,40}(?::(?:[ \t]|\Z)|[ \t]*=[ \t])")
_ITEM = re.compile(r"\s*-\s+(.*)\Z")
_TABLE = re.compile(r"\[\[?\s*([\w.-]+)\s*\]\]?\s*\Z")


def _looks_like_entry(line: str) -> bool:
    return _PLAIN_ENTRY.match(line) is not None or _ITEM.match(line) is not None or line[:2] == "  "


def _salvage(block: str, first: int) -> tuple[dict[str, Value], dict[str, int], str]:
    """Read ``key: value``, ``key = value``, ``- item`` and ``[table]`` lines one by one, each for itself.

    Returns the values, the lines of their keys, and the text that is none of these.
    """
    leftover: list[str] = []
    values: dict[str, Value] = {}
    lines: dict[str, int] = {}
    table = values
    key = ""
    for row, line in enumerate(block.split("\n")):
        header = _TABLE.match(line)
        if header is not None:
            opened: dict[str, Value] = {}
            table = values.setdefault(header[1], opened)
            table = table if isinstance(table, dict) else opened
            continue
        item = _ITEM.match(line)
        if item is not None and key:
            known = table.get(key)
            if not isinstance(known, list):
                known = table[key] = [] if known is None else [known]
            known.append(_bare(item[1]))
            continue
        entry = _ENTRY.match(line)
        if entry is not None:
            key = entry[1].strip()
            table[key] = _salvaged_value(entry[2] or "")
            lines.setdefault(key, first + row)
        elif line[:1] in " \t" and key and isinstance(table.get(key), str):
            table[key] = f"{table[key]} {line.strip()}"
        elif line.strip():
            leftover.append(line)
    leftover.extend(name for name, value in values.items() if value is None)
    return values, lines, "\n".join(leftover)


def _salvaged_value(text: str) -> Value:
    text = text.strip()
    if text.startswith("[") and text.endswith("]") and not text.startswith("[["):
        return [_bare(part) for part in text[1:-1].split(",") if part.strip()]
    return _bare(text) or None


def _bare(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] in "\"'" and text[-1] == text[0]:
        return text[1:-1].replace('\\"', '"')
    return text.strip("\"'") if text[:1] in "\"'" else text


def _toml_rows(block: str) -> Iterator[tuple[str, int]]:
    for row, line in enumerate(block.split("\n")):
        entry = _ENTRY.match(line)
        if entry is not None:
            yield entry[1].strip(), row


# --- values as text ---------------------------------------------------------------------------------------------


def as_text(value: Value, budget: int = 2000) -> str:
    """A front matter value as one line of text: lists with commas, Obsidian links as their words.

    At most about ``budget`` parts of a nested value are written.
    """
    parts: list[str] = []
    _write(value, parts, [budget], 0)
    return "".join(parts).strip()


def _write(value: Value, parts: list[str], budget: list[int], depth: int) -> None:
    budget[0] -= 1
    if budget[0] < 0 or value is None or depth > 2 * _DEEPEST:
        return
    if isinstance(value, dict):
        for number, (key, inner) in enumerate(value.items()):
            if budget[0] < 0:
                return
            parts.append(f"{', ' if number else ''}{key}: ")
            _write(inner, parts, budget, depth + 1)
    elif isinstance(value, (list, tuple)):
        for number, inner in enumerate(value):
            if budget[0] < 0:
                return
            parts.append(", " if number else "")
            _write(inner, parts, budget, depth + 1)
    elif isinstance(value, bool):
        parts.append("true" if value else "false")
    else:
        text = str(value).encode("utf-8", "replace").decode("utf-8")  # JSON in a text may hold half a letter
        parts.append(" ".join(text.split()) if "\n" in text else text)
