"""Parameter values against what the template allows, judged as CloudFormation judges them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from semanticworld.core.template.given import Template, as_mapping, section
from semanticworld.core.text import shortened

Declaration = Mapping[str, object]

NOT_WHOLE = "it is not a whole number in digits"
_WHOLE = re.compile(r"[+-]?[0-9]{1,30}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")


def check_parameters(template: Template, values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, by parameter name; empty when CloudFormation would take the values."""
    declared = section(template, "Parameters")
    wrong = {name: "the template has no such parameter" for name in values if name not in declared}
    for name, raw in declared.items():
        declaration = as_mapping(raw)
        if name in values:
            why = violation(name, values[name], declaration)
            if why is not None:
                wrong[name] = why
        elif "Default" not in declaration:
            wrong[name] = "it has no default, so it needs a value"
    return wrong


def violation(name: str, value: str, declaration: Declaration) -> str | None:
    """Why CloudFormation would refuse the value, None when it would take it."""
    kind = str(declaration.get("Type", "String"))
    parts = (
        [part.strip() for part in value.split(",")]
        if kind == "CommaDelimitedList" or kind.startswith("List<")
        else [value]
    )
    for part in parts:
        reason = _violation(part, kind, declaration)
        if reason:
            described = declaration.get("ConstraintDescription")
            spelled = (
                described if described and reason != NOT_WHOLE else f"{reason}; {described}" if described else reason
            )
            return f"{name} is {shortened(part)}: {spelled}"
    return None


def _violation(value: str, kind: str, declaration: Declaration) -> str | None:
    allowed = declaration.get("AllowedValues")
    if isinstance(allowed, list) and value not in (words := [_word(item) for item in allowed]):
        return f"it is one of {', '.join(words)}"
    pattern = declaration.get("AllowedPattern")
    if isinstance(pattern, str) and not re.fullmatch(pattern, value):
        return f"it does not match {pattern}"
    if kind in {"Number", "List<Number>"}:
        return _out_of_range(value, declaration)
    shortest, longest = _number(declaration.get("MinLength")), _number(declaration.get("MaxLength"))
    if shortest is not None and len(value) < shortest:
        return f"it needs {shortest} characters or more"
    if longest is not None and len(value) > longest:
        return f"it may have {longest} characters"
    return None


def _out_of_range(value: str, declaration: Declaration) -> str | None:
    if _counts(declaration) and not _WHOLE.fullmatch(value):
        return NOT_WHOLE
    number = _number(value) if _NUMBER.fullmatch(value) else None
    if number is None:
        return "it is not a number"
    least, most = _number(declaration.get("MinValue")), _number(declaration.get("MaxValue"))
    if least is not None and number < least:
        return f"it is {least} or more"
    if most is not None and number > most:
        return f"it is {most} or less"
    return None


def _counts(declaration: Declaration) -> bool:
    """Whether the parameter counts something: AWS's services take 100 there, and neither 100.5 nor 1e2.

    CloudFormation itself takes any number, and the service refuses it when the node is half changed.
    """
    bounds = [declaration[key] for key in ("Default", "MinValue", "MaxValue") if key in declaration]
    return bool(bounds) and all(_WHOLE.fullmatch(str(bound)) for bound in bounds)


def _number(value: object) -> Decimal | None:
    if value is None:
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
