"""Schedules that stop an instance: what a lease is made of."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from cloud import Cloud
from semanticworld.local import commands, process
from small_stacks import Client


@pytest.fixture
def world(started: Callable[[], Cloud]) -> Cloud:
    return started()


@pytest.fixture
def advance(world: Cloud, tmp_path: Path) -> Callable[[str], None]:
    assert world
    return lambda by: commands.advance({"MANAGE_COMPUTE_STATE": str(tmp_path)}, by) and None


def running_instance(world: Cloud) -> str:
    ec2 = world.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    made = ec2.run_instances(ImageId=image, InstanceType="t3.medium", MinCount=1, MaxCount=1, SubnetId=subnet)
    instance: str = made["Instances"][0]["InstanceId"]
    assert reaches(ec2, instance, "running")
    return instance


def reaches(ec2: Client, instance: str, wanted: str, within_s: float = 30) -> bool:
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        found = ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]["State"]["Name"]
        if found == wanted:
            return True
        time.sleep(0.05)
    return False


def lease(world: Cloud, instance: str, until: datetime, zone: str = "UTC") -> dict[str, object]:
    return {
        "Name": "node",
        "ScheduleExpression": f"at({until:%Y-%m-%dT%H:%M:%S})",
        "ScheduleExpressionTimezone": zone,
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {
            "Arn": "arn:aws:scheduler:::aws-sdk:ec2:stopInstances",
            "RoleArn": f"arn:aws:iam::{world.account}:role/lease",
            "Input": json.dumps({"InstanceIds": [instance]}),
        },
    }


def test_a_lease_that_runs_out_stops_the_instance_once_and_a_renewed_one_again(
    world: Cloud, advance: Callable[[str], None], started: Callable[[], Cloud]
) -> None:
    instance = running_instance(world)
    scheduler, ec2 = world.client("scheduler"), world.client("ec2")
    now = datetime.now(UTC)
    scheduler.create_schedule(**lease(world, instance, now + timedelta(hours=1)))
    advance("30m")
    assert not reaches(ec2, instance, "stopped", within_s=1.5)
    scheduler.update_schedule(**lease(world, instance, now + timedelta(hours=2)))
    advance("45m")
    assert not reaches(ec2, instance, "stopped", within_s=1.5)
    advance("60m")
    assert reaches(ec2, instance, "stopped")

    # What fired does not fire again, not even in the next server.
    ec2.start_instances(InstanceIds=[instance])
    assert reaches(ec2, instance, "running")
    time.sleep(1.5)  # the state is saved
    process.stop(world.folder)
    again = started()
    ec2, scheduler = again.client("ec2"), again.client("scheduler")
    assert not reaches(ec2, instance, "stopped", within_s=2.5)

    scheduler.update_schedule(**lease(again, instance, now + timedelta(hours=4)))
    advance("3h")
    assert reaches(ec2, instance, "stopped")


def test_a_lease_ends_in_its_own_time_zone(world: Cloud, advance: Callable[[str], None]) -> None:
    instance = running_instance(world)
    until = datetime.now(UTC) + timedelta(hours=1)
    world.client("scheduler").create_schedule(**lease(world, instance, until, zone="America/New_York"))
    advance("2h")
    assert not reaches(world.client("ec2"), instance, "stopped", within_s=1.5)
    advance("4h")
    assert reaches(world.client("ec2"), instance, "stopped")


def test_an_alarm_notices_silence_without_being_asked(world: Cloud, advance: Callable[[str], None]) -> None:
    cloudwatch, sqs, sns = world.client("cloudwatch"), world.client("sqs"), world.client("sns")
    queue = sqs.create_queue(QueueName="q")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    topic = sns.create_topic(Name="t")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    cloudwatch.put_metric_alarm(
        AlarmName="silence", Namespace="N", MetricName="Heartbeat", Statistic="Maximum", Period=60, EvaluationPeriods=3,
        Threshold=1, ComparisonOperator="LessThanThreshold", TreatMissingData="breaching", AlarmActions=[topic],
    )  # fmt: skip
    cloudwatch.put_metric_data(Namespace="N", MetricData=[{"MetricName": "Heartbeat", "Value": 1}])
    advance("10m")
    end = time.monotonic() + 30
    while not (found := sqs.receive_message(QueueUrl=queue).get("Messages")) and time.monotonic() < end:
        time.sleep(0.05)
    assert found
    assert json.loads(json.loads(found[0]["Body"])["Message"])["NewStateValue"] == "ALARM"


def test_a_schedule_in_a_made_up_zone_is_refused(world: Cloud) -> None:
    until = datetime.now(UTC) + timedelta(hours=1)
    with pytest.raises(ClientError, match="Invalid ScheduleExpressionTimezone Mars/Base"):
        world.client("scheduler").create_schedule(**lease(world, "i-1", until, zone="Mars/Base"))
