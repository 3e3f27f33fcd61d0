"""Nothing is open: no public address, no way in from outside the VPC, nothing without TLS."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from template_gate.worlds import World

PRIVATE = tuple(map(ipaddress.IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.1/32")))
REMOTE_LOGIN = {22, 3389}


def no_public_address(world: World) -> Iterator[str]:
    for name, properties in world.of_type("AWS::EC2::Subnet"):
        if properties.get("MapPublicIpOnLaunch") is not False:
            yield f"{name} hands out public addresses"
    for name, properties in world.of_type("AWS::EC2::LaunchTemplate"):
        for interface in properties["LaunchTemplateData"]["NetworkInterfaces"]:
            if interface.get("AssociatePublicIpAddress") is not False:
                yield f"{name} may give the node a public address"
    for name, properties in world.of_type("AWS::EC2::Instance"):
        if {"NetworkInterfaces", "SubnetId"} & set(properties):
            yield f"{name} overrides the network of its launch template"
    if world.layer != "networking":
        yield from (
            f"{name} is a public address" for name, _ in world.of_type("AWS::EC2::EIP", "AWS::EC2::EIPAssociation")
        )


def ingress_from_within_only(world: World) -> Iterator[str]:
    for name, _ in world.of_type("AWS::EC2::SecurityGroupIngress"):
        yield f"{name} is a rule outside its group, where it is overlooked"
    for name, properties in world.of_type("AWS::EC2::SecurityGroup"):
        for rule in properties.get("SecurityGroupIngress", []):
            ports = {rule.get("FromPort"), rule.get("ToPort")}
            if "SourceSecurityGroupId" in rule:
                if rule["SourceSecurityGroupId"] != world.parameters.get("BastionSecurityGroup"):
                    yield f"{name} lets in an unknown security group"
                continue
            source = str(rule.get("CidrIp", rule.get("CidrIpv6", rule.get("SourcePrefixListId"))))
            if not (source.endswith("-vpc-cidr>") or source == world.parameters.get("VpcCidr")):
                yield f"{name} lets in {source}"
            if rule["IpProtocol"] != "tcp" or len(ports) != 1 or {int(str(port)) for port in ports} & REMOTE_LOGIN:
                yield f"{name} lets in {rule}"


def egress_is_narrow(world: World) -> Iterator[str]:
    for name, properties in world.of_type("AWS::EC2::SecurityGroup"):
        rules = properties.get("SecurityGroupEgress", [])
        if not rules:
            yield f"{name} has no egress rules, so AWS adds one for everything"
        for rule in rules:
            source = str(rule.get("CidrIp"))
            if source == "127.0.0.1/32" or source.endswith("-vpc-cidr>"):
                continue
            if (
                source != "0.0.0.0/0"
                or rule["IpProtocol"] != "tcp"
                or rule["FromPort"] != rule["ToPort"]
                or rule["FromPort"] not in {80, 443}
            ):
                yield f"{name} lets out {rule}"


def private_subnets_have_no_way_in(world: World) -> Iterator[str]:
    for name, properties in world.of_type("AWS::EC2::Route"):
        if "Private" in str(properties["RouteTableId"]) and "GatewayId" in properties:
            yield f"{name} routes a private subnet to an internet gateway"
    tables = {
        str(p["SubnetId"]): str(p["RouteTableId"]) for _, p in world.of_type("AWS::EC2::SubnetRouteTableAssociation")
    }
    for name, _ in world.of_type("AWS::EC2::Subnet"):
        kind = "Private" if name.startswith("Private") else "Public"
        if kind not in tables.get(f"<{name}>", ""):
            yield f"{name} is not tied to a {kind.lower()} route table"


def nodes_reach_aws(world: World) -> Iterator[str]:
    if world.layer != "networking":
        return
    services = {str(p["ServiceName"]).split(".", 3)[3] for _, p in world.of_type("AWS::EC2::VPCEndpoint")}
    needed = {
        "ssm",
        "ssmmessages",
        "logs",
        "monitoring",
        "ecr.api",
        "ecr.dkr",
        "kms",
        "sts",
        "ec2",
        "scheduler",
        "cloudformation",
    }
    ways_out = {str(p["RouteTableId"]) for _, p in world.of_type("AWS::EC2::Route") if "NatGatewayId" in p}
    if len(ways_out) < 2 and not needed <= services:
        yield f"without NAT these endpoints are missing: {needed - services}"
    if "s3" not in services:
        yield "the free S3 endpoint is missing"
    for name, properties in world.of_type("AWS::EC2::VPCEndpoint"):
        if properties["VpcEndpointType"] == "Interface" and properties.get("PrivateDnsEnabled") is not True:
            yield f"{name} has no private name, so nobody uses it"


def subnets_lie_apart_in_the_vpc(world: World) -> Iterator[str]:
    blocks = [ipaddress.IPv4Network(str(p["CidrBlock"])) for _, p in world.of_type("AWS::EC2::Subnet")]
    for name, properties in world.of_type("AWS::EC2::VPC"):
        vpc = ipaddress.IPv4Network(str(properties["CidrBlock"]))
        if not any(vpc.subnet_of(block) for block in PRIVATE):
            yield f"{name} has public addresses"
        if len(blocks) != 4 or any(not block.subnet_of(vpc) for block in blocks):
            yield f"{name} does not hold its four subnets"
        if properties.get("EnableDnsSupport") is not True or properties.get("EnableDnsHostnames") is not True:
            yield f"{name} has no names for endpoints"
    if any(one.overlaps(other) for i, one in enumerate(blocks) for other in blocks[i + 1 :]):
        yield "two subnets overlap"


def bucket_speaks_tls_only(world: World) -> Iterator[str]:
    buckets = {f"<{name}>" for name, _ in world.of_type("AWS::S3::Bucket")}
    for _, properties in world.of_type("AWS::S3::BucketPolicy"):
        for statement in properties["PolicyDocument"]["Statement"]:
            plain = statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
            everything = {f"{str(properties['Bucket'])[:-1]}.Arn>", f"{str(properties['Bucket'])[:-1]}.Arn>/*"} == set(
                statement["Resource"]
            )
            if (
                statement["Effect"] == "Deny"
                and plain
                and everything
                and statement["Principal"] == "*"
                and statement["Action"] == "s3:*"
            ):
                buckets.discard(str(properties["Bucket"]))
            if statement["Effect"] == "Allow":
                yield "the bucket policy allows something"
    yield from (f"{name} is reached without TLS" for name in sorted(buckets))


def bucket_is_private(world: World) -> Iterator[str]:
    for name, properties in world.of_type("AWS::S3::Bucket"):
        block = properties.get("PublicAccessBlockConfiguration", {})
        wanted = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
        if any(block.get(key) is not True for key in wanted):
            yield f"{name} may become public"
        if properties.get("OwnershipControls") != {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}:
            yield f"{name} has ACLs"


CHECKS = (
    no_public_address,
    ingress_from_within_only,
    egress_is_narrow,
    private_subnets_have_no_way_in,
    nodes_reach_aws,
    subnets_lie_apart_in_the_vpc,
    bucket_speaks_tls_only,
    bucket_is_private,
)
