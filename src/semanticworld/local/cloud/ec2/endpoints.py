"""VPC endpoints: gateway ones add routes, interface ones stand in subnets with addresses and security groups."""

from __future__ import annotations

import json

from semanticworld.local.cloud.ec2 import interfaces
from semanticworld.local.cloud.ec2.dispatch import end_dry_run, operation
from semanticworld.local.cloud.ec2.errors import EC2Error
from semanticworld.local.cloud.ec2.moments import PACE
from semanticworld.local.cloud.ec2.query import Listing, member, select
from semanticworld.local.cloud.ec2.routes import table
from semanticworld.local.cloud.ec2.security_groups import group_references
from semanticworld.local.cloud.ec2.subnets import subnet
from semanticworld.local.cloud.ec2.transitions import begin, step
from semanticworld.local.cloud.ec2.vpcs import vpc
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
    tagged,
)

GATEWAY_SERVICES = ("s3", "dynamodb")
# Interface services in every commercial region that this project or its users may want; any other is refused.
# Source: AWS PrivateLink Guide, AWS services that integrate with AWS PrivateLink, 2026.
INTERFACE_SERVICES = frozenset({
    "ssm", "ssmmessages", "ec2messages", "ec2", "logs", "monitoring", "events", "kms", "sts", "s3", "dynamodb",
    "ecr.api", "ecr.dkr", "secretsmanager", "cloudformation", "sns", "sqs", "lambda", "ebs", "autoscaling",
    "elasticloadbalancing", "execute-api", "kinesis-streams", "kinesis-firehose", "sagemaker.api", "sagemaker.runtime",
    "athena", "glue", "elasticfilesystem", "servicecatalog", "states", "batch", "ecs", "ecs-agent", "ecs-telemetry",
    "codebuild", "codecommit", "git-codecommit", "xray", "bedrock-runtime", "bedrock", "guardduty-data", "scheduler",
    "evidently", "application-autoscaling", "ssm-contacts", "ssm-incidents", "imagebuilder", "inspector2", "tagging",
})  # fmt: skip
OPEN_POLICY = json.dumps(
    {
        "Version": "2008-10-17",
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
    }
)

LISTING = Listing(
    id_member="VpcEndpointId",
    ids_member="VpcEndpointIds",
    not_found="InvalidVpcEndpointId.NotFound",
    not_found_text="The Vpc Endpoint Id '{id}' does not exist",
    smallest_page=1,
    filters={
        "vpc-endpoint-id": member("VpcEndpointId"),
        "vpc-id": member("VpcId"),
        "service-name": member("ServiceName"),
        "vpc-endpoint-state": member("State"),
        "vpc-endpoint-type": member("VpcEndpointType"),
        "ip-address-type": member("IpAddressType"),
    },
)


def endpoint(endpoint_id: str) -> Record:
    """The endpoint of an id, or EC2's refusal."""
    return find(store._vpc_endpoints, endpoint_id, LISTING.not_found, LISTING.not_found_text)


def prefix_list(service: str) -> str:
    """The id of the prefix list of a gateway service in the caller's region."""
    return str(store._aws_pl_id_from_name(service))


def shown(record: Record) -> Record:
    """An endpoint as DescribeVpcEndpoints has it."""
    return tagged(record, record["VpcEndpointId"])


def _check_service(name: str, kind: str) -> None:
    prefix = f"com.amazonaws.{region()}."
    short = name.removeprefix(prefix)
    known = GATEWAY_SERVICES if kind == "Gateway" else INTERFACE_SERVICES
    if not name.startswith(prefix) or short not in known:
        raise EC2Error("InvalidServiceName", f"The Vpc Endpoint Service '{name}' does not exist")


