"""EC2's things: one table of how each type is described, and from it both the look-up by id and the listing by tag."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from semanticworld.aws import codes
from semanticworld.aws.calls import Calls, answered
from semanticworld.errors import AwsError
from semanticworld.model.environment import Environment
from semanticworld.model.leftover import Existence, Found

Told = Mapping[str, Any]
STACK_TAG = "aws:cloudformation:stack-id"


def _no_state(_: Told) -> str | None:
    return None


def _state(told: Told) -> str | None:
    return told.get("State")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How EC2 describes one type. `gone` are the states in which a thing is only a memory of EC2's."""

    type: str
    operation: str
    member: str
    id_key: str
    id_filter: str
    filters: str = "Filters"
    state: Callable[[Told], str | None] = _no_state
    gone: frozenset[str] = frozenset()
    size_key: str | None = None
    options: Mapping[str, object] | None = None
    tags_key: str = "Tags"
    paged: bool = True


KINDS: tuple[Kind, ...] = (
    Kind(
        type="AWS::EC2::Volume",
        operation="DescribeVolumes",
        member="Volumes",
        id_key="VolumeId",
        id_filter="volume-id",
        state=_state,
        gone=frozenset({"deleted"}),
        size_key="Size",
    ),
    Kind(
        type="AWS::EC2::Snapshot",
        operation="DescribeSnapshots",
        member="Snapshots",
        id_key="SnapshotId",
        id_filter="snapshot-id",
        state=_state,
        size_key="VolumeSize",
        options={"OwnerIds": ["self"]},
    ),
    Kind(
        type="AWS::EC2::EIP",
        operation="DescribeAddresses",
        member="Addresses",
        id_key="PublicIp",  # what CloudFormation calls the physical id of an address
        id_filter="public-ip",
        state=lambda told: "in use" if told.get("AssociationId") else "idle",
        paged=False,
    ),
    Kind(
        type="AWS::EC2::NatGateway",
        operation="DescribeNatGateways",
        member="NatGateways",
        id_key="NatGatewayId",
        id_filter="nat-gateway-id",
        filters="Filter",
        state=_state,
        gone=frozenset({"deleted"}),
    ),
    Kind(
        type="AWS::EC2::VPCEndpoint",
        operation="DescribeVpcEndpoints",
        member="VpcEndpoints",
        id_key="VpcEndpointId",
        id_filter="vpc-endpoint-id",
        state=_state,
        gone=frozenset({"deleted", "Deleted"}),
    ),
    Kind(
        type="AWS::EC2::NetworkAcl",
        operation="DescribeNetworkAcls",
        member="NetworkAcls",
        id_key="NetworkAclId",
        id_filter="network-acl-id",
    ),
    Kind(
        type="AWS::EC2::NetworkInterface",
        operation="DescribeNetworkInterfaces",
        member="NetworkInterfaces",
        id_key="NetworkInterfaceId",
        id_filter="network-interface-id",
        state=lambda told: told.get("Status"),
        tags_key="TagSet",
    ),
    Kind(
        type="AWS::EC2::SecurityGroup",
        operation="DescribeSecurityGroups",
        member="SecurityGroups",
        id_key="GroupId",
        id_filter="group-id",
    ),
    Kind(
        type="AWS::EC2::FlowLog",
        operation="DescribeFlowLogs",
        member="FlowLogs",
        id_key="FlowLogId",
        id_filter="flow-log-id",
        filters="Filter",
    ),
    Kind(
        type="AWS::EC2::VPC",
        operation="DescribeVpcs",
        member="Vpcs",
        id_key="VpcId",
        id_filter="vpc-id",
    ),
    Kind(
        type="AWS::EC2::Subnet",
        operation="DescribeSubnets",
        member="Subnets",
        id_key="SubnetId",
        id_filter="subnet-id",
    ),
    Kind(
        type="AWS::EC2::InternetGateway",
        operation="DescribeInternetGateways",
        member="InternetGateways",
        id_key="InternetGatewayId",
        id_filter="internet-gateway-id",
    ),
    Kind(
        type="AWS::EC2::RouteTable",
        operation="DescribeRouteTables",
        member="RouteTables",
        id_key="RouteTableId",
        id_filter="route-table-id",
    ),
    Kind(
        type="AWS::EC2::SpotInstanceRequest",
        operation="DescribeSpotInstanceRequests",
        member="SpotInstanceRequests",
        id_key="SpotInstanceRequestId",
        id_filter="spot-instance-request-id",
        state=_state,
        gone=frozenset({"closed", "cancelled", "failed"}),
    ),
    Kind(
        type="AWS::EC2::LaunchTemplate",
        operation="DescribeLaunchTemplates",
        member="LaunchTemplates",
        id_key="LaunchTemplateId",
        id_filter="",  # the API has none: templates are looked up one by one
    ),
)
"""Source: EC2 API Reference, the Describe actions named, 2016-11-15."""

