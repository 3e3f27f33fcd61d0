"""The node's resource types of CloudFormation: launch template, instance, volume, attachment."""

from __future__ import annotations

import time
from typing import Any

import pytest

from cloud import Cloud
from ec2_talk import Client, look, until
from node_template import node
from stacks import Stack

OUTPUTS = {"Address": {"Fn::GetAtt": ["Node", "PrivateIp"]}, "Zone": {"Fn::GetAtt": ["Node", "AvailabilityZone"]}}


def test_a_node_is_made_of_its_launch_template(cloud: Cloud, ec2: Client, image: str) -> None:
    stack = Stack(cloud, "node")
    got = stack.create(node(image), OUTPUTS)
    ids = stack.ids()
    found = look(ec2, ids["Node"])
    assert found["State"]["Name"] == "running"
    assert got == {"Address": found["PrivateIpAddress"], "Zone": "eu-central-1a"}
    assert found["MetadataOptions"]["HttpTokens"] == "required"
    assert "PublicIpAddress" not in found
    disks = {m["DeviceName"]: m["Ebs"]["VolumeId"] for m in found["BlockDeviceMappings"]}
    assert disks["/dev/sdf"] == ids["Data"]
    root = ec2.describe_volumes(VolumeIds=[disks["/dev/sda1"]])["Volumes"][0]
    assert (root["Size"], root["Encrypted"]) == (50, True)
    assert {"Key": "Name", "Value": "node"} in root["Tags"]
    assert {t["Key"] for t in found["Tags"]} >= {"Name", "aws:cloudformation:logical-id"}


def test_another_type_stops_and_starts_the_same_node(cloud: Cloud, ec2: Client, image: str) -> None:
    stack = Stack(cloud, "type")
    before = stack.create(node(image), OUTPUTS)
    ids = stack.ids()
    launched = look(ec2, ids["Node"])["LaunchTime"]
    time.sleep(1.1)
    after = stack.update(node(image, InstanceType="g5.xlarge"), OUTPUTS)
    found = look(ec2, ids["Node"])
    assert stack.ids() == ids
    assert after == before
    assert (found["InstanceType"], found["State"]["Name"]) == ("g5.xlarge", "running")
    assert found["LaunchTime"] > launched


def test_protection_monitoring_and_tags_change_without_a_stop(cloud: Cloud, ec2: Client, image: str) -> None:
    stack = Stack(cloud, "in-place")
    stack.create(node(image))
    ids = stack.ids()
    launched = look(ec2, ids["Node"])["LaunchTime"]
    tags = [{"Key": "Owner", "Value": "me"}]
    stack.update(node(image, DisableApiTermination="true", Monitoring=True, Tags=tags))
    found = look(ec2, ids["Node"])
    assert stack.ids() == ids
    assert found["LaunchTime"] == launched
    assert found["Monitoring"]["State"] == "enabled"
    assert {"Key": "Owner", "Value": "me"} in found["Tags"]
    assert "Name" not in {t["Key"] for t in found["Tags"]}
    attribute = ec2.describe_instance_attribute(InstanceId=ids["Node"], Attribute="disableApiTermination")
    assert attribute["DisableApiTermination"]["Value"] is True
    stack.client.delete_stack(StackName=stack.id)
    stack.ends_in("DELETE_FAILED")
    assert "may not be terminated" in stack.reasons()[-1] or any("may not be terminated" in r for r in stack.reasons())
    ec2.modify_instance_attribute(InstanceId=ids["Node"], DisableApiTermination={"Value": False})
    stack.delete()


def test_a_new_template_version_makes_a_new_node(cloud: Cloud, ec2: Client, image: str) -> None:
    def without_data(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - template values
        resources = node(image, **changes)
        return {name: value for name, value in resources.items() if name not in {"Data", "Attachment"}}

    stack = Stack(cloud, "version")
    stack.create(without_data())
    before = stack.ids()
    stack.update(without_data(template={"Monitoring": {"Enabled": True}}))
    after = stack.ids()
    assert after["Template"] == before["Template"]
    assert after["Node"] != before["Node"]
    versions = ec2.describe_launch_template_versions(LaunchTemplateId=after["Template"])["LaunchTemplateVersions"]
    assert [v["VersionNumber"] for v in versions] == [2, 1]
    assert until(ec2, before["Node"], "terminated")
    assert look(ec2, after["Node"])["Monitoring"]["State"] == "enabled"


def test_a_data_volume_grows_in_place_and_does_not_move(cloud: Cloud, ec2: Client, image: str) -> None:
    stack = Stack(cloud, "grow")
    stack.create(node(image))
    ids = stack.ids()
    stack.update(node(image, data_Size=30, data_Iops="4000"))
    found = ec2.describe_volumes(VolumeIds=[ids["Data"]])["Volumes"][0]
    assert (stack.ids()["Data"], found["Size"], found["Iops"]) == (ids["Data"], 30, 4000)
    with pytest.raises(AssertionError):
        stack.update(node(image, data_Size=30, data_Iops="4000", data_AvailabilityZone="eu-central-1b"))
    stack.ends_in("UPDATE_ROLLBACK_COMPLETE")
    assert "Updates to property AvailabilityZone" in stack.reasons()[-1]
    assert stack.ids()["Data"] == ids["Data"]


def test_a_snapshot_stands_before_the_data_volume_goes(cloud: Cloud, ec2: Client, image: str) -> None:
    stack = Stack(cloud, "snap")
    stack.create(node(image))
    volume = stack.ids()["Data"]
    stack.delete()
    snapshots = ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]
    assert [s["VolumeId"] for s in snapshots] == [volume]
    assert {"Key": "Name", "Value": "data"} in snapshots[0]["Tags"]
    assert ec2.describe_volumes()["Volumes"] == []


def test_a_launch_that_ec2_refuses_fails_with_its_own_words(cloud: Cloud, image: str) -> None:
    stack = Stack(cloud, "refused")
    with pytest.raises(AssertionError):
        stack.create(node(image, InstanceType="p5.48xlarge"))
    stack.ends_in("ROLLBACK_COMPLETE")
    reason = next(r for r in stack.reasons() if r.startswith("Node "))
    assert "Resource handler returned message" in reason
    assert "(Service: Ec2, Status Code: 400, Request ID:" in reason
