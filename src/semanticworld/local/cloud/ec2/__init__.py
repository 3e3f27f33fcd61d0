"""EC2 that tells the truth: the API behind one dispatcher, the hardware behind it, and the CloudFormation types on top."""

from __future__ import annotations

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
    public_parameters,
    quotas,
    service_quotas,
    snapshots,
    tagging,
    transitions,
)
from semanticworld.local.cloud.hardware import zone_ids

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
    "tagging",
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
    state.register("ec2.tokens", dispatch.token_state, dispatch.restore_tokens)
    state.register("ec2.quotas", lambda: dict(quotas.limits), quotas.limits.update)
    state.register("ec2.quota_requests", lambda: dict(service_quotas.requests), service_quotas.requests.update)
    clock.on_advance(transitions.settle)


def resume() -> None:
    """Take up the transitions that were under way when the last server ended."""
    transitions.rebuild()
