"""RunInstances: a launch template and its overrides become one request, checked as EC2 checks it, then instances."""

from __future__ import annotations

import copy
import dataclasses

from semanticworld.local.cloud import faults
from semanticworld.local.cloud.ec2 import disks, interfaces, launch_templates, lifecycle, quotas
from semanticworld.local.cloud.ec2.addresses import public_address, public_name
from semanticworld.local.cloud.ec2.dispatch import end_dry_run, operation
from semanticworld.local.cloud.ec2.errors import EC2Error, invalid
from semanticworld.local.cloud.ec2.images import image_view
from semanticworld.local.cloud.ec2.instance_types import spot_price
from semanticworld.local.cloud.ec2.instances import by_instance, shown
from semanticworld.local.cloud.ec2.moments import now
from semanticworld.local.cloud.ec2.security_groups import group_references
from semanticworld.local.cloud.ec2.subnets import free_addresses, subnet, taken
from semanticworld.local.cloud.ec2.world import Record, account, new_id, region, rows, set_tags, stamp, store
from semanticworld.local.cloud.hardware import instance_type, offered_in

# Members of a launch template that do not belong to a request, and those that are joined rather than replaced.
JOINED = ("MetadataOptions", "Monitoring", "Placement", "CpuOptions")


def merged(request: Record) -> Record:
    """The request with what its launch template gives; the request wins, disks and tags are joined by their keys."""
    spec = request.get("LaunchTemplate")
    if not spec:
        return dict(request)
    record = launch_templates.template(spec)
    held = launch_templates.version(record, spec.get("Version"))
    data: Record = dict(held["LaunchTemplateData"])
    answer = {**data, **request}
    for name in JOINED:
        if name in data and name in request:
            answer[name] = {**data[name], **request[name]}
    if data.get("BlockDeviceMappings") and request.get("BlockDeviceMappings"):
        answer["BlockDeviceMappings"] = _joined_disks(data["BlockDeviceMappings"], request["BlockDeviceMappings"])
    answer["TagSpecifications"] = _joined_tags(data.get("TagSpecifications", []), request.get("TagSpecifications", []))
    if data.get("NetworkInterfaces") and not request.get("NetworkInterfaces"):
        _refuse_mixed(request)
    answer["_template"] = {
        "aws:ec2launchtemplate:id": record["LaunchTemplateId"],
        "aws:ec2launchtemplate:version": str(held["VersionNumber"]),
    }
    return answer


def _refuse_mixed(request: Record) -> None:
    for name, words in (
        ("SubnetId", "subnet ID"),
        ("SecurityGroupIds", "security groups"),
        ("PrivateIpAddress", "private address"),
    ):
        if request.get(name):
            raise EC2Error(
                "InvalidParameterCombination",
                f"Network interfaces and an instance-level {words} may not be specified on the same request",
            )


def _joined_disks(first: list[Record], second: list[Record]) -> list[Record]:
    by_name = {mapping.get("DeviceName"): mapping for mapping in first}
    for mapping in second:
        old = by_name.get(mapping.get("DeviceName"), {})
        ebs = {**old.get("Ebs", {}), **mapping.get("Ebs", {})}
        by_name[mapping.get("DeviceName")] = {**old, **mapping, **({"Ebs": ebs} if ebs else {})}
    return list(by_name.values())


def _joined_tags(first: list[Record], second: list[Record]) -> list[Record]:
    by_kind: dict[str, dict[str, Record]] = {}
    for spec in [*first, *second]:
        held = by_kind.setdefault(spec["ResourceType"], {})
        held.update({tag["Key"]: tag for tag in spec.get("Tags", [])})
    return [{"ResourceType": kind, "Tags": list(held.values())} for kind, held in by_kind.items()]


def _hardware(request: Record, image: Record) -> Record:
    name = request.get("InstanceType") or "m1.small"
    hardware = instance_type(name)
    if hardware is None:
        raise EC2Error("InvalidParameterValue", f"Invalid value '{name}' for InstanceType.")
    architectures = hardware["ProcessorInfo"]["SupportedArchitectures"]
    if image["Architecture"] not in architectures:
        raise EC2Error(
            "InvalidParameterValue",
            f"The architecture '{','.join(architectures)}' of the specified instance type does not match the architecture "
            f"'{image['Architecture']}' of the specified AMI. Specify an instance type and an AMI that have matching "
            "architectures, and try again. You can use 'describe-instance-types' or 'describe-images' to discover the "
            "architecture of the instance type or AMI.",
        )
    return hardware


