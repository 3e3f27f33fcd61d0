"""Asking the embedded EC2: one instance, one state, one refusal."""

from __future__ import annotations

import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import pytest
from botocore.exceptions import ClientError

from cloud import Cloud

Client: TypeAlias = Any  # a boto3 client, made at run time


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """A VPC with a subnet in zone a."""

    vpc: str
    subnet: str
    group: str


def look(ec2: Client, instance_id: str) -> dict[str, Any]:
    found: dict[str, Any] = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"][0]
    return found


def until(ec2: Client, instance_id: str, state: str) -> dict[str, Any]:
    """The instance once it is in the state."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        found = look(ec2, instance_id)
        if found["State"]["Name"] == state:
            return found
        time.sleep(0.03)
    raise AssertionError(f"{instance_id} did not become {state}: {found['State']}")


def until_equal(wanted: object, ask: Callable[[], object]) -> None:
    """Return once the answer is the wanted one."""
    deadline = time.monotonic() + 30
    while (found := ask()) != wanted and time.monotonic() < deadline:
        time.sleep(0.03)
    assert found == wanted


def refusal(action: Callable[..., Any], **request: object) -> tuple[str, str]:
    """Code and text of the error that the call is answered with."""
    with pytest.raises(ClientError) as caught:
        action(**request)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def query(cloud: Cloud, **params: object) -> tuple[int, str]:
    """Status and XML of one raw request: what the SDK would refuse to send, or takes seconds to read."""
    data = urllib.parse.urlencode({**params, "Version": "2016-11-15"}).encode()
    scope = f"Credential={cloud.account}/20261123/eu-central-1/ec2/aws4_request"
    headers = {"Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0"}
    request = urllib.request.Request(cloud.endpoint_url, data=data, headers=headers)  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
