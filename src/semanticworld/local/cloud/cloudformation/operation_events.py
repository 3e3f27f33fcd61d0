"""DescribeEvents: the events of a stack by operation, with what failed validation before anything was made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from semanticworld.local.cloud.cloudformation import describe, lookup, xml
from semanticworld.local.cloud.cloudformation import request as asked
from semanticworld.local.cloud.cloudformation.seam import STACK_TYPE, Answer, Record, Request, handlers, service

_TYPES: Final = {
    "CREATE": "CREATE_STACK",
    "UPDATE": "UPDATE_STACK",
    "DELETE": "DELETE_STACK",
    "ROLLBACK": "ROLLBACK",
    "CONTINUE_ROLLBACK": "CONTINUE_ROLLBACK",
}


def describe_events(request: Request) -> Answer:
    """Events newest first: of a stack, of one operation, failures only if so asked."""
    name, operation_id = asked.text(request, "StackName"), asked.text(request, "OperationId")
    if name:
        found = lookup.find(name)
        if found is None:
            raise lookup.absent(name)
        stacks = [found]
    else:
        stacks = [] if asked.text(request, "ChangeSetName") else list(lookup.everything())
    events = [event for stack in stacks for event in _events(stack)]
    if operation_id:
        events = [event for event in events if event.get("OperationId") == operation_id]
    if asked.text(request, "Filters.FailedEvents").lower() == "true":
        events = [event for event in events if _failed(event)]
    page, token = describe.page(events, request, "DescribeEvents")
    return xml.answer("DescribeEvents", xml.members("OperationEvents", map(_event, page)), token)


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
