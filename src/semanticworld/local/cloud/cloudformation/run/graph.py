"""Doing things in dependency order, as many at a time as the order allows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from collections.abc import Set as AbstractSet

from semanticworld.local.cloud.cloudformation.seam import Record, engine


def needs(definitions: Mapping[str, Record], names: AbstractSet[str]) -> dict[str, set[str]]:
    """For each name what must stand before it, by Ref, GetAtt, Sub and DependsOn."""
    return {
        name: {other for other in engine._extract_deps(definitions.get(name) or {}, set(names)) if other != name}
        for name in names
    }


def reversed_needs(graph: Mapping[str, AbstractSet[str]]) -> dict[str, set[str]]:
    """For each name what must be gone before it."""
    result: dict[str, set[str]] = {name: set() for name in graph}
    for name, needed in graph.items():
        for other in needed:
            result[other].add(name)
    return result


async def walk(
    graph: Mapping[str, AbstractSet[str]],
    work: Callable[[str], Awaitable[None]],
    halted: asyncio.Event,
    *,
    stop_on_failure: bool,
) -> dict[str, BaseException]:
    """What failed. Names start as soon as all they need is done; what needs a failed name never starts.

    With `stop_on_failure` the first failure sets `halted`, so that nothing new starts and running work can give up.
    """
    waiting = {name: set(needed) for name, needed in graph.items()}
    running: dict[asyncio.Task[None], str] = {}
    failures: dict[str, BaseException] = {}
    while True:
        if not halted.is_set():
            for name in sorted(name for name, needed in waiting.items() if not needed):
                del waiting[name]
                running[asyncio.ensure_future(_run(work, name))] = name
        if not running:
            return failures
        done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            name = running.pop(task)
            error = task.exception()
            if error is not None:
                failures[name] = error
                if stop_on_failure:
                    halted.set()
                continue
            for needed in waiting.values():
                needed.discard(name)


async def _run(work: Callable[[str], Awaitable[None]], name: str) -> None:
    await work(name)
