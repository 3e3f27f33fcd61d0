"""What a Query request says, read once and typed."""

from __future__ import annotations

from semanticworld.local.cloud.cloudformation.seam import Request, helpers


def text(request: Request, name: str, default: str = "") -> str:
    """The first value of a member, or the default."""
    return str(helpers._p(request, name, default))


def flag(request: Request, name: str) -> bool:
    """True only for a member that says so."""
    return text(request, name).lower() == "true"


def listed(request: Request, name: str) -> list[str]:
    """A list of strings, in the order it was sent."""
    return [str(value) for value in helpers._extract_string_members(request, name)]


def parameters(request: Request) -> list[dict[str, object]]:
    """The Parameters of a stack operation as {Key, Value, UsePreviousValue}."""
    return list(helpers._extract_members(request, "Parameters"))


def tags(request: Request) -> list[dict[str, str]]:
    """The Tags of a stack operation as AWS lists them."""
    return [{"Key": str(tag["Key"]), "Value": str(tag["Value"])} for tag in helpers._extract_members(request, "Tags")]


def with_value(request: Request, name: str, value: str) -> Request:
    """A copy of the request that says `value` for `name`."""
    return {**request, name: [value]}
