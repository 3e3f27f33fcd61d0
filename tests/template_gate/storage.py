"""Nothing is lost and nothing lies open: encryption, versions, what stays when a stack goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from template_gate.worlds import World

# What must stay when it is deleted or replaced, and how.
POLICIES = {
    "AWS::S3::Bucket": ("RetainExceptOnCreate", "Retain"),
    "AWS::EC2::Volume": ("Snapshot", "Snapshot"),
    "AWS::Logs::LogGroup": ("Delete", "Delete"),
    "AWS::EC2::Instance": ("Delete", "Delete"),
}


def volumes_are_encrypted(world: World) -> Iterator[str]:
    for name, properties in world.of_type("AWS::EC2::Volume"):
        if properties.get("Encrypted") is not True or properties.get("VolumeType") != "gp3":
            yield f"{name} is not an encrypted gp3 volume"
    for name, properties in world.of_type("AWS::EC2::LaunchTemplate"):
        mappings = properties["LaunchTemplateData"].get("BlockDeviceMappings", [])
        if not mappings:
            yield f"{name} takes the root volume as the image has it"
        for mapping in mappings:
            ebs = mapping["Ebs"]
            if (
                ebs.get("Encrypted") is not True
                or ebs.get("VolumeType") != "gp3"
                or ebs.get("DeleteOnTermination") is not True
            ):
                yield f"{name} has an unencrypted, other or lasting root volume"


def bucket_is_encrypted_and_versioned(world: World) -> Iterator[str]:
    for name, properties in world.of_type("AWS::S3::Bucket"):
        rules = properties.get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration", [])
        if [rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] for rule in rules] != ["AES256"]:
            yield f"{name} is not encrypted"
        if properties.get("VersioningConfiguration") != {"Status": "Enabled"}:
            yield f"{name} keeps no versions"
        lifecycle = str(properties.get("LifecycleConfiguration"))
        if "AbortIncompleteMultipartUpload" not in lifecycle or "NoncurrentVersionExpiration" not in lifecycle:
            yield f"{name} keeps incomplete uploads or old versions for ever"


def what_stays_is_said(world: World) -> Iterator[str]:
    for name, resource in world.resources.items():
        wanted = POLICIES.get(str(resource["Type"]))
        found = (resource.get("DeletionPolicy"), resource.get("UpdateReplacePolicy"))
        if wanted is not None and found != wanted:
            yield f"{name} has the policies {found}"


def data_volume_is_as_asked(world: World) -> Iterator[str]:
    if world.layer != "compute":
        return
    size = world.parameters.get("DataVolumeSize", "0")
    volumes = dict(world.of_type("AWS::EC2::Volume"))
    attachments = dict(world.of_type("AWS::EC2::VolumeAttachment"))
    if bool(volumes) is not (size != "0"):
        yield "the data volume is not as asked"
    if bool(attachments) is not (size != "0" and world.parameters.get("DataVolumeAttached", "true") == "true"):
        yield "the data volume is not attached as asked"
    for name, properties in volumes.items():
        number = "2" if world.parameters["Subnet"] == "private-2" else "1"
        if f"-public-subnet-{number}-az>" not in str(properties["AvailabilityZone"]):
            yield f"{name} is in another zone than its node"
        if {"Key": "SnapshotPolicy", "Value": "semanticworld-" + world.parameters["Environment"]} not in properties[
            "Tags"
        ]:
            yield f"{name} is overlooked by the snapshot policy"


def logs_end(world: World) -> Iterator[str]:
    for name, properties in world.of_type("AWS::Logs::LogGroup"):
        if int(str(properties.get("RetentionInDays", 0))) < 1:
            yield f"{name} is kept for ever"


def traffic_is_logged(world: World) -> Iterator[str]:
    wanted = world.layer == "networking" and world.parameters.get("FlowLogs", "true") == "true"
    if wanted and [p["ResourceId"] for _, p in world.of_type("AWS::EC2::FlowLog")] != ["<Vpc>"]:
        yield "the VPC has no flow logs"


def snapshots_are_made(world: World) -> Iterator[str]:
    kept = world.parameters.get("SnapshotsKept", "0")
    policies = dict(world.of_type("AWS::DLM::LifecyclePolicy"))
    if bool(policies) is not (kept != "0"):
        yield "the snapshot policy is not as asked"
    for name, properties in policies.items():
        details: dict[str, Any] = properties["PolicyDetails"]
        tag = {"Key": "SnapshotPolicy", "Value": "semanticworld-" + world.parameters["Environment"]}
        schedule = details["Schedules"][0]
        if properties.get("State") != "ENABLED" or details["TargetTags"] != [tag]:
            yield f"{name} makes no snapshots of our volumes"
        if schedule["RetainRule"] != {"Count": kept} or schedule.get("CopyTags") is not True:
            yield f"{name} keeps another number, or loses tags"


def budget_warns(world: World) -> Iterator[str]:
    wanted = world.parameters.get("MonthlyBudget", "0")
    budgets = dict(world.of_type("AWS::Budgets::Budget"))
    if bool(budgets) is not (wanted != "0"):
        yield "the budget is not as asked"
    for name, properties in budgets.items():
        budget: dict[str, Any] = properties["Budget"]
        notices = properties["NotificationsWithSubscribers"]
        levels = [notice["Notification"]["Threshold"] for notice in notices]
        told = {subscriber["Address"] for notice in notices for subscriber in notice["Subscribers"]}
        if (
            levels != [50, 80, 100]
            or told != {"<AlertTopic>"}
            or budget["BudgetLimit"] != {"Amount": wanted, "Unit": "USD"}
        ):
            yield f"{name} warns at {levels} of {budget['BudgetLimit']} to {told}"
        keys = [part["Tags"]["Key"] for part in budget["FilterExpression"]["And"]]
        if keys != ["Project", "Environment"]:
            yield f"{name} counts something else"


def alerts_have_an_address(world: World) -> Iterator[str]:
    if world.layer != "base":
        return
    found = [(p["Protocol"], p["Endpoint"]) for _, p in world.of_type("AWS::SNS::Subscription")]
    address = world.parameters.get("AlertEmail", "")
    if found != ([("email", address)] if address else []):
        yield "alerts go elsewhere"


CHECKS = (
    volumes_are_encrypted,
    bucket_is_encrypted_and_versioned,
    what_stays_is_said,
    data_volume_is_as_asked,
    logs_end,
    traffic_is_logged,
    snapshots_are_made,
    budget_warns,
    alerts_have_an_address,
)
