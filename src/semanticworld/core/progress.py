"""Events folded into progress: what has happened, what is under way, and what went wrong first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from semanticworld.core import statuses
from semanticworld.model.event import ResourceProgress
from semanticworld.model.stack import StackEvent

STACK_TYPE = "AWS::CloudFormation::Stack"
_CANCELLED = ("resource creation cancelled", "resource update cancelled", "resource deletion cancelled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One operation so far. `ended_as` is the stack's terminal status as its own event told it, None while it runs."""

    stack_name: str
    pending: Mapping[str, datetime] = field(default_factory=dict)
    first_seen: Mapping[str, datetime] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    newest_at: datetime | None = None
    newest_id: str | None = None
    ended_as: str | None = None


def folded(progress: Progress, event: StackEvent) -> tuple[Progress, ResourceProgress | None]:
    """The progress after one event, and what to tell of it (None: nothing new, such as the same status again)."""
    seen = replace(progress, newest_at=event.at, newest_id=event.id)
    if is_own_line(event):
        ended = event.status if statuses.is_over(event.status) else None
        return replace(seen, ended_as=ended), None
    first_seen = {event.logical_id: event.at, **progress.first_seen}
    pending = {name: at for name, at in progress.pending.items() if name != event.logical_id}
    if not statuses.is_over(event.status):
        pending[event.logical_id] = progress.pending.get(event.logical_id, event.at)
    seen = replace(
        seen, first_seen=first_seen, pending=pending, shown={**progress.shown, event.logical_id: event.status}
    )
    if progress.shown.get(event.logical_id) == event.status:
        return seen, None
    told = ResourceProgress(
        stack_name=progress.stack_name,
        logical_id=event.logical_id,
        type=event.type,
        status=event.status,
        elapsed_s=max((event.at - first_seen[event.logical_id]).total_seconds(), 0.0),
        reason=event.reason,
    )
    return seen, told


def slow(progress: Progress, *, quiet_s: float) -> tuple[tuple[str, float], ...]:
    """Resources under way and for how long, longest first. `quiet_s` is our own time since the newest event came.

    AWS's clock says when things began and ours how long we have waited since: the two are never subtracted.
    """
    if progress.newest_at is None:
        return ()
    newest = progress.newest_at
    waits = ((name, max((newest - at).total_seconds(), 0.0) + quiet_s) for name, at in progress.pending.items())
    return tuple(sorted(waits, key=lambda wait: (-wait[1], wait[0])))


def is_own_line(event: StackEvent) -> bool:
    """True for the stack's line about itself; a nested stack's line has the type too, but another id."""
    return event.type == STACK_TYPE and event.physical_id in {event.stack_id, None}


def of_operation(events: Sequence[StackEvent], *, token: str | None = None) -> tuple[StackEvent, ...]:
    """The events of one operation, oldest first: those with the token, and without one those of the newest operation."""
    if token is not None and any(event.token == token for event in events):
        first = next(index for index, event in enumerate(events) if event.token == token)
        rest = events[first:]
        return tuple(event for event in rest if event.token in {token, None})
    begun = [index for index, event in enumerate(events) if is_own_line(event) and event.status in statuses.BEGINNINGS]
    return tuple(events[begun[-1] :]) if begun else tuple(events)


def newest_token(events: Sequence[StackEvent]) -> str | None:
    """The token of the operation that the newest events (newest first) belong to."""
    return next((event.token for event in events if event.token is not None), None)


def root_cause(events: Sequence[StackEvent]) -> StackEvent | None:
    """The failure that the others follow from (events oldest first), None when nothing failed.

    What fails after the stack has begun to roll back, and what was only cancelled, is a consequence.
    """
    failures = [event for event in events if event.status.endswith("_FAILED")]
    resources = [event for event in failures if not is_own_line(event) and not _was_cancelled(event)]
    rolling = next(
        (index for index, event in enumerate(events) if is_own_line(event) and event.status in statuses.ROLLING_BACK),
        len(events),
    )
    before = [event for event in events[:rolling] if event in resources]
    explained = next((event for event in before if event.reason), None)
    own = next((event for event in events if is_own_line(event) and event.reason and _tells_failure(event)), None)
    return next((found for found in (explained, *before[:1], *resources[:1], own, *failures[:1]) if found), None)


def failed_resources(events: Sequence[StackEvent]) -> tuple[StackEvent, ...]:
    """The last event of each resource that ended in a failure, in order."""
    last: dict[str, StackEvent] = {}
    for event in events:
        if not is_own_line(event):
            last.pop(event.logical_id, None)
            last[event.logical_id] = event
    return tuple(event for event in last.values() if event.status.endswith("_FAILED"))


def _was_cancelled(event: StackEvent) -> bool:
    return (event.reason or "").strip().lower().startswith(_CANCELLED)


def _tells_failure(event: StackEvent) -> bool:
    return event.status.endswith("_FAILED") or event.status in statuses.ROLLING_BACK
