"""One layer deployed: looked at, decided, planned, asked, decided again, executed, followed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import assert_never

from semanticworld.app import changeset
from semanticworld.app.consent import require
from semanticworld.app.follow import follow, newest_event_id
from semanticworld.app.observe import decided, state_of
from semanticworld.app.operation import Operation, Work
from semanticworld.app.reclaim import reclaimed_body, standing_buckets
from semanticworld.app.recovery import continued, deleted_first, followed_to_end, rolled_back
from semanticworld.core import statuses
from semanticworld.core.changes import callouts, holds_volume, questions
from semanticworld.core.commands import Subject
from semanticworld.core.decision import (
    Attach,
    ContinueRollback,
    CreateNew,
    Decision,
    Delete,
    DeleteFirst,
    NothingToDo,
    Read,
    Refuse,
    ReuseReview,
    RollbackFirst,
    Update,
    Wait,
)
from semanticworld.core.declared import defaults
from semanticworld.core.failure import ended_well, failure
from semanticworld.core.lifecycle import Command, decide
from semanticworld.core.ownership import Ownership
from semanticworld.core.parameters import Merged, is_same
from semanticworld.core.reclaim import is_same_json, with_names
from semanticworld.errors import AwsError, Refused, SemanticWorldError
from semanticworld.model.change import Change, ChangeSet
from semanticworld.model.event import ChangesPlanned, Noted
from semanticworld.model.request import LayerSource
from semanticworld.model.stack import Stack

DECISIONS = 8
"""So often may a layer be decided upon in one command; more means that somebody works against us."""

_OVERTAKEN = frozenset({"AlreadyExistsException", "ChangeSetNotFound", "ChangeSetNotFoundException"})
"""Answers that always mean that the stack or our change set is not what it was. CloudFormation removes a stack's other
change sets when one is executed. Source: CloudFormation User Guide, "Update stacks using change sets", read 2026-11."""


class Overtaken(Exception):  # noqa: N818 - no failure: it never leaves this module and foresight
    """Somebody else's operation runs on the stack, or has made it: look again."""


FOLLOWED = "followed to its end"
"""The outcome of a layer that came to stand by an operation which was running already."""

Parameters = Callable[[Stack | None], Merged]
"""The layer's parameters, given what stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerOutcome:
    """How a layer stands after it was deployed (or, dry, how it would); `outcome` is one phrase."""

    stack: Stack | None
    changes: tuple[Change, ...] = ()
    outcome: str = "no change"
    parameters: Merged | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How to deploy: `shortcut` compares template and parameters first and makes no change set when they are equal."""

    dry_run: bool = False
    wait: bool = True
    shortcut: bool = False


def deploy(operation: Operation, source: LayerSource, parameters: Parameters, how: How) -> Work[LayerOutcome]:
    """The layer's outcome; raises Refused, AwsError or Unfinished when it does not come to stand as asked."""
    subject = operation.subject(source.layer)
    followed = False
    for attempt in range(1, DECISIONS + 1):
        stack = operation.world.stacks.describe(subject.stack_name)
        decision = decided(operation, Command.CREATE, source.layer, stack)
        if isinstance(decision, CreateNew | ReuseReview | Update):
            outcome = yield from _changed(operation, source, parameters, how, stack, decision, attempt)
            if outcome is not None:
                return replace(outcome, outcome=FOLLOWED) if followed and _is_same(outcome) else outcome
        elif stack is not None:
            stop = yield from _made_ready(operation, source, parameters, how, stack, decision)
            if stop is not None:
                return stop
            followed = followed or isinstance(decision, Attach)
    raise Refused(
        f"{subject.words} does not come to rest",
        why=f"it was looked at {DECISIONS} times, and each time somebody had changed it",
        hint=subject.command("status"),
        code="LIF007",
    )


def _is_same(outcome: LayerOutcome) -> bool:
    return not outcome.changes and outcome.outcome in {"no change", "up to date"}


