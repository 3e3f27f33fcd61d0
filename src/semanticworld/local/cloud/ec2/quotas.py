"""Service quotas: what they are, what is used of them, and the refusal when they are reached.

Source: Amazon EC2 service quotas, 2026. The limits here are those of an account that has been in use for a while, so
that a demonstration is not stopped by them; RequestServiceQuotaIncrease changes them.
"""

from __future__ import annotations

import dataclasses
import re

from semanticworld.local.cloud.ec2.errors import EC2Error
from semanticworld.local.cloud.ec2.world import Record, account, region, rows, store
from semanticworld.local.cloud.hardware import instance_type


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """One quota: AWS's code and name, the limit at first, and the instance families it counts (None: no instances)."""

    code: str
    name: str
    value: float
    families: str | None = None
    spot: bool = False
    service: str = "ec2"


_STANDARD = r"(a|c|d|h|i|im|is|m|mac|r|t|z)\d.*"
QUOTAS = (
    Quota(code="L-DB2E81BA", name="Running On-Demand G and VT instances", value=768, families=r"(g|gr|vt)\d.*"),
    Quota(code="L-417A185B", name="Running On-Demand P instances", value=768, families=r"p\d.*"),
    Quota(
        code="L-1216C47A",
        name="Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
        value=1152,
        families=_STANDARD,
    ),
    Quota(code="L-74FC7D96", name="Running On-Demand F instances", value=128, families=r"f\d.*"),
    Quota(code="L-1945791B", name="Running On-Demand Inf instances", value=128, families=r"inf\d.*"),
    Quota(code="L-2C3B7624", name="Running On-Demand Trn instances", value=128, families=r"trn\d.*"),
    Quota(code="L-6E869C2A", name="Running On-Demand DL instances", value=96, families=r"dl\d.*"),
    Quota(code="L-7295265B", name="Running On-Demand X instances", value=128, families=r"x\d.*"),
    Quota(code="L-43DA4232", name="Running On-Demand High Memory instances", value=448, families=r"u-?\d.*|u\d.*"),
    Quota(code="L-F7808C92", name="Running On-Demand HPC instances", value=192, families=r"hpc\d.*"),
    Quota(
        code="L-3819A6DF",
        name="All G and VT Spot Instance Requests",
        value=768,
        families=r"(g|gr|vt)\d.*",
        spot=True,
    ),
    Quota(
        code="L-7212CCBC",
        name="All P4, P3 and P2 Spot Instance Requests",
        value=384,
        families=r"p[234]\D.*",
        spot=True,
    ),
    Quota(code="L-C4BD4855", name="All P5 Spot Instance Requests", value=384, families=r"p[56]\D.*", spot=True),
    Quota(
        code="L-34B43A08",
        name="All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests",
        value=1152,
        families=_STANDARD,
        spot=True,
    ),
    Quota(code="L-0263D0A3", name="EC2-VPC Elastic IPs", value=20),
    Quota(code="L-F678F1CE", name="VPCs per Region", value=50, service="vpc"),
    Quota(code="L-A4707A72", name="Internet gateways per Region", value=50, service="vpc"),
    Quota(code="L-FE5A380F", name="NAT gateways per Availability Zone", value=50, service="vpc"),
    Quota(code="L-407747CB", name="Subnets per VPC", value=200, service="vpc"),
    Quota(code="L-7A658B76", name="Storage for General Purpose SSD (gp3) volumes, in TiB", value=50, service="ebs"),
    Quota(code="L-309BACF6", name="Snapshots per Region", value=100000, service="ebs"),
)
BY_CODE = {quota.code: quota for quota in QUOTAS}

# Limits that were changed, by account/region/code.
limits: dict[str, float] = {}


def _key(code: str) -> str:
    return f"{account()}/{region()}/{code}"


def limit(code: str) -> float:
    """The caller's limit of a quota in the addressed region."""
    return limits.get(_key(code), BY_CODE[code].value)


def set_limit(code: str, value: float) -> None:
    """Change the caller's limit of a quota in the addressed region."""
    limits[_key(code)] = value


def quota_of(name: str, *, spot: bool) -> Quota | None:
    """The quota that counts an instance type, or None when none does."""
    for quota in QUOTAS:
        if quota.families and quota.spot == spot and re.fullmatch(quota.families, name):
            return quota
    return None


def vcpus(name: str, options: Record | None = None) -> int:
    """How many vCPUs a type counts with, its CPU options respected."""
    if options:
        return int(options["CoreCount"]) * int(options["ThreadsPerCore"])
    hardware = instance_type(name)
    return int(hardware["VCpuInfo"]["DefaultVCpus"]) if hardware else 0


def used(quota: Quota) -> int:
    """VCPUs that the caller's pending and running instances take from a quota."""
    total = 0
    for instance in rows(store._instances):
        if instance["State"]["Name"] not in {"pending", "running"}:
            continue
        spot = instance.get("InstanceLifecycle") == "spot"
        if spot == quota.spot and re.fullmatch(quota.families or "", instance["InstanceType"]):
            total += vcpus(instance["InstanceType"])
    return total


def check_vcpus(name: str, count: int, *, spot: bool) -> None:
    """Refuse to run instances beyond the quota of their family."""
    quota = quota_of(name, spot=spot)
    if quota is None or used(quota) + vcpus(name) * count <= limit(quota.code):
        return
    if spot:
        raise EC2Error("MaxSpotInstanceCountExceeded", "Max spot instance count exceeded")
    raise EC2Error(
        "VcpuLimitExceeded",
        f"You have requested more vCPU capacity than your current vCPU limit of {limit(quota.code):.0f} allows for the "
        "instance bucket that the specified instance type belongs to. Please visit "
        "http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.",
    )
