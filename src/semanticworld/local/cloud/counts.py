"""How much there is in the cloud, over all accounts and regions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ministack.services import cloudformation, cloudwatch, cloudwatch_logs, ec2, iam, s3, scheduler, sns, ssm


def counts() -> dict[str, int]:
    """Number of things by kind; what every account has from the start, and what is gone, is not counted."""
    return {
        "stacks": _count(cloudformation._stacks, lambda stack: stack.get("StackStatus") != "DELETE_COMPLETE"),
        "instances": _count(ec2._instances, lambda instance: instance["State"]["Name"] != "terminated"),
        "volumes": _count(ec2._volumes),
        "vpcs": _count(ec2._vpcs, lambda vpc: not vpc.get("IsDefault")),
        "nat_gateways": _count(ec2._nat_gateways, lambda gateway: gateway.get("State") != "deleted"),
        "buckets": _count(s3._buckets),
        "objects": sum(len(bucket.get("objects", ())) for bucket in _all(s3._buckets)),
        "roles": _count(iam._roles),
        "parameters": _count(ssm._parameters),
        "log_groups": _count(cloudwatch_logs._log_groups),
        "topics": _count(sns._topics),
        "alarms": _count(cloudwatch._alarms),
        "schedules": _count(scheduler._schedules),
    }


def _all(store: Any) -> Iterable[Any]:  # noqa: ANN401 - ministack's scoped stores
    return list(store._data.values())


def _count(store: Any, is_there: Callable[[Any], bool] = bool) -> int:  # noqa: ANN401 - ministack's scoped stores
    return sum(1 for value in _all(store) if is_there(value))
