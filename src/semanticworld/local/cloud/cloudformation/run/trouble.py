"""Trouble ordered by a person: a resource that fails or is slow (`local fault`)."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Protocol

from semanticworld.local.cloud.cloudformation.run.live import Run

FAULTS = "semanticworld.local.cloud.faults"


class Ordered(Protocol):
    """What the fault store answers for a resource."""

    delay_seconds: float
    error: str | None


async def strike(run: Run, logical_id: str, resource_type: str, action: str) -> None:
    """Wait as long as was ordered; raise ValueError with the ordered reason."""
    if importlib.util.find_spec(FAULTS) is None:
        return
    ordered: Ordered | None = importlib.import_module(FAULTS).for_resource(logical_id, resource_type, action)
    if ordered is None:
        return
    if ordered.delay_seconds:
        await run.pause(ordered.delay_seconds)
    if ordered.error:
        raise ValueError(ordered.error)
