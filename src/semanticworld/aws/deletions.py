"""Deleting one leftover, by its own service's call. Networks, identities and keys are never touched from here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from semanticworld.aws import codes
from semanticworld.aws.calls import Calls, answered
from semanticworld.errors import AwsError, Refused
from semanticworld.model.leftover import Found

Deletion = Callable[[Calls, str, str], None]
"""Called with the account and the physical id."""


def _by(service: str, operation: str, parameter: str, *, as_list: bool = False) -> Deletion:
    def delete(calls: Calls, _: str, id_: str) -> None:
        calls.call(service, operation, **{parameter: [id_] if as_list else id_})

    return delete


def _address(calls: Calls, _: str, id_: str) -> None:
    """Addresses are released by their allocation; CloudFormation's physical id is the address itself."""
    if id_.startswith("eipalloc-"):
        calls.call("ec2", "ReleaseAddress", AllocationId=id_)
        return
    for told in calls.call("ec2", "DescribeAddresses", PublicIps=[id_]).get("Addresses", ()):
        calls.call("ec2", "ReleaseAddress", AllocationId=told["AllocationId"])


def _budget(calls: Calls, account: str, id_: str) -> None:
    calls.call("budgets", "DeleteBudget", AccountId=account, BudgetName=id_)


def _schedule(calls: Calls, _: str, id_: str) -> None:
    group, _bar, name = id_.rpartition("|")
    calls.call("scheduler", "DeleteSchedule", Name=name, **({"GroupName": group} if group else {}))


DELETIONS: Mapping[str, Deletion] = {
    "AWS::Budgets::Budget": _budget,
    "AWS::CloudWatch::Alarm": _by("cloudwatch", "DeleteAlarms", "AlarmNames", as_list=True),
    "AWS::CloudWatch::CompositeAlarm": _by("cloudwatch", "DeleteAlarms", "AlarmNames", as_list=True),
    "AWS::CloudWatch::Dashboard": _by("cloudwatch", "DeleteDashboards", "DashboardNames", as_list=True),
    "AWS::DLM::LifecyclePolicy": _by("dlm", "DeleteLifecyclePolicy", "PolicyId"),
    "AWS::EC2::EIP": _address,
    "AWS::EC2::FlowLog": _by("ec2", "DeleteFlowLogs", "FlowLogIds", as_list=True),
    "AWS::EC2::Instance": _by("ec2", "TerminateInstances", "InstanceIds", as_list=True),
    "AWS::EC2::LaunchTemplate": _by("ec2", "DeleteLaunchTemplate", "LaunchTemplateId"),
    "AWS::EC2::NatGateway": _by("ec2", "DeleteNatGateway", "NatGatewayId"),
    "AWS::EC2::NetworkInterface": _by("ec2", "DeleteNetworkInterface", "NetworkInterfaceId"),
    "AWS::EC2::SecurityGroup": _by("ec2", "DeleteSecurityGroup", "GroupId"),
    "AWS::EC2::Snapshot": _by("ec2", "DeleteSnapshot", "SnapshotId"),
    "AWS::EC2::VPCEndpoint": _by("ec2", "DeleteVpcEndpoints", "VpcEndpointIds", as_list=True),
    "AWS::EC2::Volume": _by("ec2", "DeleteVolume", "VolumeId"),
    "AWS::Logs::LogGroup": _by("logs", "DeleteLogGroup", "logGroupName"),
    "AWS::S3::Bucket": _by("s3", "DeleteBucket", "Bucket"),
    "AWS::SNS::Topic": _by("sns", "DeleteTopic", "TopicArn"),
    "AWS::SSM::Document": _by("ssm", "DeleteDocument", "Name"),
    "AWS::Scheduler::Schedule": _schedule,
    "AWS::Scheduler::ScheduleGroup": _by("scheduler", "DeleteScheduleGroup", "Name"),
}


def delete_found(calls: Calls, account: Callable[[], str], found: Found) -> None:
    """Deletes it; one that is gone is no error. Raises Refused (LIF920) for types that must not be touched."""
    deletion = DELETIONS.get(found.type)
    if deletion is None:
        raise Refused(
            f"{found.type} {found.id} is not deleted from here",
            why="deleting it could take down what others use, or cannot be undone",
            hint="look at it in the AWS console, and delete it there when nobody needs it",
            code="LIF920",
        )
    try:
        deletion(calls, account() if found.type == "AWS::Budgets::Budget" else "", found.id)
    except AwsError as error:
        if not answered(error, codes.MISSING | codes.MISSING_INSTANCE):
            raise
