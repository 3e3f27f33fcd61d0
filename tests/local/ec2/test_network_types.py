"""The network's resource types of CloudFormation."""

from __future__ import annotations

from typing import Any

import pytest

from cloud import Cloud
from ec2_talk import Client
from stacks import Stack


def kind(name: str, depends: str | None = None, **properties: Any) -> dict[str, Any]:  # noqa: ANN401 - template values
    made: dict[str, Any] = {"Type": f"AWS::EC2::{name}", "Properties": properties}
    return {**made, "DependsOn": depends} if depends else made


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def att(name: str, attribute: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": [name, attribute]}


def classic() -> dict[str, Any]:
    """The network that half the world's templates begin with."""
    resources = {
        "VPC": kind("VPC", CidrBlock="10.0.0.0/16", EnableDnsSupport="true", EnableDnsHostnames=True),
        "IGW": kind("InternetGateway", Tags=[{"Key": "Name", "Value": "igw"}]),
        "Attach": kind("VPCGatewayAttachment", VpcId=ref("VPC"), InternetGatewayId=ref("IGW")),
        "PublicTable": kind("RouteTable", VpcId=ref("VPC")),
        "PublicRoute": kind(
            "Route",
            depends="Attach",
            RouteTableId=ref("PublicTable"),
            DestinationCidrBlock="0.0.0.0/0",
            GatewayId=ref("IGW"),
        ),
        "SG": kind(
            "SecurityGroup",
            GroupDescription="instances",
            VpcId=ref("VPC"),
            SecurityGroupIngress=[{"IpProtocol": "tcp", "FromPort": 443, "ToPort": "443", "CidrIp": "10.0.0.0/16"}],
        ),
        "SelfRule": kind(
            "SecurityGroupIngress", GroupId=att("SG", "GroupId"), IpProtocol="-1", SourceSecurityGroupId=ref("SG")
        ),
    }
    for n in (1, 2):
        zone = {"Fn::Select": [n - 1, {"Fn::GetAZs": ""}]}
        resources |= {
            f"Public{n}": kind(
                "Subnet",
                VpcId=ref("VPC"),
                CidrBlock=f"10.0.{n}.0/24",
                AvailabilityZone=zone,
                MapPublicIpOnLaunch=True,
            ),
            f"Private{n}": kind("Subnet", VpcId=ref("VPC"), CidrBlock=f"10.0.{n + 10}.0/24", AvailabilityZone=zone),
            f"EIP{n}": kind("EIP", depends="Attach", Domain="vpc"),
            f"NAT{n}": kind("NatGateway", AllocationId=att(f"EIP{n}", "AllocationId"), SubnetId=ref(f"Public{n}")),
            f"PrivateTable{n}": kind("RouteTable", VpcId=ref("VPC")),
            f"PrivateRoute{n}": kind(
                "Route",
                RouteTableId=ref(f"PrivateTable{n}"),
                DestinationCidrBlock="0.0.0.0/0",
                NatGatewayId=ref(f"NAT{n}"),
            ),
            f"PublicAssociation{n}": kind(
                "SubnetRouteTableAssociation", SubnetId=ref(f"Public{n}"), RouteTableId=ref("PublicTable")
            ),
            f"PrivateAssociation{n}": kind(
                "SubnetRouteTableAssociation", SubnetId=ref(f"Private{n}"), RouteTableId=ref(f"PrivateTable{n}")
            ),
        }
    return resources


def test_a_classic_network_comes_up_changes_and_leaves_nothing(cloud: Cloud, ec2: Client) -> None:
    stack = Stack(cloud, "classic")
    outputs = {
        "Default": att("VPC", "DefaultSecurityGroup"),
        "Cidr": att("VPC", "CidrBlock"),
        "Zone": att("Public1", "AvailabilityZone"),
        "Address": ref("EIP1"),
        "Route": ref("PublicRoute"),
    }
    got = stack.create(classic(), outputs)
    ids = stack.ids()
    groups = ec2.describe_security_groups(GroupIds=[got["Default"]])["SecurityGroups"]
    assert groups[0]["GroupName"] == "default"
    assert got["Cidr"] == "10.0.0.0/16"
    assert got["Zone"] == "eu-central-1a"
    assert got["Route"] == f"{ids['PublicTable']}|0.0.0.0/0"
    assert ec2.describe_addresses(PublicIps=[got["Address"]])["Addresses"]
    nats = ec2.describe_nat_gateways(Filter=[{"Name": "state", "Values": ["available"]}])["NatGateways"]
    assert {nat["NatGatewayId"] for nat in nats} == {ids["NAT1"], ids["NAT2"]}
    tags = ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [ids["IGW"]]}])["Tags"]
    assert {"Name", "aws:cloudformation:stack-name"} <= {tag["Key"] for tag in tags}
    dns = ec2.describe_vpc_attribute(VpcId=ids["VPC"], Attribute="enableDnsHostnames")
    assert dns["EnableDnsHostnames"]["Value"] is True
    fewer = {name: value for name, value in classic().items() if name not in {"NAT2", "EIP2"}}
    fewer["PrivateRoute2"]["Properties"]["NatGatewayId"] = ref("NAT1")
    fewer["VPC"]["Properties"]["Tags"] = [{"Key": "Name", "Value": "mine"}]
    stack.update(fewer, outputs)
    after = stack.ids()
    assert {name: ids[name] for name in after} == after
    assert len(ec2.describe_addresses()["Addresses"]) == 1
    stack.delete()
    assert [v["IsDefault"] for v in ec2.describe_vpcs()["Vpcs"]] == [True]
    assert ec2.describe_addresses()["Addresses"] == []
    assert ec2.describe_network_interfaces()["NetworkInterfaces"] == []


