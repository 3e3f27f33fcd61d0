"""What DescribeChangeSet answers, as values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from semanticworld.model.change import Change, ChangeSet, PropertyChange, Replacement


def read_change_set(told: Mapping[str, Any], changes: tuple[Change, ...]) -> ChangeSet:
    """The change set of the answer's first page with the changes of all pages."""
    return ChangeSet(
        id=told["ChangeSetId"],
        name=told["ChangeSetName"],
        stack_id=told["StackId"],
        status=told["Status"],
        execution_status=told.get("ExecutionStatus", "UNAVAILABLE"),
        reason=told.get("StatusReason"),
        changes=changes,
    )


def read_change(told: Mapping[str, Any]) -> Change:
    """One resource's change; a hook's entry (without a resource) comes back as a change of nothing."""
    resource = told.get("ResourceChange", {})
    return Change(
        action=resource.get("Action", "Dynamic"),
        logical_id=resource.get("LogicalResourceId", ""),
        type=resource.get("ResourceType", ""),
        physical_id=resource.get("PhysicalResourceId") or None,
        replacement=_replacement(resource.get("Replacement")),
        properties=tuple(_property(detail.get("Target", {})) for detail in resource.get("Details", ())),
    )


def _replacement(word: str | None) -> Replacement | None:
    """A word that we do not know counts as conditional: the safe reading is that it may replace."""
    if not word:
        return None
    try:
        return Replacement(word)
    except ValueError:
        return Replacement.CONDITIONAL


def _property(target: Mapping[str, Any]) -> PropertyChange:
    return PropertyChange(
        attribute=target.get("Attribute", ""),
        name=target.get("Name"),
        requires_recreation=target.get("RequiresRecreation", "Never"),
    )
