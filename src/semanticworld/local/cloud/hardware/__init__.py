"""Instance types and where they are offered, as EC2 itself answers; about 125 kB of tables, read on first use.

The tables come from moto (Apache-2.0, https://github.com/getmoto/moto), which republishes EC2's own answers;
tools/embed_hardware.py makes them, and each carries its source, date and licence under "about".
"""

from __future__ import annotations

import functools
import gzip
import json
from importlib import resources
from typing import Any


@functools.cache
def _table(name: str) -> dict[str, Any]:
    packed = resources.files(__name__).joinpath(name).read_bytes()
    table: dict[str, Any] = json.loads(gzip.decompress(packed))
    return table


def about() -> dict[str, str]:
    """Source, date and licence of the tables."""
    return dict(_table("instance_types.json.gz")["about"])


def instance_types() -> dict[str, dict[str, Any]]:
    """Every instance type with its hardware in DescribeInstanceTypes' shape."""
    types: dict[str, dict[str, Any]] = _table("instance_types.json.gz")["types"]
    return types


def instance_type(name: str) -> dict[str, Any] | None:
    """The hardware of one type, or None when there is no such type."""
    return instance_types().get(name)


def regions() -> list[str]:
    """Regions with known zones and offerings."""
    return sorted(_table("offerings.json.gz")["regions"])


def zone_ids(region: str) -> dict[str, str]:
    """Zone id by zone name, in order of name. A region without a table has three zones."""
    known = _table("offerings.json.gz")["regions"].get(region)
    if known is None:
        return {f"{region}{letter}": f"{region}-az{number}" for number, letter in enumerate("abc", 1)}
    return dict(sorted(known["zones"].items()))


def offered_in(region: str, name: str) -> list[str]:
    """Zones of a region that offer a type; empty when none does. A region without a table offers every type."""
    known = _table("offerings.json.gz")["regions"].get(region)
    if known is None:
        return list(zone_ids(region)) if name in instance_types() else []
    return [f"{region}{letter}" for letter in known["types"].get(name, "")]


def types_offered(region: str) -> list[str]:
    """Types that some zone of a region offers."""
    known = _table("offerings.json.gz")["regions"].get(region)
    return sorted(instance_types()) if known is None else sorted(known["types"])
