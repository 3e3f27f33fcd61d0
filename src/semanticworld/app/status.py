"""status: one environment as it stands, in two rounds of reads at the same time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from semanticworld.app.parallel import at_once, each_at_once, sure
from semanticworld.core import statuses
from semanticworld.core.advice import advice
from semanticworld.core.commands import Subject
from semanticworld.core.lifecycle import Runner, StackState
from semanticworld.core.names import operation_of
from semanticworld.core.network import find_network
from semanticworld.core.ownership import ownership
from semanticworld.core.progress import newest_token
from semanticworld.errors import SemanticWorldError
from semanticworld.model.environment import Environment, Layer
from semanticworld.model.node import Node
from semanticworld.model.operation import JournalEntry
from semanticworld.model.result import LayerStatus, StatusResult
from semanticworld.model.stack import Export, Stack
from semanticworld.ports import World

T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class _Reading:
    """What has been read so far, and what could not be."""

    unread: list[str]

    def or_none(self, answer: T | SemanticWorldError, what: str) -> T | None:
        """The answer, or None and a line that says what is missing."""
        if isinstance(answer, SemanticWorldError):
            self.unread.append(f"{what}: {answer.what}: {answer.why}")
            return None
        return answer


def status(world: World, environment: Environment, target: Layer, *, events: int = 10) -> StatusResult:
    """The environment as it stands now; raises what reading the target stack raises, the rest goes to `unread`."""
    reading = _Reading(unread=[])
    stacks = world.stacks
    described, nodes, exports = at_once(
        lambda: each_at_once([partial(stacks.describe, environment.stack_name(layer)) for layer in Layer]),
        lambda: world.nodes.of_environment(environment),
        stacks.exports,
    )
    layers = dict(zip(Layer, sure(described), strict=True))
    stack = sure(layers[target])
    found = {
        layer: stack if layer is target else reading.or_none(layers[layer], f"the {layer} stack") for layer in Layer
    }
    network_id = _network_stack_id(environment, found, reading.or_none(exports, "exports"))
    journal = world.journal.entries(environment.name.value)
    known = frozenset(entry.operation_id for entry in journal)
    recent, network = at_once(
        lambda: stacks.recent_events(stack.id, limit=max(events, 1)) if stack else (),
        lambda: stacks.describe(network_id) if network_id else None,
    )
    shown = reading.or_none(recent, "events") or ()
    if network_id:
        found[Layer.NETWORKING] = reading.or_none(network, "the networking stack")
    runner = Runner.US if operation_of(newest_token(shown)) in known else Runner.OTHERS
    return StatusResult(
        environment=environment,
        target=target,
        stack=stack,
        layers=tuple(
            LayerStatus(
                layer=layer,
                stack=found[layer],
                advice=_advice(
                    Subject(environment=environment, layer=layer, local=world.local, spoken=world.spoken),
                    found[layer],
                    journal,
                    runner if layer is target else Runner.OTHERS,
                )
                if network_id is None or layer is not Layer.NETWORKING
                else None,  # found by its exports: somebody else's to look after
            )
            for layer in Layer
        ),
        node=_node(reading.or_none(nodes, "the node"), found[Layer.COMPUTE]),
        events=shown[:events],
        unread=tuple(reading.unread),
    )


def status_all(world: World, environments: Sequence[Environment], target: Layer) -> tuple[StatusResult, ...]:
    """One status an environment, in order, all read at the same time; raises when one's stack cannot be read."""
    answers = each_at_once([partial(status, world, environment, target, events=1) for environment in environments])
    return tuple(sure(answer) for answer in answers)


def _network_stack_id(
    environment: Environment, found: dict[Layer, Stack | None], exports: Mapping[str, Export] | None
) -> str | None:
    """The id of a networking stack that goes by another name, None when ours stands or none does."""
    if found[Layer.NETWORKING] is not None or exports is None:
        return None
    ids = find_network(exports, environment).stack_ids
    return ids[0] if ids else None


def _node(nodes: Sequence[Node] | None, compute: Stack | None) -> Node | None:
    """The stack's own node; without a stack the newest that carries the environment's tags."""
    if not nodes:
        return None
    wanted = compute.outputs.get("ComputeInstanceId") if compute else None
    own = next((node for node in nodes if node.instance_id == wanted), None)
    return own or max(nodes, key=lambda node: (node.launched_at is not None, str(node.launched_at)))


def _advice(subject: Subject, stack: Stack | None, journal: Sequence[JournalEntry], runner: Runner) -> str | None:
    if stack is None:
        # The base layer comes and goes with the compute layer: nobody makes it by itself.
        return None if subject.layer is Layer.BASE else advice(StackState(status=None), subject)
    state = StackState(
        status=stack.status,
        ownership=ownership(stack, subject.environment, journal=journal),
        runner=runner if stack.status in statuses.OPERATIONS else Runner.OTHERS,
    )
    return advice(state, subject)
