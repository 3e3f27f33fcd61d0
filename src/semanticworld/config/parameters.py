"""Parameter files: names and values with their lines, judged against the template that takes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from yaml.nodes import MappingNode, Node, SequenceNode

from semanticworld.config.constraints import suggested
from semanticworld.config.positions import entries, line_of, read_nodes, refusal, text_value
from semanticworld.core.nearest import suggestion
from semanticworld.core.template.parameters import Declaration, violation
from semanticworld.core.text import shortened

_SHAPE = 'write [{"ParameterKey": "InstanceType", "ParameterValue": "g5.xlarge"}], as CloudFormation does'
_ENTRY_KEYS = frozenset({"ParameterKey", "ParameterValue"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One value and where it stands: `path:line` in a file, or the option that gave it."""

    name: str
    value: str
    place: str


def read_parameters(path: Path) -> tuple[Parameter, ...]:
    """The file's parameters in its order. Raises UsageError (CFG010 to CFG017).

    Forms: CloudFormation's list of ParameterKey and ParameterValue, {"Parameters": {name: value}}, or {name: value}.
    """
    root = read_nodes(path)
    if isinstance(root, SequenceNode):
        return _from_list(root, str(path))
    if isinstance(root, MappingNode):
        found = entries(root, str(path))
        inner = found.get("Parameters", (root, 0))[0]
        if inner is not root:
            if len(found) > 1 or not isinstance(inner, MappingNode):
                raise refusal(
                    "CFG014", f"{path}:{line_of(root)}", "Parameters must stand alone and be a mapping", _SHAPE
                )
            found = entries(inner, str(path))
        return tuple(
            Parameter(name=name, value=text_value(node, name, str(path)), place=f"{path}:{line}")
            for name, (node, line) in found.items()
        )
    raise refusal("CFG014", f"{path}:{line_of(root)}", "it is neither a list nor a mapping of parameters", _SHAPE)


def _from_list(root: SequenceNode, path: str) -> tuple[Parameter, ...]:
    found: dict[str, Parameter] = {}
    for item in root.value:
        parameter = _from_entry(item, path)
        if parameter.name in found:
            first = found[parameter.name].place.rpartition(":")[2]
            why = f"{parameter.name} stands twice, first on line {first}"
            raise refusal("CFG012", parameter.place, why, "remove one of the two")
        found[parameter.name] = parameter
    return tuple(found.values())


def _from_entry(item: Node, path: str) -> Parameter:
    place = f"{path}:{line_of(item)}"
    if not isinstance(item, MappingNode):
        raise refusal("CFG014", place, "an entry is not a mapping of ParameterKey and ParameterValue", _SHAPE)
    keys = entries(item, path)
    if set(keys) != _ENTRY_KEYS:
        why = f"an entry has {', '.join(sorted(keys)) or 'no keys'}, not ParameterKey and ParameterValue"
        raise refusal("CFG014", place, why, _SHAPE)
    name = text_value(keys["ParameterKey"][0], "ParameterKey", path)
    value_node, line = keys["ParameterValue"]
    return Parameter(name=name, value=text_value(value_node, name, path), place=f"{path}:{line}")


def check_parameters(parameters: tuple[Parameter, ...], declared: Mapping[str, Declaration]) -> None:
    """Nothing, when the template takes them all. Raises UsageError (CFG015, CFG016, CFG018)."""
    for parameter in parameters:
        declaration = declared.get(parameter.name)
        if declaration is None:
            why = f"the template has no parameter {shortened(parameter.name)}"
            names = ", ".join(sorted(declared))
            raise refusal(
                "CFG015", parameter.place, why, suggestion(parameter.name, declared, otherwise=f"it has {names}")
            )
        reason = violation(parameter.name, parameter.value, declaration)
        if reason:
            near = suggested(parameter.name, parameter.value, declaration)
            code = "CFG018" if parameter.name == "InstanceType" else "CFG016"
            hint = f"did you mean {near}?" if near else f"correct {parameter.name}"
            raise refusal(code, parameter.place, reason, hint)
