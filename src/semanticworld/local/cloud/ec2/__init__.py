"""EC2 that tells the truth: the API behind one dispatcher, the hardware behind it, and the CloudFormation types on top."""

from __future__ import annotations

import threading
from typing import Any

from ministack.services import ec2 as store

from semanticworld.local.cloud import clock, state
from semanticworld.local.cloud.ec2 import (
    addresses,
    attributes,
    cfn,
    dispatch,
    endpoints,
    flow_logs,
    images,
    instance_types,
    instances,
    internal,
    launch,
    launch_templates,
    nat_gateways,
    protocol,
    public_parameters,
    quotas,
    service_quotas,
    snapshots,
    spot_requests,
    tagging,
    transitions,
    volume_changes,
)
from semanticworld.local.cloud.hardware import instance_type, prices, zone_ids

__all__ = [
    "addresses",
    "attributes",
    "endpoints",
    "flow_logs",
    "images",
    "instance_types",
    "instances",
    "launch",
    "launch_templates",
    "nat_gateways",
    "resume",
    "snapshots",
    "spot_requests",
    "tagging",
    "volume_changes",
]


def _zone_id(zone: str) -> str:
    """The id of a zone by its name, as DescribeAvailabilityZones pairs them."""
    return zone_ids(zone[:-1]).get(zone, zone)


def install() -> None:
    """Replace ministack's EC2 with this one; the records stay in its stores, where other services look for them."""
    dispatch.before_each.append(transitions.settle)
    dispatch.install()
    internal.install()
    service_quotas.install()
    public_parameters.install()
    cfn.install()
    store._az_id_for_zone_name = _zone_id
    for name, kept in (
        ("ec2.tokens", dispatch.tokens),
        ("ec2.quotas", quotas.limits),
        ("ec2.quota_requests", service_quotas.requests),
    ):
        _keep(name, kept)
    clock.on_advance(transitions.settle)


def _keep(name: str, kept: dict[str, Any]) -> None:
    """Let one table survive a restart of the server."""

    def put(saved: Any) -> None:  # noqa: ANN401 - what was given out
        kept.clear()
        kept.update(saved)

    state.register(name, lambda: dict(kept), put)


def resume() -> None:
    """Take up the transitions that were under way when the last server ended, and read the tables ahead of need."""
    transitions.rebuild()
    threading.Thread(target=_warm, name="ec2-tables", daemon=True).start()


def _warm() -> None:
    """Load what the first requests would otherwise wait for: about 0.1 s."""
    protocol.model()
    instance_type("t3.medium")
    prices.known_types()
