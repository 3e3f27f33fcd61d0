"""Starting operations, in the place of ministack's own: these functions stand where its handlers look for theirs.

Each records the operation at once, while the request is still being answered, and returns the coroutine that runs it:
a server killed in between finds the operation on the stack's record.
"""

from __future__ import annotations

import asyncio
import copy
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable

from semanticworld.local.cloud.cloudformation.run import delete, deploy, journal, live, rollback
from semanticworld.local.cloud.cloudformation.run.live import Run
from semanticworld.local.cloud.cloudformation.run.operation import FAILED, KEY, begin, current, snapshot
from semanticworld.local.cloud.cloudformation.seam import Record, service, stacks

logger = logging.getLogger(__name__)

SECONDS_PER_MINUTE = 60
_FAILED_CREATES = frozenset({"CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED"})


def deploy_stack(  # noqa: PLR0913, PLR0917 - ministack's signature
    stack_name: str,
    stack_id: str,  # noqa: ARG001 - ministack's signature
    template: Record,
    param_values: Record,
    disable_rollback: bool,  # noqa: FBT001 - ministack's signature
    tags: list[Record],  # noqa: ARG001 - ministack's signature
    is_update: bool = False,  # noqa: FBT001, FBT002 - ministack's signature
    previous_stack: Record | None = None,
    retain_except_on_create: bool = False,  # noqa: FBT001, FBT002 - ministack's signature
    imports: Record | None = None,
) -> Coroutine[None, None, None]:
    """What creates or updates the stack."""
    stack = service._stacks[stack_name]
    failed: Record = stack.get(FAILED) or {}
    before = copy.deepcopy((previous_stack or {}).get("_resources") or {}) if is_update else {}
    operation = begin(
        stack,
        kind="UPDATE" if is_update else "CREATE",
        token=stacks.CLIENT_REQUEST_TOKEN.get(),
        template=template,
        params=param_values,
        stable=failed.get("stable", previous_stack) if is_update else None,
        before=before,
        tags_before=list((previous_stack or {}).get("Tags") or []),
        template_before=(previous_stack or {}).get("_template") or {},
        disable_rollback=disable_rollback,
        retain_except_on_create=retain_except_on_create,
        imports=dict(imports or {}),
    )
    journal.belongs(stack, operation)
    return execute(Run(stack=stack, operation=operation), deploy.deploy)


def deleting_on_failure(
    stack_name: str,
    stack_id: str,  # noqa: ARG001 - ministack's signature
    coroutine: Coroutine[None, None, None],
) -> Coroutine[None, None, None]:
    """The same operation, which deletes the stack when its creation fails."""
    operation = current(service._stacks[stack_name])
    if operation is not None:
        operation["delete_on_failure"] = True
    return coroutine


def tracked(change_set: Record, stack: Record, coroutine: Coroutine[None, None, None]) -> Coroutine[None, None, None]:
    """The same operation, which tells the change set how it went."""
    operation = current(stack)
    if operation is not None:
        journal.initiated(stack)
        operation["change_set"] = change_set["ChangeSetId"]
        stack["ChangeSetId"] = change_set["ChangeSetId"]
        return coroutine
    return _imported(change_set, stack, coroutine)


async def _imported(change_set: Record, stack: Record, coroutine: Coroutine[None, None, None]) -> None:
    await coroutine
    done = stack["StackStatus"] == "IMPORT_COMPLETE"
    change_set["ExecutionStatus"] = "EXECUTE_COMPLETE" if done else "EXECUTE_FAILED"


