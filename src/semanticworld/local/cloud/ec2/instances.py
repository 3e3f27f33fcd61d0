"""Instances: listed, started, stopped, rebooted, terminated, and what may be asked of them in which state."""

from __future__ import annotations

import base64
import re

from semanticworld.local.cloud import faults
from semanticworld.local.cloud.ec2 import interfaces, lifecycle, quotas
from semanticworld.local.cloud.ec2.dispatch import end_dry_run, operation
from semanticworld.local.cloud.ec2.errors import EC2Error
from semanticworld.local.cloud.ec2.moments import now
from semanticworld.local.cloud.ec2.query import Listing, member, select
from semanticworld.local.cloud.ec2.world import Record, account, rows, stamp, store, tagged, tags

INSTANCE_ID = r"i-([0-9a-f]{8}|[0-9a-f]{17})"
INITIALIZING_S = 60.0  # Source: EC2 User Guide, Status checks ("initializing" for a few minutes on AWS), 2026.

LISTING = Listing(
    id_member="InstanceId",
    ids_member="InstanceIds",
    not_found="InvalidInstanceID.NotFound",
    not_found_text="The instance ID '{id}' does not exist",
    pattern=INSTANCE_ID,
    malformed="InvalidInstanceID.Malformed",
    filters={
        "instance-id": member("InstanceId"),
        "affinity": member("Placement", "Affinity"),
        "architecture": member("Architecture"),
        "availability-zone": member("Placement", "AvailabilityZone"),
        "availability-zone-id": member("Placement", "AvailabilityZoneId"),
        "block-device-mapping.attach-time": member("BlockDeviceMappings", "Ebs", "AttachTime"),
        "block-device-mapping.delete-on-termination": member("BlockDeviceMappings", "Ebs", "DeleteOnTermination"),
        "block-device-mapping.device-name": member("BlockDeviceMappings", "DeviceName"),
        "block-device-mapping.status": member("BlockDeviceMappings", "Ebs", "Status"),
        "block-device-mapping.volume-id": member("BlockDeviceMappings", "Ebs", "VolumeId"),
        "boot-mode": member("BootMode"),
        "client-token": member("ClientToken"),
        "dns-name": member("PublicDnsName"),
        "ebs-optimized": member("EbsOptimized"),
        "group-id": member("SecurityGroups", "GroupId"),
        "group-name": member("SecurityGroups", "GroupName"),
        "hypervisor": member("Hypervisor"),
        "iam-instance-profile.arn": member("IamInstanceProfile", "Arn"),
        "iam-instance-profile.id": member("IamInstanceProfile", "Id"),
        "image-id": member("ImageId"),
        "instance-lifecycle": member("InstanceLifecycle"),
        "instance-state-code": member("State", "Code"),
        "instance-state-name": member("State", "Name"),
        "instance-type": member("InstanceType"),
        "instance.group-id": member("SecurityGroups", "GroupId"),
        "instance.group-name": member("SecurityGroups", "GroupName"),
        "ip-address": lambda record: [a["PublicIp"] for a in _public(record)],
        "key-name": member("KeyName"),
        "launch-index": member("AmiLaunchIndex"),
        "launch-time": member("LaunchTime"),
        "metadata-options.http-endpoint": member("MetadataOptions", "HttpEndpoint"),
        "metadata-options.http-put-response-hop-limit": member("MetadataOptions", "HttpPutResponseHopLimit"),
        "metadata-options.http-tokens": member("MetadataOptions", "HttpTokens"),
        "metadata-options.instance-metadata-tags": member("MetadataOptions", "InstanceMetadataTags"),
        "monitoring-state": member("Monitoring", "State"),
        "network-interface.network-interface-id": lambda record: [
            i["NetworkInterfaceId"] for i in interfaces.interfaces_of(record["InstanceId"])
        ],
        "network-interface.private-ip-address": member("PrivateIpAddress"),
        "network-interface.subnet-id": member("SubnetId"),
        "network-interface.vpc-id": member("VpcId"),
        "network-interface.group-id": member("SecurityGroups", "GroupId"),
        "owner-id": lambda _record: [account()],
        "platform-details": member("PlatformDetails"),
        "private-dns-name": member("PrivateDnsName"),
        "private-ip-address": member("PrivateIpAddress"),
        "reason": member("StateTransitionReason"),
        "reservation-id": member("_reservation"),
        "root-device-name": member("RootDeviceName"),
        "root-device-type": member("RootDeviceType"),
        "source-dest-check": member("SourceDestCheck"),
        "spot-instance-request-id": member("SpotInstanceRequestId"),
        "state-reason-code": member("StateReason", "Code"),
        "state-reason-message": member("StateReason", "Message"),
        "subnet-id": member("SubnetId"),
        "tenancy": member("Placement", "Tenancy"),
        "usage-operation": member("UsageOperation"),
        "virtualization-type": member("VirtualizationType"),
        "vpc-id": member("VpcId"),
    },
)


