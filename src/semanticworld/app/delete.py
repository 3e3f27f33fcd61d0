"""delete: what will go is said, asked, taken away, and proven gone; what stays is named with its price."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from semanticworld.app.buckets import may_be_emptied, verdict_on_leftover
from semanticworld.app.consent import require
from semanticworld.app.observe import decided
from semanticworld.app.operation import Operation, Work, in_phase, journalled
from semanticworld.app.parallel import each_at_once, sure
from semanticworld.app.proof import Proof, proven, standing_elsewhere
from semanticworld.app.removal import Removal, removed
from semanticworld.app.sweep import swept
from semanticworld.core import statuses
from semanticworld.core.changes import BUCKET
from semanticworld.core.commands import Subject
from semanticworld.core.decision import Attach, Decision, NothingToDo
from semanticworld.core.lifecycle import Command
from semanticworld.core.network import find_network
from semanticworld.core.ownership import Ownership, ownership
from semanticworld.core.removal_plan import (
    deletion_question,
    kept_base,
    kept_networking,
    will_delete,
    will_keep,
    with_way_out,
)
from semanticworld.errors import Refused
from semanticworld.model.environment import Layer
from semanticworld.model.event import Event, Noted
from semanticworld.model.leftover import Deleted, Kept
from semanticworld.model.request import DeleteRequest
from semanticworld.model.result import DeleteResult
from semanticworld.model.stack import Stack, StackResource
from semanticworld.ports import World

_PROOFS = 4
"""So often is all looked at again in one command, when what was found has changed what counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """One stack that is to go, with what is in it."""

    layer: Layer
    stack: Stack
    decision: Decision
    resources: tuple[StackResource, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Network:
    """The environment's own networking stack, which stays, with what is in it."""

    stack: Stack
    resources: tuple[StackResource, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """The environment before the deletion; `others` maps ids of stacks that stay to their names."""

    going: tuple[_Standing, ...]
    others: Mapping[str, str] = field(default_factory=dict)
    base: Stack | None = None
    networking: _Network | None = None


def delete(world: World, request: DeleteRequest) -> Generator[Event, None, DeleteResult]:
    """What was taken, kept and found; leftovers and what could not be proven are in the result, not raised.

    Raises Refused, AwsError, Unfinished or Interrupted.
    """
    operation = Operation.begin(
        world, command="delete", environment=request.environment, target=request.target, timeout_s=request.timeout_s
    )
    return (yield from journalled(operation, _delete(operation, request), dry_run=request.dry_run, trouble=_trouble))


def _trouble(result: DeleteResult) -> str | None:
    """Why the deletion is none to be glad of, None when it is done or goes on by itself."""
    if not result.waited or not (result.leftovers or result.unproven):
        return None
    things = [f"{each.type} {each.id}" for each in result.leftovers]
    return f"left: {', '.join(things)}" if things else f"not proven: {', '.join(result.unproven)}"


def _delete(operation: Operation, request: DeleteRequest) -> Work[DeleteResult]:
    region = operation.world.caller.identity().region
    ground = _looked(operation, request)
    _check_importers(operation, ground)
    last = ground.going[0].stack if ground.going else None
    kept_stacks = _kept_stacks(operation.subject(request.target), request, ground, region)
    resources = tuple(each for standing in ground.going for each in standing.resources)
    if request.dry_run:
        return _result(
            operation,
            request,
            last,
            retained=(*kept_stacks, *will_keep(resources)),
            will_delete=will_delete(resources),
        )
    kept: dict[str, str] = {}
    if ground.going:
        if not all(isinstance(each.decision, Attach) for each in ground.going):
            require(
                operation,
                operation.subject(request.target),
                [
                    deletion_question(
                        operation.subject(request.target), [each.stack for each in ground.going], resources
                    )
                ],
            )
        buckets = _buckets_decided(operation, ground, kept)
    else:
        buckets = ()
        yield Noted(text=f"{operation.subject(request.target).words} does not stand: looking for leftovers only")
    removals: list[Removal] = []
    for index, standing in enumerate(ground.going):
        wait = request.wait or index + 1 < len(ground.going)
        work = removed(operation, standing.layer, standing.stack.id, standing.resources, force=request.force, wait=wait)
        removal = yield from in_phase(operation, f"delete {standing.layer} stack", work, lambda done: done.outcome)
        removals.append(removal)
        if not removal.waited:
            return _result(operation, request, last, retained=kept_stacks, waited=False)
    if last is not None:
        last = operation.world.stacks.describe(last.id) or replace(last, status=statuses.GONE)
    for name in buckets:
        operation.before("DeleteBucket", bucket=name)
        operation.world.inventory.delete_bucket(name)
    proof = yield from _proof(operation, request, ground, resources, kept, region=region)
    subject = operation.subject(request.target)
    retained = (*kept_stacks, *(with_way_out(each, subject, region=region) for each in proof.verdicts.retained))
    return _result(operation, request, last, retained=retained, proof=proof)


def _proof(
    operation: Operation,
    request: DeleteRequest,
    ground: _Ground,
    resources: tuple[StackResource, ...],
    kept: dict[str, str],
    *,
    region: str,
) -> Work[Proof]:
    """The proof, with what others make meanwhile, buckets that stay and leftovers that may go told apart from leftovers."""
    newcomers = yield from _begun_meanwhile(operation, ground, ground.others)
    name = "prove that nothing is left"
    for _ in range(_PROOFS):
        others = {**ground.others, **newcomers}
        context = standing_elsewhere(operation, others, region=region, kept=kept)
        proof: Proof = yield from in_phase(operation, name, proven(operation, resources, context), _in_words)
        name = "prove it again"
        leftovers = proof.verdicts.leftovers
        fresh = (yield from _begun_meanwhile(operation, ground, others)) if leftovers else {}
        newcomers |= fresh
        if fresh:
            continue  # nothing of theirs may be taken for a leftover, let alone be swept away
        if _buckets_settled(operation, request, leftovers, kept):
            continue
        rest = [each for each in _theirs_apart(proof, resources, newcomers).verdicts.leftovers if each.id not in kept]
        if not (request.force and (yield from swept(operation, operation.subject(request.target), rest))):
            break
    return _theirs_apart(proof, resources, newcomers)


def _buckets_settled(
    operation: Operation, request: DeleteRequest, leftovers: Sequence[Kept], kept: dict[str, str]
) -> bool:
    """True when a bucket among the leftovers was deleted, or stays for a reason that `kept` has now."""
    settled = False
    for bucket in [each.id for each in leftovers if each.type == BUCKET and each.id not in kept]:
        why = verdict_on_leftover(operation, bucket, may_ask=request.everything or request.force)
        if why is not None:
            kept[bucket] = why
        settled = settled or why is not None or f"{bucket} was deleted" in operation.changed
    return settled


def _theirs_apart(proof: Proof, resources: tuple[StackResource, ...], newcomers: Mapping[str, str]) -> Proof:
    """The same when nobody creates anew; else what was in no stack of ours is kept, as it may be theirs."""
    if not newcomers:
        return proof
    ours = {each.physical_id for each in resources}
    names = ", ".join(sorted(newcomers.values()))
    why = f"it may belong to {names}, which somebody is creating anew"
    verdicts = proof.verdicts
    theirs = tuple(replace(each, why=why) for each in verdicts.leftovers if each.id not in ours)
    rest = tuple(each for each in verdicts.leftovers if each.id in ours)
    return replace(proof, verdicts=replace(verdicts, retained=(*verdicts.retained, *theirs), leftovers=rest))


def _begun_meanwhile(operation: Operation, ground: _Ground, known: Mapping[str, str]) -> Work[dict[str, str]]:
    """Stacks of the environment that somebody has begun since we looked, by id: theirs to keep, not ours to call left over."""
    ours = {each.stack.id for each in ground.going}
    found: dict[str, str] = {}
    for layer in Layer:
        stack = operation.world.stacks.describe(operation.environment.stack_name(layer))
        if stack is None or stack.id in ours or stack.id in known or stack.status == statuses.GONE:
            continue
        if ownership(stack, operation.environment, journal=operation.journal) is Ownership.OURS:
            found[stack.id] = stack.name
            yield Noted(
                text=f"somebody is creating {stack.name} anew ({stack.status}): it is left to them; "
                f"{operation.subject(layer).shell('status')} shows it",
                warning=True,
            )
    return found


def _kept_stacks(subject: Subject, request: DeleteRequest, ground: _Ground, region: str) -> tuple[Kept, ...]:
    """The layers that stay, with what they cost."""
    base = () if request.everything or ground.base is None else (kept_base(ground.base, subject),)
    network = ground.networking
    return (*base, *((kept_networking(network.stack, network.resources, subject, region=region),) if network else ()))


def _looked(operation: Operation, request: DeleteRequest) -> _Ground:
    stacks = operation.world.stacks
    environment = request.environment
    names = {layer: environment.stack_name(layer) for layer in Layer}
    answers = each_at_once([lambda name=name: stacks.describe(name) for name in names.values()])  # type: ignore[misc]
    found = {layer: sure(answer) for layer, answer in zip(names, answers, strict=True)}
    layers = [Layer.NETWORKING] if request.target is Layer.NETWORKING else [Layer.COMPUTE]
    if request.everything and request.target is not Layer.NETWORKING:
        layers.append(Layer.BASE)
    going = []
    for layer in layers:
        stack = found[layer]
        decision = decided(operation, Command.DELETE, layer, stack)
        if stack is not None and not isinstance(decision, NothingToDo):
            going.append(
                _Standing(layer=layer, stack=stack, decision=decision, resources=_living(stacks.resources(stack.id)))
            )
    others = {stack.id: stack.name for layer, stack in found.items() if stack is not None and layer not in layers}
    if request.target is not Layer.NETWORKING:
        network = find_network(stacks.exports(), environment)
        for stack_id in network.stack_ids:
            others.setdefault(stack_id, stack_id)
    base = found[Layer.BASE] if request.target is Layer.COMPUTE else None
    own = found[Layer.NETWORKING] if request.target is not Layer.NETWORKING else None
    stays = None
    if own is not None and ownership(own, environment) is Ownership.OURS:
        stays = _Network(stack=own, resources=_living(stacks.resources(own.id)))
    return _Ground(going=tuple(going), others=others, base=base, networking=stays)


def _living(resources: tuple[StackResource, ...]) -> tuple[StackResource, ...]:
    return tuple(each for each in resources if each.status != "DELETE_COMPLETE")


def _check_importers(operation: Operation, ground: _Ground) -> None:
    """Returns unless another stack stands on one that is to go: then raises Refused (LIF015) naming it."""
    going = {each.stack.id: each for each in ground.going if each.layer is not Layer.COMPUTE}
    if not going:
        return
    names = {each.stack.name for each in ground.going}
    stacks = operation.world.stacks
    exports = [each for each in stacks.exports().values() if each.stack_id in going]
    answers = each_at_once([lambda name=each.name: stacks.importers(name) for each in exports])  # type: ignore[misc]
    for export, answer in zip(exports, answers, strict=True):
        importers = [name for name in sure(answer) if name not in names]
        if importers:
            subject = operation.subject(going[export.stack_id].layer)
            raise Refused(
                f"{subject.words} is in use",
                why=f"{', '.join(importers)} imports {export.name} from it; nothing was changed",
                hint=_without_importers(subject),
                code="LIF015",
            )


def _without_importers(subject: Subject) -> str:
    return subject.of(Layer.COMPUTE).command("delete", "--everything")


def _buckets_decided(operation: Operation, ground: _Ground, kept: dict[str, str]) -> tuple[str, ...]:
    """The buckets that go with the base layer, emptied; `kept` gets the others with the reason."""
    going: list[str] = []
    for standing in ground.going:
        for resource in standing.resources:
            if resource.type != BUCKET or resource.physical_id is None or standing.layer is not Layer.BASE:
                continue
            why = may_be_emptied(operation, resource.physical_id)
            if why is None:
                operation.before("DeleteObjects", stack_id=standing.stack.id, bucket=resource.physical_id)
                operation.world.inventory.empty_bucket(resource.physical_id)
                going.append(resource.physical_id)
            else:
                kept[resource.physical_id] = why
    return tuple(going)


def _in_words(proof: Proof) -> str:
    if proof.verdicts.leftovers:
        return f"{len(proof.verdicts.leftovers)} left over"
    nothing = "nothing else is left" if proof.verdicts.retained else "nothing is left"
    return "not all could be looked at" if proof.verdicts.unproven else nothing


def _result(
    operation: Operation,
    request: DeleteRequest,
    stack: Stack | None,
    *,
    retained: tuple[Kept, ...],
    proof: Proof | None = None,
    will_delete: tuple[Deleted, ...] = (),
    waited: bool = True,
) -> DeleteResult:
    return DeleteResult(
        operation_id=operation.id,
        environment=request.environment,
        target=request.target,
        stack=stack,
        deleted=proof.deleted if proof else (),
        retained=retained,
        leftovers=proof.verdicts.leftovers if proof else (),
        unproven=proof.verdicts.unproven if proof else (),
        phases=tuple(operation.phases),
        elapsed_s=operation.elapsed_s,
        dry_run=request.dry_run,
        waited=waited,
        will_delete=will_delete,
    )
