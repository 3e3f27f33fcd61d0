"""A CloudFormation template as plain values: short tags written long, and nothing in it that could surprise.

The loader refuses what CloudFormation, its linters and YAML itself are fooled by: aliases (a few hundred bytes can grow to
gigabytes), duplicate keys (the last one silently wins), unknown tags, deep nesting. Scalars are what a template's author sees:
only true, false, null and ordinary decimal numbers are more than text, so 012345670123 stays an account id, 22:22 a time and no a word.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from pathlib import Path

import yaml
from yaml.composer import Composer
from yaml.constructor import SafeConstructor
from yaml.events import AliasEvent, MappingStartEvent, ScalarEvent, SequenceStartEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.resolver import Resolver

from semanticworld.errors import UsageError

try:
    from yaml.cyaml import CParser as _Events  # type: ignore[attr-defined]  # libyaml reads a template of ours in 4 ms, Python in 200
except ImportError:
    from semanticworld.config.slow_yaml import PureEvents as _Events  # type: ignore[assignment]

MAX_BYTES = 1_048_576
"""The largest template CloudFormation takes, from S3. Source: AWS CloudFormation User Guide, Understand CloudFormation quotas, 2026."""

MAX_INLINE_BYTES = 51_200
"""The largest template body in a request; above it goes to S3. Source: AWS CloudFormation User Guide, quotas, 2026."""

MAX_DEPTH = 20
"""Levels of nesting; the templates here have at most 14, and parsers fail by recursion somewhere above 100."""

_SHORT_TAGS = frozenset({
    "And", "Base64", "Cidr", "Equals", "FindInMap", "GetAZs", "GetAtt", "If", "ImportValue", "Join", "Length", "Not", "Or",
    "Select", "Split", "Sub", "ToJsonString", "Transform", "Contains", "EachMemberEquals", "EachMemberIn", "RefAll", "ValueOf",
    "ValueOfAll",
})  # fmt: skip
_PLAIN_TAGS = frozenset({"Ref", "Condition"})


def read_template(path: Path) -> dict[str, object]:
    """The template in the file, long form. Raises UsageError (CFG020 to CFG027) with file and line."""
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        raise _refuse("CFG020", str(path), None, error.strerror or str(error), "give the path of a template") from None
    if size > MAX_BYTES:
        raise _too_large(str(path), size)
    return parse_template(raw, source=str(path))


def parse_template(raw: bytes | str, *, source: str) -> dict[str, object]:
    """The template in `raw`, long form; `source` is what errors call it. Raises UsageError (CFG020 to CFG027)."""
    data = raw.encode() if isinstance(raw, str) else raw
    if len(data) > MAX_BYTES:
        raise _too_large(source, len(data))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _refuse("CFG020", source, line, "is not UTF-8 text", "save the file as UTF-8") from None
    try:
        loader = _Loader(text, source)
        try:
            body = loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        why = " ".join(part for part in (error.context, error.problem) if part)
        raise _refuse("CFG022", source, mark.line + 1 if mark else None, why, "correct the YAML there") from None
    except yaml.reader.ReaderError as error:
        line = text.encode()[: error.position].count(b"\n") + 1
        raise _refuse("CFG022", source, line, "there is a control character", "remove it") from None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise _refuse("CFG022", source, None, str(error), "correct the YAML there") from None
    if not isinstance(body, dict) or not isinstance(body.get("Resources"), dict) or not body["Resources"]:
        hint = "a template is a mapping with at least one entry under Resources"
        raise _refuse("CFG027", source, 1, "this is no CloudFormation template", hint)
    return body


def _refuse(code: str, source: str, line: int | None, why: str, hint: str) -> UsageError:
    place = source if line is None else f"{source}, line {line}"
    return UsageError(f"cannot use {place}", why=why, hint=hint, code=code)


def _too_large(source: str, size: int) -> UsageError:
    why = f"it has {size:,} bytes, CloudFormation takes {MAX_BYTES:,}"
    return _refuse("CFG021", source, None, why, "split the template into layers")


class _Loader(Composer, _Events, SafeConstructor, Resolver):
    """PyYAML's safe loader without its traps, over libyaml's events; `source` names the file in errors."""

    def __init__(self, text: str, source: str) -> None:
        _Events.__init__(self, text)
        Composer.__init__(self)
        SafeConstructor.__init__(self)
        Resolver.__init__(self)
        self.source = source
        self.depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        event = self.peek_event()
        mark = event.start_mark if event else None
        line = mark.line + 1 if mark else None
        anchored = isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent) and event.anchor is not None
        if isinstance(event, AliasEvent) or anchored:
            raise _refuse("CFG023", self.source, line, "anchors and aliases are refused", "write the value out")
        if self.depth >= MAX_DEPTH:
            why = f"it is nested more than {MAX_DEPTH} levels deep"
            raise _refuse("CFG026", self.source, line, why, "flatten the template")
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1

    def construct_mapping(self, node: MappingNode, deep: bool = False) -> dict[Hashable, object]:  # noqa: FBT001, FBT002 - PyYAML's own signature
        seen: dict[Hashable, object] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode) or key_node.value == "<<":
                raise _refuse(
                    "CFG027", self.source, line, "a key is not a plain word", "use plain keys, without merging"
                )
            key = key_node.value
            if key in seen:
                raise _refuse("CFG024", self.source, line, f"the key {key!r} stands twice", "remove one of the two")
            seen[key] = self.construct_object(value_node, deep=deep)
        return seen


def _long_form(loader: _Loader, suffix: str, node: Node) -> dict[str, object]:
    """What a short tag stands for: `!GetAtt A.B` is {"Fn::GetAtt": ["A", "B"]}, `!Ref A` is {"Ref": "A"}."""
    if suffix not in _SHORT_TAGS | _PLAIN_TAGS:
        line = node.start_mark.line + 1
        raise _refuse("CFG025", loader.source, line, f"the tag !{suffix} is unknown", "use a CloudFormation function")
    value: object
    if isinstance(node, ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, MappingNode)  # noqa: S101 - YAML has three kinds of nodes
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in _PLAIN_TAGS else f"Fn::{suffix}": value}


def _unknown_tag(loader: _Loader, node: Node) -> object:
    line = node.start_mark.line + 1
    raise _refuse("CFG025", loader.source, line, f"the tag {node.tag} is unknown", "use a CloudFormation function")


def _map(loader: _Loader, node: MappingNode) -> dict[Hashable, object]:
    return loader.construct_mapping(node, deep=True)


def _list(loader: _Loader, node: SequenceNode) -> list[object]:
    return loader.construct_sequence(node, deep=True)


def _text(loader: _Loader, node: ScalarNode) -> str:
    return str(loader.construct_scalar(node))


# The constructors and resolvers of SafeLoader are shared class tables: these are our own, so nothing else sees them.
_Loader.yaml_constructors = {
    "tag:yaml.org,2002:map": _map,
    "tag:yaml.org,2002:seq": _list,
    "tag:yaml.org,2002:str": _text,
    "tag:yaml.org,2002:null": lambda _loader, _node: None,
    "tag:yaml.org,2002:bool": lambda _loader, node: node.value.lower() == "true",
    "tag:yaml.org,2002:int": lambda _loader, node: int(node.value),
    "tag:yaml.org,2002:float": lambda _loader, node: float(node.value),
    None: _unknown_tag,
}
_Loader.yaml_multi_constructors = {"!": _long_form}
_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("int", r"^(?:0|-?[1-9][0-9]{0,17})$", "-0123456789"),
    ("float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]{1,15}$", "-0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))
