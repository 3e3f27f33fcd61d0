"""Public images: AWS's Deep Learning AMIs and plain Linux images, with ids that stay the same for a region.

Source: AWS Deep Learning AMIs Developer Guide, Find the AMI ID and release notes, 2026. Ids, names and dates follow
AWS's pattern; the ids themselves are this cloud's own.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib

from semanticworld.local.cloud.ec2.dispatch import operation
from semanticworld.local.cloud.ec2.errors import EC2Error
from semanticworld.local.cloud.ec2.query import Listing, matches, member, select
from semanticworld.local.cloud.ec2.world import Record, account, region, rows, store, tags

AMAZON, CANONICAL = "898082745236", "099720109477"  # the accounts that publish the Deep Learning AMIs and Ubuntu
LINUX = "137112412989"

# Newest release and, where a trail of them is kept, the ones before; newest first.
RELEASES = ("20261020", "20260921", "20260814")
PYTORCH = ("2.12", "2.11", "2.10", "2.9", "2.8")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One published image of one release."""

    kind: str  # the part of the parameter's name between the architecture and /latest
    name: str
    description: str
    architecture: str
    release: str
    root_gib: int
    owner: str = AMAZON
    root_device: str = "/dev/sda1"
    user: str = "ubuntu"

    @property
    def image_id(self) -> str:
        """The id in the caller's region."""
        digest = hashlib.sha256(f"{region()}/{self.name}".encode()).hexdigest()
        return f"ami-0{digest[:16]}"

    @property
    def snapshot_id(self) -> str:
        """The id of the root device's snapshot."""
        return f"snap-0{hashlib.sha256(self.image_id.encode()).hexdigest()[:16]}"

    @property
    def created(self) -> str:
        """When the release was published."""
        day = f"{self.release[:4]}-{self.release[4:6]}-{self.release[6:]}"
        return f"{day}T08:30:00.000Z"


_UBUNTU = {"ubuntu-24.04": "Ubuntu 24.04", "ubuntu-22.04": "Ubuntu 22.04"}


def _published() -> list[Image]:
    images: list[Image] = []
    for architecture in ("x86_64", "arm64"):
        arm = "ARM64 " if architecture == "arm64" else ""
        for release in RELEASES:
            for system, title in (*_UBUNTU.items(), ("amazon-linux-2023", "Amazon Linux 2023")):
                linux = system == "amazon-linux-2023"
                images.extend(
                    Image(
                        kind=kind,
                        name=f"Deep Learning {arm}{words} ({title}) {release}",
                        description=f"Supported EC2 instances: {_families(architecture)}. Release {release}.",
                        architecture=architecture,
                        release=release,
                        root_gib=size,
                        root_device="/dev/xvda" if linux else "/dev/sda1",
                        user="ec2-user" if linux else "ubuntu",
                    )
                    for kind, words, size in (
                        (f"base-oss-nvidia-driver-gpu-{system}", "Base OSS Nvidia Driver GPU AMI", 65),
                        (f"base-with-single-cuda-{system}", "Base AMI with Single CUDA", 50),
                    )
                )
            images.extend(_pytorch(architecture, arm, version, "ubuntu-24.04", release) for version in PYTORCH)
            if architecture == "x86_64":
                images.append(_pytorch(architecture, arm, "2.7", "ubuntu-22.04", release))
    return images


def _families(architecture: str) -> str:
    return "G5g" if architecture == "arm64" else "G4dn, G5, G6, Gr6, G6e, P4d, P4de, P5, P5e, P5en, P6-B200, P6-B300"


def _pytorch(architecture: str, arm: str, version: str, system: str, release: str) -> Image:
    return Image(
        kind=f"oss-nvidia-driver-gpu-pytorch-{version}-{system}",
        name=f"Deep Learning {arm}OSS Nvidia Driver AMI GPU PyTorch {version} ({_UBUNTU[system]}) {release}",
        description=f"Supported EC2 instances: {_families(architecture)}. PyTorch {version}, Python 3.12, /opt/pytorch.",
        architecture=architecture,
        release=release,
        root_gib=45,
    )


def _plain() -> list[Image]:
    images = []
    for architecture, word in (("x86_64", "amd64"), ("arm64", "arm64")):
        for system, code, release in (("24.04", "noble", "20261015"), ("22.04", "jammy", "20261010")):
            name = f"ubuntu/images/hvm-ssd-gp3/ubuntu-{code}-{system}-{word}-server-{release}"
            images.append(
                Image(
                    kind=f"canonical/ubuntu/server/{system}/{word}",
                    name=name,
                    description=f"Canonical, Ubuntu, {system}, {word} {code} image",
                    architecture=architecture,
                    release=release,
                    root_gib=8,
                    owner=CANONICAL,
                )
            )
        images.append(
            Image(
                kind=f"al2023/{architecture}",
                name=f"al2023-ami-2023.9.20261012.0-kernel-6.1-{architecture}",
                description=f"Amazon Linux 2023 AMI 2023.9.20261012.0 {architecture} HVM kernel-6.1",
                architecture=architecture,
                release="20261012",
                root_gib=8,
                owner=LINUX,
                root_device="/dev/xvda",
                user="ec2-user",
            )
        )
    return images


@functools.cache
def published() -> tuple[Image, ...]:
    """Every public image, newest release first within its kind."""
    return (*_published(), *_plain())