def test_a_changed_address_range_makes_a_new_network(cloud: Cloud, ec2: Client) -> None:
    stack = Stack(cloud, "moved")
    stack.create({"VPC": kind("VPC", CidrBlock="10.0.0.0/16")})
    before = stack.ids()["VPC"]
    stack.update({"VPC": kind("VPC", CidrBlock="10.1.0.0/16")})
    assert stack.ids()["VPC"] != before
    vpcs = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["false"]}])["Vpcs"]
    assert [v["CidrBlock"] for v in vpcs] == ["10.1.0.0/16"]


def test_rules_of_a_group_change_in_place(cloud: Cloud, ec2: Client) -> None:
    def group(*ports: int) -> dict[str, Any]:
        rules = [{"IpProtocol": "tcp", "FromPort": p, "ToPort": p, "CidrIp": "10.0.0.0/8"} for p in ports]
        return {
            "VPC": kind("VPC", CidrBlock="10.0.0.0/16"),
            "SG": kind(
                "SecurityGroup",
                GroupDescription="g",
                VpcId=ref("VPC"),
                SecurityGroupIngress=rules,
                SecurityGroupEgress=[{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"}],
            ),
        }

    stack = Stack(cloud, "rules")
    stack.create(group(22, 443))
    before = stack.ids()
    stack.update(group(443, 8888))
    assert stack.ids() == before
    found = ec2.describe_security_groups(GroupIds=[before["SG"]])["SecurityGroups"][0]
    assert {p["FromPort"] for p in found["IpPermissions"]} == {443, 8888}
    assert [(p["IpProtocol"], p["FromPort"]) for p in found["IpPermissionsEgress"]] == [("tcp", 443)]


def test_the_default_group_can_be_closed_by_a_template(cloud: Cloud, ec2: Client) -> None:
    stack = Stack(cloud, "closed")
    rule = {"GroupId": att("VPC", "DefaultSecurityGroup"), "IpProtocol": "icmp", "FromPort": -1, "ToPort": -1}
    stack.create(
        {
            "VPC": kind("VPC", CidrBlock="10.0.0.0/16"),
            "Egress": kind("SecurityGroupEgress", CidrIp="127.0.0.1/32", **rule),
        }
    )
    listed = ec2.describe_security_group_rules(SecurityGroupRuleIds=[stack.ids()["Egress"]])["SecurityGroupRules"][0]
    assert (listed["CidrIpv4"], listed["IsEgress"]) == ("127.0.0.1/32", True)
    stack.delete()


def test_a_nat_gateway_that_fails_fails_the_stack_with_its_cause(cloud: Cloud) -> None:
    stack = Stack(cloud, "no-way-out")
    resources = {
        "VPC": kind("VPC", CidrBlock="10.0.0.0/16"),
        "Subnet": kind("Subnet", VpcId=ref("VPC"), CidrBlock="10.0.0.0/24"),
        "EIP": kind("EIP", Domain="vpc"),
        "NAT": kind("NatGateway", AllocationId=att("EIP", "AllocationId"), SubnetId=ref("Subnet")),
    }
    with pytest.raises(AssertionError):
        stack.create(resources)
    stack.ends_in("ROLLBACK_COMPLETE")
    assert "has no Internet gateway attached" in stack.reasons()[0]
    assert "HandlerErrorCode: NotStabilized" in stack.reasons()[0]


def test_endpoints_change_their_subnets_policy_and_tables_in_place(cloud: Cloud, ec2: Client) -> None:
    def endpoints(*subnets: str, port: int) -> dict[str, Any]:
        return {
            "VPC": kind("VPC", CidrBlock="10.0.0.0/16", EnableDnsSupport=True, EnableDnsHostnames=True),
            "A": kind("Subnet", VpcId=ref("VPC"), CidrBlock="10.0.0.0/24", AvailabilityZone="eu-central-1a"),
            "B": kind("Subnet", VpcId=ref("VPC"), CidrBlock="10.0.1.0/24", AvailabilityZone="eu-central-1b"),
            "SG": kind(
                "SecurityGroup",
                GroupDescription="endpoints",
                VpcId=ref("VPC"),
                SecurityGroupIngress=[{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": "10.0.0.0/16"}],
            ),
            "Table": kind("RouteTable", VpcId=ref("VPC")),
            "S3": kind(
                "VPCEndpoint",
                VpcId=ref("VPC"),
                ServiceName={"Fn::Sub": "com.amazonaws.${AWS::Region}.s3"},
                RouteTableIds=[ref("Table")],
                PolicyDocument={"Version": "2012-10-17", "Statement": []},
            ),
            "SSM": kind(
                "VPCEndpoint",
                VpcId=ref("VPC"),
                VpcEndpointType="Interface",
                ServiceName={"Fn::Sub": "com.amazonaws.${AWS::Region}.ssm"},
                SubnetIds=[ref(name) for name in subnets],
                SecurityGroupIds=[ref("SG")],
                PrivateDnsEnabled=True,
            ),
        }

    stack = Stack(cloud, "endpoints")
    stack.create(endpoints("A", port=443))
    before = stack.ids()
    stack.update(endpoints("A", "B", port=444))
    assert stack.ids() == before
    found = ec2.describe_vpc_endpoints(VpcEndpointIds=[before["SSM"]])["VpcEndpoints"][0]
    assert found["SubnetIds"] == [before["A"], before["B"]]
    assert len(found["NetworkInterfaceIds"]) == 2
    stack.delete()
    assert ec2.describe_network_interfaces()["NetworkInterfaces"] == []


def test_a_property_that_is_unknown_or_not_modelled_is_refused_by_name(cloud: Cloud) -> None:
    for name, word in (("CidrBlok", "CidrBlok"), ("Ipv4IpamPoolId", "does not model the property Ipv4IpamPoolId")):
        stack = Stack(cloud, f"refused-{name}")
        with pytest.raises(AssertionError):
            stack.create({"VPC": kind("VPC", CidrBlock="10.0.0.0/16", **{name: "x"})})
        stack.ends_in("ROLLBACK_COMPLETE")
        assert word in stack.reasons()[0]


def test_templates_find_the_zones_that_a_region_really_has(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2", region="us-west-1")
    zones = [z["ZoneName"] for z in ec2.describe_availability_zones()["AvailabilityZones"]]
    assert len(zones) == 2
    assert [s["AvailabilityZone"] for s in ec2.describe_subnets()["Subnets"]] == zones
    stack = Stack(cloud, "zones")
    stack.client = cloud.client("cloudformation", region="us-west-1")
    second = {"Fn::Select": [1, {"Fn::GetAZs": {"Ref": "AWS::Region"}}]}
    got = stack.create(
        {
            "VPC": kind("VPC", CidrBlock="10.0.0.0/16"),
            "Subnet": kind("Subnet", VpcId=ref("VPC"), CidrBlock="10.0.0.0/24", AvailabilityZone=second),
        },
        {"Zone": att("Subnet", "AvailabilityZone")},
    )
    assert got["Zone"] == zones[1]
