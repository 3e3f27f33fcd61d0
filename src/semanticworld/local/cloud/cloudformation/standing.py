"""Which operation a stack takes in which status, and what AWS says when it does not.

Pure: statuses in, a refusal's text out.
"""

from __future__ import annotations

from typing import Final

RESTING: Final = frozenset(
    {
        "CREATE_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_ROLLBACK_COMPLETE",
        "IMPORT_COMPLETE",
        "IMPORT_ROLLBACK_COMPLETE",
    }
)
"""A stack in one of these takes an update."""

STOPPED: Final = frozenset({"CREATE_FAILED", "UPDATE_FAILED"})
"""Left by an operation that was told not to roll back."""

UNDELETABLE: Final = frozenset(
    {
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "IMPORT_IN_PROGRESS",
        "IMPORT_ROLLBACK_IN_PROGRESS",
    }
)


def update_refusal(stack_id: str, status: str, *, disable_rollback: bool) -> str:
    """Why the stack takes no update; empty when it does."""
    if status in RESTING or (status in STOPPED and disable_rollback):
        return ""
    if status in STOPPED:
        return (
            f"This stack is currently in a non-terminal [{status}] state. To update the stack from this state, please "
            "use the disable-rollback parameter with update-stack API. To rollback to the last known good state, use "
            "the rollback-stack API"
        )
    return f"Stack:{stack_id} is in {status} state and can not be updated."


def change_set_refusal(stack_id: str, status: str) -> str:
    """Why no change set of type UPDATE is made for the stack; empty when one is."""
    return update_refusal(stack_id, status, disable_rollback=True)


def delete_refusal(stack_id: str, status: str) -> str:
    """Why the stack is not deleted now; empty when it is."""
    if status in UNDELETABLE:
        return f"Stack [{stack_id}] cannot be deleted while in status {status}"
    return ""


def exists(status: str) -> bool:
    """True for a stack whose name is taken: every status but DELETE_COMPLETE."""
    return status != "DELETE_COMPLETE"
