"""What other parts of ministack ask of EC2: launches for Auto Scaling and fleets, and the same account of state."""

from __future__ import annotations

from collections.abc import Sequence

from semanticworld.local.cloud.ec2.launch import launch
from semanticworld.local.cloud.ec2.world import LOCK, Record, store


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


def install() -> None:
    """Take the places of ministack's own functions."""
    store._launch_instances_internal = launch_instances
    store._cleanup_terminated = _keep_terminated
