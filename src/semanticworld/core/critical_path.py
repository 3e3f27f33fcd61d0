"""The chain of resources that decides how long a stack takes.

CloudFormation works on everything at once that waits for nothing, so a stack takes as long as its longest chain of
dependencies. Deleting walks the same edges the other way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter

from semanticworld.core.resource_durations import DURATIONS, UNKNOWN, Duration
from semanticworld.core.template import Given, living_resources, references
from semanticworld.core.template.given import Template, unreadable


class Operation(StrEnum):
    """What is done to the stack."""

    CREATE = "create"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One resource of the chain and the seconds it takes."""

    logical_id: str
    resource_type: str
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CriticalPath:
    """The longest chain in the order in which it is worked off."""

    operation: Operation
    steps: tuple[Step, ...]

    @property
    def seconds(self) -> int:
        """How long the chain takes; 0 for a stack without resources."""
        return sum(step.seconds for step in self.steps)


def critical_path(
    template: Template, given: Given, operation: Operation, *, durations: Mapping[str, Duration] = DURATIONS
) -> CriticalPath:
    """The longest chain of the resources that stand with what is given. Raises UsageError (CFG028) when they go in a circle.

    Deleting leaves out resources that a DeletionPolicy keeps: nobody waits for them.
    """
    resources = living_resources(template, given)
    waits_for = references(template, given)
    kept = {name for name, raw in resources.items() if str(raw.get("DeletionPolicy", "")).startswith("Retain")}
    if operation is Operation.DELETE:
        turned: dict[str, set[str]] = {name: set() for name in resources}
        for name, others in waits_for.items():
            for other in others:
                turned[other].add(name)
        waits_for = {name: frozenset(others) for name, others in turned.items()}

    def seconds(name: str) -> int:
        duration = durations.get(str(resources[name].get("Type")), UNKNOWN)
        if operation is Operation.CREATE:
            return duration.create_s
        return 0 if name in kept else duration.delete_s

    try:
        order = tuple(TopologicalSorter(waits_for).static_order())
    except CycleError as error:
        raise unreadable("these resources wait for each other: " + ", ".join(error.args[1])) from None
    finished: dict[str, int] = {}
    before: dict[str, str | None] = {}
    for name in order:
        last = max(sorted(waits_for[name]), key=finished.__getitem__, default=None)
        before[name] = last
        finished[name] = seconds(name) + (finished[last] if last is not None else 0)
    chain: list[Step] = []
    current = max(sorted(finished), key=finished.__getitem__, default=None)
    while current is not None:
        if operation is Operation.CREATE or current not in kept:
            kind = str(resources[current].get("Type"))
            chain.append(Step(logical_id=current, resource_type=kind, seconds=seconds(current)))
        current = before[current]
    return CriticalPath(operation=operation, steps=tuple(reversed(chain)))