def _made_ready(
    operation: Operation, source: LayerSource, parameters: Parameters, how: How, stack: Stack, decision: Decision
) -> Work[LayerOutcome | None]:
    """None once the stack may be decided upon again; an outcome when the command ends here."""
    subject = operation.subject(source.layer)
    if how.dry_run:
        wanted = parameters(stack)
        yield Noted(text=f"{subject.words} is in {stack.status}: {_what_first(decision)}", warning=True)
        changes = changeset.planned(source, dict(wanted.parameters)) if isinstance(decision, DeleteFirst) else ()
        return LayerOutcome(stack=stack, changes=changes, outcome="not looked at further", parameters=wanted)
    if not how.wait and isinstance(decision, Attach):
        return LayerOutcome(stack=stack, outcome="under way")
    match decision:
        case Attach():
            yield Noted(text=f"{subject.words} is in {stack.status} by an operation of ours: following it")
            yield from followed_to_end(operation, subject, stack, must_succeed=True)
        case Wait():
            yield Noted(text=f"{subject.words} is in {stack.status}: waiting for its end")
            yield from followed_to_end(operation, subject, stack, must_succeed=False)
        case DeleteFirst():
            yield from deleted_first(operation, subject, stack)
        case RollbackFirst():
            yield from rolled_back(operation, subject, stack)
        case ContinueRollback():
            yield from continued(operation, subject, stack)
        case CreateNew() | ReuseReview() | Update() | Delete() | Read() | NothingToDo() | Refuse():
            message = f"{decision} is not a preparation"
            raise AssertionError(message)
        case _:
            assert_never(decision)
    return None


def _what_first(decision: Decision) -> str:
    match decision:
        case DeleteFirst():
            return "create would remove what is left of it first, then create it"
        case RollbackFirst() | ContinueRollback():
            return "create would roll it back first"
        case _:
            return "create would follow that first"


def _changed(
    operation: Operation,
    source: LayerSource,
    parameters: Parameters,
    how: How,
    stack: Stack | None,
    decision: Decision,
    attempt: int,
) -> Work[LayerOutcome | None]:
    """The outcome, or None when somebody was faster and all must be decided again."""
    subject = operation.subject(source.layer)
    create = not isinstance(decision, Update)
    wanted = parameters(None if create else stack)
    for note in wanted.notes:
        yield Noted(text=note)
    values = dict(wanted.parameters)
    standing = standing_buckets(operation, source, values) if create else {}
    for name in standing.values():
        yield Noted(text=f"the bucket {name} stands from before: it is taken in again, with what is in it")
    if how.dry_run and create:
        changes = changeset.planned(source, values, imported=standing)
        yield ChangesPlanned(stack_name=subject.stack_name, changes=changes)
        return LayerOutcome(stack=None, changes=changes, outcome="would be created", parameters=wanted)
    if how.shortcut and stack is not None and not create and is_up_to_date(operation, stack, source, values):
        return LayerOutcome(stack=stack, outcome="up to date", parameters=wanted)
    sent = with_names(source, standing) if standing else source
    request = changeset.request_for(
        operation, sent, values, create=create, attempt=attempt, import_existing=bool(standing)
    )
    try:
        change_set = yield from changeset.made(operation, request)
        return (yield from _carried_out(operation, subject, stack, change_set, how, wanted, create=create))
    except AwsError as error:
        if not is_overtaken(operation, subject, stack, error):
            raise
    except Overtaken:
        pass
    # A lost answer of ours, or another operator: the next look tells which.
    yield Noted(text=f"somebody else got ahead on {subject.words}: looking again")
    return None


def _carried_out(
    operation: Operation,
    subject: Subject,
    stack: Stack | None,
    change_set: ChangeSet,
    how: How,
    wanted: Merged,
    *,
    create: bool,
) -> Work[LayerOutcome]:
    """The outcome of a change set: refused, empty, only shown, or executed; raises Overtaken when all must be decided again."""
    if change_set.status == "FAILED":
        changeset.thrown_away(operation, change_set, subject, create=create)
        refusal = changeset.refusal(change_set, subject)
        if refusal is not None:
            raise refusal
        return LayerOutcome(stack=stack, outcome="no change", parameters=wanted)
    yield from _agreed(operation, subject, stack, change_set, how)
    if how.dry_run:
        changeset.thrown_away(operation, change_set, subject, create=create)
        return LayerOutcome(stack=stack, changes=change_set.changes, outcome="would change", parameters=wanted)
    return (yield from _executed(operation, subject, change_set, how, wanted, create=create))


def _agreed(operation: Operation, subject: Subject, stack: Stack | None, change_set: ChangeSet, how: How) -> Work[None]:
    """Returns once the changes were shown, agreed to where they must be, and are still the same; else cleans up."""
    try:
        yield ChangesPlanned(stack_name=subject.stack_name, changes=change_set.changes)
        for text in callouts(change_set.changes, subject):
            yield Noted(text=text, warning=True)
        check_volume(subject, change_set)
        if not how.dry_run:
            require(operation, subject, questions(change_set.changes, subject))
            _check_unchanged(operation, subject, stack, change_set)
    except Overtaken:
        changeset.thrown_away(operation, change_set, subject, create=False)
        raise
    except (SemanticWorldError, KeyboardInterrupt, GeneratorExit):
        changeset.thrown_away(operation, change_set, subject, create=stack is None or stack.status == statuses.REVIEW)
        raise