@functools.lru_cache(maxsize=64)
def _by_id(region_name: str) -> dict[str, Image]:
    del region_name  # the ids of the region the caller addressed
    return {image.image_id: image for image in published()}


def public_image(image_id: str) -> Image | None:
    """The public image of an id in the addressed region, or None."""
    return _by_id(region()).get(image_id)


@functools.lru_cache(maxsize=64)
def parameters(region_name: str) -> dict[str, Image]:
    """Public Parameter Store names of one region and the image each leads to; the addressed region's."""
    del region_name
    found: dict[str, Image] = {}
    for image in published():
        if image.owner == AMAZON:
            name = f"/aws/service/deeplearning/ami/{image.architecture}/{image.kind}/latest/ami-id"
        elif image.owner == CANONICAL:
            system, word = image.kind.split("/")[-2:]
            name = f"/aws/service/canonical/ubuntu/server/{system}/stable/current/{word}/hvm/ebs-gp3/ami-id"
        else:
            name = f"/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{image.architecture}"
        if name not in found or found[name].release < image.release:
            found[name] = image
    return found


def view(image: Image) -> Record:
    """A public image as DescribeImages has it."""
    return {
        "ImageId": image.image_id,
        "ImageLocation": f"amazon/{image.name}",
        "Name": image.name,
        "Description": image.description,
        "Architecture": image.architecture,
        "CreationDate": image.created,
        "DeprecationTime": f"{int(image.release[:4]) + 2}{image.created[4:]}",
        "OwnerId": image.owner,
        **({} if image.owner == CANONICAL else {"ImageOwnerAlias": "amazon"}),
        "Public": True,
        "State": "available",
        "ImageType": "machine",
        "PlatformDetails": "Linux/UNIX",
        "UsageOperation": "RunInstances",
        "RootDeviceType": "ebs",
        "RootDeviceName": image.root_device,
        "VirtualizationType": "hvm",
        "Hypervisor": "xen",
        "EnaSupport": True,
        "SriovNetSupport": "simple",
        "BootMode": "uefi" if image.architecture == "arm64" else "uefi-preferred",
        "ImdsSupport": "v2.0",
        "ProductCodes": [],
        "BlockDeviceMappings": [
            {
                "DeviceName": image.root_device,
                "Ebs": {
                    "SnapshotId": image.snapshot_id,
                    "VolumeSize": image.root_gib,
                    "VolumeType": "gp3",
                    "Iops": 3000,
                    "Throughput": 125,
                    "DeleteOnTermination": True,
                    "Encrypted": False,
                },
            }
        ],
        "Tags": [],
    }


def own_view(record: Record) -> Record:
    """A registered image of the caller's as DescribeImages has it."""
    return {"State": "available", "Public": False, "OwnerId": account(), **record, "Tags": tags(record["ImageId"])}


def image_view(image_id: str) -> Record:
    """The image of an id, public or the caller's, or EC2's refusal."""
    prefix, _, digits = image_id.partition("-")
    if prefix != "ami" or len(digits) not in {8, 17} or not all(c in "0123456789abcdef" for c in digits):
        raise EC2Error("InvalidAMIID.Malformed", f'Invalid id: "{image_id}"')
    image = public_image(image_id)
    if image is not None:
        return view(image)
    own = store._images.get(image_id)
    if own is None:
        raise EC2Error("InvalidAMIID.NotFound", f"The image id '[{image_id}]' does not exist")
    return own_view(own)


LISTING = Listing(
    id_member="ImageId",
    ids_member="",
    not_found="InvalidAMIID.NotFound",
    not_found_text="The image id '[{id}]' does not exist",
    smallest_page=1,
    filters={
        "architecture": member("Architecture"),
        "block-device-mapping.device-name": member("BlockDeviceMappings", "DeviceName"),
        "block-device-mapping.snapshot-id": member("BlockDeviceMappings", "Ebs", "SnapshotId"),
        "block-device-mapping.volume-size": member("BlockDeviceMappings", "Ebs", "VolumeSize"),
        "block-device-mapping.volume-type": member("BlockDeviceMappings", "Ebs", "VolumeType"),
        "creation-date": member("CreationDate"),
        "description": member("Description"),
        "ena-support": member("EnaSupport"),
        "hypervisor": member("Hypervisor"),
        "image-id": member("ImageId"),
        "image-type": member("ImageType"),
        "is-public": member("Public"),
        "name": member("Name"),
        "owner-alias": member("ImageOwnerAlias"),
        "owner-id": member("OwnerId"),
        "platform-details": member("PlatformDetails"),
        "root-device-name": member("RootDeviceName"),
        "root-device-type": member("RootDeviceType"),
        "state": member("State"),
        "virtualization-type": member("VirtualizationType"),
    },
)


@operation("DescribeImages")
def describe_images(request: Record) -> Record:
    """One page of images, by id, owner or filter."""
    ids = request.get("ImageIds", [])
    if ids:
        records = [image_view(image_id) for image_id in ids]
    else:
        records = [view(image) for image in published()] + [own_view(own) for own in rows(store._images)]
    owners = [account() if owner == "self" else owner for owner in request.get("Owners", [])]
    if owners:
        records = [r for r in records if matches(owners, [r["OwnerId"], r.get("ImageOwnerAlias", "")])]
    page, token = select(records, request, LISTING)
    return {"Images": page, "NextToken": token}
