"""Asking the embedded EC2: one instance, one state, one refusal."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """A VPC with a subnet in zone a."""

    vpc: str
    subnet: str
    group: str


def look(ec2: Any, instance_id: str) -> dict[str, Any]:
    found: dict[str, Any] = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"][0]
    return found


def until(ec2: Any, instance_id: str, state: str) -> dict[str, Any]:
    """The instance once it is in the state, within seconds."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        found = look(ec2, instance_id)
        if found["State"]["Name"] == state:
            return found
        time.sleep(0.03)
    raise AssertionError(f"{instance_id} did not become {state}: {found['State']}")


def refusal(action: Callable[..., Any], **request: Any) -> tuple[str, str]:
    """Code and text of the error that the call is answered with."""
    with pytest.raises(ClientError) as caught:
        action(**request)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]
