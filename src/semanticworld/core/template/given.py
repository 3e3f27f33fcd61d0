"""What a template is read with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from semanticworld.errors import UsageError

Value = object
Template = Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Parameters, place and what other stacks export; a missing export is read as `<import NAME>`."""

    parameters: Mapping[str, str] = field(default_factory=dict)
    account: str = "123456789012"
    region: str = "eu-central-1"
    partition: str = "aws"
    stack_name: str = "stack"
    zones: tuple[str, ...] = ("eu-central-1a", "eu-central-1b", "eu-central-1c")
    exports: Mapping[str, str] = field(default_factory=dict)


def section(template: Template, name: str) -> Mapping[str, Value]:
    """A section of the template, empty when it is missing."""
    value = template.get(name)
    return as_mapping(value) if value is not None else {}


def as_mapping(value: Value) -> Mapping[str, Value]:
    """The value as a mapping. Raises UsageError (CFG028) when it is something else."""
    if not isinstance(value, dict):
        raise unreadable(f"{value!r} should be a mapping")
    return value


def as_list(value: Value) -> list[Value]:
    """The value as a list. Raises UsageError (CFG028) when it is something else."""
    if not isinstance(value, list):
        raise unreadable(f"{value!r} should be a list")
    return value


def unreadable(why: str) -> UsageError:
    """The error for a template whose expressions make no sense."""
    return UsageError(
        "cannot read the template", why=why, hint="run cfn-lint on the template; it names the place", code="CFG028"
    )


def parameter_values(template: Template, given: Given) -> dict[str, str | list[str]]:
    """Every parameter's value, defaults filled in, list types split. Raises UsageError (CFG028) for one without a value."""
    values: dict[str, str | list[str]] = {}
    for name, raw in section(template, "Parameters").items():
        declared = as_mapping(raw)
        value = given.parameters.get(name, declared.get("Default"))
        if value is None:
            raise unreadable(f"the parameter {name} has no value and no default")
        text = str(value)
        many = str(declared.get("Type", "")).startswith(("CommaDelimitedList", "List<"))
        values[name] = [part.strip() for part in text.split(",")] if many else text
    return values


def pseudo_values(given: Given) -> dict[str, str]:
    """The pseudo parameters that are text."""
    suffix = {"aws-cn": "amazonaws.com.cn"}.get(given.partition, "amazonaws.com")
    stack_id = f"arn:{given.partition}:cloudformation:{given.region}:{given.account}:stack/{given.stack_name}/0"
    return {
        "AWS::AccountId": given.account,
        "AWS::Partition": given.partition,
        "AWS::Region": given.region,
        "AWS::StackId": stack_id,
        "AWS::StackName": given.stack_name,
        "AWS::URLSuffix": suffix,
    }
