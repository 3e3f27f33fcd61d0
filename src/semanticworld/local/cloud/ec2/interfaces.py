"""Network interfaces: every address in a subnet belongs to one, whoever made it."""

from __future__ import annotations

import secrets

from semanticworld.local.cloud.ec2.dispatch import end_dry_run, operation
from semanticworld.local.cloud.ec2.errors import EC2Error, invalid
from semanticworld.local.cloud.ec2.query import Listing, member, select
from semanticworld.local.cloud.ec2.security_groups import group_references
from semanticworld.local.cloud.ec2.subnets import subnet, take_address
from semanticworld.local.cloud.ec2.world import (
    Record,
    account,
    find,
    new_id,
    region,
    rows,
    set_tags,
    specified_tags,
    stamp,
    store,
    tags,
)

LISTING = Listing(
    id_member="NetworkInterfaceId",
    ids_member="NetworkInterfaceIds",
    not_found="InvalidNetworkInterfaceID.NotFound",
    not_found_text="The networkInterface ID '{id}' does not exist",
    filters={
        "network-interface-id": member("NetworkInterfaceId"),
        "attachment.attachment-id": member("Attachment", "AttachmentId"),
        "attachment.instance-id": member("Attachment", "InstanceId"),
        "attachment.status": member("Attachment", "Status"),
        "association.public-ip": member("Association", "PublicIp"),
        "association.allocation-id": member("Association", "AllocationId"),
        "addresses.private-ip-address": member("PrivateIpAddresses", "PrivateIpAddress"),
        "availability-zone": member("AvailabilityZone"),
        "description": member("Description"),
        "group-id": member("Groups", "GroupId"),
        "group-name": member("Groups", "GroupName"),
        "interface-type": member("InterfaceType"),
        "mac-address": member("MacAddress"),
        "owner-id": member("OwnerId"),
        "private-dns-name": member("PrivateDnsName"),
        "private-ip-address": member("PrivateIpAddress"),
        "requester-id": member("RequesterId"),
        "requester-managed": member("RequesterManaged"),
        "status": member("Status"),
        "subnet-id": member("SubnetId"),
        "vpc-id": member("VpcId"),
    },
)


def interface(interface_id: str) -> Record:
    """The interface of an id, or EC2's refusal."""
    return find(store._network_interfaces, interface_id, LISTING.not_found, LISTING.not_found_text)


def host_name(address: str) -> str:
    """The private DNS name of an address."""
    domain = "ec2.internal" if region() == "us-east-1" else f"{region()}.compute.internal"
    return f"ip-{address.replace('.', '-')}.{domain}"


def add_interface(
    parent: Record,
    *,
    groups: list[Record],
    description: str = "",
    kind: str = "interface",
    address: str | None = None,
    requester: str | None = None,
    used: set[str] | None = None,
) -> Record:
    """A new interface in a subnet."""
    given = take_address(parent, address, used)
    record: Record = {
        "NetworkInterfaceId": new_id("eni"),
        "SubnetId": parent["SubnetId"],
        "VpcId": parent["VpcId"],
        "AvailabilityZone": parent["AvailabilityZone"],
        "Description": description,
        "OwnerId": account(),
        "RequesterManaged": requester is not None,
        "Status": "available",
        "InterfaceType": kind,
        "MacAddress": "02:" + ":".join(f"{octet:02x}" for octet in secrets.token_bytes(5)),
        "PrivateIpAddress": given,
        "PrivateDnsName": host_name(given),
        "PrivateIpAddresses": [{"Primary": True, "PrivateIpAddress": given, "PrivateDnsName": host_name(given)}],
        "SourceDestCheck": kind == "interface",
        "Groups": groups,
        "Ipv6Addresses": [],
        "Attachment": None,
    }
    if requester:
        record["RequesterId"] = requester
    store._network_interfaces[record["NetworkInterfaceId"]] = record
    return record


def attach(record: Record, *, instance_id: str | None, index: int, delete_on_termination: bool) -> None:
    """Attach an interface to an instance, or to one of AWS's own machines when there is no instance id."""
    record["Status"] = "in-use"
    record["Attachment"] = {
        "AttachmentId": new_id("eni-attach"),
        "AttachTime": stamp(),
        "DeleteOnTermination": delete_on_termination,
        "DeviceIndex": index,
        "NetworkCardIndex": 0,
        "Status": "attached",
        "InstanceOwnerId": account() if instance_id else "amazon-aws",
        **({"InstanceId": instance_id} if instance_id else {}),
    }


