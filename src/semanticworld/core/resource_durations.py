"""How long CloudFormation takes for each resource type our templates use, in seconds.

Source of `create`: aws-cloudformation/rain, internal/cmd/forecast/estimate.go, "based on historical averages", read 2026-11.
Its delete column holds a placeholder (1 for nearly every type), so what stands under `delete` is our own assumption, chosen on
the slow side, until a real account has been measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """Seconds to create (published) and to delete (assumed), and what to know about them."""

    create_s: int
    delete_s: int
    note: str = ""


UNKNOWN = Duration(create_s=60, delete_s=60, note="a type without a figure: assumed, on the slow side")

_GONE = "already terminated when its stack is deleted; the termination itself (up to minutes for GPU types) is awaited before"

DURATIONS: Mapping[str, Duration] = {
    "AWS::Budgets::Budget": Duration(create_s=1, delete_s=2),
    "AWS::CloudWatch::Alarm": Duration(create_s=2, delete_s=2),
    "AWS::CloudWatch::Dashboard": Duration(create_s=2, delete_s=2),
    "AWS::DLM::LifecyclePolicy": Duration(create_s=1, delete_s=2),
    "AWS::EC2::EIP": Duration(create_s=17, delete_s=5),
    "AWS::EC2::FlowLog": Duration(create_s=2, delete_s=2),
    "AWS::EC2::Instance": Duration(create_s=16, delete_s=5, note=_GONE),
    "AWS::EC2::InternetGateway": Duration(create_s=17, delete_s=5),
    "AWS::EC2::LaunchTemplate": Duration(create_s=6, delete_s=3),
    "AWS::EC2::NatGateway": Duration(create_s=106, delete_s=75),
    "AWS::EC2::Route": Duration(create_s=2, delete_s=3),
    "AWS::EC2::RouteTable": Duration(create_s=12, delete_s=3),
    "AWS::EC2::SecurityGroup": Duration(create_s=6, delete_s=5),
    "AWS::EC2::Subnet": Duration(create_s=4, delete_s=5),
    "AWS::EC2::SubnetRouteTableAssociation": Duration(create_s=2, delete_s=3),
    "AWS::EC2::VPC": Duration(create_s=12, delete_s=5),
    "AWS::EC2::VPCEndpoint": Duration(create_s=47, delete_s=75, note="interface endpoints; a gateway endpoint takes seconds"),
    "AWS::EC2::VPCGatewayAttachment": Duration(create_s=12, delete_s=15),
    "AWS::EC2::Volume": Duration(create_s=7, delete_s=10, note="asking for the snapshot is counted, its completion is not"),
    "AWS::EC2::VolumeAttachment": Duration(create_s=7, delete_s=8, note="the volume of a terminated instance is detached already"),
    "AWS::IAM::InstanceProfile": Duration(create_s=126, delete_s=5),
    "AWS::IAM::ManagedPolicy": Duration(create_s=16, delete_s=5),
    "AWS::IAM::Role": Duration(create_s=12, delete_s=5),
    "AWS::Logs::LogGroup": Duration(create_s=1, delete_s=2),
    "AWS::S3::Bucket": Duration(create_s=30, delete_s=5),
    "AWS::S3::BucketPolicy": Duration(create_s=12, delete_s=3),
    "AWS::SNS::Subscription": Duration(create_s=2, delete_s=2),
    "AWS::SNS::Topic": Duration(create_s=4, delete_s=3),
    "AWS::SNS::TopicPolicy": Duration(create_s=1, delete_s=2),
    "AWS::SSM::Document": Duration(create_s=32, delete_s=3),
    "AWS::Scheduler::ScheduleGroup": Duration(create_s=1, delete_s=10, note="its schedules go first"),
}  # fmt: skip
