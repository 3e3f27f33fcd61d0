"""JSON and YAML as nodes that know their line, without the traps of either.

YAML's composer reads JSON as well, so both have line numbers. Refused: aliases, anchors and tags (450 bytes of them can fill
the memory), duplicate keys (the last would silently win), depth above 20, more than 256 KB.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from pathlib import Path

import yaml
from yaml.events import AliasEvent, MappingStartEvent, ScalarEvent, SequenceStartEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from semanticworld.core.text import SHOWN, safe_line, shortened
from semanticworld.errors import UsageError

MAX_BYTES = 262_144
MAX_DEPTH = 20
_TEXT_TAG = "tag:yaml.org,2002:str"


def refusal(code: str, place: str, why: str, hint: str) -> UsageError:
    """The error of this file and line."""
    return UsageError(f"cannot use {safe_line(place)}", why=safe_line(why), hint=hint, code=code)


def read_nodes(path: Path) -> Node:
    """The root node of the file. Raises UsageError (CFG010 to CFG013, CFG017)."""
    place = str(path)
    try:
        raw = _regular_file(path)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise refusal("CFG010", place, why, "give a readable file with --parameters") from None
    if len(raw) > MAX_BYTES:
        raise refusal("CFG017", place, f"it has more than {MAX_BYTES} bytes", "a parameter file is a short list")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise refusal("CFG011", f"{place}:{line}", "it is not UTF-8 text", "save the file as UTF-8") from None
    if path.suffix == ".json":
        text = _strict_json(text, place)
    return _compose(text, place)


def _regular_file(path: Path) -> bytes:
    """The beginning of the file. OSError for a pipe, a device or a folder: none of them is ever waited for."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file", str(path))
        return _all_of(descriptor)
    finally:
        os.close(descriptor)


def _all_of(descriptor: int) -> bytes:
    content = b""
    while len(content) <= MAX_BYTES and (part := os.read(descriptor, MAX_BYTES + 1)):
        content += part
    return content


def entries(node: MappingNode, place: str) -> dict[str, tuple[Node, int]]:
    """Keys with their value nodes and lines. Raises UsageError (CFG012, CFG014)."""
    found: dict[str, tuple[Node, int]] = {}
    for key, value in node.value:
        line = line_of(key)
        if not isinstance(key, ScalarNode) or key.tag != _TEXT_TAG:
            raise refusal("CFG014", f"{place}:{line}", "a key is not text", "use plain words as keys")
        if key.value in found:
            why = f"{shortened(key.value)} stands twice, first on line {found[key.value][1]}"
            raise refusal("CFG012", f"{place}:{line}", why, "remove one of the two")
        found[key.value] = (value, line)
    return found


def text_value(node: Node, name: str, place: str) -> str:
    """The node's text. Raises UsageError (CFG014) for what JSON or YAML reads as a number, a date, true, no or null."""
    where = f"{place}:{line_of(node)}"
    if not isinstance(node, ScalarNode):
        kind = "a list" if isinstance(node, SequenceNode) else "a mapping"
        raise refusal("CFG014", where, f"the value of {name} is {kind}, not text", 'write a list as "a,b"')
    if node.tag != _TEXT_TAG:
        kind = node.tag.rpartition(":")[2]
        why = f"{shortened(node.value)} is read as {kind}, and {name} takes text"
        quoted = f': "{safe_line(node.value)}"' if len(node.value) <= SHOWN else ""
        raise refusal("CFG014", where, why, f"put it in quotes{quoted}")
    if "\0" in node.value:
        raise refusal("CFG014", where, f"the value of {name} holds a NUL character", "remove it")
    return str(node.value)


def line_of(node: Node) -> int:
    """The node's line, from 1."""
    return int(node.start_mark.line) + 1


def _strict_json(text: str, place: str) -> str:
    """The text with tabs as spaces: YAML's scanner refuses them, and in JSON they stand between tokens only."""
    try:
        json.loads(text, parse_int=str)  # digits stay text: Python refuses to count more than 4300 of them
    except json.JSONDecodeError as error:
        why = f"{error.msg} (column {error.colno})"
        raise refusal("CFG011", f"{place}:{error.lineno}", why, "correct the JSON there") from None
    except RecursionError:
        raise refusal("CFG017", place, f"it is nested more than {MAX_DEPTH} levels deep", "flatten it") from None
    return text.replace("\t", " ")


class _Composer(yaml.SafeLoader):
    """The safe loader up to its nodes, refusing what could surprise."""

    def __init__(self, text: str, place: str) -> None:
        super().__init__(text)
        self.place = place
        self.depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        where = f"{self.place}:{event.start_mark.line + 1}"
        opening = isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent)
        if isinstance(event, AliasEvent) or (opening and event.anchor is not None):
            raise refusal("CFG013", where, "anchors and aliases are refused", "write the value out")
        if opening and event.tag is not None:
            raise refusal("CFG013", where, f"the tag {event.tag} is refused", "write the plain value")
        if self.depth >= MAX_DEPTH:
            raise refusal("CFG017", where, f"it is nested more than {MAX_DEPTH} levels deep", "flatten it")
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


def _compose(text: str, place: str) -> Node:
    loader: _Composer | None = None
    try:
        loader = _Composer(text, place)
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{place}:{mark.line + 1}" if mark else place
        why = " ".join(part for part in (error.context, error.problem) if part)
        raise refusal("CFG011", where, why, "correct the YAML there") from None
    except yaml.reader.ReaderError as error:
        where = f"{place}:{text.count(chr(10), 0, error.position) + 1}"
        why = f"the character U+{ord(text[error.position]):04X} has no place in a text file"
        raise refusal("CFG011", where, why, "remove it") from None
    except yaml.YAMLError as error:
        raise refusal("CFG011", place, " ".join(str(error).split()), "correct the file") from None
    finally:
        if loader is not None:
            loader.dispose()
    if node is None:
        raise refusal("CFG011", place, "it is empty", "write [] for no parameters")
    return node
