"""The operations under way in this process, and how they are told to give up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from semanticworld.local.cloud.cloudformation.seam import Record

Halt: TypeAlias = Literal["", "cancel", "delete", "timeout"]

POLL_SECONDS: Final = 0.02
"""How often a resource is asked whether it has settled. The emulator answers at once, so this is all a wait costs."""


class Halted(Exception):  # noqa: N818 - a resource stopped waiting because its operation was over
    """The work was given up because the operation failed, was cancelled or the stack is being deleted."""


@dataclass(slots=True, kw_only=True)
class Run:
    """One running operation. Everything that must survive the process stands in the stack's record instead."""

    stack: Record
    operation: Record
    halted: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    why: Halt = ""
    token: str = ""
    deferred: list[tuple[str, Callable[..., Any], tuple[Any, ...], dict[str, Any]]] = field(default_factory=list)
    """Deletes of predecessors that ministack's handlers queued: (logical id, function, args, kwargs)."""

    def halt(self, why: Halt, token: str = "") -> None:
        """Let nothing new start and let what waits give up."""
        self.why = why
        self.token = token
        self.halted.set()

    async def pause(self, seconds: float) -> None:
        """Wait; raise Halted when the operation is over before."""
        try:
            await asyncio.wait_for(self.halted.wait(), timeout=seconds)
        except TimeoutError:
            return
        raise Halted

    async def until(self, ready: Callable[[], bool]) -> None:
        """Wait until `ready` says so; raise Halted when the operation is over before."""
        while not ready():
            await self.pause(POLL_SECONDS)


_runs: dict[str, Run] = {}


def enter(run: Run) -> None:
    """Make the run known by its stack's id."""
    _runs[str(run.stack["StackId"])] = run


def leave(run: Run) -> None:
    """Forget the run, unless a newer one has taken its place, and let those go on who waited for its end."""
    run.left.set()
    if _runs.get(str(run.stack["StackId"])) is run:
        del _runs[str(run.stack["StackId"])]


def every() -> set[asyncio.Event]:
    """For each operation under way, what tells that it is over."""
    return {run.left for run in _runs.values()}


def of(stack: Record) -> Run | None:
    """The run of a stack, if one is under way in this process."""
    return _runs.get(str(stack["StackId"]))
