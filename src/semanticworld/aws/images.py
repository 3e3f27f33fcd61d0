"""Which machine image: AWS's public parameters for the Deep Learning AMIs, or the image named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from semanticworld.aws import codes
from semanticworld.aws.calls import Calls, answered
from semanticworld.errors import AwsError, Refused

ROOT = "/aws/service/deeplearning/ami"
"""Source: "Find DLAMI IDs", AWS Deep Learning AMIs Developer Guide."""
BASE = "base-oss-nvidia-driver-gpu-ubuntu-24.04"
_PYTORCH = re.compile(r"/oss-nvidia-driver-gpu-pytorch-(\d+)\.(\d+)-ubuntu-24\.04/latest/ami-id$")
_AMI_ID = re.compile(r"^ami-[0-9a-f]{8}(?:[0-9a-f]{9})?$")


class Images:
    """Public images of one region."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def find(self, choice: str, *, architecture: str) -> str:
        """The image id. Raises Refused: LIF050 when there is none, LIF051 for a word that is no choice."""
        if _AMI_ID.match(choice):
            return choice
        if choice == "base":
            found = self._parameter(f"{ROOT}/{architecture}/{BASE}/latest/ami-id")
        elif choice == "pytorch":
            found = self._newest_pytorch(architecture)
        else:
            raise Refused(
                f"{choice!r} is no image",
                why="it is neither pytorch, base nor an image id such as ami-0123456789abcdef0",
                hint="set Image to pytorch, base or an ami id",
                code="LIF051",
            )
        if found is None:
            raise Refused(
                f"there is no {choice} image for {architecture} in {self._calls.region}",
                why=f"AWS publishes none under {ROOT}/{architecture}",
                hint="choose another region or instance type, or name an image with Image=ami-...",
                code="LIF050",
            )
        return found

    def _parameter(self, name: str) -> str | None:
        try:
            value = self._calls.call("ssm", "GetParameter", Name=name)["Parameter"]["Value"]
        except AwsError as error:
            if answered(error, codes.MISSING_PARAMETER):
                return None
            raise
        return str(value)

    def _newest_pytorch(self, architecture: str) -> str | None:
        """The image of the highest version by number: 2.12 comes after 2.9. The names carry the version and expire."""
        versions = {
            (int(match[1]), int(match[2])): str(told["Value"])
            for told in self._calls.items(
                "ssm", "GetParametersByPath", "Parameters", Path=f"{ROOT}/{architecture}", Recursive=True
            )
            if (match := _PYTORCH.search(told["Name"]))
        }
        return versions[max(versions)] if versions else None

    def exists(self, image_id: str) -> bool:
        """Whether this account can see the image in this region."""
        return any(told.get("State", "available") == "available" for told in self._described(image_id))

    def root_gib(self, image_id: str) -> int | None:
        """The size in GiB of the root snapshot: a root volume may be larger, never smaller."""
        for told in self._described(image_id):
            for device in told.get("BlockDeviceMappings", ()):
                if device.get("DeviceName") == told.get("RootDeviceName") and device.get("Ebs", {}).get("VolumeSize"):
                    return int(device["Ebs"]["VolumeSize"])
        return None

    def _described(self, image_id: str) -> Sequence[Any]:
        """What EC2 tells of the image: one entry, or none when it is unknown."""
        try:
            answer = self._calls.call("ec2", "DescribeImages", ImageIds=[image_id])
        except AwsError as error:
            if answered(error, codes.MISSING_IMAGE):
                return ()
            raise
        found: Sequence[Any] = answer.get("Images", ())
        return found
