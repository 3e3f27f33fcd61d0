"""The proof that nothing is left: every id looked up again, plus listings by tag and by name, until nothing moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from semanticworld.app.operation import Operation, Work
from semanticworld.app.parallel import at_once
from semanticworld.core.leftovers import (
    Context,
    Verdicts,
    confirmed,
    is_gone,
    judged,
    stands_elsewhere,
    to_look_up,
)
from semanticworld.errors import SemanticWorldError
from semanticworld.model.event import Noted
from semanticworld.model.leftover import Deleted, Found
from semanticworld.model.stack import StackResource

PATIENCE = 4
"""Leftovers count only after so many looks: listings and deletions at AWS lag behind each other by some seconds."""

LOOKS = 6
PAUSES_S = (3.0, 5.0, 10.0, 20.0, 30.0)
PAUSE_LOCAL_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was found in the end; `deleted` are the resources whose look-up says that they are gone."""

    deleted: tuple[Deleted, ...]
    verdicts: Verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    found: tuple[Found, ...]
    gone: frozenset[tuple[str, str]]
    unread: tuple[str, ...]


def proven(operation: Operation, resources: Sequence[StackResource], context: Context) -> Work[Proof]:
    """The proof, after two equal looks; leftovers get a few more looks before they are believed."""
    with_id = tuple(each for each in resources if each.physical_id is not None)
    previous: Verdicts | None = None
    for turn in range(LOOKS):
        look = _looked(operation, with_id, context)
        told = judged(look.found, context)
        verdicts = Verdicts(retained=told.retained, leftovers=told.leftovers, unproven=(*look.unread, *told.unproven))
        if verdicts == previous and (verdicts.is_clean or turn + 1 >= PATIENCE):
            break
        previous = verdicts
        if turn == 1 and verdicts.leftovers:
            yield Noted(text=f"{len(verdicts.leftovers)} things are still there: looking again")
        if turn + 1 < LOOKS:
            operation.world.clock.sleep(PAUSE_LOCAL_S if operation.world.local else PAUSES_S[turn])
    return Proof(deleted=_deleted(with_id, look.gone), verdicts=verdicts)


def standing_elsewhere(
    operation: Operation, stacks: Mapping[str, str], *, region: str, kept: Mapping[str, str]
) -> Context:
    """The context of the verdicts; `stacks` maps ids of stacks that were not to be deleted to their names."""
    standing: dict[str, str] = {}
    for stack_id, name in stacks.items():
        for resource in operation.world.stacks.resources(stack_id):
            if resource.physical_id is not None and resource.status != "DELETE_COMPLETE":
                standing[resource.physical_id] = name
    return Context(region=region, standing=standing, standing_stacks=frozenset(stacks), kept=dict(kept))


def _looked(operation: Operation, resources: tuple[StackResource, ...], context: Context) -> _Look:
    inventory = operation.world.inventory
    environment = operation.environment
    by_id, by_tag, by_name = at_once(
        lambda: inventory.look_up(resources),
        lambda: inventory.by_tag(environment),
        lambda: inventory.by_name(environment),
    )
    unread: list[str] = []
    answers: list[tuple[Found, ...]] = []
    for name, answer in (("by id", by_id), ("by tag", by_tag), ("by name", by_name)):
        if isinstance(answer, SemanticWorldError):
            unread.append(f"what stands could not be listed {name}: {answer.why}")
            answers.append(())
        else:
            answers.append(answer)
    looked_up, tagged, named = answers
    known = {each.id for each in looked_up}
    listed = [each for each in (*tagged, *named) if each.id not in known and not stands_elsewhere(each, context)]
    asked = to_look_up(listed)
    if asked:
        (again, _) = at_once(lambda: inventory.look_up(asked), lambda: None)
        listed = list(confirmed(listed, () if isinstance(again, SemanticWorldError) else again))
    # Sizes and owners stand in listings more often than in look-ups: a thing that both show is merged.
    merged = confirmed([each for each in (*tagged, *named) if each.id in known], looked_up)
    return _Look(
        found=(*looked_up, *merged, *listed),
        gone=frozenset((each.type, each.id) for each in looked_up if is_gone(each)),
        unread=tuple(unread),
    )


def _deleted(resources: Sequence[StackResource], gone: frozenset[tuple[str, str]]) -> tuple[Deleted, ...]:
    return tuple(
        Deleted(type=each.type, id=each.physical_id, logical_id=each.logical_id)
        for each in resources
        if each.physical_id is not None and (each.type, each.physical_id) in gone
    )
