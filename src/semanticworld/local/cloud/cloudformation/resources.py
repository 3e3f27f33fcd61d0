"""DescribeStackResources and its kin: by physical id as well, and refused in AWS's words."""

from __future__ import annotations

from semanticworld.local.cloud.cloudformation import lookup
from semanticworld.local.cloud.cloudformation import request as asked
from semanticworld.local.cloud.cloudformation.refusal import Refusal
from semanticworld.local.cloud.cloudformation.seam import Answer, Handler, Record, Request


def reading(operation: str, handler: Handler) -> Handler:
    """The handler, for a stack by name, by id, or (DescribeStackResources) by one of its resources' physical ids."""

    def handle(request: Request) -> Answer:
        name, physical_id = asked.text(request, "StackName"), asked.text(request, "PhysicalResourceId")
        if operation == "DescribeStackResources" and physical_id and not name:
            stack = _owner(physical_id)
            return handler(asked.with_value(request, "StackName", str(stack["StackId"])))
        stack = _found(operation, name)
        logical_id = asked.text(request, "LogicalResourceId")
        if logical_id and logical_id not in stack["_resources"]:
            raise Refusal(f"Resource {logical_id} does not exist for stack {stack['StackName']}")
        return handler(asked.with_value(request, "StackName", str(stack["StackId"])))

    return handle


def _found(operation: str, name: str) -> Record:
    stack = lookup.find(name)
    if stack is None:
        noun = f"Stack '{name}'" if operation == "DescribeStackResource" else f"Stack with id {name}"
        raise Refusal(f"{noun} does not exist")
    return stack


def _owner(physical_id: str) -> Record:
    for stack in lookup.everything():
        if any(found["PhysicalResourceId"] == physical_id for found in stack["_resources"].values()):
            return stack
    raise Refusal(f"Stack for {physical_id} does not exist")
