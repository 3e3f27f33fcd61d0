"""Volumes and snapshots."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ec2_talk import Client, refusal, until, until_equal

Run = Callable[..., dict[str, Any]]
ZONE = "eu-central-1a"


def volume(ec2: Client, **request: Any) -> str:  # noqa: ANN401 - members of any shape
    asked = {"AvailabilityZone": ZONE, "Size": 20, "VolumeType": "gp3", **request}
    made = str(ec2.create_volume(**asked)["VolumeId"])
    until_equal("available", lambda: ec2.describe_volumes(VolumeIds=[made])["Volumes"][0]["State"])
    return made


def test_a_volume_is_creating_first_and_as_fast_as_asked(ec2: Client) -> None:
    made = ec2.create_volume(
        AvailabilityZone=ZONE, Size=100, VolumeType="gp3", Iops=6000, Throughput=400, Encrypted=True
    )
    assert made["State"] == "creating"
    until_equal("available", lambda: ec2.describe_volumes(VolumeIds=[made["VolumeId"]])["Volumes"][0]["State"])
    found = ec2.describe_volumes(VolumeIds=[made["VolumeId"]])["Volumes"][0]
    assert (found["State"], found["Iops"], found["Throughput"], found["Encrypted"]) == ("available", 6000, 400, True)
    assert "KmsKeyId" in found


def test_a_speed_that_the_kind_has_not_is_refused(ec2: Client) -> None:
    base = {"AvailabilityZone": ZONE, "Size": 100, "VolumeType": "gp3"}
    assert refusal(ec2.create_volume, **base, Iops=100)[0] == "InvalidParameterValue"
    assert refusal(ec2.create_volume, **base, Throughput=1000)[0] == "InvalidParameterValue"
    assert refusal(ec2.create_volume, **{**base, "VolumeType": "gp2"}, Iops=3000)[0] == "InvalidParameterCombination"
    assert refusal(ec2.create_volume, **{**base, "Size": 0})[0] == "InvalidParameterValue"
    assert refusal(ec2.create_volume, **{**base, "AvailabilityZone": "eu-central-1z"})[0] == "InvalidZone.NotFound"
    assert ec2.describe_volumes()["Volumes"] == []


def test_a_volume_is_attached_once_in_its_zone_and_stays_while_attached(ec2: Client, run: Run) -> None:
    instance = run()["InstanceId"]
    until(ec2, instance, "running")
    made = volume(ec2)
    far = volume(ec2, AvailabilityZone="eu-central-1b")
    attach = {"InstanceId": instance, "Device": "/dev/sdf"}
    assert refusal(ec2.attach_volume, VolumeId=far, **attach)[0] == "InvalidVolume.ZoneMismatch"
    ec2.attach_volume(VolumeId=made, **attach)
    assert refusal(ec2.attach_volume, VolumeId=made, **attach)[0] == "VolumeInUse"
    assert refusal(ec2.attach_volume, VolumeId=volume(ec2), **attach)[0] == "InvalidParameterValue"
    code, text = refusal(ec2.delete_volume, VolumeId=made)
    assert (code, text) == ("VolumeInUse", f"Volume {made} is currently attached to {instance}")
    ec2.detach_volume(VolumeId=made)
    assert refusal(ec2.detach_volume, VolumeId=made)[0] == "IncorrectState"
    ec2.delete_volume(VolumeId=made)
    assert refusal(ec2.describe_volumes, VolumeIds=[made])[0] == "InvalidVolume.NotFound"


def test_the_root_disk_of_a_running_instance_cannot_be_detached(ec2: Client, run: Run) -> None:
    made = run()
    until(ec2, made["InstanceId"], "running")
    root = made["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]
    assert refusal(ec2.detach_volume, VolumeId=root)[0] == "OperationNotPermitted"


def test_a_volume_grows_and_never_shrinks(ec2: Client) -> None:
    made = volume(ec2)
    change = ec2.modify_volume(VolumeId=made, Size=40, Iops=4000)["VolumeModification"]
    assert (change["OriginalSize"], change["TargetSize"], change["TargetIops"]) == (20, 40, 4000)
    assert refusal(ec2.modify_volume, VolumeId=made, Size=10)[0] == "InvalidParameterValue"

    def modified() -> tuple[str, int]:
        listed = ec2.describe_volumes_modifications(VolumeIds=[made])["VolumesModifications"][0]
        return listed["ModificationState"], listed["Progress"]

    until_equal(("completed", 100), modified)


def test_a_snapshot_is_pending_first_and_a_volume_from_it_is_at_least_as_large(ec2: Client) -> None:
    source = volume(ec2, Encrypted=True)
    taken = ec2.create_snapshot(
        VolumeId=source,
        TagSpecifications=[{"ResourceType": "snapshot", "Tags": [{"Key": "Name", "Value": "s"}]}],
    )
    snapshot = taken["SnapshotId"]
    assert taken["State"] == "pending"
    make = {"AvailabilityZone": ZONE, "SnapshotId": snapshot, "VolumeType": "gp3"}
    assert refusal(ec2.create_volume, **make)[0] == "IncorrectState"
    until_equal("completed", lambda: ec2.describe_snapshots(SnapshotIds=[snapshot])["Snapshots"][0]["State"])
    found = ec2.describe_snapshots(SnapshotIds=[snapshot], OwnerIds=["self"])["Snapshots"][0]
    assert (found["State"], found["VolumeSize"], found["Encrypted"]) == ("completed", 20, True)
    assert found["Tags"] == [{"Key": "Name", "Value": "s"}]
    again = ec2.create_volume(**make)
    assert (again["Size"], again["Encrypted"]) == (20, True)
    assert refusal(ec2.create_volume, **make, Size=10)[0] == "InvalidBlockDeviceMapping"
    ec2.delete_volume(VolumeId=source)
    ec2.delete_snapshot(SnapshotId=snapshot)
    assert refusal(ec2.describe_snapshots, SnapshotIds=[snapshot])[0] == "InvalidSnapshot.NotFound"


def test_the_same_token_is_the_same_volume(ec2: Client) -> None:
    asked = {"AvailabilityZone": ZONE, "Size": 5, "VolumeType": "gp3", "ClientToken": "v"}
    assert ec2.create_volume(**asked)["VolumeId"] == ec2.create_volume(**asked)["VolumeId"]
    assert refusal(ec2.create_volume, **{**asked, "Size": 6})[0] == "IdempotentParameterMismatch"
