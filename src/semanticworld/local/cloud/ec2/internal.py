"""What other parts of ministack ask of EC2: launches for Auto Scaling and fleets, and the same account of state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ministack.services.cloudformation import engine

from semanticworld.local.cloud.ec2.launch import launch
from semanticworld.local.cloud.ec2.world import LOCK, Record, region, rows, store
from semanticworld.local.cloud.hardware import zone_ids


def launch_instances(  # noqa: PLR0913, PLR0917 - ministack's own signature
    image_id: str,
    instance_type: str,
    subnet_id: str,
    count: int,
    key_name: str = "",
    user_data: str = "",
    sg_ids: Sequence[str] | None = None,
    requested_private_ip: str | None = None,
    iam_profile: Record | None = None,
) -> list[Record]:
    """New instances for a service that launches by itself, under the same rules as RunInstances."""
    request: Record = {"ImageId": image_id, "InstanceType": instance_type, "MinCount": count, "MaxCount": count}
    optional = {
        "SubnetId": subnet_id,
        "KeyName": key_name,
        "UserData": user_data,
        "SecurityGroupIds": list(sg_ids or []),
        "PrivateIpAddress": requested_private_ip,
        "IamInstanceProfile": {"Arn": iam_profile["Arn"]} if iam_profile else None,
    }
    request.update({name: value for name, value in optional.items() if value})
    with LOCK:
        return launch(request)


def _keep_terminated() -> None:
    """Nothing: terminated instances leave by their own transition."""


DEFAULT_ZONES = 3  # zones with a default subnet; on AWS every zone has one


def default_zones() -> list[str]:
    """Zones of the addressed region that have a default subnet: what Fn::GetAZs gives."""
    return list(zone_ids(region()))[:DEFAULT_ZONES]


def _zone_name(zone_id: str) -> str | None:
    """The zone of an id in the addressed region, or None."""
    return next((name for name, known in zone_ids(region()).items() if known == zone_id), None)


def _real_zones(init: Callable[[], None]) -> Callable[[], None]:
    """Ministack's default network, moved from zones a, b, c to those that the region really has."""

    def init_defaults() -> None:
        init()
        zones = default_zones()
        defaults = [record for record in rows(store._subnets) if record.get("DefaultForAz")]
        for index, record in enumerate(sorted(defaults, key=lambda record: str(record["SubnetId"]))):
            if index >= len(zones):
                store._subnets.pop(record["SubnetId"])
                continue
            record.update(AvailabilityZone=zones[index], AvailabilityZoneId=zone_ids(region())[zones[index]])

    return init_defaults


def _get_azs(resolve: Callable[..., Any]) -> Callable[..., Any]:
    """Fn::GetAZs with the zones of the region; everything else is the engine's."""

    def resolve_refs(value: Any, *rest: Any, **named: Any) -> Any:  # noqa: ANN401 - template values
        if isinstance(value, dict) and set(value) == {"Fn::GetAZs"}:
            wanted = resolve(value["Fn::GetAZs"], *rest, **named) or region()
            return default_zones() if str(wanted) == region() else []
        return resolve(value, *rest, **named)

    return resolve_refs


def install() -> None:
    """Take the places of ministack's own functions."""
    store._launch_instances_internal = launch_instances
    store._cleanup_terminated = _keep_terminated
    store._init_defaults = _real_zones(store._init_defaults)
    store._zone_name_for_az_id = _zone_name
    engine._resolve_refs = _get_azs(engine._resolve_refs)
