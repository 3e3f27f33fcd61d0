"""After an update: letting go of what the new template no longer has."""

from __future__ import annotations

import asyncio

from semanticworld.local.cloud.cloudformation.run import graph, journal, remove, resolve
from semanticworld.local.cloud.cloudformation.run.live import Run
from semanticworld.local.cloud.cloudformation.run.operation import KEY
from semanticworld.local.cloud.cloudformation.seam import Record

LEFT_OVER = "One or more resources could not be deleted."


async def after_update(run: Run, conditions: Record, names: set[str]) -> None:
    """Delete replaced and removed resources; the update has succeeded whatever comes of it."""
    stack, operation = run.stack, run.operation
    operation["phase"] = "cleanup"
    removed = {name for name in stack["_resources"] if name not in names}
    if not removed and not operation["replaced"]:
        _complete(stack, "")
        return
    journal.stack_status(stack, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
    failed = await _predecessors(run, conditions) | await _removed(run, removed, conditions)
    _complete(stack, LEFT_OVER if failed else "")


def _complete(stack: Record, reason: str) -> None:
    journal.stack_status(stack, "UPDATE_COMPLETE", reason)
    stack.pop(KEY, None)


async def _predecessors(run: Run, conditions: Record) -> set[str]:
    operation = run.operation
    template = operation["template"]
    failed: set[str] = set()
    replaced = {entry["logical_id"]: entry for entry in operation["replaced"]}

    async def let_go(logical_id: str) -> None:
        old = replaced[logical_id]
        chosen = resolve.policy(run.stack, template, "UpdateReplacePolicy", logical_id, conditions)
        current = run.stack["_resources"].get(logical_id) or {}
        same = current.get("PhysicalResourceId") == old["PhysicalResourceId"]
        if resolve.keeps(chosen):
            if not same:
                remove.skip(run, logical_id, old)
        else:

            def let_deferred_go() -> None:
                for name, function, args, kwargs in run.deferred:
                    if name == logical_id:
                        function(*args, **kwargs)

            if same:
                let_deferred_go()
            else:
                await remove.delete(run, logical_id, old, snapshot=chosen == "Snapshot", before=let_deferred_go)
        operation["replaced"].remove(old)

    needed = graph.reversed_needs(graph.needs(template.get("Resources") or {}, set(replaced)))
    failed |= set(await graph.walk(needed, let_go, asyncio.Event(), stop_on_failure=False))
    return failed


async def _removed(run: Run, removed: set[str], conditions: Record) -> set[str]:
    stack = run.stack
    before = run.operation.get("template_before") or {}

    async def let_go(logical_id: str) -> None:
        resource = stack["_resources"][logical_id]
        chosen = resolve.policy(stack, before, "DeletionPolicy", logical_id, conditions)
        if resolve.keeps(chosen):
            remove.skip(run, logical_id, resource)
        else:
            await remove.delete(run, logical_id, resource, snapshot=chosen == "Snapshot")
        del stack["_resources"][logical_id]

    needed = graph.reversed_needs(graph.needs(before.get("Resources") or {}, removed))
    return set(await graph.walk(needed, let_go, asyncio.Event(), stop_on_failure=False))
