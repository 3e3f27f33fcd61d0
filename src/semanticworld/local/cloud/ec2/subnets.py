"""Subnets and the addresses in them: every address is given once until it is given back."""

from __future__ import annotations

from semanticworld.local.cloud.ec2.dispatch import end_dry_run, operation
from semanticworld.local.cloud.ec2.errors import EC2Error, dependency, invalid
from semanticworld.local.cloud.ec2.query import Listing, member, select
from semanticworld.local.cloud.ec2.vpcs import LARGEST, SMALLEST, network, vpc
from semanticworld.local.cloud.ec2.world import (
    Record,
    account,
    arn,
    find,
    new_id,
    region,
    rows,
    set_tags,
    specified_tags,
    store,
    tagged,
)
from semanticworld.local.cloud.hardware import zone_ids

RESERVED_FIRST, RESERVED_LAST = 4, 1  # addresses. Source: Amazon VPC User Guide, Subnet sizing, 2026.

LISTING = Listing(
    id_member="SubnetId",
    ids_member="SubnetIds",
    not_found="InvalidSubnetID.NotFound",
    not_found_text="The subnet ID '{id}' does not exist",
    filters={
        "subnet-id": member("SubnetId"),
        "vpc-id": member("VpcId"),
        "availability-zone": member("AvailabilityZone"),
        "availabilityZone": member("AvailabilityZone"),
        "availability-zone-id": member("AvailabilityZoneId"),
        "availabilityZoneId": member("AvailabilityZoneId"),
        "available-ip-address-count": lambda record: [free_addresses(record)],
        "cidr": member("CidrBlock"),
        "cidr-block": member("CidrBlock"),
        "cidrBlock": member("CidrBlock"),
        "default-for-az": member("DefaultForAz"),
        "defaultForAz": member("DefaultForAz"),
        "map-public-ip-on-launch": member("MapPublicIpOnLaunch"),
        "owner-id": member("OwnerId"),
        "state": member("State"),
        "subnet-arn": lambda record: [arn("subnet", record["SubnetId"])],
    },
)


def subnet(subnet_id: str) -> Record:
    """The subnet of an id, or EC2's refusal."""
    return find(store._subnets, subnet_id, LISTING.not_found, LISTING.not_found_text)


def taken(subnet_id: str) -> set[str]:
    """Private addresses that interfaces of a subnet hold."""
    return {
        address["PrivateIpAddress"]
        for interface in rows(store._network_interfaces)
        if interface["SubnetId"] == subnet_id
        for address in interface.get("PrivateIpAddresses", [interface])
    }


def free_addresses(record: Record) -> int:
    """How many addresses a subnet still has to give."""
    size = network(record["CidrBlock"]).num_addresses
    return int(size - RESERVED_FIRST - RESERVED_LAST - len(taken(record["SubnetId"])))


def take_address(record: Record, wanted: str | None = None, used: set[str] | None = None) -> str:
    """A free private address of the subnet, the wanted one when it is free; `used` spares looking again and again."""
    block = network(record["CidrBlock"])
    used = taken(record["SubnetId"]) if used is None else used
    if wanted:
        usable = wanted in {str(host) for host in block.hosts()}
        if not usable:
            raise EC2Error("InvalidParameterValue", f"Address {wanted} does not fall within the subnet's address range")
        if wanted in used:
            raise EC2Error("InvalidIPAddress.InUse", f"Address {wanted} is in use.")
        return wanted
    # EC2 gives addresses in no order; going on from the last one given keeps a freed address from coming straight back.
    size = block.num_addresses
    start = int(record.get("_next_address", RESERVED_FIRST))
    for offset in range(size):
        index = RESERVED_FIRST + (start - RESERVED_FIRST + offset) % (size - RESERVED_FIRST - RESERVED_LAST)
        address = str(block.network_address + index)
        if address not in used:
            record["_next_address"] = index + 1
            used.add(address)
            return address
    raise EC2Error(
        "InsufficientFreeAddressesInSubnet",
        f"There are not enough free addresses in subnet '{record['SubnetId']}' to satisfy the requested number of "
        "instances.",
    )


