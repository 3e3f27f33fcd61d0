"""EBS snapshots: of volumes that exist, pending for a moment, and kept while an image stands on them."""

from __future__ import annotations

from semanticworld.local.cloud.ec2.dispatch import end_dry_run, operation
from semanticworld.local.cloud.ec2.errors import EC2Error
from semanticworld.local.cloud.ec2.moments import PACE
from semanticworld.local.cloud.ec2.query import Listing, member, select
from semanticworld.local.cloud.ec2.transitions import begin, step
from semanticworld.local.cloud.ec2.volumes import volume
from semanticworld.local.cloud.ec2.world import (
    Record,
    account,
    find,
    new_id,
    rows,
    set_tags,
    specified_tags,
    stamp,
    store,
    tagged,
    tags,
)

LISTING = Listing(
    id_member="SnapshotId",
    ids_member="SnapshotIds",
    not_found="InvalidSnapshot.NotFound",
    not_found_text="The snapshot '{id}' does not exist.",
    pattern=r"snap-([0-9a-f]{8}|[0-9a-f]{17})",
    malformed="InvalidParameterValue",
    filters={
        "snapshot-id": member("SnapshotId"),
        "description": member("Description"),
        "encrypted": member("Encrypted"),
        "owner-alias": member("OwnerAlias"),
        "owner-id": member("OwnerId"),
        "progress": member("Progress"),
        "start-time": member("StartTime"),
        "status": member("State"),
        "storage-tier": member("StorageTier"),
        "volume-id": member("VolumeId"),
        "volume-size": member("VolumeSize"),
    },
)


def snapshot(snapshot_id: str) -> Record:
    """The snapshot of an id, or EC2's refusal."""
    return find(store._snapshots, snapshot_id, LISTING.not_found, LISTING.not_found_text)


def add_snapshot(source: Record, *, description: str, snapshot_tags: list[Record]) -> Record:
    """A new snapshot of a volume, pending until it is completed."""
    record: Record = {
        "SnapshotId": new_id("snap"),
        "VolumeId": source["VolumeId"],
        "VolumeSize": source["Size"],
        "FullSnapshotSizeInBytes": 0,
        "State": "pending",
        "Progress": "0%",
        "StartTime": stamp(),
        "OwnerId": account(),
        "Description": description,
        "Encrypted": source["Encrypted"],
        "StorageTier": "standard",
        **({"KmsKeyId": source["KmsKeyId"]} if source.get("KmsKeyId") else {}),
    }
    store._snapshots[record["SnapshotId"]] = record
    set_tags(record["SnapshotId"], snapshot_tags)
    begin(record, "snapshot completed", PACE.snapshot_s)
    return record


@step("snapshot completed")
def _completed(record: Record) -> None:
    record.update(State="completed", Progress="100%", CompletionTime=stamp())


@operation("CreateSnapshot", checks_first=True)
def create_snapshot(request: Record) -> Record:
    """A snapshot of one volume."""
    source = volume(request["VolumeId"])
    if source["State"] not in {"available", "in-use"}:
        raise EC2Error("IncorrectState", f"The volume '{source['VolumeId']}' is in the '{source['State']}' state.")
    end_dry_run(request)
    record = add_snapshot(
        source, description=request.get("Description", ""), snapshot_tags=specified_tags(request, "snapshot")
    )
    return tagged(record, record["SnapshotId"])


@operation("CreateSnapshots", checks_first=True)
def create_snapshots(request: Record) -> Record:
    """Snapshots of an instance's volumes, all at one moment."""
    spec = request["InstanceSpecification"]
    instance = find(
        store._instances,
        spec.get("InstanceId", ""),
        "InvalidInstanceID.NotFound",
        "The instance ID '{id}' does not exist",
    )
    out = set(spec.get("ExcludeDataVolumeIds", []))
    chosen = [
        volume(mapping["Ebs"]["VolumeId"])
        for mapping in instance["BlockDeviceMappings"]
        if mapping["Ebs"]["VolumeId"] not in out
        and not (spec.get("ExcludeBootVolume") and mapping["DeviceName"] == instance["RootDeviceName"])
    ]
    end_dry_run(request)
    made = []
    for source in chosen:
        given = specified_tags(request, "snapshot")
        if request.get("CopyTagsFromSource") == "volume":
            given = [t for t in tags(source["VolumeId"]) if not t["Key"].startswith("aws:")] + given
        record = add_snapshot(source, description=request.get("Description", ""), snapshot_tags=given)
        made.append(tagged(record, record["SnapshotId"]))
    return {"Snapshots": made}


@operation("DescribeSnapshots")
def describe_snapshots(request: Record) -> Record:
    """One page of the caller's snapshots."""
    owners = [account() if owner == "self" else owner for owner in request.get("OwnerIds", [])]
    records = [r for r in rows(store._snapshots) if not owners or r["OwnerId"] in owners]
    page, token = select(records, request, LISTING)
    return {"Snapshots": [tagged(record, record["SnapshotId"]) for record in page], "NextToken": token}


@operation("CopySnapshot", checks_first=True)
def copy_snapshot(request: Record) -> Record:
    """The id of the copy; copies come from the caller's own region."""
    source = snapshot(request["SourceSnapshotId"])
    end_dry_run(request)
    record = add_snapshot(
        {
            "VolumeId": "vol-ffffffff",
            "Size": source["VolumeSize"],
            "Encrypted": bool(request.get("Encrypted")) or source["Encrypted"],
            "KmsKeyId": request.get("KmsKeyId") or source.get("KmsKeyId"),
        },
        description=request.get("Description", ""),
        snapshot_tags=specified_tags(request, "snapshot"),
    )
    return {"SnapshotId": record["SnapshotId"], "Tags": tags(record["SnapshotId"])}


@operation("DeleteSnapshot", checks_first=True)
def delete_snapshot(request: Record) -> Record:
    """Nothing; a snapshot under an image stays."""
    record = snapshot(request["SnapshotId"])
    for image in rows(store._images):
        for mapping in image.get("BlockDeviceMappings", []):
            if (mapping.get("Ebs") or {}).get("SnapshotId") == record["SnapshotId"]:
                raise EC2Error(
                    "InvalidSnapshot.InUse",
                    f"The snapshot {record['SnapshotId']} is currently in use by {image['ImageId']}",
                )
    end_dry_run(request)
    store._snapshots.pop(record["SnapshotId"])
    store._tags.pop(record["SnapshotId"], None)
    return {}
