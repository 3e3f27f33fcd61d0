"""What a template declares: parameters with their defaults, and the resources that a set of parameters brings about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from semanticworld.core.template.given import Given, Template, Value, section
from semanticworld.core.template.references import living_resources


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateResource:
    """A resource as the template declares it."""

    logical_id: str
    type: str


def defaults(template: Template) -> dict[str, str]:
    """A value for each parameter that has a default, as text."""
    return {
        name: _text(told["Default"])
        for name, told in section(template, "Parameters").items()
        if isinstance(told, Mapping) and "Default" in told
    }


def standing(template: Template, parameters: Mapping[str, str]) -> tuple[TemplateResource, ...]:
    """The resources that these parameters bring about, defaults filled in; a parameter without a value counts as empty.

    Raises UsageError (CFG028) for conditions that make no sense.
    """
    values = {**dict.fromkeys(section(template, "Parameters"), ""), **defaults(template), **parameters}
    return tuple(
        TemplateResource(logical_id=name, type=str(told.get("Type", "")))
        for name, told in living_resources(template, Given(parameters=values)).items()
    )


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
