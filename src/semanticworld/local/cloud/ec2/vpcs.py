"""VPCs: creation with their default parts, attributes, and deletion only when nothing is left inside."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from semanticworld.local.cloud.ec2.dispatch import end_dry_run, operation
from semanticworld.local.cloud.ec2.errors import EC2Error, dependency, invalid
from semanticworld.local.cloud.ec2.query import Listing, member, select
from semanticworld.local.cloud.ec2.world import (
    Record,
    account,
    find,
    new_id,
    rows,
    set_tags,
    specified_tags,
    store,
    tagged,
)

LARGEST, SMALLEST = 16, 28  # prefix lengths. Source: Amazon VPC User Guide, VPC CIDR blocks, 2026.

LISTING = Listing(
    id_member="VpcId",
    ids_member="VpcIds",
    not_found="InvalidVpcID.NotFound",
    not_found_text="The vpc ID '{id}' does not exist",
    filters={
        "vpc-id": member("VpcId"),
        "cidr": member("CidrBlock"),
        "cidr-block-association.cidr-block": member("CidrBlock"),
        "dhcp-options-id": member("DhcpOptionsId"),
        "is-default": member("IsDefault"),
        "isDefault": member("IsDefault"),
        "owner-id": member("OwnerId"),
        "state": member("State"),
    },
)


def vpc(vpc_id: str) -> Record:
    """The VPC of an id, or EC2's refusal."""
    return find(store._vpcs, vpc_id, LISTING.not_found, LISTING.not_found_text)


def network(cidr: str, parameter: str = "cidrBlock") -> ipaddress.IPv4Network:
    """The IPv4 network of a text, host bits dropped as EC2 drops them."""
    try:
        return ipaddress.IPv4Network(cidr, strict=False)
    except ValueError as error:
        raise invalid(parameter, cidr, "This is not a valid CIDR block.") from error


def shown(record: Record) -> Record:
    """A VPC as DescribeVpcs has it."""
    association = {
        "AssociationId": f"vpc-cidr-assoc-{record['VpcId'].removeprefix('vpc-')}",
        "CidrBlock": record["CidrBlock"],
        "CidrBlockState": {"State": "associated"},
    }
    return {**tagged(record, record["VpcId"]), "CidrBlockAssociationSet": [association]}


@operation("CreateVpc", checks_first=True)
def create_vpc(request: Record) -> Record:
    """A VPC with its main route table, default network ACL and default security group."""
    cidr = network(request.get("CidrBlock", ""))
    if not LARGEST <= cidr.prefixlen <= SMALLEST:
        raise EC2Error("InvalidVpc.Range", f"The CIDR '{cidr}' is invalid.")
    end_dry_run(request)
    vpc_id, acl_id, table_id, group_id = new_id("vpc"), new_id("acl"), new_id("rtb"), new_id("sg")
    store._network_acls[acl_id] = {
        "NetworkAclId": acl_id,
        "VpcId": vpc_id,
        "IsDefault": True,
        "Entries": [
            {"RuleNumber": number, "Protocol": "-1", "RuleAction": verdict, "Egress": egress, "CidrBlock": "0.0.0.0/0"}
            for egress in (False, True)
            for number, verdict in ((100, "allow"), (32767, "deny"))
        ],
        "Associations": [],
        "Tags": [],
        "OwnerId": account(),
    }
    store._route_tables[table_id] = {
        "RouteTableId": table_id,
        "VpcId": vpc_id,
        "OwnerId": account(),
        "Routes": [local_route(str(cidr))],
        "Associations": [
            {
                "RouteTableAssociationId": new_id("rtbassoc"),
                "RouteTableId": table_id,
                "Main": True,
                "AssociationState": {"State": "associated"},
            }
        ],
    }
    store._security_groups[group_id] = {
        "GroupId": group_id,
        "GroupName": "default",
        "Description": "default VPC security group",
        "VpcId": vpc_id,
        "OwnerId": account(),
        "IpPermissions": [
            {
                "IpProtocol": "-1",
                "IpRanges": [],
                "Ipv6Ranges": [],
                "PrefixListIds": [],
                "UserIdGroupPairs": [{"GroupId": group_id, "UserId": account()}],
            }
        ],
        "IpPermissionsEgress": [
            {
                "IpProtocol": "-1",
                "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
                "Ipv6Ranges": [],
                "PrefixListIds": [],
                "UserIdGroupPairs": [],
            }
        ],
    }
    record = {
        "VpcId": vpc_id,
        "CidrBlock": str(cidr),
        "State": "available",
        "IsDefault": False,
        "DhcpOptionsId": "dopt-00000001",
        "InstanceTenancy": request.get("InstanceTenancy", "default"),
        "OwnerId": account(),
        "DefaultNetworkAclId": acl_id,
        "DefaultSecurityGroupId": group_id,
        "MainRouteTableId": table_id,
        "EnableDnsSupport": True,
        "EnableDnsHostnames": False,
    }
    store._vpcs[vpc_id] = record
    set_tags(vpc_id, specified_tags(request, "vpc"))
    return {"Vpc": shown(record)}


