"""VPC, subnet, internet gateway and its attachment, route table, route, association."""

from __future__ import annotations

from semanticworld.local.cloud.ec2.cfn.kinds import (
    Kind,
    Place,
    Props,
    api,
    changed,
    kind,
    not_updatable,
    only_tags,
    retag,
    tag_specs,
    truth,
)
from semanticworld.local.cloud.ec2.routes import TARGETS, association, destination, table
from semanticworld.local.cloud.ec2.subnets import subnet
from semanticworld.local.cloud.ec2.vpcs import vpc
from semanticworld.local.cloud.ec2.world import Record, store

DNS = ("EnableDnsSupport", "EnableDnsHostnames")


def _vpc_create(props: Props, _place: Place) -> str:
    made = api(
        "CreateVpc",
        CidrBlock=props.get("CidrBlock"),
        InstanceTenancy=props.get("InstanceTenancy"),
        TagSpecifications=tag_specs(props, "vpc"),
    )["Vpc"]
    _dns(made["VpcId"], props)
    return str(made["VpcId"])


def _dns(vpc_id: str, props: Props) -> None:
    for name in DNS:
        if props.get(name) is not None:
            api("ModifyVpcAttribute", VpcId=vpc_id, **{name: {"Value": truth(props[name])}})


def _vpc_update(vpc_id: str, old: Props, new: Props, _place: Place) -> None:
    if changed(old, new, "InstanceTenancy"):
        if new.get("InstanceTenancy", "default") != "default":
            raise not_updatable("AWS::EC2::VPC", "InstanceTenancy")
        vpc(vpc_id)["InstanceTenancy"] = "default"
    defaults = {"EnableDnsSupport": True, "EnableDnsHostnames": False}
    _dns(vpc_id, {**defaults, **{name: new[name] for name in DNS if new.get(name) is not None}})
    retag(vpc_id, old, new)


def _vpc_attributes(vpc_id: str) -> Record:
    record = vpc(vpc_id)
    return {
        "VpcId": vpc_id,
        "CidrBlock": record["CidrBlock"],
        "DefaultNetworkAcl": record["DefaultNetworkAclId"],
        "DefaultSecurityGroup": record["DefaultSecurityGroupId"],
        "CidrBlockAssociations": [f"vpc-cidr-assoc-{vpc_id.removeprefix('vpc-')}"],
        "Ipv6CidrBlocks": [],
    }


kind(
    Kind(
        name="AWS::EC2::VPC",
        create=_vpc_create,
        attributes=_vpc_attributes,
        update=_vpc_update,
        delete=lambda vpc_id, _props: _done(api("DeleteVpc", VpcId=vpc_id)),
        tags_property="Tags",
        replacing=("CidrBlock", "Ipv4IpamPoolId", "Ipv4NetmaskLength"),
    )
)


def _done(_answer: Record) -> None:
    """Nothing: the answer says no more than that it is done."""


def _subnet_create(props: Props, _place: Place) -> str:
    made = api(
        "CreateSubnet",
        VpcId=props.get("VpcId"),
        CidrBlock=props.get("CidrBlock"),
        AvailabilityZone=props.get("AvailabilityZone"),
        AvailabilityZoneId=props.get("AvailabilityZoneId"),
        TagSpecifications=tag_specs(props, "subnet"),
    )["Subnet"]
    _subnet_attributes_set(made["SubnetId"], props)
    return str(made["SubnetId"])


def _subnet_attributes_set(subnet_id: str, props: Props) -> None:
    for name in ("MapPublicIpOnLaunch", "AssignIpv6AddressOnCreation"):
        if props.get(name) is not None:
            api("ModifySubnetAttribute", SubnetId=subnet_id, **{name: {"Value": truth(props[name])}})
    options = props.get("PrivateDnsNameOptionsOnLaunch") or {}
    if options.get("HostnameType"):
        api("ModifySubnetAttribute", SubnetId=subnet_id, PrivateDnsHostnameTypeOnLaunch=options["HostnameType"])
    for record in ("A", "AAAA"):
        name = f"EnableResourceNameDns{record}Record"
        if name in options:
            api("ModifySubnetAttribute", SubnetId=subnet_id, **{f"{name}OnLaunch": {"Value": truth(options[name])}})


def _subnet_update(subnet_id: str, old: Props, new: Props, _place: Place) -> None:
    flags = ("MapPublicIpOnLaunch", "AssignIpv6AddressOnCreation")
    _subnet_attributes_set(subnet_id, {**dict.fromkeys(flags, False), **new})
    retag(subnet_id, old, new)


def _subnet_attributes(subnet_id: str) -> Record:
    record = subnet(subnet_id)
    acl = vpc(record["VpcId"])["DefaultNetworkAclId"]
    return {
        "SubnetId": subnet_id,
        "VpcId": record["VpcId"],
        "CidrBlock": record["CidrBlock"],
        "AvailabilityZone": record["AvailabilityZone"],
        "AvailabilityZoneId": record["AvailabilityZoneId"],
        "NetworkAclAssociationId": f"aclassoc-{acl.removeprefix('acl-')[:8]}{subnet_id[-9:]}",
        "Ipv6CidrBlocks": [],
    }


