"""Stacks looked at, and turned into what decisions need."""

from __future__ import annotations

from semanticworld.app.operation import Operation
from semanticworld.core import statuses
from semanticworld.core.decision import Decision, Refuse
from semanticworld.core.lifecycle import Command, Runner, StackState, decide
from semanticworld.core.ownership import Ownership, ownership
from semanticworld.core.progress import newest_token
from semanticworld.errors import Refused
from semanticworld.model.environment import Layer
from semanticworld.model.stack import Stack

_ENOUGH_EVENTS = 25
"""Some events, such as those of automatic clean-up, carry no token; among so many the operation's own shows."""


def state_of(operation: Operation, stack: Stack | None) -> StackState:
    """The state to decide on; who began what runs is asked only when something runs."""
    if stack is None:
        return StackState(status=None)
    whose = ownership(stack, operation.environment, journal=operation.journal)
    since = (stack.created_at if stack.status == "CREATE_IN_PROGRESS" else stack.updated_at) or stack.created_at
    return StackState(status=stack.status, ownership=whose, runner=_runner(operation, stack, whose), since=since)


def decided(operation: Operation, command: Command, layer: Layer, stack: Stack | None) -> Decision:
    """The decision; a refusal is raised as Refused."""
    decision = decide(command, state_of(operation, stack), operation.subject(layer))
    if isinstance(decision, Refuse):
        raise refused(decision)
    return decision


def refused(decision: Refuse) -> Refused:
    """The decision as the error that ends the command."""
    return Refused(decision.what, why=decision.why, hint=decision.hint, code=decision.code)


def _runner(operation: Operation, stack: Stack, whose: Ownership) -> Runner:
    if stack.status not in statuses.OPERATIONS or whose is Ownership.FOREIGN:
        return Runner.OTHERS
    events = operation.world.stacks.recent_events(stack.id, limit=_ENOUGH_EVENTS)
    newest = newest_token(events)
    if not operation.is_ours(newest):
        operation.refresh()  # another run on this machine may have begun after this one
    return Runner.US if operation.is_ours(newest) else Runner.OTHERS
