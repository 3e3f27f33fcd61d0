"""Changes of a volume's size, kind and speed, and how far they are."""

from __future__ import annotations

from semanticworld.local.cloud.ec2.dispatch import end_dry_run, operation
from semanticworld.local.cloud.ec2.errors import EC2Error
from semanticworld.local.cloud.ec2.moments import PACE
from semanticworld.local.cloud.ec2.query import Listing, member, select
from semanticworld.local.cloud.ec2.transitions import begin, step
from semanticworld.local.cloud.ec2.volumes import IOPS, check_shape, volume
from semanticworld.local.cloud.ec2.world import Record, rows, stamp, store


@operation("ModifyVolume", checks_first=True)
def modify_volume(request: Record) -> Record:
    """The modification; a volume never gets smaller, and rests six hours between modifications on AWS (not here)."""
    record = volume(request["VolumeId"])
    size = int(request["Size"] if "Size" in request else record["Size"])
    if size < record["Size"]:
        raise EC2Error("InvalidParameterValue", "New size cannot be smaller than existing size")
    kind = str(request["VolumeType"] if "VolumeType" in request else record["VolumeType"])
    keep = kind == record["VolumeType"] == "gp3" or kind in {"io1", "io2"}
    iops, throughput = check_shape(
        kind,
        size,
        request.get("Iops", record["Iops"] if keep and kind in IOPS else None),
        request.get("Throughput", record["Throughput"] if keep and kind == "gp3" else None),
    )
    end_dry_run(request)
    change = {
        "VolumeId": record["VolumeId"],
        "ModificationState": "optimizing",
        "OriginalSize": record["Size"],
        "OriginalVolumeType": record["VolumeType"],
        "OriginalIops": record["Iops"],
        "OriginalThroughput": record["Throughput"],
        "TargetSize": size,
        "TargetVolumeType": kind,
        "TargetIops": iops,
        "TargetThroughput": throughput,
        "Progress": 0,
        "StartTime": stamp(),
    }
    record.update(Size=size, VolumeType=kind, Iops=iops, Throughput=throughput, _modification=change)
    begin(record, "volume modified", PACE.volume_s)
    return {"VolumeModification": dict(change)}


@step("volume modified")
def _modified(record: Record) -> None:
    record["_modification"].update(ModificationState="completed", Progress=100, EndTime=stamp())


MODIFICATIONS = Listing(
    id_member="VolumeId",
    ids_member="VolumeIds",
    not_found="InvalidVolumeModification.NotFound",
    not_found_text="Modification for volume '{id}' does not exist.",
    filters={"volume-id": member("VolumeId"), "modification-state": member("ModificationState")},
    tag_filters=False,
)


@operation("DescribeVolumesModifications")
def describe_volumes_modifications(request: Record) -> Record:
    """One page of the last modification of each volume that was ever modified."""
    changes = [record["_modification"] for record in rows(store._volumes) if "_modification" in record]
    page, token = select(changes, request, MODIFICATIONS)
    return {"VolumesModifications": page, "NextToken": token}
