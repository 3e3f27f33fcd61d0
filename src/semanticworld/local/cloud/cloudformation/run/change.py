"""Updating one resource of a stack, in place or by replacement, and sending it back."""

from __future__ import annotations

import copy

from semanticworld.local.cloud.cloudformation import update_types
from semanticworld.local.cloud.cloudformation.run import handler, journal, make, resolve, trouble
from semanticworld.local.cloud.cloudformation.run.live import Halted, Run
from semanticworld.local.cloud.cloudformation.seam import Record, provisioners, stacks

REPLACING = "Requested update requires the creation of a new physical resource; hence creating one."
NOT_WITHOUT_ROLLBACK = "Replacement type updates not supported on stack with disable-rollback."
CANCELLED = "Resource update cancelled"


async def update(run: Run, logical_id: str, conditions: Record) -> None:
    """Bring the resource to what the template says; raise when it failed, with its events written either way."""
    stack, operation = run.stack, run.operation
    before: Record = operation["before"][logical_id]
    resource_type = str(resolve.definition(operation, logical_id).get("Type"))
    if before["ResourceType"] != resource_type or not before["PhysicalResourceId"]:
        await _anew(run, logical_id, before, conditions)
        return
    try:
        props, dynamic = resolve.properties(stack, operation, conditions, logical_id)
    except Exception as error:
        journal.resource_status(stack, logical_id, "UPDATE_FAILED", str(error))
        raise
    old = resolve.tagged(stack, resource_type, logical_id, before["Properties"], _tags_before(operation))
    new = resolve.tagged(stack, resource_type, logical_id, props, stack.get("Tags") or [])
    resource = stack["_resources"][logical_id]
    if resource["PhysicalResourceId"] != before["PhysicalResourceId"]:  # replaced before the server was killed
        await handler.stabilized(run, resource_type, resource["PhysicalResourceId"], new)
        journal.resource_status(stack, logical_id, "UPDATE_COMPLETE")
        return
    if old == new and before["ResourceStatus"] not in {"UPDATE_FAILED", "CREATE_FAILED"}:
        resource["Properties"] = props
        return
    refusal = update_types.custom_name_refusal(resource_type, old, new, before["PhysicalResourceId"])
    if refusal:  # before the record changes: there will be nothing to send back
        journal.resource_status(stack, logical_id, "UPDATE_FAILED", refusal)
        raise ValueError(refusal)
    resource.update(Properties=props, **({"_dynamic": dynamic} if dynamic else {}))
    try:
        await _update(run, logical_id, old, new)
    except Halted:
        journal.resource_status(stack, logical_id, "UPDATE_FAILED", CANCELLED)
        return
    except Exception as error:
        journal.resource_status(stack, logical_id, "UPDATE_FAILED", str(error))
        raise
    journal.resource_status(stack, logical_id, "UPDATE_COMPLETE")


def _tags_before(operation: Record) -> list[Record]:
    tags: list[Record] = operation.get("tags_before") or []
    return tags


async def _anew(run: Run, logical_id: str, before: Record, conditions: Record) -> None:
    """A resource whose type changed, or that was never really made: create it, and let go of the old one later."""
    replaced = run.operation["replaced"]
    if not any(entry["logical_id"] == logical_id for entry in replaced):
        if before["PhysicalResourceId"]:
            replaced.append({"logical_id": logical_id, **copy.deepcopy(before)})
        del run.stack["_resources"][logical_id]
    await make.create(run, logical_id, conditions)


async def _update(run: Run, logical_id: str, old: Record, new: Record) -> None:
    stack = run.stack
    resource = stack["_resources"][logical_id]
    resource_type, old_id = resource["ResourceType"], resource["PhysicalResourceId"]
    replacing = provisioners._replacing_change(resource_type, old, new)
    journal.resource_status(stack, logical_id, "UPDATE_IN_PROGRESS", REPLACING if replacing else "")
    if replacing and run.operation["disable_rollback"]:
        raise ValueError(NOT_WITHOUT_ROLLBACK)
    await trouble.strike(run, logical_id, resource_type, "update")
    pending: list[tuple[object, ...]] = []
    provisioners._RETAIN_REPLACED.set(
        resolve.keeps(
            resolve.policy(stack, run.operation["template"], "UpdateReplacePolicy", logical_id, stack["_conditions"])
        )
    )
    provisioners._DEFERRED_PREDECESSOR_DELETES.set(pending)
    provisioners._NAME_SEED.set(resource.get("_name_seed", ""))
    if resource_type.startswith("AWS::CloudFormation::Wait"):
        raise ValueError(f"Update to resource type {resource_type} is not supported.")
    (new_id, attributes), seed = await handler.call(
        resource_type,
        stacks._update_keeping_seed,
        resource_type,
        old_id,
        old,
        new,
        stack["StackName"],
        logical_id,
        resource.get("Attributes"),
    )
    if new_id != old_id or pending:
        run.operation["replaced"].append(
            {"logical_id": logical_id, **copy.deepcopy(run.operation["before"][logical_id])}
        )
        run.deferred.extend((logical_id, *entry) for entry in pending)  # type: ignore[misc]
    resource.update(PhysicalResourceId=new_id, Attributes=attributes)
    if seed:
        resource["_name_seed"] = seed
    if new_id != old_id:
        journal.resource_status(stack, logical_id, "UPDATE_IN_PROGRESS", make.INITIATED)
    await handler.stabilized(run, resource_type, new_id, new)


async def send_back(run: Run, logical_id: str, stable: Record, tags_now: list[Record], tags_then: list[Record]) -> None:
    """Bring a resource back in place to what it was; raise when it would not go."""
    stack = run.stack
    resource = stack["_resources"][logical_id]
    resource_type, physical_id = resource["ResourceType"], resource["PhysicalResourceId"]
    applied = resolve.tagged(stack, resource_type, logical_id, resource["Properties"], tags_now)
    wanted = resolve.tagged(stack, resource_type, logical_id, stable["Properties"], tags_then)
    # A replacement that failed left the resource as it was: there is nothing to send back.
    untouched = resource["ResourceStatus"] == "UPDATE_FAILED" and provisioners._replacing_change(
        resource_type, applied, wanted
    )
    journal.resource_status(stack, logical_id, "UPDATE_IN_PROGRESS")
    try:
        await trouble.strike(run, logical_id, resource_type, "rollback")
        provisioners._NAME_SEED.set(stable.get("_name_seed", ""))
        if applied != wanted and not untouched:
            restored, attributes = await handler.call(
                resource_type,
                provisioners._update_resource,
                resource_type,
                physical_id,
                applied,
                wanted,
                stack["StackName"],
                logical_id,
                resource.get("Attributes"),
            )
            resource.update(PhysicalResourceId=restored, Attributes={**stable["Attributes"], **(attributes or {})})
            await handler.stabilized(run, resource_type, restored, wanted)
    except Exception as error:
        journal.resource_status(stack, logical_id, "UPDATE_FAILED", str(error))
        raise
    resource["Properties"] = copy.deepcopy(stable["Properties"])
    journal.resource_status(stack, logical_id, "UPDATE_COMPLETE")
