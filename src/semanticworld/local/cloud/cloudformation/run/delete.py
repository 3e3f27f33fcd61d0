"""Deleting a stack: everything in reverse, and what stays is named."""

from __future__ import annotations

import asyncio

from semanticworld.local.cloud.cloudformation import exports
from semanticworld.local.cloud.cloudformation.run import graph, journal, remove, resolve
from semanticworld.local.cloud.cloudformation.run.live import Run
from semanticworld.local.cloud.cloudformation.run.operation import FAILED, KEY
from semanticworld.local.cloud.cloudformation.seam import Record, responses, service, stacks


async def delete(run: Run) -> None:
    """Delete the stack; it rests in DELETE_COMPLETE or DELETE_FAILED afterwards."""
    stack, operation = run.stack, run.operation
    operation["phase"] = "delete"
    own = stack.get("_template") or operation["template"] or {}
    template = {**own, "Resources": {**_made_by_failed_update(stack), **(own.get("Resources") or {})}}
    conditions = stack.get("_conditions") or {}
    kept: set[str] = set(operation["retain"])
    if operation["force"]:
        stuck = [name for name, found in stack["_resources"].items() if found["ResourceStatus"] == "DELETE_FAILED"]
        kept |= stacks._with_dependencies(stuck, template.get("Resources") or {}, set(stack["_resources"]))

    async def let_go(logical_id: str) -> None:
        resource = stack["_resources"][logical_id]
        chosen = resolve.policy(stack, template, "DeletionPolicy", logical_id, conditions)
        if logical_id in kept or resolve.keeps(chosen):
            remove.skip(run, logical_id, resource)
        else:
            try:
                await remove.delete(run, logical_id, resource, snapshot=chosen == "Snapshot")
            except Exception as error:
                if not operation["force"]:
                    raise
                remove.skip(run, logical_id, resource, str(error))
                kept.update(
                    stacks._with_dependencies([logical_id], template.get("Resources") or {}, set(stack["_resources"]))
                )
        del stack["_resources"][logical_id]

    needed = graph.reversed_needs(graph.needs(template["Resources"], set(stack["_resources"])))
    failed = set(await graph.walk(needed, let_go, asyncio.Event(), stop_on_failure=False))
    if failed:
        journal.stack_status(stack, "DELETE_FAILED", journal.failed_to("delete", failed))
        stack.pop(KEY, None)
        return
    for key in (FAILED, "_rollback_failed", "_rollback_operation"):
        stack.pop(key, None)
    exports.publish(stack, {})
    stack["DeletionTime"] = responses.now_iso()
    journal.stack_status(stack, "DELETE_COMPLETE")
    stack.pop(KEY, None)
    for found in [key for key, change_set in service._change_sets.items() if change_set["StackId"] == stack["StackId"]]:
        del service._change_sets[found]


def _made_by_failed_update(stack: Record) -> Record:
    """The resources of a template that never became the stack's own: they too go in order and by their policy."""
    failed: Record = stack.get(FAILED) or stack.get("_rollback_operation") or {}
    resources: Record = (failed.get("template") or {}).get("Resources") or {}
    return resources
