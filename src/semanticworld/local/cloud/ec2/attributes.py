"""What can be changed of an instance, and in which state."""

from __future__ import annotations

import base64

from semanticworld.local.cloud.ec2 import interfaces
from semanticworld.local.cloud.ec2.dispatch import end_dry_run, operation
from semanticworld.local.cloud.ec2.errors import EC2Error, invalid
from semanticworld.local.cloud.ec2.instances import instance
from semanticworld.local.cloud.ec2.security_groups import group_references
from semanticworld.local.cloud.ec2.world import Record, region, store
from semanticworld.local.cloud.hardware import instance_type, offered_in

# Attribute in the API's words -> member of the answer.
NAMES = {
    "disableApiTermination": "DisableApiTermination",
    "disableApiStop": "DisableApiStop",
    "instanceInitiatedShutdownBehavior": "InstanceInitiatedShutdownBehavior",
    "instanceType": "InstanceType",
    "userData": "UserData",
    "ebsOptimized": "EbsOptimized",
    "sourceDestCheck": "SourceDestCheck",
    "groupSet": "Groups",
    "blockDeviceMapping": "BlockDeviceMappings",
    "rootDeviceName": "RootDeviceName",
    "enaSupport": "EnaSupport",
    "productCodes": "ProductCodes",
    "kernel": "KernelId",
    "ramdisk": "RamdiskId",
    "sriovNetSupport": "SriovNetSupport",
    "enclaveOptions": "EnclaveOptions",
}
ONLY_STOPPED = {"InstanceType", "UserData", "EbsOptimized", "EnaSupport", "SriovNetSupport"}


@operation("DescribeInstanceAttribute")
def describe_instance_attribute(request: Record) -> Record:
    """The one attribute that was asked for."""
    record = instance(request["InstanceId"])
    name = NAMES.get(request["Attribute"])
    if name is None:
        raise invalid("attribute", request["Attribute"])
    answer: Record = {"InstanceId": record["InstanceId"]}
    held = record["_attributes"]
    match name:
        case "DisableApiTermination" | "DisableApiStop" | "InstanceInitiatedShutdownBehavior":
            answer[name] = {"Value": held[name]}
        case "Groups":
            answer[name] = record["SecurityGroups"]
        case "BlockDeviceMappings" | "ProductCodes" | "EnclaveOptions":
            answer[name] = record.get(name, [])
        case "UserData":
            answer[name] = {"Value": record["UserData"]} if record.get("UserData") else {}
        case _:
            answer[name] = {} if record.get(name) is None else {"Value": record[name]}
    return answer


@operation("ModifyInstanceAttribute", checks_first=True)
def modify_instance_attribute(request: Record) -> Record:
    """Nothing; one attribute is changed."""
    record = instance(request["InstanceId"])
    changes = _changes(request)
    if not changes:
        raise EC2Error("InvalidParameterCombination", "No attributes specified.")
    if len(changes) > 1:
        raise EC2Error("InvalidParameterCombination", "Fields for multiple attribute types specified")
    ((name, value),) = changes.items()
    state = record["State"]["Name"]
    if state in {"terminated", "shutting-down"}:
        raise EC2Error("IncorrectInstanceState", f"The instance '{record['InstanceId']}' is not in a valid state.")
    if name in ONLY_STOPPED and state != "stopped":
        raise EC2Error(
            "IncorrectInstanceState", f"The instance '{record['InstanceId']}' is not in the 'stopped' state."
        )
    _apply(record, name, value, request)
    return {}


def _changes(request: Record) -> Record:
    changes: Record = {
        name: request[name].get("Value")
        for name in (
            "DisableApiTermination",
            "DisableApiStop",
            "InstanceInitiatedShutdownBehavior",
            "InstanceType",
            "EbsOptimized",
            "SourceDestCheck",
            "EnaSupport",
            "SriovNetSupport",
        )
        if name in request
    }
    if "UserData" in request:
        raw = request["UserData"].get("Value", b"")
        changes["UserData"] = base64.b64encode(raw).decode() if isinstance(raw, bytes) else raw
    for name in ("Groups", "BlockDeviceMappings"):
        if request.get(name):
            changes[name] = request[name]
    if request.get("Attribute"):
        named = NAMES.get(request["Attribute"])
        if named is None:
            raise invalid("attribute", request["Attribute"])
        value = request.get("Value")
        changes[named] = value == "true" if value in {"true", "false"} else value
    return changes


