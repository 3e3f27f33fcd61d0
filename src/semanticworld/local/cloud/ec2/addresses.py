"""Elastic IP addresses: allocated, associated with one interface at a time, released when nothing uses them."""

from __future__ import annotations

import secrets

from semanticworld.local.cloud.ec2.dispatch import end_dry_run, operation
from semanticworld.local.cloud.ec2.errors import EC2Error
from semanticworld.local.cloud.ec2.interfaces import interface, interfaces_of
from semanticworld.local.cloud.ec2.query import Listing, member, select
from semanticworld.local.cloud.ec2.quotas import limit
from semanticworld.local.cloud.ec2.world import (
    Record,
    account,
    find,
    new_id,
    region,
    rows,
    set_tags,
    specified_tags,
    store,
    tagged,
)

LISTING = Listing(
    id_member="AllocationId",
    ids_member="AllocationIds",
    not_found="InvalidAllocationID.NotFound",
    not_found_text="The allocation ID '{id}' does not exist",
    filters={
        "allocation-id": member("AllocationId"),
        "association-id": member("AssociationId"),
        "domain": member("Domain"),
        "instance-id": member("InstanceId"),
        "network-border-group": lambda _record: [region()],
        "network-interface-id": member("NetworkInterfaceId"),
        "network-interface-owner-id": member("NetworkInterfaceOwnerId"),
        "private-ip-address": member("PrivateIpAddress"),
        "public-ip": member("PublicIp"),
    },
)


def allocation(allocation_id: str) -> Record:
    """The address of an allocation id, or EC2's refusal."""
    return find(store._addresses, allocation_id, LISTING.not_found, LISTING.not_found_text)


def public_address() -> str:
    """A public address that nothing here has; from the range that RFC 5737 and RFC 2544 keep for tests."""
    used = {record["PublicIp"] for record in store._addresses.all_values()}
    while True:
        address = f"198.{18 + secrets.randbelow(2)}.{secrets.randbelow(256)}.{1 + secrets.randbelow(254)}"
        if address not in used:
            return address


def shown(record: Record) -> Record:
    """An address as DescribeAddresses has it."""
    return {**tagged(record, record["AllocationId"]), "PublicIpv4Pool": "amazon", "NetworkBorderGroup": region()}


@operation("AllocateAddress", checks_first=True)
def allocate_address(request: Record) -> Record:
    """A new address, while the quota allows it."""
    if sum(1 for _ in rows(store._addresses)) >= limit("L-0263D0A3"):
        raise EC2Error("AddressLimitExceeded", "The maximum number of addresses has been reached.")
    end_dry_run(request)
    allocation_id = new_id("eipalloc")
    record = {
        "AllocationId": allocation_id,
        "PublicIp": public_address(),
        "Domain": "vpc",
        "AssociationId": None,
        "InstanceId": None,
        "NetworkInterfaceId": None,
        "PrivateIpAddress": None,
    }
    store._addresses[allocation_id] = record
    set_tags(allocation_id, specified_tags(request, "elastic-ip"))
    answer = shown(record)
    answer.pop("Tags")
    return answer


@operation("DescribeAddresses")
def describe_addresses(request: Record) -> Record:
    """Every address that fits; the call has no pages."""
    records = list(rows(store._addresses))
    for wanted in request.get("PublicIps", []):
        if not any(record["PublicIp"] == wanted for record in records):
            raise EC2Error("InvalidAddress.NotFound", f"Address '{wanted}' not found.")
    if request.get("PublicIps"):
        records = [record for record in records if record["PublicIp"] in request["PublicIps"]]
    page, _ = select(records, request, LISTING)
    return {"Addresses": [shown(record) for record in page]}


def _named(request: Record) -> Record:
    """The address that a request names by its allocation or by itself."""
    if request.get("AllocationId"):
        return allocation(request["AllocationId"])
    for record in rows(store._addresses):
        if record["PublicIp"] == request.get("PublicIp"):
            return record
    if not request.get("PublicIp"):
        raise EC2Error("MissingParameter", "Either public IP or allocation id must be specified")
    raise EC2Error("InvalidAddress.NotFound", f"Address '{request['PublicIp']}' not found.")


