"""Calling a resource type's handler, and waiting until what it made has settled.

A type's entry in ministack's handler table may carry, besides create, update, delete and snapshot:

* `stabilized(physical_id, props) -> bool`: polled after a create or update until true; it raises when the resource failed.
* `deleted(physical_id, props) -> bool`: polled after a delete until true.
* `on_thread`: True for a handler that blocks; it then runs on a thread of its own instead of the event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from ministack.core.concurrency import run_reentrant

from semanticworld.local.cloud.cloudformation.run.live import Run
from semanticworld.local.cloud.cloudformation.seam import Record, provisioners, responses, stacks

_FINISHED = (
    "Resource handler returned message",
    "CloudFormation cannot update a stack when a custom-named resource",
    "Properties validation failed for resource",
    "Encountered unsupported property",
)
"""How reasons begin that are CloudFormation's own, or that the handler has already put into its shape."""


class HandlerError(Exception):
    """What a resource handler said, in the shape CloudFormation reports it."""


def spec(resource_type: str) -> dict[str, Any]:
    """The type's entry in the handler table; empty when it has none."""
    found: dict[str, Any] = provisioners._RESOURCE_HANDLERS.get(resource_type) or {}
    return found


async def call(resource_type: str, function: Callable[..., Any], *args: object) -> Any:  # noqa: ANN401 - the handler's own answer
    """The function's answer; what it raises becomes a HandlerError."""
    await asyncio.sleep(0)
    try:
        if stacks._runs_on_worker_thread(resource_type) or spec(resource_type).get("on_thread"):
            return await run_reentrant(function, *args)
        return function(*args)
    except Exception as error:
        raise HandlerError(reported(resource_type, error)) from error


def reported(resource_type: str, error: Exception) -> str:
    """The error as the ResourceStatusReason carries it.

    Types of CloudFormation's registry report through their handler, CloudFormation's own and custom resources do not.
    """
    message = str(error) or type(error).__name__
    if (
        resource_type.startswith(("AWS::CloudFormation::", "Custom::"))
        or message.startswith(_FINISHED)
        or " already exists in stack " in message
    ):
        return message
    code = getattr(error, "handler_error_code", "GeneralServiceException")
    return f'Resource handler returned message: "{message}" (RequestToken: {responses.new_uuid()}, HandlerErrorCode: {code})'


async def stabilized(run: Run, resource_type: str, physical_id: str, props: Record) -> None:
    """Return once the resource can be relied on."""
    await _polled(run, resource_type, "stabilized", physical_id, props)


async def gone(run: Run, resource_type: str, physical_id: str, props: Record) -> None:
    """Return once the resource is really gone."""
    await _polled(run, resource_type, "deleted", physical_id, props)


async def _polled(run: Run, resource_type: str, hook: str, physical_id: str, props: Record) -> None:
    ask = spec(resource_type).get(hook)
    if ask is None:
        return

    def ready() -> bool:
        try:
            return bool(ask(physical_id, props))
        except Exception as error:
            raise HandlerError(reported(resource_type, error)) from error

    await run.until(ready)
