"""Whose a stack is: told by its tags, never by its name."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from semanticworld.core import statuses
from semanticworld.model.environment import MANAGED_BY, Environment
from semanticworld.model.stack import Stack

IDENTIFYING_TAGS = ("Project", "Environment", "ManagedBy")


class Ownership(StrEnum):
    """`foreign` stacks are never changed, whatever they are called."""

    OURS = "ours"
    FOREIGN = "foreign"


def ownership(stack: Stack, environment: Environment, *, known_ids: frozenset[str] = frozenset()) -> Ownership:
    """Ours when Project, Environment and ManagedBy say so.

    A stack in review shows no tags before its change set is executed: then it is ours when our journal knows its id.
    """
    if carries_our_tags(stack.tags, environment):
        return Ownership.OURS
    if stack.status == statuses.REVIEW and not stack.tags and stack.id in known_ids:
        return Ownership.OURS
    return Ownership.FOREIGN


def carries_our_tags(tags: Mapping[str, str], environment: Environment) -> bool:
    """True when every identifying tag has this environment's value."""
    wanted = {"Project": environment.project, "Environment": environment.name.value, "ManagedBy": MANAGED_BY}
    return all(tags.get(name) == wanted[name] for name in IDENTIFYING_TAGS)