LAUNCH_TEMPLATE = "AWS::EC2::LaunchTemplate"
INSTANCE = "AWS::EC2::Instance"
KIND_OF: Mapping[str, Kind] = {kind.type: kind for kind in KINDS}
TYPES = frozenset(KIND_OF) | {INSTANCE}


def present(calls: Calls, type_: str, ids: Sequence[str]) -> Mapping[str, Found]:
    """Those of the ids that EC2 still shows, by id, in one call; those in a state of being gone are left out."""
    if type_ == INSTANCE:
        return _by_id(_instances(calls, [{"Name": "instance-id", "Values": list(ids)}]))
    if type_ == LAUNCH_TEMPLATE:
        return _by_id(found for id_ in ids for found in _launch_template(calls, id_))
    kind = KIND_OF[type_]
    shown = _shown(calls, kind, [{"Name": kind.id_filter, "Values": list(ids)}])
    return {id_: found for id_, found in _by_id(shown).items() if id_ in ids}


def tagged(calls: Calls, type_: str, environment: Environment) -> list[Found]:
    """The things of one type that carry the environment's tags."""
    filters = [
        {"Name": "tag:Project", "Values": [environment.project]},
        {"Name": "tag:Environment", "Values": [environment.name.value]},
    ]
    if type_ == INSTANCE:
        return list(_instances(calls, filters))
    return list(_shown(calls, KIND_OF[type_], filters))


def interfaces_in(calls: Calls, groups: Mapping[str, str | None]) -> list[Found]:
    """Network interfaces that hold one of these security groups (id -> its stack): AWS's services make them without tags.

    Such an interface counts to the stack of its group: it cannot outlive it, and costs nothing by itself.
    """
    kind = KIND_OF["AWS::EC2::NetworkInterface"]
    filters = [{"Name": "group-id", "Values": list(groups)}]
    return [
        replace(found, stack_id=found.stack_id or _group_stack(told, groups))
        for told in calls.items("ec2", kind.operation, kind.member, Filters=filters)
        if (found := _found(kind, told)) is not None
    ]


def _group_stack(told: Told, groups: Mapping[str, str | None]) -> str | None:
    stacks = (groups.get(each.get("GroupId", "")) for each in told.get("Groups", ()))
    return next((stack for stack in stacks if stack is not None), None)


def _shown(calls: Calls, kind: Kind, filters: Sequence[Mapping[str, object]]) -> Iterable[Found]:
    asked = {kind.filters: filters, **(kind.options or {})}
    if kind.paged:
        told_all: Iterable[Told] = calls.items("ec2", kind.operation, kind.member, **asked)
    else:
        told_all = calls.call("ec2", kind.operation, **asked).get(kind.member, ())
    return [found for told in told_all if (found := _found(kind, told)) is not None]


def _found(kind: Kind, told: Told) -> Found | None:
    state = kind.state(told)
    if state in kind.gone:
        return None
    size = told.get(kind.size_key) if kind.size_key else None
    return Found(
        type=kind.type,
        id=told[kind.id_key],
        existence=Existence.PRESENT,
        state=state,
        size_gib=None if size is None else Decimal(str(size)),
        stack_id=_stack_id(told.get(kind.tags_key, ())),
    )


def _instances(calls: Calls, filters: Sequence[Mapping[str, object]]) -> Iterable[Found]:
    for reservation in calls.items("ec2", "DescribeInstances", "Reservations", Filters=filters):
        for told in reservation.get("Instances", ()):
            state = told["State"]["Name"]
            if state != "terminated":
                yield Found(
                    type=INSTANCE,
                    id=told["InstanceId"],
                    state=state,
                    stack_id=_stack_id(told.get("Tags", ())),
                    detail=told.get("InstanceType", ""),
                )


def _launch_template(calls: Calls, id_: str) -> list[Found]:
    kind = KIND_OF[LAUNCH_TEMPLATE]
    try:
        answer = calls.call("ec2", kind.operation, LaunchTemplateIds=[id_])
    except AwsError as error:
        if answered(error, codes.MISSING):
            return []
        raise
    return [found for told in answer.get(kind.member, ()) if (found := _found(kind, told)) and found.id == id_]


def _stack_id(tags: Iterable[Told]) -> str | None:
    return next((tag["Value"] for tag in tags if tag["Key"] == STACK_TAG), None)


def _by_id(found: Iterable[Found]) -> dict[str, Found]:
    return {each.id: each for each in found}
