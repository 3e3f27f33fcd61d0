"""From an ARN to CloudFormation's type and physical id."""

from __future__ import annotations

from collections.abc import Mapping

_TYPES: Mapping[tuple[str, str], str] = {
    ("budgets", "budget"): "AWS::Budgets::Budget",
    ("cloudformation", "stack"): "AWS::CloudFormation::Stack",
    ("cloudwatch", "alarm"): "AWS::CloudWatch::Alarm",
    ("cloudwatch", "dashboard"): "AWS::CloudWatch::Dashboard",
    ("dlm", "policy"): "AWS::DLM::LifecyclePolicy",
    ("ec2", "elastic-ip"): "AWS::EC2::EIP",
    ("ec2", "instance"): "AWS::EC2::Instance",
    ("ec2", "internet-gateway"): "AWS::EC2::InternetGateway",
    ("ec2", "launch-template"): "AWS::EC2::LaunchTemplate",
    ("ec2", "natgateway"): "AWS::EC2::NatGateway",
    ("ec2", "network-acl"): "AWS::EC2::NetworkAcl",
    ("ec2", "network-interface"): "AWS::EC2::NetworkInterface",
    ("ec2", "route-table"): "AWS::EC2::RouteTable",
    ("ec2", "security-group"): "AWS::EC2::SecurityGroup",
    ("ec2", "snapshot"): "AWS::EC2::Snapshot",
    ("ec2", "spot-instances-request"): "AWS::EC2::SpotInstanceRequest",
    ("ec2", "subnet"): "AWS::EC2::Subnet",
    ("ec2", "volume"): "AWS::EC2::Volume",
    ("ec2", "vpc"): "AWS::EC2::VPC",
    ("ec2", "vpc-endpoint"): "AWS::EC2::VPCEndpoint",
    ("ec2", "vpc-flow-log"): "AWS::EC2::FlowLog",
    ("iam", "instance-profile"): "AWS::IAM::InstanceProfile",
    ("iam", "policy"): "AWS::IAM::ManagedPolicy",
    ("iam", "role"): "AWS::IAM::Role",
    ("logs", "log-group"): "AWS::Logs::LogGroup",
    ("s3", ""): "AWS::S3::Bucket",
    ("scheduler", "schedule-group"): "AWS::Scheduler::ScheduleGroup",
    ("sns", ""): "AWS::SNS::Topic",
    ("ssm", "document"): "AWS::SSM::Document",
}
"""Source: Service Authorization Reference, "Resource types defined by" each service."""

_WHOLE_ARN = frozenset({"AWS::SNS::Topic", "AWS::IAM::ManagedPolicy", "AWS::CloudFormation::Stack"})
"""Types whose physical id is the ARN itself."""


def read_arn(arn: str) -> tuple[str, str]:
    """The type and the physical id; a thing we have no name for keeps its service, its own type and its ARN."""
    parts = arn.split(":", 5)
    if len(parts) != 6:  # noqa: PLR2004 - arn:partition:service:region:account:resource
        return "unknown", arn
    service, resource = parts[2], parts[5]
    kind, own = _split(resource) if service not in {"s3", "sns"} else ("", resource)
    type_ = _TYPES.get((service, kind))
    if type_ is None:
        return f"{service}:{kind}", arn
    return type_, arn if type_ in _WHOLE_ARN else own.removesuffix(":*")


def _split(resource: str) -> tuple[str, str]:
    """instance/i-1 and alarm:name; a log group's name has slashes of its own, so the first separator decides."""
    for position, character in enumerate(resource):
        if character in "/:":
            return resource[:position], resource[position + 1 :]
    return "", resource