def shown(record: Record) -> Record:
    """A subnet as DescribeSubnets has it."""
    return {
        **tagged(record, record["SubnetId"]),
        "AvailableIpAddressCount": free_addresses(record),
        "SubnetArn": arn("subnet", record["SubnetId"]),
        "AssignIpv6AddressOnCreation": bool(record.get("AssignIpv6AddressOnCreation")),
        "Ipv6CidrBlockAssociationSet": [],
        "EnableDns64": False,
        "Ipv6Native": False,
        "PrivateDnsNameOptionsOnLaunch": store._subnet_dns_name_options(record),
    }


@operation("CreateSubnet", checks_first=True)
def create_subnet(request: Record) -> Record:
    """A subnet in one zone; it may neither leave the VPC's block nor touch another subnet."""
    parent = vpc(request["VpcId"])
    block = network(request.get("CidrBlock", ""))
    inside = block.subnet_of(network(parent["CidrBlock"]))
    if not inside or not LARGEST <= block.prefixlen <= SMALLEST:
        raise EC2Error("InvalidSubnet.Range", f"The CIDR '{block}' is invalid.")
    for other in rows(store._subnets):
        if other["VpcId"] == parent["VpcId"] and block.overlaps(network(other["CidrBlock"])):
            raise EC2Error("InvalidSubnet.Conflict", f"The CIDR '{block}' conflicts with another subnet")
    zones = zone_ids(region())
    by_id = {zone_id: name for name, zone_id in zones.items()}
    zone = request.get("AvailabilityZone") or by_id.get(request.get("AvailabilityZoneId", "")) or next(iter(zones))
    if zone not in zones:
        raise invalid(
            "availabilityZone",
            zone,
            f"Subnets can currently only be created in the following availability zones: {', '.join(zones)}.",
        )
    end_dry_run(request)
    subnet_id = new_id("subnet")
    record = {
        "SubnetId": subnet_id,
        "VpcId": parent["VpcId"],
        "CidrBlock": str(block),
        "AvailabilityZone": zone,
        "AvailabilityZoneId": zones[zone],
        "AvailableIpAddressCount": block.num_addresses - RESERVED_FIRST - RESERVED_LAST,
        "State": "available",
        "DefaultForAz": False,
        "MapPublicIpOnLaunch": False,
        "OwnerId": account(),
    }
    store._subnets[subnet_id] = record
    set_tags(subnet_id, specified_tags(request, "subnet"))
    return {"Subnet": shown(record)}


@operation("DescribeSubnets")
def describe_subnets(request: Record) -> Record:
    """One page of subnets."""
    page, token = select(rows(store._subnets), request, LISTING)
    return {"Subnets": [shown(record) for record in page], "NextToken": token}


@operation("ModifySubnetAttribute")
def modify_subnet_attribute(request: Record) -> Record:
    """Nothing; one attribute is changed."""
    record = subnet(request["SubnetId"])
    for name in ("MapPublicIpOnLaunch", "AssignIpv6AddressOnCreation"):
        if name in request:
            record[name] = bool(request[name].get("Value"))
    options = {
        "HostnameType": request.get("PrivateDnsHostnameTypeOnLaunch"),
        "EnableResourceNameDnsARecord": request.get("EnableResourceNameDnsARecordOnLaunch", {}).get("Value"),
        "EnableResourceNameDnsAAAARecord": request.get("EnableResourceNameDnsAAAARecordOnLaunch", {}).get("Value"),
    }
    chosen = {name: value for name, value in options.items() if value is not None}
    if chosen:
        record["PrivateDnsNameOptionsOnLaunch"] = {**store._subnet_dns_name_options(record), **chosen}
    return {}


@operation("DeleteSubnet", checks_first=True)
def delete_subnet(request: Record) -> Record:
    """Nothing; a subnet with an interface in it stays."""
    subnet_id = request["SubnetId"]
    subnet(subnet_id)
    if any(interface["SubnetId"] == subnet_id for interface in rows(store._network_interfaces)):
        raise dependency(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
    end_dry_run(request)
    for table in rows(store._route_tables):
        table["Associations"] = [a for a in table["Associations"] if a.get("SubnetId") != subnet_id]
    store._subnets.pop(subnet_id)
    store._tags.pop(subnet_id, None)
    return {}
