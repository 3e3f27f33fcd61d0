"""A node that is replaced, and the way back when the replacement fails."""

from __future__ import annotations

import pytest

from cloud import Cloud
from ec2_talk import Client
from node_template import node
from stacks import Stack


def living(ec2: Client) -> list[str]:
    pages = ec2.describe_instances()["Reservations"]
    found = [instance for page in pages for instance in page["Instances"]]
    return [one["InstanceId"] for one in found if one["State"]["Name"] not in {"terminated", "shutting-down"}]


def test_after_a_failed_replacement_only_the_old_node_lives(cloud: Cloud, ec2: Client, image: str) -> None:
    stack = Stack(cloud, "replace")
    stack.create(node(image))
    before = stack.ids()
    with pytest.raises(AssertionError, match="is already attached to an instance"):
        stack.update(node(image, template={"Monitoring": {"Enabled": True}}))
    stack.ends_in("UPDATE_ROLLBACK_COMPLETE")
    assert stack.ids() == before
    assert living(ec2) == [before["Node"]]
    assert attached(ec2, before["Data"]) == before["Node"]


def attached(ec2: Client, volume: str) -> str:
    return str(ec2.describe_volumes(VolumeIds=[volume])["Volumes"][0]["Attachments"][0]["InstanceId"])


def test_a_node_that_could_not_be_completed_does_not_stay(cloud: Cloud, ec2: Client, image: str) -> None:
    stack = Stack(cloud, "incomplete")
    held = node(image)
    stack.create(held)
    second = {**held["Node"]["Properties"], "Volumes": [{"VolumeId": {"Ref": "Data"}, "Device": "/dev/sdg"}]}
    before = stack.ids()
    with pytest.raises(AssertionError, match="is already attached to an instance"):
        stack.update(
            {**held, "Second": {"Type": "AWS::EC2::Instance", "DependsOn": "Attachment", "Properties": second}}
        )
    stack.ends_in("UPDATE_ROLLBACK_COMPLETE")
    assert stack.ids() == before
    assert living(ec2) == [before["Node"]]
