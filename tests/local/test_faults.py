from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from cloud import REGION, Cloud
from semanticworld.local import commands
from semanticworld.local.cloud import faults
from semanticworld.local.fault import Capacity, FailingResource, SlowResource, Throttle

CALLS = {
    "ec2": ("describe_vpcs", {}),
    "cloudformation": ("list_stacks", {}),
    "iam": ("list_roles", {}),
    "sns": ("list_topics", {}),
    "sts": ("get_caller_identity", {}),
    "cloudwatch": ("list_metrics", {}),
    "ssm": ("describe_parameters", {}),
    "logs": ("describe_log_groups", {}),
    "budgets": ("describe_budgets", {"AccountId": "123456789012"}),
    "scheduler": ("list_schedules", {}),
    "s3": ("list_buckets", {}),
    "resourcegroupstaggingapi": ("get_resources", {}),
}


@pytest.fixture
def order(cloud: Cloud) -> Iterator[Callable[[str], commands.FaultInForce]]:
    environ = {**os.environ, **cloud.environ}
    yield lambda text: commands.fault_add(environ, text.split())
    commands.fault_clear(environ)


Order = Callable[[str], commands.FaultInForce]


def call(cloud: Cloud, service: str) -> None:
    operation, arguments = CALLS[service]
    getattr(cloud.client(service), operation)(**arguments)


@pytest.mark.parametrize("service", CALLS)
def test_an_ordered_error_is_understood_by_the_services_own_sdk(cloud: Cloud, order: Order, service: str) -> None:
    order(f"error {service}:{''.join(part.title() for part in CALLS[service][0].split('_'))} Custom.Code --status 418")
    with pytest.raises(ClientError) as raised:
        call(cloud, service)
    answer = raised.value.response
    assert answer["Error"]["Code"] == "Custom.Code"
    assert answer["Error"]["Message"] == "ordered by local fault"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 418
    assert answer["ResponseMetadata"]["RequestId"]


@pytest.mark.parametrize("service", ["ec2", "cloudformation", "cloudwatch", "ssm", "s3"])
def test_throttling_is_what_the_sdk_retries(cloud: Cloud, order: Order, service: str) -> None:
    order(f"throttle 100% --service {service} --times 1")
    operation, arguments = CALLS[service]
    answer = getattr(cloud.client(service, attempts=3), operation)(**arguments)
    assert answer["ResponseMetadata"]["RetryAttempts"] == 1


@pytest.mark.parametrize(
    ("service", "code"),
    [
        ("ec2", "RequestExpired"),
        ("cloudformation", "ExpiredToken"),
        ("ssm", "ExpiredTokenException"),
        ("s3", "ExpiredToken"),
    ],
)
def test_an_expired_token(cloud: Cloud, order: Order, service: str, code: str) -> None:
    order("expired-token --times 1")
    with pytest.raises(ClientError) as raised:
        call(cloud, service)
    assert raised.value.response["Error"]["Code"] == code
    call(cloud, service)


def test_only_what_was_named_is_struck_and_only_so_often(cloud: Cloud, order: Order) -> None:
    order("error ec2:DescribeVpcs Boom --times 1")
    cloud.client("ec2").describe_subnets()
    call(cloud, "iam")
    with pytest.raises(ClientError):
        call(cloud, "ec2")
    call(cloud, "ec2")


def test_latency_is_felt_and_can_be_taken_away(cloud: Cloud, order: Order) -> None:
    entry = order("latency 300ms --service ec2")
    call(cloud, "iam")
    began = time.monotonic()
    call(cloud, "ec2")
    assert time.monotonic() - began >= 0.3
    environ = {**os.environ, **cloud.environ}
    listed = commands.fault_list(environ)
    assert [(row.number, row.struck) for row in listed] == [(entry.number, 1)]
    assert commands.fault_clear(environ, entry.number) == 1
    assert commands.fault_list(environ) == ()


def test_a_lost_answer_was_executed_all_the_same(cloud: Cloud, order: Order) -> None:
    order("lost-answer CreateStack")
    cloudformation = cloud.client("cloudformation")
    template = json.dumps({"Resources": {"T": {"Type": "AWS::SNS::Topic"}}})
    with pytest.raises(ConnectionClosedError):
        cloudformation.create_stack(StackName="lost", TemplateBody=template)
    assert cloudformation.describe_stacks(StackName="lost")["Stacks"]
    with pytest.raises(ClientError) as raised:
        cloudformation.create_stack(StackName="lost", TemplateBody=template)
    assert raised.value.response["Error"]["Code"] == "AlreadyExistsException"


def test_a_lost_upload_arrived(cloud: Cloud, order: Order) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="lost", CreateBucketConfiguration={"LocationConstraint": REGION})
    order("lost-answer s3:PutObject")
    with pytest.raises(ConnectionClosedError):
        s3.put_object(Bucket="lost", Key="k", Body=b"x" * 100_000)
    assert s3.head_object(Bucket="lost", Key="k")["ContentLength"] == 100_000


def test_an_ordered_failure_names_its_resource_and_counts() -> None:
    faults.clear()
    faults.add(FailingResource(resource="Node", action="create", reason="boom", times=1))
    faults.add(SlowResource(resource="AWS::EC2::Instance", delay_s=3.0))
    assert faults.for_resource("Other", "AWS::EC2::VPC", "create") is None
    assert faults.for_resource("Node", "AWS::EC2::Instance", "delete") is None
    assert faults.for_resource("Node", "AWS::EC2::Instance", "create") == faults.Ordered(
        delay_seconds=3.0, error="boom"
    )
    assert faults.for_resource("Node", "AWS::EC2::Instance", "create") == faults.Ordered(delay_seconds=3.0, error=None)
    faults.clear()


def test_capacity_is_short_for_the_type_and_zone_that_were_named() -> None:
    faults.clear()
    faults.add(Capacity(instance_type="p4d.24xlarge", zone="eu-central-1a"))
    assert not faults.capacity("p4d.24xlarge", "eu-central-1a")
    assert faults.capacity("p4d.24xlarge", "eu-central-1b")
    assert faults.capacity("p4d.24xlarge", None)
    assert faults.capacity("t3.micro", "eu-central-1a")
    faults.add(Capacity(instance_type=None, times=1))
    assert not faults.capacity("t3.micro", None)
    assert faults.capacity("t3.micro", None)
    faults.clear()


def test_a_share_of_the_calls_is_throttled() -> None:
    faults.clear()
    faults.add(Throttle(share=0.3))
    struck = sum(bool(faults.strike(Throttle, service="ec2", operation="X")) for _ in range(2000))
    assert 480 < struck < 720
    faults.clear()
