"""Route tables: routes to what exists, associations without conflict, blackholes where a target went away."""

from __future__ import annotations

from semanticworld.local.cloud.ec2.dispatch import end_dry_run, operation
from semanticworld.local.cloud.ec2.errors import EC2Error, dependency, invalid
from semanticworld.local.cloud.ec2.gateways import attached_gateway
from semanticworld.local.cloud.ec2.query import Listing, member, select
from semanticworld.local.cloud.ec2.subnets import subnet
from semanticworld.local.cloud.ec2.vpcs import local_route, network, vpc
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
    id_member="RouteTableId",
    ids_member="RouteTableIds",
    not_found="InvalidRouteTableID.NotFound",
    not_found_text="The routeTable ID '{id}' does not exist",
    smallest_page=5,
    largest_page=100,
    filters={
        "route-table-id": member("RouteTableId"),
        "vpc-id": member("VpcId"),
        "owner-id": member("OwnerId"),
        "association.main": member("Associations", "Main"),
        "association.subnet-id": member("Associations", "SubnetId"),
        "association.route-table-id": member("Associations", "RouteTableId"),
        "association.route-table-association-id": member("Associations", "RouteTableAssociationId"),
        "route.destination-cidr-block": member("Routes", "DestinationCidrBlock"),
        "route.destination-prefix-list-id": member("Routes", "DestinationPrefixListId"),
        "route.gateway-id": member("Routes", "GatewayId"),
        "route.nat-gateway-id": member("Routes", "NatGatewayId"),
        "route.instance-id": member("Routes", "InstanceId"),
        "route.origin": member("Routes", "Origin"),
        "route.state": lambda record: [_state(route, record) for route in record["Routes"]],
    },
)
DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
TARGETS = (
    "GatewayId",
    "NatGatewayId",
    "InstanceId",
    "NetworkInterfaceId",
    "VpcPeeringConnectionId",
    "TransitGatewayId",
    "EgressOnlyInternetGatewayId",
    "VpcEndpointId",
)


def table(table_id: str) -> Record:
    """The route table of an id, or EC2's refusal."""
    return find(store._route_tables, table_id, LISTING.not_found, LISTING.not_found_text)


def _state(route: Record, record: Record) -> str:
    """Whether a route still leads somewhere."""
    nat_id, gateway_id, instance_id = (route.get(k) for k in ("NatGatewayId", "GatewayId", "InstanceId"))
    if nat_id:
        nat = store._nat_gateways.get(nat_id)
        return "active" if nat and nat["State"] in {"pending", "available"} else "blackhole"
    if gateway_id and str(gateway_id).startswith("igw-"):
        return "active" if attached_gateway(record["VpcId"]) == gateway_id else "blackhole"
    if instance_id:
        instance = store._instances.get(instance_id)
        return "active" if instance and instance["State"]["Name"] == "running" else "blackhole"
    return "active"


def shown(record: Record) -> Record:
    """A route table as DescribeRouteTables has it."""
    routes = [{**route, "State": _state(route, record)} for route in record["Routes"]]
    return {**tagged(record, record["RouteTableId"]), "Routes": routes, "PropagatingVgws": []}


@operation("CreateRouteTable", checks_first=True, once="ClientToken")
def create_route_table(request: Record) -> Record:
    """A table with the local route alone."""
    parent = vpc(request["VpcId"])
    end_dry_run(request)
    table_id = new_id("rtb")
    record = {
        "RouteTableId": table_id,
        "VpcId": parent["VpcId"],
        "OwnerId": account(),
        "Routes": [local_route(parent["CidrBlock"])],
        "Associations": [],
    }
    store._route_tables[table_id] = record
    set_tags(table_id, specified_tags(request, "route-table"))
    return {"RouteTable": shown(record)}


@operation("DescribeRouteTables")
def describe_route_tables(request: Record) -> Record:
    """One page of route tables."""
    page, token = select(rows(store._route_tables), request, LISTING)
    return {"RouteTables": [shown(record) for record in page], "NextToken": token}


@operation("DeleteRouteTable", checks_first=True)
def delete_route_table(request: Record) -> Record:
    """Nothing; a table that a subnet uses stays, and so does the main one."""
    record = table(request["RouteTableId"])
    if record["Associations"]:
        raise dependency(f"The routeTable '{record['RouteTableId']}' has dependencies and cannot be deleted.")
    end_dry_run(request)
    store._route_tables.pop(record["RouteTableId"])
    store._tags.pop(record["RouteTableId"], None)
    return {}


@operation("AssociateRouteTable", checks_first=True)
def associate_route_table(request: Record) -> Record:
    """The association of a subnet with a table; a subnet has one."""
    record = table(request["RouteTableId"])
    place = subnet(request["SubnetId"]) if request.get("SubnetId") else None
    if place is None:
        raise EC2Error("MissingParameter", "The request must contain the parameter subnetId or gatewayId")
    if place["VpcId"] != record["VpcId"]:
        raise EC2Error(
            "InvalidParameterValue",
            f"Route table {record['RouteTableId']} and subnet {place['SubnetId']} belong to different networks",
        )
    for other in rows(store._route_tables):
        for association in other["Associations"]:
            if association.get("SubnetId") != place["SubnetId"]:
                continue
            if other is record:
                return {"AssociationId": association["RouteTableAssociationId"], **_associated()}
            raise EC2Error(
                "Resource.AlreadyAssociated",
                f"the specified association for route table {record['RouteTableId']} conflicts with an existing "
                "association",
            )
    end_dry_run(request)
    association_id = new_id("rtbassoc")
    record["Associations"].append(
        {
            "RouteTableAssociationId": association_id,
            "RouteTableId": record["RouteTableId"],
            "SubnetId": place["SubnetId"],
            "Main": False,
            "AssociationState": {"State": "associated"},
        }
    )
    return {"AssociationId": association_id, **_associated()}


