"""The node, the network it stands in and the hardware it may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An instance of ours as EC2 tells it; `state` is pending, running, stopping, stopped, shutting-down or terminated."""

    instance_id: str
    instance_type: str
    state: str
    state_reason: str | None = None
    private_ip: str | None = None
    public_ip: str | None = None
    subnet_id: str | None = None
    availability_zone: str | None = None
    image_id: str | None = None
    launched_at: datetime | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subnet:
    """A subnet; `free_addresses` counts the addresses still to be had."""

    id: str
    vpc_id: str
    availability_zone: str
    cidr: str
    free_addresses: int
    maps_public_ip: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceType:
    """An instance type's hardware; `gpu_model` is None and `gpu_count` 0 without a GPU (a part of one counts 0 as well)."""

    name: str
    architecture: str
    vcpus: int
    memory_mib: int
    gpu_model: str | None = None
    gpu_count: int = 0
    gpu_memory_mib: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who we are to AWS, and where."""

    account: str
    arn: str
    region: str
