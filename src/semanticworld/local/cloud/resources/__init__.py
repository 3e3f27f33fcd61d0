"""CloudFormation resource types outside EC2, made through each service's own API, and the services that lacked for it."""

from __future__ import annotations

__all__ = ["install"]


def install() -> None:
    """Give ministack's stack engine the types, and its services the truth, of this package."""
    from semanticworld.local.cloud.resources import (  # noqa: PLC0415 - ministack reads the environment on import
        budgets,
        cloudwatch,
        dlm,
        iam,
        kind,
        logs,
        s3,
        scheduler,
        services,
        sns,
        ssm,
    )

    services.install()
    kind.install(
        iam.RoleKind(),
        iam.InstanceProfileKind(),
        iam.ManagedPolicyKind(),
        iam.InlinePolicyKind(),
        s3.BucketKind(),
        s3.BucketPolicyKind(),
        logs.LogGroupKind(),
        logs.MetricFilterKind(),
        sns.TopicKind(),
        sns.SubscriptionKind(),
        sns.TopicPolicyKind(),
        budgets.BudgetKind(),
        scheduler.ScheduleGroupKind(),
        scheduler.ScheduleKind(),
        dlm.LifecyclePolicyKind(),
        ssm.DocumentKind(),
        ssm.ParameterKind(),
        cloudwatch.AlarmKind(),
        cloudwatch.CompositeAlarmKind(),
        cloudwatch.DashboardKind(),
    )