def remove(record: Record) -> None:
    """Take an interface away, with its tags."""
    store._network_interfaces.pop(record["NetworkInterfaceId"], None)
    store._tags.pop(record["NetworkInterfaceId"], None)


def interfaces_of(instance_id: str) -> list[Record]:
    """Interfaces attached to an instance, the primary one first."""
    found = [
        record
        for record in rows(store._network_interfaces)
        if (record.get("Attachment") or {}).get("InstanceId") == instance_id
    ]
    return sorted(found, key=lambda record: int(record["Attachment"]["DeviceIndex"]))


def shown(record: Record) -> Record:
    """An interface as DescribeNetworkInterfaces has it."""
    return {**record, "TagSet": tags(record["NetworkInterfaceId"])}


@operation("DescribeNetworkInterfaces")
def describe_network_interfaces(request: Record) -> Record:
    """One page of interfaces."""
    page, token = select(rows(store._network_interfaces), request, LISTING)
    return {"NetworkInterfaces": [shown(record) for record in page], "NextToken": token}


@operation("CreateNetworkInterface", checks_first=True, once="ClientToken")
def create_network_interface(request: Record) -> Record:
    """An interface that nothing uses yet."""
    parent = subnet(request["SubnetId"])
    groups = group_references(parent["VpcId"], request.get("Groups", []))
    end_dry_run(request)
    record = add_interface(
        parent, groups=groups, description=request.get("Description", ""), address=request.get("PrivateIpAddress")
    )
    set_tags(record["NetworkInterfaceId"], specified_tags(request, "network-interface"))
    return {"NetworkInterface": shown(record)}


@operation("DeleteNetworkInterface", checks_first=True)
def delete_network_interface(request: Record) -> Record:
    """Nothing; an interface in use stays."""
    record = interface(request["NetworkInterfaceId"])
    if record.get("Attachment"):
        raise EC2Error(
            "InvalidParameterValue", f"Network interface '{record['NetworkInterfaceId']}' is currently in use."
        )
    end_dry_run(request)
    remove(record)
    return {}


@operation("AttachNetworkInterface", checks_first=True)
def attach_network_interface(request: Record) -> Record:
    """The attachment of an interface to an instance of its zone."""
    record = interface(request["NetworkInterfaceId"])
    instance = find(
        store._instances, request["InstanceId"], "InvalidInstanceID.NotFound", "The instance ID '{id}' does not exist"
    )
    if record.get("Attachment"):
        raise EC2Error("InvalidNetworkInterface.InUse", f"Interface: [{record['NetworkInterfaceId']}] in use.")
    if record["AvailabilityZone"] != instance["Placement"]["AvailabilityZone"]:
        raise invalid("networkInterfaceId", record["NetworkInterfaceId"], "It is in another availability zone.")
    end_dry_run(request)
    attach(record, instance_id=instance["InstanceId"], index=int(request["DeviceIndex"]), delete_on_termination=False)
    return {"AttachmentId": record["Attachment"]["AttachmentId"]}


@operation("DetachNetworkInterface", checks_first=True)
def detach_network_interface(request: Record) -> Record:
    """Nothing; the primary interface cannot be detached."""
    for record in rows(store._network_interfaces):
        attachment = record.get("Attachment")
        if attachment and attachment["AttachmentId"] == request["AttachmentId"]:
            if attachment["DeviceIndex"] == 0:
                raise EC2Error("OperationNotPermitted", "The network interface at device index 0 cannot be detached.")
            end_dry_run(request)
            record.update(Attachment=None, Status="available")
            return {}
    raise EC2Error("InvalidAttachmentID.NotFound", f"The attachment '{request['AttachmentId']}' does not exist.")


@operation("ModifyNetworkInterfaceAttribute")
def modify_network_interface_attribute(request: Record) -> Record:
    """Nothing; groups, description, source check or the fate at termination change."""
    record = interface(request["NetworkInterfaceId"])
    if request.get("Groups"):
        record["Groups"] = group_references(record["VpcId"], request["Groups"])
    if "Description" in request:
        record["Description"] = request["Description"].get("Value", "")
    if "SourceDestCheck" in request:
        record["SourceDestCheck"] = bool(request["SourceDestCheck"].get("Value"))
    change = request.get("Attachment", {})
    if "DeleteOnTermination" in change and record.get("Attachment"):
        record["Attachment"]["DeleteOnTermination"] = change["DeleteOnTermination"]
    return {}
