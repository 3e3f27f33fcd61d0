"""EBS volumes: sizes and speeds that exist, attachments that fit, deletion only when free."""

from __future__ import annotations

import re

from semanticworld.local.cloud.ec2.dispatch import end_dry_run, operation
from semanticworld.local.cloud.ec2.errors import EC2Error, invalid
from semanticworld.local.cloud.ec2.moments import PACE
from semanticworld.local.cloud.ec2.query import Listing, member, select
from semanticworld.local.cloud.ec2.transitions import begin, step
from semanticworld.local.cloud.ec2.world import (
    Record,
    account,
    find,
    new_id,
    region,
    rows,
    set_tags,
    specified_tags,
    stamp,
    store,
    tagged,
)
from semanticworld.local.cloud.hardware import instance_type, zone_ids

# Type -> smallest and largest size in GiB, smallest and largest IOPS. Source: Amazon EBS User Guide, volume types, 2026.
SIZES_GIB = {
    "gp2": (1, 16384),
    "gp3": (1, 65536),
    "io1": (4, 16384),
    "io2": (4, 65536),
    "st1": (125, 16384),
    "sc1": (125, 16384),
    "standard": (1, 1024),
}
IOPS = {"gp3": (3000, 80000), "io1": (100, 64000), "io2": (100, 256000)}
IOPS_PER_GIB = {"gp3": 500, "io1": 50, "io2": 1000}
GP3_THROUGHPUT_MIB = (125, 2000)
GP3_THROUGHPUT_PER_IOPS = 0.25
DEVICE = re.compile(r"/dev/(sd[a-z][0-9]{0,2}|xvd[a-z]{1,2}[0-9]{0,2})|xvd[a-z]{1,2}")

LISTING = Listing(
    id_member="VolumeId",
    ids_member="VolumeIds",
    not_found="InvalidVolume.NotFound",
    not_found_text="The volume '{id}' does not exist.",
    pattern=r"vol-([0-9a-f]{8}|[0-9a-f]{17})",
    malformed="InvalidParameterValue",
    filters={
        "volume-id": member("VolumeId"),
        "attachment.attach-time": member("Attachments", "AttachTime"),
        "attachment.delete-on-termination": member("Attachments", "DeleteOnTermination"),
        "attachment.device": member("Attachments", "Device"),
        "attachment.instance-id": member("Attachments", "InstanceId"),
        "attachment.status": member("Attachments", "State"),
        "availability-zone": member("AvailabilityZone"),
        "create-time": member("CreateTime"),
        "encrypted": member("Encrypted"),
        "multi-attach-enabled": member("MultiAttachEnabled"),
        "size": member("Size"),
        "snapshot-id": member("SnapshotId"),
        "status": member("State"),
        "volume-type": member("VolumeType"),
    },
)


def volume(volume_id: str) -> Record:
    """The volume of an id, or EC2's refusal."""
    return find(store._volumes, volume_id, LISTING.not_found, LISTING.not_found_text)


def shown(record: Record) -> Record:
    """A volume as DescribeVolumes has it."""
    return tagged(record, record["VolumeId"])


def check_shape(kind: str, size: int, iops: int | None, throughput: int | None) -> tuple[int | None, int | None]:
    """IOPS and throughput (MiB/s) that a volume of a kind and size (GiB) gets, or EC2's refusal."""
    if kind not in SIZES_GIB:
        raise invalid("volumeType", kind)
    smallest, largest = SIZES_GIB[kind]
    if not smallest <= size <= largest:
        bound = f"at least {smallest}" if size < smallest else f"at most {largest}"
        raise EC2Error(
            "InvalidParameterValue", f"Volume of {size}GiB is invalid; must be {bound}GiB for volume type {kind}"
        )
    speed = _iops(kind, size, iops)
    return speed, _throughput(kind, speed or 0, throughput)


