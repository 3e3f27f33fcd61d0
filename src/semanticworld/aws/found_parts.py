"""Parts: resources that CloudFormation counts as their own but that live and die with something else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from semanticworld.aws.calls import Calls

_TABLE = re.compile(r"rtb-[0-9a-f]+")
_ASSOCIATION = re.compile(r"rtbassoc-[0-9a-f]+")
_GATEWAY = re.compile(r"igw-[0-9a-f]+")
_VPC = re.compile(r"vpc-[0-9a-f]+")
_VOLUME = re.compile(r"vol-[0-9a-f]+")
_INSTANCE = re.compile(r"i-[0-9a-f]+$")
_DESTINATION = re.compile(r"[0-9a-f.:]+/\d+|pl-[0-9a-f]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """`whole` is the type that a part cannot outlive. `look_up` answers None when the physical id does not say enough."""

    whole: str
    look_up: Callable[[Calls, str], bool | None]


def _route(calls: Calls, id_: str) -> bool | None:
    """Physical id: the table and the destination, with a bar between them."""
    table, destination = _TABLE.search(id_), _DESTINATION.search(id_.partition("|")[2])
    if table is None or destination is None:
        return None
    routes = (
        route
        for told in _tables(calls, "route-table-id", table[0])
        if told["RouteTableId"] == table[0]
        for route in told.get("Routes", ())
    )
    keys = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
    return any(destination[0] in {route.get(key) for key in keys} for route in routes)


def _association(calls: Calls, id_: str) -> bool | None:
    found = _ASSOCIATION.search(id_)
    if found is None:
        return None
    return any(
        each["RouteTableAssociationId"] == found[0]
        for told in _tables(calls, "association.route-table-association-id", found[0])
        for each in told.get("Associations", ())
    )


def _attached_gateway(calls: Calls, id_: str) -> bool | None:
    """Physical id: IGW and the VPC with a bar between them."""
    vpc = _VPC.search(id_)
    if vpc is None:
        return None
    gateway = _GATEWAY.search(id_)
    return any(
        each.get("VpcId") == vpc[0] and (gateway is None or told["InternetGatewayId"] == gateway[0])
        for told in calls.items(
            "ec2",
            "DescribeInternetGateways",
            "InternetGateways",
            Filters=[{"Name": "attachment.vpc-id", "Values": [vpc[0]]}],
        )
        for each in told.get("Attachments", ())
    )


def _attached_volume(calls: Calls, id_: str) -> bool | None:
    """Physical id: the volume and the instance with a bar between them."""
    volume, instance = _VOLUME.search(id_), _INSTANCE.search(id_)
    if volume is None or instance is None:
        return None
    return any(
        each.get("InstanceId") == instance[0] and each.get("State") != "detached"
        for told in calls.items(
            "ec2", "DescribeVolumes", "Volumes", Filters=[{"Name": "volume-id", "Values": [volume[0]]}]
        )
        if told["VolumeId"] == volume[0]
        for each in told.get("Attachments", ())
    )


def _rule(calls: Calls, id_: str) -> bool | None:
    if not id_.startswith("sgr-"):
        return None
    rules = calls.items(
        "ec2",
        "DescribeSecurityGroupRules",
        "SecurityGroupRules",
        Filters=[{"Name": "security-group-rule-id", "Values": [id_]}],
    )
    return any(told["SecurityGroupRuleId"] == id_ for told in rules)


def _unnamed(_: Calls, __: str) -> bool | None:
    """CloudFormation made up the id; only the whole can be asked for."""
    return None


def _tables(calls: Calls, name: str, value: str) -> list[Mapping[str, Any]]:
    filters = [{"Name": name, "Values": [value]}]
    return list(calls.items("ec2", "DescribeRouteTables", "RouteTables", Filters=filters))


PARTS: Mapping[str, Part] = {
    "AWS::EC2::EIPAssociation": Part(whole="AWS::EC2::EIP", look_up=_unnamed),
    "AWS::EC2::NetworkAclEntry": Part(whole="AWS::EC2::NetworkAcl", look_up=_unnamed),
    "AWS::EC2::Route": Part(whole="AWS::EC2::RouteTable", look_up=_route),
    "AWS::EC2::SecurityGroupEgress": Part(whole="AWS::EC2::SecurityGroup", look_up=_rule),
    "AWS::EC2::SecurityGroupIngress": Part(whole="AWS::EC2::SecurityGroup", look_up=_rule),
    "AWS::EC2::SubnetNetworkAclAssociation": Part(whole="AWS::EC2::NetworkAcl", look_up=_unnamed),
    "AWS::EC2::SubnetRouteTableAssociation": Part(whole="AWS::EC2::RouteTable", look_up=_association),
    "AWS::EC2::VPCGatewayAttachment": Part(whole="AWS::EC2::VPC", look_up=_attached_gateway),
    "AWS::EC2::VolumeAttachment": Part(whole="AWS::EC2::Instance", look_up=_attached_volume),
    "AWS::IAM::Policy": Part(whole="AWS::IAM::Role", look_up=_unnamed),
    "AWS::SNS::TopicPolicy": Part(whole="AWS::SNS::Topic", look_up=_unnamed),
}
"""Source: AWS resource type reference, CloudFormation User Guide, return values (Ref) of each type."""
