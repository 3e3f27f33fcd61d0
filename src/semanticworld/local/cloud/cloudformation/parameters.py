"""A template's parameters: what is given, what is missing, what the constraints refuse."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from semanticworld.local.cloud.cloudformation import parameter_types
from semanticworld.local.cloud.cloudformation.seam import Record, engine

_SSM_VALUE = "AWS::SSM::Parameter::Value<"


def resolve(template: Record, provided: list[Record], previous: Record | None = None) -> Record:
    """{name: {Value, NoEcho, Type}} of every parameter. Raises ValueError with AWS's text.

    It stands in the place of ministack's `_resolve_parameters`.
    """
    engine._check_provided_parameter_values(provided)
    declared: Record = template.get("Parameters") or {}
    given = {str(entry["Key"]): entry for entry in provided}
    former = previous or {}
    unknown = [name for name in given if name not in declared]
    if unknown:
        raise ValueError(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    for name, entry in given.items():
        if entry.get("UsePreviousValue") and name not in former:
            raise ValueError(
                f"Invalid input for parameter key {name}. Cannot specify usePreviousValue as true for a parameter key "
                "not in the previous template"
            )
    missing = [name for name, definition in declared.items() if name not in given and "Default" not in definition]
    if missing:
        raise ValueError(f"Parameters: [{', '.join(missing)}] must have values")
    return {name: _value(name, definition, given.get(name), former) for name, definition in declared.items()}


def _value(name: str, definition: Record, entry: Mapping[str, Any] | None, former: Record) -> Record:
    kind = str(definition.get("Type", "String"))
    reused = entry is not None and bool(entry.get("UsePreviousValue"))
    if entry is None:
        value = _text(definition["Default"])
    elif reused:
        value = str(former[name].get("SsmName") or former[name]["Value"])
    else:
        value = _text(entry.get("Value", ""))
    resolved: Record = {
        "Value": value,
        "NoEcho": _text(definition.get("NoEcho", "false")).lower() == "true",
        "Type": kind,
    }
    check(name, definition, kind, value)
    if kind.startswith(_SSM_VALUE):
        resolved.update(SsmName=value, Value=parameter_types.stored(value))
    parameter_types.check_exists(name, kind, str(resolved["Value"]))
    return resolved


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def check(name: str, definition: Record, kind: str, value: str) -> None:
    """Raise ValueError with AWS's text when the value breaks a constraint of the parameter."""
    listed = kind == "CommaDelimitedList" or kind.startswith("List<")
    members = [member.strip() for member in value.split(",")] if listed else [value]
    allowed = [_text(item) for item in definition.get("AllowedValues") or ()]
    if allowed and any(member not in allowed for member in members):
        raise _broken(name, definition, "must be one of AllowedValues")
    if kind in {"Number", "List<Number>"}:
        _check_numbers(name, definition, members)
        return
    pattern = definition.get("AllowedPattern")
    if pattern is not None and not all(re.fullmatch(str(pattern), member) for member in members):
        raise _broken(name, definition, f"must match pattern {pattern}")
    if not listed:
        if len(value) < int(definition.get("MinLength", 0)):
            raise _broken(name, definition, f"must contain at least {definition['MinLength']} characters")
        if "MaxLength" in definition and len(value) > int(definition["MaxLength"]):
            raise _broken(name, definition, f"must contain at most {definition['MaxLength']} characters")


def _check_numbers(name: str, definition: Record, members: list[str]) -> None:
    try:
        numbers = [float(member) for member in members]
    except ValueError:
        raise ValueError(f"Parameter '{name}' must be a number.") from None
    if "MinValue" in definition and min(numbers) < float(definition["MinValue"]):
        raise _broken(name, definition, f"must be a number not less than {definition['MinValue']}")
    if "MaxValue" in definition and max(numbers) > float(definition["MaxValue"]):
        raise _broken(name, definition, f"must be a number not greater than {definition['MaxValue']}")


def _broken(name: str, definition: Record, rule: str) -> ValueError:
    """With a ConstraintDescription AWS says that, else the rule."""
    description = definition.get("ConstraintDescription")
    if description:
        return ValueError(f"Parameter {name} failed to satisfy constraint: {description}")
    return ValueError(f"Parameter '{name}' {rule}")