def _iops(kind: str, size: int, iops: int | None) -> int | None:
    if kind not in IOPS:
        if iops is not None:
            raise EC2Error("InvalidParameterCombination", f"The parameter iops is not supported for {kind} volumes.")
        return min(max(100, 3 * size), 16000) if kind == "gp2" else None
    least, most = IOPS[kind]
    if iops is None:
        if kind != "gp3":
            raise EC2Error("MissingParameter", "The request must contain the parameter iops")
        return least
    if not least <= iops <= most:
        bound = f"too high; maximum is {most}" if iops > most else f"too low; minimum is {least}"
        raise EC2Error("InvalidParameterValue", f"Volume iops of {iops} is {bound}.")
    if iops > least and iops / size > IOPS_PER_GIB[kind]:
        raise EC2Error(
            "InvalidParameterValue",
            f"Iops to volume size ratio of {iops / size:.6f} is too high; maximum is {IOPS_PER_GIB[kind]}.",
        )
    return iops


def _throughput(kind: str, iops: int, throughput: int | None) -> int | None:
    if kind != "gp3":
        if throughput is not None:
            raise EC2Error(
                "InvalidParameterCombination", f"The parameter throughput is not supported for {kind} volumes."
            )
        return None
    least, most = GP3_THROUGHPUT_MIB
    chosen = least if throughput is None else throughput
    if not least <= chosen <= most:
        bound = f"too high; maximum is {most}" if chosen > most else f"too low; minimum is {least}"
        raise EC2Error("InvalidParameterValue", f"Throughput of {chosen} MiB/s is {bound} MiB/s.")
    if chosen > GP3_THROUGHPUT_PER_IOPS * iops:
        raise EC2Error(
            "InvalidParameterValue",
            f"Throughput (MiBps) to iops ratio of {chosen / iops:.6f} is too high; maximum is "
            f"{GP3_THROUGHPUT_PER_IOPS:.6f} MiBps per iops.",
        )
    return chosen


def add_volume(request: Record, zone: str, *, source: Record | None = None) -> Record:
    """A new volume from a request's members (Size, VolumeType, Iops, Throughput, Encrypted, KmsKeyId, SnapshotId)."""
    kind = request.get("VolumeType") or "gp2"
    floor = int(source["VolumeSize"]) if source else None
    size = request.get("Size", floor)
    if size is None:
        raise EC2Error("MissingParameter", "The request must contain the parameter size/snapshot")
    if floor is not None and size < floor:
        raise EC2Error(
            "InvalidBlockDeviceMapping",
            f"Volume of size {size}GB is smaller than snapshot '{request.get('SnapshotId', '')}', expect size >= {floor}GB",
        )
    iops, throughput = check_shape(kind, int(size), request.get("Iops"), request.get("Throughput"))
    encrypted = (
        bool(request.get("Encrypted")) or bool(source and source.get("Encrypted")) or bool(request.get("KmsKeyId"))
    )
    record: Record = {
        "VolumeId": new_id("vol"),
        "Size": int(size),
        "SnapshotId": request.get("SnapshotId", ""),
        "AvailabilityZone": zone,
        "AvailabilityZoneId": zone_ids(region()).get(zone, ""),
        "State": "creating",
        "CreateTime": stamp(),
        "VolumeType": kind,
        "Iops": iops,
        "Throughput": throughput,
        "Encrypted": encrypted,
        "MultiAttachEnabled": bool(request.get("MultiAttachEnabled")),
        "Attachments": [],
    }
    if encrypted:
        record["KmsKeyId"] = request.get("KmsKeyId") or f"arn:aws:kms:{region()}:{account()}:alias/aws/ebs"
    store._volumes[record["VolumeId"]] = record
    return record


def snapshot_source(snapshot_id: str) -> Record:
    """The snapshot that a volume is made from, or EC2's refusal."""
    record = find(store._snapshots, snapshot_id, "InvalidSnapshot.NotFound", "The snapshot '{id}' does not exist.")
    if record["State"] != "completed":
        raise EC2Error("IncorrectState", f"Snapshot is in invalid state - {record['State']}")
    return record


