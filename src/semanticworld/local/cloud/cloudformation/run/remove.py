"""Deleting one resource of a stack, or letting it live on outside of it."""

from __future__ import annotations

from collections.abc import Callable

from semanticworld.local.cloud.cloudformation.run import handler, journal, trouble
from semanticworld.local.cloud.cloudformation.run.live import Run
from semanticworld.local.cloud.cloudformation.seam import Record, provisioners


async def delete(
    run: Run, logical_id: str, resource: Record, *, snapshot: bool = False, before: Callable[[], None] = lambda: None
) -> None:
    """Delete what the record names, with events; raise when it would not go.

    The record may be the stack's own or that of a predecessor; the caller takes it out of the stack.
    `before` is called when nothing ordered to fail stands in the way.
    """
    resource_type, physical_id = resource["ResourceType"], resource["PhysicalResourceId"]
    if not physical_id:
        journal.event(run.stack, logical_id, resource_type, "DELETE_COMPLETE")
        return
    journal.event(run.stack, logical_id, resource_type, "DELETE_IN_PROGRESS", "", physical_id)
    mine = run.stack["_resources"].get(logical_id) is resource
    if mine:
        resource["ResourceStatus"] = "DELETE_IN_PROGRESS"
    try:
        await trouble.strike(run, logical_id, resource_type, "delete")
        before()
        if snapshot:
            await handler.call(
                resource_type, provisioners._snapshot_resource, resource_type, physical_id, resource["Properties"]
            )
        await handler.call(
            resource_type,
            provisioners._delete_resource,
            resource_type,
            physical_id,
            resource["Properties"],
            run.stack["StackName"],
            logical_id,
        )
        await handler.gone(run, resource_type, physical_id, resource["Properties"])
    except Exception as error:
        reason = str(error)
        journal.event(run.stack, logical_id, resource_type, "DELETE_FAILED", reason, physical_id)
        if mine:
            resource.update(ResourceStatus="DELETE_FAILED", ResourceStatusReason=reason)
        raise
    journal.event(run.stack, logical_id, resource_type, "DELETE_COMPLETE", "", physical_id)


def skip(run: Run, logical_id: str, resource: Record, reason: str = "") -> None:
    """Let the resource live on; the caller takes the record out of the stack."""
    journal.event(
        run.stack, logical_id, resource["ResourceType"], "DELETE_SKIPPED", reason, resource["PhysicalResourceId"]
    )
