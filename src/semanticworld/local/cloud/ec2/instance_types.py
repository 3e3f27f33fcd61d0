"""What can be rented where: instance types, offerings, zones, regions and spot prices."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

from semanticworld.local.cloud.ec2.dispatch import operation
from semanticworld.local.cloud.ec2.errors import EC2Error, invalid
from semanticworld.local.cloud.ec2.moments import now
from semanticworld.local.cloud.ec2.query import Listing, Values, member, page, select
from semanticworld.local.cloud.ec2.world import Record, region, stamp
from semanticworld.local.cloud.hardware import instance_types, offered_in, prices, types_offered, zone_ids
from semanticworld.local.cloud.hardware import regions as known_regions

REGION_KINDS = {"availability-zone", "region", "availability-zone-id"}

TYPE_LISTING = Listing(
    id_member="InstanceType",
    ids_member="InstanceTypes",
    not_found="InvalidInstanceType",
    not_found_text="The following supplied instance types do not exist: [{id}]",
    tag_filters=False,
    largest_page=100,
    filters={
        "instance-type": member("InstanceType"),
        "bare-metal": member("BareMetal"),
        "burstable-performance-supported": member("BurstablePerformanceSupported"),
        "current-generation": member("CurrentGeneration"),
        "ebs-info.ebs-optimized-support": member("EbsInfo", "EbsOptimizedSupport"),
        "ebs-info.encryption-support": member("EbsInfo", "EncryptionSupport"),
        "ebs-info.nvme-support": member("EbsInfo", "NvmeSupport"),
        "free-tier-eligible": member("FreeTierEligible"),
        "hibernation-supported": member("HibernationSupported"),
        "hypervisor": member("Hypervisor"),
        "instance-storage-supported": member("InstanceStorageSupported"),
        "instance-storage-info.total-size-in-gb": member("InstanceStorageInfo", "TotalSizeInGB"),
        "memory-info.size-in-mib": member("MemoryInfo", "SizeInMiB"),
        "network-info.efa-supported": member("NetworkInfo", "EfaSupported"),
        "network-info.ena-support": member("NetworkInfo", "EnaSupport"),
        "network-info.network-performance": member("NetworkInfo", "NetworkPerformance"),
        "processor-info.supported-architecture": member("ProcessorInfo", "SupportedArchitectures"),
        "supported-usage-class": member("SupportedUsageClasses"),
        "supported-virtualization-type": member("SupportedVirtualizationTypes"),
        "supported-root-device-type": member("SupportedRootDeviceTypes"),
        "supported-boot-mode": member("SupportedBootModes"),
        "vcpu-info.default-vcpus": member("VCpuInfo", "DefaultVCpus"),
        "vcpu-info.default-cores": member("VCpuInfo", "DefaultCores"),
    },
)
OFFERING_LISTING = Listing(
    id_member="_id",
    ids_member="",
    not_found="",
    not_found_text="",
    tag_filters=False,
    filters={"instance-type": member("InstanceType"), "location": member("Location")},
)
ZONE_LISTING = Listing(
    id_member="ZoneName",
    ids_member="ZoneNames",
    not_found="InvalidParameterValue",
    not_found_text="Invalid availability zone: [{id}]",
    tag_filters=False,
    filters={
        "group-name": member("GroupName"),
        "opt-in-status": member("OptInStatus"),
        "region-name": member("RegionName"),
        "state": member("State"),
        "zone-id": member("ZoneId"),
        "zone-name": member("ZoneName"),
        "zone-type": member("ZoneType"),
    },
)
REGION_LISTING = Listing(
    id_member="RegionName",
    ids_member="RegionNames",
    not_found="InvalidParameterValue",
    not_found_text="Invalid region name: {id}",
    tag_filters=False,
    filters={
        "endpoint": member("Endpoint"),
        "opt-in-status": member("OptInStatus"),
        "region-name": member("RegionName"),
    },
)
SPOT_FILTERS: dict[str, Values] = {
    "availability-zone": member("AvailabilityZone"),
    "instance-type": member("InstanceType"),
    "product-description": member("ProductDescription"),
    "spot-price": member("SpotPrice"),
    "timestamp": member("Timestamp"),
}
SPOT_LISTING = Listing(
    id_member="_id", ids_member="", not_found="", not_found_text="", tag_filters=False, filters=SPOT_FILTERS
)
# Opened in 2019 or later, so off until an account switches them on. Source: AWS Regions, AWS documentation, 2026.
OPT_IN = frozenset({
    "af-south-1", "ap-east-1", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ca-west-1",
    "eu-central-2", "eu-south-1", "eu-south-2", "il-central-1", "me-central-1", "me-south-1",
})  # fmt: skip


@operation("DescribeInstanceTypes")
def describe_instance_types(request: Record) -> Record:
    """One page of the types that the region offers, with their hardware."""
    known = instance_types()
    wanted = request.get("InstanceTypes", [])
    offered = set(types_offered(region()))
    absent = [name for name in wanted if name not in known or name not in offered]
    if absent:
        raise EC2Error(
            "InvalidInstanceType", f"The following supplied instance types do not exist: [{', '.join(absent)}]"
        )
    records = [known[name] for name in (wanted or sorted(offered)) if name in known]
    given = {**request, "InstanceTypes": [], "MaxResults": request.get("MaxResults") or TYPE_LISTING.largest_page}
    found, token = select(records, given, TYPE_LISTING)
    return {"InstanceTypes": found, "NextToken": token}


@operation("DescribeInstanceTypeOfferings")
def describe_instance_type_offerings(request: Record) -> Record:
    """One page of offerings, by region unless zones are asked for."""
    kind = request.get("LocationType", "region")
    if kind not in REGION_KINDS:
        raise invalid("locationType", kind)
    found, token = select(list(_offerings(kind)), {"MaxResults": 1000, **request}, OFFERING_LISTING)
    return {"InstanceTypeOfferings": found, "NextToken": token}


def _offerings(kind: str) -> Iterator[Record]:
    ids = zone_ids(region())
    for name in types_offered(region()):
        zones = offered_in(region(), name)
        places = [region()] if kind == "region" else zones
        for place in places:
            shown = ids[place] if kind == "availability-zone-id" else place
            yield {"_id": f"{name}/{shown}", "InstanceType": name, "LocationType": kind, "Location": shown}


@operation("DescribeAvailabilityZones")
def describe_availability_zones(request: Record) -> Record:
    """Every zone of the region; the call has no pages."""
    by_id = request.get("ZoneIds")
    records = [
        {
            "ZoneName": name,
            "ZoneId": zone_id,
            "ZoneType": "availability-zone",
            "State": "available",
            "RegionName": region(),
            "GroupName": f"{region()}-zg-1",
            "NetworkBorderGroup": region(),
            "OptInStatus": "opt-in-not-required",
            "Messages": [],
        }
        for name, zone_id in zone_ids(region()).items()
        if not by_id or zone_id in by_id
    ]
    found, _ = select(records, request, ZONE_LISTING)
    return {"AvailabilityZones": found}


@operation("DescribeRegions")
def describe_regions(request: Record) -> Record:
    """Regions that the account can use; all of them on request."""
    records = [
        {
            "RegionName": name,
            "Endpoint": f"ec2.{name}.amazonaws.com",
            "OptInStatus": "not-opted-in" if name in OPT_IN else "opt-in-not-required",
        }
        for name in known_regions()
        if request.get("AllRegions") or request.get("RegionNames") or name not in OPT_IN
    ]
    found, _ = select(records, request, REGION_LISTING)
    return {"Regions": found}


HOUR_S, DAY_S = 3600, 86400
HISTORY_DAYS = 90  # Source: EC2 User Guide, View Spot Instance pricing history, 2026.
CHANGE_EVERY_S = 6 * HOUR_S
LONGEST_HISTORY = 1000


@functools.lru_cache(maxsize=4096)
def _share(name: str, zone_id: str) -> float:
    """Spot price over on-demand price in a zone: as read where it was read, else drawn once per type and zone."""
    read = prices.spot_share(name, zone_id)
    if read is not None:
        return read
    draw = int(hashlib.sha256(f"{name}/{zone_id}".encode()).hexdigest()[:8], 16) / 0xFFFFFFFF
    return 0.25 + 0.45 * draw


def spot_price(name: str, zone: str, moment: float) -> str | None:
    """The spot price of a type in a zone at a moment, in USD an hour; None when there is none."""
    on_demand = prices.on_demand(name, region())
    if on_demand is None or zone not in offered_in(region(), name):
        return None
    share = _share(name, zone_ids(region())[zone])
    turn = int(moment // CHANGE_EVERY_S)
    drift = int(hashlib.sha256(f"{name}/{zone}/{turn}".encode()).hexdigest()[:4], 16) / 0xFFFF
    wobble = 1.0 if share >= 1 else 0.97 + 0.06 * drift
    return f"{min(float(on_demand), float(on_demand) * share * wobble):.6f}"


def _moment(value: object, otherwise: float) -> float:
    if not value:
        return otherwise
    try:
        return datetime.fromisoformat(str(value)).astimezone(UTC).timestamp()
    except ValueError as error:
        raise invalid("startTime", value) from error


@operation("DescribeSpotPriceHistory")
def describe_spot_price_history(request: Record) -> Record:
    """One page of spot prices, newest first; with one moment only, the price in force then."""
    end = min(_moment(request.get("EndTime"), now()), now())
    start = max(_moment(request.get("StartTime"), end - HISTORY_DAYS * DAY_S), now() - HISTORY_DAYS * DAY_S)
    names = request.get("InstanceTypes") or sorted(prices.known_types())
    unknown = [name for name in names if name not in instance_types()]
    if unknown:
        raise EC2Error("InvalidParameterValue", f"Invalid instance type: {', '.join(unknown)}")
    products = request.get("ProductDescriptions") or ["Linux/UNIX"]
    wanted = request.get("AvailabilityZone")
    if wanted and wanted not in zone_ids(region()):
        raise invalid("availabilityZone", wanted)
    records = [
        record
        for name in names
        for zone in zone_ids(region())
        if not wanted or zone == wanted
        for record in _history(name, zone, min(start, end), end)
        if record["ProductDescription"] in products or f"{record['ProductDescription']} (Amazon VPC)" in products
    ]
    records.sort(key=lambda record: str(record["Timestamp"]), reverse=True)
    asked = request.get("MaxResults")
    given = {**request, "MaxResults": max(asked, 5) if asked else LONGEST_HISTORY}
    given["Filters"] = request.get("Filters", [])
    chosen = select(records, {"Filters": given["Filters"]}, SPOT_LISTING)[0]
    found, token = page(chosen, given, SPOT_LISTING)
    return {"SpotPriceHistory": found, "NextToken": token or ""}


def _history(name: str, zone: str, start: float, end: float) -> Iterator[Record]:
    turn, first = int(end // CHANGE_EVERY_S), int(start // CHANGE_EVERY_S)
    while turn >= first:
        moment = turn * CHANGE_EVERY_S
        price = spot_price(name, zone, moment)
        if price is None:
            return
        yield {
            "_id": f"{name}/{zone}/{turn}",
            "InstanceType": name,
            "AvailabilityZone": zone,
            "AvailabilityZoneId": zone_ids(region())[zone],
            "ProductDescription": "Linux/UNIX",
            "SpotPrice": price,
            "Timestamp": stamp(moment),
        }
        turn -= 1
