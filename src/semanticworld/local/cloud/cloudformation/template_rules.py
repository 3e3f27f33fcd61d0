"""What is wrong with a template before any of it is carried out, in AWS's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from semanticworld.local.cloud.cloudformation import references, update_types
from semanticworld.local.cloud.cloudformation.seam import Record, provisioners

SECTIONS: Final = frozenset(
    {
        "AWSTemplateFormatVersion",
        "Conditions",
        "Description",
        "Hooks",
        "Mappings",
        "Metadata",
        "Outputs",
        "Parameters",
        "Resources",
        "Rules",
        "Transform",
    }
)
ATTRIBUTES: Final = frozenset(
    {
        "Condition",
        "CreationPolicy",
        "DeletionPolicy",
        "DependsOn",
        "Metadata",
        "Properties",
        "Type",
        "UpdatePolicy",
        "UpdateReplacePolicy",
        "Version",
    }
)
PARAMETER_TYPES: Final = frozenset({"String", "Number", "List<Number>", "CommaDelimitedList"})
_NAME = re.compile(r"[a-zA-Z0-9]+")


def problem(template: Record) -> str:
    """AWS's text for the first thing that is wrong; empty when nothing is."""
    for check in (_sections, _parameters, _resources, _types, _outputs, references.problem):
        found = next(iter(check(template)), "")
        if found:
            return found
    return ""


def _sections(template: Record) -> Iterator[str]:
    unknown = [str(name) for name in template if name not in SECTIONS]
    if unknown:
        yield f"Invalid template property or properties [{', '.join(unknown)}]"
    if str(template.get("AWSTemplateFormatVersion", "2010-09-09")) != "2010-09-09":
        yield "Template format error: Unsupported value for AWSTemplateFormatVersion."
    for section in ("Parameters", "Resources", "Outputs", "Conditions", "Mappings"):
        if template.get(section) is not None and not isinstance(template[section], Mapping):
            yield f"Template format error: [/{section}] {section} must be an object."
    if not template.get("Resources"):
        yield "Template format error: At least one Resources member must be defined."


def _parameters(template: Record) -> Iterator[str]:
    for name, definition in (template.get("Parameters") or {}).items():
        if not _NAME.fullmatch(str(name)):
            yield f"Template format error: Parameter name {name} is non alphanumeric."
        if not isinstance(definition, Mapping) or "Type" not in definition:
            yield "Template format error: Every Parameters object must contain a Type member."
            continue
        kind = str(definition["Type"])
        if kind not in PARAMETER_TYPES and not kind.startswith(("AWS::", "List<AWS::")):
            yield f"Template format error: Unrecognized parameter type: {kind}"


def _resources(template: Record) -> Iterator[str]:
    for name, resource in template["Resources"].items():
        if str(name).startswith("Fn::"):
            continue
        if not _NAME.fullmatch(str(name)):
            yield f"Template format error: Resource name {name} is non alphanumeric."
        if not isinstance(resource, Mapping):
            yield f"Template format error: [/Resources/{name}] Every Resources member must be an object."
            continue
        if not isinstance(resource.get("Type"), str):
            yield (f"Template format error: [/Resources/{name}] Every Resources object must contain a Type member.")
        for attribute in resource:
            if attribute not in ATTRIBUTES:
                yield f"Invalid template resource property '{attribute}'"
        if not isinstance(resource.get("Properties") or {}, Mapping):
            yield f"Template format error: [/Resources/{name}/Properties] Properties must be an object."


def _types(template: Record) -> Iterator[str]:
    """A type that AWS has but this cloud has not is refused later, and only where its condition holds."""
    if template.get("Transform"):
        return
    unknown = sorted(
        {
            resource["Type"]
            for resource in template["Resources"].values()
            if isinstance(resource, Mapping) and not _offered(str(resource.get("Type")))
        }
    )
    if unknown:
        yield f"Template format error: Unrecognized resource types: [{', '.join(unknown)}]"


def _offered(resource_type: str) -> bool:
    return (
        resource_type.startswith("Custom::")
        or resource_type in provisioners._RESOURCE_HANDLERS
        or update_types.known(resource_type)
    )


def _outputs(template: Record) -> Iterator[str]:
    for name, output in (template.get("Outputs") or {}).items():
        if str(name).startswith("Fn::"):
            continue
        if not _NAME.fullmatch(str(name)):
            yield f"Template format error: Output name {name} is non alphanumeric."
        if not isinstance(output, Mapping) or "Value" not in output:
            yield "Template format error: Every Outputs member must contain a Value object"
        elif not _named(output.get("Export")):
            yield "Template format error: Output Export must contain a Name."


def _named(export: Any) -> bool:  # noqa: ANN401 - a template value
    return export is None or (isinstance(export, Mapping) and "Name" in export)
