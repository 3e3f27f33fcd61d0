"""Whose a stack is: told by its tags, never by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum

from semanticworld.core import statuses
from semanticworld.model.environment import MANAGED_BY, Environment
from semanticworld.model.operation import JournalEntry
from semanticworld.model.stack import Stack

IDENTIFYING_TAGS = ("Project", "Environment", "ManagedBy")


class Ownership(StrEnum):
    """`foreign` stacks are never changed, whatever they are called."""

    OURS = "ours"
    FOREIGN = "foreign"


_SAME_MOMENT = timedelta(minutes=5)
"""Our clock and AWS's may differ by this much before AWS refuses to talk to us. Source: Signature Version 4, 2026-11."""


def ownership(stack: Stack, environment: Environment, *, journal: Sequence[JournalEntry] = ()) -> Ownership:
    """Ours when Project, Environment and ManagedBy say so.

    A stack in review may show no tags before its change set is executed: then it is ours when our journal made it.
    """
    if carries_our_tags(stack.tags, environment):
        return Ownership.OURS
    if stack.status == statuses.REVIEW and not stack.tags and any(_made(entry, stack) for entry in journal):
        return Ownership.OURS
    return Ownership.FOREIGN


def _made(entry: JournalEntry, stack: Stack) -> bool:
    if entry.stack_id is not None:
        return entry.stack_id == stack.id
    if entry.step != "CreateChangeSet" or entry.stack_name != stack.name or stack.created_at is None:
        return False
    return abs(stack.created_at - entry.at) < _SAME_MOMENT


def carries_our_tags(tags: Mapping[str, str], environment: Environment) -> bool:
    """True when every identifying tag has this environment's value."""
    wanted = {"Project": environment.project, "Environment": environment.name.value, "ManagedBy": MANAGED_BY}
    return all(tags.get(name) == wanted[name] for name in IDENTIFYING_TAGS)
