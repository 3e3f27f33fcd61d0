"""Values of ours as JSON's few types: money and times included, None stays null."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum


def plain_value(value: object) -> object:  # noqa: PLR0911 - one return a type
    """The value in dicts, lists, strings, numbers, booleans and None; times ISO 8601 in UTC, money as a number."""
    match value:
        case None | bool() | int() | float():
            return value
        case Enum():
            return plain_value(value.value)
        case str():
            return value
        case Decimal():
            return float(value) if value.is_finite() else None
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        case Mapping():
            return {str(key): plain_value(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain_value(item) for item in value]
        case _:
            return str(value)


def cleaned(value: object, clean: Callable[[str], str]) -> object:
    """The plain value with every text, keys included, passed through `clean`."""
    match value:
        case str():
            return clean(value)
        case Mapping():
            return {clean(str(key)): cleaned(item, clean) for key, item in value.items()}
        case list():
            return [cleaned(item, clean) for item in value]
        case _:
            return value