def bind(record: Record, target: Record) -> None:
    """Give an address to an interface."""
    record.update(
        AssociationId=new_id("eipassoc"),
        InstanceId=(target.get("Attachment") or {}).get("InstanceId"),
        NetworkInterfaceId=target["NetworkInterfaceId"],
        NetworkInterfaceOwnerId=account(),
        PrivateIpAddress=target["PrivateIpAddress"],
    )
    target["Association"] = {
        "AllocationId": record["AllocationId"],
        "AssociationId": record["AssociationId"],
        "IpOwnerId": account(),
        "PublicIp": record["PublicIp"],
        "PublicDnsName": public_name(record["PublicIp"]),
    }


def public_name(address: str) -> str:
    """The public DNS name of an address."""
    domain = "compute-1" if region() == "us-east-1" else f"{region()}.compute"
    return f"ec2-{address.replace('.', '-')}.{domain}.amazonaws.com"


def free(record: Record) -> None:
    """Take an address from the interface that has it."""
    held = store._network_interfaces.get(record.get("NetworkInterfaceId") or "")
    if held is not None:
        held.pop("Association", None)
    record.update(AssociationId=None, InstanceId=None, NetworkInterfaceId=None, PrivateIpAddress=None)
    record.pop("NetworkInterfaceOwnerId", None)


def free_interface(interface_id: str) -> None:
    """Take every address from an interface."""
    for record in rows(store._addresses):
        if record.get("NetworkInterfaceId") == interface_id:
            free(record)


@operation("AssociateAddress", checks_first=True)
def associate_address(request: Record) -> Record:
    """The association of an address with an instance's first interface or with a named one."""
    record = _named(request)
    if request.get("NetworkInterfaceId"):
        target = interface(request["NetworkInterfaceId"])
    elif request.get("InstanceId"):
        instance = find(
            store._instances,
            request["InstanceId"],
            "InvalidInstanceID.NotFound",
            "The instance ID '{id}' does not exist",
        )
        if instance["State"]["Name"] not in {"running", "stopped", "stopping"}:
            raise EC2Error(
                "InvalidInstanceID",
                f"The pending instance '{instance['InstanceId']}' is not in a valid state for this operation.",
            )
        target = interfaces_of(instance["InstanceId"])[0]
    else:
        raise EC2Error("MissingParameter", "Either instance ID or network interface id must be specified")
    same = record.get("NetworkInterfaceId") == target["NetworkInterfaceId"]
    if record.get("AssociationId") and not same and not request.get("AllowReassociation"):
        raise EC2Error(
            "Resource.AlreadyAssociated",
            f"resource {record['AllocationId']} is already associated with associate-id {record['AssociationId']}",
        )
    end_dry_run(request)
    if not same:
        free(record)
        bind(record, target)
    return {"AssociationId": record["AssociationId"]}


@operation("DisassociateAddress", checks_first=True)
def disassociate_address(request: Record) -> Record:
    """Nothing; the address is free."""
    for record in rows(store._addresses):
        if record.get("AssociationId") and (
            record["AssociationId"] == request.get("AssociationId") or record["PublicIp"] == request.get("PublicIp")
        ):
            if record.get("_nat_gateway"):
                raise EC2Error("AuthFailure", "You do not have permission to access the specified resource.")
            end_dry_run(request)
            free(record)
            return {}
    raise EC2Error(
        "InvalidAssociationID.NotFound", f"The association ID '{request.get('AssociationId')}' does not exist"
    )


@operation("ReleaseAddress", checks_first=True)
def release_address(request: Record) -> Record:
    """Nothing; an address in use stays."""
    record = _named(request)
    if record.get("AssociationId"):
        raise EC2Error("InvalidIPAddress.InUse", f"Address {record['PublicIp']} is in use.")
    end_dry_run(request)
    store._addresses.pop(record["AllocationId"])
    store._tags.pop(record["AllocationId"], None)
    return {}
