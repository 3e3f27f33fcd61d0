"""An instance's disks at launch: the image's devices with the request's changes, made into real volumes."""

from __future__ import annotations

import dataclasses

from semanticworld.local.cloud.ec2.errors import EC2Error
from semanticworld.local.cloud.ec2.volumes import add_volume, attachment, check_shape, mapping_of, snapshot_source
from semanticworld.local.cloud.ec2.world import Record, set_tags, store


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """One disk to be: its device, what the volume is, and whether it goes with the instance."""

    device: str
    ebs: Record
    delete_on_termination: bool
    source: Record | None


def plan(request: Record, image: Record) -> list[Disk]:
    """The disks that a launch will make, checked; the root device first."""
    devices: dict[str, Record] = {
        mapping["DeviceName"]: dict(mapping["Ebs"])
        for mapping in image.get("BlockDeviceMappings", [])
        if "Ebs" in mapping
    }
    for mapping in request.get("BlockDeviceMappings", []):
        name = mapping.get("DeviceName")
        if not name:
            raise EC2Error("MissingParameter", "The request must contain the parameter deviceName")
        if "NoDevice" in mapping:
            devices.pop(name, None)
        elif mapping.get("VirtualName"):
            continue
        else:
            devices[name] = _joined(devices.get(name, {}), mapping.get("Ebs", {}))
    answer = [_disk(name, ebs, image) for name, ebs in devices.items()]
    return sorted(answer, key=lambda disk: disk.device != image["RootDeviceName"])


def _joined(old: Record, new: Record) -> Record:
    """The request's disk over the image's; speed belongs to a kind and does not outlive its change."""
    base = dict(old)
    if new.get("VolumeType") and new["VolumeType"] != old.get("VolumeType"):
        base.pop("Iops", None)
        base.pop("Throughput", None)
    return {**base, **new}


def _disk(name: str, ebs: Record, image: Record) -> Disk:
    root = name == image["RootDeviceName"]
    from_image = next(
        (m["Ebs"] for m in image.get("BlockDeviceMappings", []) if m["DeviceName"] == name and "Ebs" in m), None
    )
    source: Record | None = None
    if from_image and ebs.get("SnapshotId") == from_image.get("SnapshotId"):
        source = {"VolumeSize": from_image.get("VolumeSize", 8), "Encrypted": from_image.get("Encrypted", False)}
    elif ebs.get("SnapshotId"):
        source = snapshot_source(ebs["SnapshotId"])
    size = ebs.get("VolumeSize") or (source or {}).get("VolumeSize")
    if not size:
        raise EC2Error("MissingParameter", "The request must contain the parameter size or snapshotId")
    if source and int(size) < int(source["VolumeSize"]):
        raise EC2Error(
            "InvalidBlockDeviceMapping",
            f"Volume of size {size}GB is smaller than snapshot '{ebs.get('SnapshotId')}', expect size >= "
            f"{source['VolumeSize']}GB",
        )
    kind = ebs.get("VolumeType") or "gp2"
    check_shape(kind, int(size), ebs.get("Iops"), ebs.get("Throughput"))
    chosen = {
        k: ebs[k] for k in ("Iops", "Throughput", "Encrypted", "KmsKeyId", "SnapshotId") if ebs.get(k) is not None
    }
    # A blank disk of a request stays by default only when it was added later; at launch EC2 deletes the root alone.
    default = bool(from_image.get("DeleteOnTermination", True)) if from_image else root
    return Disk(
        device=name,
        ebs={"Size": int(size), "VolumeType": kind, **chosen},
        delete_on_termination=bool(ebs.get("DeleteOnTermination", default)),
        source=source,
    )


def make(disks: list[Disk], instance: Record, tags: list[Record]) -> None:
    """Make the volumes of an instance and attach them."""
    for disk in disks:
        record = add_volume(disk.ebs, instance["Placement"]["AvailabilityZone"], source=disk.source)
        held = attachment(record, instance["InstanceId"], disk.device, delete_on_termination=disk.delete_on_termination)
        instance["BlockDeviceMappings"].append(mapping_of(held))
        set_tags(record["VolumeId"], tags)


def drop(instance: Record) -> None:
    """What becomes of an instance's volumes when it is terminated: deleted, or free again."""
    for mapping in list(instance["BlockDeviceMappings"]):
        record = store._volumes.get(mapping["Ebs"]["VolumeId"])
        if record is None:
            continue
        if mapping["Ebs"]["DeleteOnTermination"]:
            store._volumes.pop(record["VolumeId"], None)
            store._tags.pop(record["VolumeId"], None)
        else:
            record.update(State="available", Attachments=[])
    instance["BlockDeviceMappings"] = []
