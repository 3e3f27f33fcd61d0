"""Writing down what happens to a stack: statuses and events, in AWS's words."""

from __future__ import annotations

from collections.abc import Iterable

from semanticworld.local.cloud.cloudformation.seam import STACK_TYPE, Record, responses, service, stacks


def event(
    stack: Record, logical_id: str, resource_type: str, status: str, reason: str = "", physical_id: str = ""
) -> None:
    """Add one event of the stack."""
    stacks._add_event(stack["StackId"], stack["StackName"], logical_id, resource_type, status, reason, physical_id)


def belongs(stack: Record, operation: Record) -> None:
    """Say of the stack's latest event that it was the first of this operation: it was written just before."""
    service._stack_events[stack["StackId"]][-1].update(OperationId=operation["id"], OperationKind=operation["kind"])


def initiated(stack: Record) -> None:
    """Say of the stack's latest event that a person asked for it; ministack leaves that out for change sets."""
    stack["StackStatusReason"] = "User Initiated"
    service._stack_events[stack["StackId"]][-1]["ResourceStatusReason"] = "User Initiated"


def stack_status(stack: Record, status: str, reason: str = "") -> None:
    """Move the stack into a status, with its event."""
    stack["StackStatus"] = status
    stack["StackStatusReason"] = reason
    event(stack, stack["StackName"], STACK_TYPE, status, reason, stack["StackId"])


def resource_status(stack: Record, logical_id: str, status: str, reason: str = "") -> None:
    """Move a recorded resource into a status, with its event."""
    resource = stack["_resources"][logical_id]
    resource["ResourceStatus"] = status
    resource["ResourceStatusReason"] = reason
    resource["Timestamp"] = responses.now_iso()
    event(stack, logical_id, resource["ResourceType"], status, reason, resource["PhysicalResourceId"])


def listing(names: Iterable[str]) -> str:
    """Names as CloudFormation writes them in a reason: `[A, B]`."""
    return f"[{', '.join(sorted(names))}]"


def failed_to(verb: str, names: Iterable[str]) -> str:
    """`The following resource(s) failed to create: [A, B]. `, with AWS's trailing blank."""
    return f"The following resource(s) failed to {verb}: {listing(names)}. "
