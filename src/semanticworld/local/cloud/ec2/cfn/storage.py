"""Volume and its attachment; a volume's last snapshot."""

from __future__ import annotations

import time

from semanticworld.local.cloud.ec2.cfn.kinds import (
    Kind,
    Place,
    Props,
    ResourceFailure,
    api,
    changed,
    kind,
    not_updatable,
    retag,
    tag_specs,
    truth,
)
from semanticworld.local.cloud.ec2.snapshots import add_snapshot
from semanticworld.local.cloud.ec2.transitions import settle
from semanticworld.local.cloud.ec2.volumes import volume
from semanticworld.local.cloud.ec2.world import LOCK, Record, store, tags

# Source: CloudFormation Template Reference, AWS::EC2::Volume: "Updates are not supported", 2026.
FIXED = (
    "AvailabilityZone",
    "AvailabilityZoneId",
    "Encrypted",
    "KmsKeyId",
    "SnapshotId",
    "OutpostArn",
    "MultiAttachEnabled",
)
POLL_S, LONGEST_WAIT_S = 0.02, 30.0
SHAPE = ("Size", "VolumeType", "Iops", "Throughput")


def _volume_create(props: Props, _place: Place) -> str:
    names = (
        "AvailabilityZone",
        "AvailabilityZoneId",
        "Encrypted",
        "KmsKeyId",
        "SnapshotId",
        "MultiAttachEnabled",
        *SHAPE,
    )
    given = {name: props.get(name) for name in names}
    return str(api("CreateVolume", TagSpecifications=tag_specs(props, "volume"), **given)["VolumeId"])


def _volume_update(volume_id: str, old: Props, new: Props, _place: Place) -> None:
    record = volume(volume_id)
    for name in FIXED:
        # Against the volume itself, not the old property: a rollback of the refused change must be able to pass.
        if changed(old, new, name) and not _is_so(record, name, new.get(name)):
            raise not_updatable("AWS::EC2::Volume", name)
    if changed(old, new, *SHAPE):
        wanted = {name: new.get(name) for name in SHAPE}
        if (new.get("VolumeType") or "gp2") == "gp3":
            wanted = {"Iops": 3000, "Throughput": 125, **{k: v for k, v in wanted.items() if v is not None}}
        api("ModifyVolume", VolumeId=volume_id, **wanted)
    retag(volume_id, old, new)


def _is_so(record: Record, name: str, value: object) -> bool:
    """Whether a volume already has what a property says."""
    held = record.get(name)
    if isinstance(held, bool):
        return held == truth(value)
    return held == value or (not held and not value)


def _volume_stabilized(volume_id: str, _props: Props) -> bool:
    settle()
    return volume(volume_id)["State"] in {"available", "in-use"}


def snapshot_volume(volume_id: str, _props: Props | None = None) -> str:
    """The id of the snapshot that is taken before CloudFormation deletes a volume; it carries the volume's tags."""
    with LOCK:
        settle()
        source = volume(volume_id)
        record = add_snapshot(
            source,
            description=f"Snapshot of {volume_id} taken by CloudFormation before its deletion",
            snapshot_tags=tags(volume_id),
        )
    return str(record["SnapshotId"])


def _volume_delete(volume_id: str, _props: Props) -> None:
    deadline = time.monotonic() + LONGEST_WAIT_S
    settle()
    while volume(volume_id)["State"] == "creating" and time.monotonic() < deadline:
        time.sleep(POLL_S)
        settle()
    api("DeleteVolume", VolumeId=volume_id)


kind(
    Kind(
        name="AWS::EC2::Volume",
        create=_volume_create,
        attributes=lambda volume_id: {"VolumeId": volume_id},
        update=_volume_update,
        delete=_volume_delete,
        stabilized=_volume_stabilized,
        snapshot=snapshot_volume,
        on_thread=True,
        tags_property="Tags",
    )
)


def _attachment_create(props: Props, _place: Place) -> str:
    settle()
    api(
        "AttachVolume",
        VolumeId=props["VolumeId"],
        InstanceId=props["InstanceId"],
        Device=props.get("Device") or "/dev/sdf",
    )
    return f"{props['VolumeId']}|{props['InstanceId']}"


def _attachment_delete(_physical_id: str, props: Props) -> None:
    settle()
    record = store._volumes.get(props["VolumeId"])
    if record and any(held["InstanceId"] == props["InstanceId"] for held in record["Attachments"]):
        api("DetachVolume", VolumeId=props["VolumeId"], InstanceId=props["InstanceId"])


def _attachment_stabilized(_physical_id: str, props: Props) -> bool:
    record = volume(props["VolumeId"])
    if not record["Attachments"]:
        raise ResourceFailure(f"Volume {props['VolumeId']} is not attached.", "NotStabilized")
    return True


def _no_attributes(_physical_id: str) -> Record:
    return {}


kind(
    Kind(
        name="AWS::EC2::VolumeAttachment",
        create=_attachment_create,
        attributes=_no_attributes,
        delete=_attachment_delete,
        stabilized=_attachment_stabilized,
        replacing=("Device", "InstanceId", "VolumeId", "EbsCardIndex"),
    )
)
