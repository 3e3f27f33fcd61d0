"""Parameters that name a thing of the account: it must be there before anything is made."""

from __future__ import annotations

from typing import Final

from ministack.services import ec2, ssm

from semanticworld.local.cloud.cloudformation.seam import engine

_LOOKUPS: Final = {
    "AWS::EC2::AvailabilityZone::Name": ("DescribeAvailabilityZones", "ZoneName.1"),
    "AWS::EC2::Image::Id": ("DescribeImages", "ImageId.1"),
    "AWS::EC2::Instance::Id": ("DescribeInstances", "InstanceId.1"),
    "AWS::EC2::KeyPair::KeyName": ("DescribeKeyPairs", "KeyName.1"),
    "AWS::EC2::SecurityGroup::GroupName": ("DescribeSecurityGroups", "GroupName.1"),
    "AWS::EC2::SecurityGroup::Id": ("DescribeSecurityGroups", "GroupId.1"),
    "AWS::EC2::Subnet::Id": ("DescribeSubnets", "SubnetId.1"),
    "AWS::EC2::VPC::Id": ("DescribeVpcs", "VpcId.1"),
    "AWS::EC2::Volume::Id": ("DescribeVolumes", "VolumeId.1"),
}
"""Type -> the EC2 call and the member that asks for one. Source: CloudFormation User Guide, "AWS-specific types", 2026."""

_OK = 200


def check_exists(name: str, kind: str, value: str) -> None:
    """Raise ValueError with AWS's text unless every thing that the value names is in this account and region."""
    inner, listed = engine._rule_inner_type(kind)
    lookup = _LOOKUPS.get(inner)
    if lookup is None:
        return
    for member in [part.strip() for part in value.split(",")] if listed else [value]:
        if not _exists(*lookup, member):
            raise ValueError(
                f"Parameter validation failed: parameter value {member} for parameter name {name} does not exist"
            )


def _exists(operation: str, member: str, value: str) -> bool:
    """Asks EC2's own operation, so that whatever it knows counts: an unknown id is an error or not in the answer."""
    handler = ec2._ACTION_MAP.get(operation)
    if handler is None or not value:
        return False
    status, _, body = handler({member: [value], "Action": [operation], "Version": ["2016-11-15"]})
    return bool(status == _OK and f">{value}<".encode() in body)


def stored(path: str) -> str:
    """The value of a Systems Manager parameter. Raises ValueError with AWS's text when there is none."""
    value = ssm.resolve_parameter_value(path)
    if value is None:
        raise ValueError(f"Unable to fetch parameters [{path}] from parameter store for this account")
    return str(value)