def _public(record: Record) -> list[Record]:
    held = interfaces.interfaces_of(record["InstanceId"])
    return [interface["Association"] for interface in held if interface.get("Association")]


def instance(instance_id: str) -> Record:
    """The instance of an id, or EC2's refusal."""
    if not re.fullmatch(INSTANCE_ID, instance_id):
        raise EC2Error("InvalidInstanceID.Malformed", f'Invalid id: "{instance_id}"')
    record = store._instances.get(instance_id)
    if record is None:
        raise EC2Error(LISTING.not_found, LISTING.not_found_text.format(id=instance_id))
    found: Record = record
    return found


def by_instance() -> dict[str, list[Record]]:
    """Interfaces by the instance that has them: one walk, not one for each instance."""
    answer: dict[str, list[Record]] = {}
    for held in rows(store._network_interfaces):
        holder = (held.get("Attachment") or {}).get("InstanceId")
        if holder:
            answer.setdefault(holder, []).append(held)
    return answer


def shown(record: Record, held: list[Record] | None = None) -> Record:
    """An instance as DescribeInstances has it."""
    mine = interfaces.interfaces_of(record["InstanceId"]) if held is None else held
    answer = {**tagged(record, record["InstanceId"]), "NetworkInterfaces": mine}
    public = next((i["Association"] for i in mine if i.get("Association")), None)
    if public:
        answer.update(PublicIpAddress=public["PublicIp"], PublicDnsName=public.get("PublicDnsName", ""))
    else:
        answer.pop("PublicIpAddress", None)
    return answer


@operation("DescribeInstances")
def describe_instances(request: Record) -> Record:
    """One page of instances, by reservation."""
    page, token = select(rows(store._instances), request, LISTING)
    held = by_instance() if len(page) > 1 else None
    reservations: dict[str, Record] = {}
    for record in page:
        name = record.get("_reservation") or f"r-{record['InstanceId'][2:]}"
        group = reservations.setdefault(
            name, {"ReservationId": name, "OwnerId": account(), "Groups": [], "Instances": []}
        )
        own = held.get(record["InstanceId"], []) if held is not None else None
        group["Instances"].append(shown(record, own))
    return {"Reservations": list(reservations.values()), "NextToken": token}


STATUS_LISTING = Listing(
    id_member="InstanceId",
    ids_member="InstanceIds",
    not_found=LISTING.not_found,
    not_found_text=LISTING.not_found_text,
    pattern=INSTANCE_ID,
    malformed="InvalidInstanceID.Malformed",
    filters={
        "availability-zone": member("AvailabilityZone"),
        "instance-state-code": member("InstanceState", "Code"),
        "instance-state-name": member("InstanceState", "Name"),
        "instance-status.status": member("InstanceStatus", "Status"),
        "instance-status.reachability": member("InstanceStatus", "Details", "Status"),
        "system-status.status": member("SystemStatus", "Status"),
        "system-status.reachability": member("SystemStatus", "Details", "Status"),
        "event.code": member("Events", "Code"),
    },
    tag_filters=False,
)


