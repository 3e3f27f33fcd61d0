"""After a restart: every operation that was under way is taken up where the record says it stood."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from semanticworld.local.cloud.cloudformation.run import cleanup, delete, deploy, journal, live, resolve, rollback
from semanticworld.local.cloud.cloudformation.run.live import Run
from semanticworld.local.cloud.cloudformation.run.operation import current
from semanticworld.local.cloud.cloudformation.run.start import execute
from semanticworld.local.cloud.cloudformation.seam import Record, engine, responses, service

_tasks: set[asyncio.Task[None]] = set()


def settle_after_restart() -> tuple[str, ...]:
    """The names of the stacks whose operation goes on from here. Call it on the event loop, once state is restored."""
    settled = []
    for (account, region, name), stack in list(service._stacks._data.items()):
        operation = current(stack)
        if live.of(stack) is not None or (operation is None and not _interrupted(stack)):
            continue
        responses._request_account_id.set(account)
        responses.set_request_region(region)
        settled.append(str(name))
        if operation is None:
            _close(stack)
            continue
        operation["resumed"] = True
        task = asyncio.get_running_loop().create_task(execute(Run(stack=stack, operation=operation), _step(operation)))
        _tasks.add(task)
        task.add_done_callback(_tasks.discard)
    return tuple(settled)


def _interrupted(stack: Record) -> bool:
    status = stack["StackStatus"]
    return bool(status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS")


def _close(stack: Record) -> None:
    """An interrupted import leaves everything as it was: nothing had been made for it."""
    importing = stack["StackStatus"].startswith("IMPORT")
    journal.stack_status(
        stack,
        "IMPORT_ROLLBACK_COMPLETE" if importing else stack["StackStatus"].removesuffix("_IN_PROGRESS") + "_FAILED",
        "The operation was interrupted.",
    )


def _step(operation: Record) -> Callable[[Run], Awaitable[None]]:
    match operation["phase"]:
        case "delete":
            return delete.delete
        case "cleanup":
            return _clean_up
        case "rollback" | "rollback-cleanup":
            return _go_back
        case _:
            return deploy.deploy


async def _clean_up(run: Run) -> None:
    conditions = engine._evaluate_conditions(run.operation["template"], run.operation["params"])
    await cleanup.after_update(run, conditions, resolve.active(run.operation["template"], conditions))


async def _go_back(run: Run) -> None:
    await rollback.roll_back(run, run.operation["reason"] or str(run.stack["StackStatusReason"]))
