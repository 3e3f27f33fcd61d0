"""What AWS's resource schemas say about a CloudFormation type: its properties, and which of them replace it.

The schemas are the CloudFormation registry's own, as cfn-lint ships them; nothing is fetched. A type without a
schema is unknown: every function raises ``UnknownTypeError`` for it, so a misspelt type never reads as "no such property".

Source: CloudFormation User Guide, "Resource type schema" (createOnlyProperties, readOnlyProperties, tagging), 2026.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

__all__ = [
    "UnknownTypeError",
    "additional_properties",
    "conditional_create_only",
    "create_only",
    "create_only_paths",
    "differs",
    "properties",
    "read_only",
    "required",
    "schema",
    "system_tags",
    "taggable",
    "types",
    "unknown_properties",
    "write_only",
]

_REGIONS = ("us-east-1", "eu-central-1", "us-west-2")
_POINTER = "/properties/"


class UnknownTypeError(LookupError):
    """The registry has no such resource type."""

    def __init__(self, resource_type: str) -> None:
        super().__init__(resource_type)
        self.resource_type = resource_type

    def __str__(self) -> str:
        """AWS's own words for it."""
        return f"Template format error: Unrecognized resource types: [{self.resource_type}]"


@cache
def _folder() -> Path:
    # find_spec of the top-level name does not import cfnlint (0.3 s and much memory).
    spec = find_spec("cfnlint")
    if spec is None or not spec.submodule_search_locations:
        message = "cfn-lint is not installed: its resource schemas are needed"
        raise ModuleNotFoundError(message)
    return Path(spec.submodule_search_locations[0]) / "data" / "schemas"


@cache
def _index() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for region in _REGIONS:
        listed = json.loads((_folder() / "providers" / f"{region}.json").read_text(encoding="utf-8"))
        for name, file in listed.items():
            found.setdefault(name, file)
    return found


def types() -> frozenset[str]:
    """Every resource type that AWS has, by name."""
    return frozenset(_index())


@cache
def schema(resource_type: str) -> Mapping[str, Any]:
    """The type's whole schema. Raises UnknownTypeError."""
    file = _index().get(resource_type)
    if file is None:
        raise UnknownTypeError(resource_type)
    text = (_folder() / "resources" / f"{file}.json").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = json.loads(text)
    return loaded


def _paths(resource_type: str, section: str) -> frozenset[tuple[str, ...]]:
    listed = schema(resource_type).get(section) or ()
    return frozenset(tuple(path.removeprefix(_POINTER).split("/")) for path in listed)


def _top_level(resource_type: str, section: str) -> frozenset[str]:
    return frozenset(path[0] for path in _paths(resource_type, section) if len(path) == 1)


@cache
def properties(resource_type: str) -> frozenset[str]:
    """Names of the type's properties, the read-only ones among them."""
    return frozenset(schema(resource_type).get("properties", {}))


@cache
def required(resource_type: str) -> frozenset[str]:
    """Names a template must give."""
    return frozenset(schema(resource_type).get("required") or ())


@cache
def read_only(resource_type: str) -> frozenset[str]:
    """Names that only Fn::GetAtt gives: a template that sets one is refused."""
    return _top_level(resource_type, "readOnlyProperties")


@cache
def write_only(resource_type: str) -> frozenset[str]:
    """Names that the service never gives back (drift detection cannot see them)."""
    return _top_level(resource_type, "writeOnlyProperties")


@cache
def create_only(resource_type: str) -> frozenset[str]:
    """Top-level names whose change always replaces the resource."""
    return _top_level(resource_type, "createOnlyProperties")


@cache
def create_only_paths(resource_type: str) -> frozenset[tuple[str, ...]]:
    """All create-only paths, nested ones such as ('Budget', 'BudgetName') too; '*' stands for every list element."""
    return _paths(resource_type, "createOnlyProperties")


@cache
def conditional_create_only(resource_type: str) -> frozenset[str]:
    """Top-level names whose change may replace the resource, depending on values."""
    return _top_level(resource_type, "conditionalCreateOnlyProperties")


@cache
def additional_properties(resource_type: str) -> bool:
    """Whether the type takes properties that its schema does not name (no current AWS type does)."""
    return bool(schema(resource_type).get("additionalProperties", False))


@cache
def taggable(resource_type: str) -> str | None:
    """Name of the property that holds the type's tags; None when it cannot be tagged."""
    tagging = schema(resource_type).get("tagging")
    if isinstance(tagging, Mapping):
        if not tagging.get("taggable", True):
            return None
        path = str(tagging.get("tagProperty", "/properties/Tags"))
        name = path.removeprefix(_POINTER)
    else:
        name = "Tags"
    return name if name in properties(resource_type) else None


@cache
def system_tags(resource_type: str) -> bool:
    """Whether CloudFormation adds its aws:cloudformation: tags to the resource."""
    tagging = schema(resource_type).get("tagging")
    if not isinstance(tagging, Mapping):
        return taggable(resource_type) is not None
    return taggable(resource_type) is not None and bool(tagging.get("cloudFormationSystemTags", True))


def unknown_properties(resource_type: str, given: Mapping[str, object]) -> tuple[str, ...]:
    """Names in ``given`` that the type does not have, or that only AWS sets, in the template's order."""
    if additional_properties(resource_type):
        return ()
    settable = properties(resource_type) - read_only(resource_type)
    return tuple(name for name in given if name not in settable)


def differs(old: object, new: object, path: tuple[str, ...]) -> bool:
    """Whether two property sets differ at a path such as ('Budget', 'BudgetName'); '*' looks at every element."""
    if not path or old is None or new is None:
        return old != new
    head, rest = path[0], path[1:]
    if head == "*":
        if not isinstance(old, list) or not isinstance(new, list) or len(old) != len(new):
            return old != new
        return any(differs(one, other, rest) for one, other in zip(old, new, strict=True))
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return differs(old.get(head), new.get(head), rest)
    return old != new