def _apply(record: Record, name: str, value: object, request: Record) -> None:
    """Check one change, stop there on a dry run, make it."""
    match name:
        case "InstanceType":
            _check_type(record, str(value))
            end_dry_run(request)
            record["InstanceType"] = value
            vcpu = (instance_type(str(value)) or {})["VCpuInfo"]
            record["CpuOptions"] = {
                "CoreCount": vcpu.get("DefaultCores", vcpu["DefaultVCpus"]),
                "ThreadsPerCore": vcpu.get("DefaultThreadsPerCore", 1),
            }
        case "InstanceInitiatedShutdownBehavior" if value not in {"stop", "terminate"}:
            raise invalid("instanceInitiatedShutdownBehavior", value)
        case "DisableApiTermination" | "DisableApiStop" | "InstanceInitiatedShutdownBehavior":
            if name != "InstanceInitiatedShutdownBehavior" and record.get("InstanceLifecycle") == "spot" and value:
                raise EC2Error("UnsupportedOperation", "You can't enable this protection for a Spot Instance.")
            end_dry_run(request)
            record["_attributes"][name] = value
        case "Groups":
            groups = group_references(record["VpcId"], list(request["Groups"]))
            end_dry_run(request)
            record["SecurityGroups"] = groups
            for held in interfaces.interfaces_of(record["InstanceId"])[:1]:
                held["Groups"] = groups
        case "BlockDeviceMappings":
            _check_disks(record, request)
        case _:
            end_dry_run(request)
            record[name] = value


def _check_type(record: Record, name: str) -> None:
    hardware = instance_type(name)
    if hardware is None:
        raise EC2Error("InvalidInstanceAttributeValue", f"Invalid value '{name}' for InstanceType.")
    if record["Architecture"] not in hardware["ProcessorInfo"]["SupportedArchitectures"]:
        raise EC2Error(
            "InvalidInstanceAttributeValue",
            f"The architecture '{record['Architecture']}' of instance '{record['InstanceId']}' does not match the architecture "
            f"of the instance type '{name}'.",
        )
    zone = record["Placement"]["AvailabilityZone"]
    zones = offered_in(region(), name)
    if zone not in zones:
        raise EC2Error(
            "Unsupported",
            f"Your requested instance type ({name}) is not supported in your requested Availability Zone ({zone}). Please "
            f"retry your request by not specifying an Availability Zone or choosing {', '.join(zones)}.",
        )


def _check_disks(record: Record, request: Record) -> None:
    by_name = {mapping["DeviceName"]: mapping for mapping in record["BlockDeviceMappings"]}
    for change in request["BlockDeviceMappings"]:
        if change.get("DeviceName") not in by_name:
            raise EC2Error(
                "InvalidInstanceAttributeValue", f"No device is currently mapped at {change.get('DeviceName')}"
            )
    end_dry_run(request)
    for change in request["BlockDeviceMappings"]:
        mapping = by_name[change["DeviceName"]]
        keep = change.get("Ebs", {}).get("DeleteOnTermination")
        if keep is not None:
            mapping["Ebs"]["DeleteOnTermination"] = keep
            volume = store._volumes.get(mapping["Ebs"]["VolumeId"])
            for held in (volume or {}).get("Attachments", []):
                held["DeleteOnTermination"] = keep


@operation("ModifyInstanceMetadataOptions", checks_first=True)
def modify_instance_metadata_options(request: Record) -> Record:
    """The metadata options in force."""
    record = instance(request["InstanceId"])
    names = ("HttpTokens", "HttpPutResponseHopLimit", "HttpEndpoint", "HttpProtocolIpv6", "InstanceMetadataTags")
    chosen = {name: request[name] for name in names if name in request}
    end_dry_run(request)
    record["MetadataOptions"] = {**record["MetadataOptions"], **chosen}
    return {"InstanceId": record["InstanceId"], "InstanceMetadataOptions": record["MetadataOptions"]}
