"""Names, tags, exports and parameters as the contract has them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from template_gate.worlds import REGION, World

EXPORTS = {
    "networking": {
        "vpc-id", "vpc-cidr", "public-subnet-1-id", "public-subnet-2-id", "private-subnet-1-id", "private-subnet-2-id",
        "public-subnet-ids", "private-subnet-ids", "default-sg-id", "igw-id", "nat-gw-1-id", "nat-gw-2-id",
        "public-subnet-1-az", "public-subnet-2-az",
    },
    "base": {
        "bucket-name", "instance-profile-name", "instance-role-arn", "node-security-group-id", "log-group-name", "topic-arn",
        "schedule-group-name", "schedule-role-arn", "command-document-name", "permissions-boundary-arn",
    },
    "compute": set(),
}  # fmt: skip
OUTPUTS = {
    "ComputeInstanceId", "InstancePrivateIp", "SecurityGroupId", "InstanceRoleArn", "LogGroupName", "SessionCommand",
}  # fmt: skip
NAME_PROPERTIES = (
    "AlarmName", "BucketName", "DashboardName", "GroupName", "InstanceProfileName", "LaunchTemplateName", "LogGroupName",
    "ManagedPolicyName", "Name", "RoleName", "TopicName",
)  # fmt: skip
LONGEST = {"BucketName": 63, "InstanceProfileName": 128, "ManagedPolicyName": 128, "RoleName": 64}
CONSTRAINTS = {"AllowedPattern", "AllowedValues", "MinValue", "MaxValue"}


@cache
def tag_property(resource_type: str) -> str | None:
    """The property in which the resource type takes tags, or None when it takes none."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, resource_type).schema
    if schema.get("tagging", {}).get("taggable", schema.get("taggable", False)) or "Tags" in schema["properties"]:
        path = schema.get("tagging", {}).get("tagProperty", "/properties/Tags")
        return str(path).rsplit("/", 1)[1]
    return None


def everything_is_tagged(world: World) -> Iterator[str]:
    wanted = {
        "Project": world.parameters["ProjectName"],
        "Environment": world.parameters["Environment"],
        "Layer": world.layer,
        "ManagedBy": "semanticworld",
        "Owner": world.parameters["Owner"],
    }
    for name, resource in world.resources.items():
        where = tag_property(str(resource["Type"]))
        if resource["Type"] == "AWS::EC2::LaunchTemplate":
            sets = resource["Properties"]["TagSpecifications"]
            sets = [*sets, *resource["Properties"]["LaunchTemplateData"]["TagSpecifications"]]
            tag_lists = [
                [*one["Tags"], {"Key": "Owner", "Value": wanted["Owner"]}] for one in sets
            ]  # a new owner is no new node
            if [one["ResourceType"] for one in sets] != ["launch-template", "network-interface"]:
                yield f"{name} does not tag itself and its interface"
        elif where is None:
            continue
        else:
            tag_lists = [resource.get("Properties", {}).get(where, [])]
        for tags in tag_lists:
            found = {tag["Key"]: tag["Value"] for tag in tags}
            if {key: found.get(key) for key in wanted} != wanted:
                yield f"{name} lacks tags: has {found}"
            prefix = f"{world.parameters['ProjectName']}-{world.parameters['Environment']}-"
            if not str(found.get("Name", "")).startswith(prefix):
                yield f"{name} has no name"


def names_begin_with_project_and_environment(world: World) -> Iterator[str]:
    project, environment = world.parameters["ProjectName"], world.parameters["Environment"]
    room = 21 - len(project) + 7 - len(environment) + 14 - len(REGION)  # to the longest names that parameters allow
    for name, resource in world.resources.items():
        properties: dict[str, Any] = resource.get("Properties", {})
        for key in NAME_PROPERTIES:
            text = properties.get(key)
            if not isinstance(text, str) or text.startswith("<"):
                continue
            if text != f"{project}-{environment}" and not text.startswith(
                (f"{project}-{environment}-", f"/{project}/{environment}/")
            ):
                yield f"{name} is called {text}"
            if len(text) + room > LONGEST.get(key, 256):
                yield f"{name} may be called something longer than {LONGEST[key]} characters"


def exports_are_the_contract(world: World) -> Iterator[str]:
    prefix = f"{world.parameters['ProjectName']}-{world.parameters['Environment']}-"
    wanted = {prefix + name for name in EXPORTS[world.layer]}
    if world.parameters.get("NatGateways") == "0":
        wanted -= {prefix + "nat-gw-1-id", prefix + "nat-gw-2-id"}
    if set(world.resolved.exports) != wanted:
        yield f"exports differ: {sorted(set(world.resolved.exports) ^ wanted)}"


def outputs_are_the_contract(world: World) -> Iterator[str]:
    if world.layer != "compute":
        return
    wanted = OUTPUTS | ({"DataVolumeId"} if world.parameters.get("DataVolumeSize", "0") != "0" else set())
    if not wanted <= set(world.resolved.outputs):
        yield f"outputs are missing: {sorted(wanted - set(world.resolved.outputs))}"
    if world.resolved.outputs.get("SessionCommand") != f"aws ssm start-session --target <Instance> --region {REGION}":
        yield "the session command is another one"


def parameters_are_labelled_and_constrained(world: World) -> Iterator[str]:
    declared: dict[str, dict[str, Any]] = world.template["Parameters"]
    interface: dict[str, Any] = world.template["Metadata"]["AWS::CloudFormation::Interface"]
    grouped = [name for group in interface["ParameterGroups"] for name in group["Parameters"]]
    if sorted(grouped) != sorted(declared):
        yield f"parameters in no group, or in two: {set(grouped) ^ set(declared)}"
    labels = {name for name, label in interface["ParameterLabels"].items() if label.get("default")}
    if labels != set(declared):
        yield f"parameters without a label: {labels ^ set(declared)}"
    for name, parameter in declared.items():
        if (
            not CONSTRAINTS & set(parameter)
            or not parameter.get("ConstraintDescription")
            or not parameter.get("Description")
        ):
            yield f"{name} is not constrained or not explained"
        if (
            parameter["Type"] == "Number"
            and "AllowedValues" not in parameter
            and not {"MinValue", "MaxValue"} <= set(parameter)
        ):
            yield f"{name} has no bounds"
        pattern = str(parameter.get("AllowedPattern", "^$"))
        if not (pattern.startswith("^") and pattern.endswith("$")):
            yield f"{name} has a pattern that is not anchored"


def outputs_are_described(world: World) -> Iterator[str]:
    outputs: dict[str, dict[str, Any]] = world.template["Outputs"]
    yield from (f"output {name} is not described" for name, output in outputs.items() if not output.get("Description"))


CHECKS = (
    everything_is_tagged,
    names_begin_with_project_and_environment,
    exports_are_the_contract,
    outputs_are_the_contract,
    parameters_are_labelled_and_constrained,
    outputs_are_described,
)
