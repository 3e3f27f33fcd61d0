from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.session import Session

from canned_aws import CannedWorld
from semanticworld.aws.arns import read_arn
from semanticworld.aws.caller import StsCaller
from semanticworld.aws.calls import Calls
from semanticworld.aws.deletions import DELETIONS
from semanticworld.aws.found_ec2 import TYPES
from semanticworld.aws.found_named import LOOK_UPS
from semanticworld.aws.found_parts import PARTS
from semanticworld.aws.inventory import AwsInventory
from semanticworld.aws.named import LISTINGS, is_ours
from semanticworld.errors import AwsError, Refused
from semanticworld.model.environment import Environment, EnvironmentName
from semanticworld.model.leftover import Existence, Found
from semanticworld.model.stack import StackResource

DEV = Environment(name=EnvironmentName.DEV)
TEMPLATES = Path(__file__).parents[2] / "infrastructure"
TAGS = [{"Key": "Project", "Value": "semanticworld"}, {"Key": "Environment", "Value": "dev"}]
FOREIGN = [{"Key": "Project", "Value": "semanticworld"}, {"Key": "Environment", "Value": "prod"}]
ACCOUNT = "123456789012"
MISSING = {
    "AWS::EC2::EIP": "198.51.100.1",
    "AWS::EC2::LaunchTemplate": "lt-0123456789abcdef0",
    "AWS::EC2::Route": "rtb-0123456789abcdef0|0.0.0.0/0",
    "AWS::EC2::SecurityGroupEgress": "sgr-0123456789abcdef0",
    "AWS::EC2::SecurityGroupIngress": "sgr-0123456789abcdef0",
    "AWS::EC2::SubnetRouteTableAssociation": "rtbassoc-0123456789abcdef0",
    "AWS::EC2::VPCGatewayAttachment": "IGW|vpc-0123456789abcdef0",
    "AWS::EC2::VolumeAttachment": "vol-0123456789abcdef0|i-0123456789abcdef0",
    "AWS::DLM::LifecyclePolicy": "policy-0123456789abcdef0",
    "AWS::IAM::ManagedPolicy": f"arn:aws:iam::{ACCOUNT}:policy/nothing",
    "AWS::SNS::Subscription": f"arn:aws:sns:eu-central-1:{ACCOUNT}:nothing:00000000-0000-4000-8000-000000000000",
    "AWS::SNS::Topic": f"arn:aws:sns:eu-central-1:{ACCOUNT}:nothing",
}


class Loader(yaml.SafeLoader):
    """Templates with CloudFormation's own tags, whose values do not matter here."""


Loader.add_multi_constructor("!", lambda loader, suffix, node: None)  # noqa: ARG005 - YAML's own signature


def template_types() -> set[str]:
    return {
        resource["Type"]
        for path in TEMPLATES.glob("*.yaml")
        for resource in yaml.load(path.read_text(), Loader)["Resources"].values()  # noqa: S506 - a SafeLoader
    }


def resource(type_: str, physical_id: str | None) -> StackResource:
    return StackResource(logical_id="It", physical_id=physical_id, type=type_, status="CREATE_COMPLETE")


@pytest.fixture
def inventory(calls: Calls) -> AwsInventory:
    return AwsInventory(calls, StsCaller(calls))


def test_every_type_of_the_templates_can_be_looked_up() -> None:
    assert len(template_types()) > 25
    assert template_types() <= TYPES | set(LOOK_UPS) | set(PARTS)


def test_there_are_at_least_sixteen_listings() -> None:
    assert len(TYPES) + len(LISTINGS) + len({"tagging API", "snapshot policies"}) >= 16


@pytest.mark.parametrize("type_", sorted(TYPES | set(LOOK_UPS)))
def test_what_is_not_there_is_gone_for_every_type(inventory: AwsInventory, type_: str) -> None:
    (found,) = inventory.look_up([resource(type_, MISSING.get(type_, "semanticworld-nothing"))])
    assert (found.type, found.existence, found.detail) == (type_, Existence.GONE, "")