kind(
    Kind(
        name="AWS::EC2::Subnet",
        create=_subnet_create,
        attributes=_subnet_attributes,
        update=_subnet_update,
        delete=lambda subnet_id, _props: _done(api("DeleteSubnet", SubnetId=subnet_id)),
        tags_property="Tags",
        replacing=("VpcId", "AvailabilityZone", "AvailabilityZoneId", "CidrBlock", "OutpostArn", "Ipv6Native"),
    )
)

kind(
    Kind(
        name="AWS::EC2::InternetGateway",
        create=lambda props, _place: str(
            api("CreateInternetGateway", TagSpecifications=tag_specs(props, "internet-gateway"))["InternetGateway"][
                "InternetGatewayId"
            ]
        ),
        attributes=lambda gateway_id: {"InternetGatewayId": gateway_id},
        update=only_tags("AWS::EC2::InternetGateway"),
        delete=lambda gateway_id, _props: _done(api("DeleteInternetGateway", InternetGatewayId=gateway_id)),
        tags_property="Tags",
    )
)


def _attachment_create(props: Props, _place: Place) -> str:
    if not props.get("InternetGatewayId"):
        raise not_updatable("AWS::EC2::VPCGatewayAttachment", "VpnGatewayId")
    api("AttachInternetGateway", InternetGatewayId=props["InternetGatewayId"], VpcId=props.get("VpcId"))
    return f"IGW|{props['VpcId']}"


def _attachment_update(physical_id: str, old: Props, new: Props, _place: Place) -> None:
    if changed(old, new, "InternetGatewayId"):
        api("DetachInternetGateway", InternetGatewayId=old["InternetGatewayId"], VpcId=old["VpcId"])
        api("AttachInternetGateway", InternetGatewayId=new["InternetGatewayId"], VpcId=physical_id.partition("|")[2])


def _attachment_delete(_physical_id: str, props: Props) -> None:
    record = store._internet_gateways.get(props["InternetGatewayId"])
    if record and record["Attachments"]:
        api("DetachInternetGateway", InternetGatewayId=props["InternetGatewayId"], VpcId=props["VpcId"])


kind(
    Kind(
        name="AWS::EC2::VPCGatewayAttachment",
        create=_attachment_create,
        attributes=lambda _physical_id: {"AttachmentType": "IGW"},
        update=_attachment_update,
        delete=_attachment_delete,
        replacing=("VpcId",),
    )
)

kind(
    Kind(
        name="AWS::EC2::RouteTable",
        create=lambda props, _place: str(
            api("CreateRouteTable", VpcId=props.get("VpcId"), TagSpecifications=tag_specs(props, "route-table"))[
                "RouteTable"
            ]["RouteTableId"]
        ),
        attributes=lambda table_id: {"RouteTableId": table_id, "VpcId": table(table_id)["VpcId"]},
        update=only_tags("AWS::EC2::RouteTable"),
        delete=lambda table_id, _props: _done(api("DeleteRouteTable", RouteTableId=table_id)),
        tags_property="Tags",
        replacing=("VpcId",),
    )
)

_DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")


def _route_request(props: Props) -> Record:
    names = ("RouteTableId", *_DESTINATIONS, *TARGETS)
    return {name: props.get(name) for name in names}


def _route_create(props: Props, _place: Place) -> str:
    api("CreateRoute", **_route_request(props))
    return f"{props['RouteTableId']}|{destination(props)[1]}"


def _route_update(_physical_id: str, _old: Props, new: Props, _place: Place) -> None:
    api("ReplaceRoute", **_route_request(new))


def _route_delete(_physical_id: str, props: Props) -> None:
    api("DeleteRoute", **{name: props.get(name) for name in ("RouteTableId", *_DESTINATIONS)})


kind(
    Kind(
        name="AWS::EC2::Route",
        create=_route_create,
        attributes=lambda physical_id: {"CidrBlock": physical_id.partition("|")[2]},
        update=_route_update,
        delete=_route_delete,
        replacing=("RouteTableId", *_DESTINATIONS),
    )
)


def _association_delete(association_id: str, _props: Props) -> None:
    association(association_id)
    api("DisassociateRouteTable", AssociationId=association_id)


kind(
    Kind(
        name="AWS::EC2::SubnetRouteTableAssociation",
        create=lambda props, _place: str(
            api("AssociateRouteTable", RouteTableId=props.get("RouteTableId"), SubnetId=props.get("SubnetId"))[
                "AssociationId"
            ]
        ),
        attributes=lambda association_id: {"Id": association_id},
        update=only_tags("AWS::EC2::SubnetRouteTableAssociation"),
        delete=_association_delete,
        replacing=("SubnetId", "RouteTableId"),
    )
)
