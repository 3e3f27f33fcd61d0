"""What changing a property does to a resource, from the schemas of CloudFormation's own registry (bundled with cfn-lint)."""

from __future__ import annotations

import functools
from typing import Literal, TypeAlias

from semanticworld.local.cloud import schemas
from semanticworld.local.cloud.cloudformation.seam import Record, provisioners

Recreation: TypeAlias = Literal["Never", "Conditionally", "Always"]


@functools.cache
def known(resource_type: str) -> bool:
    """True for a type that AWS offers, whether or not this cloud can make one."""
    return resource_type in schemas.types()


def recreation(resource_type: str, name: str) -> Recreation:
    """What a change of a top-level property requires, without knowing its values.

    A property only a part of which is create-only counts as Conditionally.
    """
    theirs = provisioners._REPLACING_PROPERTIES.get(resource_type)
    if theirs is not None and name in theirs:
        return "Always"
    if not known(resource_type):
        return "Never" if theirs is not None else "Conditionally"
    if name in schemas.create_only(resource_type):
        return "Always"
    if name in schemas.conditional_create_only(resource_type) or _nested(resource_type, name):
        return "Conditionally"
    return "Never"


def _nested(resource_type: str, name: str) -> list[tuple[str, ...]]:
    return [path for path in schemas.create_only_paths(resource_type) if path[0] == name and len(path) > 1]


def recreation_of_change(resource_type: str, name: str, old: Record, new: Record) -> Recreation:
    """What this change of a top-level property requires: a nested create-only value counts only when it changes."""
    plain = recreation(resource_type, name)
    if plain != "Conditionally" or not known(resource_type):
        return plain
    nested = _nested(resource_type, name)
    if any(schemas.differs(old, new, path) for path in nested):
        return "Always"
    return "Conditionally" if name in schemas.conditional_create_only(resource_type) or not nested else "Never"


def replacing_change(resource_type: str, old: Record, new: Record) -> bool:
    """True when an update from `old` to `new` makes a new physical resource."""
    return any(
        recreation_of_change(resource_type, name, old, new) == "Always"
        for name in old.keys() | new.keys()
        if old.get(name) != new.get(name)
    )


def custom_name_refusal(resource_type: str, old: Record, new: Record, physical_id: str) -> str:
    """AWS's refusal to replace a resource whose name the template fixes; empty when the update may go on."""
    theirs = provisioners._custom_named_replacement_error(resource_type, old, new, physical_id)
    if theirs:
        return str(theirs)
    if (
        resource_type in provisioners._CUSTOM_NAME_REPLACEMENT
        or not known(resource_type)
        or not replacing_change(resource_type, old, new)
    ):
        return ""
    names = [path.removeprefix("/properties/") for path in schemas.schema(resource_type).get("primaryIdentifier") or ()]
    fixed = any(
        name.endswith("Name")
        and name in schemas.create_only(resource_type)
        and old.get(name)
        and old.get(name) == new.get(name)
        for name in names
    )
    if not fixed:
        return ""
    return (
        "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
        f"Rename {physical_id} and update the stack again."
    )


def with_stack_tags(
    resource_type: str, props: Record, stack_tags: list[Record], stack_name: str, stack_id: str, logical_id: str
) -> Record:
    """The properties with the stack's tags, where the type takes tags and has a handler that stores them.

    The registry says which types get CloudFormation's own three tags; an IAM role, for one, does not.
    """
    tagged: Record = _MERGE(resource_type, props, stack_tags, stack_name, stack_id, logical_id)
    if tagged is props or not known(resource_type) or schemas.system_tags(resource_type):
        return tagged
    name, shape = provisioners._STACK_TAG_PROPERTY[resource_type]
    if shape == "map":
        tagged[name] = {key: value for key, value in tagged[name].items() if not _system(key)}
    else:
        tagged[name] = [tag for tag in tagged[name] if not _system(str(tag["Key"]))]
    return tagged


_MERGE = provisioners._with_stack_tags


def _system(key: str) -> bool:
    return key.startswith("aws:cloudformation:")