def test_answers_come_in_order_and_only_for_things_with_an_id(inventory: AwsInventory) -> None:
    found = inventory.look_up(
        [
            resource("AWS::Logs::LogGroup", "/nothing"),
            resource("AWS::EC2::Volume", None),
            resource("AWS::EC2::Subnet", "subnet-0123456789abcdef0"),
            resource("AWS::Logs::LogGroup", "/nothing/else"),
        ]
    )
    assert [each.id for each in found] == ["/nothing", "subnet-0123456789abcdef0", "/nothing/else"]


def test_a_type_nobody_knows_is_unknown_and_never_gone(inventory: AwsInventory) -> None:
    (found,) = inventory.look_up([resource("AWS::Nothing::Known", "x")])
    assert found.existence is Existence.UNKNOWN
    assert found.detail


def test_a_part_without_an_id_of_its_own_goes_with_its_whole(inventory: AwsInventory, calls: Calls) -> None:
    topic = make_topic(calls, "semanticworld-dev-alerts")
    part = resource("AWS::SNS::TopicPolicy", "stack-TopicPolicy-1ABC")
    standing = inventory.look_up([part, resource("AWS::SNS::Topic", topic)])
    assert [each.existence for each in standing] == [Existence.UNKNOWN, Existence.PRESENT]
    inventory.delete_found(Found(type="AWS::SNS::Topic", id=topic))
    gone = inventory.look_up([part, resource("AWS::SNS::Topic", topic)])
    assert [each.existence for each in gone] == [Existence.GONE, Existence.GONE]


