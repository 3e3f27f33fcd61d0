"""Launch template, instance, network interface."""

from __future__ import annotations

import time

from ministack.services.cloudformation import provisioners

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
from semanticworld.local.cloud.ec2.instances import instance, shown
from semanticworld.local.cloud.ec2.interfaces import interface
from semanticworld.local.cloud.ec2.launch_templates import template
from semanticworld.local.cloud.ec2.moments import PACE
from semanticworld.local.cloud.ec2.transitions import settle
from semanticworld.local.cloud.ec2.world import Record, set_tags, store

POLL_S = 0.02
LONGEST_WAIT_S = 120.0


def _template_create(props: Props, place: Place) -> str:
    made = api(
        "CreateLaunchTemplate",
        LaunchTemplateName=props.get("LaunchTemplateName") or f"{place.logical_id}_{place.name()[-12:]}",
        LaunchTemplateData=props.get("LaunchTemplateData"),
        VersionDescription=props.get("VersionDescription"),
        TagSpecifications=props.get("TagSpecifications"),
    )
    return str(made["LaunchTemplate"]["LaunchTemplateId"])


def _template_update(template_id: str, old: Props, new: Props, _place: Place) -> None:
    if changed(old, new, "LaunchTemplateData", "VersionDescription"):
        api(
            "CreateLaunchTemplateVersion",
            LaunchTemplateId=template_id,
            LaunchTemplateData=new.get("LaunchTemplateData"),
            VersionDescription=new.get("VersionDescription"),
        )
    if changed(old, new, "TagSpecifications"):
        retag(template_id, {"Tags": _own_tags(old)}, {"Tags": _own_tags(new)})


def _own_tags(props: Props) -> list[Record]:
    specs = props.get("TagSpecifications") or []
    return [tag for spec in specs if spec.get("ResourceType") == "launch-template" for tag in spec.get("Tags", [])]


def _template_attributes(template_id: str) -> Record:
    record = template({"LaunchTemplateId": template_id})
    return {
        "LaunchTemplateId": template_id,
        "LatestVersionNumber": str(record["LatestVersionNumber"]),
        "DefaultVersionNumber": str(record["DefaultVersionNumber"]),
    }


def _template_delete(template_id: str, _props: Props) -> None:
    api("DeleteLaunchTemplate", LaunchTemplateId=template_id)


kind(
    Kind(
        name="AWS::EC2::LaunchTemplate",
        create=_template_create,
        attributes=_template_attributes,
        update=_template_update,
        delete=_template_delete,
        replacing=("LaunchTemplateName",),
    )
)

_SAME = (
    "ImageId",
    "InstanceType",
    "KeyName",
    "SubnetId",
    "SecurityGroupIds",
    "SecurityGroups",
    "BlockDeviceMappings",
    "UserData",
    "EbsOptimized",
    "DisableApiTermination",
    "InstanceInitiatedShutdownBehavior",
    "PrivateIpAddress",
    "LaunchTemplate",
    "MetadataOptions",
    "CpuOptions",
    "HibernationOptions",
    "EnclaveOptions",
    "LicenseSpecifications",
    "PrivateDnsNameOptions",
    "AdditionalInfo",
)
_PLACEMENT = {
    "AvailabilityZone": "AvailabilityZone",
    "Tenancy": "Tenancy",
    "Affinity": "Affinity",
    "HostId": "HostId",
    "PlacementGroupName": "GroupName",
    "HostResourceGroupArn": "HostResourceGroupArn",
}


def launch_request(props: Props) -> Record:
    """A template's instance as a RunInstances request."""
    request: Record = {name: props[name] for name in _SAME if props.get(name) is not None}
    if props.get("IamInstanceProfile"):
        request["IamInstanceProfile"] = {"Name": props["IamInstanceProfile"]}
    if props.get("Monitoring") is not None:
        request["Monitoring"] = {"Enabled": props["Monitoring"]}
    if props.get("CreditSpecification"):
        request["CreditSpecification"] = {"CpuCredits": props["CreditSpecification"].get("CPUCredits")}
    placement = {theirs: props[ours] for ours, theirs in _PLACEMENT.items() if props.get(ours) is not None}
    if placement:
        request["Placement"] = placement
    if props.get("NetworkInterfaces"):
        request["NetworkInterfaces"] = [
            {("Groups" if name == "GroupSet" else name): value for name, value in spec.items()}
            for spec in props["NetworkInterfaces"]
        ]
    specs = tag_specs(props, "instance") or []
    if truth(props.get("PropagateTagsToVolumeOnCreation")):
        specs += tag_specs(props, "volume") or []
    if specs:
        request["TagSpecifications"] = specs
    return request


def _instance_create(props: Props, _place: Place) -> str:
    made = api("RunInstances", MinCount=1, MaxCount=1, **launch_request(props))
    instance_id = str(made["Instances"][0]["InstanceId"])
    try:
        _complete(instance_id, props)
    except Exception:
        api("TerminateInstances", InstanceIds=[instance_id])  # no stack will ever know it
        raise
    return instance_id


