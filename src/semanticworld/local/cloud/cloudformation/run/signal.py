"""Waiting for signals: CreationPolicy on any resource, and WaitCondition."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

from semanticworld.local.cloud.cloudformation.run.live import Run
from semanticworld.local.cloud.cloudformation.seam import Record, responses, signals

WAIT_CONDITION = "AWS::CloudFormation::WaitCondition"

INTERRUPTED = "Internal Failure: the server ended while the resource waited for signals"
"""Who was to signal may have ended with the server; waiting on could be waiting for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """How many successes are awaited, on which slot, and for how long (seconds)."""

    logical_id: str
    resource_type: str
    token: str
    count: int
    timeout_seconds: float


def awaits(definition: Record) -> bool:
    """True for a resource that is complete only after signals."""
    policy = definition.get("CreationPolicy") or {}
    return definition.get("Type") == WAIT_CONDITION or "ResourceSignal" in policy


def creation_policy(stack: Record, logical_id: str, definition: Record) -> Wait | None:
    """The wait that a resource's CreationPolicy demands, ready to take signals; None when there is none.

    It must be opened before the resource is made: a machine may signal sooner than its creation call returns.
    """
    resource_type = str(definition.get("Type"))
    signal = (definition.get("CreationPolicy") or {}).get("ResourceSignal")
    if signal is None or resource_type == WAIT_CONDITION:
        return None
    return _open(
        stack,
        Wait(
            logical_id=logical_id,
            resource_type=resource_type,
            token=signals.register_slot(stack["StackId"]),
            count=signals.validate_count(signal.get("Count"), logical_id),
            timeout_seconds=signals.validate_resource_signal_timeout(signal.get("Timeout"), logical_id),
        ),
    )


def _open(stack: Record, wait: Wait) -> Wait:
    with signals._changed:
        signals._waiting[(stack["StackId"], wait.logical_id)] = {
            "token": wait.token,
            "stack_name": stack["StackName"],
            "resource_type": wait.resource_type,
        }
    return wait


def close(stack: Record, wait: Wait) -> None:
    """Take no more signals for this wait."""
    with signals._changed:
        waiter = signals._waiting.get((stack["StackId"], wait.logical_id))
        if waiter is not None and waiter["token"] == wait.token:
            del signals._waiting[(stack["StackId"], wait.logical_id)]
        handle = signals._handles.get(wait.token)
        if handle is not None and not handle["url"]:
            del signals._handles[wait.token]


async def satisfied(run: Run, wait: Wait) -> dict[str, str]:
    """{UniqueId: Data} of the successes, once there are enough.

    Raises ValueError with AWS's text when a failure comes or the time is over, Halted when the operation is.
    """
    deadline = time.monotonic() + wait.timeout_seconds
    condition = wait.resource_type == WAIT_CONDITION

    def settled() -> bool:
        seen = _seen(wait)
        return _failure(seen) is not None or len(_successes(seen)) >= wait.count or time.monotonic() >= deadline

    try:
        await run.until(settled)
    finally:
        seen = _seen(wait)
        close(run.stack, wait)
    successes = _successes(seen)
    failure = _failure(seen)
    if failure is not None:
        if condition:
            raise ValueError(f"WaitCondition received failed message: '{failure[1]}' for uniqueId: {failure[0]}")
        raise ValueError(
            f"Received {len(seen) - len(successes)} FAILURE signal(s) out of {wait.count}.  Unable to satisfy 100% "
            "MinSuccessfulInstancesPercent requirement"
        )
    if len(successes) < wait.count:
        if condition:
            raise ValueError(
                f"WaitCondition timed out. Received {len(successes)} conditions when expecting {wait.count}"
            )
        raise ValueError(
            f"Failed to receive {wait.count - len(successes)} resource signal(s) within the specified duration"
        )
    return successes


async def wait_condition(run: Run, logical_id: str, definition: Record, props: Record) -> tuple[str, dict[str, str]]:
    """The physical id and attributes of a WaitCondition, once its signals are there."""
    stack = run.stack
    if "CreationPolicy" in definition:
        signal = (definition["CreationPolicy"] or {}).get("ResourceSignal") or {}
        token = signals.register_slot(stack["StackId"])
        count = signals.validate_count(signal.get("Count"), logical_id)
        timeout = signals.validate_resource_signal_timeout(signal.get("Timeout"), logical_id)
    else:
        token = signals.token_from_url(props.get("Handle"))
        if token is None or signals.handle_owner(token) != stack["StackId"]:
            raise ValueError("WaitCondition Handle must be the Ref of a WaitConditionHandle of the same stack")
        count = signals.validate_count(props.get("Count"), logical_id)
        timeout = signals.validate_timeout_seconds(props.get("Timeout"), logical_id)
    wait = _open(
        stack,
        Wait(
            logical_id=logical_id,
            resource_type=WAIT_CONDITION,
            token=token,
            count=count,
            timeout_seconds=timeout,
        ),
    )
    data = await satisfied(run, wait)
    physical_id = f"{stack['StackId']}/{logical_id}-{responses.new_uuid()[:8]}"
    return physical_id, {"Data": json.dumps(data), "Id": physical_id}


def _seen(wait: Wait) -> dict[str, Record]:
    with signals._lock:
        return dict((signals._handles.get(wait.token) or {}).get("signals") or {})


def _successes(seen: dict[str, Record]) -> dict[str, str]:
    return {unique: str(signal["Data"]) for unique, signal in seen.items() if signal["Status"] == "SUCCESS"}


def _failure(seen: dict[str, Record]) -> tuple[str, str] | None:
    return next(
        ((unique, str(signal["Reason"])) for unique, signal in seen.items() if signal["Status"] == "FAILURE"), None
    )
