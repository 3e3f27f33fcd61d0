"""A stack operation, followed by its StackId to the end. No waiter of botocore's is right for this (they go by name)."""

from __future__ import annotations

from dataclasses import dataclass, field

from semanticworld.app.operation import Operation, Work
from semanticworld.core import statuses
from semanticworld.core.commands import Subject
from semanticworld.core.failure import Kind
from semanticworld.core.polling import after_error_s, interval_s
from semanticworld.core.progress import Progress, folded, is_own_line, of_operation, slow
from semanticworld.errors import AwsError, Refused, SemanticWorldError, Unfinished
from semanticworld.model.event import Noted, StillWaiting
from semanticworld.model.stack import Stack, StackEvent

QUIET_NEWS_S = 5.0
"""After so long without news we say what is slow, and again each time as much has passed."""

CERTAIN_LOOK_S = 30.0
"""After so long without news the stack itself is looked at, should its last event have escaped us."""

GIVE_UP_S = 900.0
"""So long may AWS be out of reach before we stop following: longer than a renewal of credentials by hand takes."""

_DENIED = "LIF911"


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """How the operation ended; `stack` is None when it is gone, `events` are the operation's own, oldest first."""

    status: str
    stack: Stack | None
    events: tuple[StackEvent, ...]


@dataclass(slots=True, kw_only=True)
class _Look:
    """What following remembers between two looks; times are the clock's monotonic seconds."""

    progress: Progress
    cursor: str | None
    begun_s: float
    news_s: float
    told_s: float
    looked_s: float
    events: list[StackEvent] = field(default_factory=list)
    has_begun: bool = False
    superseded: bool = False
    failures: int = 0
    failing_since_s: float | None = None
    told_error: str | None = None


def follow(
    operation: Operation, subject: Subject, kind: Kind, *, stack_id: str, since: str | None, token: str | None = None
) -> Work[Followed]:
    """How it ended, once it has; raises Unfinished at the deadline or when AWS stays out of reach.

    `since` is the newest event before the operation began (None: read its whole history, and take the newest
    operation's events, or those with the token).
    """
    operation.follows = True
    clock = operation.world.clock
    now = clock.monotonic()
    look = _Look(
        progress=Progress(stack_name=subject.stack_name),
        cursor=since,
        begun_s=now,
        news_s=now,
        told_s=now,
        looked_s=now,
    )
    while True:
        try:
            yield from _news(operation, look, stack_id, token)
            ended = _end(operation, look, kind, stack_id)
            if look.failures:
                look.failures, look.failing_since_s, look.told_error = 0, None, None
                yield Noted(text="AWS answers again")
        except (AwsError, Refused) as error:
            yield from _trouble(operation, look, subject, kind, error)
            ended = None
        if ended is not None:
            return ended
        if operation.is_overdue:
            raise _overdue(operation, subject, kind)
        now = clock.monotonic()
        if now - max(look.news_s, look.told_s) >= QUIET_NEWS_S:
            look.told_s = now
            yield StillWaiting(
                stack_name=subject.stack_name,
                pending=slow(look.progress, quiet_s=now - look.news_s),
                elapsed_s=now - look.begun_s,
            )
        clock.sleep(_pause_s(operation, look, now))


def newest_event_id(operation: Operation, stack_id: str) -> str | None:
    """The id of the stack's newest event, from which on news counts."""
    newest = operation.world.stacks.recent_events(stack_id, limit=1)
    return newest[0].id if newest else None


def _news(operation: Operation, look: _Look, stack_id: str, token: str | None) -> Work[None]:
    fresh = operation.world.stacks.events(stack_id, after=look.cursor)
    if not fresh:
        return
    whole_history = look.cursor is None
    look.cursor = fresh[-1].id
    for event in of_operation(fresh, token=token) if whole_history else fresh:
        if look.progress.ended_as is not None and is_own_line(event) and event.status in statuses.BEGINNINGS:
            look.superseded = True  # somebody began anew after the end of what we follow
            return
        look.has_begun = look.has_begun or is_own_line(event)
        look.progress, told = folded(look.progress, event)
        look.events.append(event)
        look.news_s = operation.world.clock.monotonic()
        if told is not None:
            yield told


def _end(operation: Operation, look: _Look, kind: Kind, stack_id: str) -> Followed | None:
    now = operation.world.clock.monotonic()
    ended_as = look.progress.ended_as
    if ended_as is None and now - max(look.looked_s, look.news_s) < CERTAIN_LOOK_S:
        return None
    look.looked_s = now
    stack = operation.world.stacks.describe(stack_id)
    events = tuple(look.events)
    if stack is None or stack.status == statuses.GONE:
        # A stack that failed to be created may be deleted by its own rollback: gone is an end for every kind.
        return Followed(status=statuses.GONE, stack=None, events=events)
    if look.superseded and ended_as is not None:
        return Followed(status=ended_as, stack=stack, events=events)
    if statuses.is_over(stack.status) and (ended_as is not None or (look.has_begun and kind is not Kind.DELETE)):
        return Followed(status=stack.status, stack=stack, events=events)
    return None


def _trouble(operation: Operation, look: _Look, subject: Subject, kind: Kind, error: SemanticWorldError) -> Work[None]:
    now = operation.world.clock.monotonic()
    look.failures += 1
    since = look.failing_since_s = now if look.failing_since_s is None else look.failing_since_s
    if error.code == _DENIED or now - since >= GIVE_UP_S:
        raise Unfinished(
            f"{subject.words} cannot be followed any longer",
            why=f"{error.what}: {error.why}; the operation itself goes on at AWS",
            hint=f"{error.hint}; then {subject.shell(_again(kind))} follows it again",
            code="LIF011",
            aws=error.aws,
        ) from error
    if look.told_error != error.code:
        look.told_error = error.code
        yield Noted(
            text=f"{error.what} ({error.why}); the stack goes on, and we keep looking. {error.hint}", warning=True
        )


def _overdue(operation: Operation, subject: Subject, kind: Kind) -> Unfinished:
    return Unfinished(
        f"{subject.words} is not finished after {operation.timeout_s:g} s",
        why="the time given with --timeout has run out; the operation goes on at AWS and may cost money",
        hint=f"{subject.command('status')} shows how it stands; {subject.shell(_again(kind))} follows it again",
        code="LIF010",
    )


def _again(kind: Kind) -> str:
    return "delete" if kind is Kind.DELETE else "create"


def _pause_s(operation: Operation, look: _Look, now: float) -> float:
    local = operation.world.local
    if look.failures:
        pause = after_error_s(failures=look.failures, local=local)
    else:
        pause = interval_s(elapsed_s=now - look.begun_s, quiet_s=now - look.news_s, local=local)
    if operation.timeout_s is not None:
        pause = min(pause, max(operation.timeout_s - operation.elapsed_s, 0.0))
    return pause
