"""The status checks that EC2 sends to CloudWatch every minute."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cloud import Cloud
from ec2_talk import Client, until
from semanticworld.local import commands


def values(cloud: Cloud, name: str, instance: str) -> list[float]:
    now = datetime.now(UTC)
    answer = cloud.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/EC2",
        MetricName=name,
        Dimensions=[{"Name": "InstanceId", "Value": instance}],
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(hours=2),
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


def test_a_time_that_was_jumped_over_has_its_values_too(started: Callable[[], Cloud], tmp_path: Path) -> None:
    cloud = started()
    ec2 = cloud.client("ec2")
    images = ec2.describe_images(Owners=["amazon"], Filters=[{"Name": "architecture", "Values": ["x86_64"]}])["Images"]
    image = images[0]["ImageId"]
    made = ec2.run_instances(ImageId=image, InstanceType="t3.medium", MinCount=1, MaxCount=1)["Instances"][0]
    until(ec2, made["InstanceId"], "running")
    commands.advance({**os.environ, "MANAGE_COMPUTE_STATE": str(tmp_path)}, "30m")
    assert len(values(cloud, "StatusCheckFailed", made["InstanceId"])) >= 30
    ec2.stop_instances(InstanceIds=[made["InstanceId"]])
    until(ec2, made["InstanceId"], "stopped")
    before = values(cloud, "StatusCheckFailed", made["InstanceId"])
    commands.advance({**os.environ, "MANAGE_COMPUTE_STATE": str(tmp_path)}, "10m")
    assert values(cloud, "StatusCheckFailed", made["InstanceId"]) == before
