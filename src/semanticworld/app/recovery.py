"""Stacks brought out of a state in which nothing can be changed."""

from __future__ import annotations

from semanticworld.app.consent import require
from semanticworld.app.follow import Followed, follow, newest_event_id
from semanticworld.app.operation import Operation, Work
from semanticworld.core.causes import cause, plain
from semanticworld.core.commands import Subject
from semanticworld.core.failure import Kind, ended_well, failure, kind_of
from semanticworld.core.progress import failed_resources, of_operation, root_cause
from semanticworld.errors import Unfinished
from semanticworld.model.event import Noted
from semanticworld.model.question import Question
from semanticworld.model.stack import Stack

_SAVED_EVENTS = 20
"""So many failures of a stack that is removed are kept in the journal."""


def followed_to_end(operation: Operation, subject: Subject, stack: Stack, *, must_succeed: bool) -> Work[Followed]:
    """How what runs has ended; with `must_succeed` a bad end is raised as the failure it is."""
    kind = kind_of(stack.status)
    ended = yield from follow(operation, subject, kind, stack_id=stack.id, since=None)
    if must_succeed and not ended_well(kind, ended.status):
        raise failure(kind, ended.status, ended.events, subject)
    return ended


def deleted_first(operation: Operation, subject: Subject, stack: Stack) -> Work[None]:
    """Returns once the remains of a failed first creation are gone; why it failed is told, and kept in the journal."""
    world = operation.world
    events = of_operation(world.stacks.events(stack.id, after=None))
    root = root_cause(events)
    why = cause(root.reason if root else None, subject).why
    yield Noted(text=f"the last creation of {subject.words} failed ({why}): removing what is left of it", warning=True)
    saved = {
        event.logical_id: f"{event.status}: {event.reason or 'no reason'}"
        for event in [each for each in events if each.status.endswith("_FAILED")][:_SAVED_EVENTS]
    }
    token = operation.next_token(f"{subject.layer}-delete-first")
    since = events[-1].id if events else None
    operation.before("DeleteStack", stack_name=stack.name, stack_id=stack.id, token=token, **saved)
    world.stacks.delete(stack.id, token=token)
    ended = yield from follow(operation, subject, Kind.DELETE, stack_id=stack.id, since=since, token=token)
    if not ended_well(Kind.DELETE, ended.status):
        raise failure(Kind.DELETE, ended.status, ended.events, subject)


def rollback_question(subject: Subject, stack: Stack) -> Question:
    """What is asked before a failed operation that was left standing is rolled back."""
    return Question(
        text=f"{subject.words} is in {stack.status}: roll it back first?",
        expects=subject.environment.name.value if subject.environment.is_guarded else None,
        consequences=("what the failed operation has made is removed",),
    )


def rolled_back(operation: Operation, subject: Subject, stack: Stack) -> Work[None]:
    """Returns once a stack that was left in the middle of a failed operation is back in its last good state."""
    require(operation, subject, [rollback_question(subject, stack)])
    since = newest_event_id(operation, stack.id)
    token = operation.next_token(f"{subject.layer}-rollback")
    operation.before("RollbackStack", stack_name=stack.name, stack_id=stack.id, token=token)
    operation.world.stacks.rollback(stack.id, token=token)
    ended = yield from follow(operation, subject, Kind.ROLLBACK, stack_id=stack.id, since=since, token=token)
    if not ended_well(Kind.ROLLBACK, ended.status):
        raise failure(Kind.ROLLBACK, ended.status, ended.events, subject)


def continued(operation: Operation, subject: Subject, stack: Stack) -> Work[None]:
    """Returns once a stuck rollback has ended; what hinders it is given up only after a yes that names it."""
    ended = yield from _continue(operation, subject, stack, skip=())
    if ended_well(Kind.ROLLBACK, ended.status):
        return
    hindering = [event for event in failed_resources(ended.events) if event.status == "UPDATE_FAILED"]
    if not hindering:
        raise failure(Kind.ROLLBACK, ended.status, ended.events, subject)
    names = tuple(event.logical_id for event in hindering)
    for event in hindering:
        yield Noted(text=f"{event.logical_id} ({event.type}) hinders the rollback: {plain(event.reason)}", warning=True)
    require(
        operation,
        subject,
        [
            Question(
                text=f"give up {', '.join(names)} and finish the rollback without?",
                consequences=("what is given up differs from the template afterwards, until an update puts it right",),
                yes_suffices=False,
            )
        ],
    )
    ended = yield from _continue(operation, subject, stack, skip=names)
    if not ended_well(Kind.ROLLBACK, ended.status):
        raise Unfinished(
            f"{subject.words} cannot be rolled back",
            why=f"it is in {ended.status} again, even without {', '.join(names)}",
            hint=f"{subject.command('status')} shows why",
            code="LIF029",
        )
    yield Noted(text=f"{', '.join(names)} may now differ from the template: the update that follows puts it right")


def _continue(operation: Operation, subject: Subject, stack: Stack, *, skip: tuple[str, ...]) -> Work[Followed]:
    since = newest_event_id(operation, stack.id)
    token = operation.next_token(f"{subject.layer}-continue-rollback")
    operation.before(
        "ContinueUpdateRollback", stack_name=stack.name, stack_id=stack.id, token=token, skip=", ".join(skip)
    )
    operation.world.stacks.continue_update_rollback(stack.id, token=token, skip=skip)
    return (yield from follow(operation, subject, Kind.ROLLBACK, stack_id=stack.id, since=since, token=token))
