"""A service model cut down to the operations in use: a pure function of botocore's own model."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

Model = dict[str, Any]

_NOT_READ_BY_THE_CLIENT = frozenset({"documentation", "documentationUrl", "enum", "deprecatedMessage", "examples"})


def trimmed_model(full: Model, operations: tuple[str, ...], kept: Mapping[str, frozenset[str]]) -> Model:
    """The model with these operations, the shapes they reach, and of the shapes in `kept` only the members named.

    Everything that shapes a request stays; documentation, enumerations (botocore does not check them) and modelled
    errors (we read codes) go. Raises KeyError for an operation that the full model does not have.
    """
    shapes = full["shapes"]
    chosen = {name: _without(full["operations"][name], "errors") for name in operations}
    reached: dict[str, Any] = {}
    waiting = [
        operation[side]["shape"] for operation in chosen.values() for side in ("input", "output") if side in operation
    ]
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        shape = _pruned(shapes[name], kept.get(name))
        reached[name] = shape
        waiting.extend(_references(shape))
    rest = {key: value for key, value in full.items() if key not in {"operations", "shapes", "documentation"}}
    return copy.deepcopy({**rest, "operations": chosen, "shapes": reached})


def _pruned(shape: Model, kept: frozenset[str] | None) -> Model:
    """The shape without prose, and with only the members in `kept` when there is such a list."""
    pruned = _without(shape)
    members = pruned.get("members")
    if members is not None:
        pruned["members"] = {name: _without(member) for name, member in members.items() if kept is None or name in kept}
    for part in ("member", "key", "value"):
        if part in pruned:
            pruned[part] = _without(pruned[part])
    return pruned


def _references(shape: Model) -> list[str]:
    members = [member["shape"] for member in shape.get("members", {}).values()]
    return members + [shape[part]["shape"] for part in ("member", "key", "value") if part in shape]


def _without(mapping: Mapping[str, Any], *more: str) -> Model:
    return {key: value for key, value in mapping.items() if key not in _NOT_READ_BY_THE_CLIENT and key not in more}


def trimmed_endpoints(full: Model, services: frozenset[str]) -> Model:
    """endpoints.json with the same partitions and regions and only the services named (by endpoint prefix)."""
    partitions = [
        {
            **partition,
            "services": {name: value for name, value in partition["services"].items() if name in services},
        }
        for partition in full["partitions"]
    ]
    return {**full, "partitions": partitions}
