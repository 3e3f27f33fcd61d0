"""An instance's states and what happens between them."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from datetime import UTC, datetime

from semanticworld.local.cloud.ec2 import disks, interfaces
from semanticworld.local.cloud.ec2.addresses import free_interface, public_address, public_name
from semanticworld.local.cloud.ec2.moments import PACE, now
from semanticworld.local.cloud.ec2.transitions import begin, step
from semanticworld.local.cloud.ec2.world import Record, stamp, store

logger = logging.getLogger(__name__)

# Source: EC2 API Reference, InstanceState, 2026.
CODES = {"pending": 0, "running": 16, "shutting-down": 32, "terminated": 48, "stopping": 64, "stopped": 80}

Listener = Callable[[str, Record], None]

# Called with the new state and the instance; a node that really boots hangs on this.
listeners: list[Listener] = []


def enter(instance: Record, name: str) -> None:
    """Put an instance into a state and tell the listeners."""
    instance["State"] = {"Code": CODES[name], "Name": name}
    for listener in listeners:
        try:
            listener(name, instance)
        except Exception:
            logger.exception("a listener failed on %s of %s", name, instance["InstanceId"])


def give_public_address(interface: Record, address: str, name_of: Callable[[str], str]) -> None:
    """Give an interface a public address of Amazon's pool, which goes when the instance stops."""
    interface["Association"] = {"IpOwnerId": "amazon", "PublicIp": address, "PublicDnsName": name_of(address)}


def start_pending(instance: Record) -> None:
    """Let an instance come up."""
    enter(instance, "pending")
    begin(instance, "instance running", PACE.pending_s)


@step("instance running")
def _running(instance: Record) -> None:
    instance.pop("StateReason", None)
    instance["StateTransitionReason"] = ""
    enter(instance, "running")


def transition_reason(cause: str, moment: float | None = None) -> str:
    """The text in which EC2 says who ended an instance's running, and when."""
    at = datetime.fromtimestamp(now() if moment is None else moment, UTC)
    return f"{cause} ({at:%Y-%m-%d %H:%M:%S} GMT)"


def _tell_why(instance: Record, *, by_user: bool, reason: tuple[str, str] | None) -> None:
    """Write down why an instance stops running: at a user's word, of itself, or for a reason of EC2's."""
    code, message = reason or (
        ("Client.UserInitiatedShutdown", "User initiated shutdown")
        if by_user
        else ("Client.InstanceInitiatedShutdown", "Instance initiated shutdown")
    )
    instance["StateReason"] = {"Code": code, "Message": f"{code}: {message}"}
    instance["StateTransitionReason"] = transition_reason("User initiated") if by_user else ""


def stop(instance: Record, *, by_user: bool = True, reason: tuple[str, str] | None = None) -> None:
    """Let a running instance stop, at a user's word or of itself."""
    _tell_why(instance, by_user=by_user, reason=reason)
    enter(instance, "stopping")
    begin(instance, "instance stopped", PACE.stopping_s)


@step("instance stopped")
def _stopped(instance: Record) -> None:
    for held in interfaces.interfaces_of(instance["InstanceId"]):
        if (held.get("Association") or {}).get("IpOwnerId") == "amazon":
            held.pop("Association")
    enter(instance, "stopped")


def start(instance: Record) -> None:
    """Let a stopped instance come up again; its private address stays, a public one is new."""
    instance["LaunchTime"] = stamp()
    instance.pop("StateReason", None)
    instance["StateTransitionReason"] = ""
    if instance.get("_public"):
        primary = interfaces.interfaces_of(instance["InstanceId"])[0]
        if not primary.get("Association"):
            give_public_address(primary, public_address(), public_name)
    start_pending(instance)


def terminate(instance: Record, *, by_user: bool = True, reason: tuple[str, str] | None = None) -> None:
    """Let an instance go for good."""
    _tell_why(instance, by_user=by_user, reason=reason)
    enter(instance, "shutting-down")
    begin(instance, "instance terminated", PACE.shutting_down_s)


@step("instance terminated")
def _terminated(instance: Record) -> None:
    for held in interfaces.interfaces_of(instance["InstanceId"]):
        if held["Attachment"]["DeleteOnTermination"]:
            free_interface(held["NetworkInterfaceId"])
            interfaces.remove(held)
        else:
            held.update(Attachment=None, Status="available")
    disks.drop(instance)
    with contextlib.suppress(KeyError, TypeError):
        association = store._find_active_iam_instance_profile_association(instance["InstanceId"])
        if association:
            store._mark_iam_instance_profile_association_disassociated(association)
    # A terminated instance has no place any more, and DescribeInstances says so.
    for name in ("SubnetId", "VpcId", "PrivateIpAddress"):
        instance.pop(name, None)
    instance.update(PrivateDnsName="", PublicDnsName="", SecurityGroups=[], _terminated_at=now())
    instance["Monitoring"] = {"State": "disabled"}
    enter(instance, "terminated")
    begin(instance, "instance forgotten", PACE.terminated_visible_s)


@step("instance forgotten")
def _forgotten(instance: Record) -> None:
    store._instances.pop(instance["InstanceId"], None)
    store._tags.pop(instance["InstanceId"], None)


def shut_down_by_itself(instance_id: str) -> None:
    """What EC2 does when the operating system of an instance shuts down: stop or terminate, as the instance says."""
    instance = store._instances.get(instance_id)
    if instance is None or instance["State"]["Name"] not in {"pending", "running"}:
        return
    if instance["_attributes"]["InstanceInitiatedShutdownBehavior"] == "terminate":
        terminate(instance, by_user=False)
    else:
        stop(instance, by_user=False)