def _complete(instance_id: str, props: Props) -> None:
    """What RunInstances does not take."""
    if props.get("SourceDestCheck") is not None:
        api(
            "ModifyInstanceAttribute",
            InstanceId=instance_id,
            SourceDestCheck={"Value": truth(props["SourceDestCheck"])},
        )
    for spec in props.get("Volumes") or []:
        _wait(instance_id, "running")
        api("AttachVolume", InstanceId=instance_id, VolumeId=spec["VolumeId"], Device=spec["Device"])


def _wait(instance_id: str, state: str) -> None:
    """Return once an instance is in a state; blocks, so only on a thread."""
    deadline = time.monotonic() + LONGEST_WAIT_S + PACE.stopping_s + PACE.pending_s
    while True:
        settle()
        now_state = instance(instance_id)["State"]["Name"]
        if now_state == state:
            return
        if now_state in {"terminated", "shutting-down"} or time.monotonic() > deadline:
            raise ResourceFailure(f"Instance {instance_id} did not become {state}: it is {now_state}.", "NotStabilized")
        time.sleep(POLL_S)


# What changes on a stopped instance only. Source: CloudFormation Template Reference, AWS::EC2::Instance, 2026.
_STOPPED = ("InstanceType", "EbsOptimized", "UserData")
_AT_ONCE = ("DisableApiTermination", "InstanceInitiatedShutdownBehavior", "SourceDestCheck")
_DEFAULTS: Record = {
    "DisableApiTermination": False,
    "InstanceInitiatedShutdownBehavior": "stop",
    "SourceDestCheck": True,
    "EbsOptimized": False,
    "UserData": "",
}
_IN_PLACE = {
    *_STOPPED,
    *_AT_ONCE,
    "Monitoring",
    "IamInstanceProfile",
    "SecurityGroupIds",
    "MetadataOptions",
    "Tags",
    "Volumes",
    "BlockDeviceMappings",
    "PropagateTagsToVolumeOnCreation",
    "CreditSpecification",
}


def _instance_update(instance_id: str, old: Props, new: Props, place: Place) -> str | None:
    different = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    for name in sorted(different - _IN_PLACE):
        raise not_updatable("AWS::EC2::Instance", name)
    if "BlockDeviceMappings" in different and not _only_their_fate(old, new):
        made = _instance_create(new, place)
        provisioners._delete_predecessor(_instance_delete, instance_id, old)
        return made
    _at_once(instance_id, different, new)
    resting = [name for name in _STOPPED if name in different]
    if resting:
        _while_stopped(instance_id, resting, new)
    retag(instance_id, old, new)
    return None


def _only_their_fate(old: Props, new: Props) -> bool:
    """Whether only DeleteOnTermination differs between the disks; all else makes another instance."""

    def rest(props: Props) -> list[Record]:
        listed = props.get("BlockDeviceMappings") or []
        return [
            {**m, "Ebs": {k: v for k, v in (m.get("Ebs") or {}).items() if k != "DeleteOnTermination"}} for m in listed
        ]

    return rest(old) == rest(new)


def _at_once(instance_id: str, different: set[str], new: Props) -> None:
    for name in _AT_ONCE:
        if name in different:
            value = new.get(name, _DEFAULTS[name])
            value = truth(value) if isinstance(_DEFAULTS[name], bool) else value
            api("ModifyInstanceAttribute", InstanceId=instance_id, **{name: {"Value": value}})
    if "Monitoring" in different:
        operation = "MonitorInstances" if truth(new.get("Monitoring")) else "UnmonitorInstances"
        api(operation, InstanceIds=[instance_id])
    if "SecurityGroupIds" in different:
        groups = new.get("SecurityGroupIds") or [
            store._vpcs.get(instance(instance_id)["VpcId"])["DefaultSecurityGroupId"]
        ]
        api("ModifyInstanceAttribute", InstanceId=instance_id, Groups=groups)
    if "MetadataOptions" in different:
        api("ModifyInstanceMetadataOptions", InstanceId=instance_id, **(new.get("MetadataOptions") or {}))
    if "IamInstanceProfile" in different:
        _set_profile(instance_id, new.get("IamInstanceProfile"))
    for mapping in new.get("BlockDeviceMappings") or [] if "BlockDeviceMappings" in different else []:
        fate = (mapping.get("Ebs") or {}).get("DeleteOnTermination", True)
        change = {"DeviceName": mapping["DeviceName"], "Ebs": {"DeleteOnTermination": fate}}
        api("ModifyInstanceAttribute", InstanceId=instance_id, BlockDeviceMappings=[change])


