"""Early validation of a change set: what it would create must not exist yet.

Source: AWS CloudFormation User Guide, Validate stack deployments, 2026; the words as CloudFormation gave them in 2025-12.
"""

from __future__ import annotations

from typing import Final

from semanticworld.local.cloud.cloudformation.run.resolve import active
from semanticworld.local.cloud.cloudformation.seam import Record, responses, stacks

REASON: Final = (
    "The following hook(s)/validation failed: [AWS::EarlyValidation::ResourceExistenceCheck]. "
    "To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information."
)
EVENTS: Final = "_validation_events"
"""Where a change set keeps what DescribeEvents tells of it."""


def conflicts(stack: Record, change_set: Record, conditions: Record) -> list[Record]:
    """The validation errors of the resources that the change set would create though they exist; buckets are known."""
    template = change_set["_template"]
    added = {
        change["ResourceChange"]["LogicalResourceId"]
        for change in change_set["Changes"]
        if change["ResourceChange"]["Action"] == "Add"
    } & active(template, conditions)
    found = stacks._validation_errors(
        template.get("Resources") or {},
        sorted(added),
        change_set["_resolved_params"],
        conditions,
        template.get("Mappings") or {},
        stack["StackName"],
        stack["StackId"],
    )
    operation_id = responses.new_uuid()
    return [
        stacks._operation_event(
            stack["StackId"],
            operation_id,
            "VALIDATION_ERROR",
            "CREATE_CHANGESET",
            LogicalResourceId=logical_id,
            ResourceType=resource_type,
            ValidationFailureMode="FAIL",
            ValidationName=name,
            ValidationStatus="FAILED",
            ValidationStatusReason=reason,
            ValidationPath=path,
        )
        for logical_id, resource_type, name, path, reason in found
        if name == "NAME_CONFLICT_VALIDATION"
    ]


def check(stack: Record, change_set: Record, conditions: Record) -> None:
    """Fail the change set when it would create what exists."""
    if change_set["Status"] != "CREATE_COMPLETE" or change_set["_disable_validation"]:
        return
    found = conflicts(stack, change_set, conditions)
    if found:
        change_set.update(Status="FAILED", ExecutionStatus="UNAVAILABLE", StatusReason=REASON)
        change_set[EVENTS] = found
