"""DescribeEvents: the events of a stack by operation, with what failed validation before anything was made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from semanticworld.local.cloud.cloudformation import describe, existence, lookup, xml
from semanticworld.local.cloud.cloudformation import request as asked
from semanticworld.local.cloud.cloudformation.refusal import Refusal
from semanticworld.local.cloud.cloudformation.seam import (
    STACK_TYPE,
    Answer,
    Record,
    Request,
    changesets,
    handlers,
    service,
)

NOT_FOUND: Final = 404
_TYPES: Final = {
    "CREATE": "CREATE_STACK",
    "UPDATE": "UPDATE_STACK",
    "DELETE": "DELETE_STACK",
    "ROLLBACK": "ROLLBACK",
    "CONTINUE_ROLLBACK": "CONTINUE_ROLLBACK",
}


def describe_events(request: Request) -> Answer:
    """Events newest first: of a stack, of one operation or change set, failures only if so asked."""
    name, operation_id = asked.text(request, "StackName"), asked.text(request, "OperationId")
    change_set_name = asked.text(request, "ChangeSetName")
    if change_set_name:
        events = _of_change_set(change_set_name, name)
    else:
        events = [event for stack in _stacks(name) for event in _events(stack)]
    if operation_id:
        events = [event for event in events if event.get("OperationId") == operation_id]
    if asked.text(request, "Filters.FailedEvents").lower() == "true":
        events = [event for event in events if _failed(event)]
    page, token = describe.page(events, request, "DescribeEvents")
    return xml.answer("DescribeEvents", xml.members("OperationEvents", map(_event, page)), token)


def _of_change_set(name: str, stack_name: str) -> list[Record]:
    """What early validation of a change set found, newest first."""
    _, found = changesets._find_change_set(name, stack_name)
    if found is None:
        raise Refusal(f"ChangeSet [{name}] does not exist", code="ChangeSetNotFound", status=NOT_FOUND)
    return list(reversed(found.get(existence.EVENTS) or []))


def _stacks(name: str) -> list[Record]:
    if not name:
        return list(lookup.everything())
    found = lookup.find(name)
    if found is None:
        raise lookup.absent(name)
    return [found]


def _failed(event: Record) -> bool:
    return str(event.get("ResourceStatus", "")).endswith("_FAILED") or event["EventType"] == "VALIDATION_ERROR"


def _events(stack: Record) -> Iterator[Record]:
    recorded = [*(stack.get("_operation_events") or ())]
    yield from (event for event in reversed(recorded) if event["EventType"] == "VALIDATION_ERROR")
    for event in reversed(service._stack_events.get(stack["StackId"]) or []):
        failed = str(event["ResourceStatus"]).endswith("_FAILED")
        of_stack = event["ResourceType"] == STACK_TYPE and event["LogicalResourceId"] == stack["StackName"]
        yield {
            **event,
            "OperationType": _TYPES.get(str(event.get("OperationKind")), ""),
            "EventType": "PROVISIONING_ERROR" if failed and not of_stack else "STACK_EVENT",
        }


def _event(event: Record) -> str:
    return "".join(
        xml.element(field, event.get(field)) for field in (*handlers._OPERATION_EVENT_FIELDS, "ClientRequestToken")
    )
