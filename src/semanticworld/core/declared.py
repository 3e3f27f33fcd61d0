"""Templates, read as far as we decide by them: parameters with their defaults, conditions, resources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from semanticworld.errors import UsageError

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Short(_Loader):  # type: ignore[misc]  # the C loader, where PyYAML has it, reads 1,000 lines in 15 ms instead of 150
    """A safe loader that reads CloudFormation's short forms (!Ref, !Sub, ...) as their long ones."""


def _short_form(loader: Any, suffix: str, node: yaml.Node) -> object:  # noqa: ANN401 - one of PyYAML's two loaders
    name = suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value: object = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = str(value).split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {name: value}


_Short.add_multi_constructor("!", _short_form)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateResource:
    """A resource as the template declares it."""

    logical_id: str
    type: str
    deletion_policy: str = "Delete"
    condition: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What we read of a template; `defaults` has a value for each parameter that has one."""

    parameters: frozenset[str]
    defaults: Mapping[str, str]
    conditions: Mapping[str, object]
    resources: tuple[TemplateResource, ...] = field(default=())

    def standing(self, parameters: Mapping[str, str]) -> tuple[TemplateResource, ...]:
        """The resources that these parameters bring about, defaults filled in."""
        values = {**self.defaults, **parameters}
        return tuple(
            resource
            for resource in self.resources
            if resource.condition is None or self._holds({"Condition": resource.condition}, values)
        )

    def _holds(self, expression: object, values: Mapping[str, str]) -> bool:
        match expression:
            case {"Condition": str(name)}:
                return self._holds(self.conditions.get(name), values)
            case {"Fn::Equals": [left, right]}:
                return _value(left, values) == _value(right, values)
            case {"Fn::Not": [inner]}:
                return not self._holds(inner, values)
            case {"Fn::And": list(inner)}:
                return all(self._holds(each, values) for each in inner)
            case {"Fn::Or": list(inner)}:
                return any(self._holds(each, values) for each in inner)
            case _:
                return True


def read_template(body: str, *, path: str = "the template") -> Template:
    """The template behind a YAML or JSON text; raises UsageError (LIF028) when it is none."""
    try:
        document = yaml.load(body, Loader=_Short)  # noqa: S506 - a SafeLoader with CloudFormation's tags
    except yaml.YAMLError as error:
        raise _unreadable(path, " ".join(str(error).split())) from error
    if not isinstance(document, dict) or not isinstance(document.get("Resources"), dict):
        raise _unreadable(path, "it has no Resources")
    parameters = _mapping(document.get("Parameters"))
    return Template(
        parameters=frozenset(parameters),
        defaults={
            name: _text(told["Default"])
            for name, told in parameters.items()
            if isinstance(told, dict) and "Default" in told
        },
        conditions=_mapping(document.get("Conditions")),
        resources=tuple(
            TemplateResource(
                logical_id=str(name),
                type=str(told.get("Type", "")),
                deletion_policy=str(told.get("DeletionPolicy", "Delete")),
                condition=told.get("Condition"),
            )
            for name, told in document["Resources"].items()
            if isinstance(told, dict)
        ),
    )


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _value(expression: object, values: Mapping[str, str]) -> str:
    match expression:
        case {"Ref": str(name)}:
            return values.get(name, "")
        case _:
            return _text(expression)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _unreadable(path: str, why: str) -> UsageError:
    return UsageError(
        f"{path} cannot be read as a template",
        why=why,
        hint=f"correct it: `cfn-lint {path}` names the line",
        code="LIF028",
    )
