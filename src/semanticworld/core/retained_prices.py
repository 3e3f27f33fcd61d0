"""What things that stay cost a month, in USD. None: not known, which is never 0.

Source: AWS Price List API, offers AmazonEC2, AmazonVPC, AmazonCloudWatch and AmazonS3, read 2026-11-23; the KMS key's
price is the AWS KMS pricing page's, read 2026-11. A month has 730 hours, as AWS's own calculator has it.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from semanticworld.model.stack import StackResource

PRICED_AT = "2026-11-23"
HOURS_A_MONTH = 730

_Regional = dict[str, Decimal]

_PER_GIB_MONTH: dict[str, _Regional] = {
    "AWS::EC2::Volume": {"us-east-1": Decimal("0.08"), "eu-central-1": Decimal("0.0952")},
    "AWS::EC2::Snapshot": {"us-east-1": Decimal("0.05"), "eu-central-1": Decimal("0.054")},
    "AWS::Logs::LogGroup": {"us-east-1": Decimal("0.03")},
}
_PER_HOUR: dict[str, _Regional] = {
    "AWS::EC2::NatGateway": {"us-east-1": Decimal("0.045"), "eu-central-1": Decimal("0.052")},
    "AWS::EC2::EIP": {"us-east-1": Decimal("0.005"), "eu-central-1": Decimal("0.005")},
}
_PER_MONTH: dict[str, _Regional] = {
    "AWS::CloudWatch::Alarm": {"us-east-1": Decimal("0.10"), "eu-central-1": Decimal("0.10")},
    "AWS::CloudWatch::Dashboard": {"us-east-1": Decimal("3.00"), "eu-central-1": Decimal("3.00")},
    "AWS::KMS::Key": {"us-east-1": Decimal("1.00"), "eu-central-1": Decimal("1.00")},
}

FREE = frozenset(
    {
        "AWS::Budgets::Budget",
        "AWS::CloudFormation::Stack",
        "AWS::DLM::LifecyclePolicy",
        "AWS::EC2::EgressOnlyInternetGateway",
        "AWS::EC2::FlowLog",
        "AWS::EC2::InternetGateway",
        "AWS::EC2::LaunchTemplate",
        "AWS::EC2::NetworkInterface",
        "AWS::EC2::Route",
        "AWS::EC2::RouteTable",
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::Subnet",
        "AWS::EC2::SubnetRouteTableAssociation",
        "AWS::EC2::VPC",
        "AWS::EC2::VPCGatewayAttachment",
        "AWS::EC2::VolumeAttachment",
        "AWS::IAM::InstanceProfile",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Policy",
        "AWS::IAM::Role",
        "AWS::S3::BucketPolicy",
        "AWS::SNS::Subscription",
        "AWS::SNS::Topic",
        "AWS::SNS::TopicPolicy",
        "AWS::SSM::Document",
        "AWS::Scheduler::Schedule",
        "AWS::Scheduler::ScheduleGroup",
    }
)
"""Types that cost nothing while they only stand."""


_ENDPOINT_PER_ZONE_HOUR: _Regional = {"us-east-1": Decimal("0.01"), "eu-central-1": Decimal("0.012")}
_GATEWAY_ENDPOINTS = frozenset({"S3Endpoint"})
"""The logical ids of our networking template's gateway endpoints, which are free; all its others are interface endpoints."""
_BY_USE = frozenset({"AWS::Logs::LogGroup"})
"""What only costs by use, and so nothing for standing."""


def networking_usd_per_month(resources: Iterable[StackResource], *, region: str, endpoint_zones: int) -> Decimal | None:
    """What a networking layer of ours costs a month while nothing flows through it; None when a part is not known."""
    total = Decimal(0)
    for each in resources:
        if each.type in _BY_USE or each.logical_id in _GATEWAY_ENDPOINTS:
            continue
        if each.type == "AWS::EC2::VPCEndpoint":
            per_hour = _ENDPOINT_PER_ZONE_HOUR.get(region)
            price = None if per_hour is None else _cents(per_hour * endpoint_zones * HOURS_A_MONTH)
        else:
            price = usd_per_month(each.type, region=region, size_gib=None)
        if price is None:
            return None
        total += price
    return total


def usd_per_month(type_: str, *, region: str, size_gib: Decimal | None) -> Decimal | None:
    """What one such thing costs a month at the list price, or None when the type, region or size is not known."""
    if type_ in FREE:
        return Decimal(0)
    if type_ in _PER_GIB_MONTH:
        if size_gib is not None and size_gib == 0:
            return Decimal(0)
        per_gib = _PER_GIB_MONTH[type_].get(region)
        return None if per_gib is None or size_gib is None else _cents(per_gib * size_gib)
    if type_ in _PER_HOUR:
        per_hour = _PER_HOUR[type_].get(region)
        return None if per_hour is None else _cents(per_hour * HOURS_A_MONTH)
    if type_ == "AWS::S3::Bucket" and size_gib is not None and size_gib == 0:
        return Decimal(0)
    return _PER_MONTH.get(type_, {}).get(region)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"))
