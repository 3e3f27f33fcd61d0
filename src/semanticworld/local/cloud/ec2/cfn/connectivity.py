"""Elastic IP address, its association, NAT gateway, VPC endpoint, flow log."""

from __future__ import annotations

import json

from semanticworld.local.cloud.ec2.cfn.kinds import (
    Kind,
    Place,
    Props,
    ResourceFailure,
    api,
    changed,
    kind,
    only_tags,
    retag,
    tag_specs,
)
from semanticworld.local.cloud.ec2.endpoints import OPEN_POLICY, endpoint
from semanticworld.local.cloud.ec2.errors import EC2Error
from semanticworld.local.cloud.ec2.nat_gateways import nat_gateway
from semanticworld.local.cloud.ec2.transitions import settle
from semanticworld.local.cloud.ec2.world import Record, rows, store


def _address(public_ip: str) -> Record:
    for record in rows(store._addresses):
        if record["PublicIp"] == public_ip:
            return record
    raise EC2Error("InvalidAddress.NotFound", f"Address '{public_ip}' not found.")


def _eip_create(props: Props, _place: Place) -> str:
    made = api("AllocateAddress", Domain=props.get("Domain"), TagSpecifications=tag_specs(props, "elastic-ip"))
    if props.get("InstanceId"):
        api("AssociateAddress", AllocationId=made["AllocationId"], InstanceId=props["InstanceId"])
    return str(made["PublicIp"])


def _eip_update(public_ip: str, old: Props, new: Props, _place: Place) -> None:
    record = _address(public_ip)
    if changed(old, new, "InstanceId"):
        if record.get("AssociationId"):
            api("DisassociateAddress", AssociationId=record["AssociationId"])
        if new.get("InstanceId"):
            api("AssociateAddress", AllocationId=record["AllocationId"], InstanceId=new["InstanceId"])
    retag(record["AllocationId"], old, new)


def _eip_delete(public_ip: str, props: Props) -> None:
    record = _address(public_ip)
    if props.get("InstanceId") and record.get("AssociationId"):
        api("DisassociateAddress", AssociationId=record["AssociationId"])
    api("ReleaseAddress", AllocationId=record["AllocationId"])


kind(
    Kind(
        name="AWS::EC2::EIP",
        create=_eip_create,
        attributes=lambda public_ip: {"PublicIp": public_ip, "AllocationId": _address(public_ip)["AllocationId"]},
        update=_eip_update,
        delete=_eip_delete,
        tags_property="Tags",
        replacing=("NetworkBorderGroup", "TransferAddress", "IpamPoolId", "Address", "Domain"),
    )
)


def _eip_association_create(props: Props, _place: Place) -> str:
    allocation_id = props.get("AllocationId") or _address(props.get("EIP", ""))["AllocationId"]
    made = api(
        "AssociateAddress",
        AllocationId=allocation_id,
        InstanceId=props.get("InstanceId"),
        NetworkInterfaceId=props.get("NetworkInterfaceId"),
        PrivateIpAddress=props.get("PrivateIpAddress"),
    )
    return str(made["AssociationId"])


kind(
    Kind(
        name="AWS::EC2::EIPAssociation",
        create=_eip_association_create,
        attributes=lambda association_id: {"Id": association_id},
        delete=lambda association_id, _props: _done(api("DisassociateAddress", AssociationId=association_id)),
        replacing=("AllocationId", "NetworkInterfaceId", "InstanceId", "PrivateIpAddress", "EIP"),
    )
)


def _done(_answer: Record) -> None:
    """Nothing: the answer says no more than that it is done."""


def _nat_create(props: Props, _place: Place) -> str:
    made = api(
        "CreateNatGateway",
        SubnetId=props.get("SubnetId"),
        AllocationId=props.get("AllocationId"),
        ConnectivityType=props.get("ConnectivityType"),
        PrivateIpAddress=props.get("PrivateIpAddress"),
        TagSpecifications=tag_specs(props, "natgateway"),
    )
    return str(made["NatGateway"]["NatGatewayId"])


def _nat_stabilized(nat_id: str, _props: Props) -> bool:
    settle()
    record = nat_gateway(nat_id)
    if record["State"] == "failed":
        raise ResourceFailure(
            f"NatGateway {nat_id} is in state failed and hence failed to stabilize. Detailed failure message: "
            f"{record.get('FailureMessage', '')}",
            "NotStabilized",
        )
    return bool(record["State"] == "available")


def _nat_deleted(nat_id: str, _props: Props) -> bool:
    settle()
    record = store._nat_gateways.get(nat_id)
    return record is None or record["State"] in {"deleted", "failed"}


def _nat_attributes(nat_id: str) -> Record:
    detail = nat_gateway(nat_id)["NatGatewayAddresses"][0]
    return {"NatGatewayId": nat_id, "EniId": detail.get("NetworkInterfaceId", "")}


