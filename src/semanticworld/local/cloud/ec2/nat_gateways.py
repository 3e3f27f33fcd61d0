"""NAT gateways: they take time to come and to go, hold an address and an interface, and fail without a way out."""

from __future__ import annotations

from semanticworld.local.cloud.ec2 import addresses, interfaces
from semanticworld.local.cloud.ec2.dispatch import end_dry_run, operation
from semanticworld.local.cloud.ec2.errors import EC2Error
from semanticworld.local.cloud.ec2.gateways import attached_gateway
from semanticworld.local.cloud.ec2.moments import PACE, now
from semanticworld.local.cloud.ec2.query import Listing, member, select
from semanticworld.local.cloud.ec2.subnets import subnet
from semanticworld.local.cloud.ec2.transitions import begin, step
from semanticworld.local.cloud.ec2.world import (
    Record,
    find,
    new_id,
    rows,
    set_tags,
    specified_tags,
    stamp,
    store,
    tagged,
)

DELETED_VISIBLE_S = 3600.0  # Source: Amazon VPC User Guide, Delete a NAT gateway ("about an hour"), 2026.

LISTING = Listing(
    id_member="NatGatewayId",
    ids_member="NatGatewayIds",
    not_found="NatGatewayNotFound",
    not_found_text="The Nat Gateway {id} was not found",
    filters={
        "nat-gateway-id": member("NatGatewayId"),
        "state": member("State"),
        "subnet-id": member("SubnetId"),
        "vpc-id": member("VpcId"),
    },
)


def nat_gateway(nat_id: str) -> Record:
    """The NAT gateway of an id, or EC2's refusal."""
    return find(store._nat_gateways, nat_id, LISTING.not_found, LISTING.not_found_text)


def shown(record: Record) -> Record:
    """A NAT gateway as DescribeNatGateways has it."""
    return tagged(record, record["NatGatewayId"])


@operation("CreateNatGateway", checks_first=True, once="ClientToken")
def create_nat_gateway(request: Record) -> Record:
    """A gateway that is pending until it is available, or failed when its VPC has no internet gateway."""
    if not request.get("SubnetId"):
        raise EC2Error("MissingParameter", "The request must contain the parameter subnetId")
    parent = subnet(request["SubnetId"])
    kind = request.get("ConnectivityType", "public")
    address = None
    if kind == "public":
        if not request.get("AllocationId"):
            raise EC2Error(
                "MissingParameter",
                "The request must include the AllocationId parameter. Add the required parameter and retry the request.",
            )
        address = addresses.allocation(request["AllocationId"])
        if address.get("AssociationId"):
            raise EC2Error(
                "Resource.AlreadyAssociated",
                f"Elastic IP address [{address['AllocationId']}] is already associated",
            )
    elif request.get("AllocationId"):
        raise EC2Error("InvalidParameterCombination", "AllocationId is not supported by a private NAT gateway")
    end_dry_run(request)
    nat_id = new_id("nat")
    record: Record = {
        "NatGatewayId": nat_id,
        "SubnetId": parent["SubnetId"],
        "VpcId": parent["VpcId"],
        "ConnectivityType": kind,
        "State": "pending",
        "CreateTime": stamp(),
        "NatGatewayAddresses": [{"AllocationId": request["AllocationId"]}] if address else [{}],
        "AvailabilityMode": "zonal",
    }
    store._nat_gateways[nat_id] = record
    set_tags(nat_id, specified_tags(request, "natgateway"))
    if address and not attached_gateway(parent["VpcId"]):
        begin(record, "nat gateway failed", PACE.nat_gateway_s)
        return {"NatGateway": shown(record), "ClientToken": request.get("ClientToken")}
    held = interfaces.add_interface(
        parent,
        groups=[],
        description=f"Interface for NAT Gateway {nat_id}",
        kind="nat_gateway",
        address=request.get("PrivateIpAddress"),
        requester="amazon-nat",
    )
    interfaces.attach(held, instance_id=None, index=1, delete_on_termination=False)
    detail = {"NetworkInterfaceId": held["NetworkInterfaceId"], "PrivateIp": held["PrivateIpAddress"]}
    if address:
        addresses.bind(address, held)
        address["_nat_gateway"] = nat_id
        detail.update(AllocationId=address["AllocationId"], PublicIp=address["PublicIp"])
    record["NatGatewayAddresses"] = [{**detail, "IsPrimary": True, "Status": "succeeded"}]
    begin(record, "nat gateway available", PACE.nat_gateway_s)
    return {"NatGateway": shown(record), "ClientToken": request.get("ClientToken")}


@step("nat gateway available")
def _available(record: Record) -> None:
    record["State"] = "available"


@step("nat gateway failed")
def _failed(record: Record) -> None:
    record.update(
        State="failed",
        FailureCode="Gateway.NotAttached",
        FailureMessage=f"Network {record['VpcId']} has no Internet gateway attached",
    )


@step("nat gateway deleted")
def _deleted(record: Record) -> None:
    for detail in record["NatGatewayAddresses"]:
        held = store._network_interfaces.get(detail.get("NetworkInterfaceId", ""))
        if held is not None:
            addresses.free_interface(held["NetworkInterfaceId"])
            interfaces.remove(held)
        address = store._addresses.get(detail.get("AllocationId", ""))
        if address is not None:
            address.pop("_nat_gateway", None)
    record["State"] = "deleted"
    begin(record, "nat gateway forgotten", DELETED_VISIBLE_S)


@step("nat gateway forgotten")
def _forgotten(record: Record) -> None:
    store._nat_gateways.pop(record["NatGatewayId"], None)
    store._tags.pop(record["NatGatewayId"], None)


@operation("DescribeNatGateways")
def describe_nat_gateways(request: Record) -> Record:
    """One page of NAT gateways, the deleted ones of the last hour among them."""
    given = {**request, "Filters": request.get("Filter", [])}
    page, token = select(rows(store._nat_gateways), given, LISTING)
    return {"NatGateways": [shown(record) for record in page], "NextToken": token}


@operation("DeleteNatGateway", checks_first=True)
def delete_nat_gateway(request: Record) -> Record:
    """The id of the gateway that goes away; its address stays allocated."""
    record = nat_gateway(request["NatGatewayId"])
    end_dry_run(request)
    if record["State"] not in {"deleting", "deleted"}:
        record.update(State="deleting", DeleteTime=stamp(now()))
        begin(record, "nat gateway deleted", PACE.nat_gateway_s)
    return {"NatGatewayId": record["NatGatewayId"]}
