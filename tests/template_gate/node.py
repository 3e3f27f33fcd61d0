"""The node: hardened, watched, and stopped rather than lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from template_gate.worlds import World

METADATA = {
    "HttpEndpoint": "enabled",
    "HttpProtocolIpv6": "disabled",
    "HttpPutResponseHopLimit": 1,
    "HttpTokens": "required",
    "InstanceMetadataTags": "disabled",
}


def metadata_is_guarded(world: World) -> Iterator[str]:
    for name, properties in world.of_type("AWS::EC2::LaunchTemplate"):
        if properties["LaunchTemplateData"].get("MetadataOptions") != METADATA:
            yield f"{name} leaves metadata open"
    for name, properties in world.of_type("AWS::EC2::Instance"):
        if "MetadataOptions" in properties:
            yield f"{name} overrides metadata options"


def no_key_pair(world: World) -> Iterator[str]:
    for name, properties in world.of_type("AWS::EC2::Instance", "AWS::EC2::LaunchTemplate"):
        if "KeyName" in properties or "KeyName" in properties.get("LaunchTemplateData", {}):
            yield f"{name} has a key pair"
    yield from (f"{name} is a key pair" for name, _ in world.of_type("AWS::EC2::KeyPair"))


def launch_is_complete(world: World) -> Iterator[str]:  # noqa: C901 - a list of demands
    for name, properties in world.of_type("AWS::EC2::LaunchTemplate"):
        data: dict[str, Any] = properties["LaunchTemplateData"]
        if data.get("EbsOptimized") is not True:
            yield f"{name} is not EBS-optimized"
        if data.get("Monitoring") != {"Enabled": True}:
            yield f"{name} has no detailed monitoring"
        if data.get("InstanceInitiatedShutdownBehavior") != "stop":
            yield f"{name} is lost by a shutdown"
        if "-instance-profile-name>" not in str(data.get("IamInstanceProfile")):
            yield f"{name} has no instance profile"
        groups = [group for interface in data["NetworkInterfaces"] for group in interface["Groups"]]
        if [str(group).rsplit("-", 4)[1:] for group in groups] != [["node", "security", "group", "id>"]]:
            yield f"{name} has other security groups: {groups}"
        number = "2" if world.parameters["Subnet"] == "private-2" else "1"
        if f"private-subnet-{number}-id" not in str(data["NetworkInterfaces"]):
            yield f"{name} is not in private subnet {number}"
    for name, properties in world.of_type("AWS::EC2::Instance"):
        if properties.get("PropagateTagsToVolumeOnCreation") is not True:
            yield f"{name} leaves its root volume untagged"
        if (
            properties.get("InstanceType") != world.parameters["InstanceType"]
            or properties.get("ImageId") != world.parameters["ImageId"]
        ):
            yield f"{name} takes type or image from its launch template, so a new type would be a new node"


def protection_is_as_asked(world: World) -> Iterator[str]:
    for name, properties in world.of_type("AWS::EC2::Instance"):
        if properties.get("DisableApiTermination") is not (world.parameters["TerminationProtection"] == "true"):
            yield f"{name} is not protected as asked"


def alarms_tell_people(world: World) -> Iterator[str]:  # noqa: C901 - a list of demands
    if world.layer != "compute":
        return
    metrics = set()
    for name, properties in world.of_type("AWS::CloudWatch::Alarm"):
        if not all("-topic-arn>" in str(properties.get(key)) for key in ("AlarmActions", "OKActions")):
            yield f"{name} tells nobody"
        if any(":automate:" in str(action) or ":swf:" in str(action) for action in properties["AlarmActions"]):
            yield f"{name} acts on the node by itself"
        if properties.get("TreatMissingData") != "notBreaching":
            yield f"{name} takes silence for a fault"
        queries = properties.get("Metrics")
        stats = (
            [query["MetricStat"]["Metric"] for query in queries if "MetricStat" in query] if queries else [properties]
        )
        for metric in stats:
            if metric["Dimensions"] != [{"Name": "InstanceId", "Value": "<Instance>"}]:
                yield f"{name} looks at another dimension"
            if metric["Namespace"] not in {"AWS/EC2", "SemanticWorld/Compute"}:
                yield f"{name} looks into another namespace"
            metrics.add(metric["MetricName"])
    wanted = {"StatusCheckFailed_System", "StatusCheckFailed_Instance", "Heartbeat", "DiskUsedPercent"}
    if world.parameters.get("GpuAlarm") == "true":
        wanted.add("GpuFailures")
    if not wanted <= metrics:
        yield f"nothing watches {sorted(wanted - metrics)}"


def no_user_data_secret(world: World) -> Iterator[str]:
    for name, properties in world.of_type("AWS::EC2::Instance", "AWS::EC2::LaunchTemplate"):
        text = str(properties.get("UserData", "")) + str(properties.get("LaunchTemplateData", {}))
        if any(word in text.lower() for word in ("password", "secret", "aws_access_key")):
            yield f"{name} may carry a secret"


CHECKS = (
    metadata_is_guarded,
    no_key_pair,
    launch_is_complete,
    protection_is_as_asked,
    alarms_tell_people,
    no_user_data_secret,
)
