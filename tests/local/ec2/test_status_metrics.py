"""The status checks that EC2 sends to CloudWatch every minute."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from cloud import Cloud
from ec2_talk import Client, until


def values(cloud: Cloud, name: str, instance: str) -> list[float]:
    now = datetime.now(UTC)
    answer = cloud.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/EC2",
        MetricName=name,
        Dimensions=[{"Name": "InstanceId", "Value": instance}],
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(hours=1),
        Period=60,
        Statistics=["Maximum"],
    )
    return [point["Maximum"] for point in answer["Datapoints"]]


def test_a_running_instance_passes_its_checks(cloud: Cloud, ec2: Client, run: Callable[..., dict[str, Any]]) -> None:
    instance = run()["InstanceId"]
    until(ec2, instance, "running")
    until_s = time.monotonic() + 10
    while not values(cloud, "StatusCheckFailed", instance) and time.monotonic() < until_s:
        time.sleep(0.1)
    for name in ("StatusCheckFailed", "StatusCheckFailed_Instance", "StatusCheckFailed_System"):
        assert values(cloud, name, instance) == [0.0]
