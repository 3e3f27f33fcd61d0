from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cloud import REGION, TRUST, Cloud
from semanticworld.errors import Refused
from semanticworld.local import commands, process


def test_every_service_follows_the_clock_also_after_a_restart(started: Callable[[], Cloud], tmp_path: Path) -> None:
    environ = {**os.environ, "MANAGE_COMPUTE_STATE": str(tmp_path)}
    cloud = started()
    advanced = commands.advance(environ, "2h")
    assert advanced.clock_ahead_s == 7200
    process.stop(cloud.folder)
    cloud = started()
    commands.advance(environ, "30m")
    expected = datetime.now(UTC) + timedelta(hours=2, minutes=30)

    cloud.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    cloud.client("s3").create_bucket(Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": REGION})
    cloud.client("s3").put_object(Bucket="bucket", Key="k", Body=b"x")
    cloud.client("ssm").put_parameter(Name="/p", Value="v", Type="String")
    cloud.client("logs").create_log_group(logGroupName="/g")
    cloud.client("scheduler").create_schedule_group(Name="g")
    cloud.client("cloudformation").create_stack(
        StackName="s", TemplateBody=json.dumps({"Resources": {"T": {"Type": "AWS::SNS::Topic"}}})
    )
    group = cloud.client("logs").describe_log_groups()["logGroups"][0]
    seen = {
        "cloudformation": cloud.client("cloudformation").describe_stacks()["Stacks"][0]["CreationTime"],
        "ec2": cloud.client("ec2").create_volume(AvailabilityZone=f"{REGION}a", Size=1)["CreateTime"],
        "iam": cloud.client("iam").get_role(RoleName="r")["Role"]["CreateDate"],
        "logs": datetime.fromtimestamp(group["creationTime"] / 1000, UTC),
        "s3": cloud.client("s3").head_object(Bucket="bucket", Key="k")["LastModified"],
        "scheduler": cloud.client("scheduler").get_schedule_group(Name="g")["CreationDate"],
        "ssm": cloud.client("ssm").get_parameter(Name="/p")["Parameter"]["LastModifiedDate"],
    }
    wrong = {name: moment for name, moment in seen.items() if abs(moment - expected) > timedelta(seconds=20)}
    assert not wrong


def schedule(cloud: Cloud, name: str, at: datetime, *, zone: str = "UTC", change: bool = False) -> None:
    """A one-time schedule that calls an AWS operation (a universal target): it puts the parameter /{name}."""
    scheduler = cloud.client("scheduler")
    (scheduler.update_schedule if change else scheduler.create_schedule)(
        Name=name,
        ScheduleExpression=f"at({at:%Y-%m-%dT%H:%M:%S})",
        ScheduleExpressionTimezone=zone,
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={
            "Arn": "arn:aws:scheduler:::aws-sdk:ssm:putParameter",
            "RoleArn": f"arn:aws:iam::{cloud.account}:role/r",
            "Input": json.dumps({"Name": f"/{name}", "Value": "fired", "Type": "String", "Overwrite": True}),
        },
    )


def fired(cloud: Cloud, name: str, *, times: int = 1, within_s: float = 4) -> bool:
    ssm = cloud.client("ssm")
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if [
            row
            for row in ssm.describe_parameters()["Parameters"]
            if row["Name"] == f"/{name}" and row["Version"] == times
        ]:
            return True
        time.sleep(0.05)
    return False


def test_a_schedule_fires_when_the_clock_passes_it(started: Callable[[], Cloud], tmp_path: Path) -> None:
    environ = {**os.environ, "MANAGE_COMPUTE_STATE": str(tmp_path)}
    cloud = started()
    now = datetime.now(UTC)
    schedule(cloud, "soon", now + timedelta(hours=1))
    schedule(cloud, "tokyo", (now + timedelta(hours=1)).astimezone(ZoneInfo("Asia/Tokyo")), zone="Asia/Tokyo")
    schedule(cloud, "late", now + timedelta(hours=3))
    # As a wall clock in New York it is not due for hours, though the same digits in UTC are long past.
    schedule(cloud, "new-york", now + timedelta(hours=1), zone="America/New_York")
    commands.advance(environ, "61m")
    assert fired(cloud, "soon")
    assert fired(cloud, "tokyo")
    assert not fired(cloud, "late", within_s=1.5)
    assert not fired(cloud, "new-york", within_s=0.1)

    # A lease is renewed by moving its schedule: it runs out again at the new time, also after a restart.
    schedule(cloud, "soon", now + timedelta(hours=2), change=True)
    process.stop(cloud.folder)
    cloud = started()
    assert not fired(cloud, "soon", times=2, within_s=1.5)
    commands.advance(environ, "1h")
    assert fired(cloud, "soon", times=2)
    assert not fired(cloud, "soon", times=3, within_s=1.5)


def test_the_clock_of_a_cloud_that_does_not_run_cannot_be_advanced(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        commands.advance({"MANAGE_COMPUTE_STATE": str(tmp_path)}, "2h")
    assert refused.value.code == "LOC005"