def _status(record: Record) -> Record:
    running = record["State"]["Name"] == "running"
    impaired = record.get("_impaired", "")
    checks: Record = {}
    for name in ("InstanceStatus", "SystemStatus", "AttachedEbsStatus"):
        if not running:
            checks[name] = {"Status": "not-applicable"}
        elif impaired == name:
            checks[name] = {
                "Status": "impaired",
                "Details": [{"Name": "reachability", "Status": "failed", "ImpairedSince": stamp()}],
            }
        else:
            checks[name] = {"Status": "ok", "Details": [{"Name": "reachability", "Status": "passed"}]}
    return {
        "InstanceId": record["InstanceId"],
        "AvailabilityZone": record["Placement"]["AvailabilityZone"],
        "AvailabilityZoneId": record["Placement"].get("AvailabilityZoneId"),
        "InstanceState": record["State"],
        "Events": record.get("_events", []),
        **checks,
    }


@operation("DescribeInstanceStatus")
def describe_instance_status(request: Record) -> Record:
    """One page of running instances with their checks; the others on request."""
    everything = request.get("IncludeAllInstances")
    records = [
        _status(record) for record in rows(store._instances) if everything or record["State"]["Name"] == "running"
    ]
    wanted = request.get("InstanceIds", [])
    for instance_id in wanted:
        instance(instance_id)
    if wanted:
        records = [record for record in records if record["InstanceId"] in wanted]
    page, token = select(records, {**request, "InstanceIds": []}, STATUS_LISTING)
    return {"InstanceStatuses": page, "NextToken": token}


def _changes(records: list[Record], before: dict[str, Record]) -> list[Record]:
    return [
        {
            "InstanceId": record["InstanceId"],
            "CurrentState": dict(record["State"]),
            "PreviousState": before[record["InstanceId"]],
        }
        for record in records
    ]


def _chosen(request: Record) -> tuple[list[Record], dict[str, Record]]:
    ids = dict.fromkeys(request["InstanceIds"])
    unknown = [i for i in ids if re.fullmatch(INSTANCE_ID, i) and store._instances.get(i) is None]
    if len(unknown) > 1:
        raise EC2Error(LISTING.not_found, f"The instance IDs '{', '.join(unknown)}' do not exist")
    records = [instance(instance_id) for instance_id in ids]
    return records, {record["InstanceId"]: dict(record["State"]) for record in records}


def _state_error(record: Record, doing: str) -> EC2Error:
    return EC2Error(
        "IncorrectInstanceState",
        f"The instance '{record['InstanceId']}' is not in a state from which it can be {doing}.",
    )


@operation("StartInstances", checks_first=True)
def start_instances(request: Record) -> Record:
    """State changes; a running instance stays as it is."""
    records, before = _chosen(request)
    for record in records:
        if record["State"]["Name"] not in {"stopped", "running", "pending"}:
            raise _state_error(record, "started")
    end_dry_run(request)
    stopped = [record for record in records if record["State"]["Name"] == "stopped"]
    for record in stopped:
        name, zone = record["InstanceType"], record["Placement"]["AvailabilityZone"]
        quotas.check_vcpus(name, 1, spot=record.get("InstanceLifecycle") == "spot")
        if not faults.capacity(name, zone):
            raise EC2Error("InsufficientInstanceCapacity", "Insufficient capacity.", 500)
        lifecycle.start(record)
    return {"StartingInstances": _changes(records, before)}


