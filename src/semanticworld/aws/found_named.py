"""The things of the other services, which go by a name or an ARN: their look-up, one call each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from semanticworld.aws import codes
from semanticworld.aws.calls import Calls, answered
from semanticworld.errors import AwsError

Account = Callable[[], str]
LookUp = Callable[[Calls, Account, str], bool]


def _asked(service: str, operation: str, parameter: str) -> LookUp:
    """A look-up by an operation that answers with an error when the thing is missing."""

    def look_up(calls: Calls, _: Account, name: str) -> bool:
        try:
            calls.call(service, operation, **{parameter: name})
        except AwsError as error:
            if answered(error, codes.MISSING):
                return False
            raise
        return True

    return look_up


def _stack(calls: Calls, _: Account, name: str) -> bool:
    try:
        answer = calls.call("cloudformation", "DescribeStacks", StackName=name)
    except AwsError as error:
        if answered(error, codes.UNKNOWN_STACK) and "does not exist" in error.why:
            return False
        raise
    return any(told["StackStatus"] != "DELETE_COMPLETE" for told in answer.get("Stacks", ()))


def _budget(calls: Calls, account: Account, name: str) -> bool:
    try:
        calls.call("budgets", "DescribeBudget", AccountId=account(), BudgetName=name)
    except AwsError as error:
        if answered(error, codes.MISSING):
            return False
        raise
    return True


def _alarm(calls: Calls, _: Account, name: str) -> bool:
    answer = calls.call("cloudwatch", "DescribeAlarms", AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    alarms = [*answer.get("MetricAlarms", ()), *answer.get("CompositeAlarms", ())]
    return any(told["AlarmName"] == name for told in alarms)


def _dashboard(calls: Calls, _: Account, name: str) -> bool:
    entries = calls.items("cloudwatch", "ListDashboards", "DashboardEntries", DashboardNamePrefix=name)
    return any(told["DashboardName"] == name for told in entries)


def _log_group(calls: Calls, _: Account, name: str) -> bool:
    groups = calls.items("logs", "DescribeLogGroups", "logGroups", logGroupNamePrefix=name)
    return any(told["logGroupName"] == name for told in groups)


def _metric_filter(calls: Calls, _: Account, name: str) -> bool:
    answer = calls.call("logs", "DescribeMetricFilters", filterNamePrefix=name)
    return any(told["filterName"] == name for told in answer.get("metricFilters", ()))


def _schedule(calls: Calls, _: Account, name: str) -> bool:
    group, _bar, own = name.rpartition("|")
    options = {"GroupName": group} if group else {}
    try:
        calls.call("scheduler", "GetSchedule", Name=own, **options)
    except AwsError as error:
        if answered(error, codes.MISSING):
            return False
        raise
    return True


LOOK_UPS: Mapping[str, LookUp] = {
    "AWS::Budgets::Budget": _budget,
    "AWS::CloudFormation::Stack": _stack,
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::CloudWatch::CompositeAlarm": _alarm,
    "AWS::CloudWatch::Dashboard": _dashboard,
    "AWS::DLM::LifecyclePolicy": _asked("dlm", "GetLifecyclePolicy", "PolicyId"),
    "AWS::IAM::InstanceProfile": _asked("iam", "GetInstanceProfile", "InstanceProfileName"),
    "AWS::IAM::ManagedPolicy": _asked("iam", "GetPolicy", "PolicyArn"),
    "AWS::IAM::Role": _asked("iam", "GetRole", "RoleName"),
    "AWS::Logs::LogGroup": _log_group,
    "AWS::Logs::MetricFilter": _metric_filter,
    "AWS::S3::Bucket": _asked("s3", "HeadBucket", "Bucket"),
    "AWS::S3::BucketPolicy": _asked("s3", "GetBucketPolicy", "Bucket"),
    "AWS::SNS::Subscription": _asked("sns", "GetSubscriptionAttributes", "SubscriptionArn"),
    "AWS::SNS::Topic": _asked("sns", "GetTopicAttributes", "TopicArn"),
    "AWS::SSM::Document": _asked("ssm", "DescribeDocument", "Name"),
    "AWS::Scheduler::Schedule": _schedule,
    "AWS::Scheduler::ScheduleGroup": _asked("scheduler", "GetScheduleGroup", "Name"),
}
"""By CloudFormation type; the argument is the physical id as CloudFormation gives it."""
