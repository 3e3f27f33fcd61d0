"""Tags of a resource as the template has them, and what an update adds and takes away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from semanticworld.local.cloud import schemas
from semanticworld.local.cloud.resources.kind import Properties

__all__ = ["TagChange", "as_list", "change", "of", "system", "user"]

SYSTEM_PREFIX = "aws:"


def of(resource_type: str, properties: Properties) -> dict[str, str]:
    """All tags of the resource, those of the stack and CloudFormation's own among them where the type takes them."""
    name = schemas.taggable(resource_type)
    given = properties.get(name) if name else None
    if isinstance(given, Mapping):
        found = {str(key): str(value) for key, value in given.items()}
    else:
        found = {str(tag["Key"]): str(tag.get("Value", "")) for tag in given or ()}
    return found if schemas.system_tags(resource_type) else user(found)


def user(tags: Mapping[str, str]) -> dict[str, str]:
    """The tags that a client may set itself."""
    return {key: value for key, value in tags.items() if not key.lower().startswith(SYSTEM_PREFIX)}


def system(tags: Mapping[str, str]) -> dict[str, str]:
    """The tags that only AWS sets."""
    return {key: value for key, value in tags.items() if key.lower().startswith(SYSTEM_PREFIX)}


def as_list(tags: Mapping[str, str], key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """The tags as most APIs take them."""
    return [{key: name, value: text} for name, text in tags.items()]


@dataclass(frozen=True, slots=True, kw_only=True)
class TagChange:
    """What an update sets and what it removes; tags from elsewhere stay as they are."""

    put: Mapping[str, str]
    drop: tuple[str, ...]


def change(resource_type: str, old: Properties, new: Properties) -> TagChange:
    """The difference between two property sets in tags."""
    before, after = of(resource_type, old), of(resource_type, new)
    return TagChange(
        put={key: value for key, value in after.items() if before.get(key) != value},
        drop=tuple(key for key in before if key not in after),
    )
