"""What a use case tells while it runs: a closed union, rendered by the face and by nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from semanticworld.model.change import Change
from semanticworld.model.finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseStarted:
    """A part of the work has begun, such as "networking layer" or "delete compute stack"."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseFinished:
    """A part of the work is over; `outcome` is one short phrase, such as "no change"."""

    name: str
    elapsed_s: float
    outcome: str = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesPlanned:
    """The changes of one stack, before anything is executed."""

    stack_name: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceProgress:
    """A resource's status has changed; `elapsed_s` counts from the resource's first event of this operation."""

    stack_name: str
    logical_id: str
    type: str
    status: str
    elapsed_s: float
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StillWaiting:
    """Nothing has changed for a while: which resources are under way, how long each has been, and since when we wait."""

    stack_name: str
    pending: tuple[tuple[str, float], ...]
    elapsed_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A check has an answer."""

    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """Something the user should know now, in one sentence; `warning` when it may need a hand."""

    text: str
    warning: bool = False


Event = PhaseStarted | PhaseFinished | ChangesPlanned | ResourceProgress | StillWaiting | Found | Noted
