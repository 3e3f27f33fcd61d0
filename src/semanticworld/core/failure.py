"""An operation that ended badly, as the error that tells the first cause first."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from semanticworld.core import statuses
from semanticworld.core.causes import GENERAL, cause
from semanticworld.core.commands import Subject
from semanticworld.core.progress import root_cause
from semanticworld.errors import AwsError, SemanticWorldError, Unfinished
from semanticworld.model.stack import StackEvent


class Kind(StrEnum):
    """What CloudFormation was doing."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    ROLLBACK = "roll back"


_GOOD = {
    Kind.CREATE: frozenset({"CREATE_COMPLETE"}),
    Kind.UPDATE: frozenset({"UPDATE_COMPLETE"}),
    Kind.DELETE: frozenset({statuses.GONE}),
    Kind.ROLLBACK: frozenset({"ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", statuses.GONE}),
}

_SAFE_ENDS = frozenset({"ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", statuses.GONE})
"""A failed operation that ended here left nothing half-done."""


def ended_well(kind: Kind, status: str) -> bool:
    """True when the stack's terminal status is what the operation was for."""
    return status in _GOOD[kind]


def kind_of(status: str) -> Kind:
    """The kind of operation that a running stack's status tells."""
    if status.startswith("DELETE"):
        return Kind.DELETE
    if status.startswith("ROLLBACK") or "ROLLBACK" in status:
        return Kind.ROLLBACK
    return Kind.UPDATE if status.startswith(("UPDATE", "IMPORT")) else Kind.CREATE


def failure(kind: Kind, status: str, events: Sequence[StackEvent], subject: Subject) -> SemanticWorldError:
    """The error for an operation that ended in this status (events oldest first).

    AwsError when all was rolled back; Unfinished when something may still stand and cost money.
    """
    root = root_cause(events)
    known = cause(root.reason if root else None, subject)
    where = f" at {root.logical_id} ({root.type})" if root and root.logical_id != subject.stack_name else ""
    if status in _SAFE_ENDS:
        left = "; all of it was rolled back" if status != statuses.GONE else "; nothing of it stands"
        return AwsError(
            f"{subject.words} could not be {_past(kind)}: it failed{where}",
            why=known.why + left,
            hint=known.hint if known.code != GENERAL else f"correct that, then {subject.shell('create')}",
            code=known.code if known.code != GENERAL else "LIF009",
        )
    if kind is Kind.DELETE:
        return Unfinished(
            f"{subject.words} could not be deleted: it failed{where}",
            why=f"{known.why}; the stack is in {status}, and what is left of it may cost money",
            hint=subject.command("delete", "--force-delete"),
            code="LIF013",
        )
    next_step = "delete" if status == "ROLLBACK_FAILED" else "create"
    return Unfinished(
        f"{subject.words} could not be {_past(kind)}: it failed{where}",
        why=f"{known.why}; the stack is in {status}, and what stands of it may cost money",
        hint=f"{subject.command('status')} shows it; {subject.shell(next_step)} goes on from there",
        code="LIF029",
    )


def _past(kind: Kind) -> str:
    return {
        Kind.CREATE: "created",
        Kind.UPDATE: "updated",
        Kind.DELETE: "deleted",
        Kind.ROLLBACK: "rolled back",
    }[kind]