def _place(request: Record) -> tuple[Record, list[Record], Record]:
    """The subnet, the security groups and the primary interface's specification."""
    specs = request.get("NetworkInterfaces", [])
    if specs and any(request.get(name) for name in ("SubnetId", "SecurityGroupIds", "SecurityGroups")):
        _refuse_mixed(request)
    primary: Record = next((spec for spec in specs if int(spec.get("DeviceIndex", 0)) == 0), {})
    if primary.get("NetworkInterfaceId"):
        raise EC2Error("UnsupportedOperation", "The embedded cloud attaches no existing network interface at launch.")
    subnet_id = primary.get("SubnetId") or request.get("SubnetId")
    zone = request.get("Placement", {}).get("AvailabilityZone")
    if subnet_id:
        parent = subnet(subnet_id)
        if zone and zone != parent["AvailabilityZone"]:
            raise EC2Error(
                "InvalidParameterValue",
                f"The specified subnet '{subnet_id}' is not in the requested Availability Zone '{zone}'.",
            )
    else:
        places = _default_subnets(zone, request.get("InstanceType") or "")
        parent = places[0]
    groups = primary.get("Groups") or request.get("SecurityGroupIds", [])
    named = request.get("SecurityGroups", [])
    if named and not groups:
        groups = [g["GroupId"] for g in rows(store._security_groups) if g["GroupName"] in named]
        if len(groups) < len(named):
            raise EC2Error(
                "InvalidGroup.NotFound", f"The security group '{named[0]}' does not exist in VPC '{parent['VpcId']}'"
            )
    return parent, group_references(parent["VpcId"], groups), primary


def _default_subnets(zone: str | None, name: str) -> list[Record]:
    """The default VPC's subnets that a launch without a subnet may go to, best first."""
    chosen = [
        record
        for record in rows(store._subnets)
        if record.get("DefaultForAz") and zone in {None, record["AvailabilityZone"]}
    ]
    if not chosen:
        raise EC2Error("MissingInput", "No subnets found for the default VPC. Please specify a subnet.")
    return [record for record in chosen if record["AvailabilityZone"] in offered_in(region(), name)] or chosen


def _check_zone(name: str, zone: str) -> None:
    zones = offered_in(region(), name)
    if zone in zones:
        return
    if not zones:
        raise EC2Error(
            "Unsupported",
            "The requested configuration is currently not supported. Please check the documentation for supported configurations.",
        )
    raise EC2Error(
        "Unsupported",
        f"Your requested instance type ({name}) is not supported in your requested Availability Zone ({zone}). Please "
        f"retry your request by not specifying an Availability Zone or choosing {', '.join(zones)}.",
    )


def _check_capacity(name: str, zone: str) -> None:
    if faults.capacity(name, zone):
        return
    others = [other for other in offered_in(region(), name) if other != zone]
    raise EC2Error(
        "InsufficientInstanceCapacity",
        f"We currently do not have sufficient {name} capacity in the Availability Zone you requested ({zone}). Our system "
        "will be working on provisioning additional capacity. You can currently get "
        f"{name} capacity by not specifying an Availability Zone in your request or choosing {', '.join(others)}.",
        500,
    )


def _market(request: Record, name: str, zone: str) -> Record:
    """What a spot request is, empty for on-demand."""
    options = request.get("InstanceMarketOptions", {})
    if options.get("MarketType") != "spot":
        return {}
    spot = options.get("SpotOptions", {})
    kind, behaviour = spot.get("SpotInstanceType", "one-time"), spot.get("InstanceInterruptionBehavior", "terminate")
    if behaviour in {"stop", "hibernate"} and kind != "persistent":
        raise EC2Error(
            "InvalidParameterCombination",
            f"{behaviour} is not a valid interruption behavior for one-time Spot Instance requests.",
        )
    price = spot_price(name, zone, now())
    if price is None:
        raise EC2Error("Unsupported", f"The requested Spot Instance type ({name}) is not available in {zone}.")
    if spot.get("MaxPrice") and float(spot["MaxPrice"]) < float(price):
        raise EC2Error(
            "SpotMaxPriceTooLow",
            f"Your Spot request price of {spot['MaxPrice']} is lower than the minimum required Spot request fulfillment "
            f"price of {price}.",
        )
    return {"type": kind, "behaviour": behaviour, "max_price": spot.get("MaxPrice")}