def _associated() -> Record:
    return {"AssociationState": {"State": "associated"}}


def association(association_id: str) -> tuple[Record, Record]:
    """The table and the association of an association's id, or EC2's refusal."""
    for record in rows(store._route_tables):
        for held in record["Associations"]:
            if held["RouteTableAssociationId"] == association_id:
                return record, held
    raise EC2Error("InvalidAssociationID.NotFound", f"The association ID '{association_id}' does not exist")


@operation("DisassociateRouteTable", checks_first=True)
def disassociate_route_table(request: Record) -> Record:
    """Nothing; the subnet falls back to the main table."""
    record, held = association(request["AssociationId"])
    if held.get("Main"):
        raise EC2Error(
            "InvalidParameterValue",
            "cannot disassociate the main route table association " + str(request["AssociationId"]),
        )
    end_dry_run(request)
    record["Associations"].remove(held)
    return {}


@operation("ReplaceRouteTableAssociation", checks_first=True)
def replace_route_table_association(request: Record) -> Record:
    """The new association of the same subnet, or of the VPC's main place."""
    record, held = association(request["AssociationId"])
    target = table(request["RouteTableId"])
    end_dry_run(request)
    record["Associations"].remove(held)
    new = {**held, "RouteTableAssociationId": new_id("rtbassoc"), "RouteTableId": target["RouteTableId"]}
    target["Associations"].append(new)
    if held.get("Main"):
        vpc(target["VpcId"])["MainRouteTableId"] = target["RouteTableId"]
    return {"NewAssociationId": new["RouteTableAssociationId"], **_associated()}


def destination(request: Record) -> tuple[str, str]:
    """Which kind of destination a request names, and the destination."""
    for name in DESTINATIONS:
        if request.get(name):
            value = str(request[name])
            return name, str(network(value, "destinationCidrBlock")) if name == DESTINATIONS[0] else value
    raise EC2Error("MissingParameter", "The request must contain the parameter destinationCidrBlock")


def _target(request: Record, record: Record) -> Record:
    named = {name: request[name] for name in TARGETS if request.get(name)}
    if len(named) != 1:
        raise EC2Error(
            "InvalidParameterCombination" if named else "MissingParameter",
            "The request must contain exactly one of gatewayId, natGatewayId, networkInterfaceId, vpcPeeringConnectionId, "
            "egressOnlyInternetGatewayId, transitGatewayId, localGatewayId, carrierGatewayId, vpcEndpointId or instanceId",
        )
    ((name, target_id),) = named.items()
    if name == "GatewayId" and target_id.startswith("igw-"):
        if store._internet_gateways.get(target_id) is None:
            raise EC2Error("InvalidGatewayID.NotFound", f"The gateway ID '{target_id}' does not exist")
        if attached_gateway(record["VpcId"]) != target_id:
            raise EC2Error(
                "InvalidParameterValue",
                f"route table {record['RouteTableId']} and network gateway {target_id} belong to different networks",
            )
    elif name == "GatewayId" and not target_id.startswith("vgw-"):
        raise EC2Error("InvalidGatewayID.NotFound", f"The gateway ID '{target_id}' does not exist")
    elif name == "NatGatewayId":
        nat = store._nat_gateways.get(target_id)
        if nat is None or nat["State"] in {"deleted", "failed"}:
            raise EC2Error("InvalidNatGatewayID.NotFound", f"The natGateway ID '{target_id}' does not exist")
    elif name == "InstanceId":
        find(store._instances, target_id, "InvalidInstanceID.NotFound", "The instance ID '{id}' does not exist")
    return named


@operation("CreateRoute", checks_first=True)
def create_route(request: Record) -> Record:
    """Whether the route stands; a destination has one route."""
    record = table(request["RouteTableId"])
    name, value = destination(request)
    target = _target(request, record)
    for route in record["Routes"]:
        if route.get(name) == value:
            if all(route.get(k) == v for k, v in target.items()):
                return {"Return": True}
            raise EC2Error("RouteAlreadyExists", f"The route identified by {value} already exists.")
    end_dry_run(request)
    record["Routes"].append({name: value, **target, "State": "active", "Origin": "CreateRoute"})
    return {"Return": True}


def _find_route(record: Record, name: str, value: str) -> Record:
    for route in record["Routes"]:
        if route.get(name) == value:
            found: Record = route
            return found
    raise EC2Error(
        "InvalidRoute.NotFound", f"no route with destination-cidr-block {value} in route table {record['RouteTableId']}"
    )


@operation("ReplaceRoute", checks_first=True)
def replace_route(request: Record) -> Record:
    """Nothing; the route leads elsewhere."""
    record = table(request["RouteTableId"])
    name, value = destination(request)
    target = _target(request, record)
    route = _find_route(record, name, value)
    end_dry_run(request)
    for key in TARGETS:
        route.pop(key, None)
    route.update(target)
    return {}


@operation("DeleteRoute", checks_first=True)
def delete_route(request: Record) -> Record:
    """Nothing; the local route stays."""
    record = table(request["RouteTableId"])
    route = _find_route(record, *destination(request))
    if route.get("GatewayId") == "local":
        raise invalid("destinationCidrBlock", route["DestinationCidrBlock"], "cannot remove local route")
    end_dry_run(request)
    record["Routes"].remove(route)
    return {}
