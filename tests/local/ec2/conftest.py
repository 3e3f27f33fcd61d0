from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cloud import Cloud
from ec2_talk import Client, Net

PYTORCH = "/aws/service/deeplearning/ami/{}/oss-nvidia-driver-gpu-pytorch-2.12-ubuntu-24.04/latest/ami-id"


@pytest.fixture
def ec2(cloud: Cloud) -> Client:
    return cloud.client("ec2")


@pytest.fixture
def image(cloud: Cloud) -> str:
    return str(cloud.client("ssm").get_parameter(Name=PYTORCH.format("x86_64"))["Parameter"]["Value"])


@pytest.fixture
def arm_image(cloud: Cloud) -> str:
    return str(cloud.client("ssm").get_parameter(Name=PYTORCH.format("arm64"))["Parameter"]["Value"])


@pytest.fixture
def net(ec2: Client) -> Net:
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.20.1.0/28", AvailabilityZone="eu-central-1a")["Subnet"]
    groups = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["SecurityGroups"]
    return Net(vpc=vpc, subnet=subnet["SubnetId"], group=groups[0]["GroupId"])


@pytest.fixture
def run(ec2: Client, net: Net, image: str) -> Callable[..., dict[str, Any]]:
    """Launches one instance into the net; keyword arguments override."""

    def launch(**request: object) -> dict[str, Any]:
        given = {"ImageId": image, "InstanceType": "t3.medium", "SubnetId": net.subnet, "MinCount": 1, "MaxCount": 1}
        given = {name: value for name, value in {**given, **request}.items() if value is not None}
        made: dict[str, Any] = ec2.run_instances(**given)["Instances"][0]
        return made

    return launch
