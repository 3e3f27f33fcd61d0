"""Least privilege: exact actions, a boundary on every role, no confused deputy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from template_gate.worlds import ACCOUNT, REGION, World

# Actions without a resource level, for which "*" is the only resource there is.
# Source: Service Authorization Reference, actions tables, 2026.
NO_RESOURCE_LEVEL = frozenset({
    "cloudwatch:PutMetricData", "ec2:DescribeInstances", "ec2:DescribeSnapshots", "ec2:DescribeVolumes",
    "ecr:GetAuthorizationToken", "logs:DescribeLogGroups", "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
})  # fmt: skip

NODE_ACTIONS = frozenset({
    "cloudformation:SignalResource", "cloudwatch:PutMetricData", "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage",
    "ecr:GetAuthorizationToken", "ecr:GetDownloadUrlForLayer", "iam:PassRole", "logs:CreateLogStream",
    "logs:DescribeLogStreams", "logs:PutLogEvents", "s3:AbortMultipartUpload", "s3:GetObject", "s3:ListBucket", "s3:PutObject",
    "scheduler:GetSchedule", "scheduler:UpdateSchedule", "ssm:GetParameter", "ssm:GetParameters",
    "ssm:UpdateInstanceInformation", "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
})  # fmt: skip

# EC2 hands credentials to an instance without a source account, so its trust cannot ask for one.
NO_SOURCE_ACCOUNT = frozenset({"ec2.amazonaws.com"})

Statement = Mapping[str, Any]


def listed(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def statements(world: World) -> Iterator[tuple[str, Statement]]:
    """Every statement of every policy document, with the resource it stands in."""
    for name, resource in world.resources.items():
        for document in _documents(resource.get("Properties")):
            for statement in document["Statement"]:
                yield name, statement


def _documents(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        if "Statement" in value:
            yield value
        for part in value.values():
            yield from _documents(part)
    elif isinstance(value, list):
        for part in value:
            yield from _documents(part)


def role_statements(world: World) -> Iterator[tuple[str, Statement]]:
    for name, properties in world.of_type("AWS::IAM::Role"):
        for policy in properties.get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield name, statement


def no_wildcard_actions(world: World) -> Iterator[str]:
    for name, statement in statements(world):
        if statement["Effect"] == "Allow":
            wild = [action for action in listed(statement["Action"]) if "*" in action]
            if wild or "NotAction" in statement or "NotResource" in statement:
                yield f"{name} allows {wild or 'all but some'}"


def no_wildcard_resources(world: World) -> Iterator[str]:
    for name, statement in role_statements(world):
        extra = set(listed(statement["Action"])) - NO_RESOURCE_LEVEL
        if "*" in listed(statement["Resource"]) and extra:
            yield f"{name} allows {sorted(extra)} on everything"


def resources_are_ours(world: World) -> Iterator[str]:
    for name, statement in role_statements(world):
        for arn in listed(statement["Resource"]):
            if arn == "*" or arn.startswith("<"):
                continue
            if ACCOUNT not in arn and "::snapshot/*" not in arn:
                yield f"{name} reaches {arn}, which names no account"
            if arn.endswith(("instance/*", "volume/*")) or (
                "::snapshot/*" in arn and "ec2:DeleteSnapshot" in listed(statement["Action"])
            ):
                equals = dict(statement.get("Condition", {}).get("StringEquals", {}))
                if (
                    equals.get("aws:ResourceTag/Project") != "semanticworld"
                    or "aws:ResourceTag/Environment" not in equals
                ):
                    yield f"{name} reaches {arn} without asking for our tags"


def every_role_has_a_boundary(world: World) -> Iterator[str]:
    own = {f"<{name}>" for name, _ in world.of_type("AWS::IAM::ManagedPolicy")}
    for name, properties in world.of_type("AWS::IAM::Role"):
        if properties.get("PermissionsBoundary") not in own:
            yield f"{name} has no boundary"
        if properties.get("ManagedPolicyArns"):
            yield f"{name} has managed policies"
    for name, _ in world.of_type("AWS::IAM::User", "AWS::IAM::AccessKey", "AWS::IAM::Policy", "AWS::IAM::Group"):
        yield f"{name} is an identity or policy of another kind"


def boundary_covers_the_roles(world: World) -> Iterator[str]:
    ceiling: set[str] = set()
    for _, properties in world.of_type("AWS::IAM::ManagedPolicy"):
        for statement in properties["PolicyDocument"]["Statement"]:
            if statement["Effect"] == "Allow":
                ceiling |= set(listed(statement["Action"]))
                equals = statement["Condition"]["StringEquals"]
                if equals.get("aws:RequestedRegion") != REGION and "iam:PassedToService" not in equals:
                    yield f"the boundary allows {statement['Action']} everywhere"
    used = {action for _, statement in role_statements(world) for action in listed(statement["Action"])}
    if not used <= ceiling:
        yield f"roles need more than their boundary: {sorted(used - ceiling)}"


def boundary_denies_stolen_credentials(world: World) -> Iterator[str]:  # noqa: C901 - one branch a setting
    if world.layer != "base":
        return
    denies = {}
    for _, properties in world.of_type("AWS::IAM::ManagedPolicy"):
        for statement in properties["PolicyDocument"]["Statement"]:
            if statement["Effect"] == "Deny" and statement["Action"] == "*" and statement["Resource"] == "*":
                denies[statement["Sid"]] = statement["Condition"]
    if denies.get("NoImdsV1Credentials") != {"NumericLessThan": {"ec2:RoleDelivery": "2.0"}}:
        yield "credentials of IMDSv1 are good for something"
    addresses = [part for part in world.parameters.get("NodeEgressAddresses", "").split(",") if part]
    outside = {
        "StringNotEquals": {"aws:EC2InstanceSourceVPC": "${aws:SourceVpc}"},
        "Null": {"ec2:SourceInstanceARN": "false"},
        "BoolIfExists": {"aws:ViaAWSService": "false"},
    }
    if world.parameters.get("NodeEgress") == "endpoints":
        if denies.get("OnlyFromItsVpc") != outside:
            yield "credentials work outside the VPC"
    elif addresses:
        if denies.get("OnlyFromItsVpcOrNat") != {**outside, "NotIpAddressIfExists": {"aws:SourceIp": addresses}}:
            yield "credentials work outside the VPC and its NAT"
    elif len(denies) != 1:
        yield "nodes behind NAT are denied what they need"


def service_principals_are_bound(world: World) -> Iterator[str]:
    for name, statement in statements(world):
        principal = statement.get("Principal")
        if not isinstance(principal, dict) or statement["Effect"] != "Allow":
            continue
        services = set(listed(principal.get("Service", [])))
        if services - NO_SOURCE_ACCOUNT:
            condition = statement.get("Condition", {})
            equals = condition.get("StringEquals", {})
            has_arn = "aws:SourceArn" in equals or "aws:SourceArn" in condition.get("ArnLike", {})
            if equals.get("aws:SourceAccount") != ACCOUNT or not has_arn:
                yield f"{name} trusts {sorted(services)} for any account"


def pass_role_is_bound(world: World) -> Iterator[str]:
    for name, statement in statements(world):
        if statement["Effect"] == "Allow" and any(action.startswith("iam:") for action in listed(statement["Action"])):
            bound = statement.get("Condition") == {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}}
            if listed(statement["Action"]) != ["iam:PassRole"] or not bound or "*" in str(statement["Resource"]):
                yield f"{name} allows {statement}"


def node_role_is_exact(world: World) -> Iterator[str]:
    if world.layer != "base":
        return
    allowed = {a for name, s in role_statements(world) if name == "NodeRole" for a in listed(s["Action"])}
    if allowed != NODE_ACTIONS:
        yield f"the node role differs: {sorted(allowed ^ NODE_ACTIONS)}"
    by_sid = {str(s["Sid"]): s for name, s in role_statements(world) if name == "NodeRole"}
    if by_sid["Metrics"].get("Condition") != {"StringEquals": {"cloudwatch:namespace": "SemanticWorld/Compute"}}:
        yield "the node may write into any metric namespace"
    if by_sid["DataObjects"].get("Condition") != {"StringEquals": {"aws:ResourceAccount": ACCOUNT}}:
        yield "the node may reach buckets of other accounts"


def endpoint_policy_keeps_data_in(world: World) -> Iterator[str]:
    reads = {"s3:GetObject", "s3:GetObjectVersion", "s3:GetBucketLocation", "s3:ListBucket"}
    for name, properties in world.of_type("AWS::EC2::VPCEndpoint"):
        if not str(properties["ServiceName"]).endswith(".s3"):
            continue
        if "PolicyDocument" not in properties:
            yield f"{name} lets everything through"
            continue
        for statement in properties["PolicyDocument"]["Statement"]:
            equals = statement.get("Condition", {}).get("StringEquals", {})
            if equals.get("aws:ResourceAccount") != ACCOUNT and set(listed(statement["Action"])) - reads:
                yield f"{name} lets data out: {statement['Sid']}"
            if statement["Sid"] == "PublicDataSets" and world.parameters.get("S3ReadAnywhere") == "false":
                yield f"{name} reads anywhere although it was told not to"


CHECKS = (
    no_wildcard_actions,
    no_wildcard_resources,
    resources_are_ours,
    every_role_has_a_boundary,
    boundary_covers_the_roles,
    boundary_denies_stolen_credentials,
    service_principals_are_bound,
    pass_role_is_bound,
    node_role_is_exact,
    endpoint_policy_keeps_data_in,
)