@operation("CreateVpcEndpoint", checks_first=True, once="ClientToken")
def create_vpc_endpoint(request: Record) -> Record:
    """An endpoint that is pending until it is available."""
    parent = vpc(request["VpcId"])
    kind = request.get("VpcEndpointType", "Gateway")
    name = request.get("ServiceName", "")
    _check_service(name, kind)
    tables = [table(table_id) for table_id in request.get("RouteTableIds", [])]
    places = [subnet(subnet_id) for subnet_id in request.get("SubnetIds", [])]
    if kind == "Gateway" and (places or request.get("SecurityGroupIds")):
        raise EC2Error(
            "InvalidParameter", "Subnet and security group IDs are not supported for the Gateway type VPC Endpoint."
        )
    if kind == "Interface":
        _check_interface(request, parent, places)
    else:
        _check_gateway(tables, parent, name)
    end_dry_run(request)
    endpoint_id = new_id("vpce")
    groups = [] if kind == "Gateway" else group_references(parent["VpcId"], request.get("SecurityGroupIds", []))
    record: Record = {
        "VpcEndpointId": endpoint_id,
        "VpcEndpointType": kind,
        "VpcId": parent["VpcId"],
        "ServiceName": name,
        "State": "available" if kind == "Gateway" else "pending",
        "PolicyDocument": request.get("PolicyDocument") or OPEN_POLICY,
        "RouteTableIds": [],
        "SubnetIds": [],
        "Groups": groups,
        "IpAddressType": request.get("IpAddressType", "ipv4"),
        "PrivateDnsEnabled": bool(request.get("PrivateDnsEnabled", kind == "Interface")),
        "RequesterManaged": False,
        "NetworkInterfaceIds": [],
        "DnsEntries": [],
        "CreationTimestamp": stamp(),
        "OwnerId": account(),
    }
    store._vpc_endpoints[endpoint_id] = record
    set_tags(endpoint_id, specified_tags(request, "vpc-endpoint"))
    for found in tables:
        add_table(record, found)
    for place in places:
        add_subnet(record, place)
    if kind == "Interface":
        begin(record, "endpoint available", PACE.endpoint_s)
    return {"VpcEndpoint": shown(record), "ClientToken": request.get("ClientToken")}


def _check_interface(request: Record, parent: Record, places: list[Record]) -> None:
    zones = [place["AvailabilityZone"] for place in places]
    if len(set(zones)) != len(zones):
        raise EC2Error(
            "DuplicateSubnetsInSameZone", "Found another VPC endpoint subnet in the availability zone of the subnet."
        )
    if not request.get("PrivateDnsEnabled", True):
        return
    dns = parent.get("EnableDnsSupport", True) and parent.get("EnableDnsHostnames", bool(parent.get("IsDefault")))
    if not dns:
        raise EC2Error(
            "InvalidParameter",
            "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for "
            f"{parent['VpcId']}",
        )
    for other in rows(store._vpc_endpoints):
        same = other["VpcId"] == parent["VpcId"] and other["ServiceName"] == request["ServiceName"]
        if same and other["VpcEndpointType"] == "Interface" and other["PrivateDnsEnabled"]:
            raise EC2Error(
                "InvalidParameter",
                "private-dns-enabled cannot be set because there is already a conflicting DNS domain for "
                f"{request['ServiceName']} in the VPC {parent['VpcId']}",
            )


def _check_gateway(tables: list[Record], parent: Record, name: str) -> None:
    for found in tables:
        if found["VpcId"] != parent["VpcId"]:
            raise EC2Error(
                "InvalidRouteTableId.NotFound", f"The route table {found['RouteTableId']} is not in {parent['VpcId']}"
            )
        if any(route.get("DestinationPrefixListId") == prefix_list(name) for route in found["Routes"]):
            raise EC2Error(
                "RouteAlreadyExists",
                f"route table {found['RouteTableId']} already has a route with destination-prefix-list-id "
                f"{prefix_list(name)}",
            )


def add_table(record: Record, found: Record) -> None:
    """Route a gateway service through an endpoint in one table."""
    record["RouteTableIds"].append(found["RouteTableId"])
    found["Routes"].append(
        {
            "DestinationPrefixListId": prefix_list(record["ServiceName"]),
            "GatewayId": record["VpcEndpointId"],
            "State": "active",
            "Origin": "CreateRoute",
        }
    )


def drop_table(record: Record, table_id: str) -> None:
    """Take an endpoint's route out of a table."""
    record["RouteTableIds"] = [known for known in record["RouteTableIds"] if known != table_id]
    found = store._route_tables.get(table_id)
    if found is not None:
        found["Routes"] = [r for r in found["Routes"] if r.get("GatewayId") != record["VpcEndpointId"]]


def add_subnet(record: Record, place: Record) -> None:
    """Stand an interface endpoint in one subnet."""
    held = interfaces.add_interface(
        place,
        groups=record["Groups"],
        description=f"VPC Endpoint Interface {record['VpcEndpointId']}",
        kind="vpc_endpoint",
        requester="amazon-vpc-endpoints",
    )
    interfaces.attach(held, instance_id=None, index=1, delete_on_termination=False)
    record["SubnetIds"].append(place["SubnetId"])
    record["NetworkInterfaceIds"].append(held["NetworkInterfaceId"])
    _name(record)


