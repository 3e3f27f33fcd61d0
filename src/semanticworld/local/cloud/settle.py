"""What a killed server left half done is brought to an end: no stack stays *_IN_PROGRESS for ever.

As on AWS when the service itself fails: a delete goes on, a create is rolled back, an update that cannot be told how it
was before is UPDATE_FAILED. A stack whose operation the pack's engine has kept on record is the engine's to resume.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Coroutine
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import cloudformation
from ministack.services.cloudformation import stacks

logger = logging.getLogger("semanticworld.local")

REASON = "Internal Failure: the embedded cloud's server ended during the operation"

_STACK = "AWS::CloudFormation::Stack"


def settle(*, also_recorded: bool) -> tuple[str, ...]:
    """The ids of the stacks whose operation was brought to an end, or set going again. On the event loop.

    Stacks whose operation is on record are left to the engine, unless `also_recorded`: then nobody else resumes them.
    """
    settled = []
    for (account, region, _), stack in list(cloudformation._stacks._data.items()):
        status = str(stack.get("StackStatus", ""))
        if not status.endswith("_IN_PROGRESS") or status == "REVIEW_IN_PROGRESS":
            continue
        if stack.get("_operation") and not also_recorded:
            continue
        logger.warning("%s was %s when the last server ended", stack["StackName"], status)
        with request_scope(account, region):
            _settle(stack, status)
        settled.append(str(stack["StackId"]))
    for change_set in list(cloudformation._change_sets._data.values()):
        if change_set.get("Status") in {"CREATE_PENDING", "CREATE_IN_PROGRESS"}:
            change_set.update(Status="FAILED", StatusReason=REASON)
        if change_set.get("ExecutionStatus") == "EXECUTE_IN_PROGRESS":
            change_set["ExecutionStatus"] = "EXECUTE_FAILED"
    return tuple(settled)


def _settle(stack: dict[str, Any], status: str) -> None:
    name, stack_id = stack["StackName"], stack["StackId"]
    _end_resources(stack)
    if status == "DELETE_IN_PROGRESS":
        _go_on(stacks._delete_stack_async(name, stack_id), stack)
    elif status.endswith("CLEANUP_IN_PROGRESS"):
        _set(stack, status.removesuffix("_CLEANUP_IN_PROGRESS"))
    elif status in {"CREATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS"}:
        operation = stacks._failed_operation(
            is_update=False,
            previous_stack=None,
            created=list(stack.get("_resources", {})),
            failed_update=None,
            failed_logical_id=None,
            replaced_ids=[],
            cancelled=False,
            template=stack.get("_template", {}),
            param_values=stack.get("_resolved_params", {}),
            retain_except_on_create=False,
            stack_tags=stack.get("Tags", []),
            previous_tags=[],
        )
        if stack.get("DisableRollback"):
            stack["_failed_operation"] = operation
            _set(stack, "CREATE_FAILED")
        else:
            _go_on(stacks._roll_back_operation(name, stack_id, stack, operation, REASON), stack)
    else:
        _set(stack, status.removesuffix("_IN_PROGRESS").removesuffix("_ROLLBACK") + "_FAILED")


def _end_resources(stack: dict[str, Any]) -> None:
    """Say of every resource that was being made or changed that this came to nothing."""
    events = cloudformation._stack_events.get(stack["StackId"]) or []
    latest = {}
    for event in events:
        latest[event["LogicalResourceId"]] = event
    for logical_id, event in latest.items():
        verb = str(event["ResourceStatus"]).removesuffix("_IN_PROGRESS")
        if logical_id != stack["StackName"] and verb in {"CREATE", "UPDATE"}:
            stacks._add_event(
                stack["StackId"],
                stack["StackName"],
                logical_id,
                event["ResourceType"],
                f"{verb}_FAILED",
                REASON,
                event.get("PhysicalResourceId", ""),
            )


def _go_on(work: Coroutine[Any, Any, None], stack: dict[str, Any]) -> None:
    stacks._create_stack_task_in_region(work, stack, stack["StackId"])


def _set(stack: dict[str, Any], status: str) -> None:
    stack["StackStatus"] = status
    stack["StackStatusReason"] = REASON
    with contextlib.suppress(KeyError):
        stacks._add_event(
            stack["StackId"], stack["StackName"], stack["StackName"], _STACK, status, REASON, stack["StackId"]
        )
