"""Internet gateways: one a VPC, and none is pulled away from under a public address."""

from __future__ import annotations

from semanticworld.local.cloud.ec2.dispatch import end_dry_run, operation
from semanticworld.local.cloud.ec2.errors import EC2Error, dependency
from semanticworld.local.cloud.ec2.query import Listing, member, select
from semanticworld.local.cloud.ec2.vpcs import vpc
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

LISTING = Listing(
    id_member="InternetGatewayId",
    ids_member="InternetGatewayIds",
    not_found="InvalidInternetGatewayID.NotFound",
    not_found_text="The internetGateway ID '{id}' does not exist",
    filters={
        "internet-gateway-id": member("InternetGatewayId"),
        "attachment.vpc-id": member("Attachments", "VpcId"),
        "attachment.state": member("Attachments", "State"),
        "owner-id": member("OwnerId"),
    },
)


def gateway(gateway_id: str) -> Record:
    """The gateway of an id, or EC2's refusal."""
    return find(store._internet_gateways, gateway_id, LISTING.not_found, LISTING.not_found_text)


def attached_gateway(vpc_id: str) -> str | None:
    """The id of a VPC's internet gateway, or None."""
    for record in rows(store._internet_gateways):
        if any(attachment.get("VpcId") == vpc_id for attachment in record.get("Attachments", [])):
            return str(record["InternetGatewayId"])
    return None


@operation("CreateInternetGateway")
def create_internet_gateway(request: Record) -> Record:
    """A gateway that is attached to nothing."""
    gateway_id = new_id("igw")
    record = {"InternetGatewayId": gateway_id, "OwnerId": account(), "Attachments": []}
    store._internet_gateways[gateway_id] = record
    set_tags(gateway_id, specified_tags(request, "internet-gateway"))
    return {"InternetGateway": tagged(record, gateway_id)}


@operation("DescribeInternetGateways")
def describe_internet_gateways(request: Record) -> Record:
    """One page of gateways."""
    page, token = select(rows(store._internet_gateways), request, LISTING)
    return {"InternetGateways": [tagged(r, r["InternetGatewayId"]) for r in page], "NextToken": token}


@operation("AttachInternetGateway", checks_first=True)
def attach_internet_gateway(request: Record) -> Record:
    """Nothing; the VPC has its gateway."""
    record, target = gateway(request["InternetGatewayId"]), vpc(request["VpcId"])
    held = record.get("Attachments", [])
    if held:
        raise EC2Error(
            "Resource.AlreadyAssociated",
            f"resource {record['InternetGatewayId']} is already attached to network {held[0]['VpcId']}",
        )
    if attached_gateway(target["VpcId"]):
        raise EC2Error("InvalidParameterValue", f"Network {target['VpcId']} already has an internet gateway attached")
    end_dry_run(request)
    record["Attachments"] = [{"VpcId": target["VpcId"], "State": "available"}]
    return {}


def public_addresses(vpc_id: str) -> bool:
    """Whether an interface of a VPC has a public address."""
    return any(record["VpcId"] == vpc_id and record.get("Association") for record in rows(store._network_interfaces))


@operation("DetachInternetGateway", checks_first=True)
def detach_internet_gateway(request: Record) -> Record:
    """Nothing; refused while the VPC has public addresses."""
    record, vpc_id = gateway(request["InternetGatewayId"]), request["VpcId"]
    if not any(attachment.get("VpcId") == vpc_id for attachment in record.get("Attachments", [])):
        raise EC2Error(
            "Gateway.NotAttached", f"resource {record['InternetGatewayId']} is not attached to network {vpc_id}"
        )
    if public_addresses(vpc_id):
        raise dependency(
            f"Network {vpc_id} has some mapped public address(es). Please unmap those public address(es) before "
            "detaching the gateway."
        )
    end_dry_run(request)
    record["Attachments"] = []
    return {}


@operation("DeleteInternetGateway", checks_first=True)
def delete_internet_gateway(request: Record) -> Record:
    """Nothing; an attached gateway stays."""
    record = gateway(request["InternetGatewayId"])
    if record.get("Attachments"):
        raise dependency(f"The internetGateway '{record['InternetGatewayId']}' has dependencies and cannot be deleted.")
    end_dry_run(request)
    store._internet_gateways.pop(record["InternetGatewayId"])
    store._tags.pop(record["InternetGatewayId"], None)
    return {}