def _set_profile(instance_id: str, name: str | None) -> None:
    held = store._find_active_iam_instance_profile_association(instance_id)
    if held:
        store._mark_iam_instance_profile_association_disassociated(held)
    if name:
        profile, error = store._resolve_iam_instance_profile("", name, allow_missing=False)
        if error:
            raise ResourceFailure(
                f"Value ({name}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
                "InvalidRequest",
            )
        store._upsert_iam_instance_profile_association(instance_id, profile)


def _while_stopped(instance_id: str, names: list[str], new: Props) -> None:
    """Stop, change, start: as CloudFormation does it, with the private address and the disks kept."""
    settle()
    if instance(instance_id)["State"]["Name"] == "pending":
        _wait(instance_id, "running")
    if instance(instance_id)["State"]["Name"] != "stopped":
        api("StopInstances", InstanceIds=[instance_id])
        _wait(instance_id, "stopped")
    for name in names:
        value = new.get(name, _DEFAULTS.get(name))
        if name == "InstanceType" and value is None:
            value = "m1.small"
        if name == "UserData":
            instance(instance_id)["UserData"] = value
            continue
        api("ModifyInstanceAttribute", InstanceId=instance_id, **{name: {"Value": value}})
    api("StartInstances", InstanceIds=[instance_id])


def _instance_attributes(instance_id: str) -> Record:
    record = shown(instance(instance_id))
    return {
        "InstanceId": instance_id,
        "AvailabilityZone": record["Placement"]["AvailabilityZone"],
        "PrivateIp": record.get("PrivateIpAddress", ""),
        "PrivateDnsName": record.get("PrivateDnsName", ""),
        "PublicIp": record.get("PublicIpAddress", ""),
        "PublicDnsName": record.get("PublicDnsName", ""),
        "VpcId": record.get("VpcId", ""),
    }


def _instance_stabilized(instance_id: str, _props: Props) -> bool:
    settle()
    record = instance(instance_id)
    state = record["State"]["Name"]
    if state in {"terminated", "shutting-down"}:
        why = (record.get("StateReason") or {}).get("Message", "")
        raise ResourceFailure(f"Instance {instance_id} failed to stabilize: it is {state}. {why}", "NotStabilized")
    return state in {"running", "stopped"}


def _instance_delete(instance_id: str, _props: Props) -> None:
    api("TerminateInstances", InstanceIds=[instance_id])


def _instance_deleted(instance_id: str, _props: Props) -> bool:
    settle()
    record = store._instances.get(instance_id)
    return record is None or record["State"]["Name"] == "terminated"


kind(
    Kind(
        name="AWS::EC2::Instance",
        create=_instance_create,
        attributes=_instance_attributes,
        update=_instance_update,
        delete=_instance_delete,
        stabilized=_instance_stabilized,
        deleted=_instance_deleted,
        on_thread=True,
        tags_property="Tags",
        replacing=(
            "AvailabilityZone",
            "CpuOptions",
            "EnclaveOptions",
            "HibernationOptions",
            "HostResourceGroupArn",
            "ImageId",
            "Ipv6AddressCount",
            "Ipv6Addresses",
            "KeyName",
            "LaunchTemplate",
            "LicenseSpecifications",
            "NetworkInterfaces",
            "PlacementGroupName",
            "PrivateIpAddress",
            "SecurityGroups",
            "SubnetId",
        ),
    )
)


def _interface_create(props: Props, _place: Place) -> str:
    made = api(
        "CreateNetworkInterface",
        SubnetId=props.get("SubnetId"),
        Description=props.get("Description"),
        Groups=props.get("GroupSet"),
        PrivateIpAddress=props.get("PrivateIpAddress"),
    )
    interface_id = str(made["NetworkInterface"]["NetworkInterfaceId"])
    set_tags(interface_id, props.get("Tags") or [])
    return interface_id


def _interface_update(interface_id: str, old: Props, new: Props, _place: Place) -> None:
    if changed(old, new, "GroupSet"):
        api("ModifyNetworkInterfaceAttribute", NetworkInterfaceId=interface_id, Groups=new.get("GroupSet"))
    if changed(old, new, "Description"):
        told = {"Value": new.get("Description", "")}
        api("ModifyNetworkInterfaceAttribute", NetworkInterfaceId=interface_id, Description=told)
    retag(interface_id, old, new)


def _interface_attributes(interface_id: str) -> Record:
    record = interface(interface_id)
    return {"Id": interface_id, "PrimaryPrivateIpAddress": record["PrivateIpAddress"], "VpcId": record["VpcId"]}


def _interface_delete(interface_id: str, _props: Props) -> None:
    api("DeleteNetworkInterface", NetworkInterfaceId=interface_id)


kind(
    Kind(
        name="AWS::EC2::NetworkInterface",
        create=_interface_create,
        attributes=_interface_attributes,
        update=_interface_update,
        delete=_interface_delete,
        tags_property="Tags",
        replacing=("PrivateIpAddress", "InterfaceType", "SubnetId"),
    )
)
