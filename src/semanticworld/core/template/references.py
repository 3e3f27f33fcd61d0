"""What depends on what: CloudFormation's implicit and explicit edges."""

from __future__ import annotations

import re
from collections.abc import Mapping

from semanticworld.core.template.conditions import decide_conditions
from semanticworld.core.template.given import Given, Template, Value, as_mapping, section

_VARIABLE = re.compile(r"\$\{([A-Za-z0-9]+)(?:\.[A-Za-z0-9.]+)?\}")


def living_resources(template: Template, given: Given) -> dict[str, Mapping[str, Value]]:
    """The resources that are made with what is given, by logical id, in the template's order."""
    conditions = decide_conditions(template, given)
    resources = {name: as_mapping(raw) for name, raw in section(template, "Resources").items()}
    return {name: raw for name, raw in resources.items() if conditions.get(str(raw.get("Condition")), True)}


def references(template: Template, given: Given) -> dict[str, frozenset[str]]:
    """For each living resource the living resources that must stand before it.

    Edges are Ref, Fn::GetAtt, Fn::Sub and DependsOn; branches of Fn::If that are not taken make none.
    """
    conditions = decide_conditions(template, given)
    living = living_resources(template, given)
    edges = {}
    for name, resource in living.items():
        found = _mentioned(resource.get("Properties"), conditions)
        explicit = resource.get("DependsOn", [])
        found |= {explicit} if isinstance(explicit, str) else set(explicit) if isinstance(explicit, list) else set()
        edges[name] = frozenset(other for other in found if other in living and other != name)
    return edges


def _mentioned(value: Value, conditions: Mapping[str, bool]) -> set[str]:  # noqa: PLR0911 - one branch a function
    match value:
        case {"Ref": str(name), **rest} if not rest:
            return {name}
        case {"Fn::GetAtt": [str(name), *_], **rest} if not rest:
            return {name}
        case {"Fn::GetAtt": str(dotted), **rest} if not rest:
            return {dotted.split(".", 1)[0]}
        case {"Fn::Sub": str(text), **rest} if not rest:
            return set(_VARIABLE.findall(text))
        case {"Fn::Sub": [str(text), {**own}], **rest} if not rest:
            return (set(_VARIABLE.findall(text)) - set(own)) | _mentioned(own, conditions)
        case {"Fn::If": [str(name), then, otherwise], **rest} if not rest:
            return _mentioned(then if conditions[name] else otherwise, conditions)
        case dict():
            return set().union(*(_mentioned(part, conditions) for part in value.values()))
        case list():
            return set().union(*(_mentioned(part, conditions) for part in value))
        case _:
            return set()
