"""The operation a stack is in, kept on the stack's record so that a killed server can take it up again.

An operation is a plain dict: it is stored with the stack, copied and written to disk by others.
"""

from __future__ import annotations

import copy
from typing import Any, Final, Literal, TypeAlias

from semanticworld.local.cloud.cloudformation.seam import Record, responses

Phase: TypeAlias = Literal["deploy", "cleanup", "rollback", "rollback-cleanup", "delete"]

KEY: Final = "_operation"
FAILED: Final = "_failed_operation"
"""ministack's RollbackStack reads the operation of a *_FAILED stack from here."""

STABLE: Final = (
    "_resources",
    "_template",
    "_template_body",
    "_resolved_params",
    "_conditions",
    "Parameters",
    "Tags",
    "Outputs",
    "Capabilities",
    "Description",
)
"""What a rolled back stack has again as it was before the update."""


def snapshot(stack: Record) -> Record:
    """A copy of everything an update may change."""
    return {key: copy.deepcopy(stack[key]) for key in STABLE if key in stack}


def begin(stack: Record, **values: Any) -> Record:  # noqa: ANN401 - plain values of many types, stored as they are
    """Store and return a new operation of the stack."""
    operation: Record = {
        "id": responses.new_uuid(),
        "kind": "CREATE",
        "phase": "deploy",
        "token": "",
        "template": {},
        "params": {},
        "stable": None,
        "before": {},
        "tags_before": [],
        "template_before": {},
        "replaced": [],
        "failures": {},
        "cancelled": False,
        "resumed": False,
        "reason": "",
        "disable_rollback": False,
        "retain_except_on_create": False,
        "delete_on_failure": False,
        "change_set": "",
        "imports": {},
        "retain": [],
        "force": False,
        "skip": [],
    }
    operation.update(values)
    stack[KEY] = operation
    return operation


def current(stack: Record) -> Record | None:
    """The operation the stack is in, None when it rests."""
    operation = stack.get(KEY)
    return operation if isinstance(operation, dict) else None


def is_update(operation: Record) -> bool:
    """True when there is a stable state to go back to."""
    return operation["stable"] is not None


def updating(operation: Record) -> bool:
    """True when the operation changes a stack that was made before, even one that never became stable."""
    return bool(operation["kind"] == "UPDATE")
