"""Hardware, offerings, zones, images, public parameters, quotas, spot prices."""

from __future__ import annotations

import csv
import re
from importlib import resources

import pytest

from cloud import Cloud
from ec2_talk import Client, query, refusal

TREE = "/aws/service/deeplearning/ami"


def priced() -> list[str]:
    text = resources.files("semanticworld.local.cloud.hardware").joinpath("prices.csv").read_text()
    return [row["instance_type"] for row in csv.DictReader(text.splitlines())]


def test_every_priced_type_has_its_hardware(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2", region="us-east-1")
    names = priced()
    found = {}
    for start in range(0, len(names), 100):
        for page in ec2.get_paginator("describe_instance_types").paginate(InstanceTypes=names[start : start + 100]):
            found.update({record["InstanceType"]: record for record in page["InstanceTypes"]})
    assert set(found) == set(names)
    assert all(record["VCpuInfo"]["DefaultVCpus"] and record["MemoryInfo"]["SizeInMiB"] for record in found.values())
    gpu = found["g5.xlarge"]["GpuInfo"]
    assert (gpu["Gpus"][0]["Name"], gpu["Gpus"][0]["Count"], gpu["TotalGpuMemoryInMiB"]) == ("A10G", 1, 22888)
    assert found["g5g.xlarge"]["ProcessorInfo"]["SupportedArchitectures"] == ["arm64"]


def test_types_are_paged_and_an_unknown_one_is_refused(ec2: Client) -> None:
    pages = list(ec2.get_paginator("describe_instance_types").paginate(PaginationConfig={"PageSize": 100}))
    names = [record["InstanceType"] for page in pages for record in page["InstanceTypes"]]
    assert len(pages) > 5
    assert len(names) == len(set(names))
    code, text = refusal(ec2.describe_instance_types, InstanceTypes=["g5.nonsense"])
    assert (code, text) == ("InvalidInstanceType", "The following supplied instance types do not exist: [g5.nonsense]")


def test_offerings_differ_by_zone_and_by_region(cloud: Cloud) -> None:
    def zones(region: str, name: str) -> set[str]:
        answer = cloud.client("ec2", region=region).describe_instance_type_offerings(
            LocationType="availability-zone", Filters=[{"Name": "instance-type", "Values": [name]}]
        )
        return {offering["Location"] for offering in answer["InstanceTypeOfferings"]}

    assert zones("eu-central-1", "g5g.xlarge") == {"eu-central-1c"}
    assert zones("eu-central-1", "p5.48xlarge") == set()
    assert "us-east-1e" not in zones("us-east-1", "g5.xlarge")
    assert "us-east-1a" in zones("us-east-1", "p5.48xlarge")


def test_zones_and_their_ids_agree_with_the_subnets_in_them(ec2: Client) -> None:
    zones = {z["ZoneName"]: z["ZoneId"] for z in ec2.describe_availability_zones()["AvailabilityZones"]}
    assert list(zones) == ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
    for subnet in ec2.describe_subnets()["Subnets"]:
        assert zones[subnet["AvailabilityZone"]] == subnet["AvailabilityZoneId"]


def test_deep_learning_images_are_found_by_parameter_and_stay_the_same(cloud: Cloud) -> None:
    ssm, ec2 = cloud.client("ssm"), cloud.client("ec2")
    pages = list(ssm.get_paginator("get_parameters_by_path").paginate(Path=f"{TREE}/x86_64", Recursive=True))
    found = {p["Name"]: p["Value"] for page in pages for p in page["Parameters"]}
    assert len(pages) > 1
    assert any(re.search(r"/oss-nvidia-driver-gpu-pytorch-2\.12-ubuntu-24\.04/latest/ami-id$", name) for name in found)
    assert f"{TREE}/x86_64/base-oss-nvidia-driver-gpu-ubuntu-24.04/latest/ami-id" in found
    images = ec2.describe_images(ImageIds=list(found.values()))["Images"]
    assert {image["Architecture"] for image in images} == {"x86_64"}
    assert {image["ImageOwnerAlias"] for image in images} == {"amazon"}
    assert all(image["BlockDeviceMappings"][0]["Ebs"]["VolumeSize"] >= 45 for image in images)
    name = f"{TREE}/arm64/oss-nvidia-driver-gpu-pytorch-2.12-ubuntu-24.04/latest/ami-id"
    first, second = (ssm.get_parameter(Name=name)["Parameter"]["Value"] for _ in range(2))
    assert first == second
    elsewhere = cloud.client("ssm", region="us-east-1").get_parameter(Name=name)["Parameter"]["Value"]
    assert elsewhere != first
    assert refusal(ssm.get_parameter, Name=f"{TREE}/x86_64/none/latest/ami-id")[0] == "ParameterNotFound"


def test_images_are_listed_by_owner_and_name(ec2: Client) -> None:
    answer = ec2.describe_images(
        Owners=["amazon"], Filters=[{"Name": "name", "Values": ["Deep Learning OSS*PyTorch 2.12*"]}]
    )
    names = [image["Name"] for image in answer["Images"]]
    assert len(names) == 3
    assert ec2.describe_images(Owners=["self"])["Images"] == []


def test_quotas_are_read_by_code_and_paged(cloud: Cloud) -> None:
    quotas = cloud.client("service-quotas")
    pages = list(
        quotas.get_paginator("list_service_quotas").paginate(ServiceCode="ec2", PaginationConfig={"PageSize": 5})
    )
    names = {q["QuotaCode"]: q["QuotaName"] for page in pages for q in page["Quotas"]}
    assert names["L-417A185B"] == "Running On-Demand P instances"
    assert len(pages) > 1
    unknown = {"ServiceCode": "ec2", "QuotaCode": "L-00000000"}
    assert refusal(quotas.get_service_quota, **unknown)[0] == "NoSuchResourceException"


def test_a_quota_that_asks_too_much_waits(cloud: Cloud) -> None:
    quotas = cloud.client("service-quotas")
    code = {"ServiceCode": "ec2", "QuotaCode": "L-417A185B"}
    quotas.request_service_quota_increase(**code, DesiredValue=100000)
    asked = quotas.list_requested_service_quota_change_history(ServiceCode="ec2")["RequestedQuotas"]
    assert [r["Status"] for r in asked] == ["PENDING"]
    assert quotas.get_service_quota(**code)["Quota"]["Value"] == 768
    assert refusal(quotas.request_service_quota_increase, **code, DesiredValue=1)[0] == "IllegalArgumentException"


def test_spot_prices_are_per_zone_and_below_on_demand(ec2: Client) -> None:
    history = ec2.describe_spot_price_history(InstanceTypes=["g5.xlarge"], ProductDescriptions=["Linux/UNIX"])
    rows = history["SpotPriceHistory"]
    assert {row["AvailabilityZone"] for row in rows} == {"eu-central-1a", "eu-central-1b", "eu-central-1c"}
    assert all(0 < float(row["SpotPrice"]) < 1.26 for row in rows)
    assert rows[0]["Timestamp"] >= rows[-1]["Timestamp"]
    assert refusal(ec2.describe_spot_price_history, InstanceTypes=["x.nonsense"])[0] == "InvalidParameterValue"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"Action": "RaiseTheDead"}, "InvalidAction"),
        ({"Action": "CreateTransitGateway"}, "InvalidAction"),
        ({"Action": "DescribeVpcs", "Colour": "red"}, "UnknownParameter"),
        ({"Action": "DescribeVpcs", "DryRun": "perhaps"}, "InvalidParameterValue"),
        ({"Action": "DeleteVpc"}, "MissingParameter"),
    ],
)
def test_a_wrong_question_gets_awss_answer(cloud: Cloud, asked: dict[str, str], code: str) -> None:
    status, body = query(cloud, **asked)
    assert status == 400
    assert f"<Code>{code}</Code>" in body
