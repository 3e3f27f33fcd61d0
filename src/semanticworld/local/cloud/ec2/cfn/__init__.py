"""The AWS::EC2::* resource types of CloudFormation, each a thin layer over the API."""

from __future__ import annotations

from semanticworld.local.cloud.ec2.cfn import (
    compute,
    connectivity,
    network,
    security,
    storage,
)
from semanticworld.local.cloud.ec2.cfn.kinds import install_kinds
from semanticworld.local.cloud.ec2.cfn.storage import snapshot_volume

__all__ = ["compute", "connectivity", "install", "network", "security", "snapshot_volume", "storage"]


def install() -> None:
    """Put every type into ministack's tables."""
    install_kinds()
