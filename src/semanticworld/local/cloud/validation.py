"""What CloudFormation refuses in a resource's properties before it asks the service, in its own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from semanticworld.local.cloud import schemas

__all__ = ["problems", "refusal"]

_KINDS: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str, int, float, bool),
    "integer": (int, str),
    "number": (int, float, str),
    "boolean": (bool, str),
}
_JAVA_NAMES = {"object": "JSONObject", "array": "JSONArray", "string": "String", "integer": "Integer"}


@cache
def _pattern(text: str) -> re.Pattern[str] | None:
    try:
        return re.compile(text)
    except re.error:
        return None  # a dialect that Python does not speak: the service has the last word


def _resolved(node: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    while isinstance(node.get("$ref"), str):
        target: Any = root
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target.get(part, {}) if isinstance(target, Mapping) else {}
        node = target
    return node


def _found(value: object) -> str:
    if isinstance(value, bool):
        return "Boolean"
    names = {dict: "JSONObject", list: "JSONArray", str: "String", int: "Integer", float: "BigDecimal"}
    return names.get(type(value), type(value).__name__)


def _is_number(value: object) -> bool:
    if isinstance(value, bool):
        return False
    try:
        float(value)  # type: ignore[arg-type]  # the question is whether it can be one
    except (TypeError, ValueError):
        return False
    return True


def _type_problem(value: object, node: Mapping[str, Any]) -> str | None:
    wanted = node.get("type")
    names = [wanted] if isinstance(wanted, str) else list(wanted or ())
    if not names:
        return None
    for name in names:
        if isinstance(value, _KINDS.get(name, (object,))):
            if name in {"integer", "number"} and not _is_number(value):
                continue
            if name == "boolean" and isinstance(value, str) and value.lower() not in {"true", "false"}:
                continue
            return None
    expected = _JAVA_NAMES.get(names[0], names[0].capitalize())
    return f"expected type: {expected}, found: {_found(value)}"


def _scalar_problems(value: object, node: Mapping[str, Any]) -> Iterator[str]:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if node.get("enum") and text not in {str(item) for item in node["enum"]}:
        yield f"{text} is not a valid enum value"
    if isinstance(value, str):
        pattern = _pattern(node["pattern"]) if isinstance(node.get("pattern"), str) else None
        if pattern is not None and pattern.search(value) is None:
            yield "failed validation constraint for keyword [pattern]"
        if len(value) < node.get("minLength", 0):
            yield f"expected minLength: {node['minLength']}, actual: {len(value)}"
        if "maxLength" in node and len(value) > node["maxLength"]:
            yield f"expected maxLength: {node['maxLength']}, actual: {len(value)}"
    if node.get("type") in ("integer", "number") and _is_number(value):
        number = float(text)
        if "minimum" in node and number < node["minimum"]:
            yield f"{text} is not greater or equal to {node['minimum']}"
        if "maximum" in node and number > node["maximum"]:
            yield f"{text} is not less or equal to {node['maximum']}"


def _object_problems(
    value: Mapping[str, Any], node: Mapping[str, Any], root: Mapping[str, Any], path: str
) -> Iterator[str]:
    members = node.get("properties") or {}
    for name in node.get("required") or ():
        if name not in value:
            yield f"{path}: required key [{name}] not found"
    if not members:
        return
    for name, item in value.items():
        if name in members:
            yield from _problems(item, members[name], root, f"{path}/{name}")
        elif node.get("additionalProperties") is False and not node.get("patternProperties"):
            yield f"{path}: extraneous key [{name}] is not permitted"


def _problems(value: object, node: Mapping[str, Any], root: Mapping[str, Any], path: str) -> Iterator[str]:
    node = _resolved(node, root)
    wrong_type = _type_problem(value, node)
    if wrong_type is not None:
        yield f"{path}: {wrong_type}"
    elif isinstance(value, Mapping):
        yield from _object_problems(value, node, root, path)
    elif isinstance(value, list):
        if len(value) < node.get("minItems", 0):
            yield f"{path}: expected minimum item count: {node['minItems']}, found: {len(value)}"
        if "maxItems" in node and len(value) > node["maxItems"]:
            yield f"{path}: expected maximum item count: {node['maxItems']}, found: {len(value)}"
        for index, item in enumerate(value):
            yield from _problems(item, node.get("items") or {}, root, f"{path}/{index}")
    else:
        yield from (f"{path}: {problem}" for problem in _scalar_problems(value, node))


def problems(resource_type: str, given: Mapping[str, Any]) -> tuple[str, ...]:
    """Everything the schema has against the properties, as AWS writes each: '#/Path: what is wrong'."""
    root = schemas.schema(resource_type)
    return tuple(_problems({k: v for k, v in given.items() if v is not None}, root, root, "#"))


def refusal(resource_type: str, logical_id: str, given: Mapping[str, Any]) -> str | None:
    """The reason with which CloudFormation fails the resource, or None when the properties are as the schema wants them."""
    unknown = schemas.unknown_properties(resource_type, given)
    if unknown:
        return f"Encountered unsupported property {unknown[0]}"
    found = problems(resource_type, given)
    if not found:
        return None
    return f"Properties validation failed for resource {logical_id} with message:\n[{', '.join(found)}]"
