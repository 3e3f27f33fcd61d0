"""A template with a node: a network, a launch template, the instance, its data volume and the attachment."""

from __future__ import annotations

from typing import Any


def node(image: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - template values
    """A network with a node and its data volume; `changes` go into the instance, data_* into the volume."""
    disk = {"AvailabilityZone": "eu-central-1a", "Size": 20, "VolumeType": "gp3", "Encrypted": True}
    disk |= {name.removeprefix("data_"): value for name, value in changes.items() if name.startswith("data_")}
    template = {
        "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
        "NetworkInterfaces": [{"DeviceIndex": 0, "SubnetId": {"Ref": "Subnet"}, "AssociatePublicIpAddress": False}],
        "BlockDeviceMappings": [{"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": "50", "Encrypted": "true"}}],
        **changes.pop("template", {}),
    }
    instance = {
        "ImageId": image,
        "InstanceType": "t3.medium",
        "LaunchTemplate": {
            "LaunchTemplateId": {"Ref": "Template"},
            "Version": {"Fn::GetAtt": ["Template", "LatestVersionNumber"]},
        },
        "PropagateTagsToVolumeOnCreation": True,
        "Tags": [{"Key": "Name", "Value": "node"}],
        **{name: value for name, value in changes.items() if not name.startswith("data_")},
    }
    return {
        "VPC": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "Subnet": {
            "Type": "AWS::EC2::Subnet",
            "Properties": {
                "VpcId": {"Ref": "VPC"},
                "CidrBlock": "10.0.0.0/24",
                "AvailabilityZone": "eu-central-1a",
            },
        },
        "Template": {"Type": "AWS::EC2::LaunchTemplate", "Properties": {"LaunchTemplateData": template}},
        "Node": {"Type": "AWS::EC2::Instance", "Properties": instance},
        "Data": {
            "Type": "AWS::EC2::Volume",
            "DeletionPolicy": "Snapshot",
            "UpdateReplacePolicy": "Snapshot",
            "Properties": {**disk, "Tags": [{"Key": "Name", "Value": "data"}]},
        },
        "Attachment": {
            "Type": "AWS::EC2::VolumeAttachment",
            "Properties": {"Device": "/dev/sdf", "InstanceId": {"Ref": "Node"}, "VolumeId": {"Ref": "Data"}},
        },
    }
