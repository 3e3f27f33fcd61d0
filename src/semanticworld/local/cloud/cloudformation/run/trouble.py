"""Trouble ordered by a person: a resource that fails or is slow (`local fault`)."""

from __future__ import annotations

from semanticworld.local.cloud import faults
from semanticworld.local.cloud.cloudformation.run.live import Run


async def strike(run: Run, logical_id: str, resource_type: str, action: str) -> None:
    """Wait as long as was ordered; raise ValueError with the ordered reason. `action` is one of fault.ACTIONS."""
    ordered = faults.for_resource(logical_id, resource_type, action)
    if ordered is None:
        return
    if ordered.delay_seconds:
        await run.pause(ordered.delay_seconds)
    if ordered.error:
        raise ValueError(ordered.error)
