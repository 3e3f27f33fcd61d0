"""One stack removed: the node first, then the stack, and with force what hinders it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from semanticworld.app.buckets import emptied_for_removal
from semanticworld.app.follow import Followed, follow, newest_event_id
from semanticworld.app.observe import decided
from semanticworld.app.operation import Operation, Work
from semanticworld.app.recovery import followed_to_end
from semanticworld.core.causes import plain
from semanticworld.core.changes import BUCKET, INSTANCE
from semanticworld.core.commands import Subject
from semanticworld.core.decision import Attach, Delete, NothingToDo, Wait
from semanticworld.core.failure import Kind, ended_well, failure
from semanticworld.core.lifecycle import Command
from semanticworld.errors import AwsError
from semanticworld.model.environment import Layer
from semanticworld.model.event import Noted
from semanticworld.model.stack import Stack, StackResource

SETTLE_S = 30.0
"""So long a forced deletion waits before it tries again: network interfaces of deleted things linger."""

SETTLE_LOCAL_S = 0.1
ROUNDS = 6
_ENOUGH_EVENTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """How the removal of a stack ended; `given_up` are resources that CloudFormation was told to leave behind."""

    waited: bool = True
    given_up: tuple[StackResource, ...] = ()
    outcome: str = "deleted"


def removed(
    operation: Operation, layer: Layer, stack_id: str, resources: Sequence[StackResource], *, force: bool, wait: bool
) -> Work[Removal]:
    """How it ended; raises Unfinished when the stack stays."""
    subject = operation.subject(layer)
    for _ in range(ROUNDS):
        stack = operation.world.stacks.describe(stack_id)
        match decided(operation, Command.DELETE, layer, stack):
            case NothingToDo():
                return Removal()
            case Attach() if stack is not None:
                if not wait:
                    return Removal(waited=False, outcome="under way")
                yield Noted(text=f"{subject.words} is being deleted already: following it")
                ended = yield from followed_to_end(operation, subject, stack, must_succeed=not force)
                if ended_well(Kind.DELETE, ended.status):
                    return Removal()
            case Wait() if stack is not None:
                yield Noted(text=f"{subject.words} is in {stack.status}: waiting for its end")
                yield from followed_to_end(operation, subject, stack, must_succeed=False)
            case Delete(after_failure=failed_before) if stack is not None:
                return (
                    yield from _deleted(
                        operation, subject, stack, resources, force=force, wait=wait, failed_before=failed_before
                    )
                )
            case other:
                message = f"{other} is no way to delete"
                raise AssertionError(message)
    raise failure(Kind.DELETE, stack.status if stack else "DELETE_FAILED", (), subject)


def _deleted(
    operation: Operation,
    subject: Subject,
    stack: Stack,
    resources: Sequence[StackResource],
    *,
    force: bool,
    wait: bool,
    failed_before: bool,
) -> Work[Removal]:
    yield from _nodes_terminated(operation, stack, resources)
    if stack.termination_protection:
        operation.before("UpdateTerminationProtection", stack_name=stack.name, stack_id=stack.id)
        operation.world.stacks.set_termination_protection(stack.id, enabled=False)
    if not wait:
        _ask_to_delete(operation, subject, stack)
        return Removal(waited=False, outcome="under way")
    if not (failed_before and force):
        ended = yield from _once(operation, subject, stack)
        if ended_well(Kind.DELETE, ended.status):
            return Removal()
        if not force:
            raise failure(Kind.DELETE, ended.status, ended.events, subject)
    return (yield from _forced(operation, subject, stack))


def _forced(operation: Operation, subject: Subject, stack: Stack) -> Work[Removal]:
    failed = yield from _told_failures(operation, stack)
    yield from _cured(operation, stack, failed)
    ended = yield from _once(operation, subject, stack)
    if ended_well(Kind.DELETE, ended.status):
        return Removal(outcome="deleted after a cure")
    failed = yield from _told_failures(operation, stack)
    if failed:
        names = [resource.logical_id for resource in failed]
        yield Noted(text=f"deleting {subject.words} without {', '.join(names)}", warning=True)
        ended = yield from _once(operation, subject, stack, retain=names)
        if ended_well(Kind.DELETE, ended.status):
            return Removal(given_up=failed, outcome=f"deleted without {', '.join(names)}")
    yield Noted(text=f"forcing the deletion of {subject.words}: what cannot be deleted stays behind", warning=True)
    failed = _failed(operation, stack)
    ended = yield from _once(operation, subject, stack, force=True)
    if ended_well(Kind.DELETE, ended.status):
        return Removal(given_up=failed, outcome="deleted by force")
    raise failure(Kind.DELETE, ended.status, ended.events, subject)


def _once(
    operation: Operation, subject: Subject, stack: Stack, *, retain: Sequence[str] = (), force: bool = False
) -> Work[Followed]:
    since = newest_event_id(operation, stack.id)
    token = _ask_to_delete(operation, subject, stack, retain=retain, force=force)
    return (yield from follow(operation, subject, Kind.DELETE, stack_id=stack.id, since=since, token=token))


def _ask_to_delete(
    operation: Operation, subject: Subject, stack: Stack, *, retain: Sequence[str] = (), force: bool = False
) -> str:
    token = operation.next_token(f"{subject.layer}-delete")
    detail = {"retain": ", ".join(retain)} if retain else {}
    if force:
        detail["mode"] = "FORCE_DELETE_STACK"
    operation.before("DeleteStack", stack_name=stack.name, stack_id=stack.id, token=token, **detail)
    operation.world.stacks.delete(stack.id, token=token, retain=retain, force=force)
    return token


def _nodes_terminated(operation: Operation, stack: Stack, resources: Sequence[StackResource]) -> Work[None]:
    """Returns once EC2 was asked: billing ends at shutting-down, minutes before CloudFormation sees it gone."""
    nodes = operation.world.nodes
    for resource in resources:
        instance_id = resource.physical_id
        if resource.type != INSTANCE or instance_id is None:
            continue
        node = nodes.describe(instance_id)
        if node is None or node.state in {"terminated", "shutting-down"}:
            continue
        if stack.parameters.get("TerminationProtection") == "true":
            operation.before("ModifyInstanceAttribute", stack_id=stack.id, instance_id=instance_id)
            nodes.set_termination_protection(instance_id, enabled=False)
        operation.before("TerminateInstances", stack_id=stack.id, instance_id=instance_id)
        try:
            nodes.terminate(instance_id)
        except AwsError as error:
            if error.aws is None or error.aws.code != "OperationNotPermitted":
                yield Noted(text=f"{instance_id} could not be terminated ahead of its stack: {error.why}", warning=True)
                continue
            operation.before("ModifyInstanceAttribute", stack_id=stack.id, instance_id=instance_id)
            nodes.set_termination_protection(instance_id, enabled=False)
            nodes.terminate(instance_id)
        yield Noted(text=f"{instance_id} is shutting down: it costs no compute time from now on")


def _cured(operation: Operation, stack: Stack, failed: Sequence[StackResource]) -> Work[None]:
    for resource in failed:
        if resource.type == BUCKET and resource.physical_id:
            emptied = emptied_for_removal(operation, resource.physical_id)
            yield Noted(
                text=f"the bucket {resource.physical_id} {'was emptied' if emptied else 'keeps its objects'}",
                warning=not emptied,
            )
        elif resource.type == INSTANCE and resource.physical_id:
            operation.before("ModifyInstanceAttribute", stack_id=stack.id, instance_id=resource.physical_id)
            operation.world.nodes.set_termination_protection(resource.physical_id, enabled=False)
    if any(resource.type != BUCKET for resource in failed):
        yield Noted(text="waiting for what still holds on to the rest")
        operation.world.clock.sleep(SETTLE_LOCAL_S if operation.world.local else SETTLE_S)


def _told_failures(operation: Operation, stack: Stack) -> Work[tuple[StackResource, ...]]:
    failed = _failed(operation, stack)
    newest_first = operation.world.stacks.recent_events(stack.id, limit=_ENOUGH_EVENTS) if failed else ()
    told = {event.logical_id: event.reason for event in reversed(newest_first) if event.status == "DELETE_FAILED"}
    for resource in failed:
        yield Noted(
            text=f"{resource.logical_id} ({resource.type}, {resource.physical_id}) cannot be deleted: "
            f"{plain(told.get(resource.logical_id) or resource.reason) or 'AWS gave no reason'}",
            warning=True,
        )
    return failed


def _failed(operation: Operation, stack: Stack) -> tuple[StackResource, ...]:
    return tuple(each for each in operation.world.stacks.resources(stack.id) if each.status == "DELETE_FAILED")
