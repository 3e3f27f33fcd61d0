from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from botocore.exceptions import ClientError

from cfn_stacks import Client, Stack
from cloud import Cloud
from semanticworld.local import control
from semanticworld.local.fault import Action, FailingResource, SlowResource, to_json


@pytest.fixture
def client(cloud: Cloud) -> Client:
    return cloud.client("cloudformation")


@pytest.fixture
def stack(client: Client) -> Stack:
    return Stack(client=client)


@pytest.fixture
def refused() -> Callable[..., tuple[str, str]]:
    """What AWS says to a call: its error code and text."""

    def call(operation: Callable[..., object], **arguments: object) -> tuple[str, str]:
        with pytest.raises(ClientError) as error:
            operation(**arguments)
        answer = error.value.response["Error"]
        return answer["Code"], answer["Message"]

    return call


@pytest.fixture
def fail(cloud: Cloud) -> Iterator[Callable[..., None]]:
    """Orders a resource to fail. Faults are the whole cloud's: a test uses a logical id that no other test has."""
    ordered: list[int] = []

    def order(resource: str, action: Action, *, times: int | None = None) -> None:
        words = FailingResource(resource=resource, action=action, reason="ordered by test", times=times)
        ordered.append(control.ask(cloud.record, "fault_add", fault=to_json(words))["number"])

    yield order
    for number in ordered:
        control.ask(cloud.record, "fault_clear", number=number)


@pytest.fixture
def slow(cloud: Cloud) -> Iterator[Callable[..., None]]:
    """Orders a resource to take its time."""
    ordered: list[int] = []

    def order(resource: str, delay_s: float, action: Action = "create") -> None:
        words = SlowResource(resource=resource, delay_s=delay_s, action=action)
        ordered.append(control.ask(cloud.record, "fault_add", fault=to_json(words))["number"])

    yield order
    for number in ordered:
        control.ask(cloud.record, "fault_clear", number=number)