def _profile(request: Record) -> Record | None:
    spec = request.get("IamInstanceProfile") or {}
    if not spec.get("Arn") and not spec.get("Name"):
        return None
    profile, error = store._resolve_iam_instance_profile(spec.get("Arn", ""), spec.get("Name", ""), allow_missing=False)
    if error:
        member_name = "name" if spec.get("Name") else "arn"
        kind = "name" if spec.get("Name") else "ARN"
        raise invalid(
            f"iamInstanceProfile.{member_name}", spec.get("Name") or spec["Arn"], f"Invalid IAM Instance Profile {kind}"
        )
    found: Record = profile
    return found


def _metadata(request: Record, image: Record) -> Record:
    strict = image.get("ImdsSupport") == "v2.0"
    given = request.get("MetadataOptions", {})
    hops = int(given.get("HttpPutResponseHopLimit", 2 if strict else 1))
    if not 1 <= hops <= 64:  # noqa: PLR2004 - Source: EC2 API Reference, InstanceMetadataOptionsRequest, 2026
        raise invalid("HttpPutResponseHopLimit", hops, "It must be between 1 and 64.")
    return {
        "State": "applied",
        "HttpTokens": given.get("HttpTokens", "required" if strict else "optional"),
        "HttpPutResponseHopLimit": hops,
        "HttpEndpoint": given.get("HttpEndpoint", "enabled"),
        "HttpProtocolIpv6": given.get("HttpProtocolIpv6", "disabled"),
        "InstanceMetadataTags": given.get("InstanceMetadataTags", "disabled"),
    }


def _counts(request: Record, parent: Record) -> int:
    least, most = int(request.get("MinCount", 1)), int(request.get("MaxCount", 1))
    if least < 1 or most < least:
        raise EC2Error(
            "InvalidParameterCombination" if least > most else "InvalidParameterValue",
            f"Value ({least}) for parameter minCount is not valid. minCount must be between 1 and maxCount ({most}).",
        )
    free = free_addresses(parent)
    if free < least:
        raise EC2Error(
            "InsufficientFreeAddressesInSubnet",
            f"There are not enough free addresses in subnet '{parent['SubnetId']}' to satisfy the requested number of "
            "instances.",
        )
    return min(most, free)


@operation("RunInstances", checks_first=True, once="ClientToken")
def run_instances(request: Record) -> Record:
    """The reservation with its new, pending instances."""
    made = launch(request)
    held = by_instance()
    return {
        "ReservationId": made[0]["_reservation"],
        "OwnerId": account(),
        "Groups": [],
        "Instances": [shown(instance, held.get(instance["InstanceId"], [])) for instance in made],
    }


def launch(given: Record) -> list[Record]:
    """New instances from a request; nothing is made when any check fails."""
    request = merged(given)
    if not request.get("ImageId"):
        raise EC2Error("MissingParameter", "The request must contain the parameter ImageId")
    image = image_view(request["ImageId"])
    hardware = _hardware(request, image)
    name = hardware["InstanceType"]
    parent, groups, primary = _place(request)
    if request.get("KeyName") and store._key_pairs.get(request["KeyName"]) is None:
        raise EC2Error("InvalidKeyPair.NotFound", f"The key pair '{request['KeyName']}' does not exist")
    profile = _profile(request)
    plan = disks.plan(request, image)
    metadata = _metadata(request, image)
    zone = parent["AvailabilityZone"]
    count = _counts(request, parent)
    _check_zone(name, zone)
    market = _market(request, name, zone)
    end_dry_run(request)
    quotas.check_vcpus(name, count, spot=bool(market))
    _check_capacity(name, zone)
    reservation = new_id("r")
    common: Record = {
        "ImageId": image["ImageId"],
        "InstanceType": name,
        "KeyName": request.get("KeyName"),
        "Architecture": image["Architecture"],
        "RootDeviceType": "ebs",
        "RootDeviceName": image["RootDeviceName"],
        "Hypervisor": "xen",
        "VirtualizationType": "hvm",
        "EnaSupport": True,
        "EbsOptimized": _ebs_optimized(request, hardware),
        "Monitoring": {"State": "enabled" if request.get("Monitoring", {}).get("Enabled") else "disabled"},
        "Placement": {
            **request.get("Placement", {}),
            "AvailabilityZone": zone,
            "AvailabilityZoneId": parent.get("AvailabilityZoneId"),
            "GroupName": request.get("Placement", {}).get("GroupName", ""),
            "Tenancy": request.get("Placement", {}).get("Tenancy", "default"),
        },
        "MetadataOptions": metadata,
        "CpuOptions": request.get("CpuOptions")
        or {
            "CoreCount": hardware["VCpuInfo"].get("DefaultCores", hardware["VCpuInfo"]["DefaultVCpus"]),
            "ThreadsPerCore": hardware["VCpuInfo"].get("DefaultThreadsPerCore", 1),
        },
        "EnclaveOptions": {"Enabled": bool(request.get("EnclaveOptions", {}).get("Enabled"))},
        "HibernationOptions": {"Configured": bool(request.get("HibernationOptions", {}).get("Configured"))},
        "CapacityReservationSpecification": {"CapacityReservationPreference": "open"},
        "MaintenanceOptions": {"AutoRecovery": request.get("MaintenanceOptions", {}).get("AutoRecovery", "default")},
        "PlatformDetails": image.get("PlatformDetails", "Linux/UNIX"),
        "UsageOperation": "RunInstances",
        "UsageOperationUpdateTime": stamp(),
        "BootMode": image.get("BootMode"),
        "PrivateDnsNameOptions": {
            "HostnameType": "ip-name",
            "EnableResourceNameDnsARecord": False,
            "EnableResourceNameDnsAAAARecord": False,
        },
        "ProductCodes": [],
        "ClientToken": request.get("ClientToken", ""),
        "UserData": request.get("UserData", ""),
        "_attributes": {
            "DisableApiTermination": bool(request.get("DisableApiTermination")),
            "DisableApiStop": bool(request.get("DisableApiStop")),
            "InstanceInitiatedShutdownBehavior": request.get("InstanceInitiatedShutdownBehavior", "stop"),
        },
        "_reservation": reservation,
    }
    if market:
        common.update(InstanceLifecycle="spot", _spot=market)
    place = _Place(
        parent=parent, groups=groups, primary=primary, plan=plan, profile=profile, used=taken(parent["SubnetId"])
    )
    return [_make(common, index, request, place) for index in range(count)]