kind(
    Kind(
        name="AWS::EC2::NatGateway",
        create=_nat_create,
        attributes=_nat_attributes,
        update=lambda nat_id, old, new, _place: retag(nat_id, old, new),
        delete=lambda nat_id, _props: _done(api("DeleteNatGateway", NatGatewayId=nat_id)),
        stabilized=_nat_stabilized,
        deleted=_nat_deleted,
        tags_property="Tags",
        replacing=("VpcId", "SubnetId", "ConnectivityType", "AllocationId", "PrivateIpAddress", "AvailabilityMode"),
    )
)


def _policy(props: Props) -> str | None:
    given = props.get("PolicyDocument")
    return given if given is None or isinstance(given, str) else json.dumps(given)


def _endpoint_create(props: Props, _place: Place) -> str:
    made = api(
        "CreateVpcEndpoint",
        VpcId=props.get("VpcId"),
        ServiceName=props.get("ServiceName"),
        VpcEndpointType=props.get("VpcEndpointType"),
        PolicyDocument=_policy(props),
        RouteTableIds=props.get("RouteTableIds"),
        SubnetIds=props.get("SubnetIds"),
        SecurityGroupIds=props.get("SecurityGroupIds"),
        PrivateDnsEnabled=props.get("PrivateDnsEnabled"),
        IpAddressType=props.get("IpAddressType"),
        TagSpecifications=tag_specs(props, "vpc-endpoint"),
    )
    return str(made["VpcEndpoint"]["VpcEndpointId"])


def _endpoint_update(endpoint_id: str, old: Props, new: Props, _place: Place) -> None:
    request: Record = {}
    for name, words in (("RouteTableIds", "RouteTableIds"), ("SubnetIds", "SubnetIds"), ("SecurityGroupIds",) * 2):
        before, after = list(old.get(name) or []), list(new.get(name) or [])
        request[f"Add{words}"] = [item for item in after if item not in before] or None
        request[f"Remove{words}"] = [item for item in before if item not in after] or None
    if changed(old, new, "PrivateDnsEnabled"):
        request["PrivateDnsEnabled"] = new.get("PrivateDnsEnabled", True)
    if changed(old, new, "PolicyDocument"):
        request["PolicyDocument"] = _policy(new) or OPEN_POLICY
    if any(value is not None for value in request.values()):
        api("ModifyVpcEndpoint", VpcEndpointId=endpoint_id, **request)
    retag(endpoint_id, old, new)


def _endpoint_attributes(endpoint_id: str) -> Record:
    record = endpoint(endpoint_id)
    return {
        "Id": endpoint_id,
        "CreationTimestamp": record["CreationTimestamp"],
        "NetworkInterfaceIds": list(record["NetworkInterfaceIds"]),
        "DnsEntries": [f"{entry['HostedZoneId']}:{entry['DnsName']}" for entry in record["DnsEntries"]],
    }


def _endpoint_stabilized(endpoint_id: str, _props: Props) -> bool:
    settle()
    return bool(endpoint(endpoint_id)["State"] == "available")


def _endpoint_deleted(endpoint_id: str, _props: Props) -> bool:
    settle()
    return store._vpc_endpoints.get(endpoint_id) is None


kind(
    Kind(
        name="AWS::EC2::VPCEndpoint",
        create=_endpoint_create,
        attributes=_endpoint_attributes,
        update=_endpoint_update,
        delete=lambda endpoint_id, _props: _done(api("DeleteVpcEndpoints", VpcEndpointIds=[endpoint_id])),
        stabilized=_endpoint_stabilized,
        deleted=_endpoint_deleted,
        tags_property="Tags",
        replacing=("ServiceName", "VpcEndpointType", "VpcId", "ServiceRegion", "ServiceNetworkArn"),
    )
)

_FLOW_LOG = (
    "DeliverLogsPermissionArn",
    "DeliverCrossAccountRole",
    "LogDestination",
    "LogDestinationType",
    "LogFormat",
    "LogGroupName",
    "MaxAggregationInterval",
    "ResourceType",
    "TrafficType",
    "DestinationOptions",
)


def _flow_log_create(props: Props, _place: Place) -> str:
    made = api(
        "CreateFlowLogs",
        ResourceIds=[props["ResourceId"]],
        TagSpecifications=tag_specs(props, "vpc-flow-log"),
        **{name: props.get(name) for name in _FLOW_LOG},
    )
    if made["Unsuccessful"]:
        error = made["Unsuccessful"][0]["Error"]
        raise EC2Error(error["Code"], error["Message"])
    return str(made["FlowLogIds"][0])


kind(
    Kind(
        name="AWS::EC2::FlowLog",
        create=_flow_log_create,
        attributes=lambda log_id: {"Id": log_id},
        update=only_tags("AWS::EC2::FlowLog"),
        delete=lambda log_id, _props: _done(api("DeleteFlowLogs", FlowLogIds=[log_id])),
        tags_property="Tags",
        replacing=("ResourceId", *_FLOW_LOG),
    )
)
