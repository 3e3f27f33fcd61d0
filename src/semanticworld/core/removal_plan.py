"""What a deletion will take and keep, told and asked before it begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from semanticworld.core.changes import INSTANCE, VOLUME
from semanticworld.core.commands import Subject
from semanticworld.core.retained_prices import networking_usd_per_month
from semanticworld.model.environment import Layer
from semanticworld.model.leftover import Deleted, Kept
from semanticworld.model.question import Question
from semanticworld.model.stack import Stack, StackResource


def deletion_question(subject: Subject, stacks: Sequence[Stack], resources: Sequence[StackResource]) -> Question:
    """The question before a deletion; the environment's name must be typed where it is guarded or protected."""
    protected = [stack.name for stack in stacks if _is_protected(stack)]
    names = ", ".join(stack.name for stack in stacks)
    return Question(
        text=f"delete {names} ({len(resources)} resources)?",
        expects=subject.environment.name.value if subject.environment.is_guarded or protected else None,
        consequences=tuple(
            [f"{name} is protected against termination: the protection is taken off" for name in protected]
            + [
                f"{stack.name} is still being created: that is broken off"
                for stack in stacks
                if stack.status == "CREATE_IN_PROGRESS"
            ]
            + [f"the node {each.physical_id} is terminated" for each in resources if each.type == INSTANCE]
            + [
                f"the data volume {each.physical_id} is deleted; a snapshot of it is made first"
                for each in resources
                if each.type == VOLUME
            ]
        ),
    )


def will_delete(resources: Sequence[StackResource]) -> tuple[Deleted, ...]:
    """What a deletion would take."""
    return tuple(
        Deleted(type=each.type, id=each.physical_id or each.logical_id, logical_id=each.logical_id)
        for each in resources
    )


def will_keep(resources: Sequence[StackResource]) -> tuple[Kept, ...]:
    """What a deletion would leave behind on purpose."""
    return tuple(
        Kept(
            type="AWS::EC2::Snapshot",
            id=f"snapshot of {each.physical_id}",
            why="made before the data volume is deleted",
            usd_per_month=None,
        )
        for each in resources
        if each.type == VOLUME
    )


def kept_base(base: Stack, subject: Subject) -> Kept:
    """The base layer, which stays when only the node goes."""
    return Kept(
        type="AWS::CloudFormation::Stack",
        id=base.name,
        why="the base layer is free while it stands and makes the next create fast; "
        f"{subject.shell('delete', '--everything')} removes it",
        usd_per_month=Decimal(0),
    )


def kept_networking(networking: Stack, resources: Sequence[StackResource], subject: Subject, *, region: str) -> Kept:
    """The networking layer, which stays when a node goes and bills while it stands."""
    zones = networking.parameters.get("InterfaceEndpointZones", "1")
    cost = networking_usd_per_month(resources, region=region, endpoint_zones=int(zones) if zones.isdecimal() else 1)
    what = "its NAT gateways and interface endpoints bill" if cost != 0 else "nothing in it bills"
    return Kept(
        type="AWS::CloudFormation::Stack",
        id=networking.name,
        why=f"the networking layer is not this command's to delete; {what} while it stands; "
        f"{subject.of(Layer.NETWORKING).shell('delete')} removes it",
        usd_per_month=cost,
    )


def _is_protected(stack: Stack) -> bool:
    return stack.termination_protection or stack.parameters.get("TerminationProtection") == "true"


def with_way_out(kept: Kept, subject: Subject, *, region: str) -> Kept:
    """The same, with the command that removes it where there is one of AWS's for it."""
    command = _WAYS_OUT.get(kept.type)
    if command is None or "`" in kept.why:
        return kept
    where = subject.aws_options
    if "--region" not in where:
        where = f" --region {region}{where}"
    if subject.local:
        return replace(
            kept,
            why=f"{kept.why}; `aws {command.format(kept.id)}` removes it, with the variables that "
            "`./manage-compute.sh local status` prints",
        )
    return replace(kept, why=f"{kept.why}; `aws {command.format(kept.id)}{where}` removes it")


_WAYS_OUT = {
    "AWS::EC2::Snapshot": "ec2 delete-snapshot --snapshot-id {}",
    "AWS::Logs::LogGroup": "logs delete-log-group --log-group-name {}",
}