def test_a_refused_look_up_is_unknown_with_awss_reason(canned: CannedWorld) -> None:
    canned.aws.answers = [
        (403, b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>")
    ]
    inventory = AwsInventory(canned.calls, StsCaller(canned.calls))
    (found,) = inventory.look_up([resource("AWS::IAM::Role", "semanticworld-dev-node")])
    assert found.existence is Existence.UNKNOWN
    assert "iam:GetRole" in found.detail


def test_a_listing_that_fails_is_told_and_not_left_out(canned: CannedWorld) -> None:
    canned.aws.answers = [
        (403, b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>")
    ]
    inventory = AwsInventory(canned.calls, StsCaller(canned.calls))
    found = inventory.by_tag(DEV)
    assert {each.existence for each in found} == {Existence.UNKNOWN}
    assert {each.type for each in found} >= TYPES


@pytest.mark.parametrize("type_", ["AWS::EC2::VPC", "AWS::IAM::Role", "AWS::KMS::Key", "AWS::CloudFormation::Stack"])
def test_what_must_not_be_touched_is_refused(inventory: AwsInventory, type_: str) -> None:
    with pytest.raises(Refused) as caught:
        inventory.delete_found(Found(type=type_, id="x"))
    assert caught.value.code == "LIF920"


@pytest.mark.parametrize("type_", sorted(DELETIONS))
def test_deleting_what_is_gone_is_no_error(inventory: AwsInventory, type_: str) -> None:
    inventory.delete_found(Found(type=type_, id=MISSING.get(type_, GONE_IDS.get(type_, "semanticworld-nothing"))))


GONE_IDS = {
    "AWS::EC2::FlowLog": "fl-0123456789abcdef0",
    "AWS::EC2::Instance": "i-0123456789abcdef0",
    "AWS::EC2::NatGateway": "nat-0123456789abcdef0",
    "AWS::EC2::NetworkInterface": "eni-0123456789abcdef0",
    "AWS::EC2::SecurityGroup": "sg-0123456789abcdef0",
    "AWS::EC2::Snapshot": "snap-0123456789abcdef0",
    "AWS::EC2::VPCEndpoint": "vpce-0123456789abcdef0",
    "AWS::EC2::Volume": "vol-0123456789abcdef0",
    "AWS::Logs::LogGroup": "/nothing",
}


def make_topic(calls: Calls, name: str) -> str:
    return str(plain(calls, "sns").create_topic(Name=name)["TopicArn"])


def plain(calls: Calls, service: str) -> Any:  # noqa: ANN401 - a service's client, full model
    """A client that can plant things: ours can only do what the project does."""
    session = Session()
    access = calls._access  # noqa: SLF001 - the same account
    return session.create_client(
        service,
        region_name="eu-central-1",
        endpoint_url=access.endpoint_url,
        aws_access_key_id=access.made_up_key,
        aws_secret_access_key="x",  # noqa: S106 - the embedded cloud accepts any
    )


@pytest.fixture
def planted(calls: Calls) -> set[tuple[str, str]]:
    """One of each of these kinds, ours; and its twin of prod, which must never be shown."""
    ours: set[tuple[str, str]] = set()
    ec2, s3, logs = plain(calls, "ec2"), plain(calls, "s3"), plain(calls, "logs")
    for tags, name in ((TAGS, "semanticworld-dev"), (FOREIGN, "semanticworld-prod"), (FOREIGN, "semanticworld-dev2")):

        def spec(kind: str, tags: list[dict[str, str]] = tags) -> list[dict[str, object]]:
            return [{"ResourceType": kind, "Tags": tags}]

        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=spec("vpc"))["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24", TagSpecifications=spec("subnet"))["Subnet"][
            "SubnetId"
        ]
        group = ec2.create_security_group(
            GroupName=f"{name}-node", Description="x", VpcId=vpc, TagSpecifications=spec("security-group")
        )["GroupId"]
        volume = ec2.create_volume(AvailabilityZone="eu-central-1a", Size=7, TagSpecifications=spec("volume"))[
            "VolumeId"
        ]
        ec2.get_waiter("volume_available").wait(VolumeIds=[volume], WaiterConfig={"Delay": 1})
        snapshot = ec2.create_snapshot(VolumeId=volume, TagSpecifications=spec("snapshot"))["SnapshotId"]
        address = ec2.allocate_address(Domain="vpc", TagSpecifications=spec("elastic-ip"))["PublicIp"]
        interface = ec2.create_network_interface(SubnetId=subnet, Groups=[group])["NetworkInterface"]
        logs.create_log_group(logGroupName=f"/{name.replace('-', '/', 1)}/node")
        bucket = f"{name}-data-{calls.call('sts', 'GetCallerIdentity')['Account']}-eu-central-1"
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        topic = make_topic(calls, f"{name}-alerts")
        if tags is TAGS:
            ours = {
                ("AWS::EC2::VPC", vpc),
                ("AWS::EC2::Subnet", subnet),
                ("AWS::EC2::SecurityGroup", group),
                ("AWS::EC2::Volume", volume),
                ("AWS::EC2::Snapshot", snapshot),
                ("AWS::EC2::EIP", address),
                ("AWS::EC2::NetworkInterface", interface["NetworkInterfaceId"]),
                ("AWS::Logs::LogGroup", "/semanticworld/dev/node"),
                ("AWS::S3::Bucket", bucket),
                ("AWS::SNS::Topic", topic),
            }
    return ours


def test_planted_things_are_found_looked_up_and_deleted(inventory: AwsInventory, planted: set[tuple[str, str]]) -> None:
    found = {(each.type, each.id): each for each in (*inventory.by_tag(DEV), *inventory.by_name(DEV))}
    assert planted == set(found)
    assert {each.existence for each in found.values()} == {Existence.PRESENT}
    sizes = {type_: each.size_gib for (type_, _), each in found.items()}
    assert (sizes["AWS::EC2::Volume"], sizes["AWS::EC2::Snapshot"], sizes["AWS::S3::Bucket"]) == (
        Decimal(7),
        Decimal(7),
        Decimal(0),
    )

    seen = inventory.look_up([resource(type_, id_) for type_, id_ in sorted(planted)])
    assert {each.existence for each in seen} == {Existence.PRESENT}

    order = ["AWS::EC2::NetworkInterface", "AWS::EC2::SecurityGroup", "AWS::EC2::Snapshot"]
    rest = sorted({type_ for type_, _ in planted} - set(order) - {"AWS::EC2::VPC", "AWS::EC2::Subnet"})
    deletable = [each for type_ in (*order, *rest) for each in found.values() if each.type == type_]
    for each in deletable:
        inventory.delete_found(each)
    left = inventory.look_up([resource(each.type, each.id) for each in deletable])
    assert {(each.type, each.existence) for each in left} == {(each.type, Existence.GONE) for each in deletable}
    assert {each.type for each in inventory.by_tag(DEV)} == {"AWS::EC2::VPC", "AWS::EC2::Subnet"}
    assert inventory.by_name(DEV) == ()


def test_stacks_belong_to_themselves_and_are_gone_once_deleted(inventory: AwsInventory, calls: Calls) -> None:
    cloudformation = plain(calls, "cloudformation")
    body = '{"Resources": {"Wait": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}}'
    stack_id = cloudformation.create_stack(StackName="semanticworld-dev-base", TemplateBody=body, Tags=TAGS)["StackId"]
    cloudformation.get_waiter("stack_create_complete").wait(StackName=stack_id, WaiterConfig={"Delay": 1})
    (found,) = inventory.by_tag(DEV)
    assert (found.type, found.id, found.stack_id) == ("AWS::CloudFormation::Stack", stack_id, stack_id)
    cloudformation.delete_stack(StackName=stack_id)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack_id, WaiterConfig={"Delay": 1})
    assert inventory.by_tag(DEV) == ()
    (gone,) = inventory.look_up([resource("AWS::CloudFormation::Stack", stack_id)])
    assert gone.existence is Existence.GONE


