"""Ordered trouble, restarts, the clock, and many instances."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cfn_stacks import Stack
from cloud import Cloud
from ec2_talk import Client, Net, look, query, refusal, until
from semanticworld.local import commands, control

Run = Callable[..., dict[str, Any]]
PYTORCH = "/aws/service/deeplearning/ami/x86_64/oss-nvidia-driver-gpu-pytorch-2.12-ubuntu-24.04/latest/ami-id"


@pytest.fixture
def order(cloud: Cloud) -> Iterator[Callable[[str], commands.FaultInForce]]:
    environ = {**os.environ, **cloud.environ}
    yield lambda text: commands.fault_add(environ, text.split())
    commands.fault_clear(environ)


def test_a_launch_without_capacity_names_the_other_zones(
    run: Run, order: Callable[[str], commands.FaultInForce]
) -> None:
    order("capacity g6.2xlarge --zone eu-central-1a")
    code, text = refusal(run, InstanceType="g6.2xlarge")
    assert code == "InsufficientInstanceCapacity"
    assert "do not have sufficient g6.2xlarge capacity in the Availability Zone you requested (eu-central-1a)" in text
    assert text.endswith("or choosing eu-central-1b, eu-central-1c.")
    run(InstanceType="g6.4xlarge")


def test_a_stopped_instance_without_capacity_stays_stopped(
    ec2: Client, run: Run, order: Callable[[str], commands.FaultInForce]
) -> None:
    instance = run(InstanceType="g6.4xlarge")["InstanceId"]
    until(ec2, instance, "running")
    ec2.stop_instances(InstanceIds=[instance])
    until(ec2, instance, "stopped")
    order("capacity g6.4xlarge")
    assert refusal(ec2.start_instances, InstanceIds=[instance])[0] == "InsufficientInstanceCapacity"
    assert look(ec2, instance)["State"]["Name"] == "stopped"


def launch(cloud: Cloud, ec2: Client, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - members of any shape
    image = cloud.client("ssm").get_parameter(Name=PYTORCH)["Parameter"]["Value"]
    made: dict[str, Any] = ec2.run_instances(
        ImageId=image, InstanceType="t3.nano", **{"MinCount": 1, "MaxCount": 1, **request}
    )["Instances"][0]
    return made


def test_a_restart_finishes_what_was_under_way_and_remembers_tokens(started: Callable[[], Cloud]) -> None:
    cloud = started()
    ec2 = cloud.client("ec2")
    made = launch(cloud, ec2, ClientToken="kept")
    control.ask(cloud.record, "save")
    os.kill(cloud.record.pid, signal.SIGKILL)
    cloud = started()
    ec2 = cloud.client("ec2")
    assert until(ec2, made["InstanceId"], "running")["PrivateIpAddress"] == made["PrivateIpAddress"]
    assert launch(cloud, ec2, ClientToken="kept")["InstanceId"] == made["InstanceId"]


def test_a_terminated_instance_is_seen_for_an_hour(started: Callable[[], Cloud]) -> None:
    cloud = started()
    ec2 = cloud.client("ec2")
    instance = launch(cloud, ec2)["InstanceId"]
    ec2.terminate_instances(InstanceIds=[instance])
    until(ec2, instance, "terminated")
    environ = {**os.environ, **cloud.environ}
    commands.advance(environ, "50m")
    assert look(ec2, instance)["State"]["Name"] == "terminated"
    commands.advance(environ, "20m")
    assert refusal(ec2.describe_instances, InstanceIds=[instance])[0] == "InvalidInstanceID.NotFound"


def test_two_thousand_instances_are_launched_and_listed_in_pages(started: Callable[[], Cloud]) -> None:
    cloud = started()
    quotas = cloud.client("service-quotas")
    quotas.request_service_quota_increase(ServiceCode="ec2", QuotaCode="L-1216C47A", DesiredValue=11000)
    quotas.list_requested_service_quota_change_history(ServiceCode="ec2")
    image = cloud.client("ssm").get_parameter(Name=PYTORCH)["Parameter"]["Value"]
    for zone in ("eu-central-1a", "eu-central-1b"):
        size = {"MinCount": 1000, "MaxCount": 1000, "Placement.AvailabilityZone": zone}
        assert query(cloud, Action="RunInstances", ImageId=image, InstanceType="t3.nano", **size)[0] == 200
    found: set[str] = set()
    token: dict[str, str] = {}
    while True:
        _, body = query(cloud, Action="DescribeInstances", MaxResults=500, **token)
        ids = set(re.findall(r"<instanceId>(i-[0-9a-f]+)</instanceId>", body))
        assert len(ids) <= 500
        found |= ids
        following = re.search(r"<nextToken>(.+)</nextToken>", body)
        if following is None:
            break
        token = {"NextToken": following[1]}
    assert len(found) == 2000


def test_an_instance_whose_delete_is_ordered_to_fail_still_stands_whoever_asks(
    cloud: Cloud, ec2: Client, net: Net, image: str, order: Callable[[str], commands.FaultInForce]
) -> None:
    body = {
        "Resources": {
            "Box": {
                "Type": "AWS::EC2::Instance",
                "Properties": {"ImageId": image, "InstanceType": "t3.nano", "SubnetId": net.subnet},
            }
        }
    }
    stack = Stack(client=cloud.client("cloudformation"))
    assert stack.create(json.dumps(body)) == "CREATE_COMPLETE"
    instance = stack.client.describe_stack_resources(StackName=stack.name)["StackResources"][0]["PhysicalResourceId"]
    order("resource Box --on delete --reason boom --times 1")
    assert refusal(ec2.terminate_instances, InstanceIds=[instance]) == ("UnsupportedOperation", "boom")
    stack.client.delete_stack(StackName=stack.name)
    assert stack.rest() == "DELETE_FAILED"
    assert look(ec2, instance)["State"]["Name"] in {"pending", "running"}
    ec2.terminate_instances(InstanceIds=[instance])
    until(ec2, instance, "terminated")


@pytest.mark.parametrize("bad", ["\x1b", "\x00", "\x08", "\ufffe"])
def test_characters_that_no_xml_answer_can_carry_are_refused(ec2: Client, run: Run, bad: str) -> None:
    instance = run()["InstanceId"]
    for tag in ({"Key": "Note", "Value": f"a{bad}b"}, {"Key": f"a{bad}b", "Value": ""}):
        code, text = refusal(ec2.create_tags, Resources=[instance], Tags=[tag])
        assert code == "InvalidParameterValue"
        assert bad not in text
    ec2.create_tags(Resources=[instance], Tags=[{"Key": "Note", "Value": "\u00fc\u4e16 + - = . _ : / @"}])
    assert {"Key": "Note", "Value": "\u00fc\u4e16 + - = . _ : / @"} in look(ec2, instance)["Tags"]
    assert refusal(ec2.create_security_group, GroupName="g", Description=f"a{bad}b")[0] == "InvalidParameterValue"
