"""Creating one resource of a stack."""

from __future__ import annotations

from semanticworld.local.cloud.cloudformation.run import handler, journal, resolve, signal, trouble
from semanticworld.local.cloud.cloudformation.run.live import Halted, Run
from semanticworld.local.cloud.cloudformation.seam import Record, provisioners, responses, stacks

INITIATED = "Resource creation Initiated"
CANCELLED = "Resource creation cancelled"


def record(stack: Record, logical_id: str, resource_type: str, status: str) -> Record:
    """A new record of the resource, in the stack from now on."""
    made: Record = {
        "PhysicalResourceId": "",
        "ResourceType": resource_type,
        "ResourceStatus": status,
        "ResourceStatusReason": "",
        "LogicalResourceId": logical_id,
        "Properties": {},
        "Attributes": {},
        "Timestamp": responses.now_iso(),
    }
    stack["_resources"][logical_id] = made
    return made


async def create(run: Run, logical_id: str, conditions: Record) -> None:
    """Make the resource; raise when it failed, with its events written either way.

    What an earlier life of the server already made is taken up where it was left.
    """
    stack, operation = run.stack, run.operation
    definition = resolve.definition(operation, logical_id)
    resource_type = str(definition.get("Type"))
    left = stack["_resources"].get(logical_id)
    if left is not None and left["ResourceStatus"] == "CREATE_COMPLETE":
        return
    if left is not None and operation["resumed"] and signal.awaits(definition):
        journal.resource_status(stack, logical_id, "CREATE_FAILED", signal.INTERRUPTED)
        raise ValueError(signal.INTERRUPTED)
    if left is None or not left["PhysicalResourceId"]:
        record(stack, logical_id, resource_type, "CREATE_IN_PROGRESS")
        journal.resource_status(stack, logical_id, "CREATE_IN_PROGRESS")
    wait = signal.creation_policy(stack, logical_id, definition)
    try:
        await _create(run, logical_id, definition, conditions, wait)
    except Halted:
        journal.resource_status(stack, logical_id, "CREATE_FAILED", CANCELLED)
        return
    except Exception as error:
        journal.resource_status(stack, logical_id, "CREATE_FAILED", str(error))
        raise
    finally:
        if wait is not None:
            signal.close(stack, wait)
    journal.resource_status(stack, logical_id, "CREATE_COMPLETE")


async def _create(run: Run, logical_id: str, definition: Record, conditions: Record, wait: signal.Wait | None) -> None:
    stack = run.stack
    resource = stack["_resources"][logical_id]
    resource_type = resource["ResourceType"]
    props, dynamic = resolve.properties(stack, run.operation, conditions, logical_id)
    sent = resolve.tagged(stack, resource_type, logical_id, props, stack.get("Tags") or [])
    resource["Properties"] = props
    if dynamic:
        resource["_dynamic"] = dynamic
    await trouble.strike(run, logical_id, resource_type, "create")
    if resource_type == signal.WAIT_CONDITION:
        physical_id, attributes = await signal.wait_condition(run, logical_id, definition, props)
    elif resource["PhysicalResourceId"]:
        physical_id, attributes = resource["PhysicalResourceId"], resource["Attributes"]
    else:
        (physical_id, attributes), seed = await handler.call(
            resource_type, stacks._provision_keeping_seed, resource_type, logical_id, sent, stack["StackName"]
        )
        if seed:
            resource["_name_seed"] = seed
    resource["PhysicalResourceId"] = physical_id
    resource["Attributes"] = attributes
    journal.resource_status(stack, logical_id, "CREATE_IN_PROGRESS", INITIATED)
    await handler.stabilized(run, resource_type, physical_id, sent)
    if wait is not None:
        await signal.satisfied(run, wait)


async def adopt(run: Run, logical_id: str, conditions: Record) -> None:
    """Take an existing resource into the stack (ImportExistingResources)."""
    stack, operation = run.stack, run.operation
    resource_type = str(resolve.definition(operation, logical_id).get("Type"))
    props, _ = resolve.properties(stack, operation, conditions, logical_id)
    physical_id, attributes = stacks._adopt_resource(
        stack["StackId"], stack["StackName"], logical_id, resource_type, operation["imports"][logical_id]
    )
    # An import takes the thing as it is; only the stack's tags are put on it.
    tagged = resolve.tagged(stack, resource_type, logical_id, props, stack.get("Tags") or [])
    if tagged != props:
        await handler.call(
            resource_type,
            provisioners._update_resource,
            resource_type,
            physical_id,
            props,
            tagged,
            stack["StackName"],
            logical_id,
            attributes,
        )
    made = record(stack, logical_id, resource_type, "UPDATE_COMPLETE")
    made.update(PhysicalResourceId=physical_id, Attributes=attributes, Properties=props)
