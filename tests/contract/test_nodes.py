from __future__ import annotations

import pytest

from canned_aws import CannedWorld
from semanticworld.aws.calls import Calls
from semanticworld.aws.images import ROOT
from semanticworld.aws.nodes import Ec2Nodes
from semanticworld.errors import Refused
from semanticworld.model.environment import Environment, EnvironmentName

DEV = Environment(name=EnvironmentName.DEV)
NOWHERE = "i-0123456789abcdef0"
XML = '<R xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">{}</R>'


@pytest.fixture
def nodes(calls: Calls) -> Ec2Nodes:
    return Ec2Nodes(calls)


def test_an_unknown_instance_is_none_and_terminating_it_no_error(nodes: Ec2Nodes) -> None:
    assert nodes.describe(NOWHERE) is None
    nodes.terminate(NOWHERE)
    assert nodes.of_environment(DEV) == ()


def test_hardware_is_told_for_types_with_and_without_a_gpu(nodes: Ec2Nodes) -> None:
    g5, t3, g5g = (nodes.instance_type(name) for name in ("g5.xlarge", "t3.medium", "g5g.xlarge"))
    assert g5 is not None
    assert (g5.architecture, g5.vcpus, g5.memory_mib, g5.gpu_model, g5.gpu_count) == (
        "x86_64",
        4,
        16384,
        "NVIDIA A10G",
        1,
    )
    assert g5.gpu_memory_mib > 20_000
    assert t3 is not None
    assert (t3.gpu_model, t3.gpu_count, t3.gpu_memory_mib) == (None, 0, 0)
    assert g5g is not None
    assert g5g.architecture == "arm64"


def test_a_type_that_does_not_exist_is_none_and_offered_nowhere(nodes: Ec2Nodes) -> None:
    assert nodes.instance_type("g99.gigantic") is None
    assert nodes.zones_offering("g99.gigantic") == frozenset()
    assert nodes.zones_offering("g5.xlarge") >= {"eu-central-1a"}


def test_subnets_that_do_not_exist_are_left_out(nodes: Ec2Nodes, calls: Calls) -> None:
    (told, *_) = calls.items("ec2", "DescribeSubnets", "Subnets")
    (subnet,) = nodes.subnets([told["SubnetId"], "subnet-0123456789abcdef0"])
    assert (subnet.id, subnet.vpc_id) == (told["SubnetId"], told["VpcId"])
    assert subnet.free_addresses > 0
    assert nodes.subnets([]) == ()


def test_images_are_found_for_each_architecture_and_exist(nodes: Ec2Nodes) -> None:
    found = {
        nodes.image(choice, architecture=architecture)
        for choice in ("base", "pytorch")
        for architecture in ("x86_64", "arm64")
    }
    assert len(found) == 4
    assert all(nodes.image_exists(each) for each in found)
    assert not nodes.image_exists("ami-0fffffffffffffff0")
    assert all((nodes.image_root_gib(each) or 0) > 0 for each in found)
    assert nodes.image_root_gib("ami-0fffffffffffffff0") is None


def test_an_image_id_comes_back_as_it_is(nodes: Ec2Nodes) -> None:
    assert nodes.image("ami-0123456789abcdef0", architecture="x86_64") == "ami-0123456789abcdef0"


@pytest.mark.parametrize("word", ["tensorflow", "ami-", "ami-xyz", ""])
def test_a_word_that_is_no_image_is_refused(nodes: Ec2Nodes, word: str) -> None:
    with pytest.raises(Refused) as caught:
        nodes.image(word, architecture="x86_64")
    assert caught.value.code == "LIF051"


def test_no_image_for_an_architecture_is_refused(nodes: Ec2Nodes) -> None:
    with pytest.raises(Refused) as caught:
        nodes.image("base", architecture="riscv")
    assert caught.value.code == "LIF050"


def test_the_newest_pytorch_is_the_highest_number_not_the_last_word(canned: CannedWorld) -> None:
    names = [
        ("oss-nvidia-driver-gpu-pytorch-2.9-ubuntu-24.04", "ami-0000000000000009"),
        ("oss-nvidia-driver-gpu-pytorch-2.12-ubuntu-24.04", "ami-0000000000000012"),
        ("oss-nvidia-driver-gpu-pytorch-2.7-ubuntu-22.04", "ami-0000000000000007"),
        ("oss-nvidia-driver-gpu-pytorch-2.13-amazon-linux-2023", "ami-0000000000000013"),
        ("base-oss-nvidia-driver-gpu-ubuntu-24.04", "ami-0000000000000001"),
    ]
    parameters = ",".join(
        f'{{"Name": "{ROOT}/x86_64/{name}/latest/ami-id", "Value": "{value}"}}' for name, value in names
    )
    first = f'{{"Parameters": [{parameters}], "NextToken": "more"}}'
    last = f'{{"Parameters": [{{"Name": "{ROOT}/x86_64/other/latest/ami-id", "Value": "ami-x"}}]}}'
    canned.aws.answers = [(200, first.encode()), (200, last.encode())]
    assert Ec2Nodes(canned.calls).image("pytorch", architecture="x86_64") == "ami-0000000000000012"


def test_an_instance_is_read_with_what_it_says_of_itself_and_no_more(canned: CannedWorld) -> None:
    canned.aws.answers = [
        (
            200,
            XML.format(
                "<reservationSet><item><instancesSet><item><instanceId>i-1</instanceId><instanceType>g5.xlarge</instanceType>"
                "<instanceState><code>80</code><name>stopped</name></instanceState><imageId>ami-1</imageId>"
                "<stateReason><code>Server.InsufficientInstanceCapacity</code><message>Insufficient capacity.</message></stateReason>"
                "<launchTime>2026-11-23T10:00:00.000Z</launchTime><placement><availabilityZone>eu-central-1b</availabilityZone></placement>"
                "<tagSet><item><key>Project</key><value>x</value></item></tagSet></item></instancesSet></item></reservationSet>"
            ).encode(),
        )
    ]
    node = Ec2Nodes(canned.calls).describe("i-1")
    assert node is not None
    assert (node.state, node.state_reason) == ("stopped", "Insufficient capacity.")
    assert (node.private_ip, node.public_ip, node.subnet_id) == (None, None, None)
    assert node.availability_zone == "eu-central-1b"
    assert node.launched_at is not None
    assert node.launched_at.isoformat() == "2026-11-23T10:00:00+00:00"
    assert node.tags == {"Project": "x"}


def test_an_environments_instances_are_asked_for_by_its_tags_over_all_pages(canned: CannedWorld) -> None:
    item = "<item><instancesSet><item><instanceId>i-{}</instanceId><instanceState><name>running</name></instanceState></item></instancesSet></item>"
    canned.aws.answers = [
        (200, XML.format(f"<reservationSet>{item.format(1)}</reservationSet><nextToken>n</nextToken>").encode()),
        (200, XML.format(f"<reservationSet>{item.format(2)}</reservationSet>").encode()),
    ]
    found = Ec2Nodes(canned.calls).of_environment(DEV)
    assert [node.instance_id for node in found] == ["i-1", "i-2"]
    first, second = canned.aws.asked
    assert (first["Filter.1.Name"], first["Filter.1.Value.1"]) == ("tag:Project", "semanticworld")
    assert (first["Filter.2.Name"], first["Filter.2.Value.1"]) == ("tag:Environment", "dev")
    assert "terminated" not in {value for name, value in first.items() if name.startswith("Filter.3.Value")}
    assert second["NextToken"] == "n"
    assert second["Filter.1.Name"] == "tag:Project"
