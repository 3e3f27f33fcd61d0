"""Listings by name: things without tags, or that AWS keys by a name that starts with the environment's prefix."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from semanticworld.aws import buckets
from semanticworld.aws.calls import Calls
from semanticworld.model.environment import Environment
from semanticworld.model.leftover import Found

Listing = Callable[[Calls, Callable[[], str], Environment], Iterator[Found]]


def is_ours(name: str, environment: Environment) -> bool:
    """Whether the name is the environment's prefix or starts with it: semanticworld-dev-x, never semanticworld-dev2-x."""
    return name == environment.prefix or name.startswith(f"{environment.prefix}-")


def _log_groups(calls: Calls, _: Callable[[], str], environment: Environment) -> Iterator[Found]:
    prefix = f"/{environment.project}/{environment.name}/"
    for told in calls.items("logs", "DescribeLogGroups", "logGroups", logGroupNamePrefix=prefix):
        if told["logGroupName"].startswith(prefix):
            yield Found(type="AWS::Logs::LogGroup", id=told["logGroupName"])


def _buckets(calls: Calls, _: Callable[[], str], environment: Environment) -> Iterator[Found]:
    for told in calls.items("s3", "ListBuckets", "Buckets"):
        name = told["Name"]
        if is_ours(name, environment) and name.endswith(f"-{calls.region}"):
            yield Found(type="AWS::S3::Bucket", id=name, size_gib=buckets.size_gib(calls, name))


def _topics(calls: Calls, _: Callable[[], str], environment: Environment) -> Iterator[Found]:
    for told in calls.items("sns", "ListTopics", "Topics"):
        if is_ours(told["TopicArn"].rpartition(":")[2], environment):
            yield Found(type="AWS::SNS::Topic", id=told["TopicArn"])


def _roles(calls: Calls, _: Callable[[], str], environment: Environment) -> Iterator[Found]:
    yield from _regional(calls, environment, "ListRoles", "Roles", "RoleName", "AWS::IAM::Role")


def _profiles(calls: Calls, _: Callable[[], str], environment: Environment) -> Iterator[Found]:
    yield from _regional(
        calls,
        environment,
        "ListInstanceProfiles",
        "InstanceProfiles",
        "InstanceProfileName",
        "AWS::IAM::InstanceProfile",
    )


def _regional(
    calls: Calls, environment: Environment, operation: str, member: str, key: str, type_: str
) -> Iterator[Found]:
    """IAM is one for all regions; our names end in the region, so that another region's are left out."""
    for told in calls.items("iam", operation, member):
        if is_ours(told[key], environment) and told[key].endswith(f"-{calls.region}"):
            yield Found(type=type_, id=told[key])


def _policies(calls: Calls, _: Callable[[], str], environment: Environment) -> Iterator[Found]:
    for told in calls.items("iam", "ListPolicies", "Policies", Scope="Local"):
        if is_ours(told["PolicyName"], environment) and told["PolicyName"].endswith(f"-{calls.region}"):
            yield Found(type="AWS::IAM::ManagedPolicy", id=told["Arn"])


def _documents(calls: Calls, _: Callable[[], str], environment: Environment) -> Iterator[Found]:
    filters = [
        {"Key": "Owner", "Values": ["Self"]},
        {"Key": "Name", "Values": [environment.prefix]},
    ]
    for told in calls.items("ssm", "ListDocuments", "DocumentIdentifiers", Filters=filters):
        if is_ours(told["Name"], environment):
            yield Found(type="AWS::SSM::Document", id=told["Name"])


def _schedule_groups(calls: Calls, _: Callable[[], str], environment: Environment) -> Iterator[Found]:
    for told in calls.items("scheduler", "ListScheduleGroups", "ScheduleGroups", NamePrefix=environment.prefix):
        if is_ours(told["Name"], environment):
            yield Found(type="AWS::Scheduler::ScheduleGroup", id=told["Name"], state=told.get("State"))


def _schedules(calls: Calls, _: Callable[[], str], environment: Environment) -> Iterator[Found]:
    for told in calls.items("scheduler", "ListSchedules", "Schedules", NamePrefix=environment.prefix):
        if is_ours(told["Name"], environment):
            id_ = f"{told['GroupName']}|{told['Name']}"
            yield Found(type="AWS::Scheduler::Schedule", id=id_, state=told.get("State"))


def _budgets(calls: Calls, account: Callable[[], str], environment: Environment) -> Iterator[Found]:
    for told in calls.items("budgets", "DescribeBudgets", "Budgets", AccountId=account()):
        name = told["BudgetName"]
        if is_ours(name, environment) and name.endswith(f"-{calls.region}"):
            yield Found(type="AWS::Budgets::Budget", id=name)


def _alarms(calls: Calls, _: Callable[[], str], environment: Environment) -> Iterator[Found]:
    types = ["MetricAlarm", "CompositeAlarm"]
    for page in calls.pages("cloudwatch", "DescribeAlarms", AlarmNamePrefix=environment.prefix, AlarmTypes=types):
        for told in (*page.get("MetricAlarms", ()), *page.get("CompositeAlarms", ())):
            if is_ours(told["AlarmName"], environment):
                yield Found(type="AWS::CloudWatch::Alarm", id=told["AlarmName"], state=told.get("StateValue"))


def _dashboards(calls: Calls, _: Callable[[], str], environment: Environment) -> Iterator[Found]:
    for told in calls.items("cloudwatch", "ListDashboards", "DashboardEntries", DashboardNamePrefix=environment.prefix):
        if is_ours(told["DashboardName"], environment):
            yield Found(type="AWS::CloudWatch::Dashboard", id=told["DashboardName"])


LISTINGS: Mapping[str, Listing] = {
    "AWS::Budgets::Budget": _budgets,
    "AWS::CloudWatch::Alarm": _alarms,
    "AWS::CloudWatch::Dashboard": _dashboards,
    "AWS::IAM::InstanceProfile": _profiles,
    "AWS::IAM::ManagedPolicy": _policies,
    "AWS::IAM::Role": _roles,
    "AWS::Logs::LogGroup": _log_groups,
    "AWS::S3::Bucket": _buckets,
    "AWS::SNS::Topic": _topics,
    "AWS::SSM::Document": _documents,
    "AWS::Scheduler::Schedule": _schedules,
    "AWS::Scheduler::ScheduleGroup": _schedule_groups,
}
