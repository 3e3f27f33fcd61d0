"""On-demand prices and spot samples that the embedded cloud's spot market is made of; it bills nothing.

Source: prices.csv and spot.csv beside this file, read 2026-07-20 (us-east-1 and eu-central-1, Linux, shared tenancy)
and, for spot, at one moment in 2026. Other regions take us-east-1's figure.
"""

from __future__ import annotations

import csv
import functools
from decimal import Decimal
from importlib import resources

EUROPE = "eu-central-1"


@functools.cache
def _prices() -> dict[str, tuple[Decimal, Decimal | None]]:
    """On-demand price by type, in USD an hour: us-east-1, eu-central-1."""
    text = resources.files("semanticworld.local.cloud.hardware").joinpath("prices.csv").read_text(encoding="utf-8")
    return {
        row["instance_type"]: (
            Decimal(row["usd_per_hour_us_east_1"]),
            Decimal(row["usd_per_hour_eu_central_1"]) if row["usd_per_hour_eu_central_1"] else None,
        )
        for row in csv.DictReader(text.splitlines())
    }


@functools.cache
def _spot() -> dict[tuple[str, str], float]:
    """Spot over on-demand price by type and zone id."""
    text = resources.files("semanticworld.local.cloud.hardware").joinpath("spot.csv").read_text(encoding="utf-8")
    return {(row["type"], row["az"]): float(row["spot_over_od"]) for row in csv.DictReader(text.splitlines())}


def known_types() -> frozenset[str]:
    """Types with a known price."""
    return frozenset(_prices())


def on_demand(name: str, region: str) -> Decimal | None:
    """The on-demand price of a type in USD an hour, or None when it is not known."""
    known = _prices().get(name)
    if known is None:
        return None
    here, europe = known
    return europe if region == EUROPE and europe is not None else here


def spot_share(name: str, zone_id: str) -> float | None:
    """Spot over on-demand price as it was read for a zone, or None where it was not."""
    return _spot().get((name, zone_id))