def drop_subnet(record: Record, subnet_id: str) -> None:
    """Take an interface endpoint out of a subnet."""
    record["SubnetIds"] = [known for known in record["SubnetIds"] if known != subnet_id]
    for held in [store._network_interfaces.get(i) for i in record["NetworkInterfaceIds"]]:
        if held is not None and held["SubnetId"] == subnet_id:
            record["NetworkInterfaceIds"].remove(held["NetworkInterfaceId"])
            interfaces.remove(held)


def _name(record: Record) -> None:
    service = record["ServiceName"].removeprefix(f"com.amazonaws.{region()}.")
    own = f"{record['VpcEndpointId']}-{record['VpcEndpointId'][-8:]}.{service}.{region()}.vpce.amazonaws.com"
    record["DnsEntries"] = [{"DnsName": own, "HostedZoneId": "Z1HUB23UULQXV"}]
    if record["PrivateDnsEnabled"]:
        private = f"{service}.{region()}.amazonaws.com"
        record["DnsEntries"].append({"DnsName": private, "HostedZoneId": "ZONEIDPENDING"})


@step("endpoint available")
def _available(record: Record) -> None:
    record["State"] = "available"


@step("endpoint deleted")
def _deleted(record: Record) -> None:
    for held in [store._network_interfaces.get(i) for i in record["NetworkInterfaceIds"]]:
        if held is not None:
            interfaces.remove(held)
    store._vpc_endpoints.pop(record["VpcEndpointId"], None)
    store._tags.pop(record["VpcEndpointId"], None)


@operation("DescribeVpcEndpoints")
def describe_vpc_endpoints(request: Record) -> Record:
    """One page of endpoints."""
    page, token = select(rows(store._vpc_endpoints), request, LISTING)
    return {"VpcEndpoints": [shown(record) for record in page], "NextToken": token}


@operation("ModifyVpcEndpoint", checks_first=True)
def modify_vpc_endpoint(request: Record) -> Record:
    """Whether the endpoint was changed."""
    record = endpoint(request["VpcEndpointId"])
    tables = [table(table_id) for table_id in request.get("AddRouteTableIds", [])]
    places = [subnet(subnet_id) for subnet_id in request.get("AddSubnetIds", [])]
    wanted = request.get("AddSecurityGroupIds")
    groups = group_references(record["VpcId"], wanted) if wanted else []
    end_dry_run(request)
    if request.get("ResetPolicy") or request.get("PolicyDocument"):
        record["PolicyDocument"] = request.get("PolicyDocument") or OPEN_POLICY
    for found in tables:
        if found["RouteTableId"] not in record["RouteTableIds"]:
            add_table(record, found)
    for table_id in request.get("RemoveRouteTableIds", []):
        drop_table(record, table_id)
    _regroup(record, groups, set(request.get("RemoveSecurityGroupIds", [])))
    for subnet_id in request.get("RemoveSubnetIds", []):
        drop_subnet(record, subnet_id)
    for place in places:
        if place["SubnetId"] not in record["SubnetIds"]:
            add_subnet(record, place)
    if "PrivateDnsEnabled" in request and record["VpcEndpointType"] == "Interface":
        record["PrivateDnsEnabled"] = bool(request["PrivateDnsEnabled"])
        _name(record)
    return {"Return": True}


def _regroup(record: Record, added: list[Record], gone: set[str]) -> None:
    """Change the security groups of an endpoint and of its interfaces."""
    known = {used["GroupId"] for used in record["Groups"]}
    record["Groups"] = [used for used in record["Groups"] if used["GroupId"] not in gone]
    record["Groups"] += [used for used in added if used["GroupId"] not in known]
    for held in [store._network_interfaces.get(i) for i in record["NetworkInterfaceIds"]]:
        if held is not None:
            held["Groups"] = record["Groups"]


@operation("DeleteVpcEndpoints", checks_first=True)
def delete_vpc_endpoints(request: Record) -> Record:
    """What could not be deleted; interface endpoints are deleting for a while."""
    unknown = [i for i in request["VpcEndpointIds"] if store._vpc_endpoints.get(i) is None]
    end_dry_run(request)
    for endpoint_id in request["VpcEndpointIds"]:
        record = store._vpc_endpoints.get(endpoint_id)
        if record is None:
            continue
        for table_id in list(record["RouteTableIds"]):
            drop_table(record, table_id)
        if record["VpcEndpointType"] == "Gateway":
            _deleted(record)
        else:
            record["State"] = "deleting"
            begin(record, "endpoint deleted", PACE.endpoint_s)
    refused = [
        {
            "ResourceId": endpoint_id,
            "Error": {"Code": LISTING.not_found, "Message": LISTING.not_found_text.format(id=endpoint_id)},
        }
        for endpoint_id in unknown
    ]
    return {"Unsuccessful": refused}