def _ebs_optimized(request: Record, hardware: Record) -> bool:
    support = hardware.get("EbsInfo", {}).get("EbsOptimizedSupport", "default")
    if request.get("EbsOptimized") and support == "unsupported":
        raise EC2Error(
            "Unsupported",
            "EBS-optimized instances are not supported for your requested configuration. Please check the documentation for supported configurations.",
        )
    return bool(request.get("EbsOptimized"))


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where and of what the instances of one launch are made."""

    parent: Record
    groups: list[Record]
    primary: Record
    plan: list[disks.Disk]
    profile: Record | None
    used: set[str]


def _make(common: Record, index: int, request: Record, place: _Place) -> Record:
    parent, primary = place.parent, place.primary
    instance_id = new_id("i")
    held = interfaces.add_interface(
        parent,
        groups=place.groups,
        description=primary.get("Description", ""),
        used=place.used,
        address=primary.get("PrivateIpAddress") or request.get("PrivateIpAddress"),
    )
    interfaces.attach(
        held, instance_id=instance_id, index=0, delete_on_termination=bool(primary.get("DeleteOnTermination", True))
    )
    instance: Record = {
        "InstanceId": instance_id,
        **copy.deepcopy(common),
        "AmiLaunchIndex": index,
        "State": {"Code": 0, "Name": "pending"},
        "StateTransitionReason": "",
        "LaunchTime": stamp(),
        "SubnetId": parent["SubnetId"],
        "VpcId": parent["VpcId"],
        "PrivateIpAddress": held["PrivateIpAddress"],
        "PrivateDnsName": held["PrivateDnsName"],
        "PublicDnsName": "",
        "SourceDestCheck": True,
        "SecurityGroups": place.groups,
        "BlockDeviceMappings": [],
        "IamInstanceProfile": None,
    }
    wants_public = primary.get("AssociatePublicIpAddress", parent.get("MapPublicIpOnLaunch", False))
    if wants_public:
        lifecycle.give_public_address(held, public_address(), public_name)
        instance["_public"] = True
    if "InstanceLifecycle" in instance:
        instance["SpotInstanceRequestId"] = new_id("sir")
    store._instances[instance_id] = instance
    specs = {spec["ResourceType"]: spec.get("Tags", []) for spec in request.get("TagSpecifications", [])}
    template_tags = [{"Key": key, "Value": value} for key, value in request.get("_template", {}).items()]
    set_tags(instance_id, [*specs.get("instance", []), *template_tags])
    set_tags(held["NetworkInterfaceId"], specs.get("network-interface", []))
    disks.make(place.plan, instance, specs.get("volume", []))
    if place.profile:
        store._upsert_iam_instance_profile_association(instance_id, place.profile)
    lifecycle.start_pending(instance)
    return instance
