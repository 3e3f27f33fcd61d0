"""DescribeStacks, ListStacks, DescribeStackEvents: what is told about a stack."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Final

from semanticworld.local.cloud.cloudformation import lookup, standing, xml
from semanticworld.local.cloud.cloudformation import request as asked
from semanticworld.local.cloud.cloudformation.refusal import Refusal
from semanticworld.local.cloud.cloudformation.seam import Answer, Record, Request, handlers, service

MASKED: Final = "****"
STATUSES: Final = frozenset(
    f"{verb}_{phase}"
    for verb in ("CREATE", "ROLLBACK", "DELETE", "UPDATE", "UPDATE_ROLLBACK", "IMPORT", "IMPORT_ROLLBACK")
    for phase in ("IN_PROGRESS", "COMPLETE", "FAILED")
) - {"IMPORT_FAILED"} | {
    "REVIEW_IN_PROGRESS",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
}


def describe_stacks(request: Request) -> Answer:
    """One stack by name or id, or every one that is not deleted."""
    name = asked.text(request, "StackName")
    if name:
        stack = lookup.find(name)
        if stack is None:
            raise Refusal(f"Stack with id {name} does not exist")
        found = [stack]
    else:
        found = [stack for stack in lookup.everything() if standing.exists(stack["StackStatus"])]
    found_page, token = page(found, request, "DescribeStacks")
    return xml.answer("DescribeStacks", xml.members("Stacks", map(_stack, found_page)), token)


def list_stacks(request: Request) -> Answer:
    """Summaries of every stack, deleted ones of the last 90 days too, newest first."""
    wanted = asked.listed(request, "StackStatusFilter")
    unknown = [status for status in wanted if status not in STATUSES]
    if unknown:
        raise Refusal(
            f"1 validation error detected: Value '[{', '.join(wanted)}]' at 'stackStatusFilter' failed to satisfy "
            "constraint: Member must satisfy constraint: [Member must satisfy enum value set: "
            f"[{', '.join(sorted(STATUSES))}]]"
        )
    found = [stack for stack in lookup.everything() if not wanted or stack["StackStatus"] in wanted]
    found_page, token = page(found, request, "ListStacks")
    return xml.answer("ListStacks", xml.members("StackSummaries", map(_summary, found_page)), token)


def describe_stack_events(request: Request) -> Answer:
    """The events of a stack, newest first; of a deleted one by its id."""
    name = asked.text(request, "StackName")
    stack = lookup.find(name)
    if stack is None:
        raise lookup.absent(name)
    events: Sequence[Record] = list(reversed(service._stack_events.get(stack["StackId"]) or []))
    found_page, token = page(events, request, "DescribeStackEvents")
    return xml.answer("DescribeStackEvents", xml.members("StackEvents", map(_event, found_page)), token)


def page(items: Sequence[Record], request: Request, operation: str) -> tuple[Iterable[Record], str]:
    """A page and the element for the next; the token counts from the oldest, so that new events move no page."""
    given = asked.text(request, "NextToken")
    start = 0
    if given:
        tagged, _, left = given.partition(":")
        if tagged != operation or not left.isdigit() or int(left) > len(items):
            raise Refusal("Invalid NextToken")
        start = len(items) - int(left)
    end = start + 100
    token = xml.element("NextToken", f"{operation}:{len(items) - end}") if end < len(items) else ""
    return items[start:end], token


def _times(stack: Record) -> str:
    updated = stack.get("LastUpdatedTime") if stack.get("LastUpdatedTime") != stack.get("CreationTime") else None
    return (
        xml.element("CreationTime", stack["CreationTime"])
        + xml.element("LastUpdatedTime", updated)
        + xml.element("DeletionTime", stack.get("DeletionTime"))
    )


def _identity(stack: Record) -> str:
    return (
        xml.element("StackName", stack["StackName"])
        + xml.element("StackId", stack["StackId"])
        + xml.element("StackStatus", stack["StackStatus"])
        + xml.element("StackStatusReason", stack.get("StackStatusReason"))
        + xml.element("ParentId", stack.get("ParentId"))
        + xml.element("RootId", stack.get("RootId"))
        + _times(stack)
    )


def _stack(stack: Record) -> str:
    return (
        _identity(stack)
        + xml.element("ChangeSetId", stack.get("ChangeSetId"))
        + xml.element("Description", stack.get("Description"))
        + xml.element("DisableRollback", bool(stack.get("DisableRollback")))
        + xml.element("EnableTerminationProtection", bool(stack.get("EnableTerminationProtection")))
        + xml.element("TimeoutInMinutes", stack.get("TimeoutInMinutes"))
        + xml.element("RoleARN", stack.get("RoleARN"))
        + xml.element("DeletionMode", stack.get("DeletionMode"))
        + "<RollbackConfiguration/>"
        + xml.texts("NotificationARNs", stack.get("NotificationARNs") or ())
        + xml.texts("Capabilities", stack.get("Capabilities") or ())
        + (xml.members("Parameters", map(_parameter, stack["Parameters"])) if stack.get("Parameters") else "")
        + (xml.members("Outputs", map(_output, stack["Outputs"])) if stack.get("Outputs") else "")
        + xml.members("Tags", map(_tag, stack.get("Tags") or ()))
        + str(handlers._stack_drift_information_xml(stack))
    )


def _summary(stack: Record) -> str:
    return (
        _identity(stack)
        + xml.element("TemplateDescription", stack.get("Description"))
        + str(handlers._stack_drift_information_xml(stack))
    )


def _parameter(parameter: Record) -> str:
    value = MASKED if parameter.get("NoEcho") else str(parameter.get("ParameterValue", ""))
    return xml.element("ParameterKey", parameter["ParameterKey"]) + (
        xml.element("ParameterValue", value) or "<ParameterValue></ParameterValue>"
    )


def _output(output: Record) -> str:
    return (
        xml.element("OutputKey", output["OutputKey"])
        + (xml.element("OutputValue", output["OutputValue"]) or "<OutputValue></OutputValue>")
        + xml.element("Description", output.get("Description"))
        + xml.element("ExportName", output.get("ExportName"))
    )


def _tag(tag: Record) -> str:
    return xml.element("Key", tag["Key"]) + (xml.element("Value", tag["Value"]) or "<Value></Value>")


def _event(event: Record) -> str:
    properties = event.get("ResourceProperties")
    return "".join(
        xml.element(name, event.get(name))
        for name in (
            "StackId",
            "EventId",
            "StackName",
            "LogicalResourceId",
            "PhysicalResourceId",
            "ResourceType",
            "Timestamp",
            "ResourceStatus",
            "ResourceStatusReason",
            "ClientRequestToken",
            "DetailedStatus",
            "OperationId",
        )
    ) + xml.element("ResourceProperties", json.dumps(properties, default=str) if properties else None)
