"""CloudFormation's stack statuses, in groups. The list is open: what is in none of them is unknown.

Source: CloudFormation API Reference, Stack, StackStatus; botocore 1.43, 23 names, read 2026-11.
"""

from __future__ import annotations

SETTLED = frozenset(
    {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE"}
)
"""The stack stands and can be changed."""

FAILED = frozenset(
    {
        "CREATE_FAILED",
        "ROLLBACK_FAILED",
        "ROLLBACK_COMPLETE",
        "DELETE_FAILED",
        "UPDATE_FAILED",
        "UPDATE_ROLLBACK_FAILED",
        "IMPORT_ROLLBACK_FAILED",
    }
)
"""Nothing runs, and the stack cannot simply be changed."""

OPERATIONS = frozenset({"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "IMPORT_IN_PROGRESS"})
"""Somebody asked for it, and it runs."""

AFTERMATH = frozenset(
    {
        "ROLLBACK_IN_PROGRESS",
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "IMPORT_ROLLBACK_IN_PROGRESS",
    }
)
"""What CloudFormation does by itself at the end of an operation."""

REVIEW = "REVIEW_IN_PROGRESS"
GONE = "DELETE_COMPLETE"

ALL = SETTLED | FAILED | OPERATIONS | AFTERMATH | {REVIEW, GONE}

BEGINNINGS = OPERATIONS | {REVIEW}
"""Statuses of the stack's own line with which an operation's history begins."""

ROLLING_BACK = frozenset({"ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS", "IMPORT_ROLLBACK_IN_PROGRESS"})


def is_over(status: str) -> bool:
    """True when nothing runs any more, for unknown statuses by AWS's own manner of naming them."""
    return not status.endswith("_IN_PROGRESS")


def is_billable(status: str) -> bool:
    """True when resources of the stack may stand."""
    return status not in {REVIEW, GONE, "ROLLBACK_COMPLETE"}
