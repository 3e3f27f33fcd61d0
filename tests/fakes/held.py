"""A stack as the fake CloudFormation holds it, and what its template says: values, outputs, changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from semanticworld.model.change import Change, ChangeSetRequest, PropertyChange, Replacement
from semanticworld.model.stack import Stack, StackEvent, StackResource

RECREATION = {
    ("AWS::EC2::Instance", "ImageId"): "Always",
    ("AWS::EC2::Instance", "Subnet"): "Always",
    ("AWS::EC2::Instance", "InstanceType"): "Conditionally",
    ("AWS::EC2::Volume", "Subnet"): "Always",
}


@dataclass(slots=True, kw_only=True)
class Held:
    """A stack as the fake holds it."""

    stack: Stack
    template: str = "{}"
    resources: dict[str, StackResource] = field(default_factory=dict)
    resolved: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: list[StackEvent] = field(default_factory=list)
    steps: list[tuple[float, Callable[[], None]]] = field(default_factory=list)


def resolved(told: Mapping[str, Any], parameters: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: parameters.get(value["Ref"], "") if isinstance(value, dict) and "Ref" in value else value
        for name, value in told.get("Properties", {}).items()
    }


def value_in(value: Any, held: Held) -> str:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        resource = held.resources.get(value["Ref"])
        return (resource.physical_id or "") if resource else held.stack.parameters.get(value["Ref"], "")
    return str(value)


def outputs_of(held: Held) -> dict[str, str]:
    outputs = json.loads(held.template).get("Outputs", {})
    return {name: value_in(told["Value"], held) for name, told in outputs.items()}


def changes_between(held: Held, request: ChangeSetRequest) -> tuple[Change, ...]:
    wanted = json.loads(request.template_body)["Resources"]
    changes = []
    for name, told in wanted.items():
        now = resolved(told, request.parameters)
        if name not in held.resolved:
            changes.append(Change(action="Add", logical_id=name, type=told["Type"]))
        elif held.resolved[name] != now:
            touched = [key for key in now if held.resolved[name].get(key) != now[key]]
            words = {key: RECREATION.get((told["Type"], key), "Never") for key in touched}
            worst = Replacement.TRUE if "Always" in words.values() else Replacement.FALSE
            if worst is Replacement.FALSE and "Conditionally" in words.values():
                worst = Replacement.CONDITIONAL
            changes.append(
                Change(
                    action="Modify",
                    logical_id=name,
                    type=told["Type"],
                    physical_id=held.resources[name].physical_id,
                    replacement=worst,
                    properties=tuple(
                        PropertyChange(attribute="Properties", name=key, requires_recreation=word)
                        for key, word in words.items()
                    ),
                )
            )
    changes += [
        Change(
            action="Remove",
            logical_id=name,
            type=held.resources[name].type,
            physical_id=held.resources[name].physical_id,
        )
        for name in held.resolved
        if name not in wanted
    ]
    return tuple(changes)
