"""Going back: undoing a failed create or update, with everything that may fail on the way."""

from __future__ import annotations

import asyncio
import copy

from semanticworld.local.cloud.cloudformation.run import change, graph, journal, remove, resolve
from semanticworld.local.cloud.cloudformation.run.live import Run
from semanticworld.local.cloud.cloudformation.run.operation import FAILED, KEY, STABLE, is_update
from semanticworld.local.cloud.cloudformation.seam import Record, engine

PENDING = "_rollback_failed"
"""ministack's ContinueUpdateRollback checks the resources to skip against the keys of this."""

SKIPPED = "Resource rollback skipped by user"


async def roll_back(run: Run, reason: str) -> None:
    """Undo the operation; the stack rests in a *ROLLBACK_* status afterwards."""
    stack = run.stack
    run.halted = asyncio.Event()
    run.operation["phase"] = "rollback"
    stack.pop(FAILED, None)
    stack.pop(PENDING, None)
    if is_update(run.operation):
        journal.stack_status(stack, "UPDATE_ROLLBACK_IN_PROGRESS", reason)
        await _back_to_stable(run)
    else:
        journal.stack_status(stack, "ROLLBACK_IN_PROGRESS", reason)
        await _back_to_nothing(run)


async def _back_to_nothing(run: Run) -> None:
    stack = run.stack
    failed = await _delete_all(run, dict(stack["_resources"]), from_stack=True)
    if run.why == "delete":  # the delete goes on from here, with what is left
        return
    if failed:
        journal.stack_status(stack, "ROLLBACK_FAILED", journal.failed_to("delete", failed))
    else:
        journal.stack_status(stack, "ROLLBACK_COMPLETE")
    stack.pop(KEY, None)


async def _delete_all(run: Run, resources: dict[str, Record], *, from_stack: bool) -> set[str]:
    """The logical ids of what would not go. A retained resource lives on unless it goes back on create."""
    stack, operation = run.stack, run.operation
    template = operation["template"]
    conditions = engine._evaluate_conditions(template, operation["params"])

    async def let_go(logical_id: str) -> None:
        resource = resources[logical_id]
        chosen = resolve.policy(stack, template, "DeletionPolicy", logical_id, conditions)
        if logical_id in operation["imports"] or (
            chosen == "Retain" and not operation["retain_except_on_create"] and resource["PhysicalResourceId"]
        ):
            remove.skip(run, logical_id, resource)
        else:
            await remove.delete(run, logical_id, resource)
        if from_stack:
            del stack["_resources"][logical_id]

    needed = graph.reversed_needs(graph.needs(template.get("Resources") or {}, set(resources)))
    return set(await graph.walk(needed, let_go, asyncio.Event(), stop_on_failure=False))


async def _back_to_stable(run: Run) -> None:
    stack, operation = run.stack, run.operation
    stable: Record = operation["stable"]
    kept: dict[str, Record] = stable["_resources"]
    tags_now, tags_then = list(stack.get("Tags") or []), list(stable.get("Tags") or [])

    async def restore(logical_id: str) -> None:
        now, then = stack["_resources"].get(logical_id), kept[logical_id]
        if now is None or now["PhysicalResourceId"] != then["PhysicalResourceId"]:
            return
        if logical_id in operation["skip"]:
            journal.resource_status(stack, logical_id, "UPDATE_COMPLETE", SKIPPED)
            return
        if now["Properties"] == then["Properties"] and tags_now == tags_then and _untouched(now):
            return
        await change.send_back(run, logical_id, then, tags_now, tags_then)
        then.update(PhysicalResourceId=now["PhysicalResourceId"], Attributes=now["Attributes"])

    needed = graph.needs((stable.get("_template") or {}).get("Resources") or {}, set(kept))
    failed = set(await graph.walk(needed, restore, run.halted, stop_on_failure=False))
    if failed:
        _stuck(stack, operation, failed)
        return
    await _cleanup(run, kept)


def _untouched(resource: Record) -> bool:
    return resource["ResourceStatus"] not in {"UPDATE_FAILED", "UPDATE_IN_PROGRESS"}


def _stuck(stack: Record, operation: Record, failed: set[str]) -> None:
    stack[PENDING] = {name: {"ResourceType": stack["_resources"][name]["ResourceType"]} for name in failed}
    journal.stack_status(stack, "UPDATE_ROLLBACK_FAILED", journal.failed_to("update", failed))
    stack["_rollback_operation"] = stack.pop(KEY, operation)


async def _cleanup(run: Run, kept: dict[str, Record]) -> None:
    """Let go of what the update made, then have the stack as it was."""
    stack, operation = run.stack, run.operation
    operation["phase"] = "rollback-cleanup"
    made: dict[str, Record] = {}
    for logical_id, resource in stack["_resources"].items():
        then = kept.get(logical_id)
        if then is None or then["PhysicalResourceId"] != resource["PhysicalResourceId"]:
            made[logical_id] = resource
    journal.stack_status(stack, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
    for logical_id in made:
        if logical_id in kept:
            old = kept[logical_id]
            journal.event(stack, logical_id, old["ResourceType"], "UPDATE_COMPLETE", "", old["PhysicalResourceId"])
    await _delete_all(run, made, from_stack=False)
    records = {name: stack["_resources"].get(name) for name in kept}
    for key in STABLE:
        if key in operation["stable"]:
            stack[key] = copy.deepcopy(operation["stable"][key])
    for name, record in records.items():
        if record is not None and record["PhysicalResourceId"] == stack["_resources"][name]["PhysicalResourceId"]:
            stack["_resources"][name]["ResourceStatus"] = record["ResourceStatus"]
    journal.stack_status(stack, "UPDATE_ROLLBACK_COMPLETE")
    stack.pop(KEY, None)
