"""What the API says of the safety of what stands."""

from __future__ import annotations

import json
from typing import Any

from pytest_bdd import parsers, then

from feature_world import CloudWorld


@then(parsers.parse("the instance in {environment} has no public address"))
def no_public_address(cloud: CloudWorld, environment: str) -> None:
    instance = cloud.the_instance(environment)
    assert not instance.get("PublicIpAddress")
    addresses = cloud.client("ec2").describe_addresses()["Addresses"]
    assert [a for a in addresses if a.get("InstanceId") == instance["InstanceId"]] == []


@then(parsers.parse("the instance in {environment} stands in a private subnet"))
def private_subnet(cloud: CloudWorld, environment: str) -> None:
    ec2 = cloud.client("ec2")
    subnet_id = cloud.the_instance(environment)["SubnetId"]
    assert ec2.describe_subnets(SubnetIds=[subnet_id])["Subnets"][0]["MapPublicIpOnLaunch"] is False
    tables = ec2.describe_route_tables(Filters=[{"Name": "association.subnet-id", "Values": [subnet_id]}])[
        "RouteTables"
    ]
    assert len(tables) == 1
    assert [route for route in tables[0]["Routes"] if route.get("GatewayId", "").startswith("igw-")] == []


@then(parsers.parse('the instance in {environment} stands in the stack "{name}"\'s private subnet'))
def subnet_of_stack(cloud: CloudWorld, environment: str, name: str) -> None:
    privates = cloud.outputs(name)["Privates"].split(",")
    assert cloud.the_instance(environment)["SubnetId"] in privates


@then(parsers.parse("the instance in {environment} has no key pair"))
def no_key_pair(cloud: CloudWorld, environment: str) -> None:
    assert not cloud.the_instance(environment).get("KeyName")


@then(parsers.parse("no security group of the instance in {environment} lets the internet in"))
def closed_groups(cloud: CloudWorld, environment: str) -> None:
    ids = [group["GroupId"] for group in cloud.the_instance(environment)["SecurityGroups"]]
    assert ids
    for group in cloud.client("ec2").describe_security_groups(GroupIds=ids)["SecurityGroups"]:
        for rule in group["IpPermissions"]:
            assert [r for r in rule.get("IpRanges", []) if r["CidrIp"].endswith("/0")] == []
            assert rule.get("Ipv6Ranges", []) == []


@then(parsers.parse("the instance in {environment} requires IMDSv2 with a hop limit of {hops:d}"))
def imds(cloud: CloudWorld, environment: str, hops: int) -> None:
    options = cloud.the_instance(environment)["MetadataOptions"]
    assert (options["HttpTokens"], options["HttpPutResponseHopLimit"]) == ("required", hops)


def role_of(cloud: CloudWorld, environment: str) -> dict[str, Any]:
    profile = cloud.the_instance(environment)["IamInstanceProfile"]["Arn"].rsplit("/", 1)[-1]
    iam = cloud.client("iam")
    name = iam.get_instance_profile(InstanceProfileName=profile)["InstanceProfile"]["Roles"][0]["RoleName"]
    role: dict[str, Any] = iam.get_role(RoleName=name)["Role"]
    return role


@then(parsers.parse("the role of the instance in {environment} has a permissions boundary"))
def boundary(cloud: CloudWorld, environment: str) -> None:
    arn = role_of(cloud, environment)["PermissionsBoundary"]["PermissionsBoundaryArn"]
    version = cloud.client("iam").get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    assert cloud.client("iam").get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]


@then(parsers.parse("no policy of the role of the instance in {environment} allows every action of a service"))
def no_wildcards(cloud: CloudWorld, environment: str) -> None:
    iam = cloud.client("iam")
    name = role_of(cloud, environment)["RoleName"]
    assert iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"] == []
    policies = iam.list_role_policies(RoleName=name)["PolicyNames"]
    assert policies
    for policy in policies:
        document = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        statements = (json.loads(document) if isinstance(document, str) else document)["Statement"]
        for statement in statements:
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            assert [action for action in actions if action.endswith("*")] == []


@then(parsers.parse("every volume of the instance in {environment} is encrypted"))
def encrypted(cloud: CloudWorld, environment: str) -> None:
    volumes = cloud.volumes_of(cloud.the_instance(environment))
    assert volumes
    assert all(volume["Encrypted"] for volume in volumes)


@then(parsers.parse("the bucket of {environment} is encrypted, versioned, private and refuses plain HTTP"))
def bucket(cloud: CloudWorld, environment: str) -> None:
    name = cloud.exports()[f"semanticworld-{environment}-bucket-name"]
    s3 = cloud.client("s3")
    rules = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] in {"AES256", "aws:kms"}
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    assert all(s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"].values())
    statements = json.loads(s3.get_bucket_policy(Bucket=name)["Policy"])["Statement"]
    denies = [s for s in statements if s["Effect"] == "Deny"]
    assert any(s.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport") in {"false", False} for s in denies)


@then(parsers.parse("the default security group of the network of {environment} has no rules"))
def default_group(cloud: CloudWorld, environment: str) -> None:
    group_id = cloud.exports()[f"semanticworld-{environment}-default-sg-id"]
    group = cloud.client("ec2").describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0]
    assert group["IpPermissions"] == []


@then(parsers.parse("the instance in {environment} stops on a shutdown from within"))
def stops_on_shutdown(cloud: CloudWorld, environment: str) -> None:
    answer = cloud.client("ec2").describe_instance_attribute(
        InstanceId=cloud.the_instance(environment)["InstanceId"], Attribute="instanceInitiatedShutdownBehavior"
    )
    assert answer["InstanceInitiatedShutdownBehavior"]["Value"] == "stop"


@then(parsers.parse('the instance in {environment} is named "{name}"'))
def named(cloud: CloudWorld, environment: str, name: str) -> None:
    tags = {tag["Key"]: tag["Value"] for tag in cloud.the_instance(environment)["Tags"]}
    assert tags["Name"] == name


@then(parsers.parse("every taggable resource of {environment} carries our tags"))
def all_tagged(cloud: CloudWorld, environment: str) -> None:
    wanted = {"Project", "Environment", "Layer", "ManagedBy"}
    pages = cloud.client("resourcegroupstaggingapi").get_paginator("get_resources").paginate()
    found = [entry for page in pages for entry in page["ResourceTagMappingList"]]
    of_environment = [entry for entry in found if {"Key": "Environment", "Value": environment} in entry["Tags"]]
    assert len(of_environment) > 15
    for entry in of_environment:
        keys = {tag["Key"] for tag in entry["Tags"]}
        assert wanted <= keys, entry["ResourceARN"]
        # A launch template, and what it tags, do without an owner: a new owner would otherwise make a new node.
        ownerless = (":launch-template/", ":network-interface/")
        assert "Owner" in keys or any(kind in entry["ResourceARN"] for kind in ownerless), entry["ResourceARN"]
