"""A template with everything decided that can be decided before AWS is asked."""

from __future__ import annotations

import base64
import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from semanticworld.core.template.conditions import decide_conditions
from semanticworld.core.template.given import (
    Given,
    Template,
    Value,
    as_list,
    as_mapping,
    parameter_values,
    pseudo_values,
    section,
    unreadable,
)
from semanticworld.core.template.references import living_resources

_VARIABLE = re.compile(r"\$\{(!?)([A-Za-z0-9:.]+)\}")
_NOTHING = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """The living resources, outputs and exports with plain values.

    What only AWS knows stands as text: `<Vpc>` for Ref, `<Vpc.CidrBlock>` for GetAtt, `<import NAME>` for an export that
    was not given.
    """

    resources: Mapping[str, Mapping[str, Value]]
    outputs: Mapping[str, Value]
    exports: Mapping[str, Value]
    conditions: Mapping[str, bool]


def resolve_template(template: Template, given: Given) -> Resolved:
    """The template as CloudFormation would carry it out. Raises UsageError (CFG028) for expressions that make no sense."""
    resolver = _Resolver(template, given)
    resources = {name: as_mapping(resolver.value(raw)) for name, raw in living_resources(template, given).items()}
    outputs: dict[str, Value] = {}
    exports: dict[str, Value] = {}
    for name, raw in section(template, "Outputs").items():
        output = as_mapping(raw)
        if not resolver.conditions.get(str(output.get("Condition")), True):
            continue
        outputs[name] = resolver.value(output["Value"])
        if "Export" in output:
            exports[str(resolver.value(as_mapping(output["Export"])["Name"]))] = outputs[name]
    return Resolved(resources=resources, outputs=outputs, exports=exports, conditions=resolver.conditions)


class _Resolver:
    def __init__(self, template: Template, given: Given) -> None:
        self.given = given
        self.conditions = decide_conditions(template, given)
        self.living = frozenset(living_resources(template, given))
        self.mappings = section(template, "Mappings")
        self.known: Mapping[str, Value] = {**pseudo_values(given), **parameter_values(template, given)}
        self.functions: Mapping[str, Callable[[Value], Value]] = {
            "Ref": lambda name: self.name(str(name)),
            "Fn::Base64": lambda text: base64.b64encode(str(self.value(text)).encode()).decode(),
            "Fn::Cidr": self.cidr,
            "Fn::FindInMap": self.find_in_map,
            "Fn::GetAZs": lambda _region: list(self.given.zones),
            "Fn::GetAtt": self.attribute,
            "Fn::If": self.choose,
            "Fn::ImportValue": self.imported,
            "Fn::Join": self.join,
            "Fn::Select": self.select,
            "Fn::Split": self.split,
            "Fn::Sub": self.substitute,
            "Fn::ToJsonString": lambda value: json.dumps(self.value(value)),
        }

    def value(self, raw: Value) -> Value:
        if isinstance(raw, dict):
            if len(raw) == 1:
                ((key, argument),) = raw.items()
                if key in self.functions:
                    return self.functions[key](argument)
                if key.startswith("Fn::"):
                    raise unreadable(f"the function {key} is not supported here")
            pairs = ((key, self.value(part)) for key, part in raw.items())
            return {key: part for key, part in pairs if part is not _NOTHING}
        if isinstance(raw, list):
            return [part for part in map(self.value, raw) if part is not _NOTHING]
        return raw

    def name(self, name: str) -> Value:
        if name == "AWS::NoValue":
            return _NOTHING
        if name in self.living:
            return f"<{name}>"
        if name not in self.known:
            raise unreadable(f"{name} is no parameter and no resource that stands here")
        return self.known[name]

    def attribute(self, raw: Value) -> Value:
        resource, attribute = raw.split(".", 1) if isinstance(raw, str) else map(str, as_list(raw))
        if resource not in self.living:
            raise unreadable(f"the attribute {resource}.{attribute} belongs to no resource that stands here")
        return f"<{resource}.{attribute}>"

    def choose(self, raw: Value) -> Value:
        condition, then, otherwise = as_list(raw)
        return self.value(then if self.conditions[str(condition)] else otherwise)

    def imported(self, raw: Value) -> Value:
        name = str(self.value(raw))
        return self.given.exports.get(name, f"<import {name}>")

    def join(self, raw: Value) -> Value:
        glue, parts = as_list(raw)
        return str(glue).join(str(part) for part in as_list(self.value(parts)))

    def select(self, raw: Value) -> Value:
        index, many = as_list(raw)
        return as_list(self.value(many))[int(str(self.value(index)))]

    def split(self, raw: Value) -> Value:
        glue, text = as_list(raw)
        return list(str(self.value(text)).split(str(glue)))

    def substitute(self, raw: Value) -> Value:
        text, own = (raw, {}) if isinstance(raw, str) else as_list(raw)
        names = {key: self.value(part) for key, part in as_mapping(own).items()}

        def one(match: re.Match[str]) -> str:
            if match[1]:
                return "${" + match[2] + "}"
            if match[2] in names:
                return str(names[match[2]])
            if "." in match[2]:
                return str(self.attribute(match[2]))
            return str(self.name(match[2]))

        return _VARIABLE.sub(one, str(text))

    def find_in_map(self, raw: Value) -> Value:
        table, row, column = (str(self.value(part)) for part in as_list(raw))
        return as_mapping(as_mapping(self.mappings[table])[row])[column]

    def cidr(self, raw: Value) -> Value:
        block, count, *bits = (str(self.value(part)) for part in as_list(raw))
        network = ipaddress.ip_network(block)
        subnets = network.subnets(new_prefix=network.max_prefixlen - int(bits[0] if bits else "8"))
        return [str(subnet) for subnet, _ in zip(subnets, range(int(count)), strict=False)]
