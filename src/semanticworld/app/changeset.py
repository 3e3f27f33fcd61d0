"""A change set's life: made, waited for, read, thrown away."""

from __future__ import annotations

from collections.abc import Mapping

from semanticworld.app.operation import Operation, Work
from semanticworld.core import statuses
from semanticworld.core.causes import GENERAL, cause
from semanticworld.core.changes import is_empty
from semanticworld.core.commands import Subject
from semanticworld.core.declared import standing
from semanticworld.core.failure import Kind
from semanticworld.core.names import change_set_name
from semanticworld.core.polling import interval_s
from semanticworld.errors import AwsError, SemanticWorldError, Unfinished
from semanticworld.model.change import Change, ChangeSet, ChangeSetRequest
from semanticworld.model.event import Noted
from semanticworld.model.request import LayerSource

LIMIT_S = 300.0
"""A change set is made in seconds; early validation of large ones takes up to a minute."""

_OPEN = frozenset({"CREATE_PENDING", "CREATE_IN_PROGRESS"})


def request_for(
    operation: Operation,
    source: LayerSource,
    parameters: dict[str, str],
    *,
    create: bool,
    attempt: int,
    import_existing: bool = False,
) -> ChangeSetRequest:
    """All that the change set needs, its name and token made from the operation's id."""
    return ChangeSetRequest(
        stack_name=operation.environment.stack_name(source.layer),
        change_set_name=change_set_name(operation.id, attempt),
        create=create,
        template_body=source.template_body,
        parameters=parameters,
        tags=operation.environment.tags(source.layer),
        token=operation.next_token(f"{source.layer}-change-set"),
        description=f"{operation.command} {operation.environment.name} ({operation.id})",
        import_existing=import_existing,
    )


def made(operation: Operation, request: ChangeSetRequest) -> Work[ChangeSet]:
    """The change set, its status decided; AwsError when CloudFormation does not take the request at all."""
    world = operation.world
    operation.before(
        "CreateChangeSet", stack_name=request.stack_name, token=request.token, change_set=request.change_set_name
    )
    change_set = world.stacks.create_change_set(request)
    begun = world.clock.monotonic()
    told = False
    while change_set.status in _OPEN:
        waited = world.clock.monotonic() - begun
        if waited > LIMIT_S or operation.is_overdue:
            raise Unfinished(
                f"the change set of {request.stack_name} is not ready after {waited:.0f} s",
                why=f"it is still in {change_set.status}; nothing was executed",
                hint=operation.subject(operation.target).command(operation.command),
                code="LIF010",
            )
        if waited > 10 and not told:  # noqa: PLR2004 - seconds after which a user wonders
            told = True
            yield Noted(text=f"CloudFormation is still working out the changes of {request.stack_name}")
        world.clock.sleep(interval_s(elapsed_s=waited, quiet_s=waited, local=world.local))
        change_set = world.stacks.describe_change_set(change_set.id)
    if change_set.status != "FAILED" and not change_set.changes:
        change_set = world.stacks.describe_change_set(change_set.id)
    return change_set


def thrown_away(operation: Operation, change_set: ChangeSet, subject: Subject, *, create: bool) -> None:
    """Returns once the change set is gone, and with it the empty stack that a CREATE one has made."""
    world = operation.world
    operation.before(
        "DeleteChangeSet", stack_name=subject.stack_name, stack_id=change_set.stack_id, change_set=change_set.name
    )
    world.stacks.delete_change_set(change_set.id)
    if not create:
        return
    stack = world.stacks.describe(change_set.stack_id)
    if stack is not None and stack.status == statuses.REVIEW:
        token = operation.next_token(f"{subject.layer}-delete-review")
        operation.before_undoing("DeleteStack", stack_name=stack.name, stack_id=stack.id, token=token)
        world.stacks.delete(stack.id, token=token)


def refusal(change_set: ChangeSet, subject: Subject) -> SemanticWorldError | None:
    """The error for a change set that CloudFormation refused; None for one that is merely empty, or good."""
    if change_set.status != "FAILED" or is_empty(change_set):
        return None
    known = cause(change_set.reason, subject)
    return AwsError(
        f"CloudFormation refuses the changes of {subject.words}",
        why=f"{known.why}; nothing was changed",
        hint=known.hint if known.code != GENERAL else subject.command("validate"),
        code=known.code if known.code != GENERAL else "LIF008",
    )


def planned(
    source: LayerSource, parameters: dict[str, str], *, imported: Mapping[str, str] | None = None
) -> tuple[Change, ...]:
    """What a creation would add or take in (`imported`: ids by logical id), read from the template alone: for dry runs, which leave no stack in review behind."""
    known = imported or {}
    return tuple(
        Change(
            action="Import" if resource.logical_id in known else "Add",
            logical_id=resource.logical_id,
            type=resource.type,
            physical_id=known.get(resource.logical_id),
        )
        for resource in standing(source.template, parameters)
    )


def kind_for(*, create: bool) -> Kind:
    """The kind of operation that executing the change set begins."""
    return Kind.CREATE if create else Kind.UPDATE
