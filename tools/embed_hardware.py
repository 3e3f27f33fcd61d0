"""Writes the embedded cloud's hardware tables from a moto wheel (Apache-2.0), which republishes EC2's own answers.

Run it as `python tools/embed_hardware.py path/to/moto-VERSION.whl` after `pip download moto --no-deps`.
"""

import gzip
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "src/semanticworld/local/cloud/hardware"
FOLDER = "moto/ec2/resources/instance_type_offerings"

# Read nowhere in the tool and identical across a family: they double the file.
DROPPED = ("ConnectionTrackingConfiguration", "FlexibleEnaQueuesSupport", "SecondaryNetworkSupported")


def rows(wheel: zipfile.ZipFile, name: str) -> Any:  # noqa: ANN401 - JSON of unknown shape
    """The JSON document that stands gzipped in the wheel."""
    return json.loads(gzip.decompress(wheel.read(name)))


def write(name: str, document: dict[str, Any]) -> None:
    """Store one table; the fixed time in the header makes the bytes repeatable."""
    text = json.dumps(document, separators=(",", ":"), sort_keys=True).encode()
    (TARGET / name).write_bytes(gzip.compress(text, compresslevel=9, mtime=0))
    print(name, (TARGET / name).stat().st_size, "bytes")


def hardware(wheel: zipfile.ZipFile) -> dict[str, Any]:
    """What DescribeInstanceTypes answers, by type."""
    types = rows(wheel, "moto/ec2/resources/instance_types.json.gz")
    for record in types.values():
        for member in DROPPED:
            record.get("NetworkInfo", {}).pop(member, None)
        record.pop("SupportedInRegion", None)
    return dict(types)


def offerings(wheel: zipfile.ZipFile) -> dict[str, Any]:
    """Zones of each region and, for every type, the zones that offer it as a string of zone letters."""
    answer: dict[str, Any] = {}
    for name in wheel.namelist():
        match = re.fullmatch(rf"{FOLDER}/availability-zone/(.+)\.json\.gz", name)
        if not match:
            continue
        region = match[1]
        by_name = [row for row in rows(wheel, name) if re.fullmatch(rf"{region}[a-z]", row["Location"])]
        by_id = rows(wheel, f"{FOLDER}/availability-zone-id/{region}.json.gz")
        types: dict[str, str] = {}
        for row in sorted(by_name, key=lambda row: str(row["Location"])):
            types[row["InstanceType"]] = types.get(row["InstanceType"], "") + row["Location"][-1]
        ids: dict[str, set[str]] = {}
        for row in by_id:
            ids.setdefault(row["Location"], set()).add(row["InstanceType"])
        names: dict[str, set[str]] = {}
        for row in by_name:
            names.setdefault(row["Location"], set()).add(row["InstanceType"])
        answer[region] = {"zones": zone_ids(names, ids), "types": types}
    return answer


def zone_ids(names: dict[str, set[str]], ids: dict[str, set[str]]) -> dict[str, str]:
    """Zone id by zone name, matched by what the zones offer: the pairing differs by account, this one is as good as any."""
    left = sorted(ids)
    answer = {}
    for name in sorted(names):
        best = max(left, key=lambda zone_id: len(names[name] & ids[zone_id]) - len(names[name] ^ ids[zone_id]))
        answer[name] = best
        left.remove(best)
    return answer


def main() -> None:
    """Write both tables."""
    path = Path(sys.argv[1])
    version = path.name.split("-")[1]
    source = f"moto {version} (Apache-2.0), which republishes DescribeInstanceTypes and DescribeInstanceTypeOfferings"
    with zipfile.ZipFile(path) as wheel:
        dated = max(info.date_time for info in wheel.infolist() if "instance_types" in info.filename)
        read = f"{dated[0]}-{dated[1]:02}-{dated[2]:02}"
        about = {"source": source, "date": read, "licence": "Apache-2.0"}
        write("instance_types.json.gz", {"about": about, "types": hardware(wheel)})
        write("offerings.json.gz", {"about": about, "regions": offerings(wheel)})


if __name__ == "__main__":
    main()
