"""outputs: a stack's outputs by name."""

from __future__ import annotations

from semanticworld.app.observe import refused
from semanticworld.core.commands import Subject
from semanticworld.core.decision import Refuse
from semanticworld.core.lifecycle import Command, StackState, decide
from semanticworld.core.ownership import ownership
from semanticworld.model.environment import Environment, Layer
from semanticworld.model.result import OutputsResult
from semanticworld.ports import World


def outputs(world: World, environment: Environment, target: Layer) -> OutputsResult:
    """The outputs; raises Refused when there is no such stack, or none of ours."""
    stack = world.stacks.describe(environment.stack_name(target))
    state = (
        StackState(status=stack.status, ownership=ownership(stack, environment)) if stack else StackState(status=None)
    )
    decision = decide(
        Command.OUTPUTS, state, Subject(environment=environment, layer=target, local=world.local, spoken=world.spoken)
    )
    if isinstance(decision, Refuse):
        raise refused(decision)
    if stack is None:
        raise AssertionError(decision)
    return OutputsResult(environment=environment, stack=stack, outputs=stack.outputs)
