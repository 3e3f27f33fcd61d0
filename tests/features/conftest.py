"""The given, when and then of the features."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd import given, parsers, then, when

from feature_world import ROOT, CloudWorld
from semanticworld.local import commands

FOREIGN_TEMPLATE = json.dumps(
    {"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "somebody-elses-topic"}}}}
)


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture
def cloud(tmp_path: Path, kept: Path) -> Iterator[CloudWorld]:
    world = CloudWorld(state=tmp_path / "state", kept=kept)
    yield world
    world.end()


# ---------------------------------------------------------------- given


@given(parsers.parse("a node in {environment}"))
def node_in(cloud: CloudWorld, environment: str) -> None:
    cloud.node(environment)
    cloud.remembered[f"instance {environment}"] = cloud.the_instance(environment)


@given(parsers.parse('a copy of the parameter file "{name}" with "{key}" set to "{value}"'))
def copied_parameters(cloud: CloudWorld, tmp_path: Path, name: str, key: str, value: str) -> None:
    parameters: list[dict[str, str]] = json.loads((ROOT / "infrastructure" / "parameters" / name).read_text())
    kept = [entry for entry in parameters if entry["ParameterKey"] != key]
    copy = tmp_path / name
    copy.write_text(json.dumps([*kept, {"ParameterKey": key, "ParameterValue": value}]))
    cloud.remembered["file"] = copy


@given(parsers.parse('a network of test made by somebody else\'s template in the stack "{name}"'))
def foreign_network(cloud: CloudWorld, name: str) -> None:
    body = (Path(__file__).parent / "platform-network.yaml").read_text()
    cloudformation = cloud.client("cloudformation")
    cloudformation.create_stack(StackName=name, TemplateBody=body)
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName=name, WaiterConfig={"Delay": 0.1, "MaxAttempts": 600}
    )


@given(parsers.parse('a stack "{name}" that is not ours'))
def foreign_stack(cloud: CloudWorld, name: str) -> None:
    cloudformation = cloud.client("cloudformation")
    cloudformation.create_stack(StackName=name, TemplateBody=FOREIGN_TEMPLATE)
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName=name, WaiterConfig={"Delay": 0.1, "MaxAttempts": 300}
    )
    cloud.remembered["foreign"] = cloud.stack(name)


@given(parsers.parse('the fault "{words}"'))
def fault(cloud: CloudWorld, words: str) -> None:
    cloud.start()
    commands.fault_add(cloud.environment(), shlex.split(words))


@given("the faults are cleared")
def faults_cleared(cloud: CloudWorld) -> None:
    commands.fault_clear(cloud.environment())


@given(parsers.parse('I have run "{line}"'))
def have_run(cloud: CloudWorld, line: str) -> None:
    cloud.run(line)


@given(parsers.parse('an object "{key}" in the bucket of {environment}'))
def object_in_bucket(cloud: CloudWorld, key: str, environment: str) -> None:
    bucket = cloud.exports()[f"semanticworld-{environment}-bucket-name"]
    cloud.client("s3").put_object(Bucket=bucket, Key=key, Body=b"weights")


@given(parsers.parse("a volume of {size:d} GiB made by hand with the tags of {environment}"))
def volume_by_hand(cloud: CloudWorld, size: int, environment: str) -> None:
    ec2 = cloud.client("ec2")
    tags = [{"Key": "Project", "Value": "semanticworld"}, {"Key": "Environment", "Value": environment}]
    cloud.remembered["volume"] = ec2.create_volume(
        Size=size,
        VolumeType="gp3",
        Encrypted=True,
        AvailabilityZone="eu-central-1a",
        TagSpecifications=[{"ResourceType": "volume", "Tags": tags}],
    )["VolumeId"]


# ---------------------------------------------------------------- when


@when(parsers.re(r'I run "(?P<line>[^"]*)"$'))
def run(cloud: CloudWorld, line: str) -> None:
    cloud.run(line)


@when(parsers.parse('I run "{line}" with the input "{text}"'))
def run_with_input(cloud: CloudWorld, line: str, text: str) -> None:
    cloud.run(line, stdin=text + "\n")


# ---------------------------------------------------------------- then: the answer


def answer(cloud: CloudWorld) -> dict[str, Any]:
    assert cloud.last is not None
    return cloud.last.answer


@then(parsers.parse("the exit status is {status:d}"))
def exit_status(cloud: CloudWorld, status: int) -> None:
    assert cloud.last is not None
    assert cloud.last.status == status, f"{cloud.last.out}\n{cloud.last.err}"


@then("the answer says ok")
def says_ok(cloud: CloudWorld) -> None:
    assert answer(cloud)["ok"] is True


@then("the answer's node is running")
def node_running(cloud: CloudWorld) -> None:
    assert answer(cloud)["node"]["state"] == "running"


@then(parsers.parse('the answer has the outputs "{names}"'))
def has_outputs(cloud: CloudWorld, names: str) -> None:
    assert set(names.split(", ")) <= set(answer(cloud)["outputs"])


@then(parsers.parse("the answer's outputs are those of the compute stack of {environment}"))
def outputs_match(cloud: CloudWorld, environment: str) -> None:
    assert answer(cloud)["outputs"] == cloud.outputs(f"semanticworld-{environment}-compute")


@then(parsers.parse('the answer\'s stack is "{status}"'))
def stack_is(cloud: CloudWorld, status: str) -> None:
    assert answer(cloud)["stack"]["status"] == status


@then("the answer has recent events")
def has_events(cloud: CloudWorld) -> None:
    assert answer(cloud)["events"]


@then("the answer lists no changes")
def no_changes(cloud: CloudWorld) -> None:
    assert answer(cloud)["changes"] == []


@then("the answer lists changes")
def lists_changes(cloud: CloudWorld) -> None:
    assert answer(cloud)["changes"]


@then(parsers.parse('the answer lists a change of "{logical_id}"'))
def lists_change_of(cloud: CloudWorld, logical_id: str) -> None:
    assert logical_id in [change["logical_id"] for change in answer(cloud)["changes"]]


@then("the answer has no leftovers")
def no_leftovers(cloud: CloudWorld) -> None:
    assert answer(cloud)["leftovers"] == []


@then("the answer's leftovers name the volume with its monthly price")
def leftover_volume(cloud: CloudWorld) -> None:
    by_id = {leftover["id"]: leftover for leftover in answer(cloud)["leftovers"]}
    assert by_id[cloud.remembered["volume"]]["usd_per_month"] == pytest.approx(5 * 0.0952, abs=0.005)


@then("the answer retains the base layer at 0 USD")
def base_retained(cloud: CloudWorld) -> None:
    kept = [entry for entry in answer(cloud)["retained"] if "base" in entry["id"]]
    assert kept
    assert all(entry["usd_per_month"] == 0 for entry in kept)


@then("the answer retains a snapshot with its monthly price")
def snapshot_retained(cloud: CloudWorld) -> None:
    kept = [entry for entry in answer(cloud)["retained"] if entry["id"].startswith("snap-")]
    assert len(kept) == 1
    assert kept[0]["usd_per_month"] > 0


@then(parsers.parse('the answer names the alarm "{name}" as left over'))
def alarm_left_over(cloud: CloudWorld, name: str) -> None:
    assert any(name in leftover["id"] for leftover in answer(cloud)["leftovers"]), answer(cloud)["leftovers"]


@then(parsers.parse('the answer has a row for each of "{names}"'))
def rows(cloud: CloudWorld, names: str) -> None:
    assert [row["environment"] for row in answer(cloud)["environments"]] == names.split(", ")


@then(parsers.parse('the error suggests "{text}"'))
def error_suggests(cloud: CloudWorld, text: str) -> None:
    error = answer(cloud)["error"]
    assert text in error["hint"] + error["why"]


@then(parsers.parse('the error mentions "{text}"'))
@then(parsers.parse('the error names "{text}"'))
def error_mentions(cloud: CloudWorld, text: str) -> None:
    error = answer(cloud)["error"]
    assert text.lower() in f"{error['what']} {error['why']}".lower()


@then("the error has a hint")
def error_has_hint(cloud: CloudWorld) -> None:
    assert answer(cloud)["error"]["hint"]


@then(parsers.parse('the error\'s hint is "{hint}"'))
def error_hint_is(cloud: CloudWorld, hint: str) -> None:
    told = re.sub(r" --endpoint-url http://127\.0\.0\.1:\d+", " --endpoint-url URL", answer(cloud)["error"]["hint"])
    assert told == hint


@then(parsers.parse('the error\'s hint mentions "{text}"'))
def error_hint_mentions(cloud: CloudWorld, text: str) -> None:
    assert text in answer(cloud)["error"]["hint"]


@then(parsers.parse('the history has a finished "{first}" and a finished "{second}"'))
def history_has(cloud: CloudWorld, first: str, second: str) -> None:
    finished = [entry["command"] for entry in answer(cloud)["entries"] if entry["step"] == "done"]
    assert first in finished
    assert second in finished


# ---------------------------------------------------------------- then: what stands


@then(parsers.parse('the stacks "{layers}" of {environment} are complete'))
def stacks_complete(cloud: CloudWorld, layers: str, environment: str) -> None:
    for layer in layers.split(", "):
        stack = cloud.stack(f"semanticworld-{environment}-{layer}")
        assert stack is not None, layer
        assert stack["StackStatus"] in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}


@then(parsers.parse('the stacks "{layers}" of {environment} carry our tags'))
def stacks_tagged(cloud: CloudWorld, layers: str, environment: str) -> None:
    for layer in layers.split(", "):
        stack = cloud.stack(f"semanticworld-{environment}-{layer}")
        assert stack is not None, layer
        tags = {tag["Key"]: tag["Value"] for tag in stack["Tags"]}
        expected = {"Project": "semanticworld", "Environment": environment, "Layer": layer}
        assert expected.items() <= tags.items()
        assert {"ManagedBy", "Owner"} <= set(tags)


@then(parsers.parse('there is no stack "{name}"'))
def no_stack(cloud: CloudWorld, name: str) -> None:
    assert cloud.stack(name) is None


@then(parsers.parse('the stack "{name}" that is not ours is untouched'))
def foreign_untouched(cloud: CloudWorld, name: str) -> None:
    assert cloud.stack(name) == cloud.remembered["foreign"]


@then(parsers.parse('there is no alarm "{name}"'))
def no_alarm(cloud: CloudWorld, name: str) -> None:
    assert cloud.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"] == []


@then(parsers.parse("there is {count:d} running instance in {environment}"))
def running(cloud: CloudWorld, count: int, environment: str) -> None:
    assert len(cloud.instances(environment, "running")) == count


@then(parsers.parse("there is no instance in {environment}"))
def no_instance(cloud: CloudWorld, environment: str) -> None:
    assert cloud.instances(environment) == []


@then(parsers.parse("nothing was created in {environment}"))
def nothing_created(cloud: CloudWorld, environment: str) -> None:
    for layer in ("networking", "base", "compute"):
        assert cloud.stack(f"semanticworld-{environment}-{layer}") is None
    assert cloud.instances(environment) == []


@then(parsers.parse("nothing of {environment} is left at all"))
def nothing_left(cloud: CloudWorld, environment: str) -> None:
    nothing_created(cloud, environment)
    found = cloud.client("resourcegroupstaggingapi").get_resources(
        TagFilters=[{"Key": "Environment", "Values": [environment]}]
    )
    # AWS shows terminated instances and deleted NAT gateways, with their tags, for about an hour.
    gateways = cloud.client("ec2").describe_nat_gateways(Filter=[{"Name": "tag:Environment", "Values": [environment]}])[
        "NatGateways"
    ]
    assert {gateway["State"] for gateway in gateways} <= {"deleted"}
    arns = [entry["ResourceARN"] for entry in found["ResourceTagMappingList"]]
    assert [arn for arn in arns if ":instance/" not in arn and ":natgateway/" not in arn] == []
    prefix = f"semanticworld-{environment}"
    assert [role for role in cloud.client("iam").list_roles()["Roles"] if role["RoleName"].startswith(prefix)] == []
    assert [b for b in cloud.client("s3").list_buckets()["Buckets"] if b["Name"].startswith(prefix)] == []


@then(parsers.parse('the node in {environment} is a "{instance_type}"'))
def node_is(cloud: CloudWorld, environment: str, instance_type: str) -> None:
    assert cloud.the_instance(environment)["InstanceType"] == instance_type


@then("it is the same instance as before")
def same_instance(cloud: CloudWorld) -> None:
    before = cloud.remembered["instance test"]
    now = cloud.the_instance("test")
    assert now["InstanceId"] == before["InstanceId"]
    assert [v["VolumeId"] for v in cloud.volumes_of(now)] == [v["VolumeId"] for v in cloud.volumes_of(before)]


@then(parsers.parse("the node in {environment} is untouched"))
def node_untouched(cloud: CloudWorld, environment: str) -> None:
    before = cloud.remembered[f"instance {environment}"]
    now = cloud.the_instance(environment)
    for key in ("InstanceId", "InstanceType", "LaunchTime", "PrivateIpAddress", "ImageId", "SubnetId"):
        assert now[key] == before[key], key
    assert now["State"]["Name"] == "running"


@then(parsers.parse("no change set is left behind in {environment}"))
def no_change_set(cloud: CloudWorld, environment: str) -> None:
    listed = cloud.client("cloudformation").list_change_sets(StackName=f"semanticworld-{environment}-compute")
    assert [entry for entry in listed["Summaries"] if entry["ExecutionStatus"] == "AVAILABLE"] == []


@then(parsers.parse("the root volume of the node in {environment} has {size:d} GiB"))
def root_volume(cloud: CloudWorld, environment: str, size: int) -> None:
    instance = cloud.the_instance(environment)
    root = next(m for m in instance["BlockDeviceMappings"] if m["DeviceName"] == instance["RootDeviceName"])
    volumes = {volume["VolumeId"]: volume for volume in cloud.volumes_of(instance)}
    assert volumes[root["Ebs"]["VolumeId"]]["Size"] == size


@then(parsers.parse("a data volume of {size:d} GiB is attached to the node in {environment}"))
def data_volume(cloud: CloudWorld, size: int, environment: str) -> None:
    volume_id = cloud.outputs(f"semanticworld-{environment}-compute")["DataVolumeId"]
    volume = cloud.client("ec2").describe_volumes(VolumeIds=[volume_id])["Volumes"][0]
    assert (volume["Size"], volume["Encrypted"], volume["VolumeType"]) == (size, True, "gp3")
    assert volume["Attachments"][0]["InstanceId"] == cloud.the_instance(environment)["InstanceId"]


@then(parsers.parse('the object "{key}" is still in the bucket of {environment}'))
def object_still_there(cloud: CloudWorld, key: str, environment: str) -> None:
    s3 = cloud.client("s3")
    buckets = [b["Name"] for b in s3.list_buckets()["Buckets"] if b["Name"].startswith(f"semanticworld-{environment}")]
    assert len(buckets) == 1
    assert s3.get_object(Bucket=buckets[0], Key=key)["Body"].read() == b"weights"


@then(parsers.parse("the exports of the contract exist for {environment}"))
def contract_exports(cloud: CloudWorld, environment: str) -> None:
    suffixes = [
        "vpc-id",
        "vpc-cidr",
        "public-subnet-1-id",
        "public-subnet-2-id",
        "private-subnet-1-id",
        "private-subnet-2-id",
        "public-subnet-ids",
        "private-subnet-ids",
        "default-sg-id",
        "igw-id",
        "public-subnet-1-az",
        "public-subnet-2-az",
    ]
    assert {f"semanticworld-{environment}-{suffix}" for suffix in suffixes} <= set(cloud.exports())