def test_a_versioned_bucket_is_counted_emptied_and_deleted(inventory: AwsInventory, calls: Calls) -> None:
    s3 = plain(calls, "s3")
    name = "semanticworld-dev-versions"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    for _ in range(2):
        s3.put_object(Bucket=name, Key="semanticworld/agent.pyz", Body=b"ours")
        s3.put_object(Bucket=name, Key="data/model.pt", Body=b"theirs")
    s3.delete_object(Bucket=name, Key="data/model.pt")
    s3.create_multipart_upload(Bucket=name, Key="data/half")
    assert inventory.bucket(name) == (5, ("data/model.pt",))
    with pytest.raises(AwsError) as caught:
        inventory.delete_bucket(name)
    assert caught.value.aws is not None
    assert caught.value.aws.code == "BucketNotEmpty"
    inventory.empty_bucket(name)
    assert inventory.bucket(name) == (0, ())
    inventory.delete_bucket(name)
    (found,) = inventory.look_up([resource("AWS::S3::Bucket", name)])
    assert found.existence is Existence.GONE


def test_a_bucket_that_is_not_there_is_empty_and_deleted_already(inventory: AwsInventory) -> None:
    assert inventory.bucket("semanticworld-dev-nothing") == (0, ())
    inventory.empty_bucket("semanticworld-dev-nothing")
    inventory.delete_bucket("semanticworld-dev-nothing")


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("semanticworld-dev", True),
        ("semanticworld-dev-node", True),
        ("semanticworld-dev2-node", False),
        ("semanticworld-develop", False),
        ("other-semanticworld-dev-node", False),
    ],
)
def test_only_the_environments_own_names_are_ours(name: str, ours: bool) -> None:  # noqa: FBT001 - a table's column
    assert is_ours(name, DEV) is ours


@pytest.mark.parametrize(
    ("arn", "read"),
    [
        ("arn:aws:ec2:eu-central-1:1:instance/i-1", ("AWS::EC2::Instance", "i-1")),
        ("arn:aws:ec2:eu-central-1:1:natgateway/nat-1", ("AWS::EC2::NatGateway", "nat-1")),
        ("arn:aws:s3:::bucket", ("AWS::S3::Bucket", "bucket")),
        ("arn:aws:sns:eu-central-1:1:t", ("AWS::SNS::Topic", "arn:aws:sns:eu-central-1:1:t")),
        ("arn:aws:logs:eu-central-1:1:log-group:/a/b:*", ("AWS::Logs::LogGroup", "/a/b")),
        ("arn:aws:cloudwatch:eu-central-1:1:alarm:a", ("AWS::CloudWatch::Alarm", "a")),
        ("arn:aws:kms:eu-central-1:1:key/k", ("kms:key", "arn:aws:kms:eu-central-1:1:key/k")),
        ("nonsense", ("unknown", "nonsense")),
    ],
)
def test_arns_are_read_as_cloudformation_names_things(arn: str, read: tuple[str, str]) -> None:
    assert read_arn(arn) == read
