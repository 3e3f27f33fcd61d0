"""Parameter values against what the template allows, checked as CloudFormation checks them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from semanticworld.core.template.given import Template, Value, as_list, as_mapping, section


def check_parameters(template: Template, values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, by parameter name; empty when CloudFormation would take the values."""
    declared = section(template, "Parameters")
    wrong = {name: "the template has no such parameter" for name in values if name not in declared}
    for name, raw in declared.items():
        parameter = as_mapping(raw)
        if name in values:
            why = _problem(parameter, values[name])
            if why is not None:
                wrong[name] = why
        elif "Default" not in parameter:
            wrong[name] = "it has no default, so it needs a value"
    return wrong


def _problem(parameter: Mapping[str, Value], value: str) -> str | None:
    """What is wrong with one value, or None."""
    kind = str(parameter.get("Type"))
    parts = [part.strip() for part in value.split(",")] if kind.startswith(("CommaDelimitedList", "List<")) else [value]
    problems = (part for part in (_one(parameter, kind, part) for part in parts) if part is not None)
    found = next(problems, None)
    if found is None:
        return None
    said = parameter.get("ConstraintDescription")
    return f"{value!r} {found}" + (f"; it must be: {said}" if said else "")


def _one(parameter: Mapping[str, Value], kind: str, value: str) -> str | None:
    allowed = parameter.get("AllowedValues")
    if allowed is not None and value not in [_text(item) for item in as_list(allowed)]:
        return "is not one of the allowed values"
    if "AllowedPattern" in parameter and re.fullmatch(str(parameter["AllowedPattern"]), value) is None:
        return "does not match the allowed pattern"
    if kind in {"Number", "List<Number>"}:
        try:
            number = Decimal(value)
        except InvalidOperation:
            return "is not a number"
        if not number.is_finite():
            return "is not a number"
        return _outside(number, parameter.get("MinValue"), parameter.get("MaxValue"), "")
    return _outside(Decimal(len(value)), parameter.get("MinLength"), parameter.get("MaxLength"), " characters")


def _outside(number: Decimal, least: Value, most: Value, unit: str) -> str | None:
    if least is not None and number < Decimal(str(least)):
        return f"is less than {least}{unit}"
    if most is not None and number > Decimal(str(most)):
        return f"is more than {most}{unit}"
    return None


def _text(value: Value) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
