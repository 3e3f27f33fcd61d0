"""Conditions, decided."""

from __future__ import annotations

from collections.abc import Mapping

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


def decide_conditions(template: Template, given: Given) -> dict[str, bool]:
    """Every condition of the template as true or false. Raises UsageError (CFG028) for one that makes no sense."""
    judge = Judge(template, given)
    return {name: judge.condition(name) for name in section(template, "Conditions")}


class Judge:
    """Condition expressions over the given parameters; also what Rules are made of."""

    __slots__ = ("_declared", "_mappings", "_open", "_values")

    def __init__(self, template: Template, given: Given) -> None:
        self._declared = section(template, "Conditions")
        self._mappings = section(template, "Mappings")
        self._values: Mapping[str, str | list[str]] = {**pseudo_values(given), **parameter_values(template, given)}
        self._open: set[str] = set()

    def condition(self, name: str) -> bool:
        """The named condition."""
        if name not in self._declared or name in self._open:
            raise unreadable(f"the condition {name} is unknown or depends on itself")
        self._open.add(name)
        try:
            return self.holds(self._declared[name])
        finally:
            self._open.discard(name)

    def holds(self, expression: Value) -> bool:
        """Whether a condition expression is true."""
        match as_mapping(expression):
            case {"Condition": str(name)}:
                return self.condition(name)
            case {"Fn::And": [*parts]}:
                return all([self.holds(part) for part in parts])  # noqa: C419 - each part is read, so a mistake shows
            case {"Fn::Or": [*parts]}:
                return any([self.holds(part) for part in parts])  # noqa: C419 - the same
            case {"Fn::Not": [part]}:
                return not self.holds(part)
            case {"Fn::Equals": [left, right]}:
                return self.value(left) == self.value(right)
            case {"Fn::Contains": [many, one]}:
                return self.value(one) in as_list(self.value(many))
            case _:
                raise unreadable(f"{expression!r} is no condition")

    def value(self, expression: Value) -> Value:  # noqa: PLR0911 - one branch a function
        """The value of an operand: text, or a list of texts."""
        match expression:
            case {"Ref": str(name)}:
                if name not in self._values:
                    raise unreadable(f"a condition cannot use {name}")
                return self._values[name]
            case {"Fn::Join": [str(glue), parts]}:
                return glue.join(str(part) for part in as_list(self.value(parts)))
            case {"Fn::Select": [index, many]}:
                return as_list(self.value(many))[int(str(index))]
            case {"Fn::Split": [str(glue), text]}:
                return str(self.value(text)).split(glue)
            case {"Fn::FindInMap": [table, row, column]}:
                rows = as_mapping(self._mappings[str(self.value(table))])
                return as_mapping(rows[str(self.value(row))])[str(self.value(column))]
            case list():
                return [self.value(part) for part in expression]
            case bool():
                return "true" if expression else "false"
            case str() | int() | float():
                return str(expression)
            case _:
                raise unreadable(f"{expression!r} is no operand of a condition")
