"""Which parameters make CloudFormation replace the node or the data volume: as few as can be, and no surprise among them."""

from __future__ import annotations

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from template_gate.worlds import REGION, World, parameter_file, template, world

OTHER_VALUES = {
    "DataVolumeAttached": "false",
    "DataVolumeIops": "7000",
    "DataVolumeSize": "600",
    "DataVolumeThroughput": "600",
    "Dashboard": "false",
    "DiskAlarmPercent": "70",
    "Environment": "dev",
    "GpuAlarm": "false",
    "Image": "base",
    "ImageId": "ami-11111111111111111",
    "InstanceType": "t3.medium",
    "Owner": "other team",
    "ProjectName": "other",
    "RootDeviceName": "/dev/xvda",
    "RootVolumeSize": "300",
    "Subnet": "private-2",
    "TerminationProtection": "false",
}
NEW_STACK = {"ProjectName", "Environment"}
NEW_NODE = {"ImageId", "RootDeviceName", "RootVolumeSize", "Subnet"}


def changed(name: str) -> tuple[World, World]:
    before = parameter_file("compute", "prod")
    body = template("compute")
    assert before.get(name) != OTHER_VALUES[name]
    return world("compute", "before", body, before), world(
        "compute", "after", body, {**before, name: OTHER_VALUES[name]}
    )


def create_only(resource_type: str) -> set[str]:
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, resource_type).schema
    return {str(path).rsplit("/", 1)[1] for path in schema.get("createOnlyProperties", [])}


def replaces_the_node(name: str) -> bool:
    """A new version of the launch template, or a property of the instance that only a new one can have."""
    before, after = changed(name)
    if before.resources["LaunchTemplate"] != after.resources["LaunchTemplate"]:
        return True
    one, other = (side.resources["Instance"]["Properties"] for side in (before, after))
    return any(one.get(key) != other.get(key) for key in create_only("AWS::EC2::Instance"))


def test_every_parameter_is_asked_about() -> None:
    assert set(OTHER_VALUES) == set(template("compute")["Parameters"])


def test_only_these_parameters_make_a_new_node() -> None:
    assert {name for name in OTHER_VALUES if replaces_the_node(name)} == NEW_NODE | NEW_STACK


def test_only_the_zone_moves_the_data_volume() -> None:
    moved = set()
    for name in OTHER_VALUES:
        before, after = changed(name)
        if "DataVolume" in after.resources:
            one, other = (side.resources["DataVolume"]["Properties"] for side in (before, after))
            moved |= (
                {name}
                if any(one.get(key) != other.get(key) for key in ("AvailabilityZone", "Encrypted", "SnapshotId"))
                else set()
            )
    assert moved == {"Subnet"} | NEW_STACK


def test_what_makes_a_new_node_says_so() -> None:
    described = template("compute")["Parameters"]
    assert all("replaces the node" in described[name]["Description"] for name in NEW_NODE)