@operation("StopInstances", checks_first=True)
def stop_instances(request: Record) -> Record:
    """State changes; a stopped instance stays as it is."""
    records, before = _chosen(request)
    for record in records:
        name = record["State"]["Name"]
        if name not in {"running", "stopping", "stopped", "pending"} or (
            name == "pending" and not request.get("Force")
        ):
            raise _state_error(record, "stopped")
        spot = record.get("_spot", {})
        if record.get("InstanceLifecycle") == "spot" and spot.get("type") != "persistent":
            raise EC2Error(
                "UnsupportedOperation",
                f"You can't stop the Spot Instance '{record['InstanceId']}' because it is associated with a one-time Spot "
                "Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.",
            )
        if record["_attributes"].get("DisableApiStop"):
            raise EC2Error(
                "OperationNotPermitted",
                f"The instance '{record['InstanceId']}' may not be stopped. Modify its 'disableApiStop' instance attribute and "
                "try again.",
            )
        if request.get("Hibernate") and not record["HibernationOptions"]["Configured"]:
            raise EC2Error(
                "UnsupportedHibernationConfiguration",
                f"The instance '{record['InstanceId']}' does not have hibernation enabled.",
            )
    end_dry_run(request)
    for record in records:
        if record["State"]["Name"] in {"running", "pending"}:
            lifecycle.stop(record)
    return {"StoppingInstances": _changes(records, before)}


@operation("RebootInstances", checks_first=True)
def reboot_instances(request: Record) -> Record:
    """Nothing; the instances stay running."""
    records, _ = _chosen(request)
    for record in records:
        if record["State"]["Name"] != "running":
            raise _state_error(record, "rebooted")
    end_dry_run(request)
    for record in records:
        for listener in list(lifecycle.listeners):
            listener("rebooting", record)
    return {}


@operation("TerminateInstances", checks_first=True)
def terminate_instances(request: Record) -> Record:
    """State changes; one protected instance keeps all of its zone alive."""
    records, before = _chosen(request)
    for record in records:
        if record["_attributes"].get("DisableApiTermination") and record["State"]["Name"] not in {
            "terminated",
            "shutting-down",
        }:
            raise EC2Error(
                "OperationNotPermitted",
                f"The instance '{record['InstanceId']}' may not be terminated. Modify its 'disableApiTermination' instance "
                "attribute and try again.",
            )
    for record in records:
        _check_not_to_fail(record["InstanceId"])
    end_dry_run(request)
    for record in records:
        if record["State"]["Name"] not in {"terminated", "shutting-down"}:
            lifecycle.terminate(record)
    return {"TerminatingInstances": _changes(records, before)}


def _check_not_to_fail(instance_id: str) -> None:
    """Refuse what is ordered to fail: a stack's instance whose delete fails must stand afterwards, whoever asks first."""
    logical_id = next(
        (tag["Value"] for tag in tags(instance_id) if tag["Key"] == "aws:cloudformation:logical-id"), None
    )
    reason = None if logical_id is None else faults.failure_ordered(logical_id, "AWS::EC2::Instance", "delete")
    if reason is not None:
        raise EC2Error("UnsupportedOperation", reason)


@operation("MonitorInstances", checks_first=True)
def monitor_instances(request: Record) -> Record:
    """Detailed monitoring, switched on."""
    return _monitoring(request, "enabled")


@operation("UnmonitorInstances", checks_first=True)
def unmonitor_instances(request: Record) -> Record:
    """Detailed monitoring, switched off."""
    return _monitoring(request, "disabled")


def _monitoring(request: Record, state: str) -> Record:
    records, _ = _chosen(request)
    end_dry_run(request)
    for record in records:
        record["Monitoring"] = {"State": state}
    return {"InstanceMonitorings": [{"InstanceId": r["InstanceId"], "Monitoring": r["Monitoring"]} for r in records]}


@operation("GetConsoleOutput")
def get_console_output(request: Record) -> Record:
    """What the instance wrote on its console, base64; empty until something did."""
    record = instance(request["InstanceId"])
    text = str(record.get("_console", ""))
    return {
        "InstanceId": record["InstanceId"],
        "Timestamp": stamp(record.get("_console_at", now())),
        "Output": base64.b64encode(text.encode()).decode(),
    }


def write_console(instance_id: str, text: str) -> None:
    """Add to an instance's console; the last 64 kB are kept, as on AWS."""
    record = store._instances.get(instance_id)
    if record is not None:
        record["_console"] = (str(record.get("_console", "")) + text)[-65536:]
        record["_console_at"] = now()
