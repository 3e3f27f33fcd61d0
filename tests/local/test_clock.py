from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

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


def schedule(cloud: Cloud, name: str, at: datetime, queue_arn: str) -> None:
    cloud.client("scheduler").create_schedule(
        Name=name,
        ScheduleExpression=f"at({at:%Y-%m-%dT%H:%M:%S})",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": queue_arn, "RoleArn": f"arn:aws:iam::{cloud.account}:role/r", "Input": name},
    )


def fired(cloud: Cloud, queue: str, *, within_s: float) -> list[str]:
    """The schedules that have fired, waiting until at least one has."""
    deadline = time.monotonic() + within_s
    while True:
        answered = cloud.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
        bodies = [str(message["Body"]) for message in answered.get("Messages", [])]
        if bodies or time.monotonic() > deadline:
            return bodies
        time.sleep(0.05)


def test_a_schedule_fires_once_when_the_clock_passes_it(started: Callable[[], Cloud], tmp_path: Path) -> None:
    environ = {**os.environ, "MANAGE_COMPUTE_STATE": str(tmp_path)}
    cloud = started()
    sqs, now = cloud.client("sqs"), datetime.now(UTC)
    queue = sqs.create_queue(QueueName="q", Attributes={"VisibilityTimeout": "40000"})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    schedule(cloud, "soon", now + timedelta(hours=1), arn)
    schedule(cloud, "late", now + timedelta(hours=3), arn)
    commands.advance(environ, "61m")
    assert fired(cloud, queue, within_s=30) == ["soon"]
    process.stop(cloud.folder)
    cloud = started()
    assert fired(cloud, cloud.client("sqs").get_queue_url(QueueName="q")["QueueUrl"], within_s=2) == []
    commands.advance(environ, "2h")
    assert fired(cloud, cloud.client("sqs").get_queue_url(QueueName="q")["QueueUrl"], within_s=30) == ["late"]


def test_the_clock_of_a_cloud_that_does_not_run_cannot_be_advanced(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        commands.advance({"MANAGE_COMPUTE_STATE": str(tmp_path)}, "2h")
    assert refused.value.code == "LOC005"