def delete_stack(
    stack_name: str,
    stack_id: str,  # noqa: ARG001 - ministack's signature
    retain_resources: Iterable[str] = (),
    force: bool = False,  # noqa: FBT001, FBT002 - ministack's signature
) -> Coroutine[None, None, None]:
    """What deletes the stack, after whatever is under way has given up."""
    stack = service._stacks[stack_name]
    under_way = live.of(stack)
    template = (current(stack) or {}).get("template") or {}
    operation = begin(
        stack,
        kind="DELETE",
        phase="delete",
        token=stacks.CLIENT_REQUEST_TOKEN.get(),
        template=template,
        retain=sorted(retain_resources),
        force=force,
    )
    journal.stack_status(stack, "DELETE_IN_PROGRESS", "User Initiated")
    if under_way is not None:
        under_way.halt("delete")
    return _delete(Run(stack=stack, operation=operation), under_way)


async def _delete(run: Run, under_way: Run | None) -> None:
    if under_way is not None:
        await under_way.left.wait()
    await execute(run, delete.delete)


def roll_back_operation(
    stack_name: str,  # noqa: ARG001 - ministack's signature
    stack_id: str,  # noqa: ARG001 - ministack's signature
    stack: Record,
    operation: Record,
    reason_override: str = "",
) -> Coroutine[None, None, None]:
    """What takes a *_FAILED stack back (RollbackStack)."""
    failed: Record = {**(stack.get(FAILED) or {}), **operation}
    failed.update(kind="ROLLBACK", phase="rollback", token=stacks.CLIENT_REQUEST_TOKEN.get(), change_set="")
    run = Run(stack=stack, operation=begin(stack, **failed))

    async def back(run: Run) -> None:
        await rollback.roll_back(run, reason_override)

    return execute(run, back)


def continue_update_rollback(
    stack_name: str,
    stack_id: str,  # noqa: ARG001 - ministack's signature
    resources_to_skip: Iterable[str],
) -> Coroutine[None, None, None]:
    """What goes on with a rollback that was stuck."""
    stack = service._stacks[stack_name]
    stuck: Record = {**(stack.pop("_rollback_operation", None) or {"stable": snapshot(stack)})}
    stuck.update(
        kind="CONTINUE_ROLLBACK",
        phase="rollback",
        token=stacks.CLIENT_REQUEST_TOKEN.get(),
        skip=sorted(resources_to_skip),
        change_set="",
    )
    run = Run(stack=stack, operation=begin(stack, **stuck))
    stack["StackStatus"] = "UPDATE_ROLLBACK_IN_PROGRESS"

    async def back(run: Run) -> None:
        await rollback.roll_back(run, "User Initiated")

    return execute(run, back)


async def execute(run: Run, step: Callable[[Run], Awaitable[None]]) -> None:
    """Run the operation to its end: whatever happens, the stack comes to rest."""
    live.enter(run)
    stacks.CLIENT_REQUEST_TOKEN.set(run.operation["token"])
    minutes = int(run.stack.get("TimeoutInMinutes") or 0)
    watch = (
        asyncio.get_running_loop().call_later(minutes * SECONDS_PER_MINUTE, run.halt, "timeout")
        if minutes and run.operation["kind"] == "CREATE"
        else None
    )
    try:
        await step(run)
    except Exception:
        logger.exception("operation on %s", run.stack["StackName"])
        _give_up(run.stack)
    finally:
        live.leave(run)
        if watch is not None:
            watch.cancel()
    _report(run)
    if run.operation["delete_on_failure"] and run.stack["StackStatus"] in _FAILED_CREATES:
        await delete_stack(run.stack["StackName"], run.stack["StackId"])


def _give_up(stack: Record) -> None:
    """Our own mistake must not leave a stack in progress for ever."""
    stack.pop(KEY, None)
    if stack["StackStatus"].endswith("_IN_PROGRESS"):
        status = stack["StackStatus"].removesuffix("_IN_PROGRESS").removesuffix("_COMPLETE_CLEANUP") + "_FAILED"
        journal.stack_status(stack, status, "Internal Failure")


def _report(run: Run) -> None:
    change_set = service._change_sets.get(run.operation["change_set"])
    if change_set is not None:
        done = run.stack["StackStatus"] in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
        change_set["ExecutionStatus"] = "EXECUTE_COMPLETE" if done else "EXECUTE_FAILED"