@operation("CreateVolume", checks_first=True, once="ClientToken")
def create_volume(request: Record) -> Record:
    """A volume that is creating until it is available."""
    zone = request.get("AvailabilityZone", "")
    by_id = {zone_id: name for name, zone_id in zone_ids(region()).items()}
    zone = zone or by_id.get(request.get("AvailabilityZoneId", ""), "")
    if not zone:
        raise EC2Error("MissingParameter", "The request must contain the parameter AvailabilityZone")
    if zone not in zone_ids(region()):
        raise EC2Error("InvalidZone.NotFound", f"The zone '{zone}' does not exist.")
    source = snapshot_source(request["SnapshotId"]) if request.get("SnapshotId") else None
    if request.get("DryRun"):
        size = request.get("Size") or (source or {}).get("VolumeSize") or 0
        check_shape(request.get("VolumeType") or "gp2", int(size), request.get("Iops"), request.get("Throughput"))
        end_dry_run(request)
    record = add_volume(request, zone, source=source)
    set_tags(record["VolumeId"], specified_tags(request, "volume"))
    begin(record, "volume available", PACE.volume_s)
    return shown(record)


@step("volume available")
def _available(record: Record) -> None:
    if record["State"] == "creating":
        record["State"] = "available"


@operation("DescribeVolumes")
def describe_volumes(request: Record) -> Record:
    """One page of volumes."""
    page, token = select(rows(store._volumes), request, LISTING)
    return {"Volumes": [shown(record) for record in page], "NextToken": token}


@operation("DescribeVolumeStatus")
def describe_volume_status(request: Record) -> Record:
    """One page of volumes with the result of their checks."""
    page, token = select(rows(store._volumes), request, LISTING)
    checks = {"Status": "ok", "Details": [{"Name": "io-enabled", "Status": "passed"}]}
    statuses = [
        {
            "VolumeId": record["VolumeId"],
            "AvailabilityZone": record["AvailabilityZone"],
            "VolumeStatus": checks,
            "Actions": [],
            "Events": [],
        }
        for record in page
    ]
    return {"VolumeStatuses": statuses, "NextToken": token}


@operation("DeleteVolume", checks_first=True)
def delete_volume(request: Record) -> Record:
    """Nothing; an attached volume stays."""
    record = volume(request["VolumeId"])
    if record["Attachments"]:
        holder = record["Attachments"][0]["InstanceId"]
        raise EC2Error("VolumeInUse", f"Volume {record['VolumeId']} is currently attached to {holder}")
    if record["State"] not in {"available", "error"}:
        raise EC2Error("IncorrectState", f"Volume {record['VolumeId']} is not in the 'available' state.")
    end_dry_run(request)
    forget(record)
    return {}


def forget(record: Record) -> None:
    """Take a volume away, with its tags."""
    store._volumes.pop(record["VolumeId"], None)
    store._tags.pop(record["VolumeId"], None)


def attachment(record: Record, instance_id: str, device: str, *, delete_on_termination: bool) -> Record:
    """Attach a volume and say how."""
    held = {
        "VolumeId": record["VolumeId"],
        "InstanceId": instance_id,
        "Device": device,
        "State": "attached",
        "AttachTime": stamp(),
        "DeleteOnTermination": delete_on_termination,
    }
    record.update(State="in-use", Attachments=[held])
    record.pop("_transition", None)
    return held


def _instance(instance_id: str) -> Record:
    return find(store._instances, instance_id, "InvalidInstanceID.NotFound", "The instance ID '{id}' does not exist")


