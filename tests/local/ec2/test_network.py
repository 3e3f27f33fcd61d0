"""VPCs, subnets, routes, gateways, addresses, endpoints and security groups: what may be made and what may go."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ec2_talk import Client, Net, refusal, until, until_equal

Run = Callable[..., dict[str, Any]]


def nat_until(ec2: Client, nat: str, state: str) -> dict[str, Any]:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        found: dict[str, Any] = ec2.describe_nat_gateways(NatGatewayIds=[nat])["NatGateways"][0]
        if found["State"] == state:
            return found
        time.sleep(0.03)
    raise AssertionError(found)


def test_a_vpc_goes_only_when_it_is_empty(ec2: Client, net: Net) -> None:
    code, text = refusal(ec2.delete_vpc, VpcId=net.vpc)
    assert (code, text) == ("DependencyViolation", f"The vpc '{net.vpc}' has dependencies and cannot be deleted.")
    ec2.delete_subnet(SubnetId=net.subnet)
    ec2.delete_vpc(VpcId=net.vpc)
    assert refusal(ec2.describe_vpcs, VpcIds=[net.vpc])[0] == "InvalidVpcID.NotFound"
    assert ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [net.vpc]}])["SecurityGroups"] == []


def test_subnets_stay_inside_the_vpc_and_apart(ec2: Client, net: Net) -> None:
    make = ec2.create_subnet
    assert refusal(make, VpcId=net.vpc, CidrBlock="10.20.1.0/27")[0] == "InvalidSubnet.Conflict"
    assert refusal(make, VpcId=net.vpc, CidrBlock="10.99.0.0/24")[0] == "InvalidSubnet.Range"
    code, text = refusal(make, VpcId=net.vpc, CidrBlock="10.20.9.0/24", AvailabilityZone="eu-central-1z")
    assert code == "InvalidParameterValue"
    assert "eu-central-1a, eu-central-1b, eu-central-1c" in text


def test_a_subnet_with_an_instance_in_it_stays(ec2: Client, net: Net, run: Run) -> None:
    instance = run()["InstanceId"]
    assert refusal(ec2.delete_subnet, SubnetId=net.subnet)[0] == "DependencyViolation"
    ec2.terminate_instances(InstanceIds=[instance])
    until(ec2, instance, "terminated")
    ec2.delete_subnet(SubnetId=net.subnet)


def test_an_internet_gateway_is_attached_to_one_vpc_and_goes_when_detached(ec2: Client, net: Net) -> None:
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=net.vpc)
    again = {"InternetGatewayId": gateway, "VpcId": net.vpc}
    assert refusal(ec2.attach_internet_gateway, **again)[0] == "Resource.AlreadyAssociated"
    assert refusal(ec2.delete_internet_gateway, InternetGatewayId=gateway)[0] == "DependencyViolation"
    ec2.detach_internet_gateway(**again)
    assert refusal(ec2.detach_internet_gateway, **again)[0] == "Gateway.NotAttached"
    ec2.delete_internet_gateway(InternetGatewayId=gateway)


def test_a_nat_gateway_comes_goes_and_holds_its_address(ec2: Client, net: Net) -> None:
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=net.vpc)
    address = ec2.allocate_address(Domain="vpc")
    nat = ec2.create_nat_gateway(SubnetId=net.subnet, AllocationId=address["AllocationId"])["NatGateway"]
    assert nat["State"] == "pending"
    found = nat_until(ec2, nat["NatGatewayId"], "available")
    assert found["NatGatewayAddresses"][0]["PublicIp"] == address["PublicIp"]
    release = {"AllocationId": address["AllocationId"]}
    assert refusal(ec2.release_address, **release)[0] == "InvalidIPAddress.InUse"
    code, text = refusal(ec2.detach_internet_gateway, InternetGatewayId=gateway, VpcId=net.vpc)
    assert code == "DependencyViolation"
    assert "has some mapped public address(es)" in text
    assert refusal(ec2.delete_subnet, SubnetId=net.subnet)[0] == "DependencyViolation"
    ec2.delete_nat_gateway(NatGatewayId=nat["NatGatewayId"])
    assert ec2.describe_nat_gateways()["NatGateways"][0]["State"] == "deleting"
    nat_until(ec2, nat["NatGatewayId"], "deleted")
    ec2.release_address(**release)
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=net.vpc)


def test_a_nat_gateway_without_a_way_out_fails(ec2: Client, net: Net) -> None:
    address = ec2.allocate_address(Domain="vpc")
    made = ec2.create_nat_gateway(SubnetId=net.subnet, AllocationId=address["AllocationId"])["NatGateway"]
    failed = nat_until(ec2, made["NatGatewayId"], "failed")
    assert failed["FailureCode"] == "Gateway.NotAttached"
    assert failed["FailureMessage"] == f"Network {net.vpc} has no Internet gateway attached"


def test_the_same_token_makes_one_nat_gateway(ec2: Client, net: Net) -> None:
    asked = {"SubnetId": net.subnet, "ConnectivityType": "private", "ClientToken": "once"}
    first, second = (ec2.create_nat_gateway(**asked)["NatGateway"]["NatGatewayId"] for _ in range(2))
    assert first == second


def test_a_route_leads_to_what_exists_and_turns_black_when_it_goes(ec2: Client, net: Net) -> None:
    table = ec2.create_route_table(VpcId=net.vpc)["RouteTable"]["RouteTableId"]
    route = {"RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0"}
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    assert refusal(ec2.create_route, **route, GatewayId=gateway)[0] == "InvalidParameterValue"
    assert refusal(ec2.create_route, **route, GatewayId="igw-0123456789abcdef9")[0] == "InvalidGatewayID.NotFound"
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=net.vpc)
    ec2.create_route(**route, GatewayId=gateway)
    other = ec2.create_nat_gateway(SubnetId=net.subnet, ConnectivityType="private")["NatGateway"]["NatGatewayId"]
    assert refusal(ec2.create_route, **route, NatGatewayId=other)[0] == "RouteAlreadyExists"

    def state() -> str:
        routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
        return str(next(r["State"] for r in routes if r["DestinationCidrBlock"] == "0.0.0.0/0"))

    assert state() == "active"
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=net.vpc)
    assert state() == "blackhole"
    ec2.delete_route(**route)
    assert refusal(ec2.delete_route, **route)[0] == "InvalidRoute.NotFound"


def test_a_route_table_in_use_stays(ec2: Client, net: Net) -> None:
    table = ec2.create_route_table(VpcId=net.vpc)["RouteTable"]["RouteTableId"]
    association = ec2.associate_route_table(RouteTableId=table, SubnetId=net.subnet)["AssociationId"]
    other = ec2.create_route_table(VpcId=net.vpc)["RouteTable"]["RouteTableId"]
    code, _ = refusal(ec2.associate_route_table, RouteTableId=other, SubnetId=net.subnet)
    assert code == "Resource.AlreadyAssociated"
    assert refusal(ec2.delete_route_table, RouteTableId=table)[0] == "DependencyViolation"
    ec2.disassociate_route_table(AssociationId=association)
    ec2.delete_route_table(RouteTableId=table)


def test_a_security_group_that_something_uses_stays_and_the_default_one_always(ec2: Client, net: Net, run: Run) -> None:
    make = {"VpcId": net.vpc, "Description": "test"}
    used = ec2.create_security_group(GroupName="used", **make)["GroupId"]
    other = ec2.create_security_group(GroupName="other", **make)["GroupId"]
    assert refusal(ec2.create_security_group, GroupName="used", **make)[0] == "InvalidGroup.Duplicate"
    pair = [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "UserIdGroupPairs": [{"GroupId": used}]}]
    ec2.authorize_security_group_ingress(GroupId=other, IpPermissions=pair)
    run(SecurityGroupIds=[other])
    for group in (used, other):
        code, text = refusal(ec2.delete_security_group, GroupId=group)
        assert (code, text) == ("DependencyViolation", f"resource {group} has a dependent object")
    assert refusal(ec2.delete_security_group, GroupId=net.group)[0] == "CannotDelete"
    ec2.revoke_security_group_ingress(GroupId=other, IpPermissions=pair)
    ec2.delete_security_group(GroupId=used)


def test_a_rule_exists_once_and_has_an_id_of_its_own(ec2: Client, net: Net) -> None:
    rule = [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.20.0.0/16"}]}]
    made = ec2.authorize_security_group_ingress(GroupId=net.group, IpPermissions=rule)["SecurityGroupRules"][0]
    assert (made["CidrIpv4"], made["FromPort"], made["IsEgress"]) == ("10.20.0.0/16", 443, False)
    code, text = refusal(ec2.authorize_security_group_ingress, GroupId=net.group, IpPermissions=rule)
    assert code == "InvalidPermission.Duplicate"
    assert "peer: 10.20.0.0/16, TCP, from port: 443, to port: 443, ALLOW" in text
    ec2.revoke_security_group_ingress(GroupId=net.group, SecurityGroupRuleIds=[made["SecurityGroupRuleId"]])
    listed = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [net.group]}])
    assert made["SecurityGroupRuleId"] not in {r["SecurityGroupRuleId"] for r in listed["SecurityGroupRules"]}
    wrong = [{"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "IpRanges": [{"CidrIp": "10.20.0.1/16"}]}]
    assert refusal(ec2.authorize_security_group_ingress, GroupId=net.group, IpPermissions=wrong)[0] == (
        "InvalidParameterValue"
    )


def test_an_interface_endpoint_stands_in_its_subnet_and_needs_the_vpcs_dns(ec2: Client, net: Net) -> None:
    asked = {
        "VpcId": net.vpc,
        "VpcEndpointType": "Interface",
        "ServiceName": "com.amazonaws.eu-central-1.ssm",
        "SubnetIds": [net.subnet],
        "SecurityGroupIds": [net.group],
        "PrivateDnsEnabled": True,
    }
    code, text = refusal(ec2.create_vpc_endpoint, **asked)
    assert code == "InvalidParameter"
    assert "enableDnsSupport and enableDnsHostnames" in text
    ec2.modify_vpc_attribute(VpcId=net.vpc, EnableDnsHostnames={"Value": True})
    made = ec2.create_vpc_endpoint(**asked)["VpcEndpoint"]
    interfaces = ec2.describe_network_interfaces(NetworkInterfaceIds=made["NetworkInterfaceIds"])["NetworkInterfaces"]
    assert [(i["SubnetId"], i["InterfaceType"]) for i in interfaces] == [(net.subnet, "vpc_endpoint")]
    assert refusal(ec2.delete_subnet, SubnetId=net.subnet)[0] == "DependencyViolation"
    wrong = {**asked, "ServiceName": "com.amazonaws.eu-central-1.nonsense"}
    assert refusal(ec2.create_vpc_endpoint, **wrong)[0] == "InvalidServiceName"
    ec2.delete_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"]])
    until_equal([], lambda: ec2.describe_vpc_endpoints()["VpcEndpoints"])
    ec2.delete_subnet(SubnetId=net.subnet)


def test_a_gateway_endpoint_is_a_route_in_its_tables(ec2: Client, net: Net) -> None:
    table = ec2.create_route_table(VpcId=net.vpc)["RouteTable"]["RouteTableId"]
    made = ec2.create_vpc_endpoint(VpcId=net.vpc, ServiceName="com.amazonaws.eu-central-1.s3", RouteTableIds=[table])
    endpoint = made["VpcEndpoint"]["VpcEndpointId"]
    routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    assert [r["DestinationPrefixListId"] for r in routes if r.get("GatewayId") == endpoint]
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    assert [r["GatewayId"] for r in routes] == ["local"]


def test_dry_runs_make_and_delete_nothing(ec2: Client, net: Net) -> None:
    for action, request in (
        (ec2.create_vpc, {"CidrBlock": "10.0.0.0/16"}),
        (ec2.create_subnet, {"VpcId": net.vpc, "CidrBlock": "10.20.9.0/24"}),
        (ec2.create_internet_gateway, {}),
        (ec2.allocate_address, {"Domain": "vpc"}),
        (ec2.create_route_table, {"VpcId": net.vpc}),
        (ec2.create_security_group, {"VpcId": net.vpc, "GroupName": "x", "Description": "x"}),
        (ec2.delete_subnet, {"SubnetId": net.subnet}),
        (ec2.create_tags, {"Resources": [net.vpc], "Tags": [{"Key": "a", "Value": "b"}]}),
        (ec2.create_key_pair, {"KeyName": "x"}),  # an operation that is left to ministack
    ):
        assert refusal(action, DryRun=True, **request)[0] == "DryRunOperation"
    assert len(ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [net.vpc]}])["Subnets"]) == 1
    assert ec2.describe_addresses()["Addresses"] == []
    assert ec2.describe_key_pairs()["KeyPairs"] == []


def test_tags_in_awss_name_and_on_nothing_are_refused(ec2: Client, net: Net) -> None:
    aws = [{"Key": "aws:mine", "Value": "x"}]
    assert refusal(ec2.create_tags, Resources=[net.vpc], Tags=aws)[0] == "InvalidParameterValue"
    nothing = {"Resources": ["vpc-0123456789abcdef9"], "Tags": [{"Key": "a", "Value": "b"}]}
    assert refusal(ec2.create_tags, **nothing)[0] == "InvalidID.NotFound"
