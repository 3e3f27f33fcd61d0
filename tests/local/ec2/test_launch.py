"""What RunInstances makes, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cloud import Cloud
from ec2_talk import Client, Net, look, refusal, until

Run = Callable[..., dict[str, Any]]


def test_an_instance_is_pending_first_and_running_soon(ec2: Client, run: Run) -> None:
    made = run()
    assert made["State"] == {"Code": 0, "Name": "pending"}
    assert until(ec2, made["InstanceId"], "running")["State"]["Code"] == 16


def test_an_instance_gets_a_free_address_of_its_subnet_and_no_public_one(ec2: Client, run: Run, net: Net) -> None:
    first, second = run(), run()
    assert first["PrivateIpAddress"].startswith("10.20.1.")
    assert first["PrivateIpAddress"] != second["PrivateIpAddress"]
    assert "PublicIpAddress" not in look(ec2, first["InstanceId"])
    assert ec2.describe_subnets(SubnetIds=[net.subnet])["Subnets"][0]["AvailableIpAddressCount"] == 9


def test_a_subnet_that_is_full_takes_no_more(run: Run) -> None:
    for _ in range(11):
        run()
    code, text = refusal(run)
    assert code == "InsufficientFreeAddressesInSubnet"
    assert "not enough free addresses in subnet" in text


def test_the_root_volume_comes_from_the_image(ec2: Client, run: Run, image: str) -> None:
    made = run()
    described = ec2.describe_images(ImageIds=[image])["Images"][0]
    root = next(m for m in made["BlockDeviceMappings"] if m["DeviceName"] == described["RootDeviceName"])
    volume = ec2.describe_volumes(VolumeIds=[root["Ebs"]["VolumeId"]])["Volumes"][0]
    assert volume["Size"] == described["BlockDeviceMappings"][0]["Ebs"]["VolumeSize"]
    assert volume["Attachments"][0]["InstanceId"] == made["InstanceId"]
    assert volume["State"] == "in-use"


def test_disks_are_made_as_the_request_says(ec2: Client, run: Run) -> None:
    disks = [
        {"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 80, "Encrypted": True, "VolumeType": "gp3"}},
        {"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 100, "VolumeType": "gp3", "Iops": 6000, "Throughput": 500}},
    ]
    made = run(BlockDeviceMappings=disks)
    volumes = {
        v["Attachments"][0]["Device"]: v
        for v in ec2.describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": [made["InstanceId"]]}])[
            "Volumes"
        ]
    }
    assert (volumes["/dev/sda1"]["Size"], volumes["/dev/sda1"]["Encrypted"]) == (80, True)
    assert (volumes["/dev/sdf"]["Iops"], volumes["/dev/sdf"]["Throughput"]) == (6000, 500)
    assert volumes["/dev/sda1"]["Attachments"][0]["DeleteOnTermination"] is True
    assert volumes["/dev/sdf"]["Attachments"][0]["DeleteOnTermination"] is False


def test_a_root_disk_smaller_than_the_image_is_refused(run: Run) -> None:
    code, text = refusal(run, BlockDeviceMappings=[{"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 20}}])
    assert code == "InvalidBlockDeviceMapping"
    assert "expect size >= 45GB" in text


def test_tags_reach_the_instance_its_disks_and_its_interface(ec2: Client, run: Run) -> None:
    specs = [
        {"ResourceType": kind, "Tags": [{"Key": "Kind", "Value": kind}]}
        for kind in ("instance", "volume", "network-interface")
    ]
    made = run(TagSpecifications=specs)
    volume = made["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]
    interface = made["NetworkInterfaces"][0]["NetworkInterfaceId"]
    tags = ec2.describe_tags(Filters=[{"Name": "key", "Values": ["Kind"]}])["Tags"]
    assert {(t["ResourceId"], t["Value"]) for t in tags} == {
        (made["InstanceId"], "instance"),
        (volume, "volume"),
        (interface, "network-interface"),
    }


def test_a_dry_run_launches_nothing(ec2: Client, run: Run) -> None:
    code, _ = refusal(run, DryRun=True)
    assert code == "DryRunOperation"
    assert ec2.describe_instances()["Reservations"] == []
    assert ec2.describe_volumes()["Volumes"] == []


def test_a_dry_run_still_finds_a_wrong_parameter(run: Run) -> None:
    assert refusal(run, DryRun=True, InstanceType="g5.nonsense")[0] == "InvalidParameterValue"


def test_the_same_token_is_the_same_instance(ec2: Client, run: Run) -> None:
    first = run(ClientToken="one")
    assert run(ClientToken="one")["InstanceId"] == first["InstanceId"]
    assert len(ec2.describe_instances()["Reservations"]) == 1
    assert refusal(run, ClientToken="one", InstanceType="t3.large")[0] == "IdempotentParameterMismatch"


def test_what_does_not_exist_is_refused_with_awss_codes(run: Run) -> None:
    assert refusal(run, ImageId="ami-0123456789abcdef9") == (
        "InvalidAMIID.NotFound",
        "The image id '[ami-0123456789abcdef9]' does not exist",
    )
    assert refusal(run, ImageId="ami-xyz")[0] == "InvalidAMIID.Malformed"
    assert refusal(run, SubnetId="subnet-0123456789abcdef9")[0] == "InvalidSubnetID.NotFound"
    assert refusal(run, KeyName="nobody")[0] == "InvalidKeyPair.NotFound"
    assert refusal(run, SecurityGroupIds=["sg-0123456789abcdef9"])[0] == "InvalidGroup.NotFound"
    code, text = refusal(run, IamInstanceProfile={"Name": "nobody"})
    assert code == "InvalidParameterValue"
    assert text.endswith("Invalid IAM Instance Profile name")


def test_an_arm_type_does_not_run_an_intel_image(run: Run, arm_image: str) -> None:
    code, text = refusal(run, ImageId=arm_image)
    assert code == "InvalidParameterValue"
    assert "does not match the architecture 'arm64'" in text


def test_a_type_that_the_zone_has_not_is_unsupported_and_the_other_zones_are_named(run: Run, arm_image: str) -> None:
    code, text = refusal(run, InstanceType="g5g.xlarge", ImageId=arm_image)
    assert code == "Unsupported"
    assert "requested Availability Zone (eu-central-1a)" in text
    assert text.endswith("choosing eu-central-1c.")


def test_the_quota_of_the_family_counts_running_vcpus(cloud: Cloud, run: Run) -> None:
    quotas = cloud.client("service-quotas")
    quota = quotas.get_service_quota(ServiceCode="ec2", QuotaCode="L-DB2E81BA")["Quota"]
    assert quota["Value"] == 768
    for _ in range(4):
        run(InstanceType="g5.48xlarge")
    code, text = refusal(run, InstanceType="g5.xlarge")
    assert code == "VcpuLimitExceeded"
    assert "your current vCPU limit of 768 allows" in text
    asked = quotas.request_service_quota_increase(ServiceCode="ec2", QuotaCode="L-DB2E81BA", DesiredValue=1000)
    granted = quotas.get_requested_service_quota_change(RequestId=asked["RequestedQuota"]["Id"])["RequestedQuota"]
    assert granted["Status"] == "APPROVED"
    run(InstanceType="g5.xlarge")
    other = cloud.client("ec2", region="eu-west-1").describe_instances()
    assert other["Reservations"] == []


def test_metadata_options_shutdown_behaviour_and_monitoring_are_kept(ec2: Client, run: Run) -> None:
    made = run(
        MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
        InstanceInitiatedShutdownBehavior="terminate",
        Monitoring={"Enabled": True},
        EbsOptimized=True,
        InstanceType="g5.xlarge",
    )
    found = look(ec2, made["InstanceId"])
    assert found["MetadataOptions"]["HttpTokens"] == "required"
    assert found["MetadataOptions"]["HttpPutResponseHopLimit"] == 1
    assert found["Monitoring"] == {"State": "enabled"}
    assert found["EbsOptimized"] is True
    answer = ec2.describe_instance_attribute(
        InstanceId=made["InstanceId"], Attribute="instanceInitiatedShutdownBehavior"
    )
    assert answer["InstanceInitiatedShutdownBehavior"] == {"Value": "terminate"}


def test_a_launch_template_gives_what_the_request_leaves_out(ec2: Client, run: Run, net: Net) -> None:
    data = {
        "InstanceType": "t3.large",
        "NetworkInterfaces": [{"DeviceIndex": 0, "SubnetId": net.subnet, "Groups": [net.group]}],
        "MetadataOptions": {"HttpTokens": "required"},
        "BlockDeviceMappings": [{"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 60, "Encrypted": True}}],
        "TagSpecifications": [
            {"ResourceType": "instance", "Tags": [{"Key": "Team", "Value": "a"}, {"Key": "Name", "Value": "old"}]}
        ],
    }
    template = ec2.create_launch_template(LaunchTemplateName="node", LaunchTemplateData=data)["LaunchTemplate"]
    ec2.create_launch_template_version(
        LaunchTemplateId=template["LaunchTemplateId"],
        SourceVersion="1",
        LaunchTemplateData={"InstanceType": "t3.xlarge"},
    )
    asked = {"SubnetId": None, "InstanceType": None, "LaunchTemplate": {"LaunchTemplateName": "node"}}
    assert run(**asked)["InstanceType"] == "t3.large"
    latest = {**asked, "LaunchTemplate": {"LaunchTemplateName": "node", "Version": "$Latest"}}
    made = run(**latest, TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "new"}]}])
    assert made["InstanceType"] == "t3.xlarge"
    tags = {t["Key"]: t["Value"] for t in made["Tags"]}
    assert tags == {
        "Team": "a",
        "Name": "new",
        "aws:ec2launchtemplate:id": template["LaunchTemplateId"],
        "aws:ec2launchtemplate:version": "2",
    }
    volume = ec2.describe_volumes(VolumeIds=[made["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]])["Volumes"][0]
    assert (volume["Size"], volume["Encrypted"]) == (60, True)
    assert refusal(run, **{**latest, "SubnetId": net.subnet})[0] == "InvalidParameterCombination"
    missing = {**asked, "LaunchTemplate": {"LaunchTemplateName": "node", "Version": "9"}}
    assert refusal(run, **missing)[0] == "InvalidLaunchTemplateId.VersionNotFound"


def test_a_spot_instance_says_so_and_only_a_persistent_one_can_be_stopped(ec2: Client, run: Run) -> None:
    once = run(InstanceType="g5.xlarge", InstanceMarketOptions={"MarketType": "spot"})
    assert once["InstanceLifecycle"] == "spot"
    until(ec2, once["InstanceId"], "running")
    code, text = refusal(ec2.stop_instances, InstanceIds=[once["InstanceId"]])
    assert code == "UnsupportedOperation"
    assert "one-time Spot Instance request" in text
    low = {"MarketType": "spot", "SpotOptions": {"MaxPrice": "0.0001"}}
    assert refusal(run, InstanceType="g5.xlarge", InstanceMarketOptions=low)[0] == "SpotMaxPriceTooLow"