def local_route(cidr: str) -> Record:
    """The route inside a VPC that every table has."""
    return {"DestinationCidrBlock": cidr, "GatewayId": "local", "State": "active", "Origin": "CreateRouteTable"}


@operation("DescribeVpcs")
def describe_vpcs(request: Record) -> Record:
    """One page of VPCs."""
    page, token = select(rows(store._vpcs), request, LISTING)
    return {"Vpcs": [shown(record) for record in page], "NextToken": token}


def inhabitants(vpc_id: str) -> Iterator[str]:
    """Ids of what must go before the VPC can; its default parts go with it."""
    for gateway in rows(store._internet_gateways):
        if any(attachment.get("VpcId") == vpc_id for attachment in gateway.get("Attachments", [])):
            yield gateway["InternetGatewayId"]
    for records, key in (
        (store._security_groups, "GroupId"),
        (store._route_tables, "RouteTableId"),
        (store._network_acls, "NetworkAclId"),
        (store._subnets, "SubnetId"),
        (store._network_interfaces, "NetworkInterfaceId"),
        (store._vpc_endpoints, "VpcEndpointId"),
    ):
        yield from (r[key] for r in rows(records) if r["VpcId"] == vpc_id and not _default_part(r))


def _default_part(record: Record) -> bool:
    """Whether a record came with its VPC: its default group, default ACL, main route table."""
    main = any(isinstance(a, dict) and a.get("Main") for a in record.get("Associations", []))
    return bool(main or record.get("IsDefault") or record.get("GroupName") == "default")


@operation("DeleteVpc", checks_first=True)
def delete_vpc(request: Record) -> Record:
    """Nothing; the VPC's default parts go with it."""
    vpc_id = request["VpcId"]
    vpc(vpc_id)
    if next(inhabitants(vpc_id), None):
        raise dependency(f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")
    end_dry_run(request)
    for records, key in (
        (store._security_groups, "GroupId"),
        (store._route_tables, "RouteTableId"),
        (store._network_acls, "NetworkAclId"),
    ):
        for record in list(rows(records)):
            if record["VpcId"] == vpc_id:
                records.pop(record[key], None)
                store._tags.pop(record[key], None)
    store._vpcs.pop(vpc_id)
    store._tags.pop(vpc_id, None)
    return {}


@operation("ModifyVpcAttribute", checks_first=True)
def modify_vpc_attribute(request: Record) -> Record:
    """Nothing; DNS support and DNS host names are switched."""
    record = vpc(request["VpcId"])
    for name in ("EnableDnsSupport", "EnableDnsHostnames", "EnableNetworkAddressUsageMetrics"):
        if name in request:
            record[name] = bool(request[name].get("Value"))
    return {}


@operation("DescribeVpcAttribute")
def describe_vpc_attribute(request: Record) -> Record:
    """The one attribute that was asked for."""
    record = vpc(request["VpcId"])
    known = {
        "enableDnsSupport": ("EnableDnsSupport", True),
        "enableDnsHostnames": ("EnableDnsHostnames", bool(record.get("IsDefault"))),
        "enableNetworkAddressUsageMetrics": ("EnableNetworkAddressUsageMetrics", False),
    }
    if request["Attribute"] not in known:
        raise invalid("attribute", request["Attribute"])
    name, otherwise = known[request["Attribute"]]
    return {"VpcId": record["VpcId"], name: {"Value": bool(record.get(name, otherwise))}}