@operation("AttachVolume", checks_first=True)
def attach_volume(request: Record) -> Record:
    """The attachment of an available volume to a running or stopped instance of its zone."""
    record, instance = volume(request["VolumeId"]), _instance(request["InstanceId"])
    device = request["Device"]
    if not DEVICE.fullmatch(device):
        raise EC2Error(
            "InvalidParameterValue",
            f"Value ({device}) for parameter device is invalid. {device} is not a valid EBS device name.",
        )
    if record["Attachments"]:
        raise EC2Error("VolumeInUse", f"{record['VolumeId']} is already attached to an instance")
    if record["State"] != "available":
        raise EC2Error("IncorrectState", f"Volume '{record['VolumeId']}' is in the '{record['State']}' state.")
    if instance["State"]["Name"] not in {"running", "stopped"}:
        raise EC2Error("IncorrectState", f"Instance '{instance['InstanceId']}' is not 'running'.")
    if record["AvailabilityZone"] != instance["Placement"]["AvailabilityZone"]:
        raise EC2Error(
            "InvalidVolume.ZoneMismatch",
            f"The volume '{record['VolumeId']}' is not in the same availability zone as instance '{instance['InstanceId']}'",
        )
    mappings = instance["BlockDeviceMappings"]
    if any(mapping["DeviceName"] == device for mapping in mappings):
        raise invalid("unixDevice", device, "Attachment point " + device + " is already in use")
    hardware = instance_type(instance["InstanceType"]) or {}
    most = int(hardware.get("EbsInfo", {}).get("MaximumEbsAttachments", 28))
    if len(mappings) >= most:
        raise EC2Error(
            "AttachmentLimitExceeded",
            f"Maximum number of attachments reached for instance type {instance['InstanceType']}.",
        )
    end_dry_run(request)
    held = attachment(record, instance["InstanceId"], device, delete_on_termination=False)
    mappings.append(mapping_of(held))
    return held


def mapping_of(held: Record) -> Record:
    """An attachment as an instance's block device mapping."""
    return {
        "DeviceName": held["Device"],
        "Ebs": {
            "VolumeId": held["VolumeId"],
            "Status": "attached",
            "AttachTime": held["AttachTime"],
            "DeleteOnTermination": held["DeleteOnTermination"],
        },
    }


@operation("DetachVolume", checks_first=True)
def detach_volume(request: Record) -> Record:
    """The attachment that ends; the root volume of a running instance stays."""
    record = volume(request["VolumeId"])
    wanted = request.get("InstanceId")
    held = next((a for a in record["Attachments"] if wanted in {None, a["InstanceId"]}), None)
    if held is None:
        raise EC2Error("IncorrectState", f"Volume '{record['VolumeId']}' is in the 'available' state.")
    instance = store._instances.get(held["InstanceId"])
    if instance is not None and instance["RootDeviceName"] == held["Device"]:  # noqa: SIM102 - two questions
        if instance["State"]["Name"] not in {"stopped", "terminated"}:
            raise EC2Error(
                "OperationNotPermitted",
                f"Unable to detach root volume '{record['VolumeId']}' from instance '{instance['InstanceId']}'",
            )
    end_dry_run(request)
    release(record)
    return {**held, "State": "detaching"}


def release(record: Record) -> None:
    """End a volume's attachments on both sides."""
    for held in record["Attachments"]:
        instance = store._instances.get(held["InstanceId"])
        if instance is not None:
            instance["BlockDeviceMappings"] = [
                m for m in instance["BlockDeviceMappings"] if m["Ebs"]["VolumeId"] != record["VolumeId"]
            ]
    record.update(State="available", Attachments=[])


@operation("DescribeVolumeAttribute")
def describe_volume_attribute(request: Record) -> Record:
    """The one attribute that was asked for."""
    record = volume(request["VolumeId"])
    answer: Record = {"VolumeId": record["VolumeId"]}
    if request["Attribute"] == "autoEnableIO":
        return {**answer, "AutoEnableIO": {"Value": False}}
    return {**answer, "ProductCodes": []}
