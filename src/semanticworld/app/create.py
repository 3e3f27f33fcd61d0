"""create: networking found (or, on the embedded cloud, made), then base, then compute; an existing layer is updated."""

from __future__ import annotations

from collections.abc import Generator

from semanticworld.app.compute import ComputeParameters
from semanticworld.app.foresight import foreseen
from semanticworld.app.layers import FOLLOWED, How, LayerOutcome, Parameters, deploy
from semanticworld.app.operation import Operation, Work, in_phase, journalled
from semanticworld.core import statuses
from semanticworld.core.causes import cause
from semanticworld.core.network import Network, find_network
from semanticworld.core.parameters import Merged, check_names, merged
from semanticworld.core.polling import interval_s
from semanticworld.errors import Refused
from semanticworld.model.environment import Layer
from semanticworld.model.event import Event, Noted
from semanticworld.model.node import Node
from semanticworld.model.request import CreateRequest, LayerSource
from semanticworld.model.result import CreateResult
from semanticworld.model.stack import Stack
from semanticworld.ports import World

NODE_LIMIT_S = 120.0
"""CloudFormation says complete when the instance runs; so long may EC2's own answer lag behind."""


def create(world: World, request: CreateRequest) -> Generator[Event, None, CreateResult]:
    """What was done; raises UsageError, Refused, AwsError, Unfinished or Interrupted."""
    operation = Operation.begin(
        world,
        command="create",
        environment=request.environment,
        target=request.target,
        timeout_s=request.timeout_s,
    )
    check_names(request.sources[request.target], request.overrides)
    return (yield from journalled(operation, _create(operation, request), dry_run=request.dry_run))


def _create(operation: Operation, request: CreateRequest) -> Work[CreateResult]:
    how = How(dry_run=request.dry_run, wait=request.wait)
    layers = _layers(operation, request)
    node_parameters = _node_parameters(operation, request) if Layer.COMPUTE in layers else None

    def parameters(layer: Layer) -> Parameters:
        if layer is Layer.COMPUTE and node_parameters is not None:
            return node_parameters
        overrides = dict(request.overrides) if layer is request.target else {}
        return _plain(operation, request.sources[layer], overrides)

    yield from foreseen(operation, [request.sources[each] for each in layers], parameters, dry_run=request.dry_run)
    done: list[LayerOutcome] = []
    if Layer.NETWORKING in layers and request.target is not Layer.NETWORKING:
        yield Noted(text=f"{request.environment.name} has no networking layer yet: making it first")
    for layer in layers[:-1]:
        ahead = How(dry_run=request.dry_run, wait=True, shortcut=layer is Layer.BASE)
        done.append((yield from _layer(operation, request.sources[layer], parameters(layer), ahead)))
    last = yield from _layer(operation, request.sources[request.target], parameters(request.target), how)
    done.append(last)
    waited = last.outcome != "under way"
    node = None
    if request.target is Layer.COMPUTE and last.stack is not None and waited:
        node = yield from _node(operation, last.stack, settled=not request.dry_run)
    return CreateResult(
        operation_id=operation.id,
        environment=request.environment,
        target=request.target,
        stack=last.stack,
        changes=tuple(change for outcome in done for change in outcome.changes),
        node=node,
        outputs=last.stack.outputs if last.stack else {},
        findings=(),
        phases=tuple(operation.phases),
        elapsed_s=operation.elapsed_s,
        dry_run=request.dry_run,
        waited=waited,
        followed=last.outcome == FOLLOWED,
    )


def _layers(operation: Operation, request: CreateRequest) -> tuple[Layer, ...]:
    """The layers to deploy, lowest first; raises Refused when the networking layer is missing and not ours to make."""
    if request.target is Layer.NETWORKING:
        return (Layer.NETWORKING,)
    layers = [Layer.NETWORKING] if _needs_network(operation, request) else []
    if Layer.BASE in request.sources and request.target is not Layer.BASE:
        layers.append(Layer.BASE)
    return (*layers, request.target)


def _layer(operation: Operation, source: LayerSource, parameters: Parameters, how: How) -> Work[LayerOutcome]:
    work = deploy(operation, source, parameters, how)
    return (yield from in_phase(operation, f"{source.layer} layer", work, lambda outcome: outcome.outcome))


def _node_parameters(operation: Operation, request: CreateRequest) -> ComputeParameters:
    overrides = dict(request.overrides) if request.target is Layer.COMPUTE else {}
    source = request.sources[Layer.COMPUTE]
    return ComputeParameters(operation=operation, source=source, overrides=overrides, subnet=request.subnet)


def _plain(operation: Operation, source: LayerSource, overrides: dict[str, str]) -> Parameters:
    def parameters(stack: Stack | None) -> Merged:
        standing = stack.parameters if stack else None
        return merged(source, operation.subject(source.layer), overrides=overrides, standing=standing)

    return parameters


def _needs_network(operation: Operation, request: CreateRequest) -> bool:
    """True when the networking layer has to be made, False when one stands; raises Refused otherwise."""
    network = find_network(operation.world.stacks.exports(), request.environment)
    if network.is_complete:
        own = operation.world.stacks.describe(request.environment.stack_name(Layer.NETWORKING))
        if own is None or statuses.is_over(own.status) or own.status in statuses.AFTERMATH:
            return False
    elif network.stands:
        raise _incomplete(operation, network)
    if not request.deploy_networking or Layer.NETWORKING not in request.sources:
        if network.is_complete:
            return False
        raise _missing(operation, network)
    return True


def _missing(operation: Operation, network: Network) -> Refused:
    others = f"; {', '.join(network.others)} has one, but environments never share" if network.others else ""
    name = operation.environment.export_name("vpc-id")
    return Refused(
        f"{operation.environment.name} has no networking layer",
        why=f"no stack in this region exports {name}{others}",
        hint=operation.subject(Layer.NETWORKING).command("create"),
        code="LIF005",
    )


def _incomplete(operation: Operation, network: Network) -> Refused:
    return Refused(
        f"the networking layer of {operation.environment.name} is not complete",
        why=f"{', '.join(network.stack_ids)} does not export {', '.join(network.missing)}",
        hint=operation.subject(Layer.NETWORKING).command("create"),
        code="LIF017",
    )


def _node(operation: Operation, stack: Stack, *, settled: bool) -> Work[Node | None]:
    """The node as EC2 tells it; one that fell back to stopped is told with its reason."""
    world = operation.world
    instance_id = stack.outputs.get("ComputeInstanceId")
    if not instance_id:
        return None
    begun = world.clock.monotonic()
    node = world.nodes.describe(instance_id)
    while settled and (node is None or node.state == "pending"):
        waited = world.clock.monotonic() - begun
        if waited >= NODE_LIMIT_S or operation.is_overdue:
            break
        world.clock.sleep(interval_s(elapsed_s=waited, quiet_s=waited, local=world.local))
        node = world.nodes.describe(instance_id)
    if settled and node is not None and node.state not in {"running", "pending"}:
        subject = operation.subject(Layer.COMPUTE)
        why = cause(node.state_reason, subject).why if node.state_reason else "EC2 gives no reason"
        yield Noted(text=f"the node {instance_id} is {node.state}: {why}", warning=True)
    return node
