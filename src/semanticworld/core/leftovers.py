"""Verdicts on what is found after a delete: gone, kept on purpose, left over, or not to be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from semanticworld.core.retained_prices import usd_per_month
from semanticworld.model.leftover import Existence, Found, Kept
from semanticworld.model.stack import StackResource

_OVER = frozenset({"terminated", "shutting-down", "deleted", "deleting", "cancelled", "closed", "PendingDeletion"})
"""States in which a thing still shows but no longer bills. Source: EC2 and KMS API References, read 2026-11."""

_KEPT_TYPES: Mapping[str, str] = {
    "AWS::EC2::Snapshot": "snapshots outlive their volume, so that no data is lost",
    "AWS::Logs::LogGroup": "logs are kept until their retention ends",
}


HOLDS_DATA = frozenset(
    {
        "AWS::CloudFormation::Stack",
        "AWS::EC2::Snapshot",
        "AWS::EC2::Volume",
        "AWS::KMS::Key",
        "AWS::Logs::LogGroup",
        "AWS::S3::Bucket",
    }
)
"""Types that may hold what cannot be brought back: they are named, never swept away."""

_DEPENDENT = frozenset(
    {
        "AWS::EC2::Route",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::EC2::SecurityGroupIngress",
        "AWS::EC2::SubnetRouteTableAssociation",
        "AWS::EC2::VPCGatewayAttachment",
        "AWS::EC2::VolumeAttachment",
        "AWS::IAM::Policy",
        "AWS::S3::BucketPolicy",
        "AWS::SNS::TopicPolicy",
    }
)
"""Things that cannot outlive what they hang on, cost nothing and have no look-up of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What is known about the environment while verdicts are given.

    `standing` maps ids of things in stacks that were not to be deleted to those stacks' names, `standing_stacks` are
    the ids of these stacks, `kept` maps ids the user decided to keep to the reason.
    """

    region: str
    standing: Mapping[str, str] = field(default_factory=dict)
    standing_stacks: frozenset[str] = frozenset()
    kept: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """All verdicts of one look; equal ones mean that nothing has moved in between."""

    retained: tuple[Kept, ...] = ()
    leftovers: tuple[Kept, ...] = ()
    unproven: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        """True when all is known and nothing is left over."""
        return not self.leftovers and not self.unproven


def judged(found: Iterable[Found], context: Context) -> Verdicts:
    """The verdicts on everything found, each thing once, in the order of type and id."""
    retained: dict[tuple[str, str], Kept] = {}
    leftovers: dict[tuple[str, str], Kept] = {}
    unproven: dict[str, None] = {}
    for thing in sorted(_distinct(found), key=lambda each: (each.type, each.id)):
        if is_gone(thing) or stands_elsewhere(thing, context):
            continue
        if thing.existence is Existence.UNKNOWN:
            if thing.type in _DEPENDENT:
                continue
            unproven[f"{thing.type} {thing.id}: {thing.detail or 'could not be looked up'}"] = None
            continue
        reason = context.kept.get(thing.id) or _KEPT_TYPES.get(thing.type)
        price = usd_per_month(thing.type, region=context.region, size_gib=thing.size_gib)
        kept = Kept(type=thing.type, id=thing.id, why=reason or _left_because(thing), usd_per_month=price)
        (retained if reason else leftovers)[thing.type, thing.id] = kept
    return Verdicts(retained=tuple(retained.values()), leftovers=tuple(leftovers.values()), unproven=tuple(unproven))


def to_look_up(found: Iterable[Found]) -> tuple[StackResource, ...]:
    """Things that a listing showed, in the form that a look-up by id takes: listings lag, look-ups tell."""
    return tuple(
        StackResource(logical_id="", physical_id=each.id, type=each.type, status="")
        for each in found
        if each.existence is Existence.PRESENT
    )


def confirmed(listed: Iterable[Found], looked_up: Iterable[Found]) -> tuple[Found, ...]:
    """Listed things with what the look-up said; where it could not say, the listing stands."""
    answers = {(each.type, each.id): each for each in looked_up}
    return tuple(_the_surer(each, answers.get((each.type, each.id))) for each in listed)


def _the_surer(listed: Found, answer: Found | None) -> Found:
    if answer is None or answer.existence is Existence.UNKNOWN:
        return listed
    if answer.existence is Existence.GONE:
        return answer
    return Found(
        type=listed.type,
        id=listed.id,
        existence=answer.existence,
        state=answer.state or listed.state,
        size_gib=answer.size_gib if answer.size_gib is not None else listed.size_gib,
        stack_id=answer.stack_id or listed.stack_id,
        detail=answer.detail or listed.detail,
    )


def _distinct(found: Iterable[Found]) -> list[Found]:
    rank = {Existence.PRESENT: 0, Existence.GONE: 1, Existence.UNKNOWN: 2}
    best: dict[tuple[str, str], Found] = {}
    for each in found:
        known = best.get((each.type, each.id))
        if known is None or rank[each.existence] < rank[known.existence]:
            best[each.type, each.id] = each
    return list(best.values())


def is_gone(thing: Found) -> bool:
    """True when it is not there any more, or only shows for a while and no longer bills."""
    return thing.existence is Existence.GONE or thing.state in _OVER


def stands_elsewhere(thing: Found, context: Context) -> bool:
    """True when it belongs to a stack that was not to be deleted, or is that stack."""
    return thing.id in context.standing or bool({thing.id, thing.stack_id} & context.standing_stacks)


def _left_because(thing: Found) -> str:
    if thing.detail:
        return thing.detail
    return f"still there{f' ({thing.state})' if thing.state else ''}, and nobody asked to keep it"
