"""What changing a property does to a resource, from the schemas of CloudFormation's own registry (bundled with cfn-lint)."""

from __future__ import annotations

import functools
import importlib.util
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, TypeAlias

from semanticworld.local.cloud.cloudformation.seam import Record, provisioners

Recreation: TypeAlias = Literal["Never", "Conditionally", "Always"]

_PREFIX = "/properties/"


@functools.cache
def _schemas() -> tuple[Path, dict[str, str]]:
    package = importlib.util.find_spec("cfnlint")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("cfn-lint is a dependency of this project and its schemas are not there")
    data = Path(package.submodule_search_locations[0]) / "data" / "schemas"
    index: dict[str, str] = json.loads((data / "providers" / "us-east-1.json").read_bytes())
    return data / "resources", index


@functools.cache
def schema(resource_type: str) -> Record | None:
    """The registry schema of a type, None when the registry does not know it."""
    folder, index = _schemas()
    name = index.get(resource_type)
    if name is None:
        return None
    found: Record = json.loads((folder / f"{name}.json").read_bytes())
    return found


def known(resource_type: str) -> bool:
    """True for a type that AWS offers, whether or not this cloud can make one."""
    return resource_type in _schemas()[1]


@functools.cache
def _paths(resource_type: str, key: str) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(path.removeprefix(_PREFIX).split("/")) for path in (schema(resource_type) or {}).get(key) or ()
    )


def recreation(resource_type: str, name: str) -> Recreation:
    """What a change of a top-level property requires, without knowing its values.

    A property only a part of which is create-only counts as Conditionally.
    """
    theirs = provisioners._REPLACING_PROPERTIES.get(resource_type)
    if theirs is not None and name in theirs:
        return "Always"
    if schema(resource_type) is None:
        return "Never" if theirs is not None else "Conditionally"
    if (name,) in _paths(resource_type, "createOnlyProperties"):
        return "Always"
    if any(path[0] == name for path in _all_conditional(resource_type)):
        return "Conditionally"
    return "Never"


def _all_conditional(resource_type: str) -> Iterable[tuple[str, ...]]:
    yield from _paths(resource_type, "conditionalCreateOnlyProperties")
    yield from _paths(resource_type, "createOnlyProperties")


def recreation_of_change(resource_type: str, name: str, old: Any, new: Any) -> Recreation:  # noqa: ANN401 - template values
    """What this change of a top-level property requires: a nested create-only value counts only when it changes."""
    plain = recreation(resource_type, name)
    if plain != "Conditionally":
        return plain
    nested = [path[1:] for path in _paths(resource_type, "createOnlyProperties") if path[0] == name]
    if any(_at(old, path) != _at(new, path) for path in nested):
        return "Always"
    if any(path[0] == name for path in _paths(resource_type, "conditionalCreateOnlyProperties")):
        return "Conditionally"
    return "Never" if nested else "Conditionally"


def _at(value: Any, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - template values
    for key in path:
        if key == "*":
            return json.dumps(value, sort_keys=True, default=str)
        value = value.get(key) if isinstance(value, dict) else None
    return value


def replacing_change(resource_type: str, old: Record, new: Record) -> bool:
    """True when an update from `old` to `new` makes a new physical resource."""
    return any(
        recreation_of_change(resource_type, name, old.get(name), new.get(name)) == "Always"
        for name in old.keys() | new.keys()
        if old.get(name) != new.get(name)
    )


def custom_name_refusal(resource_type: str, old: Record, new: Record, physical_id: str) -> str:
    """AWS's refusal to replace a resource whose name the template fixes; empty when the update may go on."""
    theirs = provisioners._custom_named_replacement_error(resource_type, old, new, physical_id)
    if theirs:
        return str(theirs)
    if resource_type in provisioners._CUSTOM_NAME_REPLACEMENT or not replacing_change(resource_type, old, new):
        return ""
    create_only = {path[0] for path in _paths(resource_type, "createOnlyProperties") if len(path) == 1}
    identity = [path[0] for path in _paths(resource_type, "primaryIdentifier")]
    fixed = bool(identity) and all(
        name in create_only and old.get(name) and old.get(name) == new.get(name) for name in identity
    )
    if not fixed:
        return ""
    return (
        "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
        f"Rename {physical_id} and update the stack again."
    )