def is_up_to_date(operation: Operation, stack: Stack, source: LayerSource, parameters: dict[str, str]) -> bool:
    """True when the stack stands with this template, these parameters and these tags."""
    tags = operation.environment.tags(source.layer)
    if any(stack.tags.get(name) != value for name, value in tags.items()):
        return False
    body = operation.world.stacks.template(stack.id).strip()
    if body != source.template_body.strip() and not is_same_json(body, reclaimed_body(operation, source, parameters)):
        return False
    return is_same(stack.parameters, parameters, defaults(source.template))


def is_overtaken(operation: Operation, subject: Subject, before: Stack | None, error: AwsError) -> bool:
    """True when AWS said no because somebody else has changed the stack since we looked: then all is decided again."""
    if error.aws is None:
        return False  # our own verdict on how an operation has ended
    if error.aws.code in _OVERTAKEN:
        return True
    now = operation.world.stacks.describe(subject.stack_name)
    if now is None or before is None:
        return before is not None or (now is not None and now.status != statuses.REVIEW)
    return (now.id, now.status, now.updated_at) != (before.id, before.status, before.updated_at)


def check_volume(subject: Subject, change_set: ChangeSet) -> None:
    """Returns unless the node would be replaced under its data volume: that fails halfway, so it is refused (LIF026)."""
    attachment = holds_volume(change_set.changes)
    if attachment is not None:
        raise Refused(
            f"the node of {subject.environment.name} cannot be replaced while its data volume is attached",
            why=f"{attachment} would have to be attached to the old and the new node at once; nothing was changed",
            hint=f"set DataVolumeAttached to false in the parameter file and run {subject.shell('create')}; then make "
            "this change, with DataVolumeAttached back at true",
            code="LIF026",
        )


def _check_unchanged(operation: Operation, subject: Subject, before: Stack | None, change_set: ChangeSet) -> None:
    """Returns when what was shown and agreed to is still what would happen; raises Refused (LIF007) when not."""
    world = operation.world
    now = world.stacks.describe(change_set.stack_id)
    again = world.stacks.describe_change_set(change_set.id)
    state = state_of(operation, now)
    # A stack in review may show no tags yet; that it carries our change set is proof enough.
    state_owned = state if before is not None else type(state)(status=state.status, ownership=Ownership.OURS)
    decision = decide(Command.CREATE, state_owned, subject)
    same = before is None or (
        now is not None and now.id == before.id and now.updated_at == before.updated_at and now.status == before.status
    )
    if again.execution_status == "AVAILABLE" and same and isinstance(decision, ReuseReview | Update):
        return
    if before is None or not isinstance(decision, ReuseReview | Update):
        raise Overtaken
    raise Refused(
        f"{subject.words} was changed by somebody else in the meantime",
        why=f"it is now in {now.status if now else 'no status (gone)'}, and the change set is {again.execution_status}",
        hint=f"look at it with {subject.shell('status')}, then run {subject.shell('create')} again",
        code="LIF007",
    )


def _executed(
    operation: Operation, subject: Subject, change_set: ChangeSet, how: How, wanted: Merged, *, create: bool
) -> Work[LayerOutcome]:
    world = operation.world
    kind = changeset.kind_for(create=create)
    since = None if create else newest_event_id(operation, change_set.stack_id)
    token = operation.next_token(f"{subject.layer}-{kind.name}")
    operation.before(
        "ExecuteChangeSet",
        stack_name=subject.stack_name,
        stack_id=change_set.stack_id,
        token=token,
        change_set=change_set.name,
    )
    try:
        world.stacks.execute_change_set(change_set.id, token=token)
    except AwsError as error:
        if not _was_executed(operation, change_set):
            raise
        yield Noted(text=f"the answer to ExecuteChangeSet was lost ({error.why}), but it was executed: following it")
    if not how.wait:
        stack = world.stacks.describe(change_set.stack_id)
        return LayerOutcome(stack=stack, changes=change_set.changes, outcome="under way", parameters=wanted)
    ended = yield from follow(operation, subject, kind, stack_id=change_set.stack_id, since=since, token=token)
    if not ended_well(kind, ended.status):
        raise failure(kind, ended.status, ended.events, subject)
    outcome = "created" if create else "updated"
    return LayerOutcome(stack=ended.stack, changes=change_set.changes, outcome=outcome, parameters=wanted)


def _was_executed(operation: Operation, change_set: ChangeSet) -> bool:
    again = operation.world.stacks.describe_change_set(change_set.id)
    return again.execution_status in {"EXECUTE_IN_PROGRESS", "EXECUTE_COMPLETE"}
