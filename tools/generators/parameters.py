"""docs/reference/parameters.md from the three templates and their parameter files."""

from collections.abc import Iterator, Mapping
from typing import Any

from generators import ENVIRONMENTS, LAYERS, NOTE, cell, parameter_file, template

PAGE = "docs/reference/parameters.md"

INTRODUCTION = """\
# Parameters

Every parameter of the three templates, from `infrastructure/semanticworld-*.yaml` and `infrastructure/parameters/*.json`.
What shapes an environment stands in its parameter files; the command line's options override them for one run. Values are
checked by CloudFormation itself and by `validate`, which needs no AWS.
"""


def page() -> str:
    """The page."""
    return "\n".join([NOTE, "", INTRODUCTION, *(line for layer in LAYERS for line in _layer(layer))]).rstrip() + "\n"


def _layer(layer: str) -> Iterator[str]:
    body: Mapping[str, Any] = template(layer)
    interface = body["Metadata"]["AWS::CloudFormation::Interface"]
    yield f"## {layer}"
    yield ""
    yield cell(body["Description"])
    yield ""
    for group in interface["ParameterGroups"]:
        yield f"### {layer}: {group['Label']['default']}"
        yield ""
        yield "| parameter | allowed | default | " + " | ".join(ENVIRONMENTS) + " | what it does |"
        yield "|---|---|---|" + "---|" * len(ENVIRONMENTS) + "---|"
        for name in group["Parameters"]:
            declared = body["Parameters"][name]
            label = interface["ParameterLabels"][name]["default"]
            values = [_value(parameter_file(layer, environment).get(name, "")) for environment in ENVIRONMENTS]
            row = [
                f"`{name}`<br>{cell(label)}",
                _allowed(declared),
                _value(declared.get("Default")),
                *values,
                cell(declared["Description"]),
            ]
            yield "| " + " | ".join(row) + " |"
        yield ""
    rules = [item["AssertDescription"] for rule in body.get("Rules", {}).values() for item in rule["Assertions"]]
    if rules:
        yield f"### {layer}: rules"
        yield ""
        yield from (f"* {cell(rule)}" for rule in rules)
        yield ""


def _allowed(declared: Mapping[str, Any]) -> str:
    if "AllowedValues" in declared:
        return ", ".join(_value(value) for value in declared["AllowedValues"])
    return cell(declared["ConstraintDescription"]).rstrip(".")


def _value(value: object) -> str:
    if value is None:
        return "required"
    text = str(value)
    return f"`{cell(text)}`" if text else ""
